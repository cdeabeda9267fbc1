// The form beside the transcript: a card for each field, and for what lies beside the fields.

import { el, replace } from "./dom.js";
import { FieldCard } from "./field.js";
import { t, translated } from "./i18n.js";
import { ALLERGIES, FINDINGS, NOTICES } from "./names.js";

export class FormView {
  constructor(visit) {
    this.visit = visit;
    this.cards = new Map();
    this.title = el("h2", {});
    this.places = el("div", { class: "fields" });
    this.node = el("section", { class: "form" }, this.title, this.places);
  }

  update() {
    this.title.textContent = translated(this.visit.form.title);
    const names = this.#names();
    const shown = JSON.stringify([names, this.visit.version]);
    if (shown !== this.shown) this.#lay(names);
    this.shown = shown;
    for (const card of this.cards.values()) card.update();
  }

  /** Notices come first, then the fields, then the lists that no field bears the name of. */
  #names() {
    const { record } = this.visit.draft;
    const keys = this.visit.form.items.map(({ key }) => key).filter((key) => key in record.fields);
    const beside = [FINDINGS, ALLERGIES].filter(
      (name) => !keys.includes(name) && (record[name].length || name === FINDINGS),
    );
    return [...(record.notices.length ? [NOTICES] : []), ...keys, ...beside];
  }

  #lay(names) {
    const items = new Map(this.visit.form.items.map((item) => [item.key, item]));
    const before = this.cards;
    this.cards = new Map(
      names.map((name) => [name, before.get(name) ?? new FieldCard(this.visit, name, items.get(name))]),
    );
    // Moving a card takes the keyboard out of it, and with it what is being typed there.
    const focused = this.places.contains(document.activeElement) ? document.activeElement : null;
    replace(this.places, this.#grouped());
    focused?.focus({ preventScroll: true });
  }

  /** Numbers that follow one another stand side by side. */
  #grouped() {
    const blocks = [];
    let tiles = null;
    for (const card of this.cards.values()) {
      if (card.item?.kind === "number") {
        if (!tiles)
          blocks.push((tiles = el("div", { class: "tiles", role: "group", "aria-label": t("measurements") })));
        tiles.append(card.node);
      } else {
        tiles = null;
        blocks.push(card.node);
      }
    }
    return blocks;
  }

  card(name) {
    return this.cards.get(name);
  }

  /** A card that is being edited, if one is. */
  get beingEdited() {
    return [...this.cards.values()].find(({ editing }) => editing);
  }

  /** Keeps what is typed in cards that are being edited. */
  settle() {
    for (const { editing } of this.cards.values()) editing?.leave();
  }

  /** The card in which the keyboard is. */
  get current() {
    const node = document.activeElement?.closest?.(".field");
    return node ? this.cards.get(node.dataset.key) : undefined;
  }

  go(name) {
    const card = this.cards.get(name);
    if (!card) return;
    card.node.focus({ preventScroll: true });
    card.node.scrollIntoView({ block: "center", behavior: this.visit.motion });
  }

  /** To the card `by` places on from the one where the keyboard is; while dictating, to a field. */
  step(by) {
    const names = [...this.cards.keys()].filter((name) => !this.visit.dictating || this.cards.get(name).item);
    const here = names.indexOf(this.current?.name ?? this.visit.dictating?.field);
    const to = here < 0 ? (by > 0 ? 0 : names.length - 1) : Math.max(0, Math.min(names.length - 1, here + by));
    this.go(names[to]);
    return names[to];
  }

  /** Shows for a moment which card it is. */
  flash(name, item) {
    const card = this.cards.get(name);
    if (!card) return;
    card.node.scrollIntoView({ block: "nearest", behavior: this.visit.motion });
    const node =
      (item !== null && item !== undefined && card.node.querySelector(`[data-item="${item}"]`)) || card.node;
    node.classList.remove("flash");
    requestAnimationFrame(() => node.classList.add("flash"));
  }
}
