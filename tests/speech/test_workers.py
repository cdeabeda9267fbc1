"""The lanes of many streams take turns at the decoder."""

from __future__ import annotations

import threading
from concurrent.futures import wait
from time import monotonic

import pytest

from dictation.speech.workers import DecodeWorkers


def test_lanes_take_turns_and_each_keeps_its_order() -> None:
    """An old dictation with five segments, then two doctors with one sentence each, on one thread."""
    workers, gate, order = DecodeWorkers(1), threading.Event(), []
    first = workers.lane().final(gate.wait)
    old, ann, boris = workers.lane(), workers.lane(), workers.lane()
    jobs = [old.final(lambda n=n: order.append(f"old {n}")) for n in range(5)]
    jobs += [ann.final(lambda: order.append("ann")), boris.final(lambda: order.append("boris"))]
    assert ann.crowded
    gate.set()
    wait([first, *jobs], timeout=10)
    assert order == ["old 0", "ann", "boris", "old 1", "old 2", "old 3", "old 4"]
    assert not ann.crowded


def test_a_job_that_was_cancelled_is_left_out_and_one_that_fails_stops_nobody() -> None:
    workers, gate, order = DecodeWorkers(1), threading.Event(), []
    lane = workers.lane()
    first = lane.final(gate.wait)
    cancelled = lane.final(lambda: order.append("cancelled"))
    failing = lane.final(lambda: 1 // 0)
    last = lane.final(lambda: order.append("last"))
    assert cancelled.cancel()
    gate.set()
    wait([first, failing, last], timeout=10)
    with pytest.raises(ZeroDivisionError):
        failing.result()
    assert order == ["last"]


def test_several_threads_work_side_by_side() -> None:
    workers, barrier = DecodeWorkers(2), threading.Barrier(2, timeout=10)
    lane = workers.lane()
    both = [lane.final(barrier.wait), lane.final(barrier.wait)]
    assert sorted(job.result(timeout=10) for job in both) == [0, 1]


def test_a_partial_does_not_wait_for_finals() -> None:
    workers, gate = DecodeWorkers(1), threading.Event()
    lane = workers.lane()
    final = lane.final(gate.wait)
    assert lane.partial(lambda: "partial").result(timeout=10) == "partial"
    gate.set()
    final.result(timeout=10)


def test_after_a_while_what_decoding_left_free_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not after every job: three at once after the time is over give back once."""
    given_back: list[None] = []
    monkeypatch.setattr("dictation.speech.workers.give_back", lambda: given_back.append(None))
    workers, now = DecodeWorkers(1), monotonic()
    lane = workers.lane()

    def work_at(later: float) -> int:
        monkeypatch.setattr("dictation.speech.workers.monotonic", lambda: now + later)
        wait([lane.final(lambda: None) for _ in range(3)], timeout=10)
        # What follows a job is done when the next one of the thread begins.
        lane.final(lambda: None).result(timeout=10)
        return len(given_back)

    assert work_at(29.0) == 0
    assert work_at(31.0) == 1
    assert work_at(60.0) == 1
    assert work_at(62.0) == 2
