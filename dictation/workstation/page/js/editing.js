// A value being edited while more may be dictated into it.

import { isList } from "./columns.js";
import { ListEditor } from "./edit_list.js";
import { NumberEditor, TextEditor } from "./edit_value.js";
import { t } from "./i18n.js";
import { inWords } from "./values.js";

function editorFor(card, settings) {
  if (isList(settings.kind)) return new ListEditor(card, settings);
  return settings.kind === "number" ? new NumberEditor(card, settings) : new TextEditor(card, settings);
}

/** The open editor of a card; `closed()` when the value is saved or left as it was. */
export class Editing {
  constructor(card, kind, value, closed) {
    this.card = card;
    this.closed = closed;
    this.dictated = this.#dictated();
    this.seen = card.visit.review.shown(card.name);
    this.editor = editorFor(card, { kind, value, save: (now) => this.#save(now), cancel: closed });
    this.node = this.editor.node;
  }

  focus() {
    this.editor.focus();
  }

  leave() {
    this.editor.leave();
  }

  /** More was dictated here meanwhile: the doctor must see that before saving over it. */
  watch() {
    const now = this.#dictated();
    if (now === this.dictated) return;
    this.dictated = now;
    this.seen = this.card.visit.review.shown(this.card.name);
    const { review, fields } = this.card.visit.draft.record;
    const field = review.dictated.fields[this.card.name] ?? fields[this.card.name];
    this.editor.warn(t("dictated-meanwhile", { value: inWords(this.card.item, field?.value ?? this.seen) }));
  }

  /** The value as it was dictated, whatever was made of it by hand. */
  #dictated() {
    const { record } = this.card.visit.draft;
    const { fields, ...lists } = record.review.dictated;
    return JSON.stringify([
      fields[this.card.name]?.value ?? this.card.field?.value,
      lists[this.card.name] ?? this.card.list,
    ]);
  }

  /** What is typed stays in the editor until the server has it. */
  async #save(value) {
    const { card } = this;
    this.node.setAttribute("aria-busy", "true");
    if (await card.visit.review.set(card.name, value, { seen: this.seen })) return this.closed();
    this.node.removeAttribute("aria-busy");
    this.editor.reopen();
    const now = card.visit.review.shown(card.name);
    if (JSON.stringify(now) !== JSON.stringify(this.seen)) {
      this.seen = now;
      this.editor.warn(t("changed-meanwhile", { value: inWords(card.item, now) }));
    }
    return undefined;
  }
}
