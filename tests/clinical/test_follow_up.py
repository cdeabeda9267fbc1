"""When to come back: lower case, without heading and full stop."""

from __future__ import annotations

import pytest
from spacy.language import Language

from dictation.clinical.facts import FollowUp, get


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Явка через 10 дней.", "через 10 дней"),
        ("явка через месяц с результатами", "через месяц с результатами"),
        ("Повторный приём через неделю.", "через неделю"),
        ("Жду её через месяц.", "через месяц"),
        ("Показаться через 2 недели.", "через 2 недели"),
        ("Рекомендации. Покой. Следующий патронаж через 4 дня.", "через 4 дня"),
        ("Рекомендации. Покой. Активный осмотр послезавтра.", "послезавтра"),
        ("Контроль в динамике через месяц.", "через месяц"),
        ("Явка: при необходимости.", "при необходимости"),
    ],
)
def test_follow_up(nlp: Language, text: str, expected: str) -> None:
    assert [fact.text for fact in get(nlp(text), FollowUp)] == [expected]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Контроль по видеосвязи через 3 дня.", "по видеосвязи через 3 дня"),
        ("Ко мне через месяц с рентгеном.", "через месяц с рентгеном"),
        ("Опять ко мне в пятницу.", "в пятницу"),
        ("Посмотрю её завтра.", "завтра"),
        ("Осмотрю ребёнка во вторник утром.", "во вторник утром"),
        ("Явка на 7-й день с мочой.", "на 7-й день с мочой"),
        ("Осмотр повторно через 12 дней.", "через 12 дней"),
        ("Приём в середине мая.", "в середине мая"),
        ("Визит 14 сентября.", "14 сентября"),
        ("Увидимся на следующей неделе.", "на следующей неделе"),
        ("Пусть придёт с результатами через неделю.", "с результатами через неделю"),
        ("Жду с дневником.", "с дневником"),
    ],
)
def test_follow_up_behind_recommendations(nlp: Language, said: str, expected: str) -> None:
    text = f"Диагноз острый бронхит. Назначаю амброксол 30 мг 2 раза в день. Рекомендую пить больше. {said}"
    assert [fact.text for fact in get(nlp(text), FollowUp)] == [expected]
    assert [fact.text for fact in get(nlp(text.replace(".", "").lower()), FollowUp)] == [expected]


@pytest.mark.parametrize(
    "said",
    [
        "Контроль давления 2 раза в день.",
        "Контроль сахара через день.",
        "Сатурация 2 раза в день.",
        "Приём таблеток через 12 часов.",
        "Приём пищи через 30 минут.",
        "Контроль в домашних условиях 1 раз в неделю.",
    ],
)
def test_measures_and_doses_are_no_follow_up(nlp: Language, said: str) -> None:
    text = f"Диагноз острый бронхит. Назначаю амброксол 30 мг. Рекомендую пить больше. {said}"
    assert get(nlp(text), FollowUp) == []


@pytest.mark.parametrize("visit", ["На контроле через месяц", "Осмотр через месяц", "Контроль через 2 недели"])
def test_a_visit_that_was_is_no_follow_up(nlp: Language, visit: str) -> None:
    history = f"Болеет год. Пришёл через неделю. {visit} без динамики."
    text = f"Жалобы на кашель. Анамнез заболевания. {history}"
    assert get(nlp(text), FollowUp) == []
