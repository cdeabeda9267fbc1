// Getting in: the token of this launch, the first doctor, unlocking, and the locked page.

import { post, useBearer } from "./api.js";
import { closing, dialog } from "./dialogs.js";
import { el, labelled, replace, unique } from "./dom.js";
import { recall, remember, t } from "./i18n.js";
import { languageChoice } from "./language_choice.js";
import { wording } from "./notices.js";

const LAST = "dictation.doctor";
const SHORTEST = 4;

/** What the address carries behind its mark, taken out of the address at once. */
export function takeFragment() {
  const given = new URLSearchParams(location.hash.slice(1));
  if (!given.has("token")) return null;
  history.replaceState(null, "", location.pathname + location.search);
  return Object.fromEntries(given);
}

/** Enters with the token; with a doctor's name beside it the page stands in another system, which knows the doctor. */
export async function enter(given) {
  if (!given) return;
  if (given.doctor) useBearer(given.token, given.doctor);
  else await post("/enter", { token: given.token });
}

const nameInput = (autocomplete) => el("input", { type: "text", autocomplete, required: true, maxlength: "120" });

const secretInput = (autocomplete) =>
  el("input", { type: "password", autocomplete, required: true, minlength: SHORTEST, maxlength: "128" });

/** A new secret and the same once more: nobody is locked out by a slip of the finger. */
function newSecret() {
  const secret = secretInput("new-password");
  const again = secretInput("new-password");
  const same = () => again.setCustomValidity(again.value === secret.value ? "" : t("secret.differs"));
  for (const input of [secret, again]) input.addEventListener("input", same);
  return {
    secret,
    node: [labelled(t("secret.new"), secret, t("secret.hint")), labelled(t("secret.again"), again)],
  };
}

/** Shows the entrance until somebody has unlocked; `state` is the server's. */
export class Entrance {
  constructor(unlocked) {
    this.unlocked = unlocked;
    this.node = el("main", { class: "entrance", hidden: true });
  }

  show(state, locked = false) {
    this.state = state;
    this.locked = locked;
    this.node.hidden = false;
    if (state.doctors.length) this.#unlock(locked);
    else this.#first();
  }

  hide() {
    this.node.hidden = true;
    replace(this.node);
  }

  /** Without a token nobody gets in. */
  refuse(text) {
    this.node.hidden = false;
    replace(this.node, el("section", { class: "card" }, el("h1", {}, t("product")), el("p", {}, text)));
  }

  #card(title, about, inputs, label, send) {
    const trouble = el("p", { class: "trouble", id: unique("trouble"), role: "alert" });
    const submit = el("button", { type: "submit", class: "primary" }, label);
    const form = el(
      "form",
      { class: "card" },
      languageChoice(),
      el("h1", {}, t("product")),
      el("h2", {}, title),
      about && el("p", {}, about),
      inputs,
      trouble,
      submit,
    );
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      submit.disabled = true;
      replace(trouble);
      try {
        await send();
      } catch (error) {
        replace(trouble, wording(error));
        this.secret.value = "";
        this.secret.focus();
      } finally {
        submit.disabled = false;
      }
    });
    return form;
  }

  #first() {
    const name = nameInput("name");
    const { secret, node } = newSecret();
    this.secret = secret;
    const card = this.#card(
      t("doctor.first"),
      t("doctor.about"),
      [labelled(t("doctor.name"), name), node],
      t("doctor.create"),
      async () => {
        const { doctor } = await post("/doctors", { name: name.value.trim(), secret: this.secret.value });
        await this.#open(doctor.id, this.secret.value);
      },
    );
    replace(this.node, card);
    name.focus();
  }

  #unlock(locked) {
    const { doctors } = this.state;
    const choice = el(
      "select",
      { autocomplete: "username" },
      doctors.map(({ id, name }) => el("option", { value: id }, name)),
    );
    choice.value = recall(LAST) ?? "";
    if (choice.selectedIndex < 0) choice.selectedIndex = 0;
    this.secret = secretInput("current-password");
    const card = this.#card(
      t(locked ? "locked" : "unlock.title"),
      locked ? t("locked.about") : null,
      [labelled(t("doctor"), choice), labelled(t("secret"), this.secret)],
      t("unlock"),
      () => this.#open(choice.value, this.secret.value),
    );
    replace(this.node, card);
    this.secret.focus();
  }

  async #open(doctor, secret) {
    await post("/unlock", { doctor, secret });
    remember(LAST, String(doctor));
    await this.unlocked();
  }
}

/** Another doctor for this workstation, made by one who is in. */
export async function addDoctor() {
  const name = nameInput("off");
  const { secret, node } = newSecret();
  return dialog(t("doctor.new"), [labelled(t("doctor.name"), name), node], {
    actions: [closing(t("cancel")), el("button", { type: "submit", class: "primary" }, t("doctor.create"))],
    read: () => ({ name: name.value.trim(), secret: secret.value }),
  });
}
