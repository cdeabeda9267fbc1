"""What respelling repairs and what it harms.

    python benchmarks/respelling.py HEARD.jsonl --gold dev.jsonl [--notes diagnoses.jsonl] [--list]

HEARD holds what a recogniser printed for the recordings of the gold set: the output of
`dictation transcribe --json`, or lines {"id", "text", "words": [{"text", "start", "end", "confidence"}]}.

(a) Clinical-term recall and word error before and after; (b) changes to the gold texts themselves, as they are and in
lower case without punctuation, which must be none; (c) changes to real notes, which are listed to be judged.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from rapidfuzz.distance import Levenshtein

from dictation.grammar.commands import commands
from dictation.grammar.numerals import numerals
from dictation.grammar.orthography import orthography
from dictation.language.commands import SpokenMarks
from dictation.language.heard_marks import HeardMarks
from dictation.language.lexicon import lexicon
from dictation.language.numerals import Numerals
from dictation.language.respelling import Respeller
from dictation.language.tokens import Tokeniser
from dictation.language.written import Token, join
from dictation.speech.transcript import Transcript, Utterance, Word

_WORD = re.compile(r"\w+")
_CLINICAL = ("drug", "term", "heading")


def read(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def transcript_of(row: dict[str, Any]) -> Transcript:
    """A line of either shape."""
    utterances = row.get("utterances") or [{"text": row["text"], "words": row["words"]}]
    return Transcript.from_utterances(
        Utterance(
            text=" ".join(word["text"].strip() for word in utterance["words"]),
            words=tuple(
                Word(word["text"].strip(), word["start"], word["end"], word["confidence"])
                for word in utterance["words"]
            ),
        )
        for utterance in utterances
    )


class Reader:
    """Tokens as the writer hands them to the respeller."""

    def __init__(self) -> None:
        numbers = Numerals(numerals("ru"))
        self._tokenise = Tokeniser(orthography("ru"), numbers.is_cardinal)
        self._marks = SpokenMarks(commands("ru"), HeardMarks("ru", numbers.is_numeral), numbers.is_numeral)

    def __call__(self, transcript: Transcript) -> list[Token]:
        return self._marks(self._tokenise(transcript), transcript)[0]


def words(text: str) -> list[str]:
    return [word.lower().replace("ё", "е") for word in _WORD.findall(text)]


def name_of(row: dict[str, Any]) -> str:
    return str(row["id"]) if "id" in row else Path(row["source"]).stem


def clinical(gold: Iterable[str], language: str, kinds: Collection[str] = _CLINICAL) -> set[str]:
    """Those of the words that are in a clinical lexicon, in any form."""
    forms = {
        word.replace("ё", "е")
        for entry in lexicon(language).entries()
        if entry.kind in kinds
        for form in lexicon(language).forms(entry)
        for whole in form.words
        for word in _WORD.findall(whole)
        if len(word) > 3
    }
    return forms & set(gold)


def kept(gold: Sequence[str], heard: Sequence[str]) -> set[int]:
    """Places of the gold words that were heard right."""
    right: set[int] = set()
    for op in Levenshtein.opcodes(heard, gold):
        if op.tag == "equal":
            right.update(range(op.dest_start, op.dest_end))
    return right


def changes(tokens: Sequence[Token]) -> Iterator[tuple[str, str, str]]:
    seen: set[tuple[int, int]] = set()
    for token in tokens:
        if token.heard is not None and (token.start, token.end) not in seen:
            seen.add((token.start, token.end))
            meant = " ".join(t.text for t in tokens if (t.start, t.end) == (token.start, token.end))
            yield token.heard, meant, "check" if token.doubts else ""


def recordings(
    respeller: Respeller, reader: Reader, gold: dict[str, str], rows: list[dict[str, Any]], listed: bool
) -> None:
    everything = {word for text in gold.values() for word in words(text)}
    vocabulary = clinical(everything, "ru")
    errors = [0, 0]
    found = [0, 0]
    total = terms = spoiled = repaired = wrong = 0
    for row in rows:
        transcript = transcript_of(row)
        tokens = reader(transcript)
        after_tokens = respeller(tokens, transcript)
        truth = words(join(reader(Transcript.from_text(gold[name_of(row)]))))
        before, after = words(join(tokens)), words(join(after_tokens))
        total += len(truth)
        errors[0] += Levenshtein.distance(truth, before)
        errors[1] += Levenshtein.distance(truth, after)
        wanted = {place for place, word in enumerate(truth) if word in vocabulary}
        terms += len(wanted)
        found[0] += len(kept(truth, before) & wanted)
        found[1] += len(kept(truth, after) & wanted)
        spoiled += len(kept(truth, before) - kept(truth, after))
        for old, new, status in changes(after_tokens):
            better = set(words(new)) <= set(truth)
            repaired += better
            wrong += not better
            if listed:
                print(f"  {name_of(row)} {'+' if better else '-'} {old} → {new} {status}")
    lost, back = terms - found[0], found[1] - found[0]
    shares = f"{found[0] / terms:.3f} → {found[1] / terms:.3f}"
    print(f"(a) word error {errors[0] / total:.3f} → {errors[1] / total:.3f}")
    print(f"    clinical terms heard right, of {terms}: {found[0]} → {found[1]}, {shares}")
    print(f"    lost terms back {back}/{lost} = {back / lost:.2f}")
    print(f"    repairs: {repaired} to words of the text, {wrong} to others; {spoiled} right words spoiled")


def harm(respeller: Respeller, reader: Reader, texts: Iterable[str]) -> list[tuple[str, str, str]]:
    found = []
    for text in texts:
        transcript = Transcript.from_text(text)
        found += list(changes(respeller(reader(transcript), transcript)))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("heard", type=Path)
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--notes", type=Path)
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args()

    started = time.perf_counter()
    respeller, reader = Respeller("ru"), Reader()
    print(f"start-up {time.perf_counter() - started:.2f} s")
    gold = {row["id"]: row["spoken"] for row in read(options.gold)}
    rows = read(options.heard)
    recordings(respeller, reader, gold, rows, options.list)

    plain = [re.sub(r"[^\w\s-]", "", text).lower() for text in gold.values()]
    for title, texts in (("as they are", list(gold.values())), ("lower case, no marks", plain)):
        found = harm(respeller, reader, texts)
        print(f"(b) gold texts {title}: {len(found)} changes")
        for old, new, status in found:
            print(f"  ! {old} → {new} {status}")
    if options.notes:
        found = harm(respeller, reader, [row["text"] for row in read(options.notes)[:500]])
        print(f"(c) 500 real notes: {len(found)} changes")
        for old, new, status in found:
            print(f"  ? {old} → {new} {status}")

    read_rows = [(reader(transcript), transcript) for transcript in map(transcript_of, rows)]
    started = time.process_time()
    for tokens, transcript in read_rows:
        respeller(tokens, transcript)
    spent = time.process_time() - started
    count = sum(len(words(transcript.text)) for _, transcript in read_rows)
    print(f"speed {1000 * spent / count * 100:.1f} ms of one core per 100 words")


if __name__ == "__main__":
    main()
