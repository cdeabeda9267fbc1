"""What a device hears is queued up to ten seconds; what finds no room, and what the driver drops, is counted."""

from __future__ import annotations

import math

import numpy as np
import pytest

from dictation.audio.intake import Closed, Gap, Intake, Item, Opened, Piece, SoundQueue

RATE = 16_000
EIGHTH = 2000
"""Samples of an eighth of a second, which a float holds exactly."""

OPENED = Opened("desk", RATE, 1)


def samples(count: int, value: int = 1) -> bytes:
    return np.full(count, value, dtype="<i2").tobytes()


class Device:
    """Gives eighths of a second, each at the moment at which it is full."""

    def __init__(self) -> None:
        self.queue = SoundQueue()
        self.intake = Intake(OPENED, self.queue)
        self.now = 100.0

    def give(self, count: int, overflowed: bool = False) -> None:
        for _ in range(count):
            self.now += EIGHTH / RATE
            self.intake.hear(samples(EIGHTH), self.now, overflowed)

    def taken(self, count: int | None = None) -> list[Item]:
        items: list[Item] = []
        while (count is None or len(items) < count) and (item := self.queue.take(0)) is not None:
            items.append(item)
        return items


def test_nothing_is_open_before_it_gives_sound() -> None:
    device = Device()
    assert device.taken() == []
    device.give(2)
    assert device.taken() == [OPENED, Piece(samples(EIGHTH), 100.125), Piece(samples(EIGHTH), 100.25)]


def test_sound_beyond_ten_seconds_is_dropped_and_counted() -> None:
    device = Device()
    device.give(80 + 3)
    # 0.875 s are free: not enough to begin again.
    assert len(device.taken(1 + 7)) == 8
    device.give(1)
    # Now a whole second is.
    assert len(device.taken(1)) == 1
    device.give(1)
    items = device.taken()
    assert [type(item) for item in items] == [Piece] * 72 + [Gap, Piece]
    # 84 eighths were over when the gap ended, four of them lost.
    assert items[-2:] == [Gap(4 * EIGHTH, 100.0 + 84 / 8), Piece(samples(EIGHTH), 100.0 + 85 / 8)]
    assert device.intake.frames == 85 * EIGHTH


def test_what_the_driver_dropped_is_measured_by_the_clock() -> None:
    device = Device()
    device.give(10)
    device.now += 0.25
    device.give(1, overflowed=True)
    device.give(1)
    ended = 100.0 + 10 / 8 + 0.25
    assert device.taken()[11:] == [
        Gap(4000, ended),
        Piece(samples(EIGHTH), ended + 0.125),
        Piece(samples(EIGHTH), ended + 0.25),
    ]


def test_late_is_not_lost() -> None:
    device = Device()
    device.give(10)
    device.now += 0.5
    device.give(1)
    assert not any(isinstance(item, Gap) for item in device.taken())


def test_the_drivers_word_counts_where_the_clock_shows_nothing() -> None:
    device = Device()
    device.give(1, overflowed=True)
    device.give(1, overflowed=True)
    assert [item.frames for item in device.taken() if isinstance(item, Gap)] == [1]


def test_a_machine_that_slept_is_not_made_up_for() -> None:
    device = Device()
    device.give(10)
    device.now += 8 * 3600
    device.give(1, overflowed=True)
    assert [item.frames for item in device.taken() if isinstance(item, Gap)] == [60 * RATE]


def test_a_device_that_is_gone_leaves_its_debt_and_nothing_after() -> None:
    device = Device()
    device.give(80 + 1)
    device.intake.close()
    device.give(1)
    gap, closed = device.taken()[81:]
    assert isinstance(gap, Gap)
    assert gap.frames == EIGHTH
    assert closed == Closed("desk")


def test_the_level_is_of_the_last_tenth_of_a_second_and_the_loudest_channel() -> None:
    intake = Intake(Opened("desk", RATE, 2), SoundQueue())
    assert intake.level() == (-96.0, -96.0)
    loud = np.zeros((EIGHTH, 2), dtype="<i2")
    loud[:, 1] = 16_384
    intake.hear(loud.tobytes(), 1.0, False)
    half = 20 * math.log10(0.5)
    assert intake.level() == pytest.approx((half, half))
    loud[EIGHTH // 2 :] = 0
    intake.hear(loud.tobytes(), 1.1, False)
    # Of its last 1,600 samples 600 are loud: the power is 3/8 of a quarter.
    assert intake.level() == pytest.approx((half + 10 * math.log10(600 / 1600), half))
