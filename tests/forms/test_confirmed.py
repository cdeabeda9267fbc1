"""Confirmations, and that all that was done by hand can be taken back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dictation.errors import UsageError
from dictation.forms.context import Context
from dictation.forms.reasons import Reason
from dictation.forms.record import Alternative, Record
from dictation.forms.review import (
    confirm,
    confirmed_names,
    dictated,
    doubted_names,
    open_names,
    reapplied,
    revert,
    unconfirm,
    with_context,
)
from tests.forms.cases import CONTEXT, hypertension
from tests.forms.hands import AT, BY, FORM, doubtful, put


class TestAConfirmation:
    def test_takes_a_doubt_off_the_list(self) -> None:
        record = doubtful()
        assert doubted_names(record) == ["objective", "temperature"]
        after = confirm(record, FORM, "temperature", BY, AT)
        assert (open_names(after), confirmed_names(after)) == (["objective"], ["temperature"])
        assert [(each.name, each.by, each.at) for each in after.review.confirmed] == [("temperature", BY, AT)]
        assert open_names(unconfirm(after, FORM, "temperature")) == ["objective", "temperature"]

    def test_falls_when_the_value_changes_and_stands_again_with_the_old_one(self) -> None:
        confirmed = confirm(doubtful(), FORM, "temperature", BY, AT)
        changed = put(confirmed, "temperature", 44)
        assert (open_names(changed), confirmed_names(changed)) == (["objective", "temperature"], [])
        assert confirmed_names(reapplied(changed, confirmed.review, FORM)) == ["temperature"]

    def test_falls_when_a_new_reason_comes_up(self) -> None:
        wrong = confirm(put(hypertension(), "temperature", 44), FORM, "temperature", BY, AT)
        assert confirmed_names(wrong) == ["temperature"]
        more = wrong.review.model_copy(
            update={"changes": [wrong.review.changes[0].model_copy(update={"seen": "other"})]}
        )
        assert confirmed_names(reapplied(wrong, more, FORM)) == []

    def test_falls_when_another_reading_comes_up(self) -> None:
        confirmed = confirm(doubtful(), FORM, "temperature", BY, AT)
        field = confirmed.fields["temperature"]
        heard_since = field.model_copy(update={"alternatives": [Alternative(value=39.2, evidence=[])]})
        after = confirmed.model_copy(update={"fields": {**confirmed.fields, "temperature": heard_since}})
        assert (confirmed_names(after), open_names(after)) == ([], ["objective", "temperature"])

    def test_of_what_nobody_doubts_changes_nothing(self) -> None:
        record = hypertension()
        assert confirm(record, FORM, "weight", BY, AT) is record

    def test_of_what_is_not_there_is_refused(self) -> None:
        with pytest.raises(UsageError, match="no field 'wieght'"):
            confirm(hypertension(), FORM, "wieght", BY, AT)

    def test_of_allergies_is_of_the_field_and_the_list(self) -> None:
        record = hypertension()
        allergies = [each.model_copy(update={"check": [Reason.RESPELLED]}) for each in record.allergies]
        record = record.model_copy(update={"allergies": allergies})
        after = confirm(record, FORM, "allergies", BY, AT)
        assert confirmed_names(after) == ["allergies"]
        assert confirmed_names(put(after, "allergies", "На пенициллин отёк.")) == []


_VALUES: dict[str, st.SearchStrategy[Any]] = {
    "temperature": st.one_of(st.none(), st.floats(30, 45).map(lambda value: round(value, 1))),
    "systolic": st.one_of(st.none(), st.integers(20, 300)),
    "weight": st.integers(1, 200),
    "complaints": st.sampled_from([None, "Кашель.", "Головная боль, тошнота.", "Жалоб нет."]),
    "allergies": st.sampled_from([None, "Не отягощён.", [{"substance": "лозартан"}], []]),
    "diagnosis": st.sampled_from([None, "Острый бронхит", [{"text": "ОРВИ", "icd10": "J06.9", "role": "main"}]]),
    "medications": st.sampled_from([None, "амоксициллин 500 мг 3 раза в день", ["лозартан 50 мг утром"]]),
    "findings": st.sampled_from([[], ["кашель"], [{"text": "тошнота", "status": "absent"}]]),
}
_SETTING = st.sampled_from(sorted(_VALUES)).flatmap(lambda key: st.tuples(st.just(key), _VALUES[key]))
_NAMES = st.sampled_from(["temperature", "objective", "diagnosis", "medications", "findings", "allergies", "notices"])
_STEPS = st.one_of(
    st.tuples(st.just("set"), _SETTING),
    st.tuples(st.just("confirm"), _NAMES),
    st.tuples(st.just("unconfirm"), _NAMES),
    st.tuples(st.just("revert"), st.sampled_from(["temperature", "complaints", "allergies", "context"])),
    st.tuples(st.just("context"), st.sampled_from([{}, {"patient": {"iin": "1", "sex": "female"}}, CONTEXT])),
)


def _step(record: Record, kind: str, told: Any) -> Record:
    match kind:
        case "set":
            return put(record, *told)
        case "confirm":
            return confirm(record, FORM, told, BY, AT)
        case "unconfirm":
            return unconfirm(record, FORM, told)
        case "revert":
            return revert(record, FORM, told)
        case _:
            return with_context(record, FORM, Context.model_validate(told), BY, AT)


@settings(max_examples=40)
@given(st.lists(_STEPS, max_size=8))
def test_whatever_was_done_can_be_taken_back_and_laid_on_again(steps: list[tuple[str, Any]]) -> None:
    """Through JSON as well: what is stored is what is worked on."""
    first = hypertension()
    record, states = first, [first]
    for kind, told in steps:
        record = _step(record, kind, told)
        states.append(record)
        assert dictated(record) == first
        assert reapplied(first, record.review, FORM) == record
        assert reapplied(record, record.review, FORM) == record
        assert Record.model_validate_json(record.model_dump_json()) == record
        assert set(confirmed_names(record)) | set(open_names(record)) >= set(doubted_names(record))
    for state in reversed(states):
        record = reapplied(record, state.review, FORM)
        assert record == state
    for key in ("temperature", "systolic", "weight", "complaints", "diagnosis", "medications", "findings"):
        record = revert(record, FORM, key)
    assert record == first


@settings(max_examples=20)
@given(st.lists(_SETTING, min_size=1, max_size=4), _SETTING)
def test_a_value_that_changes_loses_its_confirmation(before: list[tuple[str, Any]], last: tuple[str, Any]) -> None:
    record = hypertension()
    for key, value in before:
        record = put(record, key, value)
    for name in doubted_names(record):
        record = confirm(record, FORM, name, BY, AT)
    assert open_names(record) == []
    key, value = last
    after = put(record, key, value)
    name = key if key in record.fields else "findings"
    unchanged = (
        after.fields.get(name) == record.fields.get(name)
        and after.findings == record.findings
        and after.allergies == record.allergies
    )
    assert unchanged or name not in confirmed_names(after)
