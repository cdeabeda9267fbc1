"""No dictated word is lost in silence: it stands in a field or a heading, was spoken to the program, or is shown."""

from __future__ import annotations

import re
from functools import cache

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from spacy.language import Language

from dictation.clinical.facts import Section, get
from dictation.clinical.pipeline import build, to_doc
from dictation.forms.alignment import Alignment
from dictation.forms.filler import fill
from dictation.forms.questionnaire import load_form
from dictation.forms.record import Evidence, Record
from dictation.grammar.checks import check_rules
from dictation.language.writer import Writer
from dictation.language.written import Written
from dictation.speech.transcript import Transcript

FORM = load_form("052u-visit")
WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")

HEADINGS = [
    "жалобы на", "анамнез заболевания", "анамнез жизни", "аллергоанамнез", "объективно", "диагноз", "сопутствующий",
    "осложнение", "назначено", "план обследования", "рекомендовано", "явка", "консультации", "анамнез", "из анамнеза",
]  # fmt: skip
PHRASES = [
    "головную боль", "кашля и насморка нет", "болеет неделю", "мать страдает астмой", "аллергию отрицает",
    "на пенициллин крапивница", "зев чистый", "симптом кернига отрицательный", "острый бронхит",
    "гипертоническая болезнь", "сахарный диабет второго типа", "лозартан пятьдесят миллиграмм утром",
    "общий анализ крови", "консультация окулиста", "обильное питьё", "через десять дней", "не курит",
    "давление сто двадцать на восемьдесят", "пульс семьдесят два", "температура тридцать шесть и шесть",
    "принимает эналаприл", "операций не было", "отёков нет", "алкоголь исключить", "в детстве болел корью",
    "пациентка сорока лет", "обратилась с жалобами на", "при осмотре", "осмотр в динамике", "больничный не нужен",
]  # fmt: skip
NUMBERS = ["семь", "сто пять", "две тысячи шестнадцатого года", "тридцать восемь и два", "двенадцать на семь"]
NOISE = ["короче", "стул стоит у окна", "эээ", "алло", "бубубу", "спасибо", "сирень", "не", "нет", "слева", "и", "на"]
COMMANDS = [
    "новая строка", "точка", "запятая", "удали последнее слово", "сотри последнее предложение", "отмена",
    "нет не слева а справа", "исправь слева на справа", "следующее поле",
]  # fmt: skip

AGE = "сорока"

fragments = st.lists(
    st.tuples(
        st.sampled_from([*HEADINGS, *HEADINGS, *PHRASES, *PHRASES, *NUMBERS, *NOISE, *COMMANDS]),
        st.sampled_from([" ", " ", ". ", ", "]),
    ),
    min_size=1,
    max_size=14,
)


@cache
def stages() -> tuple[Writer, Language]:
    return Writer("ru"), build("ru")


def lost(text: str) -> list[str]:
    """The words of a dictation that its record neither holds nor shows."""
    writer, nlp = stages()
    written = writer(Transcript.from_text(text))
    doc = nlp(to_doc(nlp, written))
    record = fill(FORM, written, doc, source=None, language="ru")
    held = [*held_by(record), *headings_of(written, get(doc, Section)), *written_marks(written)]
    covered = {i for place in held for i in range(place.start_char, place.end_char)}
    said = [m.group().lower() for m in WORD.finditer(written.transcript.text) if m.start() not in covered]
    # "Пациентка сорока лет" says who the patient is: that stands in the record's context.
    said = [word for word in said if word != AGE]
    removed = [word.lower() for edit in record.edits if edit.done for word in WORD.findall(edit.removed)]
    return [word for word in said if word not in check_rules("ru").idle and word not in removed]


def held_by(record: Record) -> list[Evidence]:
    """Where the values, the alternatives, the notices and the commands of a record were said."""
    found = []
    for field in record.fields.values():
        found += field.evidence
        found += [place for other in field.alternatives for place in other.evidence]
    found += [place for notice in record.notices for place in notice.evidence]
    return found + [place for edit in record.edits for place in edit.evidence]


def headings_of(written: Written, sections: list[Section]) -> list[Evidence]:
    alignment = Alignment(written)
    return [place for s in sections for place in alignment.evidence(s.start - s.heading, s.start)]


def written_marks(written: Written) -> list[Evidence]:
    """Spoken punctuation."""
    marks = [token for token in written.tokens if token.end > token.start and not WORD.search(token.text)]
    return [place for token in marks for place in Alignment(written).of_tokens([token])]


@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.too_slow])
@given(fragments)
@example([("жалобы на", " "), ("анамнез жизни", " "), ("аллергию отрицает", " "), ("объективно", " ")])
@example(
    [
        ("жалобы на", ", "),
        ("аллергоанамнез", " "),
        ("удали последнее слово", " "),
        ("анамнез заболевания", ". "),
        ("сотри последнее предложение", " "),
    ]
)
def test_every_word_is_held_or_shown(parts: list[tuple[str, str]]) -> None:
    text = "".join(said + mark for said, mark in parts)
    assert lost(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "жалобы на кашель. семь обратилась с жалобами на слабость",
        "стул стоит у окна",
        "явка сирень",
        "объективно сирень зев чистый. Бубубу",
    ],
)
def test_noise_is_held_or_shown(text: str) -> None:
    assert lost(text) == []
