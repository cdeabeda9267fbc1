import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { age } from "../../../dictation/workstation/page/js/banner.js";
import { readNumber } from "../../../dictation/workstation/page/js/edit_value.js";
import { duration, Words } from "../../../dictation/workstation/page/js/i18n.js";

const table = (language) =>
  JSON.parse(
    readFileSync(new URL(`../../../dictation/workstation/page/i18n/${language}.json`, import.meta.url), "utf-8"),
  );

const words = (language) => new Words(language, table(language));

test("Russian counts in its three ways", () => {
  const said = [1, 2, 5, 11, 21, 104].map((count) => words("ru").say("for-days", { count }));
  assert.deepEqual(said, ["1 день", "2 дня", "5 дней", "11 дней", "21 день", "104 дня"]);
});

test("Kazakh counts in one way, English in two", () => {
  assert.deepEqual(
    [1, 3].map((count) => words("kk").say("for-days", { count })),
    ["1 күн", "3 күн"],
  );
  assert.deepEqual(
    [1, 3].map((count) => words("en").say("times-per-day", { count })),
    ["once a day", "3 times a day"],
  );
});

test("numbers are written as the language writes them", () => {
  assert.equal(words("ru").number(37.4), "37,4");
  assert.equal(words("en").number(1000.5), "1000.5");
  // A quarter of a tablet of digoxin: no digit of a dose is ever rounded away.
  assert.equal(words("ru").number(0.0625), "0,0625");
  assert.equal(words("ru").say("for-days", { count: 1.5 }), "1,5 дня");
});

test("a place without a value stays empty, a missing text shows its key", () => {
  assert.equal(words("en").say("into-field", {}), "Field: ");
  assert.equal(words("en").say("no.such.text"), "no.such.text");
});

test("minutes and seconds", () => {
  assert.deepEqual([0, 59.6, 61, 600].map(duration), ["0:00", "1:00", "1:01", "10:00"]);
});

test("age in full years at the day of the visit", () => {
  assert.equal(age("1985-05-17", "2026-05-16"), 40);
  assert.equal(age("1985-05-17", "2026-05-17"), 41);
  assert.equal(age("2024-02-29", "2025-02-28"), 0);
});

test("numbers as people type them", () => {
  assert.deepEqual(["38,3", " 120 ", "1 000", "-5", "36.6"].map(readNumber), [38.3, 120, 1000, -5, 36.6]);
  assert.equal(readNumber("  "), null);
  for (const wrong of ["38,", "3,4,5", "12a", "1e3", "--1"]) assert.equal(readNumber(wrong), undefined, wrong);
});
