"""Whatever the stages before leave: a record that follows its schema, a bundle that is R4, a page that opens."""

from __future__ import annotations

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from dictation.clinical.facts import (
    Allergy,
    Candidate,
    Diagnosis,
    Examination,
    Fact,
    Finding,
    FollowUp,
    Measurement,
    Medication,
    Section,
)
from dictation.forms.pdf import to_pdf
from dictation.forms.questionnaire import load_form
from dictation.forms.reasons import Reason
from dictation.forms.record import Record, json_schema
from dictation.forms.render import to_html, to_terminal
from dictation.forms.signed import Signed
from dictation.mis.bundle import to_bundle
from tests.forms.cases import filled
from tests.forms.visits import heard

FORM = load_form("052u-visit")
SCHEMA = Draft202012Validator(json_schema())
WORDS = [
    "боль",
    "нет",
    "слева",
    "36,6",
    "120/80",
    "лозартан",
    "<b>",
    "&",
    "матка",
    "№",
    "10",
    "мг",
    "не",
    "é",
    "\u200b",
]

spans = st.tuples(st.integers(0, 9), st.integers(1, 4)).map(lambda pair: (pair[0], pair[0] + pair[1]))
reasons = st.lists(st.sampled_from([*(r.value for r in Reason), "unheard-of"]), max_size=2, unique=True).map(tuple)
text = st.sampled_from(WORDS)
number = st.sampled_from([0.0, 0.5, 1.0, 36.6, 120.0, 1e6, -3.0])
some = st.none() | text


kinds = st.sampled_from(["complaints", "objective", "allergies", "treatment", "diagnosis", "epidemiology"])
measured = st.sampled_from(["temperature", "systolic", "diastolic", "weight", "waist"])
amounts = st.none() | number
candidates = st.just((Candidate("I10", "Гипертензия", 0.5),))
matter: dict[type[Fact], dict[str, st.SearchStrategy[object]]] = {
    Section: {"kind": kinds},
    Measurement: {"kind": measured, "value": amounts, "unit": st.sampled_from(["Cel", "mm[Hg]", "g", None])},
    Diagnosis: {
        "text": text,
        "role": st.sampled_from(["main", "complication", "comorbid", "preliminary"]),
        "icd10": st.sampled_from([None, "I10", "O24.4", "Z99.99"]),
        "candidates": candidates,
    },
    Medication: {
        "name": text,
        "said": text,
        "form": some,
        "dose": amounts,
        "unit": some,
        "route": some,
        "times_per_day": amounts,
        "timing": some,
        "condition": some,
        "duration_days": st.none() | st.integers(0, 90),
        "as_needed": st.booleans(),
    },
    Examination: {"text": text},
    FollowUp: {"text": text},
    Finding: {"text": text, "status": st.sampled_from(["present", "absent", "possible", "historical", "family"])},
    Allergy: {"substance": some, "reaction": some, "denied": st.booleans()},
}


@st.composite
def facts(draw: st.DrawFn) -> list[Fact]:
    found = []
    for kind in draw(st.lists(st.sampled_from(list(matter)), max_size=6)):
        start, end = draw(spans)
        values = {name: draw(strategy) for name, strategy in matter[kind].items()}
        found.append(kind(start, end, draw(reasons), **values))
    return found


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(WORDS), min_size=14, max_size=14), facts(), st.booleans())
def test_any_facts_become_a_record_a_bundle_and_a_page(words: list[str], found: list[Fact], signed: bool) -> None:
    given_text = heard(" ".join(words))
    count = len(given_text.tokens)
    record = filled(given_text, [fact for fact in found if fact.end <= count], {"patient": {"sex": "male"}})
    data = json.loads(record.model_dump_json())
    assert [error.message for error in SCHEMA.iter_errors(data)] == []
    assert Record.model_validate(data) == record
    assert to_bundle(record, FORM, signed=signed)["type"] == "transaction"
    doubtful = tuple(name for name, field in record.fields.items() if field.status == "check")
    signature = Signed("Петрова", record.created, 1, "0" * 64, doubtful) if signed else None
    assert to_html(record, FORM, signature).rstrip().endswith("</html>")
    assert to_pdf(record, FORM, signature).startswith(b"%PDF-")
    assert to_terminal(record, FORM) is not None
    for field in record.fields.values():
        assert (field.status == "check") == bool(field.reasons)
        assert (field.status == "empty") == (field.value is None and not field.reasons)
