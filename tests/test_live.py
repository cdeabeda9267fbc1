"""A live dictation on the bundled recording: the same words as from a file, the same again from what was kept."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from dictation.audio.events import Lost, Overflow
from dictation.forms.entering import entered
from dictation.forms.reasons import Reason
from dictation.forms.record import Record
from dictation.live import FieldChanged, Filled, Final, LiveDictation, LiveEvent
from dictation.session import Dictation
from dictation.speech.recogniser import Partial
from dictation.speech.whisper_stream import WhisperRecogniser
from dictation.store import Store, open_store
from tests.support import samples_of

pytestmark = pytest.mark.slow

MOMENT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def dictation() -> Dictation:
    return Dictation()


@pytest.fixture(scope="module")
def sound(short_recording: Path) -> np.ndarray:
    return samples_of(short_recording)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("DICTATION_HOME", str(tmp_path))
    return open_store(key_file=tmp_path / "key")


def content(record: Record) -> dict[str, object]:
    """A record without what tells it from another of the same words."""
    return record.model_dump(mode="json", exclude={"id", "created", "source"})


def give(live: LiveDictation, sound: np.ndarray, size: int = 512) -> list[LiveEvent]:
    return [event for i in range(0, len(sound), size) for event in live.accept(sound[i : i + size])]


def test_live_and_from_a_file_give_the_same_record(
    dictation: Dictation, sound: np.ndarray, short_recording: Path
) -> None:
    live = LiveDictation(dictation)
    give(live, sound, 700)
    assert content(live.finish()) == content(dictation.fill(short_recording))


def test_what_is_shown_while_somebody_speaks(dictation: Dictation, sound: np.ndarray) -> None:
    live = LiveDictation(dictation)
    events: list[LiveEvent] = []
    for start in range(0, len(sound), 16_000):
        events += give(live, sound[start : start + 16_000])
        shown = len(events)
        until = time.monotonic() + 3.0
        while len(events) == shown and time.monotonic() < until:
            time.sleep(0.05)
            events += live.poll()
    partials = [event for event in events if isinstance(event, Partial)]
    assert len(partials) >= 3
    for earlier, later in pairwise(partials):
        if earlier.start == later.start:
            assert later.stable >= earlier.stable
            assert later.text.split()[: earlier.stable] == earlier.text.split()[: earlier.stable]
    live.finish()


def test_a_journal_gives_the_same_dictation_again(dictation: Dictation, sound: np.ndarray, store: Store) -> None:
    """Into two fields, with a pause of the doctor's; then again from what was kept."""
    half = len(sound) // 2
    with store.begin("052u-visit") as journal:
        first = LiveDictation(dictation, journal=journal, live=False)
        changed = list(first.focus("complaints"))
        give(first, sound[:half])
        list(first.pause())
        list(first.focus("objective"))
        give(first, sound[half:], 1000)
        record = first.finish()
    assert changed == [FieldChanged("complaints", 0.0, "hand")]
    assert {utterance.field for utterance in record.transcript.utterances} == {"complaints", "objective"}
    assert store.unfinished() == []

    again = LiveDictation(dictation, live=False)
    for _ in again.recall(store.audio(journal.id), store.events(journal.id)):
        pass
    assert content(again.finish()) == content(record)
    assert store.record(str(record.id)) == record


def test_what_was_typed_stands_whatever_is_dictated_after_it_and_comes_again(
    dictation: Dictation, sound: np.ndarray, store: Store
) -> None:
    with store.begin("052u-visit") as journal:
        first = LiveDictation(dictation, journal=journal, live=False)
        first.focus("complaints")
        typed = entered(
            first.record, dictation.form, "complaints", "Кашель.", by="Ахметова", at=MOMENT, read=dictation.read
        )
        (shown,) = first.review(typed.review)
        assert isinstance(shown, Filled)
        assert shown.record.fields["complaints"].value == "Кашель."
        give(first, sound)
        record = first.finish()
    field, dictated_one = record.fields["complaints"], record.review.dictated.fields["complaints"]
    assert (field.value, field.status) == ("Кашель.", "check")
    assert Reason.DICTATED_SINCE in field.reasons
    assert dictated_one.value
    assert dictated_one.value in [other.value for other in field.alternatives]
    again = LiveDictation(dictation, live=False)
    for _ in again.recall(store.audio(journal.id), store.events(journal.id), store.utterances(journal.id)):
        pass
    assert content(again.finish()) == content(record)


def test_what_was_heard_is_not_recognised_again(
    dictation: Dictation, sound: np.ndarray, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    half = len(sound) // 2
    with store.begin("052u-visit") as journal:
        first = LiveDictation(dictation, journal=journal, live=False)
        give(first, sound[:half])
        list(first.pause())
        give(first, sound[half:])
        record = first.finish()
    heard = store.utterances(journal.id)
    read: list[int] = []
    hear = WhisperRecogniser.hear
    monkeypatch.setattr(WhisperRecogniser, "hear", lambda *given: read.append(1) or hear(*given))
    again = LiveDictation(dictation)
    for _ in again.recall(store.audio(journal.id), store.events(journal.id), heard):
        pass
    assert content(again.finish()) == content(record)
    # The last one was still open when the sound ended.
    assert len(read) <= 1 < len(heard)


def test_a_dictation_that_was_broken_off_goes_on(dictation: Dictation, sound: np.ndarray, store: Store) -> None:
    """Cut anywhere, the whole is what it would have been in one piece, and every sample is kept once."""
    part = 41_111
    with store.begin("052u-visit") as journal:
        broken = LiveDictation(dictation, journal=journal, live=False)
        list(broken.focus("anamnesis-morbi"))
        give(broken, sound[:part])
    (left,) = store.unfinished()
    with store.resume(left.id) as journal:
        resumed = LiveDictation(dictation, journal=journal, live=False)
        for _ in resumed.recall(store.audio(left.id), store.events(left.id)):
            pass
        assert resumed.field == "anamnesis-morbi"
        give(resumed, sound[part:])
        record = resumed.finish()
    kept = np.concatenate(list(store.audio(left.id)))
    np.testing.assert_allclose(kept, sound, atol=1 / 32_768)

    whole = LiveDictation(dictation, live=False)
    list(whole.focus("anamnesis-morbi"))
    give(whole, sound)
    assert content(whole.finish()) == content(record)


def test_finals_are_kept_as_they_come_and_the_record_stays_one(
    dictation: Dictation, sound: np.ndarray, store: Store
) -> None:
    with store.begin("052u-visit") as journal:
        live = LiveDictation(dictation, journal=journal, live=False)
        events = give(live, np.concatenate([sound, np.zeros(16_000, dtype=np.float32)]))
        until = time.monotonic() + 60.0
        while not any(isinstance(event, Final) for event in events) and time.monotonic() < until:
            time.sleep(0.05)
            events += live.poll()
        (first, *_) = [event.utterance for event in events if isinstance(event, Final)]
        filled = [event.record for event in events if isinstance(event, Filled)]
        record = live.finish()
    assert {one.id for one in filled} == {record.id}
    assert filled[0].transcript.text.startswith(first.text)
    assert [u.text for u in store.utterances(journal.id)] == [u.text for u in record.transcript.utterances]


def test_what_was_lost_of_the_sound_is_told_in_the_record(dictation: Dictation) -> None:
    live = LiveDictation(dictation, live=False)
    list(live.accept(Overflow(at=3.0, seconds=1.25)))
    list(live.accept(Lost(at=5.0, name="Desk microphone")))
    give(live, np.zeros(16_000, dtype=np.float32))
    assert [notice.text for notice in live.finish().notices] == [
        "1.2 s of sound near 3.0 s could not be kept; the microphone was gone at 5.0 s"
    ]
