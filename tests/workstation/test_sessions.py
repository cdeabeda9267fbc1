"""Sessions of browsers: locked when idle, forgotten when old, never guessed."""

from __future__ import annotations

import pytest

from dictation.workstation.doctors import Doctor
from dictation.workstation.failures import Failure
from dictation.workstation.pace import Pace
from dictation.workstation.sessions import Sessions, Tries

ANN = Doctor("1", "Ахметова")


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_session_is_locked_once_it_has_been_idle() -> None:
    clock = Clock()
    sessions = Sessions(idle=600.0, clock=clock)
    session = sessions.find(sessions.enter())
    assert session
    assert session.doctor is None
    sessions.unlock(session, ANN)
    clock.now += 599
    sessions.touch(session)
    clock.now += 599
    assert sessions.is_open(session)
    clock.now += 1
    assert not sessions.is_open(session)
    # What comes after it is idle does not open it again.
    sessions.touch(session)
    assert not sessions.is_open(session)
    assert session.doctor is None


def test_sessions_are_apart_and_unknown_ones_are_none() -> None:
    sessions = Sessions(idle=600.0)
    first, second = sessions.enter(), sessions.enter()
    assert first != second
    ours = sessions.find(first)
    assert ours
    sessions.unlock(ours, ANN)
    theirs = sessions.find(second)
    assert theirs
    assert theirs.doctor is None
    sessions.lock(ours)
    assert not sessions.is_open(ours)
    assert sessions.find("") is None
    assert sessions.find(first[:-1]) is None


def test_after_half_a_day_a_session_is_forgotten() -> None:
    """When another one comes."""
    clock = Clock()
    sessions = Sessions(idle=600.0, clock=clock)
    old = sessions.enter()
    clock.now += 12 * 3600 - 1
    sessions.enter()
    assert sessions.find(old)
    clock.now += 1
    sessions.enter()
    assert sessions.find(old) is None


def test_of_too_many_sessions_the_oldest_goes() -> None:
    clock = Clock()
    sessions = Sessions(idle=600.0, clock=clock)
    secrets = []
    for _ in range(201):
        clock.now += 1
        secrets.append(sessions.enter())
    assert sessions.find(secrets[0]) is None
    assert all(sessions.find(secret) for secret in secrets[1:])


def test_wrong_launch_tokens_are_counted_for_a_while() -> None:
    clock = Clock()
    tries = Tries(free=3, pause=30.0, clock=clock)
    for _ in range(3):
        tries.refuse_if_many()
        tries.wrong()
    with pytest.raises(Failure, match="too-many"):
        tries.refuse_if_many()
    clock.now += 31
    tries.refuse_if_many()


def test_a_pace_lets_a_burst_through_and_then_its_rate() -> None:
    clock = Clock()
    pace = Pace(2.0, 3, clock)
    assert [pace.allow() for _ in range(4)] == [True, True, True, False]
    assert pace.delay() == pytest.approx(0.5)
    clock.now += 0.2
    assert pace.delay() == pytest.approx(0.3)
    clock.now += 0.3
    assert pace.allow()
    assert not pace.allow()
    clock.now += 100
    assert [pace.allow() for _ in range(4)] == [True, True, True, False]
