// Questions in a dialog. The browser's own element keeps the keyboard inside and gives it back.

import { button, el, unique } from "./dom.js";
import { duration, t } from "./i18n.js";

const UNSENT = 1; // Seconds of sound that are worth a question.

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
  if (seconds < UNSENT) return true;
  return ask(t("leave.sure", { time: duration(seconds) }), { yes: t("leave.yes"), no: t("leave.no") });
}

/** Whether a dictation is to be deleted. */
export const mayDelete = () => ask(t("cancel.sure"), { yes: t("cancel.yes"), no: t("cancel.no") });

/** The keys, for whoever asks. */
export function showKeys(keys) {
  const rows = keys.map(({ shown, says }) =>
    el(
      "tr",
      {},
      el(
        "th",
        { scope: "row" },
        shown.map((key, index) => [index > 0 && " / ", el("kbd", {}, key)]),
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
