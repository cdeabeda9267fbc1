// The words of a transcript with their places, and which value of the record each went to.

import { ALLERGIES, FINDINGS, NOTICES } from "./names.js";

/**
 * The utterances with their words placed in the transcript's text, whose offsets are code points:
 * `[{start, end, field, words: [{text, from, to, start, end, confidence}]}]`.
 */
export function placedUtterances({ text, utterances }) {
  const points = Array.from(text);
  const plain = points.length === text.length;
  let place = 0; // In UTF-16 units.
  let point = 0; // The same place in code points.
  const forward = (to) => {
    point += plain ? to - place : Array.from(text.slice(place, to)).length;
    place = to;
    return point;
  };
  return utterances.map((utterance) => ({
    start: utterance.start,
    end: utterance.end,
    field: utterance.field,
    words: utterance.words.map((word) => {
      const begin = text.indexOf(word.text, place);
      const from = forward(begin < 0 ? place : begin);
      const to = begin < 0 ? from : forward(begin + word.text.length);
      return { ...word, from, to };
    }),
  }));
}

const overlaps = (word, { start_char: from, end_char: to }) => word.from < to && word.to > from;

/** What was heard in the stretches, as the recogniser printed it. */
export function quoted({ text }, evidence) {
  const points = Array.from(text);
  return evidence.map(({ start_char: from, end_char: to }) => points.slice(from, to).join("")).join(" … ");
}

/** The words that lie in one of the stretches. */
export function wordsIn(utterances, evidence) {
  return utterances.flatMap(({ words }) => words.filter((word) => evidence.some((each) => overlaps(word, each))));
}

/**
 * The values that the word went to, the closest stretch first: `[{key, item, list, evidence}]`; item is the place in a
 * list, null for a whole field; list tells the lists beside the fields, which may bear a field's name.
 */
export function valuesOf(record, word) {
  const found = [];
  const look = (key, item, evidence = [], list = false) => {
    for (const each of evidence) if (overlaps(word, each)) found.push({ key, item, list, evidence: each });
  };
  for (const [key, field] of Object.entries(record.fields)) {
    look(key, null, field.evidence);
    if (Array.isArray(field.value)) field.value.forEach((item, index) => look(key, index, item.evidence));
  }
  record.findings.forEach((item, index) => look(FINDINGS, index, item.evidence, true));
  record.allergies.forEach((item, index) => look(ALLERGIES, index, item.evidence, true));
  record.notices.forEach((item, index) => look(NOTICES, index, item.evidence, true));
  const rank = ({ list, evidence }) => evidence.end_char - evidence.start_char + (list ? 0.5 : 0);
  return found.sort((one, other) => rank(one) - rank(other));
}

/** The seconds that stretches cover, a little more on both sides; null where they were never sound. */
export function span(evidence, margin = 0.3) {
  const heard = evidence.filter(({ start, end }) => start !== null && end !== null && start !== undefined);
  if (!heard.length) return null;
  return {
    start: Math.max(0, Math.min(...heard.map(({ start }) => start)) - margin),
    end: Math.max(...heard.map(({ end }) => end)) + margin,
  };
}
