// What the doctor is told: short messages that go, banners that stay until their reason is gone, and words for
// screen readers.

import { button, el, replace } from "./dom.js";
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
  place(kind === "trouble" ? "alarms" : "news").append(note);
  if (kind !== "trouble") setTimeout(() => note.remove(), SHOWN);
}

/** What went wrong, in the server's words or the page's own. */
export function fail(error) {
  if (error.code === "unreachable") tell(t("trouble.unreachable"), "trouble");
  else if (error.code) tell(error.message, "trouble");
  else {
    tell(t("trouble.page"), "trouble");
    throw error;
  }
}

/** A banner that stays; `text` null takes it away. */
export function banner(name, text, { kind = "warning", action = null } = {}) {
  const now = text && `${kind} ${text}`;
  if (banners.get(name)?.now === now) return;
  banners.get(name)?.node.remove();
  banners.delete(name);
  if (!text) return;
  const act = action && button(action.label, { onclick: action.act });
  const node = el(
    "div",
    { class: `banner ${kind}` },
    el("span", { class: "mark", "aria-hidden": "true" }, "!"),
    el("span", {}, text),
    act,
  );
  banners.set(name, { now, node });
  place("banners").append(node);
}

/** What stays in sight below the banners must know how high they are. */
export function measureBanners() {
  const node = place("banners");
  new ResizeObserver(() => document.documentElement.style.setProperty("--banners", `${node.offsetHeight}px`)).observe(
    node,
  );
}

export function clearBanners() {
  for (const name of [...banners.keys()]) banner(name, null);
}
