"""Orders in the nominative, parted as a doctor lists them."""

from __future__ import annotations

import pytest
from spacy.language import Language

from dictation.clinical.facts import Examination, get
from dictation.grammar.examinations import examination_rules


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("План обследования. Общий анализ мочи, липидный спектр.", ["общий анализ мочи", "липидный спектр"]),
        (
            "обследование простатспецифический антиген узи простаты с остаточной мочой",
            ["простатспецифический антиген", "УЗИ простаты с остаточной мочой"],
        ),
        (
            "Направляю на магнитно-резонансную томографию поясничного отдела позвоночника.",
            ["магнитно-резонансная томография поясничного отдела позвоночника"],
        ),
        ("Сдать мочевую кислоту и креатинин.", ["мочевая кислота", "креатинин"]),
        ("План обследования. УЗИ почек и мочевого пузыря.", ["УЗИ почек и мочевого пузыря"]),
        (
            "План обследования. Консультация невролога, кровь на ферритин.",
            ["консультация невролога", "кровь на ферритин"],
        ),
        ("План обследования. Кортизол натощак.", ["кортизол натощак"]),
        ("План обследования. УЗИ почек после лечения.", ["УЗИ почек после лечения"]),
        ("Рекомендовано пить больше воды.", []),
        ("Назначено. Кальций 500 мг 2 раза в день.", []),
    ],
)
def test_orders(nlp: Language, text: str, expected: list[str]) -> None:
    assert [order.text for order in get(nlp(text), Examination)] == expected


def test_the_lexicon_covers_outpatient_care() -> None:
    assert len(set(examination_rules("ru").all_names())) >= 200
