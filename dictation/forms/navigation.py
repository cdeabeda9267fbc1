"""Moving between the fields of a form by voice: which field is meant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from dictation.forms.questionnaire import Binding, Form, Item
from dictation.grammar.checks import check_rules
from dictation.grammar.headings import headings
from dictation.grammar.measurements import measurements
from dictation.language.phrases import plain
from dictation.language.written import Written

# Two forms of a word share its beginning, all but an ending of at most so many letters.
_ENDING, _SHORTEST_STEM = 3, 3


class Step(Enum):
    """What a command of the live session asks for; the values are the kinds of the edits that tell it."""

    NEXT = "next-field"
    PREVIOUS = "previous-field"
    GO_TO = "go-to-field"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class SpokenStep:
    """A command, the character of the transcript behind which it applies, and the name of the field if it has one."""

    kind: Step
    end: int
    name: str = ""


def spoken_steps(written: Written, since: int = 0) -> Iterator[SpokenStep]:
    """The commands of the live session that were said after character `since` of the transcript, in order."""
    kinds = {step.value: step for step in Step}
    for edit in written.edits:
        if edit.done and edit.kind in kinds and edit.start >= since:
            yield SpokenStep(kinds[edit.kind], edit.end, edit.removed)


def fields_of(form: Form) -> list[Item]:
    """The items that can be dictated into, in their order: those that something fills."""
    return [item for item in form.items if item.binding is not None]


def section_of(binding: Binding, language: str) -> str | None:
    """The kind of section that holds what fills an item; None for a measurement, which has none of its own."""
    if binding.source == "section":
        return binding.detail
    owners = check_rules(language).owners
    return next((section for section, source in owners.items() if source == binding.source), None)


def target(form: Form, language: str, current: str | None, step: SpokenStep) -> str | None:
    """The key of the field that a step leads to from the field `current`; None where there is none."""
    keys = [item.key for item in fields_of(form)]
    if step.kind is Step.GO_TO:
        return _named(form, language, step.name)
    if step.kind is Step.STOP or not keys:
        return None
    if current not in keys:
        return keys[0] if step.kind is Step.NEXT else keys[-1]
    place = keys.index(current) + (1 if step.kind is Step.NEXT else -1)
    return keys[place] if 0 <= place < len(keys) else None


def _named(form: Form, language: str, name: str) -> str | None:
    """The field that is called so, in any grammatical case; of several the one with the shortest name."""
    said = plain(name).split()
    found = [
        (len(called), number, item.key)
        for number, item in enumerate(fields_of(form))
        for called in _names(item, language)
        if said and all(any(_same_word(word, other) for other in called) for word in said)
    ]
    return min(found)[2] if found else None


def _names(item: Item, language: str) -> Iterator[list[str]]:
    """What a field is called: its label, the headings of its section, the title of what is measured."""
    yield plain(item.label(language)).split()
    if item.binding is None:
        return
    if item.binding.source == "measurement":
        titles = [m.title for m in measurements(language).measurements if m.kind == item.binding.detail]
    else:
        kind = section_of(item.binding, language)
        sections = (section for section in headings(language).sections if section.kind == kind)
        titles = [say for section in sections for title in section.titles for say in title.say]
    yield from (plain(title).split() for title in titles)


def _same_word(one: str, other: str) -> bool:
    stem = max(min(len(one), len(other)) - _ENDING, _SHORTEST_STEM)
    return one[:stem] == other[:stem] and abs(len(one) - len(other)) <= _ENDING
