"""Spoken marks, breaks and the commands of the live session. Wordings written for these tests."""

from __future__ import annotations

import pytest

from tests.language.writing import commands, doubted, spoken, write, written


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
def test_misheard_marks_are_carried_out_by_sound(heard: str, expected: str) -> None:
    assert written(heard) == expected


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
