"""Blocks of 512 samples, events in their place, pauses left out: a device at 16 kHz, so that samples are exact."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dictation.audio.events import Lost, MicrophoneEvent, Overflow, Regained, Silent
from dictation.audio.feed import Feed
from dictation.audio.intake import Closed, Command, Gap, Item, Opened, Piece

RATE = 16_000
OPENED = Opened("desk", RATE, 1)


class Sound:
    """Samples that count upwards from 1, so that each tells its place; `seconds` is when the next one is spoken."""

    def __init__(self) -> None:
        self.count = 0

    @property
    def seconds(self) -> float:
        return self.count / RATE

    def piece(self, length: int) -> Piece:
        first = self.count + 1
        self.count += length
        return Piece(np.arange(first, self.count + 1, dtype="<i2").tobytes(), self.count / RATE)


def given_out(feed: Feed, items: Iterable[Item]) -> tuple[list[int], list[MicrophoneEvent]]:
    """The samples as they were counted, and the events."""
    out: list[object] = []
    for item in items:
        out += feed.accept(item)
        if feed.ended:
            out += feed.rest()
            break
    blocks = [block for block in out if isinstance(block, np.ndarray)]
    assert {block.shape for block in blocks} <= {(512,)}
    samples = np.concatenate([*blocks, np.zeros(0, np.float32)])
    return np.round(samples * 32_768).astype(int).tolist(), [
        event for event in out if not isinstance(event, np.ndarray)
    ]


def test_blocks_come_when_they_are_full_and_the_last_one_is_filled_up() -> None:
    sound, feed = Sound(), Feed()
    samples, events = given_out(feed, [OPENED, sound.piece(500), sound.piece(600)])
    assert (samples, events, feed.clock) == (list(range(1, 1025)), [], 1024 / RATE)
    samples, _ = given_out(feed, [Command("stop", sound.seconds), sound.piece(100)])
    assert samples == [*range(1025, 1101), *[0] * 436]
    assert feed.ended
    assert feed.clock == 1536 / RATE


def test_what_was_on_its_way_when_it_was_stopped_is_given_out() -> None:
    sound, feed = Sound(), Feed()
    items = [OPENED, sound.piece(512), Command("stop", sound.seconds + 0.05), sound.piece(512), sound.piece(512)]
    samples, _ = given_out(feed, items)
    assert samples == list(range(1, 1025))


def test_it_stops_without_a_device_that_gives_sound() -> None:
    feed = Feed()
    assert given_out(feed, [OPENED, Command("stop", 7.0)]) == ([], [])
    assert list(feed.idle(7.2)) == []
    assert not feed.ended
    assert list(feed.idle(7.3)) == []
    assert feed.ended


def test_lost_sound_is_silence_of_its_length_after_the_event() -> None:
    sound, feed = Sound(), Feed()
    items = [OPENED, sound.piece(600), Gap(20_000, 1.3), sound.piece(600)]
    samples, events = given_out(feed, items)
    assert events == [Overflow(512 / RATE, 1.25)]
    assert samples == [*range(1, 601), *[0] * 20_000, *range(601, 1201)][: 41 * 512]


@pytest.mark.parametrize("kind", ["stop", "pause"])
def test_a_gap_counts_up_to_the_stop_or_pause_that_fell_into_it(kind: str) -> None:
    feed = Feed()
    command = Command("stop" if kind == "stop" else "pause", 1.25)
    samples, events = given_out(feed, [OPENED, command, Gap(8000, 1.5), Command("stop", 1.5), Sound().piece(512)])
    assert events == [Overflow(0.0, 0.25)]
    assert samples == [0] * 4096


def test_paused_nothing_is_given_out_and_half_a_second_is_kept() -> None:
    sound, feed = Sound(), Feed()
    before = [OPENED, sound.piece(512), Command("pause", sound.seconds)]
    paused = [sound.piece(512) for _ in range(50)]
    after = [Command("resume", sound.seconds), sound.piece(512)]
    samples, events = given_out(feed, [*before, *paused, *after])
    # Sixteen blocks are 0.512 s; one block comes after them.
    assert samples == [*range(1, 513), *range(sound.count - 17 * 512 + 1, sound.count + 1)]
    assert events == []


def test_a_block_that_was_begun_before_the_pause_is_given_out() -> None:
    sound, feed = Sound(), Feed()
    samples, _ = given_out(feed, [OPENED, sound.piece(600), Command("pause", sound.seconds), sound.piece(2000)])
    assert samples == list(range(1, 1025))


def test_lost_at_the_end_of_a_block_it_gives_out_no_other() -> None:
    sound = Sound()
    pieces = [sound.piece(300), sound.piece(212), sound.piece(700), sound.piece(324)]
    samples, events = given_out(Feed(), [OPENED, *pieces, Closed("desk")])
    assert samples == list(range(1, 1537))
    assert events == [Lost(1536 / RATE, "desk")]


def test_what_is_missing_of_a_device_that_is_gone_is_not_made_up_for() -> None:
    sound = Sound()
    samples, events = given_out(Feed(), [OPENED, sound.piece(512), Closed("desk"), Gap(8000, 1.0)])
    assert samples == list(range(1, 513))
    assert events == [Lost(512 / RATE, "desk")]


def test_lost_it_gives_out_what_was_heard_and_the_clock_stands_still() -> None:
    sound, feed = Sound(), Feed()
    samples, events = given_out(feed, [OPENED, sound.piece(600), Closed("desk")])
    assert samples == [*range(1, 601), *[0] * 424]
    assert events == [Lost(1024 / RATE, "desk")]
    samples, events = given_out(feed, [sound.piece(512), Closed("desk"), Opened("desk", RATE, 1), sound.piece(512)])
    assert events == [Regained(1024 / RATE, "desk")]
    # What arrived late from the lost device has no place.
    assert samples == list(range(1113, 1625))


@pytest.mark.parametrize("kind", ["stop", "pause"])
def test_commands_are_obeyed_while_there_is_no_device(kind: str) -> None:
    sound, feed = Sound(), Feed()
    command = Command("stop" if kind == "stop" else "pause", 99.0)
    samples, events = given_out(feed, [OPENED, sound.piece(512), Closed("desk"), command, OPENED, sound.piece(5120)])
    assert samples == list(range(1, 513))
    assert feed.ended == (kind == "stop")
    assert [type(event) for event in events] == ([Lost] if kind == "stop" else [Lost, Regained])


def test_nothing_but_zeros_from_the_start_is_told_once() -> None:
    zeros = Piece(bytes(2 * RATE), 0.0)
    _, events = given_out(Feed(), [OPENED, *[zeros] * 10])
    assert events == [Silent(93 * 512 / RATE, "desk")]


def test_a_pause_in_speech_is_no_muted_microphone() -> None:
    _, events = given_out(Feed(), [OPENED, Sound().piece(1), *[Piece(bytes(2 * RATE), 0.0)] * 10])
    assert events == []


@given(
    lengths=st.lists(st.integers(1, 1000), min_size=1, max_size=30),
    pauses=st.lists(st.tuples(st.integers(0, 29), st.integers(1, 4)), max_size=5),
)
def test_short_pauses_lose_nothing_and_give_nothing_twice(lengths: list[int], pauses: list[tuple[int, int]]) -> None:
    sound, feed = Sound(), Feed()
    pieces = [sound.piece(length) for length in lengths]
    items: list[Item] = [OPENED]
    for index, piece in enumerate(pieces):
        # At most four pieces, a quarter of a second, are paused: less than what is kept.
        for begin, length in pauses:
            if index == begin:
                items.append(Command("pause", piece.arrived))
            if index == begin + length:
                items.append(Command("resume", piece.arrived))
        items.append(piece)
    items += [Command("resume", 1e9), Command("stop", 1e9)]
    samples, _ = given_out(feed, items)
    out = [*feed.idle(2e9), *feed.rest()]
    samples += [round(float(value) * 32_768) for block in out if isinstance(block, np.ndarray) for value in block]
    assert samples[: sound.count] == list(range(1, sound.count + 1))
    assert not any(samples[sound.count :])
