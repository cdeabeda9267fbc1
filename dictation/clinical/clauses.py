"""The clauses of a note: where a stretch of text begins that may belong to another section than the one before."""

from __future__ import annotations

from dataclasses import dataclass, field

from spacy.tokens import Doc

from dictation.clinical.allergy_statements import Statement
from dictation.clinical.denied_lists import DeniedLists
from dictation.clinical.morphology import cases, parses
from dictation.clinical.noun_phrase import attribute_reading, is_adjective, is_noun, noun_reading
from dictation.clinical.phrases import Match, plain
from dictation.clinical.titles import MARKS, STOPS, Heading, without_marks
from dictation.grammar.headings import Cue, Headings, Opener
from dictation.grammar.syntax import Syntax

# "Снижаю", "отменяем": what the doctor does.
_OWN_ACT = "1per"
# Where no marks part the clauses, a cue of this weight begins one.
_TELLING = 3.0

OpenerMatch = Match[tuple[str, Opener, int]]
CueMatch = Match[tuple[str, Cue]]


@dataclass(slots=True)
class Clause:
    """A clause `[start, end)`. `body` is where its text begins: after a heading or an opener that is cut, which
    begins at `opening`. `heading` is the heading that begins it or that it stands under; `after` says what parts it
    from the clause before. `told` is the section that a statement of an allergy belongs to, whatever the heading,
    `opens` are the kinds of section that an opener in it begins, `leads` those that one further on in the same
    sentence begins. `doubtful` is one whose content fits another section as well,
    `strays` one under a heading whose content is that of a history without a heading."""

    start: int
    end: int
    opening: int
    body: int
    after: str
    heading: Heading | None
    begins: bool
    kind: str = ""
    opened: bool = False
    role: str | None = None
    told: str | None = None
    doubtful: bool = False
    strays: bool = False
    opens: set[str] = field(default_factory=set)
    leads: set[str] = field(default_factory=set)


class ClauseParter:
    """Parts a Doc at marks, headings and statements of allergies; without marks also where an opener, a telling cue
    or an order begins."""

    def __init__(self, rules: Headings, grammar: Syntax, lists: DeniedLists) -> None:
        self._lists = lists
        self._lead_bare = frozenset(map(plain, rules.lead_bare))
        self._dated = rules.dated
        self._dates = frozenset({rules.dated.noun, *rules.dated.months})
        self._prepositions = frozenset(grammar.prepositions)
        self._conjunctions = frozenset(grammar.conjunctions)
        self._time = frozenset(rules.time)
        self._not = frozenset(rules.negative_particles)
        self._changing = frozenset(map(plain, rules.changing))

    def __call__(
        self,
        doc: Doc,
        titles: list[Heading],
        openers: list[OpenerMatch],
        cues: list[CueMatch],
        statements: dict[int, Statement],
        introduced: int = 0,
    ) -> list[Clause]:
        """The clauses in text order; one begins at `introduced` too, where an introduction without marks ends."""
        starts: dict[int, str] = {0: "."}
        for i, token in enumerate(doc[:-1] if len(doc) else ()):
            if token.text in MARKS and doc[i + 1].text not in MARKS:
                starts[i + 1] = "." if token.text in STOPS or token.text == ";" else ","
        if without_marks(doc):
            covered = {i for match in openers for i in range(match.start + 1, match.end)}
            telling = [m for m in cues if m.rule[1].weight >= _TELLING and m.start not in covered]
            for place in [*(m.start for m in openers), *(m.start for m in telling)]:
                start = self._lead_in(doc, place)
                if doc[place].tag_.startswith("INFN"):
                    start = self._object_before(doc, start)
                elif start == place and plain(doc[place].lemma_) in self._changing and _OWN_ACT in doc[place].tag_:
                    start = self._changed_before(doc, place)
                if not self._tied(doc, start, place):
                    starts.setdefault(start, "")
            for i, token in enumerate(doc):
                if token.tag_.startswith("INFN") and not (i and doc[i - 1].pos_ == "VERB"):
                    start = self._object_before(doc, self._lead_in(doc, i))
                    named = start == i and i - 1 in starts and "accs" in cases(doc[i - 1].text)
                    if not named and not self._tied(doc, start, i):
                        starts.setdefault(start, "")
        if introduced:
            starts.setdefault(introduced, ".")
        for statement in statements.values():
            starts.setdefault(statement.start, "")
            if statement.closed:
                starts.setdefault(statement.end, "")
        inside_openers = (i for match in openers for i in range(match.start + 1, match.end))
        for place in (*self._lists.ties(doc), *inside_openers):
            starts.pop(place, None)
        headed = {title.start: title for title in titles}
        inner = {i for title in titles for i in range(title.start + 1, title.end)}
        starts.update(dict.fromkeys(headed, "."))
        for title in titles:
            if title.end > title.start and title.end not in headed and title.end not in statements:
                starts.pop(title.end, None)
        places = sorted(i for i in starts if i not in inner and i < len(doc))
        clauses = []
        over: Heading | None = None
        for start, end in zip(places, [*places[1:], len(doc)], strict=True):
            opened = headed.get(start)
            over = opened or over
            body = opened.end if opened else start
            clauses.append(Clause(start, end, start, body, starts[start], over, opened is not None))
        return clauses

    def _lead_in(self, doc: Doc, start: int) -> int:
        """Where a clause begins that a cue stands in, without marks: before the time and place that lead to it."""
        i = start
        if i > 0 and doc[i].lemma_ in self._time and doc[i - 1].like_num:
            i -= 1
        while i > 0:
            before = doc[i - 1]
            if plain(before.lemma_) in self._lead_bare or before.lower_ in self._not:
                i -= 1
            elif doc[start].lower_ in self._not and "ablt" in cases(before.text):
                i -= 1  # "желтухой не болел"
            elif before.lemma_ in self._dates and doc[start].pos_ == "VERB":
                j = i - 2
                while j >= 0 and (doc[j].like_num or doc[j].pos_ in ("NUM", "ADJ")):
                    j -= 1
                if j < 0 or doc[j].lower_ not in self._dated.preposition:
                    break
                i = j
            else:
                break
        return i

    def _tied(self, doc: Doc, start: int, place: int) -> bool:
        """Whether no clause can begin here: behind a preposition or conjunction, between an adjective and its noun,
        or before a denial of what was just named ("больничный | не нужен")."""
        if start == 0 or doc[start].text in MARKS or doc[start - 1].text in MARKS:
            return False
        before = doc[start - 1]
        if before.lower_ in self._prepositions or before.lower_ in self._conjunctions:
            return True
        if start < place and doc[start].lower_ in self._not:
            return "nomn" in cases(before.text) and doc[place].tag_.startswith(("ADJS", "PRTS"))
        if not is_adjective(before) or not is_noun(doc[start]):
            return False
        return attribute_reading(before, noun_reading(doc[start])) is not None

    def _object_before(self, doc: Doc, i: int) -> int:
        """Where an order begins that names its object first ("две недели | очаги не мочить", "кальций и железо
        принимать отдельно")."""
        if i < 2 or doc[i - 1].pos_ != "NOUN" or "accs" not in cases(doc[i - 1].text):
            return i
        joined = doc[i - 2].lower_ in self._conjunctions and i > 2 and "accs" in cases(doc[i - 3].text)
        if joined and is_noun(doc[i - 3]):
            return i - 3
        parted = doc[i - 2].lemma_ in self._time or doc[i - 2].like_num
        # "посев крови на бруцеллы | молоко кипятить": a noun that can depend on none before it is the object.
        of_none = is_noun(doc[i - 2]) and "gent" not in cases(doc[i - 1].text)
        return i - 1 if parted or of_none else i

    def _changed_before(self, doc: Doc, i: int) -> int:
        """Where "лизиноприл увеличиваю до 20 мг" begins: names of drugs are words that no dictionary has."""
        named = i > 0 and doc[i - 1].is_alpha and not any(parse.is_known for parse in parses(doc[i - 1].text))
        return i - 1 if named else i
