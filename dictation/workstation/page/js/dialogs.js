// Questions in a dialog. The browser's own element keeps the keyboard inside and gives it back.

import { button, el, labelled, unique } from "./dom.js";
import { duration, has, t } from "./i18n.js";
import { found } from "./microphones.js";

const SYSTEM = ""; // In place of an id: the microphone that the system gives.

/** Shows a dialog with a form; gives what `read()` says when it is sent, null when it is closed. */
export function dialog(title, content, { actions, read, kind = "" }) {
  const heading = el("h2", { id: unique("dialog") }, title);
  const form = el("form", { method: "dialog" }, heading, content, el("div", { class: "actions" }, actions));
  const node = el("dialog", { class: kind, "aria-labelledby": heading.id }, form);
  return new Promise((resolve) => {
    let told = null;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      told = read(event.submitter?.value);
      if (told !== undefined) node.close();
    });
    node.addEventListener("close", () => {
      node.remove();
      resolve(told ?? null);
    });
    document.body.append(node);
    node.showModal();
  });
}

export const closing = (label) =>
  button(label, { class: "plain", onclick: ({ target }) => target.closest("dialog").close() });

/** A question to be answered with yes or no, where yes cannot be taken back. */
async function ask(question, { yes, no }) {
  const answer = await dialog(question, null, {
    kind: "small",
    actions: [closing(no), el("button", { type: "submit", class: "grave", value: "yes" }, yes)],
    read: () => true,
  });
  return answer === true;
}

/** Whether so many seconds of sound that only this page has may be lost. */
export async function mayLose(seconds) {
  if (!seconds) return true;
  return ask(t("leave.sure", { time: duration(Math.ceil(seconds)) }), { yes: t("leave.yes"), no: t("leave.no") });
}

/** Whether a dictation is to be deleted. */
export const mayDelete = () => ask(t("cancel.sure"), { yes: t("cancel.yes"), no: t("cancel.no") });

/** Which of the browser's `microphones` is wanted: `{chosen}`, null for the system's own; null where none is chosen. */
export async function askMicrophone(microphones, before) {
  const choice = el(
    "select",
    {},
    el("option", { value: SYSTEM }, t("microphone.system")),
    microphones.map(({ id, label }) => el("option", { value: id }, label)),
  );
  choice.value = (before && found(before, microphones)?.id) ?? SYSTEM;
  return dialog(t("microphone.choose"), labelled(t("microphone"), choice, t("microphone.hint")), {
    kind: "small",
    actions: [closing(t("cancel")), el("button", { type: "submit", class: "primary" }, t("microphone.take"))],
    read: () => ({ chosen: microphones.find(({ id }) => id === choice.value) ?? null }),
  });
}

/** What is printed on a key, where that is a word. */
const keyName = (key) => (has(`key-name.${key}`) ? t(`key-name.${key}`) : key);

/** The keys, for whoever asks. */
export function showKeys(keys) {
  const rows = keys.map(({ shown, says }) =>
    el(
      "tr",
      {},
      el(
        "th",
        { scope: "row" },
        shown.map((key, index) => [index > 0 && " / ", el("kbd", {}, keyName(key))]),
      ),
      el("td", {}, t(says)),
    ),
  );
  return dialog(
    t("keys"),
    el("div", { class: "scrolled", tabindex: "0" }, el("table", { class: "keys" }, el("tbody", {}, rows))),
    { actions: [closing(t("close"))], read: () => null },
  );
}
