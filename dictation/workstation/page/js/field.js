// The card of one field: its value, why it needs a look, what else it may be, and what can be done with it.

import { choicesNode, codeOffers, heardOffer } from "./choices.js";
import { isList } from "./columns.js";
import { LISTED, listNode, valueNode } from "./contents.js";
import { button, el, icon, replace, unique } from "./dom.js";
import { Editing } from "./editing.js";
import { t, translated } from "./i18n.js";
import { MISHEARD, NOTICES, RESPELLED } from "./names.js";
import { inWords, measured, whyNode } from "./values.js";
import { quoted } from "./words.js";

const LONGEST = 160; // Characters of what was heard; more is read in the transcript.
const SHORT = 60; // What may be taken as it was heard.

/** `name` is the key of a field, or the name of a list beside the fields; `item` is the form's item, if it has one. */
export class FieldCard {
  constructor(visit, name, item) {
    this.visit = visit;
    this.name = name;
    this.item = item;
    this.node = el("section", { class: "field", id: unique("field"), tabindex: "0", data: { key: name } });
    this.node.addEventListener("focusout", (event) => this.#left(event));
    this.editing = null;
    this.shown = null;
    this.options = [];
  }

  get label() {
    return this.item ? translated(this.item.labels, this.name) : t(`list.${this.name}`);
  }

  get field() {
    return this.item ? this.visit.draft.record.fields[this.name] : null;
  }

  /** Items of the list beside the fields that bears this name. */
  get list() {
    const kind = LISTED[this.name];
    return kind ? this.visit.draft.record[kind] : [];
  }

  /** The language of what was dictated. */
  get spoken() {
    return this.visit.draft.record.language;
  }

  get open() {
    return this.visit.draft.open_checks.includes(this.name);
  }

  get confirmed() {
    return this.visit.draft.confirmed.includes(this.name);
  }

  get active() {
    return Boolean(this.item) && this.visit.draft.running && this.visit.dictating?.field === this.name;
  }

  /** Shows what the draft holds; a card that is being edited keeps what is typed. */
  update() {
    if (this.editing) {
      this.editing.watch();
      return;
    }
    const { running, has_audio: audio } = this.visit.draft;
    const now = JSON.stringify([
      this.field,
      this.list,
      this.#notices(),
      this.#changes(),
      this.state,
      this.open,
      running,
      audio,
      this.active,
      this.visit.version,
    ]);
    if (now === this.shown) return;
    this.shown = now;
    const inside = this.node.contains(document.activeElement) && document.activeElement !== this.node;
    this.#draw();
    if (inside) this.node.focus({ preventScroll: true });
  }

  #notices() {
    return this.name === NOTICES ? this.visit.draft.record.notices : [];
  }

  get state() {
    if (this.open) return "check";
    if (this.confirmed) return "confirmed";
    if (this.name === NOTICES) return "ok";
    const empty = !this.field || this.field.status === "empty";
    return empty && !this.list.length ? "empty" : "ok";
  }

  #draw() {
    this.options = [];
    const { state } = this;
    const dictated = this.visit.draft.running && this.item ? () => this.visit.focusField(this.name) : null;
    const heading = el("h3", { id: unique("label"), onclick: dictated }, this.label);
    const status = el("span", { class: `status ${state}` }, icon(state), el("span", {}, t(`state.${state}`)));
    this.node.className = [
      "field",
      state,
      this.item?.kind ?? "list",
      this.active && "active",
      this.#changes().length > 0 && "edited",
    ]
      .filter(Boolean)
      .join(" ");
    this.node.setAttribute("role", "group");
    this.node.setAttribute("aria-labelledby", heading.id);
    const body = [valueNode(this), listNode(this), this.#why(), this.#alternatives(), this.#original()];
    const told = el("div", { class: "body", id: unique("body") }, body);
    status.id = unique("state");
    this.node.setAttribute("aria-describedby", `${status.id} ${told.id}`);
    if (this.active) this.node.setAttribute("aria-current", "true");
    else this.node.removeAttribute("aria-current");
    replace(
      this.node,
      el(
        "header",
        {},
        heading,
        this.active && el("span", { class: "here" }, icon("microphone"), el("span", {}, t("dictated-here"))),
        status,
      ),
      told,
      this.#tools(),
    );
  }

  /** Reasons that no item of the list has for itself. */
  #why() {
    if (!this.field?.reasons.length) return null;
    const own = new Set(Array.isArray(this.field.value) ? this.field.value.flatMap((item) => item.reasons) : []);
    const left = this.field.reasons.filter((code) => !own.has(code));
    if (!this.open) {
      const seen = this.visit.draft.record.review.confirmed.find(({ name }) => this.confirmed && name === this.name);
      return seen && el("p", { class: "seen" }, t("confirmed-by", { name: seen.by }));
    }
    return [whyNode(left, this.visit.reasons), this.#heard()];
  }

  /** What the recogniser printed, where the words were mended or doubtful. */
  #heard() {
    const told = this.options.length > 0 && isList(this.item.kind) && this.field.reasons.includes(RESPELLED);
    if (told || !this.field.reasons.some((code) => MISHEARD.has(code)) || !this.field.evidence.length) return null;
    const { record } = this.visit.draft;
    const heard = quoted(record.transcript, this.field.evidence);
    if (heard.length > LONGEST) return null;
    if (this.item.kind === "text" && heard.length <= SHORT && this.field.reasons.includes(RESPELLED)) {
      return choicesNode(
        this.options,
        heardOffer(record, this.field.evidence, (value) => this.#choose(value)),
        t("heard-instead"),
      );
    }
    return el("p", { class: "heard" }, el("span", { class: "caption" }, t("heard")), " ", el("q", {}, heard));
  }

  /** Other codes of a diagnosis, and the words as they were heard where the program wrote others. */
  offers(item, index) {
    const put = (now) => this.#choose(this.field.value.map((each, n) => (n === index ? now : each)));
    return [
      item.candidates && choicesNode(this.options, codeOffers(item, put), t("candidates")),
      item.reasons?.includes(RESPELLED) &&
        choicesNode(this.options, heardOffer(this.visit.draft.record, item.evidence, put), t("heard-instead")),
    ];
  }

  #alternatives() {
    if (!this.field?.alternatives.length || this.field.status !== "check") return null;
    const isListed = isList(this.item.kind);
    return choicesNode(
      this.options,
      this.field.alternatives.map(({ value, evidence }) => ({
        words: [typeof value === "number" ? measured(this.item, value) : value],
        listen: this.visit.draft.has_audio && evidence.length > 0 && (() => this.visit.review.hear(evidence)),
        choose: () => this.#choose(isListed ? [...(this.field.value ?? []), value] : value),
      })),
      t(isListed ? "add-heard" : "said-too"),
    );
  }

  #changes() {
    return this.visit.draft.record.review.changes.filter(({ field }) => field === this.name);
  }

  #original() {
    const { review } = this.visit.draft.record;
    const changes = this.#changes();
    if (!changes.length) return null;
    const dictated = review.dictated.fields[this.name];
    const before =
      changes[0].of && changes[0].of !== "field" ? changes[0].before : (dictated?.value ?? changes[0].before);
    return el(
      "p",
      { class: "original" },
      icon("edited"),
      el("span", {}, t("was-dictated"), " ", el("q", {}, inWords(this.item, before))),
      button(t("put-back"), { class: "plain", onclick: () => this.visit.review.revert(this.name) }),
    );
  }

  /** Where the field was said, else the items of its list. */
  get #evidence() {
    return this.field?.evidence.length ? this.field.evidence : this.list.flatMap((item) => item.evidence);
  }

  #tools() {
    const heard = this.visit.draft.has_audio && this.#evidence.some(({ start }) => start !== null && start !== undefined);
    const { draft } = this.visit;
    const named = (key) => t(key, { field: this.label });
    return el(
      "div",
      { class: "tools" },
      heard && button(named("play-field"), { picture: "play", quiet: true, onclick: () => this.hear() }),
      draft.running &&
        this.item &&
        button(named("dictate-field"), {
          picture: "microphone",
          quiet: true,
          onclick: () => this.visit.focusField(this.name),
        }),
      (this.item || this.name in LISTED) &&
        button(named("edit-field"), { picture: "edit", quiet: true, onclick: () => this.edit() }),
      this.item &&
        this.name in LISTED &&
        button(t(`edit-list.${this.name}`), { picture: "list", quiet: true, onclick: () => this.edit(true) }),
      this.confirmed &&
        button(named("unconfirm-field"), {
          picture: "undo",
          quiet: true,
          onclick: () => this.visit.review.unconfirm(this.name),
        }),
      this.open &&
        button(t("confirm"), {
          picture: "confirmed",
          class: "confirm",
          "aria-label": named("confirm-field"),
          onclick: () => this.visit.review.confirm(this.name),
        }),
    );
  }

  /** Lights and plays all that the value came from. */
  hear() {
    this.visit.review.hear(this.#evidence);
    this.node.scrollIntoView({ block: "nearest", behavior: this.visit.motion });
  }

  choose(number) {
    this.options[number - 1]?.();
  }

  #choose(value) {
    return this.visit.review.set(this.name, value, { chosen: true });
  }

  /** Opens the editor, of the field or of the list that bears its name. */
  edit(listed = !this.item) {
    if (this.editing || (listed && !(this.name in LISTED))) return;
    this.editing = new Editing(
      this,
      listed ? LISTED[this.name] : this.item.kind,
      listed ? this.list : this.field.value,
      () => this.#close(),
    );
    this.node.classList.add("editing");
    this.node.querySelector(".body").replaceWith(el("div", { class: "body" }, this.editing.node));
    this.node.querySelector(".tools").replaceChildren();
    this.editing.focus();
    this.visit.controls.update();
  }

  #close() {
    const focused = this.node.contains(document.activeElement);
    this.editing = null;
    this.shown = null;
    this.node.classList.remove("editing");
    this.update();
    if (focused) this.node.focus({ preventScroll: true });
    this.visit.controls.update();
  }

  /** Leaving the card keeps what was typed. */
  #left({ relatedTarget }) {
    if (!this.editing || !relatedTarget || this.node.contains(relatedTarget)) return;
    this.editing.leave();
  }
}
