"""What a doctor says by hand holds, and what he has not yet decided about is not lost by it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from dictation.forms.entering import entered
from dictation.forms.questionnaire import load_form
from dictation.forms.record import Record
from dictation.forms.review import reapplied
from dictation.session import Dictation
from tests.forms.cases import hypertension

FORM = load_form("052u-visit")
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
CLINIC = Dictation()


def put(record: Record, key: str, value: Any, **more: Any) -> Record:
    return entered(record, FORM, key, value, by="Петрова А. Б.", at=AT, read=CLINIC.read, **more)


def reasons(record: Record, key: str) -> list[str]:
    return [reason.value for reason in record.fields[key].reasons]


class TestAFinding:
    """Dictated: "Жалобы на головную боль. Тошноты нет."."""

    def test_that_is_denied_by_hand_is_denied_and_back(self) -> None:
        first = hypertension()
        denied = put(
            first,
            "findings",
            [{"text": "головная боль", "status": "absent"}, {"text": "тошнота", "status": "absent"}],
        )
        assert assertions(denied) == [("головная боль", "absent", []), ("тошнота", "absent", [])]
        back = put(denied, "findings", [each.model_dump(mode="json") for each in first.findings])
        assert back.findings == first.findings
        told = put(first, "findings", [{"text": "тошнота", "status": "present"}])
        assert assertions(told) == [("тошнота", "present", [])]

    def test_that_is_dictated_since_with_the_other_assertion_asks_for_a_look(self) -> None:
        first = hypertension()
        edited = put(first, "findings", [{"text": "головная боль", "status": "present"}])
        headache, nausea = first.findings
        since = first.model_copy(update={"findings": [headache, nausea.model_copy(update={"status": "present"})]})
        now = reapplied(since, edited.review, FORM)
        assert assertions(now) == [("головная боль", "present", []), ("тошнота", "present", ["dictated-since"])]

    def test_of_a_text_read_again_with_the_other_assertion_has_no_place_in_the_recording(self) -> None:
        now = put(hypertension(), "complaints", "Тошнота.")
        assert assertions(now) == [("тошнота", "present", [])]
        assert now.findings[0].evidence == []


def assertions(record: Record) -> list[tuple[str, str, list[str]]]:
    return [(each.text, each.status, [code.value for code in each.check]) for each in record.findings]
