"""Changes by hand laid over a dictated record."""

from __future__ import annotations

import time
from typing import Any

import pytest

from dictation.errors import UsageError
from dictation.forms.context import Context
from dictation.forms.record import Review
from dictation.forms.review import (
    dictated,
    reapplied,
    revert,
    with_context,
)
from dictation.session import Heard
from dictation.speech.recogniser import ModelInfo
from tests.forms.cases import CONTEXT, hypertension, reasons
from tests.forms.hands import AT, BY, CLINIC, FORM, put
from tests.forms.visits import heard


class TestAChange:
    def test_keeps_what_was_dictated(self) -> None:
        before = hypertension()
        after = put(before, "temperature", 37.2)
        field = after.fields["temperature"]
        assert (field.value, field.status, field.reasons) == (37.2, "ok", [])
        assert field.evidence == before.fields["temperature"].evidence
        (change,) = after.review.changes
        assert (change.field, change.before, change.value, change.by, change.chosen) == (
            "temperature",
            36.6,
            37.2,
            BY,
            False,
        )
        assert after.review.dictated.fields["temperature"] == before.fields["temperature"]

    def test_leaves_the_rest_as_it_was(self) -> None:
        before = hypertension()
        after = put(before, "weight", 71)
        untouched = {key for key in before.fields if key != "weight"}
        assert all(after.fields[key] is before.fields[key] for key in untouched)
        assert (after.findings, after.allergies, after.notices) == (before.findings, before.allergies, before.notices)

    def test_of_a_number_makes_the_text_that_tells_another_one_doubtful(self) -> None:
        after = put(hypertension(), "systolic", 150)
        assert reasons(after, "objective") == ["contradiction"]
        agreed = put(after, "objective", "Температура 36,6, давление 150/95, пульс 82 в минуту.")
        assert reasons(agreed, "objective") == []

    def test_of_a_text_that_tells_another_number_is_doubtful(self) -> None:
        after = put(hypertension(), "objective", "Давление 120/80.")
        assert reasons(after, "objective") == ["contradiction"]
        assert after.fields["systolic"].value == 160

    def test_is_checked_for_range_and_against_other_values(self) -> None:
        assert reasons(put(hypertension(), "temperature", 46), "temperature") == ["out-of-range"]
        after = put(hypertension(), "systolic", 90)
        assert reasons(after, "systolic") == ["contradiction"]
        assert "contradiction" in reasons(after, "diastolic")
        assert reasons(put(after, "diastolic", 60), "diastolic") == []

    def test_range_follows_the_age_of_the_patient(self) -> None:
        infant = Context.model_validate({"patient": {"birth_date": "2026-09-01"}, "visit": {"date": "2026-11-22"}})
        assert reasons(hypertension(), "heart-rate") == []
        after = with_context(hypertension(), FORM, infant, BY, AT)
        assert "out-of-range" in reasons(after, "systolic")
        assert dictated(after) == hypertension()

    def test_empties_a_field(self) -> None:
        after = put(hypertension(), "temperature", None)
        assert (after.fields["temperature"].value, after.fields["temperature"].status) == (None, "empty")
        assert (put(hypertension(), "diagnosis", []).fields["diagnosis"].value) is None
        assert (put(hypertension(), "complaints", "  ").fields["complaints"].value) is None

    @pytest.mark.parametrize(
        ("key", "value", "told"),
        [
            ("temperature", "37", "not a number"),
            ("temperature", True, "not a number"),
            ("temperature", float("nan"), "not a number"),
            ("temperature", 10**9, "not a number that is measured"),
            ("temperature", 10**400, "not a number that is measured"),
            ("complaints", 5, "must be a text"),
            ("complaints", "а" * 20_001, "longer than"),
            ("diagnosis", 5, "text or a list"),
            ("diagnosis", [{"text": "Кашель", "icd10": "кашель"}], "not a code"),
            ("diagnosis", [{"text": "Кашель", "role": "boss"}], "role"),
            ("diagnosis", [{"icd10": "Q00.00000"}], "not a code"),
            ("medications", [{"dose": 5}], "no text"),
            ("medications", [{"name": "лозартан", "dose": "много"}], "dose"),
            ("medications", [{"naem": "лозартан"}], "no part 'naem'"),
            ("examinations", [5], "text or a list"),
            ("findings", [{"text": "кашель", "status": "maybe"}], "status"),
            ("no-such-field", "x", "no field"),
        ],
    )
    def test_that_is_wrong_is_refused(self, key: str, value: Any, told: str) -> None:
        with pytest.raises(UsageError, match=told):
            put(hypertension(), key, value)

    def test_is_quickly_laid_on_again(self) -> None:
        """After every filling while the doctor speaks: 4 ms on a machine of 2026."""
        first = hypertension()
        after = put(put(first, "temperature", 38), "complaints", "Кашель.")

        def once() -> float:
            begun = time.process_time()
            reapplied(first, after.review, FORM)
            return time.process_time() - begun

        assert min(once() for _ in range(20)) < 0.02


class TestATextWithFindings:
    def test_is_read_again(self) -> None:
        after = put(hypertension(), "complaints", "Головная боль, кашель. Рвоты нет.")
        found = {finding.text: finding.status for finding in after.findings}
        assert found == {"головная боль": "present", "кашель": "present", "рвота": "absent"}
        (headache,) = [finding for finding in after.findings if finding.text == "головная боль"]
        assert [(place.start_char, place.end_char) for place in headache.evidence] == [(10, 23)]

    def test_that_nobody_read_leaves_its_findings_doubtful(self) -> None:
        after = put(hypertension(), "complaints", "Кашель.")
        (change,) = after.review.changes
        unread = Review(changes=[change.model_copy(update={"read": None})])
        found = reapplied(hypertension(), unread, FORM).findings
        assert [(each.text, [code.value for code in each.check]) for each in found] == [
            ("головная боль", ["edited-text"]),
            ("тошнота", ["edited-text"]),
        ]

    def test_of_allergies_gives_the_allergies_and_frees_the_prescription(self) -> None:
        record = put(hypertension(), "medications", "Амоксициллин 500 мг 3 раза в день 7 дней")
        assert reasons(record, "medications") == ["allergy"]
        free = put(record, "allergies", "Не отягощён.")
        assert [allergy.denied for allergy in free.allergies] == [True]
        assert reasons(free, "medications") == []

    def test_an_allergy_added_by_hand_meets_a_dictated_drug(self) -> None:
        after = put(hypertension(), "allergies", [{"substance": "пенициллин"}, {"substance": "лозартан"}])
        assert reasons(after, "medications") == ["allergy"]
        assert [allergy.substance for allergy in after.allergies] == ["пенициллин", "лозартан"]
        assert after.fields["allergies"] == hypertension().fields["allergies"]


class TestAList:
    def test_of_plain_lines_is_read(self) -> None:
        after = put(hypertension(), "medications", "Лозартан 100 мг утром\nаторвастатин 20 мг на ночь")
        assert [
            (drug.name, drug.dose, drug.unit, drug.evidence) for drug in after.fields["medications"].value or []
        ] == [("лозартан", 100, "мг", []), ("аторвастатин", 20, "мг", [])]

    def test_a_line_that_says_nothing_known_stays_in_its_own_words(self) -> None:
        diagnosis = put(hypertension(), "diagnosis", "Абракадабрит")
        assert [each.text for each in diagnosis.fields["diagnosis"].value or []] == ["Абракадабрит"]
        assert reasons(diagnosis, "diagnosis") == ["no-code"]
        drug = put(hypertension(), "medications", "неведомое")
        assert reasons(drug, "medications") == ["unknown-drug"]
        ordered = put(hypertension(), "examinations", ["Осмотр неведомого"])
        assert [each.text for each in ordered.fields["examinations"].value or []] == ["Осмотр неведомого"]

    def test_a_role_that_is_typed_before_a_diagnosis_is_its_role(self) -> None:
        after = put(hypertension(), "diagnosis", ["Основной: острый бронхит", "Осложнение: ХСН"])
        assert [(each.text, each.role) for each in after.fields["diagnosis"].value or []] == [
            ("Острый бронхит", "main"),
            ("ХСН", "complication"),
        ]
        assert reasons(after, "diagnosis") == []
        (other,) = put(hypertension(), "diagnosis", "Нечто: ХСН").fields["diagnosis"].value or []
        assert "Нечто" in other.text
        assert other.status == "check"

    def test_words_that_no_part_holds_stay_with_the_prescription(self) -> None:
        after = put(hypertension(), "medications", "Лозартан 50 мг утром, соблюдать диету")
        (drug,) = after.fields["medications"].value or []
        assert "соблюдать диету" in drug.text
        assert reasons(after, "medications") == ["not-structured"]

    def test_an_item_that_stayed_keeps_its_place_and_its_doubts(self) -> None:
        before = hypertension()
        (dictated_one,) = before.fields["medications"].value or []
        told = dictated_one.model_dump(mode="json")
        after = put(before, "medications", [told, "аторвастатин 20 мг на ночь"])
        first, second = after.fields["medications"].value or []
        assert first == dictated_one
        assert (second.name, second.evidence) == ("аторвастатин", [])

    def test_a_chosen_code_in_either_alphabet_gets_its_title(self) -> None:
        (told,) = hypertension().fields["diagnosis"].value or []
        item = told.model_dump(mode="json") | {"icd10": "і15.9"}
        after = put(hypertension(), "diagnosis", [item], chosen=True)
        (now,) = after.fields["diagnosis"].value or []
        assert (now.icd10, now.text) == ("I15.9", told.text)
        assert now.evidence == told.evidence
        assert after.review.changes[0].chosen

    def test_a_changed_code_does_not_keep_the_title_of_the_one_before(self) -> None:
        (told,) = hypertension().fields["diagnosis"].value or []
        after = put(hypertension(), "diagnosis", [told.model_dump(mode="json") | {"icd10": "Z99.9"}])
        (now,) = after.fields["diagnosis"].value or []
        # ICD-10, WHO 2019: Z99.9; no Russian title ships with the program.
        assert (now.icd10, now.title) == ("Z99.9", "Dependence on unspecified enabling machine and device")

    def test_a_code_that_nobody_knows_and_one_twice_are_doubtful(self) -> None:
        after = put(hypertension(), "diagnosis", [{"text": "Кашель", "icd10": "U99.9", "role": "main"}])
        assert reasons(after, "diagnosis") == ["unknown-code"]
        twice = [{"text": text, "icd10": "R05", "role": "main"} for text in ("Кашель", "Сухой кашель")]
        assert "duplicate" in reasons(put(hypertension(), "diagnosis", twice), "diagnosis")

    def test_a_diagnosis_of_the_other_sex_is_doubtful(self) -> None:
        after = put(hypertension(), "diagnosis", [{"text": "Беременность", "icd10": "Z34.0", "role": "main"}])
        assert "sex-mismatch" in reasons(after, "diagnosis")

    @pytest.mark.parametrize(
        ("changed", "expected"),
        [
            ({"dose": 100}, []),
            ({"dose": 5000}, ["unusual-dose"]),
            ({"dose": -50}, ["unusual-dose"]),
            ({"unit": "пуд"}, ["unusual-unit"]),
            ({"unit": None}, ["no-unit"]),
            ({"dose": None, "unit": None}, ["no-dose"]),
            ({"name": "неведомин", "said": "неведомин"}, ["unknown-drug"]),
            ({"times_per_day": None}, ["uncertain"]),
        ],
    )
    def test_the_parts_of_a_prescription_are_checked(self, changed: dict[str, Any], expected: list[str]) -> None:
        (told,) = hypertension().fields["medications"].value or []
        item = {key: part for key, part in told.model_dump(mode="json").items() if key != "text"} | changed
        after = put(hypertension(), "medications", [item])
        assert [code for code in reasons(after, "medications") if code != "contradiction"] == expected

    def test_its_words_follow_its_parts_where_they_are_left_out(self) -> None:
        item = {
            "name": "лозартан",
            "form": "таблетка",
            "dose": 2.5,
            "unit": "мг",
            "times_per_day": 2,
            "duration_days": 7,
        }
        (drug,) = put(hypertension(), "medications", [item]).fields["medications"].value or []
        assert drug.text == "лозартан таблетка 2,5 мг 2 раза в день 7 дн."

    def test_words_that_say_another_amount_are_doubtful(self) -> None:
        item = {
            "name": "лозартан",
            "dose": 100,
            "unit": "мг",
            "times_per_day": 1,
            "text": "Лозартан 50 мг 1 раз в день",
        }
        assert reasons(put(hypertension(), "medications", [item]), "medications") == ["contradiction"]

    def test_of_findings_is_set_as_a_whole(self) -> None:
        after = put(hypertension(), "findings", [{"text": "тошнота", "status": "absent"}, "кашель"])
        assert [(each.text, each.status, bool(each.evidence)) for each in after.findings] == [
            ("тошнота", "absent", True),
            ("кашель", "present", False),
        ]


class TestMoreThatWasDictatedSince:
    """The same dictation filled again with another temperature, complaint and diagnosis."""

    def test_stands_beside_the_value_set_by_hand(self) -> None:
        first = CLINIC.record(_heard(TEXT_FIRST), Context.model_validate(CONTEXT))
        edited = put(put(first, "temperature", 37.0), "diagnosis", "Острый бронхит")
        edited = put(edited, "complaints", "Насморк.")
        later = CLINIC.record(
            _heard(TEXT_SINCE), Context.model_validate(CONTEXT), identifier=first.id, created=first.created
        )
        now = reapplied(later, edited.review, FORM)
        assert now.fields["temperature"].value == 37.0
        assert "dictated-since" in reasons(now, "temperature")
        assert {36.6, 38.1} & {other.value for other in now.fields["temperature"].alternatives} >= {38.1}
        assert now.fields["complaints"].value == "Насморк."
        assert "dictated-since" in reasons(now, "complaints")
        assert later.fields["complaints"].value in [other.value for other in now.fields["complaints"].alternatives]
        told = {each.text: [code.value for code in each.check] for each in now.findings}
        assert told["насморк"] == []
        assert told["слабость"] == ["dictated-since"]
        # What was not dictated into since stays as it was set.
        assert reasons(now, "diagnosis") == []
        assert dictated(now) == later

    def test_is_settled_by_setting_the_value_again(self) -> None:
        first = CLINIC.record(_heard(TEXT_FIRST), Context.model_validate(CONTEXT))
        later = CLINIC.record(_heard(TEXT_SINCE), Context.model_validate(CONTEXT))
        now = put(reapplied(later, put(first, "temperature", 37.0).review, FORM), "temperature", 37.0)
        assert "dictated-since" not in reasons(now, "temperature")


TEXT_FIRST = "Жалобы на кашель. Объективно. Температура 36,6. Диагноз. Острый бронхит."
TEXT_SINCE = TEXT_FIRST + " Жалобы на слабость. Объективно. Температура 38,1."


def _heard(text: str) -> Heard:
    return Heard("microphone", heard(text).transcript, ModelInfo("whisper", "whisper-base", None), 10.0, 0.0)


class TestAContext:
    def test_warns_of_a_wrong_number_and_is_taken_back(self) -> None:
        record = hypertension()
        patient = {"iin": "800517300128", "name": "Иванов И. И."}
        after = with_context(record, FORM, Context.model_validate({"patient": patient}), BY, AT)
        assert [(each.reason.value, each.text) for each in after.notices] == [("iin-invalid", "800517300128")]
        assert after.context.patient.name == "Иванов И. И."
        right = with_context(after, FORM, record.context, BY, AT)
        assert right == record

    def test_revert_gives_the_first_one_back(self) -> None:
        other = Context.model_validate({"patient": {"name": "Сейтов"}})
        assert revert(with_context(hypertension(), FORM, other, BY, AT), FORM, "context") == hypertension()
