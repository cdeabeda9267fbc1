"""Text that was not heard: loops, the prompt itself, credits."""

from __future__ import annotations

import pytest

from dictation.grammar.prompts import prompts
from dictation.speech import guard

PROMPT = "Жалобы на головную боль. Анамнез заболевания. Болеет два года, хуже неделю. Лечение без эффекта."

LOOPED = [
    "облачный облачный облачный облачный",
    "Жалобы боль в горле. Диагноз. Назначено. Диагноз. Назначено. Диагноз. Назначено. Диагноз. Назначено.",
    "Пульс восемьдесят восемьдесят восемьдесят восемьдесят",
    "Рекомендована диета и явка. Рекомендована диета и явка. Рекомендована диета и явка.",
    "Пульс восемьдесят два в минуту, ритмичный, рост сто сорок два сантиметра. Диагноз. "
    "Пульс восемьдесят два в минуту, ритмичный, рост сто сорок два сантиметра.",
]
SPOKEN = [
    "",
    "Нет.",
    "Да, да, да.",
    "Жалоб нет. Отёков нет. Хрипов нет. Аллергии нет.",
    "Лозартан пятьдесят миллиграмм внутрь один раз в день, индапамид полтора миллиграмма внутрь один раз в день.",
    "Амлодипин пять миллиграмм один раз в день утром, аторвастатин двадцать миллиграмм один раз в день вечером, "
    "аспирин сто миллиграмм один раз в день после обеда.",
    "Отёков нет. Отёков нет, хрипов нет. Да, да, да.",
    "Давление сто двадцать на восемьдесят, на второй руке сто двадцать на восемьдесят.",
    "Острота зрения правого ноль целых восемь десятых, левого ноль целых восемь десятых.",
]


@pytest.mark.parametrize("text", LOOPED)
def test_loops_are_seen(text: str) -> None:
    assert guard.loops(text)


@pytest.mark.parametrize("text", SPOKEN)
def test_what_doctors_repeat_is_no_loop(text: str) -> None:
    assert not guard.loops(text)


@pytest.mark.parametrize(
    "text",
    [
        "Болеет два года",
        "Жалобы на головную боль. Анамнез заболевания.",
        "Ну вот: жалобы на головную боль, анамнез заболевания, болеет два года, и так далее",
    ],
)
def test_an_echo_is_seen(text: str) -> None:
    assert guard.echoes(text, PROMPT)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Жалобы",
        "Анамнез заболевания",
        "Жалобы на головную боль и тошноту",
        "Болеет три года, хуже неделю, лечение без эффекта",
    ],
)
def test_the_same_words_in_a_dictation_are_no_echo(text: str) -> None:
    assert not guard.echoes(text, PROMPT)


@pytest.mark.parametrize(
    "text",
    [
        "Продолжение следует...",
        "Субтитры сделал DimaTorzok",
        "Субтитры создавал DimaTorzok",
        "Редактор субтитров А.Семкин Корректор А.Егорова",
        "Спасибо за просмотр!",
    ],
)
def test_credits_are_phantoms(text: str) -> None:
    assert guard.is_phantom(text, prompts("ru").phantoms)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Спасибо, что пришли.",
        "Продолжение терапии.",
        "Коррекция терапии, продолжение следует обсудить с кардиологом.",
        "Жалоб нет. Спасибо за внимание.",
    ],
)
def test_dictation_is_no_phantom(text: str) -> None:
    assert not guard.is_phantom(text, prompts("ru").phantoms)
