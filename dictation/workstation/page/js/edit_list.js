// Editing diagnoses, prescriptions, examinations, findings and allergies: items added, changed, moved and removed.

import { choiceLabel, columnLabel, listOf, sent } from "./columns.js";
import { button, el, labelled, replace, unique } from "./dom.js";
import { Editor, readNumber } from "./edit_value.js";
import { number, t } from "./i18n.js";
import { Icd10Box } from "./icd10_box.js";

export class ListEditor extends Editor {
  constructor(card, settings) {
    super(card, settings);
    this.kind = settings.kind;
    this.list = listOf(this.kind);
    this.before = settings.value ?? [];
    this.rows = this.before.map((item) => new Row(this, item));
    this.places = el("ol", { class: "rows" });
    this.node = this.keys(
      el(
        "div",
        { class: "editor list" },
        this.places,
        button(t(`add.${this.kind}`), { picture: "add", class: "plain", onclick: () => this.#add() }),
        this.list.line && el("p", { class: "hint" }, t(`line-hint.${this.kind}`)),
        this.actions(),
      ),
      true,
    );
    if (!this.rows.length) this.rows.push(new Row(this, null));
    this.#show();
  }

  #show() {
    replace(
      this.places,
      this.rows.map((row) => row.node),
    );
  }

  #add() {
    const row = new Row(this, null);
    this.rows.push(row);
    this.#show();
    row.focus();
  }

  remove(row) {
    const place = this.rows.indexOf(row);
    this.rows.splice(place, 1);
    this.#show();
    const next = this.rows[place] ?? this.rows[place - 1];
    if (next) next.focus();
    else this.node.querySelector("button").focus();
  }

  move(row, by) {
    const from = this.rows.indexOf(row);
    const to = from + by;
    if (to < 0 || to >= this.rows.length) return;
    this.rows.splice(from, 1);
    this.rows.splice(to, 0, row);
    this.#show();
    row.focus();
  }

  focus() {
    (this.rows[0] ?? this.node.querySelector("button")).focus();
  }

  read() {
    const items = [];
    for (const row of this.rows) {
      const item = row.read();
      if (item === undefined) return undefined;
      if (item !== null) items.push(item);
    }
    return items;
  }

  unchanged(items) {
    return JSON.stringify(items) === JSON.stringify(this.before.map((item) => sent(item, this.kind)));
  }
}

/** One item. What is typed as a line is read by the program as if it had been said; columns are taken as they are. */
class Row {
  constructor(editor, item) {
    this.editor = editor;
    this.item = item;
    const { line, chief, details } = editor.list;
    this.inputs = new Map();
    if (line) {
      this.line = el("input", {
        type: "text",
        autocomplete: "off",
        lang: editor.card.visit.draft.record.language,
        value: item?.[line] ?? "",
      });
      this.first = this.line.value;
    }
    const columns = chief.map((column) => this.#column(column));
    const more =
      item && details.length
        ? el(
            "details",
            {},
            el("summary", {}, t("details")),
            el(
              "div",
              { class: "columns" },
              details.map((column) => this.#column(column)),
            ),
          )
        : null;
    this.trouble = el("p", { class: "trouble", id: unique("trouble"), role: "alert" });
    this.node = el(
      "li",
      { class: "row" },
      line && labelled(columnLabel(editor.card.item, line), this.line),
      columns.length ? el("div", { class: "columns" }, columns) : null,
      more,
      this.trouble,
      el(
        "div",
        { class: "row-tools" },
        button(t("move-up"), { picture: "up", quiet: true, onclick: () => editor.move(this, -1) }),
        button(t("move-down"), { picture: "down", quiet: true, onclick: () => editor.move(this, 1) }),
        button(t("remove-item"), { picture: "remove", quiet: true, onclick: () => editor.remove(this) }),
      ),
    );
    if (more) this.node.addEventListener("input", () => this.#chooseOne());
  }

  #column({ name, kind, of }) {
    const label = columnLabel(this.editor.card.item, name);
    const value = this.item ? this.item[name] : this.editor.list.blank[name];
    if (kind === "icd10") {
      const box = new Icd10Box(label, this.item);
      this.inputs.set(name, { kind, box });
      return box.node;
    }
    if (kind === "flag") {
      const input = el("input", { type: "checkbox", checked: Boolean(value) });
      this.inputs.set(name, { kind, input, first: input.checked, given: Boolean(value) });
      return el("label", { class: "flag" }, input, el("span", {}, label));
    }
    const input =
      kind === "choice"
        ? el(
            "select",
            {},
            of.map((each) => el("option", { value: each }, choiceLabel(name, each))),
          )
        : el("input", { type: "text", autocomplete: "off", inputmode: kind === "number" ? "decimal" : null });
    input.value = kind === "number" && typeof value === "number" ? number(value) : (value ?? "");
    this.inputs.set(name, { kind, input, first: input.value, given: value ?? null });
    return labelled(label, input);
  }

  focus() {
    (this.line ?? this.node.querySelector("input, select")).focus();
  }

  /** Whether something in a column was touched. What was not is sent as it was, to the last digit. */
  get #columnsTouched() {
    return [...this.inputs.values()].some((each) => touched(each));
  }

  get #lineTouched() {
    return Boolean(this.line) && this.line.value !== this.first;
  }

  /** A prescription is told by its line or by its columns, never by both: one of them would be dropped unseen. */
  #chooseOne() {
    for (const { input } of this.inputs.values()) input.disabled = this.#lineTouched;
    this.line.disabled = this.#columnsTouched;
  }

  /** The item as it is sent, a string to be read, null for an empty row, undefined where something is wrong. */
  read() {
    const { line } = this.editor.list;
    if (line && !this.line.value.trim()) return null;
    const values = {};
    replace(this.trouble);
    for (const [name, each] of this.inputs) {
      const { kind, input, box, given } = each;
      if (kind === "icd10") {
        const { value } = box;
        mark(box.input, value === undefined);
        if (value === undefined) return this.#wrong(box.input, t("icd10.choose"));
        Object.assign(values, value);
      } else if (!touched(each)) values[name] = given;
      else if (kind === "flag") values[name] = input.checked;
      else if (kind === "number") {
        values[name] = readNumber(input.value);
        mark(input, values[name] === undefined);
        if (values[name] === undefined) return this.#wrong(input, t("not-a-number"));
      } else values[name] = input.value.trim() || null;
    }
    if (!line && !values.substance && !values.reaction && !values.denied) return null;
    return this.#item(line, values);
  }

  #item(line, values) {
    const { kind, list } = this.editor;
    const before = this.item && sent(this.item, kind);
    if (before && !this.#lineTouched && !this.#columnsTouched) return before;
    const typed = this.line?.value.trim();
    const retold = this.#lineTouched || !before;
    if (kind === "medications") {
      if (retold) return typed;
      const { text: _, ...rest } = before;
      return { ...rest, ...values };
    }
    // Other words are another disease: it is coded anew, unless the doctor has chosen the code.
    if (kind === "diagnoses" && retold && !this.inputs.get("icd10").box.touched)
      return { text: typed, role: values.role };
    return { ...list.blank, ...before, ...values, ...(line && { [line]: typed }) };
  }

  #wrong(input, text) {
    replace(this.trouble, text);
    input.closest("details")?.setAttribute("open", "");
    input.focus();
    this.trouble.scrollIntoView({ block: "nearest" });
    return undefined;
  }
}

const mark = (input, wrong) => input.setAttribute("aria-invalid", String(wrong));

function touched({ kind, input, box, first }) {
  if (box) return box.touched;
  return (kind === "flag" ? input.checked : input.value) !== first;
}
