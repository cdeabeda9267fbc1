// What the doctor is told: short messages that go, banners that stay until their reason is gone, and words for
// screen readers.

import { ApiError } from "./api.js";
import { button, el, measure, replace } from "./dom.js";
import { t } from "./i18n.js";

const SHOWN = 7000;
const place = (id) => document.getElementById(id);
const banners = new Map();

/** Says it to a screen reader only. */
export function say(text) {
  const voice = place("voice");
  // The same words twice are said twice.
  replace(voice, el("span", {}, text));
}

/** Nothing of what was said aloud or told in passing stays to be read. */
export function forgetWords() {
  replace(place("voice"));
  replace(place("news"));
}

/** A message: `kind` is "news", "warning" or "trouble"; trouble stays until it is closed. */
export function tell(text, kind = "news") {
  const close = button(t("close"), { picture: "close", quiet: true, onclick: () => note.remove() });
  const note = el(
    "div",
    { class: `note ${kind}` },
    el("span", { class: "mark", "aria-hidden": "true" }, kind === "news" ? "i" : "!"),
    el("span", {}, text),
    close,
  );
  const shown = place(kind === "trouble" ? "alarms" : "news");
  // The same words do not pile up.
  for (const each of [...shown.children]) if (each.textContent === note.textContent) each.remove();
  shown.append(note);
  if (kind !== "trouble") setTimeout(() => note.remove(), SHOWN);
}

/** What went wrong, in the server's words or the page's own. */
export function wording(error) {
  if (!(error instanceof ApiError)) return t("trouble.page");
  if (error.code === "unreachable") return t("trouble.unreachable");
  return error.told ?? t("trouble.answer", { code: error.code });
}

/** Tells what went wrong; what is a fault of the page itself is told to whoever looks for it as well. */
export function fail(error) {
  tell(wording(error), "trouble");
  if (!(error instanceof ApiError)) console.error(error);
}

/** What nobody has caught is told all the same. */
export function tellOfErrors() {
  window.addEventListener("unhandledrejection", ({ reason }) => fail(reason));
  // The browser's own remarks come without an error.
  window.addEventListener("error", ({ error }) => error && fail(error));
}

/**
 * A banner that stays; `text` null takes it away. It is said aloud when it comes, not each time its numbers change.
 */
export function banner(name, text, { kind = "warning", action = null } = {}) {
  const now = text && `${kind} ${text} ${action ? action.label : ""}`;
  const before = banners.get(name);
  if (before?.now === now) return;
  before?.node.remove();
  banners.delete(name);
  if (!text) {
    if (before && place("alert").dataset.of === name) replace(place("alert"));
    return;
  }
  if (before?.kind !== kind) {
    place("alert").dataset.of = name;
    replace(place("alert"), el("span", {}, text));
  }
  const act = action && button(action.label, { onclick: action.act });
  const node = el(
    "div",
    { class: `banner ${kind}` },
    el("span", { class: "mark", "aria-hidden": "true" }, "!"),
    el("span", {}, text),
    act,
  );
  banners.set(name, { now, kind, node });
  place("banners").append(node);
}

/** What stays in sight below the banners must know how high they are. */
export const measureBanners = () => measure("--banners", place("banners"));

export function clearBanners() {
  for (const name of [...banners.keys()]) banner(name, null);
}
