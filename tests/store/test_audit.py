"""The audit chain: whatever is done to it behind the program's back, by whoever lacks the key, is found."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from dictation.store import Head, Store, open_store
from tests.store.support import COMPLAINTS, IIN, NAME, make_key, record

ENTRIES = 12


@pytest.fixture(scope="module")
def logged() -> Iterator[tuple[Store, list[tuple[object, ...]], tuple[object, ...]]]:
    """A store with twelve entries, and its rows as they were written."""
    with tempfile.TemporaryDirectory() as folder:
        make_key(Path(folder))
        with open_store(home=Path(folder), actor="врач") as store:
            for number in range(ENTRIES - 1):
                store.acting_as(f"врач {number % 3}").tell("tested", {"number": number})
            yield store, *_rows(store.engine)


def _rows(engine: Engine) -> tuple[list[tuple[object, ...]], tuple[object, ...]]:
    with engine.begin() as connection:
        rows = [tuple(row) for row in connection.exec_driver_sql("SELECT * FROM audit ORDER BY number")]
        head = connection.exec_driver_sql("SELECT * FROM audit_head").one()
    return rows, tuple(head)


def _put(engine: Engine, rows: list[tuple[object, ...]], head: tuple[object, ...] | None) -> None:
    """The log as somebody who can write to the database, and has no key, would leave it."""
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM audit")
        connection.exec_driver_sql("DELETE FROM audit_head")
        for row in rows:
            connection.exec_driver_sql("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        if head:
            connection.exec_driver_sql("INSERT INTO audit_head VALUES (?, ?, ?, ?)", head)


def test_a_log_as_it_was_written_is_whole(logged: tuple[Store, list, tuple]) -> None:
    store, rows, head = logged
    _put(store.engine, rows, head)
    assert store.audit.verify() == []
    assert [entry.number for entry in store.audit.entries()] == list(range(1, ENTRIES + 1))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_an_altered_cell_is_found_at_its_entry(logged: tuple[Store, list, tuple], data: st.DataObject) -> None:
    store, rows, head = logged
    place = data.draw(st.integers(0, ENTRIES - 1))
    column = data.draw(st.integers(1, 6))
    row = list(rows[place])
    values = {
        1: st.just("2026-01-01T00:00:00.000000+00:00"),
        2: st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20),
        3: st.sampled_from(["opened", "deleted", "signed"]),
        4: st.uuids().map(str),
        5: st.dictionaries(st.sampled_from(["number", "version"]), st.integers(), max_size=2).map(json.dumps),
        6: st.binary(min_size=32, max_size=32).map(bytes.hex),
    }
    row[column] = data.draw(values[column].filter(lambda value: value != rows[place][column]))
    if column == 5 and json.loads(str(row[5])) == json.loads(str(rows[place][5])):
        return
    _put(store.engine, [*rows[:place], tuple(row), *rows[place + 1 :]], head)
    assert place + 1 in {found.number for found in store.audit.verify()}


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(gone=st.sets(st.integers(1, ENTRIES), min_size=1), renumbered=st.booleans())
def test_removed_entries_are_found_whether_the_rest_is_renumbered_or_not(
    logged: tuple[Store, list, tuple], gone: set[int], renumbered: bool
) -> None:
    store, rows, head = logged
    left = [row for row in rows if row[0] not in gone]
    if renumbered:
        left = [(number, *row[1:]) for number, row in enumerate(left, 1)]
    _put(store.engine, left, head)
    assert store.audit.verify() != []


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(ENTRIES)).filter(lambda order: order != list(range(ENTRIES))))
def test_reordered_entries_are_found(logged: tuple[Store, list, tuple], order: list[int]) -> None:
    store, rows, head = logged
    _put(store.engine, [(number, *rows[place][1:]) for number, place in enumerate(order, 1)], head)
    assert store.audit.verify() != []


@pytest.mark.parametrize("cut", [1, 3, ENTRIES])
def test_a_cut_tail_is_found_though_what_is_left_is_a_sound_chain(
    logged: tuple[Store, list, tuple], cut: int
) -> None:
    store, rows, head = logged
    left = rows[: ENTRIES - cut]
    _put(store.engine, left, head)
    assert store.audit.verify() != []
    # The end moved to the last entry left, without the key to seal it.
    _put(store.engine, left, (1, ENTRIES - cut, left[-1][6] if left else "0" * 64, head[3]))
    assert store.audit.verify() != []
    _put(store.engine, left, None)
    assert bool(store.audit.verify()) is bool(left)


def test_an_old_end_put_back_with_its_seal_is_found_by_an_end_that_was_noted(
    logged: tuple[Store, list, tuple],
) -> None:
    store, rows, head = logged
    _put(store.engine, rows, head)
    noted_early, noted_late = Head(5, str(rows[4][6])), store.audit.head()
    assert store.audit.verify(noted_early) == []
    store.tell("one more")
    longer, longer_head = _rows(store.engine)
    _put(store.engine, rows, head)
    assert store.audit.verify() == []
    (found,) = store.audit.verify(Head(ENTRIES + 1, str(longer[-1][6])))
    assert found.number == ENTRIES + 1
    _put(store.engine, longer, longer_head)
    assert store.audit.verify(noted_late) == []


def test_an_entry_made_with_another_key_is_found(logged: tuple[Store, list, tuple]) -> None:
    store, rows, head = logged
    forged = (*rows[7][:3], "opened", *rows[7][4:6], "ab" * 32)
    _put(store.engine, [*rows[:7], forged, *rows[8:]], head)
    assert [found.number for found in store.audit.verify()] == [8, 9]


def test_everything_that_is_done_is_in_the_log_under_who_did_it_and_nothing_that_was_dictated(store: Store) -> None:
    journal = store.begin("052u-visit", "ru", record().context)
    journal.close(record())
    identifier = str(record().id)
    doctor = store.acting_as("Ахметова Г. С.")
    list(doctor.audio(journal.id))
    doctor.record(identifier)
    doctor.save(record(findings=[]))
    doctor.sign(identifier, doctor="Ахметова Г. С.", confirmed=("temperature",))
    doctor.attach_cms(identifier, 2, b"der")
    doctor.export(identifier)
    doctor.delete_record(identifier)
    entries = store.audit.entries()
    assert [(entry.action, entry.actor) for entry in entries] == [
        ("made", "врач Ахметова"),
        ("begun", "врач Ахметова"),
        ("finished", "врач Ахметова"),
        ("saved", "врач Ахметова"),
        ("heard", "Ахметова Г. С."),
        ("opened", "Ахметова Г. С."),
        ("changed", "Ахметова Г. С."),
        ("signed", "Ахметова Г. С."),
        ("cms-attached", "Ахметова Г. С."),
        ("exported", "Ахметова Г. С."),
        ("deleted", "Ахметова Г. С."),
    ]
    assert {entry.subject for entry in entries} == {"store", journal.id, identifier}
    text = json.dumps([[entry.subject, dict(entry.detail)] for entry in entries], ensure_ascii=False)
    assert not any(secret in text for secret in (IIN, NAME, COMPLAINTS, "грудин"))
    assert store.verify() == []


def test_a_clock_that_is_set_back_breaks_nothing(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.save(record())
    for module in ("audit", "records", "dictations", "book", "signing"):
        monkeypatch.setattr(f"dictation.store.{module}.now", lambda: datetime(2001, 1, 1, tzinfo=UTC))
    assert store.save(record(findings=[])) == 2
    with store.begin("052u-visit") as journal:
        journal.event(0.0, "focus", {"field": "weight"})
    store.resume(journal.id).close()
    store.sign(str(record().id), doctor="Ахметова", confirmed=("temperature",))
    assert store.record(str(record().id)) == record(findings=[])
    assert [entry.at.year for entry in store.audit.entries()][-2:] == [2001, 2001]
    assert store.verify() == []
