"""What a stretch of misheard words may have been, and how much speaks for it.

The measure is a sum of costs in the manner of a noisy channel: leaving a word costs the more the less it can be
believed, putting another in its place costs a base price and the distance in sound. The prices were set by hand on
the development recordings; `benchmarks/respelling.py` prints what they repair and what they harm.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from dictation.grammar.terms import Terms
from dictation.language.hearing import Heard
from dictation.language.lexicon import Entry, Form, Lexicon
from dictation.language.phonetics import Phonetics
from dictation.language.substances import Substances

# The price of leaving a word as it was heard: what is no word, what is one (times the doubt of the recogniser).
_NO_WORD, _NO_WORD_DOUBT, _WORD_DOUBT, _SERVICE_DOUBT = 3.0, 3.0, 2.5, 1.2
# Words of so many letters, at an end of a stretch, count for this share.
_SMALL, _SMALL_SHARE = 2, 0.4
# The price of a repair: any at all, a unit of distance, each mark that it swallows, each word boundary it moves.
_BASE, _DISTANCE, _BOUNDARY = 1.2, 2.0, 0.25
_GAP = {"": 0.0, "-": 0.0, ",": 0.3, ".": 0.6}
# Long stretches agree by chance less often: what each sound above the fifth is worth, up to a limit.
_LENGTH, _LENGTH_CAP = 0.12, 1.6
_DRUG_DOSED, _DRUG_UNDOSED = -0.6, 0.6
_LEADING, _LEADING_NEGATION = 0.4, 0.8
# Good words that are to be one other word.
_JOINED = 0.28
# How far apart sounds may be: for words that are none, for words that are, for text without confidences.
_REACH = {"none": (-0.2, 0.23), "known": (0.05, 0.09), "typed": (0.25, 0.03)}
_REACH_CAP = 3.2
# A number is believed only where it sounds nearly as heard.
_NUMERAL_REACH = (0.1, 0.08)
# A drug with no dose after it is believed only where it sounds nearly as heard.
_UNDOSED_REACH = (0.0, 0.1)
# What a case form other than the nominative must be nearer by: a word's, a phrase's, a prescribed drug's.
_OBLIQUE, _OBLIQUE_PHRASE, _OBLIQUE_DRUG = 0.1, 0.3, 0.5
# Farther than this from the nearest, another reading is no rival.
_RIVAL = 1.0
# Words that differ in so many last letters are forms of one; drugs and numbers never are.
_KIN_ENDING = 3
_OWN = frozenset({"drug", "numeral", "unit"})
# Candidates looked at closely.
_LOOKED_AT = 6
_SPELLING = 0.01
# Most changes cost at least this: what is too many letters apart need not be measured.
_CHEAP = 0.3
MIN_SOUNDS = 4


@dataclass(frozen=True, slots=True)
class Leading:
    """A small word that a recogniser runs together with the next; `oblique` ones take no nominative after them, a
    `negation` is believed less."""

    word: str
    sound: str
    oblique: bool
    negation: bool


@dataclass(frozen=True, slots=True)
class Outlook:
    """Whether a dose follows a word (`dosed`), or what stands before it lets one expect a drug."""

    dosed: bool
    expected: bool


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring words `[start, end)` of what was heard, run together in `sound`; `leading` is a small word taken
    off its beginning, `worth` the price of leaving the stretch as it is."""

    start: int
    end: int
    sound: str
    worth: float = 0.0
    reach: float = 0.0
    slack: int = 0
    leading: Leading | None = None


@dataclass(frozen=True, slots=True)
class Repair:
    """A reading of a stretch: its words, how far they sound from what was heard, what the repair gains, and by how
    much the next best reading is dearer. `listed` ones stand in the rules as they are. `hidden` is a drug whose name
    the end of another's may have been heard for."""

    stretch: Stretch
    words: tuple[str, ...]
    entry: Entry
    distance: float
    gain: float
    margin: float
    rival: Entry | None
    listed: bool = False
    hidden: bool = False


def price(heard: Heard) -> float:
    """What it costs to believe the word."""
    if not heard.known:
        return _NO_WORD + (_NO_WORD_DOUBT * (1 - heard.confidence) if heard.confidence is not None else 1.0)
    if heard.confidence is None:
        return 0.0
    doubt = _SERVICE_DOUBT if heard.service or len(heard.word) <= 2 else _WORD_DOUBT
    return doubt * (1 - heard.confidence)


def price_of_all(words: Sequence[Heard]) -> float:
    """What it costs to believe the words together; small ones at the ends count less, being the likeliest to be
    right and to belong elsewhere."""
    prices = [price(word) for word in words]
    if len(words) > 1:
        for end in (0, -1):
            if len(words[end].word) <= _SMALL and words[end].known:
                prices[end] *= _SMALL_SHARE
    return sum(prices)


def reach(words: Sequence[Heard], length: int, worth: float) -> float:
    """How far in sound a reading of these words may lie, so that it is likely and gains; negative for nowhere."""
    unsure = "typed" if words[0].confidence is None else "none"
    kind = "known" if all(word.known for word in words) else unsure
    base, share = _REACH[kind]
    return min(_REACH_CAP, base + share * length, (worth - _least(words, length) - _DRUG_DOSED) / _DISTANCE)


def known_reach(length: int) -> float:
    """How far in sound from so many sounds that are good words another reading may lie."""
    base, share = _REACH["known"]
    return base + share * length


def _least(words: Sequence[Heard], length: int) -> float:
    """The price of a repair that sounds exactly as heard."""
    return _BASE - min(_LENGTH_CAP, _LENGTH * max(0, length - 5)) + sum(_GAP[word.gap] for word in words[1:])


def only_endings_differ(one: str, other: str) -> bool:
    """Whether two spellings look like forms of one word."""
    shared = 0
    while shared < min(len(one), len(other)) and one[shared] == other[shared]:
        shared += 1
    return shared >= max(len(one), len(other)) - _KIN_ENDING


def _oblique(entry: Entry, dosed: bool) -> float:
    if entry.kind == "drug" and dosed:
        return _OBLIQUE_DRUG
    return _OBLIQUE_PHRASE if len(entry.words) > 1 else _OBLIQUE


class Repairs:
    """Finds the readings of stretches in a lexicon."""

    def __init__(self, phonetics: Phonetics, lexicon: Lexicon, vocabulary: Terms, substances: Substances) -> None:
        self._phonetics = phonetics
        self._lexicon = lexicon
        self._substances = substances
        self._opposites = [(phonetics.sound([one]), phonetics.sound([other])) for one, other in vocabulary.opposites]

    def readings(
        self, heard: Sequence[Heard], stretches: Sequence[Stretch], outlook: Sequence[Outlook]
    ) -> list[Repair]:
        """The best reading of each stretch, where it has one that is near enough; `outlook` is that of each word."""
        found = []
        for stretch in stretches:
            entries = self._lexicon.near(stretch.sound, stretch.slack)
            best = self._best(heard[stretch.start : stretch.end], stretch, entries, outlook[stretch.end - 1])
            if best is not None:
                found.append(best)
        return found

    def _best(
        self, words: Sequence[Heard], stretch: Stretch, entries: list[Entry], outlook: Outlook
    ) -> Repair | None:
        length = len(stretch.sound)
        rough = process.extract(
            stretch.sound,
            [entry.sound for entry in entries],
            scorer=Levenshtein.distance,
            score_cutoff=2 + int(stretch.reach / _CHEAP),
            limit=_LOOKED_AT,
        )
        spelled = " ".join(word.word for word in words)
        if stretch.leading:
            spelled = spelled[len(stretch.leading.word) :]
        ranked = []
        nearest = stretch.reach
        for _, _, number in rough:
            entry = entries[number]
            if self._opposite(stretch.sound, entry.sound):
                continue
            far = min(stretch.reach, nearest + _RIVAL)
            if entry.kind == "drug" and not (outlook.dosed or outlook.expected):
                far = min(far, _UNDOSED_REACH[0] + _UNDOSED_REACH[1] * length)
            elif entry.kind == "numeral":
                far = min(far, _NUMERAL_REACH[0] + _NUMERAL_REACH[1] * length)
            form, distance = self._closest(entry, stretch.sound, spelled, far, _oblique(entry, outlook.dosed))
            if (
                stretch.leading
                and stretch.leading.oblique
                and not entry.fixed
                and form is self._lexicon.forms(entry)[0]
            ):
                continue
            if form is not None:
                nearest = min(nearest, distance)
                ranked.append((self._cost(words, stretch, entry, form, distance, outlook), distance, number, form))
        if not ranked:
            return None
        ranked.sort(key=lambda row: row[:3])
        cost, distance, number, form = ranked[0]
        rival = next((row for row in ranked[1:] if not self._kin(entries[row[2]], entries[number])), None)
        return Repair(
            stretch,
            (stretch.leading.word, *form.words) if stretch.leading else form.words,
            entries[number],
            distance,
            stretch.worth - cost,
            rival[0] - cost if rival else float("inf"),
            entries[rival[2]] if rival else None,
            hidden=entries[number].kind == "drug"
            and self._substances.is_end(stretch.sound, entries[number], distance),
        )

    def _kin(self, one: Entry, other: Entry) -> bool:
        """Forms of one word, entered on their own ("отягощён", "отягощена"), or names of one drug: no rivals."""
        if one.kind in _OWN or other.kind in _OWN:
            return self._substances.same(one, other)
        return only_endings_differ(" ".join(one.words), " ".join(other.words))

    def _closest(
        self, entry: Entry, sound: str, spelled: str, far: float, oblique: float
    ) -> tuple[Form | None, float]:
        """The case form that sounds most like what was heard, if one is near enough; of equals, the one spelled
        most alike."""
        forms = self._lexicon.forms(entry)
        rough = [Levenshtein.distance(sound, form.sound) for form in forms]
        least = min(rough)
        best: tuple[float, float, Form] | None = None
        for form, edits in zip(forms, rough, strict=True):
            if edits > least + (edits < 2):
                continue
            distance = self._phonetics.distance(sound, form.sound, far)
            if distance > far:
                continue
            rank = distance + _SPELLING * Levenshtein.distance(spelled, " ".join(form.words))
            rank += oblique if form is not forms[0] else 0.0
            if best is None or rank < best[0]:
                best = (rank, distance, form)
        return (best[2], best[1]) if best else (None, float("inf"))

    def _cost(
        self, words: Sequence[Heard], stretch: Stretch, entry: Entry, form: Form, distance: float, outlook: Outlook
    ) -> float:
        cost = _least(words, len(stretch.sound)) + _DISTANCE * distance
        cost += _BOUNDARY * abs(len(words) - len(form.words))
        if stretch.leading:
            cost += _LEADING_NEGATION if stretch.leading.negation else _LEADING
        if len(words) > len(form.words) and all(word.known for word in words):
            cost += _JOINED
        if entry.kind == "drug":
            cost += _DRUG_DOSED if outlook.dosed else 0.0 if outlook.expected else _DRUG_UNDOSED
        return cost

    def _opposite(self, one: str, other: str) -> bool:
        return any(
            (one.startswith(left) and other.startswith(right)) or (one.startswith(right) and other.startswith(left))
            for left, right in self._opposites
        )

    def turns(self, heard: str, meant: str) -> bool:
        """Whether the reading begins with one of two opposites, and what was heard with neither."""
        return any(
            meant.startswith(prefix) and not heard.startswith(prefix) for pair in self._opposites for prefix in pair
        )
