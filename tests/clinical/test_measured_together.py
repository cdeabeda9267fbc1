"""Vital signs told right after a history, the heading of the examination left out: never lost without a word.

Texts of our own, in the order in which doctors say these things.
"""

from __future__ import annotations

import pytest

from dictation.session import Dictation

DICTATION = Dictation()
VITALS = ("temperature", "systolic", "diastolic", "heart-rate")


def measured(text: str) -> dict[str, tuple[float | None, str, list[str]]]:
    fields = DICTATION.extract(text).fields
    return {
        key: (fields[key].value, fields[key].status, [reason.value for reason in fields[key].reasons])
        for key in VITALS
        if fields[key].status != "empty"
    }


@pytest.mark.parametrize("before", ["Жалобы на кашель.", "Анамнез заболевания. Болеет неделю."])
def test_several_in_one_sentence_are_todays_and_ask_for_a_look(before: str) -> None:
    told = "Температура тридцать семь и два, давление сто двадцать на восемьдесят, пульс семьдесят семь."
    assert measured(f"{before} {told}") == {
        "temperature": (37.2, "check", ["uncertain"]),
        "systolic": (120, "check", ["uncertain"]),
        "diastolic": (80, "check", ["uncertain"]),
        "heart-rate": (77, "check", ["uncertain"]),
    }


@pytest.mark.parametrize(
    "history",
    [
        "Болеет неделю, температура тридцать восемь.",
        "Дома давление сто пятьдесят на сто, пульс девяносто.",
        "Было давление сто шестьдесят на сто, температура тридцать восемь.",
        "Повышение давления до ста восьмидесяти на сто, пульс до ста.",
    ],
)
def test_one_alone_and_what_is_said_to_be_past_stays_in_the_history(history: str) -> None:
    assert measured(f"Анамнез заболевания. {history}") == {}


def test_those_of_the_examination_stand() -> None:
    history = "Анамнез заболевания. Вчера температура тридцать восемь и пять, давление сто шестьдесят на сто."
    examined = "Объективно. Температура тридцать семь, давление сто тридцать на восемьдесят."
    assert measured(f"{history} {examined}") == {
        "temperature": (37, "ok", []),
        "systolic": (130, "ok", []),
        "diastolic": (80, "ok", []),
    }
