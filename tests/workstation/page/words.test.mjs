import assert from "node:assert/strict";
import { test } from "node:test";

import { placedUtterances, quoted, span, valuesOf, wordsIn } from "../../../dictation/workstation/page/js/words.js";

const word = (text, start, end, confidence = 0.9) => ({ text, start, end, confidence });

const transcript = {
  text: "пульс пульс 🫀 сто два",
  utterances: [
    { start: 0, end: 1, field: null, words: [word("пульс", 0, 0.4), word("пульс", 0.5, 0.9), word("🫀", 0.9, 1)] },
    { start: 1, end: 2, field: "heart-rate", words: [word("сто", 1, 1.4), word("два", 1.5, 2)] },
  ],
};

test("words are placed in order, in code points", () => {
  const places = placedUtterances(transcript).flatMap(({ words }) => words.map(({ from, to }) => [from, to]));
  assert.deepEqual(places, [
    [0, 5],
    [6, 11],
    [12, 13],
    [14, 17],
    [18, 21],
  ]);
});

test("a word that the text lacks has no place and moves no other", () => {
  const odd = { text: "сто два", utterances: [{ words: [word("сто"), word("три"), word("два")] }] };
  const [{ words }] = placedUtterances(odd);
  assert.deepEqual(
    words.map(({ from, to }) => [from, to]),
    [
      [0, 3],
      [3, 3],
      [4, 7],
    ],
  );
});

test("the words of a stretch are those that it touches", () => {
  const utterances = placedUtterances(transcript);
  assert.deepEqual(
    wordsIn(utterances, [{ start_char: 14, end_char: 18 }]).map(({ text }) => text),
    ["сто"],
  );
  assert.deepEqual(wordsIn(utterances, [{ start_char: 4, end_char: 15 }]).length, 4);
  assert.deepEqual(wordsIn(utterances, []), []);
});

test("a word belongs to the closest value first", () => {
  const record = {
    fields: {
      objective: { value: "Пульс 102.", evidence: [{ start_char: 0, end_char: 21 }] },
      "heart-rate": { value: 102, evidence: [{ start_char: 14, end_char: 21 }] },
      diagnosis: { value: [{ evidence: [{ start_char: 14, end_char: 17 }] }], evidence: [] },
    },
    findings: [{ evidence: [{ start_char: 14, end_char: 17 }] }],
    allergies: [],
    notices: [],
  };
  const found = valuesOf(record, { from: 14, to: 17 }).map(({ key, item, list }) => [key, item, list]);
  assert.deepEqual(found, [
    ["diagnosis", 0, false],
    ["findings", 0, true],
    ["heart-rate", null, false],
    ["objective", null, false],
  ]);
  assert.deepEqual(valuesOf(record, { from: 30, to: 31 }), []);
});

test("the sound of a value has a little before and behind it, never before the beginning", () => {
  assert.deepEqual(
    span(
      [
        { start: 0.1, end: 0.5 },
        { start: 2, end: 2.5 },
      ],
      0.25,
    ),
    { start: 0, end: 2.75 },
  );
  assert.equal(span([{ start: null, end: null }]), null);
  assert.equal(span([]), null);
});

test("what was heard is quoted by code points", () => {
  assert.equal(
    quoted(transcript, [
      { start_char: 12, end_char: 13 },
      { start_char: 18, end_char: 21 },
    ]),
    "🫀 … два",
  );
});
