"""What a doctor says by hand holds, and what he has not yet decided about is not lost by it."""

from __future__ import annotations

from typing import Any

import pytest

from dictation.errors import UsageError
from dictation.forms.record import MedicationField, Record
from dictation.forms.review import confirm, open_names, reapplied
from tests.forms.cases import hypertension, reasons
from tests.forms.hands import AT, FORM, put


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


class TestAnOffer:
    """Prescriptions edited by hand, and two more dictated since."""

    def test_that_is_taken_leaves_the_others_open(self) -> None:
        now = prescribed_since()
        assert (drugs(now), offers(now)) == (["Лозартан 100 мг"], ["Аспирин 75 мг", "Метформин 500 мг"])
        one = put(now, "medications", [*told(now), "Аспирин 75 мг"], chosen=True)
        assert (drugs(one), offers(one)) == (["Лозартан 100 мг", "Аспирин 75 мг"], ["Метформин 500 мг"])
        assert "dictated-since" in reasons(one, "medications")
        assert open_names(one) == ["medications"]
        both = put(one, "medications", [*told(one), "Метформин 500 мг"], chosen=True)
        assert drugs(both) == ["Лозартан 100 мг", "Аспирин 75 мг", "Метформин 500 мг"]
        assert (offers(both), "dictated-since" in reasons(both, "medications")) == ([], False)

    def test_that_was_taken_and_changed_is_not_offered_again(self) -> None:
        now = prescribed_since()
        one = put(now, "medications", [*told(now), "Аспирин 75 мг"], chosen=True)
        less = put(one, "medications", ["Лозартан 100 мг"])
        assert (drugs(less), offers(less)) == (["Лозартан 100 мг"], ["Метформин 500 мг"])

    def test_outlives_another_edit_until_it_is_confirmed_to_stay_out(self) -> None:
        other = put(prescribed_since(), "medications", ["Лозартан 25 мг"])
        assert offers(other) == ["Аспирин 75 мг", "Метформин 500 мг"]
        settled = confirm(other, FORM, "medications", "Петрова А. Б.", AT)
        assert open_names(settled) == []
        after = put(settled, "medications", ["Лозартан 12,5 мг"])
        assert (drugs(after), offers(after)) == (["Лозартан 12,5 мг"], [])


def prescribed_since() -> Record:
    """Losartan set to 100 mg by hand; aspirin and metformin dictated then."""
    first = hypertension()
    dictated = first.fields["medications"]
    assert isinstance(dictated, MedicationField)
    (losartan,) = dictated.value
    more = [
        losartan.model_copy(update={"text": text, "name": name, "said": name, "dose": dose})
        for text, name, dose in [("Аспирин 75 мг", "аспирин", 75), ("Метформин 500 мг", "метформин", 500)]
    ]
    field = dictated.model_copy(update={"value": [losartan, *more]})
    since = first.model_copy(update={"fields": {**first.fields, "medications": field}})
    return reapplied(since, put(first, "medications", ["Лозартан 100 мг"]).review, FORM)


def told(record: Record, key: str = "medications") -> list[dict[str, Any]]:
    value: list[dict[str, Any]] = record.fields[key].model_dump(mode="json")["value"] or []
    return value


def drugs(record: Record) -> list[str]:
    return [each["text"] for each in told(record)]


def offers(record: Record) -> list[float | int | str]:
    return [each.value for each in record.fields["medications"].alternatives]


class TestADiagnosis:
    """Dictated: "Артериальная гипертензия 2 степени", I10."""

    def test_with_other_words_and_the_code_of_the_old_ones_is_doubtful(self) -> None:
        first = hypertension()
        (dictated,) = told(first, "diagnosis")
        other = put(first, "diagnosis", [dictated | {"text": "Сахарный диабет 2 типа"}])
        assert codes(other) == [("Сахарный диабет 2 типа", "I10", ["contradiction"])]
        assert open_names(other) == ["diagnosis"]
        again = put(other, "diagnosis", [told(other, "diagnosis")[0] | {"role": "comorbid"}])
        assert codes(again) == [("Сахарный диабет 2 типа", "I10", ["contradiction"])]

    def test_with_other_words_for_the_same_disease_is_not(self) -> None:
        (dictated,) = told(hypertension(), "diagnosis")
        for text in ("Артериальная гипертензия 3 степени", "Гипертоническая болезнь"):
            now = put(hypertension(), "diagnosis", [dictated | {"text": text}])
            assert codes(now) == [(text, "I10", [])]

    def test_whose_code_came_with_the_words_is_the_doctors_own(self) -> None:
        (dictated,) = told(hypertension(), "diagnosis")
        now = put(hypertension(), "diagnosis", [dictated | {"text": "Сахарный диабет 2 типа", "icd10": "Z86.3"}])
        assert codes(now) == [("Сахарный диабет 2 типа", "Z86.3", [])]
        now = put(hypertension(), "diagnosis", [dictated | {"icd10": "Z86.3"}])
        assert codes(now) == [("Артериальная гипертензия 2 степени", "Z86.3", [])]


def codes(record: Record) -> list[tuple[str, str, list[str]]]:
    return [(each["text"], each["icd10"], each["reasons"]) for each in told(record, "diagnosis")]


class TestAnAllergy:
    """Dictated: "Аллергия. На пенициллин сыпь."; amoxicillin prescribed by hand."""

    def test_that_the_text_tells_and_the_list_does_not_is_doubtful_and_still_guards(self) -> None:
        record = put(hypertension(), "medications", "Амоксициллин 500 мг 3 раза в день 7 дней")
        assert reasons(record, "medications") == ["allergy"]
        for listed in ([], [{"substance": "лидокаин"}], [{"denied": True}]):
            now = put(record, "allergies", listed)
            assert (reasons(now, "allergies"), reasons(now, "medications")) == (["contradiction"], ["allergy"])
            assert open_names(now) == ["allergies", "medications"]
            assert "пенициллин" not in [each.substance for each in now.allergies]

    def test_that_neither_tells_guards_no_more(self) -> None:
        record = put(hypertension(), "medications", "Амоксициллин 500 мг 3 раза в день 7 дней")
        now = put(put(record, "allergies", []), "allergies", "На лидокаин отёк.")
        assert (reasons(now, "allergies"), reasons(now, "medications")) == ([], [])

    def test_that_the_list_has_or_denies_by_name_is_decided(self) -> None:
        record = put(hypertension(), "medications", "Амоксициллин 500 мг 3 раза в день 7 дней")
        has = put(record, "allergies", [{"substance": "Пенициллины", "reaction": "отёк"}])
        assert (reasons(has, "allergies"), reasons(has, "medications")) == ([], ["allergy"])
        denies = put(record, "allergies", [{"substance": "пенициллин", "denied": True}])
        assert (reasons(denies, "allergies"), reasons(denies, "medications")) == ([], [])

    def test_that_another_text_tells_is_doubtful_there(self) -> None:
        record = put(put(hypertension(), "allergies", None), "complaints", "Кашель. Аллергия на лидокаин.")
        now = put(record, "allergies", [])
        assert reasons(now, "complaints") == ["contradiction"]


class TestAPrescription:
    """Dictated: "Лозартан 50 мг внутрь 1 раз в день"."""

    @pytest.mark.parametrize(
        "part",
        [
            {"route": "внутримышечно"},
            {"route": None},
            {"form": "сироп"},
            {"strength": "100 мг"},
            {"timing": "на ночь"},
            {"condition": "при болях"},
            {"as_needed": True},
        ],
    )
    def test_whose_words_are_kept_and_say_otherwise_is_doubtful(self, part: dict[str, Any]) -> None:
        (dictated,) = told(hypertension())
        now = put(hypertension(), "medications", [dictated | part])
        assert (drugs(now), reasons(now, "medications")) == ([dictated["text"]], ["contradiction"])

    def test_whose_words_say_the_same_is_not(self) -> None:
        (dictated,) = told(hypertension())
        now = put(
            hypertension(),
            "medications",
            [dictated | {"text": "Лозартан таблетки 50 мг внутрь 1 раз в день", "form": "таблетки"}],
        )
        assert reasons(now, "medications") == []

    def test_whose_words_follow_its_parts_is_not(self) -> None:
        (dictated,) = told(hypertension())
        now = put(hypertension(), "medications", [dictated | {"text": None, "timing": "на ночь", "form": "капсулы"}])
        assert drugs(now) == ["лозартан капсулы 50 мг внутрь 1 раз в день на ночь"]
        assert reasons(now, "medications") == []

    def test_with_parts_the_record_has_had_with_these_words_is_not(self) -> None:
        """Read at another time, in the whole of what was said."""
        first = hypertension()
        (dictated,) = told(first)
        odd = first.model_copy(
            update={
                "fields": {
                    **first.fields,
                    "medications": MedicationField.model_validate(
                        {"status": "ok", "value": [dictated | {"timing": "утром"}]}
                    ),
                }
            }
        )
        now = put(odd, "medications", [dictated | {"timing": "утром", "said": "лозартан"}])
        assert reasons(now, "medications") == []

    @pytest.mark.parametrize("part", ["dose", "times_per_day", "duration_days", "unit"])
    def test_takes_no_truth_for_a_number(self, part: str) -> None:
        (dictated,) = told(hypertension())
        with pytest.raises(UsageError, match=part):
            put(hypertension(), "medications", [dictated | {part: True}])
