"""Fields that the doctor dictates into one by one: what the recogniser and the clinical pipeline are told of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

from dictation.clinical.focus import Focus
from dictation.errors import UsageError
from dictation.forms.navigation import fields_of, section_of, spoken_steps, target
from dictation.forms.questionnaire import Form
from dictation.grammar.commands import commands
from dictation.grammar.measurements import measurements
from dictation.grammar.numerals import numerals
from dictation.language.doubts import AMBIGUOUS_NUMBER
from dictation.language.written import Written
from dictation.speech.recogniser import ActiveField, FieldKind

_KINDS: dict[str, FieldKind] = {"decimal": "number", "integer": "number", "text": "narrative"}
# The section of what is said into the field of a measurement: no text field holds it.
_MEASURED = "measured"


def active_field(form: Form, key: str, language: str) -> ActiveField:
    """What the recogniser is told of a field. UsageError where the form has no such field to dictate into."""
    item = next((item for item in fields_of(form) if item.key == key), None)
    if item is None or item.binding is None:
        there = ", ".join(item.key for item in fields_of(form))
        raise UsageError(f"the form {form.name} has no field '{key}' to dictate into; there are: {there}")
    kind = _KINDS.get(item.type, "other")
    phrases = tuple(_number_words(language)) if kind == "number" else ()
    return ActiveField(key, kind, section_of(item.binding, language) or _MEASURED, phrases)


def focused(form: Form, written: Written, language: str) -> list[Focus]:
    """The stretches of a written text that were said into a field of the form, in tokens."""
    bindings = {item.key: item.binding for item in fields_of(form)}
    stretches = []
    for field, group in groupby(enumerate(_fields_of_tokens(form, written, language)), key=lambda pair: pair[1]):
        places = [place for place, _ in group]
        binding = bindings.get(field or "")
        if binding is not None:
            measurement = binding.detail if binding.source == "measurement" else None
            stretches.append(
                Focus(places[0], places[-1] + 1, section_of(binding, language) or _MEASURED, measurement)
            )
    return stretches


def settled(written: Written, stretches: list[Focus], language: str) -> Written:
    """The text without the doubts that the field settles: where a decimal is meant and one number was said, "тридцать
    шесть и шесть" can be nothing else."""
    tokens = list(written.tokens)
    measured = {measure.kind: measure for measure in measurements(language).measurements}
    for stretch in stretches:
        numbers = [i for i in range(stretch.start, stretch.end) if tokens[i].value is not None]
        measure = measured.get(stretch.measurement or "")
        value = tokens[numbers[0]].value if len(numbers) == 1 else None
        if measure is None or measure.digits is None or value is None or float(value).is_integer():
            continue
        if measure.possible[0] <= value <= measure.possible[1]:
            token = tokens[numbers[0]]
            tokens[numbers[0]] = replace(token, doubts=tuple(d for d in token.doubts if d != AMBIGUOUS_NUMBER))
    return replace(written, tokens=tuple(tokens))


def _fields_of_tokens(form: Form, written: Written, language: str) -> Iterator[str | None]:
    """For each token the field that it was said into: the one that was active then, else the one that the doctor had
    asked for by voice."""
    words = list(written.transcript.placed_words())
    steps = list(spoken_steps(written))
    asked_for: str | None = None
    at = 0
    for token in written.tokens:
        while at + 1 < len(words) and words[at].end_char <= token.start:
            at += 1
        while steps and steps[0].end <= token.start:
            asked_for = target(form, language, asked_for, steps.pop(0)) or asked_for
        active = words[at].field if words else None
        asked_for = active or asked_for
        yield active or asked_for


def _number_words(language: str) -> list[str]:
    """All that can be said into a field for a number: numerals and the commands of the live session."""
    rules, said = numerals(language), commands(language)
    forms = [*rules.cardinals.values(), *rules.mixed.values(), *rules.additions.values(), *rules.places.values()]
    forms += [rules.wholes, rules.and_, rules.comma, rules.point, rules.over, said.go_to]
    forms += [command.said for command in said.live]
    return list(dict.fromkeys(phrase for phrases in forms for phrase in phrases))
