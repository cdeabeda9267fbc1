// What the items of the record's lists hold, and which of it can be edited how.

import { has, t, translated } from "./i18n.js";

const ROLES = ["main", "complication", "comorbid", "preliminary"];
const ASSERTIONS = ["present", "absent", "possible", "historical", "family"];

const text = (name) => ({ name, kind: "text" });
const number = (name) => ({ name, kind: "number" });
const flag = (name) => ({ name, kind: "flag" });

// `line` is what is typed of an item; `chief` stands beside it, `details` are opened.
const LISTS = {
  diagnoses: {
    line: "text",
    chief: [
      { name: "role", kind: "choice", of: ROLES },
      { name: "icd10", kind: "icd10" },
    ],
    details: [],
    blank: { role: "main", icd10: null, title: null, candidates: [] },
  },
  medications: {
    line: "text",
    chief: [],
    details: [
      ...["name", "form", "strength"].map(text),
      number("dose"),
      ...["unit", "route"].map(text),
      number("times_per_day"),
      ...["timing", "condition"].map(text),
      number("duration_days"),
      flag("as_needed"),
    ],
    blank: {},
  },
  examinations: { line: "text", chief: [], details: [], blank: {} },
  findings: {
    line: "text",
    chief: [{ name: "status", kind: "choice", of: ASSERTIONS }],
    details: [],
    blank: { status: "present" },
  },
  allergies: {
    line: null,
    chief: [text("substance"), text("reaction"), flag("denied")],
    details: [],
    blank: { denied: false },
  },
};

export const listOf = (kind) => LISTS[kind];
export const isList = (kind) => kind in LISTS;

/** The heading of a column: the form's own words where it has some, else the page's. */
export function columnLabel(item, name) {
  const part = item?.parts?.find((each) => each.name === name);
  return part ? translated(part.labels, name) : t(`column.${name}`);
}

/** The word for a member of a closed list. */
export const choiceLabel = (column, value) => (has(`${column}.${value}`) ? t(`${column}.${value}`) : value);

const EDITED = new Set(["status", "reasons", "check", "confidence"]);

/** An item as it is sent: without the judgement, which is the server's. */
export function sent(item, kind) {
  const judged = kind === "findings" ? new Set(["check", "reasons", "confidence"]) : EDITED;
  return Object.fromEntries(Object.entries(item).filter(([name]) => !judged.has(name)));
}
