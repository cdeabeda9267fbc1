"""Schema of `grammars/*/examinations.yaml`: tests, imaging, procedures and consultations that doctors order."""

from __future__ import annotations

from functools import cache

from dictation.grammar.rules import Rules, load


class ExaminationRules(Rules):
    """`names` in the nominative, by kind, as they are said; their case forms are found as well. `also_in` are the
    sections besides the one of examinations in which a known name is an order, but for the kinds `only_in_section`
    (a substance measured is often one prescribed). An order's text ends before a word of
    `ends` ("через") or, before one of the `visits`, of `towards` ("к следующему визиту"), and starts after the words
    of `leads`; with one of `unwanted` it is none, behind one of `ordering` ("сдать") it is one
    in any of these sections. One of `orders` begins another order wherever it stands, one of
    `samples` before one of `sampled_for` ("кровь на"); a specialist alone is asked for a
    `consultation`."""

    names: dict[str, tuple[str, ...]]
    also_in: tuple[str, ...]
    only_in_section: tuple[str, ...] = ()
    ends: tuple[str, ...]
    leads: tuple[str, ...]
    towards: tuple[str, ...]
    visits: tuple[str, ...]
    unwanted: tuple[str, ...]
    ordering: tuple[str, ...]
    samples: tuple[str, ...]
    sampled_for: tuple[str, ...]
    orders: tuple[str, ...]
    consultation: str
    specialists: tuple[str, ...]

    def all_names(self) -> tuple[str, ...]:
        return tuple(name for names in self.names.values() for name in names)

    def problems(self) -> list[str]:
        names = self.all_names()
        twice = sorted({name for name in names if names.count(name) > 1})
        unknown = sorted(set(self.only_in_section) - self.names.keys())
        return [f"'{name}' stands twice" for name in twice] + [f"no kind '{kind}'" for kind in unknown]


@cache
def examination_rules(language: str) -> ExaminationRules:
    return load(language, "examinations", ExaminationRules)
