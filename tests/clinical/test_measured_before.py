"""Values said before their names, and rates counted in a minute. Texts of our own; expected values by hand."""

from __future__ import annotations

import pytest

from dictation.session import Dictation

DICTATION = Dictation()


def measured(text: str) -> dict[str, tuple[object, str]]:
    keys = ("temperature", "systolic", "diastolic", "heart-rate", "respiratory-rate", "oxygen-saturation", "weight")
    fields = DICTATION.extract(f"Объективно. {text}").fields
    return {key: (fields[key].value, fields[key].status) for key in keys if fields[key].status != "empty"}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Тридцать восемь и четыре температура.", {"temperature": (38.4, "ok")}),
        ("Живот мягкий, семьдесят четыре пульс.", {"heart-rate": (74, "ok")}),
        (
            "Сто тридцать на семьдесят давление, шестьдесят пульс, девяносто шесть процентов сатурация.",
            {
                "systolic": (130, "ok"),
                "diastolic": (70, "ok"),
                "heart-rate": (60, "ok"),
                "oxygen-saturation": (96, "ok"),
            },
        ),
        ("Шестьдесят два килограмма вес. Пульс восемьдесят.", {"heart-rate": (80, "ok"), "weight": (62, "ok")}),
        # Marks of a recogniser behind the names: the numbers stay where they were said.
        (
            "Пульс. Восемьдесят четыре сатурация. Девяносто семь.",
            {"heart-rate": (84, "ok"), "oxygen-saturation": (97, "ok")},
        ),
    ],
)
def test_a_number_before_its_name(said: str, expected: dict[str, tuple[float, str]]) -> None:
    assert measured(said) == expected


def test_without_marks_nobody_knows_which_number_is_whose() -> None:
    found = measured("девяносто шесть сатурация восемьдесят два пульс живот мягкий")
    assert found["oxygen-saturation"] == (82, "check")
    assert "heart-rate" not in found or found["heart-rate"][1] == "check"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Дышит двадцать шесть раз в минуту.", {"respiratory-rate": (26, "ok")}),
        ("дышит двадцать два раза в минуту пульс сто", {"respiratory-rate": (22, "ok"), "heart-rate": (100, "ok")}),
        ("Дыхание двадцать один вдох в минуту.", {"respiratory-rate": (21, "ok")}),
        ("ЧДД восемнадцать дыхательных движений в минуту.", {"respiratory-rate": (18, "ok")}),
        ("Пульс девяносто два раза в одну минуту.", {"heart-rate": (92, "ok")}),
        ("Сердце бьётся семьдесят один раз в минуту.", {"heart-rate": (71, "ok")}),
        ("Дышит через рот двадцать дней.", {}),
        ("Дышит свободно, пульс шестьдесят.", {"heart-rate": (60, "ok")}),
    ],
)  # fmt: skip
def test_rates(said: str, expected: dict[str, tuple[float, str]]) -> None:
    assert measured(said) == expected
