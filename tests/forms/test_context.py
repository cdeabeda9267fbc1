"""The context of a visit: what is read from JSON, how errors name the place, the age that follows."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from dictation.errors import InputError
from dictation.forms.context import Context, parse_context, read_context

WHOLE = {
    "patient": {"iin": "800517300127", "name": "Иванов И. И.", "birth_date": "1980-05-17", "sex": "male"},
    "visit": {"id": "17", "date": "2026-11-22", "practitioner": "Петрова А. Б."},
}


def test_whole_context_comes_back_as_it_was_given() -> None:
    assert parse_context(WHOLE).model_dump(mode="json") == WHOLE


def test_nothing_is_needed() -> None:
    assert parse_context({}).model_dump(mode="json") == {"patient": {}, "visit": {}}
    assert parse_context(None) == Context()


def test_keys_of_the_mis_are_kept() -> None:
    given = {"patient": {"card": "A-1"}, "visit": {}, "clinic": "5"}
    assert parse_context(given).model_dump(mode="json") == given


@pytest.mark.parametrize("said", ["1980-05-17", "17.05.1980", "1980-05-17T10:00:00+05:00", " 17.5.1980 "])
def test_ways_to_write_a_date(said: str) -> None:
    assert parse_context({"patient": {"birth_date": said}}).patient.birth_date == date(1980, 5, 17)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ([], "c.json: must be a JSON object"),
        ({"patient": "Иванов"}, "c.json: patient: must be a JSON object"),
        (
            {"patient": {"birth_date": "май"}},
            "c.json: patient.birth_date: not a date, write it as 1980-05-17 or 17.05.1980",
        ),
        (
            {"patient": {"birth_date": "31.02.1980"}},
            "c.json: patient.birth_date: not a date, write it as 1980-05-17 or 17.05.1980",
        ),
        (
            {"patient": {"sex": "m"}},
            "c.json: patient.sex: input should be 'male', 'female', 'other' or 'unknown'",
        ),
        ({"patient": {"iin": 800517300127}}, "c.json: patient.iin: input should be a valid string"),
    ],
)
def test_errors_are_one_line_with_the_place(data: object, message: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_context(data, "c.json")
    assert str(caught.value) == message


def test_file_that_is_no_json(tmp_path: Path) -> None:
    path = tmp_path / "c.json"
    path.write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match=r"c\.json: context is not JSON"):
        read_context(path)
    with pytest.raises(InputError, match=r"absent\.json: context cannot be read"):
        read_context(tmp_path / "absent.json")


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        ("1980-05-17", "2026-05-16", 45),
        ("1980-05-17", "2026-05-17", 46),
        ("2025-11-22", "2026-11-22", 1),
        ("2026-11-22", "2026-11-22", 0),
        ("2026-11-23", "2026-11-22", None),
        (None, "2026-11-22", None),
    ],
)
def test_age_at_the_visit(born: str | None, day: str, age: float | None) -> None:
    assert parse_context({"patient": {"birth_date": born}, "visit": {"date": day}}).age() == age


def test_age_of_an_infant_is_a_part_of_a_year() -> None:
    age = parse_context({"patient": {"birth_date": "2026-05-22"}, "visit": {"date": "2026-11-22"}}).age()
    assert age == pytest.approx(184 / 365.25)
