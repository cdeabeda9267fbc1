"""Doctors and their secrets, in a real store."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dictation.cli import run
from dictation.store import Store
from dictation.workstation.doctors import Doctor, Doctors
from dictation.workstation.failures import Failure

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def on(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def doctors(store: Store, clock: Clock) -> Doctors:
    return Doctors(store, clock)


def refused(doctors: Doctors, doctor: Doctor, secret: str) -> tuple[str, dict[str, Any]]:
    with pytest.raises(Failure) as failure:
        doctors.unlock(str(doctor.id), secret)
    return failure.value.code, failure.value.more


def test_the_right_secret_unlocks_and_the_log_names_the_doctor(doctors: Doctors, store: Store) -> None:
    added = doctors.add("  Ахметова   А. С. ", "пароль из слов")
    assert added.name == "Ахметова А. С."
    assert doctors.all() == [added]
    assert doctors.unlock(str(added.id), "пароль из слов") == added
    told = [(entry.actor, entry.action) for entry in store.audit.entries(str(added.id))]
    assert told == [("Ахметова А. С.", "doctor-added"), ("Ахметова А. С.", "unlocked")]
    assert store.verify() == []


def test_the_secret_is_nowhere_in_the_store(doctors: Doctors, store: Store) -> None:
    doctors.add("Ахметова", "24681357")
    with store.engine.begin() as connection:
        rows = [
            *connection.exec_driver_sql("SELECT * FROM doctors"),
            *connection.exec_driver_sql("SELECT * FROM audit"),
        ]
    assert "24681357" not in repr(rows)
    other = doctors.add("Петров", "24681357")
    with store.engine.begin() as connection:
        secrets = {row.secret for row in connection.exec_driver_sql("SELECT secret FROM doctors")}
    assert len(secrets) == 2, "the same PIN of two doctors must not look the same"
    assert other.name == "Петров"


def test_five_wrong_tries_lock_out_and_the_pause_doubles(doctors: Doctors, clock: Clock, store: Store) -> None:
    doctor = doctors.add("Ахметова", "2468")
    answers = [refused(doctors, doctor, "1111") for _ in range(5)]
    assert answers[:4] == [("wrong-secret", {"retry_after": 0})] * 4
    assert answers[4] == ("wrong-secret", {"retry_after": 30})
    # Locked out, the right one does not help either, and nothing is tried.
    assert refused(doctors, doctor, "2468") == ("locked-out", {"retry_after": 30})
    clock.on(29)
    assert refused(doctors, doctor, "2468") == ("locked-out", {"retry_after": 2})
    clock.on(1)
    assert refused(doctors, doctor, "1111") == ("wrong-secret", {"retry_after": 60})
    # Another program on the same store knows of it.
    assert refused(Doctors(store, clock), doctor, "2468")[0] == "locked-out"
    clock.on(60)
    assert doctors.unlock(str(doctor.id), "2468") == doctor
    assert refused(doctors, doctor, "1111") == ("wrong-secret", {"retry_after": 0})


def test_the_pause_ends_at_a_quarter_of_an_hour_and_a_clock_set_back_does_not_prolong_it(
    doctors: Doctors, clock: Clock
) -> None:
    doctor = doctors.add("Ахметова", "2468")
    for _ in range(15):
        answer = refused(doctors, doctor, "1111")
        clock.on(answer[1]["retry_after"])
    assert answer == ("wrong-secret", {"retry_after": 900})
    clock.on(-900 - 86_400)
    assert refused(doctors, doctor, "2468") == ("locked-out", {"retry_after": 900})


@pytest.mark.parametrize(
    ("name", "secret", "code"),
    [
        ("Петров", "123", "weak-secret"),
        ("Петров", "1111", "weak-secret"),
        ("Петров", "1" * 201, "weak-secret"),
        ("", "2468", "invalid"),
        ("   ", "2468", "invalid"),
        ("Пет\x00ров", "2468", "invalid"),
        ("Пет\u202eров", "2468", "invalid"),
        ("П" * 121, "2468", "invalid"),
        ("АХМЕТОВА", "2468", "name-taken"),
        (" ахметова ", "2468", "name-taken"),
    ],
)
def test_who_cannot_be_added(doctors: Doctors, name: str, secret: str, code: str) -> None:
    doctors.add("Ахметова", "2468")
    with pytest.raises(Failure) as failure:
        doctors.add(name, secret)
    assert failure.value.code == code
    assert [doctor.name for doctor in doctors.all()] == ["Ахметова"]


def test_a_forgotten_secret_is_changed_at_the_machine(
    doctors: Doctors, store: Store, home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    doctor = Doctors(store).add("Ахметова", "2468")
    for _ in range(5):
        refused(Doctors(store), doctor, "1111")
    answers = iter(["1357", "1111"])
    monkeypatch.setattr("typer.prompt", lambda *_, **__: next(answers))
    assert run(["doctors", "list"]) == 0
    assert capsys.readouterr().out == "Ахметова\n"
    assert run(["doctors", "pin", "ахметова"]) == 0
    assert Doctors(store).unlock(str(doctor.id), "1357") == doctor
    assert run(["doctors", "pin", "Ахметова"]) == 2
    assert "too simple" in capsys.readouterr().err
    assert run(["doctors", "pin", "Никто"]) == 2
    assert "no doctor is called 'Никто'" in capsys.readouterr().err
    assert run(["doctors", "remove", "Ахметова"]) == 0
    assert doctors.all() == []
    actions = [entry.action for entry in store.audit.entries(str(doctor.id))]
    assert actions[-3:] == ["doctor-secret-changed", "unlocked", "doctor-removed"]


def test_an_unknown_doctor_is_a_wrong_secret(doctors: Doctors) -> None:
    assert refused(doctors, Doctor("no-such", "Никто"), "2468") == ("wrong-secret", {"retry_after": 0})


def test_many_wrong_tries_at_once_are_as_many(doctors: Doctors) -> None:
    doctor = doctors.add("Ахметова", "2468")
    with ThreadPoolExecutor(12) as tries:
        answers = list(tries.map(lambda _: refused(doctors, doctor, "1111")[0], range(24)))
    assert sorted(answers) == ["locked-out"] * 19 + ["wrong-secret"] * 5
