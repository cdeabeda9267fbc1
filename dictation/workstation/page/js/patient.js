// The patient and the visit: what is known of them before anybody speaks.

import { readIin } from "./api.js";
import { closing, dialog } from "./dialogs.js";
import { el, icon, labelled, replace, unique } from "./dom.js";
import { day, t, translated } from "./i18n.js";
import { sources } from "./microphones.js";
import { wording } from "./notices.js";

const SEXES = ["male", "female", "other", "unknown"];

/** The inputs of patient and visit. What the MIS sent and the page does not know stays as it is. */
class ContextForm {
  constructor(context = {}, { doctor } = {}) {
    this.context = context;
    const { patient = {}, visit = {} } = context;
    this.name = el("input", { type: "text", autocomplete: "off", maxlength: "200", value: patient.name ?? "" });
    this.iin = el("input", {
      type: "text",
      inputmode: "numeric",
      autocomplete: "off",
      maxlength: "12",
      value: patient.iin ?? "",
    });
    this.born = el("input", { type: "date", max: "9999-12-31", value: patient.birth_date ?? "" });
    this.sex = el(
      "select",
      {},
      el("option", { value: "" }, t("sex.unset")),
      SEXES.map((sex) => el("option", { value: sex }, t(`sex.${sex}`))),
    );
    this.sex.value = patient.sex ?? "";
    this.number = el("input", { type: "text", autocomplete: "off", maxlength: "64", value: visit.id ?? "" });
    this.date = el("input", { type: "date", max: "9999-12-31", value: visit.date ?? today() });
    this.practitioner = el("input", {
      type: "text",
      autocomplete: "off",
      maxlength: "200",
      value: visit.practitioner ?? doctor ?? "",
    });
    this.warning = el("div", { class: "iin-warning", id: unique("iin"), "aria-live": "polite" });
    this.node = el(
      "div",
      { class: "context" },
      el(
        "fieldset",
        {},
        el("legend", {}, t("patient")),
        labelled(t("patient.name"), this.name),
        labelled(t("patient.iin"), this.iin),
        this.warning,
        labelled(t("patient.born"), this.born),
        labelled(t("patient.sex"), this.sex),
      ),
      el(
        "fieldset",
        {},
        el("legend", {}, t("visit")),
        labelled(t("visit.date"), this.date),
        labelled(t("visit.number"), this.number),
        labelled(t("visit.practitioner"), this.practitioner),
      ),
    );
    for (const input of [this.iin, this.born, this.sex]) input.addEventListener("change", () => this.#check());
    this.iin.addEventListener("input", () => this.iin.value.length === 12 && this.#check());
    this.iin.setAttribute("aria-describedby", this.warning.id);
    this.#check();
  }

  /** The number warns and never refuses: it need not match its holder's birth date or sex. */
  async #check() {
    const iin = this.iin.value.trim();
    if (!iin) return replace(this.warning);
    const reading = await readIin(iin).catch((error) => ({ error }));
    if (iin !== this.iin.value.trim()) return undefined;
    if (reading.error) return this.#warn(wording(reading.error));
    if (!reading.valid) return this.#warn(t("iin.invalid"));
    if (reading.birth_date && !this.born.value) this.born.value = reading.birth_date;
    if (reading.sex && !this.sex.value) this.sex.value = reading.sex;
    const otherDay = reading.birth_date && this.born.value && reading.birth_date !== this.born.value;
    const otherSex = reading.sex && ["male", "female"].includes(this.sex.value) && reading.sex !== this.sex.value;
    if (!otherDay && !otherSex) return replace(this.warning);
    return this.#warn(
      t("iin.mismatch", { date: day(reading.birth_date), sex: reading.sex ? t(`sex.${reading.sex}`) : "" }),
    );
  }

  #warn(text) {
    replace(this.warning, el("p", { class: "why" }, icon("look"), el("span", {}, text)));
  }

  get value() {
    const { patient = {}, visit = {}, ...rest } = this.context;
    const kept = (before, now) => {
      const merged = { ...before, ...now };
      return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== ""));
    };
    return {
      ...rest,
      patient: kept(patient, {
        name: this.name.value.trim(),
        iin: this.iin.value.trim(),
        birth_date: this.born.value,
        sex: this.sex.value,
      }),
      visit: kept(visit, {
        id: this.number.value.trim(),
        date: this.date.value,
        practitioner: this.practitioner.value.trim(),
      }),
    };
  }
}

function today() {
  const now = new Date();
  return new Date(now.getTime() - now.getTimezoneOffset() * 60000).toISOString().slice(0, 10);
}

/** Another patient or visit for a record; null where the doctor thought better of it. */
export async function editContext(context, settings) {
  const form = new ContextForm(context, settings);
  return dialog(t("patient.edit"), form.node, {
    actions: [closing(t("cancel")), el("button", { type: "submit", class: "primary" }, t("save"))],
    read: () => form.value,
  });
}

/** What a new visit begins with: context, form and whose microphone; null where it is not begun. */
export async function newVisit({ state, source, context = {} }) {
  const form = new ContextForm(context, { doctor: state.doctor?.name });
  const forms = el(
    "select",
    {},
    state.forms.map(({ name, title }) => el("option", { value: name }, translated(title, name))),
  );
  forms.value = state.form;
  const microphones = el(
    "select",
    {},
    sources(state.microphones).map((value, index) =>
      el(
        "option",
        { value },
        index ? t("microphone.workstation", { name: state.microphones[index - 1] }) : t("microphone.browser"),
      ),
    ),
  );
  microphones.value = source;
  const how = el(
    "fieldset",
    {},
    el("legend", {}, t("dictation")),
    state.forms.length > 1 && labelled(t("form"), forms),
    labelled(t("microphone"), microphones),
  );
  return dialog(t("new-visit"), [form.node, how], {
    actions: [closing(t("cancel")), el("button", { type: "submit", class: "primary" }, t("begin"))],
    read: () => ({ context: form.value, form: forms.value, source: microphones.value }),
  });
}
