// Editing a text and editing a number.

import { button, el, replace, unique } from "./dom.js";
import { number, t, translated } from "./i18n.js";

/** What the editors have in common: save and cancel, by button and by key. */
export class Editor {
  constructor(card, { save, cancel }) {
    this.card = card;
    this.save = save;
    this.cancel = cancel;
    this.over = false;
  }

  actions() {
    return el(
      "div",
      { class: "actions" },
      button(t("save"), { class: "primary", onclick: () => this.finish() }),
      button(t("cancel"), { class: "plain", onclick: () => this.drop() }),
    );
  }

  /** Ctrl+Enter saves, Escape leaves everything as it was; `plain` tells whether Enter alone saves. */
  keys(node, plain) {
    node.addEventListener("keydown", (event) => {
      if (event.defaultPrevented || event.isComposing) return;
      if (event.key === "Escape") this.drop();
      else if (
        event.key === "Enter" &&
        (event.ctrlKey || event.metaKey || (plain && event.target.tagName === "INPUT"))
      )
        this.finish();
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    return node;
  }

  finish() {
    if (this.over) return;
    const value = this.read();
    if (value === undefined) return;
    this.over = true;
    if (this.unchanged(value)) this.cancel();
    else this.save(value);
  }

  drop() {
    if (this.over) return;
    this.over = true;
    this.cancel();
  }

  /** It could not be saved: nothing of it is lost. */
  reopen() {
    this.over = false;
  }

  /** Going elsewhere keeps what was typed, unless there is something to be read first. */
  leave() {
    if (!this.warned) this.finish();
  }

  /** Shows what happened to the value meanwhile. */
  warn(text) {
    this.warned?.remove();
    this.warned = el("p", { class: "trouble", role: "alert" }, text);
    this.node.append(this.warned);
  }
}

export class TextEditor extends Editor {
  constructor(card, settings) {
    super(card, settings);
    this.before = settings.value ?? "";
    this.input = el("textarea", {
      "aria-label": card.label,
      rows: "3",
      lang: card.visit.draft.record.language,
      spellcheck: "true",
      value: this.before,
    });
    this.node = this.keys(el("div", { class: "editor" }, this.input, this.actions()), false);
  }

  focus() {
    this.input.rows = Math.max(2, Math.ceil(this.before.length / 60) + this.before.split("\n").length);
    this.input.focus();
    this.input.setSelectionRange(this.before.length, this.before.length);
  }

  read() {
    return this.input.value.trim();
  }

  unchanged(value) {
    return value === this.before.trim();
  }
}

/** A number as people type it, with a comma or a point; null for nothing, undefined for what is no number. */
export function readNumber(text) {
  const plain = text
    .trim()
    .replace(",", ".")
    .replace(/[\s\u00a0]/g, "");
  if (!plain) return null;
  return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : undefined;
}

export class NumberEditor extends Editor {
  constructor(card, settings) {
    super(card, settings);
    this.before = settings.value ?? null;
    this.shown = this.before === null ? "" : number(this.before);
    const unit = translated(card.item.unit_labels, card.item.unit ?? "");
    this.trouble = el("p", { class: "trouble", id: unique("trouble"), role: "alert" });
    this.input = el("input", {
      type: "text",
      inputmode: "decimal",
      autocomplete: "off",
      "aria-label": unit ? `${card.label}, ${unit}` : card.label,
      "aria-describedby": this.trouble.id,
      value: this.shown,
    });
    this.node = this.keys(
      el(
        "div",
        { class: "editor number" },
        this.input,
        el("span", { class: "unit" }, unit),
        this.trouble,
        this.actions(),
      ),
      true,
    );
  }

  focus() {
    this.input.focus();
    this.input.select();
  }

  read() {
    // What was not touched is what it was, to the last digit.
    if (this.input.value === this.shown) return this.before;
    const value = readNumber(this.input.value);
    const wrong = value === undefined;
    this.input.setAttribute("aria-invalid", String(wrong));
    replace(this.trouble, wrong ? t("not-a-number") : null);
    if (wrong) this.input.focus();
    return value;
  }

  unchanged(value) {
    return value === this.before;
  }
}
