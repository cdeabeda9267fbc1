"""When an entered value counts as the same as the gold value."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

_DECIMAL_COMMA = re.compile(r"(?<=\d),(?=\d)")
_TOKEN = re.compile(r"\d+(?:[./]\d+)*|[^\W\d_]+")
_ENDING = re.compile(r"[аеиоуыэюя]+$")
# Part of the measure, not of the rules: a figure must not move because a rule did.
_NEGATIONS = frozenset({"не", "нет", "без", "ни"})
_SIDES = ("лев", "прав")
_DENIAL = "отриц"

MedicationKey = tuple[str, float | None, str, float | None, bool]


def tokens(text: str | None) -> list[str]:
    """Words and numbers in lower case; ё as е, a decimal comma as a point, punctuation dropped."""
    folded = _DECIMAL_COMMA.sub(".", (text or "").lower().replace("ё", "е"))
    return _TOKEN.findall(folded)


def token_f1(left: str | None, right: str | None) -> float:
    """Overlap of two texts as bags of tokens, 0–1; two empty texts agree."""
    a, b = Counter(tokens(left)), Counter(tokens(right))
    total = a.total() + b.total()
    return 2 * (a & b).total() / total if total else 1.0


def critical_tokens(text: str | None) -> list[str]:
    """What must not change in a text: its numbers, negations and sides, in order."""
    return [
        word[:3] if word.startswith(_SIDES) else word
        for word in tokens(text)
        if word[0].isdigit() or word in _NEGATIONS or word.startswith((*_SIDES, _DENIAL))
    ]


def alike(left: str, right: str, share: float = 0.6) -> bool:
    """The same thing in other words: enough words in common (endings aside), and the same sides."""
    if tokens(left) == tokens(right) != []:
        return True
    a, b = ([word for word in tokens(text) if len(word) > 1] for text in (left, right))
    if not a or not b or _sides(a) != _sides(b):
        return False
    rest, common = list(b), 0
    for word in a:
        partner = next((other for other in rest if _same_word(word, other)), None)
        if partner is not None:
            rest.remove(partner)
            common += 1
    return common / (len(a) + len(b) - common) >= share


def number(value: object) -> float | None:
    """A value as a number, None where it is none."""
    try:
        return float(str(value).replace(",", "."))
    except ValueError:
        return None


def medication_name_key(item: Mapping[str, Any]) -> str:
    """The drug's name, case endings aside, the parts of a combination in any order."""
    parts = (item.get("name") or "").split("+")
    return " + ".join(sorted(" ".join(_ENDING.sub("", word) or word for word in tokens(part)) for part in parts))


def medication_key(item: Mapping[str, Any]) -> MedicationKey:
    """What makes two prescriptions the same: name, dose, unit, times a day, as needed."""
    return (
        medication_name_key(item),
        number(item.get("dose")),
        (item.get("unit") or "").lower().strip(". "),
        number(item.get("times_per_day")),
        bool(item.get("as_needed")),
    )


def _sides(words: list[str]) -> set[str]:
    return {word[:3] for word in words if word.startswith(_SIDES)}


def _same_word(a: str, b: str) -> bool:
    """Forms of one word share all but the ending."""
    common = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    return a == b or common >= max(3, min(len(a), len(b), 6) - 1)
