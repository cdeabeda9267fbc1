"""What is meant with a drug: prescribed now, taken before, stopped, reacted to, or no medication at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dictation.clinical.facts import Section
from dictation.clinical.mentions import Mention
from dictation.clinical.morphology import parses
from dictation.clinical.prescription import Elements, PrescriptionReader
from dictation.clinical.sentence_marks import SENTENCE_ENDS, SEPARATORS, sentence_start
from dictation.clinical.stops import Exchange, StopReader
from dictation.clinical.templates import Found, Template
from dictation.grammar.prescriptions import Intents

_UNCERTAIN = ("uncertain",)


@dataclass(frozen=True, slots=True)
class Decision:
    """What is meant with a drug (`intent` as in `Medication`, None for no medication), what is doubtful about it,
    and the tokens that say it. `told` where a cue of stopping stands behind the name."""

    intent: str | None
    start: int
    end: int
    doubts: tuple[str, ...] = ()
    told: bool = False


class IntentReader:
    """Decides by the section, by the cues before and behind the name, and by the drug named before."""

    def __init__(self, rules: Intents, reader: PrescriptionReader) -> None:
        self._rules = rules
        self._around = reader.around
        stem = reader.stem
        self.order = Template(rules.order, stem)
        self.prescribed = Template(rules.prescribed, stem)
        self._taken = Template(rules.taken, stem)
        self._allergy = Template(rules.allergy, stem)
        self._reaction = Template(rules.reaction, stem)
        self._stops = StopReader(rules, reader)
        self._lists = frozenset((",", *reader.rules.lists))

    def prescribes(self, section: Section) -> bool:
        """Whether prescriptions are what the section is for."""
        return self._rules.sections.get(section.kind) == "prescribed"

    def decide(self, stems: Elements, words: Sequence[str], mentions: Sequence[Mention]) -> list[Decision]:
        """What is meant with each of the drugs, in their order."""
        exchanges = self._stops.exchanges(stems, words, mentions)
        stopped = {exchange.stopped: exchange for exchange in exchanges}
        given = {exchange.given: exchange for exchange in exchanges if exchange.given not in stopped}
        decisions: list[Decision] = []
        for number, mention in enumerate(mentions):
            if number in given:
                decision = self._given(mention, given[number])
            elif number in stopped:
                decision = Decision("stopped", mention.start, mention.read.end)
            else:
                decision = self._one(stems, words, mentions, decisions)
            decisions.append(decision)
        return self._joined_to_stopped(words, mentions, decisions)

    def _given(self, mention: Mention, exchange: Exchange) -> Decision:
        """A drug that takes the place of another is prescribed, but where the change is told of the past."""
        start, end = min(exchange.start, mention.start), max(exchange.end, mention.read.end)
        section = self._by_section(mention.section)
        guessed = mention.section is not None and mention.section.by == "content"
        if section in ("taken", "allergy") or (guessed and not exchange.ordered):
            if not exchange.ordered or not mention.is_whole:
                return Decision("taken", mention.start, mention.read.end)
            return Decision("prescribed", start, end, _UNCERTAIN)
        return Decision("prescribed", start, end)

    def _one(
        self, stems: Elements, words: Sequence[str], mentions: Sequence[Mention], before: list[Decision]
    ) -> Decision:
        mention = mentions[len(before)]
        name, section = mention.name, mention.section
        start, read_end = mention.start, mention.read.end
        begin = sentence_start(words, name.start, section)
        end = next((i for i in range(name.end, mention.limit) if words[i] in SENTENCE_ENDS), mention.limit)
        by_section = self._by_section(section)
        stop = self._stops.before(stems, words, begin, start)
        read = [(m.name.end, m.read.end) for m in mentions[: len(before)] if m.read.end > begin]

        def last(template: Template, until: int = name.start) -> int:
            free = (
                found.end
                for found in template.within(stems, begin, until)
                if not any(place <= found.start < stop_ for place, stop_ in read)
                and not (stop is not None and stop.start <= found.start < stop.end)
            )
            return max(free, default=-1)

        order, prescribed = last(self.order), last(self.prescribed)
        taken, allergy = last(self._taken, start), last(self._allergy, start)
        if by_section == "allergy" or (
            allergy > max(order, prescribed, -1) and not any(map(_is_verb, words[allergy : name.start]))
        ):
            return Decision("allergy", start, read_end)
        if not mention.is_dosed and self._reaction.last(stems, name.end, min(end, name.end + 3)) is not None:
            return Decision("allergy", start, read_end)
        around = self._around.last(stems, begin, name.start)
        if not mention.is_dosed and around is not None and around.end == name.start:
            return Decision(None, start, read_end)
        stopping = self._stopped(stems, words, mentions, before, stop, max(order, prescribed), end)
        if stopping is not None:
            return stopping
        if section is not None and section.kind in self._rules.none:
            return Decision("prescribed" if mention.is_whole else None, start, read_end, _UNCERTAIN)
        if order >= 0 and order >= taken:
            return Decision("prescribed", start, read_end)
        if by_section == "prescribed":
            if section is not None and section.by == "content" and taken > prescribed and self._told(words, taken):
                return Decision("taken", start, read_end)
            doubtful = taken >= 0 and taken > prescribed
            return Decision("prescribed", start, read_end, _UNCERTAIN if doubtful else ())
        if section is not None and section.kind in self._rules.misplaced and mention.is_whole and taken < 0:
            return Decision("prescribed", start, read_end, _UNCERTAIN)
        if by_section is not None:
            return Decision(by_section, start, read_end)
        if section is None and taken >= 0 and taken >= prescribed:
            return Decision("taken", start, read_end)
        if not mention.is_dosed and (section is not None or prescribed < 0):
            return Decision(None, start, read_end)
        behind = self.prescribed.last(stems, name.end, read_end) if mention.is_whole else None
        return Decision("prescribed", start, read_end, () if prescribed >= 0 or behind is not None else _UNCERTAIN)

    def _stopped(
        self,
        stems: Elements,
        words: Sequence[str],
        mentions: Sequence[Mention],
        before: list[Decision],
        stop: Found | None,
        ordered: int,
        end: int,
    ) -> Decision | None:
        """The decision by the cues of stopping; None where there are none."""
        mention = mentions[len(before)]
        start, read_end = mention.start, mention.read.end
        after = self._stops.after(stems, words, mention, end)
        following = mentions[len(before) + 1] if len(before) + 1 < len(mentions) else None
        if after is not None:
            leads_on = following is not None and (
                after.end == following.start or self._governs(stems, words, after, following.start)
            )
            manner = self._stops.tells_a_manner(stems, words, after, end)
            if not mention.is_dosed and not manner:
                return Decision("stopped", start, after.end, told=True)
            if leads_on and following is not None:
                return Decision(
                    "prescribed", start, read_end, _UNCERTAIN if following.is_dosed or not mention.is_whole else ()
                )
            apart = words[after.start - 1] in SEPARATORS or bool(mention.read.reasons)
            if self._stops.has_object(words, after, end):
                return None
            if manner or (apart and mention.is_whole):
                return Decision("prescribed", start, after.end, ("not-structured",))
            return Decision("stopped", start, after.end, told=True)
        if stop is not None and stop.start >= ordered:
            previous = before[-1] if before else None
            if previous is not None and previous.told and stop.end <= previous.end:
                return None
            if previous is not None and mention.is_dosed and stop.start == previous.end and previous.doubts:
                return Decision("prescribed", start, read_end, _UNCERTAIN)
            return Decision("stopped", stop.start, read_end)
        if before and self._goes_on(words, mentions, before):
            return Decision("stopped", start, read_end)
        return None

    def _governs(self, stems: Elements, words: Sequence[str], cue: Found, start: int) -> bool:
        """Whether a cue behind one drug speaks of the next ("лозартан 50 мг утром отменить приём аспирина")."""
        own = self._stops.before(stems, words, cue.start, start) is not None
        return own and not self._stops.ends_the_clause(words, cue, start)

    def _goes_on(self, words: Sequence[str], mentions: Sequence[Mention], before: list[Decision]) -> bool:
        """Whether a drug is the next of those that were stopped with a cue before them ("отменить эналаприл и
        лозартан")."""
        mention, previous = mentions[len(before)], before[-1]
        between = words[previous.end : mention.start]
        if previous.intent != "stopped" or previous.told or previous.end > mention.start:
            return False
        joined = [word.lower() for word in between]
        if not joined or not set(joined) <= self._lists:
            return False
        return not mention.is_dosed or (joined != [","] and not mention.is_whole)

    def _joined_to_stopped(
        self, words: Sequence[str], mentions: Sequence[Mention], decisions: list[Decision]
    ) -> list[Decision]:
        """ "Эналаприл и лозартан отменить" stops both."""
        found = list(decisions)
        for number in range(len(found) - 2, -1, -1):
            mention, following = mentions[number], found[number + 1]
            joined = {word.lower() for word in words[mention.read.end : mentions[number + 1].start]}
            if (
                following.told
                and found[number].intent == "prescribed"
                and not mention.read.frequencies
                and not mention.is_whole
                and joined
                and joined <= self._lists
                and (joined != {","} or not mention.is_dosed)
            ):
                found[number] = replace(found[number], intent="stopped", doubts=(), told=True)
        return found

    def _told(self, words: Sequence[str], end: int) -> bool:
        """Whether the cue that ends there reports what the patient does or did ("принимает", "пил")."""
        tag = parses(words[end - 1])[0].tag
        return tag.POS == "VERB" and ("3per" in tag or "past" in tag)

    def _by_section(self, section: Section | None) -> str | None:
        return self._rules.sections.get(section.kind) if section is not None else None


def _is_verb(word: str) -> bool:
    return parses(word)[0].tag.POS in ("VERB", "INFN", "PRTS")
