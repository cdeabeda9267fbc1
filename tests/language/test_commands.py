"""Spoken marks, breaks and the commands of the live session. Wordings written for these tests."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dictation.grammar.numerals import numerals
from dictation.language.written import Written
from dictation.speech.transcript import Transcript, Utterance, Word
from tests.language.writing import commands, doubted, spoken, write, writer, written

NUMBER_WORDS = [
    form for forms in (*numerals("ru").cardinals.values(), *numerals("ru").collective.values()) for form in forms
]


def sounded(text: str, confidence: float | None = 0.9) -> Written:
    """What is written of words that were heard alike well."""
    words = tuple(Word(word, confidence=confidence) for word in text.split())
    return writer()(Transcript.from_utterances([Utterance(text, words)]))


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("жалобы двоеточие кашель запятая одышка точка хрипов нет точка", "Жалобы: кашель, одышка. Хрипов нет."),
        ("кожа чистая запятая сухая точка новая строка живот мягкий точка", "Кожа чистая, сухая.\nЖивот мягкий."),
        ("кашель точка новый абзац диагноз двоеточие бронхит точка", "Кашель.\n\nДиагноз: бронхит."),
        ("отёки открыть скобку голени закрыть скобку запятая боль точка", "Отёки (голени), боль."),
        ("боли нет точка с запятой отёков нет запятая сыпи нет точка", "Боли нет; отёков нет, сыпи нет."),
        ("Кашель, запятая, одышка. Точка. Хрипов нет, точка.", "Кашель, одышка. Хрипов нет."),
        ("кашель запитая одышка запитая слабость точка", "Кашель, одышка, слабость."),
        ("жалобы двое точей кашель запятая одышка точка", "Жалобы: кашель, одышка."),
        ("вес семьдесят запятая рост сто семьдесят точка пульс ровный точка", "Вес 70, рост 170. Пульс ровный."),
        ("нужна ли операция вопросительный знак", "Нужна ли операция?"),
    ],
)
def test_marks_are_carried_out(said: str, expected: str) -> None:
    assert written(said) == expected
    assert doubted(said) == {}


@pytest.mark.parametrize(
    ("heard", "expected"),
    [
        ("Жалобы двоя точей кашель запитаю одышка точка", "Жалобы: кашель, одышка."),
        (
            "диагноз двое точие бронхит точка явка двоя точка через месяц точка",
            "Диагноз: бронхит. Явка: через месяц.",
        ),
        (
            "диагноз двоеточей и бронхит запитая обследования и двоеточие кровь точка",
            "Диагноз: бронхит, обследования: кровь.",
        ),
        # Words of the language that only sound alike.
        ("кашель запятая печень точка не занята точка", "Кашель, печень. Не занята."),
        ("за пять дней запятая за пятую неделю точка две тонкие точка", "За 5 дней, за 5-ю неделю. 2 тонкие."),
    ],
)
def test_misheard_marks_of_the_list_are_carried_out(heard: str, expected: str) -> None:
    assert written(heard) == expected


@pytest.mark.parametrize(
    ("heard", "expected"),
    [
        ("Жалобы дваи точей кашель запитаю одышка точка", "Жалобы: кашель, одышка."),
        ("кашель точка диагноз двоиточие бронхит точка", "Кашель. Диагноз: бронхит."),
        # A number word, a negation or a unit is never a part of one.
        ("родов две отачи точка кашля нет точка боли нет точка", "Родов 2 отачи. Кашля нет. Боли нет."),
    ],
)
def test_other_misheard_marks_are_carried_out_by_sound_where_marks_are_dictated(heard: str, expected: str) -> None:
    assert sounded(heard).text == expected


def test_a_full_stop_parts_what_would_sound_like_a_mark() -> None:
    assert ":" in sounded("кашель точка диагноз дваи точей бронхит точка боли нет точка").text
    assert ":" not in sounded("кашель точка диагноз дваи. Точей бронхит точка боли нет точка").text


def test_what_was_never_sound_holds_no_mark_by_sound() -> None:
    heard = "кашель точка диагноз двоиточие бронхит точка боли нет точка"
    assert written(heard) == "Кашель. Диагноз двоиточие бронхит. Боли нет."


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (
            "беременностей две запятая родов двое точка у сестры анемия точка",
            "Беременностей 2, родов 2. У сестры анемия.",
        ),
        ("Родов двое. Точка. У сестры анемия. Точка. Боли нет. Точка.", "Родов 2. У сестры анемия. Боли нет."),
        ("кашель точка боли нет точка светятся двое точек точка", "Кашель. Боли нет. Светятся двое точек."),
        ("кашель точка боли нет точка лёжа за пятой точкой", "Кашель. Боли нет. Лёжа за 5-й."),
    ],
)
def test_a_number_before_a_mark_stays(said: str, expected: str) -> None:
    assert written(said) == sounded(said).text == expected


def test_a_number_word_that_may_be_the_rest_of_a_mark_stays_and_is_shown() -> None:
    said = "кашель точка боли нет точка палата двадцать пятая точка"
    assert written(said) == sounded(said).text == "Кашель. Боли нет. Палата 25-я."
    assert doubted(said) == {}
    assert [token.text for token in sounded(said).tokens if "ambiguous-number" in token.doubts] == ["25-я"]


_PHRASES = st.one_of(
    st.sampled_from(NUMBER_WORDS),
    st.sampled_from(
        ["миллиграмм", "недель", "раза", "процентов", "жалобы", "диагноз", "анамнез жизни", "явка", "пульс"]
    ),
    st.sampled_from(["в", "у", "за", "и", "до", "на", "по", "к", "с", "не", "без", "этаж", "отдачей", "родов"]),
    st.sampled_from(["точка", "запятая", "двоеточие", "тире"]),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(_PHRASES, min_size=3, max_size=14), st.sampled_from([None, 0.9]))
def test_no_mark_takes_a_number_word(phrases: list[str], confidence: float | None) -> None:
    text = " ".join(phrases)
    found = sounded(text, confidence)
    marks = [edit for edit in found.edits if edit.kind == "mark" and edit.done]
    taken = [spoken(found, edit) for edit in marks]
    assert not [phrase for phrase in taken if set(phrase.split()) & set(NUMBER_WORDS)]
    words = [(place.start_char, place.word.text) for place in found.transcript.placed_words()]
    shown = [token for token in found.tokens if any(map(str.isalnum, token.text))]
    lost = [w for at, w in words if w in NUMBER_WORDS and not any(t.start <= at < t.end for t in shown)]
    assert lost == []


@pytest.mark.parametrize(
    ("heard", "expected", "doubt"),
    [
        (
            "кожа чистая запятая давление сто двадцать на семьдесят петая пульс девяносто запятая вес сорок точка",
            "Кожа чистая, давление 120/70, пульс 90, вес 40.",
            {"120/70": ("ambiguous-number",)},
        ),
        # Heard twice: nothing is missing.
        ("кашель точка пульс семьдесят запитая петая вес сорок точка", "Кашель. Пульс 70, вес 40.", {}),
        # No marks are dictated, so it is no mark.
        ("пятая пястная кость", "5-я пястная кость", {}),
        ("пульс семьдесят пятая минута", "Пульс 75-я минута", {}),
    ],
)
def test_a_number_whose_end_went_with_the_mark_is_doubted(
    heard: str, expected: str, doubt: dict[str, tuple[str, ...]]
) -> None:
    assert written(heard) == expected
    assert doubted(heard) == doubt


@pytest.mark.parametrize(
    "text",
    ["Болевая точка в эпигастрии.", "Болезненность в точке Кера.", "Точка Эрба болезненна.", "Три болевые точки."],
)
def test_a_point_is_also_a_word(text: str) -> None:
    assert "точк" in written(text).lower()
    assert doubted(text) == {}


def test_a_point_that_may_be_either_is_left_and_shown() -> None:
    found = write("светлая точка на роговице")
    assert found.text == "Светлая точка на роговице"
    assert [edit.done for edit in found.edits] == [False]
    assert doubted("светлая точка на роговице") == {"точка": ("doubtful-command",)}


def test_the_recognisers_own_marks_give_way_to_dictated_ones() -> None:
    heard = "Жалобы двоеточие кашель. Запятая одышка. При ходьбе точка Хрипов нет точка"
    assert written(heard) == "Жалобы: кашель, одышка при ходьбе. Хрипов нет."


def test_escape() -> None:
    assert written("поставил буквально точка и ушёл") == "Поставил точка и ушёл"
    assert commands("поставил буквально точка и ушёл") == [("escape", True, "")]
    assert written("буквально вчера заболел") == "Буквально вчера заболел"


def test_commands_of_the_session_leave_the_text() -> None:
    found = write("Кашель сухой. Следующее поле. Болен три дня. Перейти к полю диагноз. Бронхит.")
    assert found.text == "Кашель сухой. Болен 3 дня. Бронхит."
    assert [(edit.kind, edit.removed) for edit in found.edits] == [("next-field", ""), ("go-to-field", "диагноз")]
    assert spoken(found, found.edits[0]) == "Следующее поле"
    assert spoken(found, found.edits[1]) == "Перейти к полю диагноз"


def test_a_break_is_a_token() -> None:
    tokens = write("Кожа чистая. Новая строка. Живот мягкий.").tokens
    assert [token.text for token in tokens] == ["Кожа", "чистая", ".", "\n", "Живот", "мягкий", "."]


def test_what_two_deletions_removed_is_told_as_words_that_stand_apart() -> None:
    said = "кашель, насморк удали последнее слово головная боль. удали последнее предложение"
    assert commands(said) == [
        ("delete-word", True, ", насморк"),
        ("delete-sentence", True, "кашель головная боль."),
    ]
