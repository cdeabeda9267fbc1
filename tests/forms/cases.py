"""A visit for hypertension, its facts placed by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

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
from dictation.forms.context import Context
from dictation.forms.filler import fill
from dictation.forms.questionnaire import Form, load_form
from dictation.forms.record import Record
from dictation.language.written import Written
from dictation.speech.recogniser import ModelInfo
from tests.forms.visits import doc_of, heard, place

TEXT = (
    "Жалобы на головную боль. Тошноты нет. Аллергия. На пенициллин сыпь. Объективно. Температура 36,6, "
    "давление 160/95, пульс 82 в минуту. Диагноз. Артериальная гипертензия 2 степени. Назначено. Лозартан 50 мг "
    "внутрь 1 раз в день. Обследование. Липидный спектр. Явка через 10 дней."
)
CONTEXT: dict[str, Any] = {
    "patient": {"iin": "800517300127", "name": "Иванов И. И.", "birth_date": "1980-05-17", "sex": "male"},
    "visit": {"id": "17", "date": "2026-11-22", "practitioner": "Петрова А. Б."},
}
IDENTIFIER = UUID("5b0c4b8e-9d44-4f63-8a37-2f1f7a1d9c11")
CREATED = datetime(2026, 11, 22, 15, 6, tzinfo=UTC)
MODEL = ModelInfo("whisper", "whisper-base", "d01c")


def facts_of(given: Written) -> list[Fact]:
    """What a clinical pipeline should find in TEXT."""

    def at(phrase: str) -> tuple[int, int]:
        return place(given, phrase)

    title = "Эссенциальная [первичная] гипертензия"
    return [
        Section(*at("головную боль. Тошноты нет."), kind="complaints", heading=2),
        Section(*at("На пенициллин сыпь."), kind="allergies", heading=2),
        Section(*at("Температура 36,6, давление 160/95, пульс 82 в минуту."), kind="objective", heading=2),
        Section(*at("Артериальная гипертензия 2 степени."), kind="diagnosis", heading=2),
        Section(*at("Лозартан 50 мг внутрь 1 раз в день."), kind="treatment", heading=2),
        Section(*at("Липидный спектр."), kind="examinations", heading=2),
        Section(*at("через 10 дней."), kind="follow-up", heading=1),
        Measurement(*at("Температура 36,6"), kind="temperature", value=36.6, unit="Cel"),
        Measurement(*at("давление 160/95"), kind="systolic", value=160.0, unit="mm[Hg]"),
        Measurement(*at("давление 160/95"), kind="diastolic", value=95.0, unit="mm[Hg]"),
        Measurement(*at("пульс 82 в минуту"), kind="heart-rate", value=82.0, unit="/min", unit_said=True),
        Diagnosis(
            *at("Артериальная гипертензия 2 степени"),
            text="Артериальная гипертензия 2 степени",
            icd10="I10",
            title=title,
            candidates=(Candidate("I10", title, 0.91), Candidate("I15.9", "Вторичная гипертензия", 0.4)),
        ),
        Medication(
            *at("Лозартан 50 мг внутрь 1 раз в день"),
            name="лозартан",
            said="Лозартан",
            dose=50.0,
            unit="мг",
            route="внутрь",
            times_per_day=1.0,
        ),
        Examination(*at("Липидный спектр"), text="липидный спектр"),
        FollowUp(*at("через 10 дней"), text="через 10 дней"),
        Finding(*at("головную боль"), text="головная боль"),
        Finding(*at("Тошноты нет"), text="тошнота", status="absent", cue="нет"),
        Allergy(*at("На пенициллин сыпь"), substance="пенициллин", classes=("пенициллин",), reaction="сыпь"),
    ]


def filled(
    given: Written, found: list[Fact], context: dict[str, Any] | None = None, form: Form | None = None, **more: Any
) -> Record:
    """A record of given facts, with a fixed identifier and time."""
    return fill(
        form or load_form("052u-visit"),
        given,
        doc_of(given, found),
        source="visit.opus",
        language="ru",
        context=Context.model_validate(context or {}),
        identifier=IDENTIFIER,
        created=CREATED,
        **more,
    )


def hypertension(context: dict[str, Any] | None = None) -> Record:
    """TEXT as it was heard, with all of its facts."""
    given = heard(TEXT)
    return filled(given, facts_of(given), CONTEXT if context is None else context, recogniser=MODEL)


def reasons(record: Record, key: str) -> list[str]:
    """The codes of a field's reasons."""
    return [reason.value for reason in record.fields[key].reasons]
