// Choosing an ICD-10 code: by word, by code, from what the program offers.

import { icd10 } from "./api.js";
import { el, labelled, replace, unique } from "./dom.js";
import { t } from "./i18n.js";
import { wording } from "./notices.js";

const WAIT = 180;

export class Icd10Box {
  constructor(label, item) {
    this.code = item?.icd10 ?? null;
    this.title = item?.title ?? null;
    this.first = this.code ?? "";
    this.offered = item?.candidates ?? [];
    this.found = [];
    this.marked = -1;
    this.list = el("ul", { id: unique("codes"), role: "listbox", class: "codes", hidden: true, "aria-label": label });
    this.input = el("input", {
      type: "text",
      role: "combobox",
      autocomplete: "off",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": this.list.id,
      placeholder: t("icd10.search"),
      value: this.code ?? "",
    });
    this.chosen = el("p", { class: "hint", id: unique("title"), "aria-live": "polite" }, this.title);
    this.input.setAttribute("aria-describedby", this.chosen.id);
    this.input.addEventListener("input", () => this.#typed());
    this.input.addEventListener("focus", () => !this.input.value && this.#offer(this.offered));
    this.input.addEventListener("blur", () => this.#shut());
    this.input.addEventListener("keydown", (event) => this.#key(event));
    this.node = el("div", { class: "icd10" }, labelled(label, this.input), this.list, this.chosen);
  }

  /** Whether the doctor has done anything to it. */
  get touched() {
    return this.input.value !== this.first;
  }

  /** The code with its title; what is typed and not chosen is taken where it is a code, else it is undefined. */
  get value() {
    const typed = this.input.value.trim().toUpperCase();
    if (!typed) return { icd10: null, title: null };
    if (typed === this.code) return { icd10: this.code, title: this.title };
    const exact = this.found.find((each) => each.icd10.toUpperCase() === typed);
    if (exact) return { icd10: exact.icd10, title: exact.title };
    return /^[A-Z]\d\d(\.\w+)?$/.test(typed) ? { icd10: typed, title: null } : undefined;
  }

  #typed() {
    clearTimeout(this.timer);
    const words = this.input.value.trim();
    replace(this.chosen, words === this.code ? this.title : null);
    if (!words) return this.#offer(this.offered);
    this.timer = setTimeout(() => this.#search(words), WAIT);
    return undefined;
  }

  async #search(words) {
    try {
      const { candidates } = await icd10(words);
      if (words === this.input.value.trim()) this.#offer(candidates, true);
    } catch (error) {
      this.#offer([]);
      replace(this.chosen, wording(error));
    }
  }

  #offer(found, searched = false) {
    this.found = found;
    this.marked = -1;
    replace(
      this.list,
      found.map((each, index) =>
        el(
          "li",
          // The press would take the focus from the input before the click comes.
          {
            id: unique("code"),
            role: "option",
            "aria-selected": "false",
            onmousedown: (event) => event.preventDefault(),
            onclick: () => this.#take(index),
          },
          el("span", { class: "code" }, each.icd10),
          el("span", {}, ` ${each.title}`),
        ),
      ),
    );
    const shown = found.length > 0 && document.activeElement === this.input;
    this.list.hidden = !shown;
    this.input.setAttribute("aria-expanded", String(shown));
    this.input.removeAttribute("aria-activedescendant");
    if (searched && !found.length) replace(this.chosen, t("icd10.nothing"));
  }

  #mark(index) {
    const options = [...this.list.children];
    if (!options.length) return;
    this.marked = (index + options.length) % options.length;
    options.forEach((option, n) => option.setAttribute("aria-selected", String(n === this.marked)));
    options[this.marked].scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", options[this.marked].id);
  }

  #take(index) {
    const { icd10: code, title } = this.found[index];
    this.code = code;
    this.title = title;
    this.input.value = code;
    replace(this.chosen, title);
    this.#shut();
  }

  #shut() {
    clearTimeout(this.timer);
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  #key(event) {
    const open = !this.list.hidden;
    if (event.key === "ArrowDown" && !event.altKey)
      open ? this.#mark(this.marked + 1) : this.#offer(this.found.length ? this.found : this.offered);
    else if (event.key === "ArrowUp" && !event.altKey && open) this.#mark(this.marked - 1);
    else if (event.key === "Enter" && open && this.marked >= 0 && !event.ctrlKey) this.#take(this.marked);
    else if (event.key === "Escape" && open) this.#shut();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
