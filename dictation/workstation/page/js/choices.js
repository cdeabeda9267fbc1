// What else a value may be, each offer one key away.

import { button, el } from "./dom.js";
import { t } from "./i18n.js";

const KEYS = 9;

/**
 * Offers `{words, choose, listen}` under a caption. Each is added to `options`, whose number is its key; the first nine
 * have one.
 */
export function choicesNode(options, offers, caption) {
  if (!offers.length) return null;
  return el(
    "div",
    { class: "choices", role: "group", "aria-label": caption },
    el("span", { class: "caption" }, caption),
    offers.map(({ words, choose, listen }) => {
      options.push(choose);
      const key = options.length <= KEYS ? String(options.length) : null;
      return el(
        "span",
        { class: "offer" },
        el("button", { type: "button", class: "choice", "aria-keyshortcuts": key, onclick: choose }, key && el("kbd", { "aria-hidden": "true" }, key), el("span", {}, words)),
        listen && button(t("play-offer"), { picture: "play", quiet: true, class: "plain", onclick: listen }),
      );
    }),
  );
}
