"""Sounds of Russian. Cases after the norm of pronunciation (Аванесов), worked out by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dictation.language.phonetics import phonetics

RUSSIAN = st.text(alphabet="абвгдеёжзийклмнопрстуфхцчшщъыьэюя", max_size=12)
SOUNDS = phonetics("ru")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("и на лоприл", "эналаприл"),  # boundaries, и/э, о/а
        ("артириальное", "артериальное"),  # unstressed и/е
        ("голавная", "головная"),  # unstressed а/о
        ("зуп", "зуб"),  # devoicing at the end
        ("лошка", "ложка"),  # devoicing before a voiceless consonant
        ("зделать", "сделать"),  # voicing before a voiced one
        ("сердце", "серце"),  # a consonant that is silent
        ("грусный", "грустный"),
        ("масса", "маса"),  # doubled
        ("лечиться", "лечица"),  # -ться
        ("сухова", "сухого"),  # -ого
        ("щитать", "считать"),  # сч
        ("в нутрь", "внутрь"),
    ],
)
def test_sounds_the_same(one: str, other: str) -> None:
    assert SOUNDS.sound(one.split()) == SOUNDS.sound(other.split())


@pytest.mark.parametrize(
    ("one", "other"),
    [("гипотония", "гипертония"), ("левый", "правый"), ("шестьдесят", "семьдесят"), ("не", "на"), ("боль", "пыль")],
)
def test_sounds_differently(one: str, other: str) -> None:
    assert SOUNDS.sound([one]) != SOUNDS.sound([other])


def test_skeleton_is_the_consonants_with_those_alike_as_one() -> None:
    assert SOUNDS.skeleton(SOUNDS.sound(["эналаприл"])) == SOUNDS.skeleton(SOUNDS.sound(["инолабрил"]))
    assert len(SOUNDS.skeleton(SOUNDS.sound(["эналаприл"]))) == 5  # н л п р л


@pytest.mark.parametrize(
    ("one", "other", "cost"),
    [
        ("", "", 0.0),
        ("бал", "пал", 0.3),  # voice
        ("мал", "нал", 0.4),  # nasals
        ("пай", "па", 0.15),  # й is lost easily
        ("ли", "ла", 0.5),  # vowels
        ("лак", "рак", 0.5),  # liquids
        ("шам", "лам", 1.0),  # nothing in common
    ],
)
def test_distance(one: str, other: str, cost: float) -> None:
    assert SOUNDS.distance(one, other, 9.0) == pytest.approx(cost)


def test_distance_above_the_limit_may_be_infinite_but_never_below_it() -> None:
    assert SOUNDS.distance("шишка", "луна", 0.5) > 0.5


@given(RUSSIAN, RUSSIAN)
def test_distance_is_symmetric_and_zero_for_the_same(one: str, other: str) -> None:
    left, right = SOUNDS.sound([one]), SOUNDS.sound([other])
    assert SOUNDS.distance(left, right, 99.0) == pytest.approx(SOUNDS.distance(right, left, 99.0))
    assert SOUNDS.distance(left, left, 99.0) == 0.0


@given(RUSSIAN)
def test_every_letter_becomes_a_sound_of_the_alphabet(word: str) -> None:
    assert set(SOUNDS.sound([word])) <= set("аиыуяйбпвфгкхдтжшщчзсцмнлр")


@given(st.lists(st.lists(RUSSIAN | st.sampled_from(["b12", "ё-ж", ""]), max_size=4), max_size=5))
def test_many_stretches_sound_as_each_by_itself(stretches: list[list[str]]) -> None:
    assert SOUNDS.sounds(stretches) == [SOUNDS.sound(stretch) for stretch in stretches]


@given(RUSSIAN, RUSSIAN, st.floats(0, 5))
def test_a_limit_changes_no_distance_within_it(one: str, other: str, limit: float) -> None:
    first, second = SOUNDS.sounds([[one], [other]])
    distance = SOUNDS.distance(first, second, float("inf"))
    limited = SOUNDS.distance(first, second, limit)
    assert limited == distance if distance <= limit else limited > limit
