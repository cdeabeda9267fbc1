// The bar at the top: where to go, the language, who is in.

import { credentials, post } from "./api.js";
import { button, el, replace } from "./dom.js";
import { addDoctor } from "./entrance.js";
import { t } from "./i18n.js";
import { help } from "./keys.js";
import { languageChoice } from "./language_choice.js";
import { fail, tell } from "./notices.js";

/** Draws the bar for the doctor who is in. */
export function topBar(node, { doctor, lock }) {
  replace(
    node,
    el("a", { class: "product", href: "#/" }, t("product")),
    el("nav", { "aria-label": t("pages") }, el("a", { href: "#/" }, t("records"))),
    el(
      "div",
      { class: "who" },
      languageChoice(),
      button(t("keys"), { picture: "keyboard", quiet: true, onclick: help }),
      el("span", { class: "doctor" }, doctor),
      !credentials() && [
        button(t("doctor.new"), { picture: "person", quiet: true, onclick: newDoctor }),
        button(t("lock"), { picture: "lock", quiet: true, onclick: lock }),
      ],
    ),
  );
}

async function newDoctor() {
  const made = await addDoctor();
  if (!made) return;
  try {
    await post("/doctors", made);
    tell(t("doctor.made", { name: made.name }));
  } catch (error) {
    fail(error);
  }
}
