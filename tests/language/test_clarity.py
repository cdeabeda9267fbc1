"""Words that are none: doubted where a recogniser printed them, left alone where they were typed."""

from __future__ import annotations

import pytest

from dictation.speech.transcript import Transcript, Utterance, Word
from tests.language.writing import write, writer


def unclear(text: str, confidence: float = 0.9) -> list[str]:
    words = tuple(Word(word, 0.4 * n, 0.4 * n + 0.4, confidence) for n, word in enumerate(text.split()))
    tokens = writer()(Transcript.from_utterances([Utterance(text, words)])).tokens
    return [token.text for token in tokens if "unclear-word" in token.doubts]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("кашель и зюмбрик по утрам", ["зюмбрик"]),
        ("кашель southern по утрам", ["southern"]),
        ("кашель 二 по утрам", ["二"]),
        ("покраснение винного голени", ["винного", "голени"]),
        ("вес восемьдесят зюмбрик", ["80", "зюмбрик"]),
        ("вес восемьдесят рип, живот", ["80", "рип"]),
    ],
)
def test_what_is_no_word_is_doubted(text: str, words: list[str]) -> None:
    assert unclear(text) == words


@pytest.mark.parametrize(
    "text",
    [
        "боль в правой голени и сухой кашель",
        "контакт с больным ангиной",
        "ноль целых пять десятых миллиграмма",
        "ОРВИ и ХОБЛ в анамнезе",
        "живёт в Караганде у Ивановой",
        "принимает бисопролол полтаблетки утром",
        "слизисто-гнойное отделяемое",
        "анализ на HBsAg и ВИЧ",
        "вторая степень и третий день",
        "инсулин гларгин двадцать единиц и изосорбида мононитрат",
        "триглицериды два и один миллимоль",
        "после бронхолитика и с бронхолитиком",
        "ригидность два поперечных пальца",
    ],
)
def test_words_and_names_are_not(text: str) -> None:
    assert unclear(text) == []


def test_typed_words_are_never_doubted() -> None:
    assert [token.doubts for token in write("кашель и зюмбрик southern винного голени").tokens] == [()] * 6
