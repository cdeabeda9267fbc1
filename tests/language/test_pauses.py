"""Texts without marks, where only the speaker's pauses part the phrases."""

from __future__ import annotations

import pytest

from dictation.language.written import Written
from dictation.speech.transcript import Transcript, Utterance, Word
from tests.language.writing import writer


def speak(*phrases: str) -> Written:
    """Phrases with a second of silence between them, words of a third of a second with none."""
    clock, words = 0.0, []
    for phrase in phrases:
        for text in phrase.split():
            words.append(Word(text, clock, clock + 0.3, 0.9))
            clock += 0.3
        clock += 1.0
    text = " ".join(word.text for word in words)
    return writer()(Transcript.from_utterances([Utterance(text, tuple(words), 0.0, clock)]))


def test_tokens_know_the_pauses_after_them() -> None:
    found = speak("рост сто семьдесят", "вес восемьдесят два", "сон")
    assert [(token.text, token.pause) for token in found.tokens] == [
        ("Рост", False),
        ("170", True),
        ("вес", False),
        ("82", True),
        ("сон", False),
    ]


@pytest.mark.parametrize(("field", "paused"), [(None, False), ("height", True)])
def test_a_cut_is_no_pause_a_change_of_the_field_is(field: str | None, paused: bool) -> None:
    words = (Word("рост", 0.0, 0.3, 0.9), Word("сто", 0.3, 0.6, 0.9))
    first = Utterance("рост сто", words, 0.0, 0.6, field)
    second = Utterance("вес", (Word("вес", 0.7, 1.0, 0.9),), 0.7, 1.0)
    found = writer()(Transcript.from_utterances([first, second]))
    assert [token.pause for token in found.tokens] == [False, paused, False]


def test_pauses_set_off_a_correction() -> None:
    assert speak("отит левого", "нет", "правого уха").text == "Отит правого уха"
    found = speak("функциональный класс два", "нет", "три", "назначено")
    assert found.text == "Функциональный класс 3 назначено"
    assert found.tokens[2].doubts == ("ambiguous-number",)


def test_pauses_around_a_negation_are_no_correction() -> None:
    found = speak("хрипов слева", "нет", "справа сухие хрипы")
    assert found.text == "Хрипов слева нет справа сухие хрипы"
    assert not any(edit.done for edit in found.edits)
    assert speak("рвоты", "нет", "отёков нет").text == "Рвоты нет отёков нет"


def test_the_name_of_a_field_ends_at_a_pause() -> None:
    found = speak("кашель сухой", "перейти к полю диагноз", "острый бронхит")
    assert found.text == "Кашель сухой острый бронхит"
    assert [(edit.kind, edit.removed) for edit in found.edits] == [("go-to-field", "диагноз")]
