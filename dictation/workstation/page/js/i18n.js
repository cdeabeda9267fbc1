// Words of the page in the doctor's language. Texts live in i18n/*.json, one flat table per language.

export const LANGUAGES = ["ru", "kk", "en"];
const REMEMBERED = "dictation.language";

/** Texts by key. A text is a string with {places}, or an object of plural forms chosen by `count`. */
export class Words {
  constructor(language, table) {
    this.language = language;
    this.table = table;
    this.plurals = new Intl.PluralRules(language);
  }

  has(key) {
    return key in this.table;
  }

  /** The text of `key`; a key that is missing shows itself, so that it is noticed. */
  say(key, values = {}) {
    let text = this.table[key];
    if (text === undefined) return key;
    if (typeof text === "object") text = text[this.plurals.select(values.count)] ?? text.other;
    return text.replace(/\{(\w+)\}/g, (_, name) => this.#shown(values[name]));
  }

  #shown(value) {
    if (value === undefined || value === null) return "";
    return typeof value === "number" ? this.number(value) : String(value);
  }

  number(value) {
    return new Intl.NumberFormat(this.language, { maximumFractionDigits: 20, useGrouping: false }).format(value);
  }
}

let words = new Words("en", {});
const listeners = new Set();

export const t = (key, values) => words.say(key, values);
export const has = (key) => words.has(key);
export const language = () => words.language;
export const number = (value) => words.number(value);

/** The text among translations that the reader understands best. */
export function translated(labels, otherwise = "") {
  return labels?.[words.language] ?? labels?.ru ?? Object.values(labels ?? {})[0] ?? otherwise;
}

/** A date as people write it; `value` is an ISO date or moment. */
export function day(value) {
  if (!value) return "";
  const [year, month, date] = value.slice(0, 10).split("-");
  return words.language === "en" ? `${year}-${month}-${date}` : `${date}.${month}.${year}`;
}

export function moment(value) {
  if (!value) return "";
  const when = new Date(value);
  const local = new Date(when.getTime() - when.getTimezoneOffset() * 60000).toISOString();
  return `${day(local)} ${local.slice(11, 16)}`;
}

/** Seconds as m:ss. */
export function duration(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

export const onLanguage = (listener) => listeners.add(listener);

export async function chooseLanguage(wanted) {
  const chosen = LANGUAGES.includes(wanted) ? wanted : LANGUAGES[0];
  const reply = await fetch(new URL(`../i18n/${chosen}.json`, import.meta.url));
  if (!reply.ok) throw new Error(`no texts in ${chosen}`);
  words = new Words(chosen, await reply.json());
  document.documentElement.lang = chosen;
  document.title = t("product");
  remember(REMEMBERED, chosen);
  for (const listener of listeners) listener(chosen);
}

/** The language chosen last, else the browser's where the page knows it. */
export function preferredLanguage() {
  const known = [recall(REMEMBERED), ...navigator.languages.map((tag) => tag.slice(0, 2))];
  return known.find((tag) => LANGUAGES.includes(tag)) ?? LANGUAGES[0];
}

/** What this browser remembers; a browser that forbids it remembers nothing. */
export function recall(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

export function remember(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // Chosen anew next time.
  }
}
