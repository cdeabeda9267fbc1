"""Each check by the least that sets it off, and the least like it that must not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dictation.clinical.facts import (
    Allergy,
    Diagnosis,
    Examination,
    Fact,
    FollowUp,
    Measurement,
    Medication,
    Section,
)
from dictation.forms.reasons import Reason
from dictation.forms.record import Record
from dictation.language.written import Edit
from tests.forms.cases import filled, reasons
from tests.forms.visits import place, written

MAN = {"patient": {"sex": "male", "birth_date": "1980-05-17"}, "visit": {"date": "2026-11-22"}}
WOMAN = {"patient": {"sex": "female", "birth_date": "1980-05-17"}, "visit": {"date": "2026-11-22"}}
BABY = {"patient": {"birth_date": "2026-05-17"}, "visit": {"date": "2026-11-22"}}


def measured(text: str, kind: str, value: float, unit: str, **more: Any) -> Record:
    """One measurement that takes up the whole text."""
    given = written(text)
    fact = Measurement(0, len(given.tokens), kind=kind, value=value, unit=unit)
    return filled(given, [Section(0, len(given.tokens), kind="objective"), fact], **more)


class TestMeasurements:
    @pytest.mark.parametrize(
        ("context", "value", "expected"),
        [
            (MAN, 140.0, []),
            (BABY, 60.0, ["out-of-range"]),
            (BABY, 140.0, []),
            ({}, 60.0, []),
            ({}, 400.0, ["out-of-range"]),
        ],
    )
    def test_plausible_for_the_age(self, context: dict[str, Any], value: float, expected: list[str]) -> None:
        record = measured("пульс столько", "heart-rate", value, "/min", context=context)
        assert reasons(record, "heart-rate") == expected

    @pytest.mark.parametrize(
        ("context", "said", "value", "expected"),
        [
            ({}, "рост столько", 85.0, ["out-of-range"]),
            ({}, "рост столько", 185.0, []),
            (MAN, "рост столько", 85.0, ["out-of-range"]),
            # A child is spoken of.
            ({}, "рост столько , ребёнок активный", 85.0, []),
            ({}, "рост столько , жалобы со слов матери", 85.0, []),
            ({}, "рост столько , мать здорова", 85.0, ["out-of-range"]),
            (MAN, "рост столько , ребёнок здоров", 85.0, ["out-of-range"]),
        ],
    )
    def test_a_patient_of_unknown_age_is_grown_unless_a_child_is_spoken_of(
        self, context: dict[str, Any], said: str, value: float, expected: list[str]
    ) -> None:
        record = measured(said, "height", value, "cm", context=context)
        assert reasons(record, "height") == expected

    @pytest.mark.parametrize(("upper", "lower", "doubted"), [(120, 80, False), (80, 120, True), (90, 90, True)])
    def test_lower_pressure_is_lower(self, upper: int, lower: int, doubted: bool) -> None:
        given = written("давление такое")
        facts: list[Fact] = [
            Section(0, 2, kind="objective"),
            Measurement(0, 2, kind="systolic", value=float(upper), unit="mm[Hg]"),
            Measurement(0, 2, kind="diastolic", value=float(lower), unit="mm[Hg]"),
        ]
        record = filled(given, facts)
        assert ("contradiction" in reasons(record, "systolic")) is doubted
        assert ("contradiction" in reasons(record, "diastolic")) is doubted

    @pytest.mark.parametrize(
        ("height", "weight", "doubted"),
        [(162, 72.3, False), (62, 72.3, True), (77, 9.8, False), (175, 20.0, True), (50, 3.2, False)],
    )
    def test_height_and_weight_fit(self, height: float, weight: float, doubted: bool) -> None:
        given = written("рост вес")
        facts: list[Fact] = [
            Section(0, 2, kind="objective"),
            Measurement(0, 1, kind="height", value=float(height), unit="cm"),
            Measurement(1, 2, kind="weight", value=weight, unit="kg"),
        ]
        record = filled(given, facts)
        assert [("contradiction" in reasons(record, key)) for key in ("height", "weight")] == [doubted, doubted]

    def test_other_unit_than_the_forms(self) -> None:
        assert reasons(measured("вес такой", "weight", 70.0, "g"), "weight") == ["unit-mismatch"]

    def test_bare_number_is_shown_where_it_may_belong(self) -> None:
        """74 can be a pressure, the pulse, a saturation or the weight, but no breathing rate or height of a man."""
        given = written("Пуль 74, температура 36,6.")
        facts: list[Fact] = [
            Section(0, 6, kind="objective"),
            Measurement(*place(given, "температура 36,6"), kind="temperature", value=36.6, unit="Cel"),
        ]
        record = filled(given, facts, MAN)
        doubted = [key for key in record.fields if "unread-number" in reasons(record, key)]
        assert doubted == ["objective", "systolic", "diastolic", "heart-rate", "oxygen-saturation", "weight"]
        (unread,) = record.fields["heart-rate"].alternatives
        assert (unread.value, unread.evidence[0].start_char, unread.evidence[0].end_char) == (74, 5, 7)

    @pytest.mark.parametrize(("percent", "expected"), [(94, ["objective", "oxygen-saturation"]), (50, [])])
    def test_a_percentage_whose_name_was_not_heard(self, percent: int, expected: list[str]) -> None:
        """94 % can be a saturation, and nothing else of a visit; 50 % is none."""
        given = written(f"Сатрация {percent} %, отёков нет.")
        record = filled(given, [Section(0, len(given.tokens), kind="objective")], MAN)
        assert [key for key in record.fields if "unread-number" in reasons(record, key)] == expected

    @pytest.mark.parametrize(
        ("subject", "value", "expected"),
        [("past", 30.0, ["out-of-range"]), ("home", 30.0, ["out-of-range"]), ("past", 38.5, []), ("birth", 30.0, [])],
    )
    def test_a_value_of_a_history_that_nobody_has(self, subject: str, value: float, expected: list[str]) -> None:
        """34.5 to 41.5 °C (measurements.yaml); what is told of birth is of no grown patient."""
        given = written("Температура до 30 дома")
        fact = Measurement(0, 3, kind="temperature", value=value, unit="Cel", subject=subject)
        record = filled(given, [Section(0, 4, kind="complaints"), fact], MAN)
        assert reasons(record, "complaints") == expected
        assert record.fields["temperature"].status == "empty"

    @pytest.mark.parametrize(
        "text", ["тяж 12 см плотный.", "слева с 45°, сила.", "стадия 2 процесса.", "12, вот так."]
    )
    def test_number_that_counts_something_else(self, text: str) -> None:
        given = written(text)
        record = filled(given, [Section(0, len(given.tokens), kind="objective")])
        assert [key for key in record.fields if "unread-number" in reasons(record, key)] == []

    def test_numbers_outside_the_examination_are_left_alone(self) -> None:
        record = filled(written("заболел в 74."), [Section(0, 4, kind="anamnesis-morbi")])
        assert reasons(record, "heart-rate") == []


class TestPrescriptions:
    @pytest.mark.parametrize(
        ("allergen", "drug", "doubted"),
        [
            ("пенициллин", "амоксициллин", True),
            ("пенициллин", "амоксициллин + клавулановая кислота", True),
            ("лозартан", "лозартан", True),
            ("лориста", "лозартан", True),
            ("пенициллин", "лозартан", False),
            ("пыльца полыни", "амоксициллин", False),
        ],
    )
    def test_drug_that_meets_an_allergy(self, allergen: str, drug: str, doubted: bool) -> None:
        given = written("аллергия назначено")
        facts: list[Fact] = [
            Section(0, 1, kind="allergies"),
            Allergy(0, 1, substance=allergen, classes=(allergen,)),
            Medication(1, 2, name=drug, said=drug),
        ]
        assert ("allergy" in reasons(filled(given, facts), "medications")) is doubted

    def test_denied_allergy_meets_nothing(self) -> None:
        given = written("аллергия назначено")
        facts: list[Fact] = [
            Section(0, 1, kind="allergies"),
            Allergy(0, 1, substance="лозартан", denied=True),
            Medication(1, 2, name="лозартан", said="лозартан"),
        ]
        assert reasons(filled(given, facts), "medications") == []

    def test_drug_named_as_allergen_by_the_medication_reader(self) -> None:
        given = written("на лозартан сыпь назначено лозартан")
        facts: list[Fact] = [
            Section(0, 3, kind="allergies"),
            Medication(1, 2, name="лозартан", said="лозартан", intent="allergy"),
            Medication(3, 5, name="лозартан", said="лозартан"),
        ]
        assert reasons(filled(given, facts), "medications") == ["allergy"]


class TestDiagnoses:
    def coded(self, *codes: str | None, context: dict[str, Any] | None = None) -> Record:
        given = written(" ".join(["диагноз"] * len(codes)))
        return filled(given, [Diagnosis(i, i + 1, text="диагноз", icd10=c) for i, c in enumerate(codes)], context)

    def test_without_a_code(self) -> None:
        assert reasons(self.coded(None), "diagnosis") == ["no-code"]

    def test_a_correction_that_was_not_carried_out(self) -> None:
        given = written("Стенокардия класс 2 нет 3")
        record = filled(given, [Diagnosis(0, 5, text="Стенокардия класс 2 нет 3", icd10="I20.8")])
        assert reasons(record, "diagnosis") == ["doubtful-command"]

    def test_the_same_code_twice(self) -> None:
        first, second = self.coded("I10", "I10").fields["diagnosis"].value
        assert (first.reasons, second.reasons) == ([], [Reason.DUPLICATE])

    @pytest.mark.parametrize(
        ("code", "context", "expected"),
        [
            ("O24.4", MAN, ["sex-mismatch"]),
            ("N40", WOMAN, ["sex-mismatch"]),
            ("N40", MAN, []),
            ("O24.4", WOMAN, []),
            ("N40", {}, []),
            ("P07.3", MAN, ["age-mismatch"]),
            ("P07.3", BABY, []),
        ],
    )
    def test_sex_and_age(self, code: str, context: dict[str, Any], expected: list[str]) -> None:
        assert reasons(self.coded(code, context=context), "diagnosis") == expected

    def test_words_of_the_other_sex(self) -> None:
        given = written("Простата увеличена. У матери рак матки.")
        facts: list[Fact] = [Section(0, 3, kind="objective"), Section(3, 8, kind="anamnesis-vitae")]
        assert reasons(filled(given, facts, WOMAN), "objective") == ["sex-mismatch"]
        assert reasons(filled(given, facts, MAN), "objective") == []
        assert reasons(filled(given, facts, MAN), "anamnesis-vitae") == []

    def test_examination_of_the_other_sex(self) -> None:
        given = written("УЗИ матки")
        record = filled(given, [Examination(0, 2, text="УЗИ матки")], MAN)
        assert reasons(record, "examinations") == ["sex-mismatch"]


class TestPatientNumber:
    @pytest.mark.parametrize(
        ("patient", "expected"),
        [
            ({"iin": "800517300127"}, []),
            ({"iin": "800517300127", "birth_date": "1980-05-17", "sex": "male"}, []),
            ({"iin": "800517300126"}, [Reason.IIN_INVALID]),
            ({"iin": "8005"}, [Reason.IIN_INVALID]),
            ({"iin": "800517300127", "birth_date": "1980-05-18"}, [Reason.IIN_MISMATCH]),
            ({"iin": "800517300127", "sex": "female"}, [Reason.IIN_MISMATCH]),
            ({}, []),
        ],
    )
    def test_number(self, patient: dict[str, Any], expected: list[Reason]) -> None:
        record = filled(written(""), [], {"patient": patient})
        assert [notice.reason for notice in record.notices] == expected


class TestCoverage:
    def test_words_before_the_first_heading(self) -> None:
        given = written("Сдал анализы вчера. Жалобы на кашель.")
        record = filled(given, [Section(*place(given, "кашель."), kind="complaints", heading=2)])
        complaints = record.fields["complaints"]
        assert complaints.reasons == [Reason.UNREAD_TEXT]
        (unread,) = complaints.alternatives
        assert unread.value == "Сдал анализы вчера"
        (evidence,) = unread.evidence
        assert (evidence.start_char, evidence.end_char) == (0, 18)

    def test_words_that_mean_nothing_alone(self) -> None:
        given = written("Пациентка. Жалобы на кашель.")
        assert filled(given, [Section(*place(given, "кашель."), kind="complaints", heading=2)]).notices == []

    def test_section_that_the_form_does_not_have(self) -> None:
        given = written("эпиданамнез контакт с корью")
        record = filled(given, [Section(1, 4, kind="epidemiology", heading=1)])
        assert [(n.reason, n.text) for n in record.notices] == [(Reason.UNPLACED_TEXT, "контакт с корью")]

    def test_rest_of_a_treatment_is_shown_at_the_prescriptions(self) -> None:
        given = written("Назначено. Лозартан 50 мг, стол номер 10.")
        facts: list[Fact] = [
            Section(*place(given, "Лозартан 50 мг, стол номер 10."), kind="treatment", heading=2),
            Medication(*place(given, "Лозартан 50 мг"), name="лозартан", said="Лозартан", dose=50.0, unit="мг"),
        ]
        field = filled(given, facts).fields["medications"]
        assert (field.status, field.reasons) == ("check", [Reason.UNREAD_TEXT])
        assert field.value[0].status == "ok"
        (unread,) = field.alternatives
        assert unread.value == "стол номер 10"
        assert (unread.evidence[0].start_char, unread.evidence[0].end_char) == (27, 40)

    def test_section_of_which_nothing_was_understood(self) -> None:
        given = written("Диагноз. Непонятная хворь.")
        record = filled(given, [Section(*place(given, "Непонятная хворь."), kind="diagnosis", heading=2)])
        field = record.fields["diagnosis"]
        assert (field.value, field.status, field.reasons) == (None, "check", [Reason.UNREAD_TEXT])

    def test_fact_that_takes_all_leaves_nothing(self) -> None:
        given = written("Явка. Через 10 дней.")
        facts: list[Fact] = [
            Section(*place(given, "Через 10 дней."), kind="follow-up", heading=2),
            FollowUp(*place(given, "Через 10 дней"), text="через 10 дней"),
        ]
        record = filled(given, facts)
        assert (record.fields["follow-up"].status, record.notices) == ("ok", [])

    def test_negation_swallowed_by_a_heading(self) -> None:
        given = written("Рекомендую не поднимать тяжести.")
        record = filled(given, [Section(2, 5, kind="recommendations", heading=2)])
        assert reasons(record, "recommendations") == ["unread-text"]
        assert [other.value for other in record.fields["recommendations"].alternatives] == ["Рекомендую не"]

    def test_allergies_of_which_nothing_was_understood(self) -> None:
        given = written("на что-то было")
        section = Section(0, 3, kind="allergies")
        assert reasons(filled(given, [section]), "allergies") == ["not-understood"]
        assert reasons(filled(given, [section, Allergy(0, 3, denied=True)]), "allergies") == []

    def test_allergies_told_in_another_section(self) -> None:
        given = written("насморк при аллергии на пыльцу")
        facts = [Section(0, 5, kind="anamnesis-morbi"), Allergy(2, 5, substance="пыльца")]
        field = filled(given, facts).fields["allergies"]
        assert (field.status, field.value, [a.value for a in field.alternatives]) == (
            "check",
            None,
            ["аллергии на пыльцу"],
        )
        assert field.reasons == [Reason.ALLERGY_ELSEWHERE]

    def test_a_drug_told_as_an_allergen_in_another_section(self) -> None:
        given = written("сыпь от лозартан")
        facts = [
            Section(0, 3, kind="anamnesis-morbi"),
            Medication(2, 3, name="лозартан", said="лозартан", intent="allergy"),
        ]
        assert reasons(filled(given, facts), "allergies") == ["allergy-elsewhere"]

    def test_command_that_was_not_carried_out(self) -> None:
        given = replace(written("кашель удали последнее"), edits=(Edit("delete", 7, 22, done=False),))
        record = filled(given, [Section(0, 3, kind="complaints")])
        assert [(n.reason, n.text) for n in record.notices] == [(Reason.UNDONE_COMMAND, "удали последнее")]


class TestTextsInDoubt:
    def test_the_text_around_an_implausible_value_is_in_doubt_too(self) -> None:
        record = measured("рост 16 см", "height", 16.0, "cm", context=MAN)
        assert reasons(record, "height") == ["out-of-range"]
        assert reasons(record, "objective") == ["out-of-range"]

    def test_the_text_around_a_sound_value_is_not(self) -> None:
        record = measured("рост 176 см", "height", 176.0, "cm", context=MAN)
        assert reasons(record, "objective") == []

    def test_another_text_of_the_same_visit_is_not(self) -> None:
        given = written("болеет 2 дня рост 16 см")
        facts: list[Fact] = [
            Section(0, 3, kind="complaints"),
            Section(3, 6, kind="objective"),
            Measurement(3, 6, kind="height", value=16.0, unit="cm"),
        ]
        record = filled(given, facts, context=MAN)
        assert reasons(record, "complaints") == []
        assert reasons(record, "objective") == ["out-of-range"]


class TestStrays:
    """Headings that were not heard: what they open stays in the examination, and its own field is empty."""

    @pytest.mark.parametrize(
        ("text", "kind", "expected"),
        [
            ("Хрипов нет. Диагноз остры бронхит.", "objective", ["diagnosis"]),
            ("Хрипов нет. Дротаверин 40 мг при болях.", "objective", ["medications"]),
            ("Диагноз выставлен в 2019 году, пила 40 мг.", "anamnesis-morbi", []),
            ("Пила 40 мг. Операций не было.", "anamnesis-vitae", []),
            ("Операций не было. Диагноз гастрит. Пила 40 мг.", "anamnesis-vitae", ["diagnosis", "medications"]),
            ("Хрипов нет. Отёков нет.", "objective", []),
        ],
    )
    def test_are_shown_where_they_are_missing(self, text: str, kind: str, expected: list[str]) -> None:
        given = written(text)
        record = filled(given, [Section(0, len(given.tokens), kind=kind)])
        assert [key for key in record.fields if "unread-text" in reasons(record, key)] == expected

    def test_the_sentence_is_told(self) -> None:
        given = written("Хрипов нет. Диагноз остры бронхит. Сон спокойный.")
        record = filled(given, [Section(0, len(given.tokens), kind="objective")])
        assert [told.value for told in record.fields["diagnosis"].alternatives] == ["Диагноз остры бронхит"]

    def test_not_where_the_field_is_filled(self) -> None:
        given = written("Хрипов нет. Диагноз остры бронхит.")
        found = [Section(0, 3, kind="objective"), Diagnosis(4, 6, text="остры бронхит", icd10="J20.9")]
        assert reasons(filled(given, found), "diagnosis") == []
