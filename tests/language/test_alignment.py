"""The alignment of written tokens to the transcript, over texts made at random from dictated pieces."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dictation.language.written import Written
from tests.language.writing import write

PIECES = [
    "жалобы", "на", "кашель", "двоеточие", "запятая", "точка", "новая строка", "нет", "не", "а", "и", ",", ".", ":",
    "сто двадцать", "восемьдесят", "два", "три", "один", "ноль", "пять", "целых", "десятых", "с половиной", "тысячи",
    "миллиграмм", "миллиметров ртутного столба", "процентов", "градусов", "раза", "дня", "первого", "марта", "года",
    "исправь", "отставить", "последнее слово", "удали последнее предложение", "вернее", "ой", "буквально", "слева",
    "справа", "левого", "правого", "полтаблетки", "таблетки", "температура", "давление", "код", "джи",
    "следующее поле", "36-6", "38,2", "160/95", "мм рт. ст.", "узи", "стосемьдесят", "шести десяти", "риск-три",
    "верни как было",
]  # fmt: skip


def check(found: Written) -> None:
    text = found.transcript.text
    starts = [token.start for token in found.tokens]
    assert starts == sorted(starts)
    for token in found.tokens:
        assert 0 <= token.start <= token.end <= len(text)
        assert token.text
        assert not re.search(r"\s", token.text) or token.text in ("\n", "\n\n")
    for edit in found.edits:
        assert 0 <= edit.start < edit.end <= len(text)
    removed = " ".join(edit.removed for edit in found.edits).lower()
    if "0,5" in removed or "таблетки" in removed:
        # One word that edits may have taken apart.
        removed += " полтаблетки"
    # "Джи 36-6" is a code: G36.6.
    removed = re.sub(r"\bg(?=\d)", "джи ", removed)
    ranges = [(token.start, token.end) for token in found.tokens] + [(e.start, e.end) for e in found.edits]
    covered = {place for start, end in ranges for place in range(start, end)}
    for match in re.finditer(r"[^\W_]+", text):
        assert covered.issuperset(range(*match.span())) or match.group().lower() in removed, match.group()


@settings(deadline=None, max_examples=400)
@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_nothing_is_lost_and_everything_has_its_place(pieces: list[str]) -> None:
    check(write(" ".join(pieces)))


@settings(deadline=None, max_examples=150)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=80))
def test_any_text_at_all(text: str) -> None:
    found = write(text)
    starts = [token.start for token in found.tokens]
    assert starts == sorted(starts)
    assert all(token.end <= len(text) and token.text for token in found.tokens)


def test_a_corrected_number_spans_from_the_old_to_the_new() -> None:
    text = "Давление сто сорок на девяносто, исправь сто сорок на сто пятьдесят, пульс ровный."
    token = next(t for t in write(text).tokens if t.text == "150/90")
    assert (token.start, token.end) == (text.index("сто"), text.index(", пульс"))


def test_empty() -> None:
    assert write("").tokens == ()
    assert write(" \n ").tokens == ()


def dictated() -> list[str]:
    path = Path(__file__).parents[3] / "shared" / "eval" / "dev.jsonl"
    if not path.exists():
        return []
    return [json.loads(line)["spoken"] for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.skipif(not dictated(), reason="the evaluation data is not here")
def test_whole_dictations() -> None:
    for text in dictated():
        check(write(text))
        check(write(re.sub(r"[^\w\s-]", "", text).lower()))
