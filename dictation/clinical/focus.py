"""What was said into one field of the form: the doctor chose it, so neither a heading nor a name need be said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, replace

from spacy.tokens import Doc

from dictation.clinical.clauses import Clause

FOCUS = "med.focus"


@dataclass(frozen=True, slots=True)
class Focus:
    """Tokens `[start, end)` said into a field that holds a section of this kind, or (`measurement`) one value."""

    start: int
    end: int
    section: str
    measurement: str | None = None


def put_focus(doc: Doc, stretches: Iterable[Focus]) -> None:
    doc.user_data[FOCUS] = [list(astuple(stretch)) for stretch in stretches]


def get_focus(doc: Doc) -> list[Focus]:
    return [Focus(*stretch) for stretch in doc.user_data.get(FOCUS, ())]


def in_fields(clauses: Iterable[Clause], stretches: list[Focus]) -> Iterator[Clause]:
    """The clauses, parted where the field changes; in a field they are of its kind up to the first spoken heading."""
    headed: Focus | None = None
    for clause in clauses:
        for part in _parts(clause, sorted({edge for s in stretches for edge in (s.start, s.end)})):
            field = next((s for s in stretches if s.start <= part.start < s.end), None)
            if field is None:
                # What follows a field is parted from it, also where it is of the same kind.
                yield replace(part, opened=True) if any(s.end == part.start for s in stretches) else part
            elif part.begins or field == headed:
                headed = field
                yield part
            else:
                first = part.start == field.start
                body = part.start if part.heading is None else part.body
                yield replace(part, kind=field.section, opening=body, body=body, begins=first, told=None)


def _parts(clause: Clause, edges: list[int]) -> Iterator[Clause]:
    start = clause
    for edge in edges:
        if start.start < edge < start.end:
            yield replace(start, end=edge, body=min(start.body, edge), opening=min(start.opening, edge))
            start = replace(start, start=edge, opening=edge, body=edge, begins=False, heading=None)
    yield start
