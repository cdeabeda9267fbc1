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
