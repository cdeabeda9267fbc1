"""Doubts about how it was heard, by the least that sets them off, and the least like it that must not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dictation.clinical.facts import (
    Diagnosis,
    Measurement,
    Medication,
    Section,
)
from dictation.grammar.checks import check_rules
from dictation.speech.recogniser import ModelInfo
from tests.forms.cases import filled, reasons
from tests.forms.visits import heard, with_token, written

VOSK = ModelInfo("vosk", "vosk-small", None)
WHISPER = ModelInfo("whisper", "base", None)


class TestHearing:
    DRUG = "лозартан 50 мг внутрь"

    def prescribed(self, confidence: dict[str, float], recogniser: ModelInfo = VOSK) -> list[str]:
        given = heard(self.DRUG, confidence)
        drug = Medication(0, 4, name="лозартан", said="лозартан", dose=50.0, unit="мг", route="внутрь")
        return reasons(filled(given, [drug], recogniser=recogniser), "medications")

    @pytest.mark.parametrize("word", ["лозартан", "50"])
    def test_name_and_dose_must_be_heard_well(self, word: str) -> None:
        assert self.prescribed({word: 0.49}) == ["low-confidence"]
        assert self.prescribed({word: 0.5}) == []

    def test_the_route_need_not(self) -> None:
        assert self.prescribed({"внутрь": 0.1}) == []

    def test_thresholds_are_those_of_the_engine(self) -> None:
        assert check_rules("ru").least("whisper", "number") == 0.45
        assert self.prescribed({"50": 0.46}, WHISPER) == []
        assert self.prescribed({"50": 0.44}, WHISPER) == ["low-confidence"]

    def test_words_that_an_engine_is_never_sure_of(self) -> None:
        given = heard("пульс сто", {"сто": 0.01})
        fact = Measurement(0, 2, kind="heart-rate", value=100.0, unit="/min")
        given = with_token(given, "сто", value=100.0)
        section = Section(0, 2, kind="objective")
        assert reasons(filled(given, [section, fact], recogniser=WHISPER), "heart-rate") == []
        assert reasons(filled(given, [section, fact], recogniser=VOSK), "heart-rate") == ["low-confidence"]

    @pytest.mark.parametrize(
        ("text", "confidence", "expected"),
        [
            # "Сто" says nothing alone, and something right before a unit: "сто шесть" for "сто шестнадцать".
            ("пульс сто шесть", {"сто": 0.44}, ["low-confidence"]),
            ("пульс сто шесть", {"сто": 0.46}, []),
            ("пульс сто десять", {"сто": 0.01}, []),
            # What follows the number was not heard: "семьдесят" for "семьдесят пять".
            ("пульс семьдесят неясно дальше", {"неясно": 0.29}, ["low-confidence"]),
            ("пульс семьдесят неясно дальше", {"неясно": 0.31}, []),
            ("пульс семьдесят неясно дальше", {"дальше": 0.29}, []),
            ("пульс семьдесят в покое", {"в": 0.01}, []),
        ],
    )
    def test_numbers_that_may_have_lost_their_end(
        self, text: str, confidence: dict[str, float], expected: list[str]
    ) -> None:
        said = heard(text, confidence)
        words = text.split()
        end = 3 if words[1] == "сто" else 2
        number = replace(said.tokens[1], text="106", end=said.tokens[end - 1].end, value=106.0)
        given = replace(said, tokens=(said.tokens[0], number, *said.tokens[end:]))
        fact = Measurement(0, 2, kind="heart-rate", value=106.0, unit="/min")
        assert reasons(filled(given, [fact], recogniser=WHISPER), "heart-rate") == expected

    def test_a_word_of_a_text_that_was_not_heard(self) -> None:
        for confidence, expected in ((0.1, ["low-confidence"]), (0.12, [])):
            given = heard("кашель и насморк давно", {"насморк": confidence})
            record = filled(given, [Section(0, 4, kind="complaints")], recogniser=WHISPER)
            assert reasons(record, "complaints") == expected

    @pytest.mark.parametrize(
        ("text", "word", "expected"),
        [
            ("тошноты нет совсем", "нет", ["low-confidence"]),
            ("боль слева внизу", "слева", ["low-confidence"]),
            ("левого уха боль", "левого", ["low-confidence"]),
            ("кашель 5 дней", "5", ["low-confidence"]),
            ("кашель пять дней", "кашель", []),
        ],
    )
    def test_risky_words_of_free_text(self, text: str, word: str, expected: list[str]) -> None:
        given = heard(text, {word: 0.4})
        record = filled(given, [Section(0, 3, kind="complaints")], recogniser=VOSK)
        assert reasons(record, "complaints") == expected

    def test_text_heard_badly_all_over(self) -> None:
        section = [Section(0, 3, kind="complaints")]
        poor, fair = (filled(heard("кашель и насморк", {}, c), section, recogniser=VOSK) for c in (0.59, 0.61))
        assert reasons(poor, "complaints") == ["low-confidence"]
        assert reasons(fair, "complaints") == []

    def test_respelled_drug_or_number_but_not_any_word(self) -> None:
        drug = Medication(0, 4, name="лозартан", said="лозартан", dose=50.0, unit="мг")
        given = written(self.DRUG)
        doubt = ("respelled",)
        for word, doubts, expected in (
            ("лозартан", doubt, ["respelled"]),
            ("лозартан", (), []),  # near-certain
            ("50", (), ["respelled"]),
            ("внутрь", doubt, []),
        ):
            record = filled(with_token(given, word, heard="как-то так", doubts=doubts), [drug])
            assert reasons(record, "medications") == expected

    def test_doubts_of_numbers_follow_the_value(self) -> None:
        given = with_token(written("пульс 82"), "82", doubts=("ambiguous-number",))
        facts = [
            Section(0, 2, kind="objective"),
            Measurement(0, 2, kind="heart-rate", value=82.0, unit="/min"),
        ]
        record = filled(given, facts)
        assert reasons(record, "heart-rate") == ["ambiguous-number"]
        assert reasons(record, "objective") == ["ambiguous-number"]

    def test_respelled_word_of_text_and_of_a_diagnosis(self) -> None:
        diagnosis = Diagnosis(1, 2, text="бронхит", icd10="J20.9", title="Острый бронхит")
        for doubts, expected in ((("respelled",), ["respelled"]), ((), [])):
            given = with_token(written("кашель бронхит"), "бронхит", heard="бром хит", doubts=doubts)
            assert reasons(filled(given, [Section(0, 2, kind="complaints")]), "complaints") == expected
            assert reasons(filled(given, [diagnosis]), "diagnosis") == expected

    def test_a_denial_that_a_repair_has_swallowed(self) -> None:
        """The bundled recording says "кровохарканья нет"; printed was "кровохарка нет", and the sound is that of the
        whole word."""
        for was, expected in (("кровохарка нет", ["respelled"]), ("крово харкание", [])):
            given = with_token(written("одышки и кровохаркание"), "кровохаркание", heard=was)
            record = filled(given, [Section(0, 3, kind="complaints")])
            assert reasons(record, "complaints") == expected
