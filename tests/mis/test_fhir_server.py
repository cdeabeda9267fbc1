"""Bundles sent over HTTP to a FHIR R4 engine that validates all it stores (`fhir-server/`, needs Node and npm)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import httpx
import pytest

from dictation.clinical.facts import Finding, Section
from dictation.forms.questionnaire import load_form
from dictation.mis.bundle import to_bundle
from tests.forms.cases import CONTEXT, filled, hypertension
from tests.forms.visits import written
from tests.mis.outgoing import fhir_engine

FORM = load_form("052u-visit")


@pytest.fixture(scope="module")
def server() -> Iterator[httpx.Client]:
    with fhir_engine() as address, httpx.Client(base_url=address, timeout=60) as client:
        yield client


def send(server: httpx.Client, bundle: dict[str, Any]) -> list[tuple[str, str]]:
    answer = server.post("/", json=bundle)
    assert answer.status_code == 200, answer.text
    return [(entry["response"]["status"], entry["response"]["location"]) for entry in answer.json()["entry"]]


def test_sent_twice_it_is_there_once(server: httpx.Client) -> None:
    bundle = to_bundle(hypertension(), FORM)
    first, second = send(server, bundle), send(server, bundle)
    assert {status for status, _ in first} == {"201"}
    assert {status for status, _ in second} == {"200"}
    assert [location for _, location in first] == [location for _, location in second]
    for kind, count in (("Patient", 1), ("Observation", 3), ("Condition", 3), ("Provenance", 1), ("Composition", 1)):
        assert server.get(f"/{kind}", params={"_summary": "count"}).json()["total"] == count


def test_read_back_it_is_what_was_sent(server: httpx.Client) -> None:
    """To the last key, the references being to where the others are stored."""
    bundle = to_bundle(hypertension(), FORM)
    locations = [location for _, location in send(server, bundle)]
    stored = dict(zip((entry["fullUrl"] for entry in bundle["entry"]), locations, strict=True))

    def resolved(value: Any) -> Any:
        if isinstance(value, list):
            return [resolved(each) for each in value]
        if isinstance(value, dict):
            return {key: stored[each] if key == "reference" else resolved(each) for key, each in value.items()}
        return value

    for entry, location in zip(bundle["entry"], locations, strict=True):
        got = server.get(f"/{location}").json()
        sent = resolved(entry["resource"])
        assert got["meta"].get("tag") == sent.pop("meta", {}).get("tag")
        assert {key: value for key, value in got.items() if key not in {"id", "meta"}} == sent


def test_second_visit_of_a_patient_finds_the_patient(server: httpx.Client) -> None:
    send(server, to_bundle(hypertension(), FORM))
    given = written("кашель рвота инфаркт")
    found = [
        Section(0, 3, kind="complaints"),
        Finding(0, 1, text="кашель", status="possible"),
        Finding(1, 2, text="рвота", status="absent"),
        Finding(2, 3, text="инфаркт", status="family"),
    ]
    other = filled(given, found, {**CONTEXT, "visit": {"id": "18", "practitioner": "Петрова А. Б."}})
    other = other.model_copy(update={"id": UUID("9a2f7a52-0b8f-4f0e-9d2c-5a8f0c1d2e3f")})
    assert [status for status, _ in send(server, to_bundle(other, FORM))][:4] == [
        "200",
        "200",
        "201",
        "201",
    ]


def test_engine_refuses_what_is_not_r4(server: httpx.Client) -> None:
    """The engine would notice a wrong bundle: without this the other tests prove little."""
    bundle = to_bundle(hypertension(), FORM)
    bundle["entry"][6]["resource"]["colour"] = "red"
    bundle["entry"][6]["request"]["ifNoneExist"] = "identifier=urn:test%7Cnone"
    answers = [entry["response"] for entry in server.post("/", json=bundle).json()["entry"]]
    assert [at for at, answer in enumerate(answers) if answer["status"] == "400"] == [6]
    assert "colour" in str(answers[6]["outcome"])


@pytest.mark.parametrize("signed", [False, True])
def test_empty_record(server: httpx.Client, signed: bool) -> None:
    send(server, to_bundle(filled(written(""), []), FORM, signed=signed))
