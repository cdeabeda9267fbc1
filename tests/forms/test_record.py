"""The record's contract: its keys, its published schema, and that it comes back from JSON as it went."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from dictation.forms.reasons import Reason, reason, texts
from dictation.forms.record import Record, json_schema
from tests.forms.cases import hypertension
from tests.support import ROOT

SCHEMA = ROOT / "docs" / "record.schema.json"


def test_published_schema_is_that_of_the_code() -> None:
    """To write it anew: python -m dictation.forms.record > docs/record.schema.json"""
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == json_schema()


def test_record_follows_the_published_schema() -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    data = json.loads(hypertension().model_dump_json())
    assert [error.message for error in Draft202012Validator(schema).iter_errors(data)] == []


def test_schema_refuses_a_reason_outside_the_list() -> None:
    data = json.loads(hypertension().model_dump_json())
    data["fields"]["systolic"]["reasons"] = ["because"]
    assert not Draft202012Validator(json_schema()).is_valid(data)


def test_keys_of_the_contract() -> None:
    data = json.loads(hypertension().model_dump_json())
    promised = "schema id created source form language context recogniser transcript fields findings"
    assert list(data)[: len(promised.split())] == promised.split()
    assert data["schema"] == "1"
    assert data["recogniser"] == {"engine": "whisper", "model": "whisper-base", "sha256": "d01c"}
    field = {"status", "reasons", "confidence", "alternatives", "evidence", "value"}
    assert set(data["fields"]["complaints"]) == field
    assert set(data["fields"]["systolic"]) == field | {"unit"}
    assert set(data["transcript"]["utterances"][0]) == {"start", "end", "text", "words", "field"}
    assert set(data["findings"][0]) == {"text", "status", "check", "evidence"}
    medication = data["fields"]["medications"]["value"][0]
    promised = (
        "text name said form strength dose unit route times_per_day timing condition duration_days as_needed status"
    )
    assert set(promised.split()) <= set(medication)
    assert {"role", "text", "icd10", "title", "candidates", "status"} <= set(data["fields"]["diagnosis"]["value"][0])


def test_empty_fields_are_there() -> None:
    empty = json.loads(hypertension().model_dump_json())["fields"]
    for key in ("anamnesis-morbi", "weight", "recommendations"):
        assert (empty[key]["value"], empty[key]["status"]) == (None, "empty")


def test_record_comes_back_from_json() -> None:
    record = hypertension()
    assert Record.model_validate_json(record.model_dump_json()) == record


def test_created_needs_a_time_zone() -> None:
    data = json.loads(hypertension().model_dump_json())
    data["created"] = "2026-11-22T20:06:00"
    with pytest.raises(ValidationError):
        Record.model_validate(data)


def test_unknown_code_becomes_a_doubt_all_the_same() -> None:
    assert reason("low-confidence") is Reason.LOW_CONFIDENCE
    assert reason(str(uuid4())) is Reason.UNCERTAIN


@pytest.mark.parametrize("language", ["ru", "kk", "en"])
def test_every_reason_has_a_text_of_its_own(language: str) -> None:
    given = texts(language)
    assert set(given) == set(Reason)
    assert len(set(given.values())) == len(given)
