"""The pipeline as spaCy sees it: its order, a Doc from written text, disk, bytes, processes."""

from __future__ import annotations

from pathlib import Path

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from dictation.clinical.facts import (
    Allergy,
    Diagnosis,
    Examination,
    Fact,
    Finding,
    FollowUp,
    Measurement,
    Medication,
    Section,
    get,
)
from dictation.clinical.pipeline import PAUSES, VALUES, build, to_doc
from dictation.errors import UsageError
from dictation.language.written import Token, Written
from dictation.speech.transcript import Transcript

NOTE = (
    "Жалобы на боль в горле, насморк. Кашля нет. Аллергоанамнез. На пенициллин сыпь. Объективно. Температура 37,8. "
    "Диагноз. Острый тонзиллит. Назначено. Ибупрофен 200 мг внутрь 2 раза в день 5 дней. План обследования. "
    "Общий анализ крови. Явка через 3 дня."
)
KINDS: tuple[type[Fact], ...] = (
    Section, Measurement, Medication, Diagnosis, Finding, Examination, Allergy, FollowUp,
)  # fmt: skip


def facts_of(doc: Doc) -> dict[str, list[Fact]]:
    return {kind.group: list(get(doc, kind)) for kind in KINDS}


def test_components_in_their_order(nlp: Language) -> None:
    assert nlp.pipe_names == [
        "med_lemmatizer",
        "med_sections",
        "med_measurements",
        "med_medications",
        "med_diagnoses",
        "med_findings",
        "med_assertions",
        "med_examinations",
        "med_allergies",
        "med_follow_up",
    ]


def test_unknown_language_says_which_there_are() -> None:
    with pytest.raises(UsageError, match="no rules for language 'xx'"):
        build("xx")


def test_every_kind_of_fact_is_found(nlp: Language) -> None:
    found = facts_of(nlp(NOTE))
    assert {group for group, facts in found.items() if not facts} == set()


def test_doc_has_the_tokens_of_the_written_text(nlp: Language) -> None:
    tokens = (
        Token("Температура", 0, 11, pause=True),
        Token("37,8", 12, 37, space=False, value=37.8),
        Token(".", 37, 37),
    )
    written = Written(Transcript.from_text("Температура тридцать семь и восемь"), tokens)
    doc = to_doc(nlp, written)
    assert [token.text for token in doc] == ["Температура", "37,8", "."]
    assert doc.text == "Температура 37,8. "
    assert doc.user_data[PAUSES] == [0]
    assert doc.user_data[VALUES] == [[1, 37.8]]


def test_facts_survive_bytes(nlp: Language) -> None:
    doc = nlp(NOTE)
    again = Doc(nlp.vocab).from_bytes(doc.to_bytes())
    assert facts_of(again) == facts_of(doc)


def test_disk_round_trip(nlp: Language, tmp_path: Path) -> None:
    nlp.to_disk(tmp_path / "model")
    again = spacy.load(tmp_path / "model")
    assert again.pipe_names == nlp.pipe_names
    assert facts_of(again(NOTE)) == facts_of(nlp(NOTE))


def test_pipeline_survives_bytes(nlp: Language) -> None:
    again = spacy.blank("ru", config=nlp.config).from_bytes(nlp.to_bytes())
    assert facts_of(again(NOTE)) == facts_of(nlp(NOTE))


def test_two_processes_find_what_one_does(nlp: Language) -> None:
    texts = [NOTE, "Рвоты нет.", ""] * 2
    assert [facts_of(doc) for doc in nlp.pipe(texts, n_process=2)] == [facts_of(nlp(text)) for text in texts]


@pytest.mark.parametrize("component", range(10))
def test_every_component_bears_an_empty_text(nlp: Language, component: int) -> None:
    doc = nlp.make_doc("")
    for _, pipe in nlp.pipeline[: component + 1]:
        doc = pipe(doc)
    assert len(doc) == 0


def test_plain_text_is_split_as_written_text() -> None:
    nlp = spacy.blank("ru", config={"nlp": {"tokenizer": {"@tokenizers": "med_tokenizer"}}})
    assert [token.text for token in nlp("АД 160/95, 8,4% 2-й день.")] == [
        "АД", "160/95", ",", "8,4", "%", "2-й", "день", ".",
    ]  # fmt: skip
