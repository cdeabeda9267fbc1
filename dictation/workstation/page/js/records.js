// The records of this workstation: found, opened, gone on with.

import { dictations, records } from "./api.js";
import { mayDelete } from "./dialogs.js";
import { button, el, icon, labelled, replace } from "./dom.js";
import { duration, moment, t, translated } from "./i18n.js";
import { say } from "./notices.js";

const SHOWN = 100;
const WAIT = 250;

export class RecordsView {
  constructor(desk) {
    this.desk = desk;
    this.patient = el("input", { type: "search", autocomplete: "off", id: "search" });
    this.since = el("input", { type: "date" });
    this.until = el("input", { type: "date" });
    this.signed = el("select", {});
    this.found = el("div", { class: "found" });
    this.unfinished = el("div", {});
    this.node = el("div", { class: "desk" });
    for (const input of [this.patient, this.since, this.until, this.signed]) {
      input.addEventListener("input", () => {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.search(), WAIT);
      });
    }
  }

  async show() {
    const signed = this.signed.value;
    replace(
      this.signed,
      [
        ["", "signed.any"],
        ["false", "signed.no"],
        ["true", "signed.yes"],
      ].map(([value, key]) => el("option", { value }, t(key))),
    );
    this.signed.value = signed;
    replace(
      this.node,
      el(
        "header",
        { class: "desk-head" },
        el("h1", {}, t("records")),
        button(t("new-visit"), { picture: "add", class: "primary", onclick: () => this.desk.newVisit() }),
      ),
      this.unfinished,
      el(
        "form",
        { class: "search", role: "search", onsubmit: (event) => event.preventDefault() },
        labelled(t("search.patient"), this.patient),
        labelled(t("search.since"), this.since),
        labelled(t("search.until"), this.until),
        labelled(t("search.signed"), this.signed),
      ),
      this.found,
    );
    this.#showUnfinished();
    await this.search();
  }

  #showUnfinished() {
    const { unfinished } = this.desk.state;
    if (!unfinished?.length) return replace(this.unfinished);
    return replace(
      this.unfinished,
      el(
        "section",
        { class: "unfinished", "aria-labelledby": "unfinished" },
        el("h2", { id: "unfinished" }, icon("look"), el("span", {}, t("unfinished", { count: unfinished.length }))),
        el(
          "ul",
          {},
          unfinished.map((each) => this.#unfinishedRow(each)),
        ),
      ),
    );
  }

  #unfinishedRow({ id, begun, seconds, patient_name: name }) {
    const about = t("unfinished.about", { when: moment(begun), time: duration(seconds) });
    return el(
      "li",
      {},
      el("span", { class: "who" }, name ?? t("patient.unnamed")),
      el("span", { class: "about" }, about),
      button(t("unfinished.go-on"), { picture: "microphone", class: "primary", onclick: () => this.desk.resume(id) }),
      button(t("unfinished.recover"), { onclick: (event) => this.#recover(id, event.currentTarget) }),
      button(t("unfinished.delete", { name: name ?? about }), {
        picture: "remove",
        quiet: true,
        onclick: () => this.#delete(id),
      }),
    );
  }

  async #recover(id, pressed) {
    pressed.disabled = true;
    replace(pressed, t("unfinished.recovering"));
    try {
      const draft = await dictations.recover(id);
      this.desk.go(draft.record.id);
    } catch (error) {
      await this.desk.failed(error);
      await this.#anew();
    }
  }

  async #delete(id) {
    if (!(await mayDelete())) return;
    await dictations.remove(id).catch((error) => this.desk.failed(error));
    await this.#anew();
  }

  #anew() {
    return this.desk.records().catch((error) => this.desk.failed(error));
  }

  async search() {
    const wanted = (this.wanted = Symbol("search"));
    try {
      const { records: found } = await records.search({
        patient: this.patient.value.trim() || null,
        since: this.since.value || null,
        until: this.until.value || null,
        signed: this.signed.value ? this.signed.value === "true" : null,
        limit: SHOWN,
      });
      if (this.wanted === wanted) this.#list(found);
    } catch (error) {
      // What was found for other words is not what was asked for.
      if (this.wanted === wanted) replace(this.found);
      await this.desk.failed(error);
    }
  }

  #list(found) {
    say(found.length ? t("records.found", { count: found.length }) : t("records.none"));
    if (!found.length) return replace(this.found, el("p", { class: "empty" }, t("records.none")));
    const heads = ["patient", "patient.iin", "records.created", "form", "visit.practitioner", "records.state"];
    return replace(
      this.found,
      found.length === SHOWN && el("p", { class: "hint" }, t("records.more", { count: SHOWN })),
      el(
        "table",
        { class: "table" },
        el(
          "thead",
          {},
          el(
            "tr",
            {},
            heads.map((key) => el("th", { scope: "col" }, t(key))),
          ),
        ),
        el(
          "tbody",
          {},
          found.map((each) => this.#row(each)),
        ),
      ),
    );
  }

  #row(each) {
    const [look, picture, says] = signedState(each);
    const form = this.desk.state.forms.find(({ name }) => name === each.form);
    const cell = (key, ...children) => el("td", { data: { head: t(key) } }, children);
    return el(
      "tr",
      { onclick: ({ target }) => target.closest("a") || this.desk.go(each.id) },
      el("th", { scope: "row" }, el("a", { href: `#/record/${each.id}` }, each.patient_name ?? t("patient.unnamed"))),
      cell("patient.iin", each.patient_iin ?? ""),
      cell("records.created", moment(each.created)),
      cell("form", form ? translated(form.title, each.form) : each.form),
      cell("visit.practitioner", each.practitioner ?? ""),
      cell("records.state", el("span", { class: `status ${look}` }, icon(picture), el("span", {}, t(says)))),
    );
  }
}

/** A signature stands under one version; what was changed since is signed by nobody. */
function signedState({ signed, version }) {
  if (!signed) return ["draft", "edit", "signed.no"];
  return signed === version ? ["confirmed", "sign", "signed.yes"] : ["check", "check", "signed.changed"];
}
