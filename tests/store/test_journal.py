"""The journal: what is given is kept, in order, bit for bit, and can be gone on with."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import numpy as np
import pytest
from sqlalchemy.exc import OperationalError

from dictation.audio.blocks import RATE
from dictation.errors import StoreError
from dictation.forms.context import Context, Patient
from dictation.speech.transcript import Utterance, Word
from dictation.store import Event, Store, open_store
from dictation.store.book import Book
from dictation.store.journal import Entry
from tests.store.support import kept_sound, record
from tests.support import wait_until


def noise(seconds: float, seed: int = 0) -> np.ndarray:
    """16 bits of noise: compresses badly, differs everywhere."""
    return np.random.default_rng(seed).integers(-20_000, 20_000, round(seconds * RATE), dtype=np.int16)


def test_sound_comes_back_bit_for_bit_and_so_do_events_and_finals(store: Store) -> None:
    sound = noise(3.3)
    final = Utterance("жалобы на кашель", (Word("жалобы", 0.1, 0.5, 0.9),), 0.1, 1.4, "complaints")
    journal = store.begin("052u-visit", "ru", Context(patient=Patient(name="Иванов")), "whisper-base")
    for start in range(0, len(sound), 512):
        journal.audio(sound[start : start + 512])
    journal.event(1.25, "focus", {"field": "complaints"})
    journal.utterance(final)
    journal.event(1.0, "overflow")
    assert journal.seconds == pytest.approx(3.3)
    journal.close()
    assert np.array_equal(kept_sound(store, journal.id), sound)
    assert store.events(journal.id) == [Event(1.25, "focus", {"field": "complaints"}), Event(1.0, "overflow", {})]
    assert store.utterances(journal.id) == [final]


def test_float_sound_is_kept_to_the_nearest_of_16_bits_and_never_wraps(store: Store) -> None:
    given = np.array([0.0, 0.5, -1.0, 1.0, 1.5, -1.5, np.nan, 1 / 65536 * 1.1], np.float32)
    with store.begin("052u-visit") as journal:
        journal.audio(given)
    assert kept_sound(store, journal.id).tolist() == [0, 16384, -32768, 32767, 32767, -32768, 0, 1]


def test_other_kinds_of_numbers_are_refused(store: Store) -> None:
    with store.begin("052u-visit") as journal, pytest.raises(ValueError, match="float32 or int16"):
        journal.audio(np.zeros(10, np.float64))  # type: ignore[arg-type]  # the wrong kind on purpose


def test_a_stretch_of_sound_can_be_read_alone(store: Store) -> None:
    sound = noise(2.0)
    with store.begin("052u-visit") as journal:
        journal.audio(sound)
    assert np.array_equal(kept_sound(store, journal.id, 0.7, 1.3), sound[11_200:20_800])
    assert np.array_equal(kept_sound(store, journal.id, 1.9), sound[30_400:])
    assert len(kept_sound(store, journal.id, 5.0)) == 0


def test_sound_is_on_disk_within_a_second_without_anybody_asking(home: Path) -> None:
    with open_store(home=home) as store, open_store(home=home) as other:
        journal = store.begin("052u-visit")
        journal.audio(noise(0.3))
        wait_until(lambda: len(kept_sound(other, journal.id)) == round(0.3 * RATE), "on disk", 1.0)
        journal.close()


def test_an_event_is_on_disk_when_the_call_returns_with_the_sound_before_it(home: Path) -> None:
    with open_store(home=home) as store, open_store(home=home) as other:
        journal = store.begin("052u-visit")
        journal.audio(noise(0.1))
        journal.event(0.1, "focus", {"field": "weight"})
        assert other.events(journal.id) == [Event(0.1, "focus", {"field": "weight"})]
        assert len(kept_sound(other, journal.id)) == 1600
        journal.close()


def test_a_dictation_that_is_being_written_is_not_offered_and_cannot_be_taken(home: Path) -> None:
    with open_store(home=home) as store, open_store(home=home) as other:
        journal = store.begin("052u-visit", "ru", Context(patient=Patient(name="Иванов")))
        journal.audio(noise(1.5))
        assert (store.unfinished(), other.unfinished()) == ([], [])
        with pytest.raises(StoreError, match="being written"):
            other.resume(journal.id)
        journal.suspend()
        (found,) = other.unfinished()
        assert (found.id, found.seconds, found.form, found.language) == (journal.id, 1.5, "052u-visit", "ru")
        assert found.context.patient.name == "Иванов"


def test_a_resumed_dictation_goes_on_where_it_was_left(store: Store) -> None:
    first, second = noise(1.2, 1), noise(0.9, 2)
    with store.begin("052u-visit") as journal:
        journal.audio(first)
        journal.event(0.2, "focus", {"field": "complaints"})
    resumed = store.resume(journal.id)
    assert resumed.seconds == pytest.approx(1.2)
    resumed.audio(second)
    resumed.event(2.0, "focus", {"field": "objective"})
    resumed.close()
    assert np.array_equal(kept_sound(store, journal.id), np.concatenate([first, second]))
    assert [event.data["field"] for event in store.events(journal.id)] == ["complaints", "objective"]
    assert store.unfinished() == []
    with pytest.raises(StoreError, match="is finished"):
        store.resume(journal.id)
    for call in (resumed.close, lambda: resumed.audio(first), lambda: resumed.event(0.0, "focus")):
        with pytest.raises(StoreError, match="closed"):
            call()
    resumed.suspend()
    assert [entry.action for entry in store.audit.entries(journal.id)].count("finished") == 1


def test_what_is_not_there_is_said_so(store: Store) -> None:
    for call in (store.resume, store.events, store.utterances, store.audio, store.delete_dictation):
        with pytest.raises(StoreError, match="no dictation 00000000"):
            call("00000000-0000-0000-0000-000000000000")


def test_a_dictation_that_could_not_be_begun_leaves_no_claim(
    store: Store, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    identifier = UUID(int=7)
    monkeypatch.setattr("uuid.uuid4", lambda: identifier)
    with store.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE dictations RENAME TO away")
    with pytest.raises(OperationalError, match="no such table"):
        store.begin("052u-visit")
    with store.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE away RENAME TO dictations")
    # The same id again: whoever still held it would be in the way.
    with store.begin("052u-visit") as journal:
        assert journal.id == str(identifier)


def test_a_record_saved_before_its_dictation_was_closed_belongs_to_it(store: Store) -> None:
    journal = store.begin("052u-visit")
    journal.audio(noise(0.5))
    store.save(record())
    journal.close(record(findings=[]))
    (listed,) = store.records()
    assert (listed.dictation, listed.version) == (journal.id, 2)


@pytest.mark.parametrize("reached", ["all", "none"])
def test_a_commit_whose_answer_was_lost_makes_nothing_twice(
    store: Store, monkeypatch: pytest.MonkeyPatch, reached: str
) -> None:
    sound = noise(3.0)
    journal = store.begin("052u-visit")
    journal.audio(sound[:16_000])
    journal.event(1.0, "focus", {"field": "complaints"})
    write, lost = Book._write, []

    def write_and_lose_the_answer(book: Book, entries: list[Entry]) -> None:
        if lost:
            return write(book, entries)
        if reached == "all":
            before = book._kept
            write(book, entries)
            book._kept = before
        lost.append(len(entries))
        raise StoreError("the answer was lost")

    monkeypatch.setattr(Book, "_write", write_and_lose_the_answer)
    journal.audio(sound[16_000:30_000])
    journal.event(1.8, "focus", {"field": "weight"})
    journal.audio(sound[30_000:])
    journal.event(3.0, "focus", {"field": "height"})
    journal.close()
    assert lost
    assert np.array_equal(kept_sound(store, journal.id), sound)
    assert [event.data["field"] for event in store.events(journal.id)] == ["complaints", "weight", "height"]
