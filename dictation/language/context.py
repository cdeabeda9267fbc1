"""What the words around a number say about it."""

from __future__ import annotations

from collections.abc import Sequence

from dictation.grammar.quantities import QuantityRules
from dictation.language.numerals import Item, Number
from dictation.language.phrases import Phrases, is_word, plain
from dictation.language.written import Token

# Words looked back over for what a number measures.
REACH = 6
_SENTENCE_ENDS = (".", "?", "!", ";", "\n", "\n\n")


class Context:
    """Cues before a number and units after it, for the numbers of one language."""

    def __init__(self, rules: QuantityRules) -> None:
        cues = rules.cues
        self._kinds = {
            "counted": _plain(cues.counted),
            "temperature": _plain(cues.temperature),
            "pressure": _plain(cues.pressure),
            "angle": _plain(cues.angle),
            "tenths": _plain(cues.tenths),
        }
        self._counted = (*_plain(rules.counted), *_plain(cues.counted))
        self._labels = _plain(rules.labels)
        self._bare = _plain(rules.bare_ordinals)
        self._degrees = frozenset(map(plain, rules.degrees))
        self.units: Phrases[str] = Phrases(
            (form, unit.written) for unit in rules.units for form in {*unit.said, " / ".join(unit.written.split("/"))}
        )
        self._doses = frozenset(unit.written for unit in rules.units if unit.dose)
        self.joined = frozenset(unit.written for unit in rules.units if unit.joined)

    def cue(self, items: Sequence[Item], at: int) -> str:
        """The kind of the nearest word before place `at` that tells what is measured; empty where none does.
        Looks no further than the sentence and the number before."""
        seen = 0
        for item in reversed(items[:at]):
            if isinstance(item, Number) or item.text in _SENTENCE_ENDS or seen == REACH:
                return ""
            if is_word(item):
                seen += 1
                for kind, beginnings in self._kinds.items():
                    if self._begins(item.text, beginnings):
                        return kind
        return ""

    def nearest(self, items: Sequence[Item], at: int, kinds: tuple[str, ...]) -> str:
        """Of some kinds, that of the nearest word before place `at` in the same sentence; empty where none."""
        for item in reversed(items[:at]):
            if isinstance(item, Token):
                if item.text in _SENTENCE_ENDS:
                    return ""
                for kind in kinds:
                    if self._begins(item.text, self._kinds[kind]):
                        return kind
        return ""

    def names(self, items: Sequence[Item], at: int, kind: str) -> bool:
        """A word of this kind stands at `at`."""
        item = items[at] if at < len(items) else None
        return isinstance(item, Token) and self._begins(item.text, self._kinds[kind])

    def mentions(self, items: Sequence[Item], at: int, kind: str) -> bool:
        """A word of this kind stands before place `at` in the same sentence, whatever is between."""
        return bool(self.nearest(items, at, (kind,)))

    @staticmethod
    def _begins(text: str, beginnings: tuple[str, ...]) -> bool:
        """A short beginning ("вес", "час") is a whole word or an ending short of one: "весна", "часто" are none."""
        word = plain(text)
        return any(word.startswith(b) and (len(b) > 3 or len(word) <= len(b) + 1) for b in beginnings)

    def is_counted(self, items: Sequence[Item], at: int) -> bool:
        """A noun that numbers count stands at `at`."""
        return (
            at < len(items)
            and isinstance(item := items[at], Token)
            and self._begins(item.text, self._counted)
            and not self.is_unit(items, at)
        )

    def is_unit(self, items: Sequence[Item], at: int) -> bool:
        """A unit of measurement stands at `at`."""
        return at < len(items) and (self.units.match(items, at) is not None or self.is_degrees(items, at))

    def is_dose(self, items: Sequence[Item], at: int) -> bool:
        """A unit that drugs are dosed in stands at `at`."""
        match = self.units.match(items, at) if at < len(items) else None
        return match is not None and match[1] in self._doses

    def is_degrees(self, items: Sequence[Item], at: int) -> bool:
        return at < len(items) and isinstance(item := items[at], Token) and plain(item.text) in self._degrees

    def is_label(self, items: Sequence[Item], at: int) -> bool:
        """A word whose value follows it ("класс", "риск") stands at `at`."""
        return at >= 0 and isinstance(item := items[at], Token) and self._begins(item.text, self._labels)

    def is_bare(self, items: Sequence[Item], at: int) -> bool:
        """A noun whose ordinal is written without an ending stands at `at`."""
        return 0 <= at < len(items) and isinstance(item := items[at], Token) and self._begins(item.text, self._bare)


def _plain(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(plain(word) for word in words)
