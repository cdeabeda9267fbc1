"""Every wording that a repair may bring in, gathered from the rules.

It takes seconds to make, so it is kept for the next start, as long as neither the rules nor the code change.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from dictation.grammar.commands import commands
from dictation.grammar.diagnoses import diagnoses
from dictation.grammar.drugs import drugs
from dictation.grammar.headings import headings
from dictation.grammar.numerals import NumeralRules, numerals
from dictation.grammar.quantities import QuantityRules, quantities
from dictation.grammar.rules import language_dir
from dictation.grammar.terms import terms
from dictation.kept import kept
from dictation.language import inflection as inflection_module
from dictation.language import neighbours as neighbours_module
from dictation.language import phonetics as phonetics_module
from dictation.language.inflection import inflection
from dictation.language.neighbours import Neighbours
from dictation.language.phonetics import phonetics

# As long as a stretch of misheard words can be.
MAX_WORDS = 4
_TENTHS, _HUNDRED = 10, 100
_LONG_UNIT = 8
# Shorter words of a diagnosis name are prepositions and the like.
_MIN_LETTERS = 5
_FOREIGN = re.compile(r"[A-Za-z0-9]")


class Wording(NamedTuple):
    """A word or phrase, lower case, with its sound and the consonants of that. `kind` is "drug", "numeral", "unit",
    "command", "heading" or "term"; `fixed` ones have no case forms."""

    words: tuple[str, ...]
    sound: str
    skeleton: str
    kind: str
    fixed: bool


_Source = tuple[tuple[str, ...], str, bool]


def wordings(language: str) -> tuple[list[Wording], Neighbours]:
    """All wordings of a language and the index of their consonants."""
    data = json.loads(kept(f"vocabulary-{language}.json", _fingerprint(language), lambda: _made(language)))
    rows = zip(*(data[field] for field in Wording._fields), strict=True)
    return [Wording(tuple(words.split()), *rest) for words, *rest in rows], Neighbours(**data["index"])


def _made(language: str) -> str:
    """The wordings in columns, and the index, as JSON."""
    found = list(_gather(language))
    columns = dict(zip(Wording._fields, zip(*found, strict=True), strict=True))
    columns["words"] = tuple(" ".join(wording.words) for wording in found)
    index = Neighbours.of(wording.skeleton for wording in found).plain()
    return json.dumps({**columns, "index": index}, ensure_ascii=False)


def _fingerprint(language: str) -> str:
    """Changes with the rules and with the code that reads them."""
    digest = hashlib.sha256()
    modules = (__file__, inflection_module.__file__, neighbours_module.__file__, phonetics_module.__file__)
    for path in (*sorted(language_dir(language).rglob("*.yaml")), *map(Path, modules)):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _gather(language: str) -> Iterator[Wording]:
    """Every wording once, of the first kind that has it; what has no sounds of the language is left out."""
    sounds = phonetics(language)
    seen: set[tuple[str, ...]] = set()
    for words, kind, fixed in _sources(language):
        if not 0 < len(words) <= MAX_WORDS or words in seen or _FOREIGN.search(" ".join(words)):
            continue
        seen.add(words)
        sound = sounds.sound(words)
        skeleton = sounds.skeleton(sound)
        if skeleton:
            yield Wording(words, sound, skeleton, kind, fixed)


def _sources(language: str) -> Iterator[_Source]:
    for drug in drugs(language):
        for wording in (*drug.spoken, *drug.components):
            for part in wording.split("+"):
                yield _words(part), "drug", False
    yield from ((words, "numeral", True) for words in _numerals(numerals(language)))
    yield from ((words, "numeral", True) for words in _doses(numerals(language), quantities(language)))
    for unit in quantities(language).units:
        yield from ((_words(wording), "unit", True) for wording in unit.said)
    rules = commands(language)
    spoken = [mark.said for mark in rules.marks]
    spoken += [line_break.said for line_break in rules.breaks]
    spoken += [live.said for live in rules.live]
    yield from ((_words(wording), "command", True) for said in spoken for wording in said)
    for section in headings(language).sections:
        for title in section.titles:
            yield from ((_words(wording.strip("| ").partition("|")[0]), "heading", True) for wording in title.say)
    vocabulary = terms(language)
    for topic in (*vocabulary.phrases.values(), *vocabulary.words.values()):
        yield from ((_words(wording), "term", False) for wording in topic)
    for topic in vocabulary.forms.values():
        yield from ((_words(wording), "term", True) for wording in topic)
    yield from _of_diagnoses(language)


def _of_diagnoses(language: str) -> Iterator[_Source]:
    """The names that are short enough, then the words of all of them."""
    names = [_words(name) for entry in diagnoses(language) for name in entry.names if not name.isupper()]
    joined = inflection(language).is_conjunction
    yield from ((name, "term", False) for name in names if len(name) > 1 and not any(map(joined, name)))
    for word in dict.fromkeys(word for name in names for word in name if len(word) >= _MIN_LETTERS):
        yield (inflection(language).lemma(word),), "term", False


def _numerals(rules: NumeralRules) -> Iterator[tuple[str, ...]]:
    """Number words, and those pairs that recognisers run together: "стосемьдесят", "двецелых", "пятидесятых"."""
    names = {value: forms[0] for value, forms in rules.cardinals.items()}
    for forms in (*rules.cardinals.values(), *rules.scales.values(), *rules.mixed.values()):
        yield from (_words(form) for form in forms)
    fractions = [form for forms in (rules.wholes, *rules.places.values()) for form in forms]
    yield from (_words(form) for form in fractions)
    for value, forms in rules.cardinals.items():
        if value < _TENTHS:
            yield from (_words(f"{form} {fraction}") for form in forms for fraction in fractions)
        if value >= _HUNDRED:
            yield from (_words(f"{names[value]} {name}") for less, name in names.items() if 0 < less < _HUNDRED)


def _doses(words: NumeralRules, rules: QuantityRules) -> Iterator[tuple[str, ...]]:
    """Small numbers with the units of a dose, which recognisers run together: "двамилиграмма"."""
    names = [form for value, forms in words.cardinals.items() if 0 < value < _TENTHS for form in forms[:3]]
    units = [said for unit in rules.units if unit.dose for said in unit.said if len(said) >= _LONG_UNIT]
    yield from ((name, unit) for name in names for unit in units if " " not in unit)


def _words(wording: str) -> tuple[str, ...]:
    return tuple(wording.lower().split())
