// What else a value may be, each offer one key away.

import { button, el } from "./dom.js";
import { t } from "./i18n.js";
import { quoted } from "./words.js";

const KEYS = 9;
const CODES = 5;

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
        el(
          "button",
          { type: "button", class: "choice", "aria-keyshortcuts": key, onclick: choose },
          key && el("kbd", { "aria-hidden": "true" }, key),
          el("span", {}, words),
        ),
        listen && button(t("play-offer"), { picture: "play", quiet: true, class: "plain", onclick: listen }),
      );
    }),
  );
}

/** Other codes that a diagnosis may stand for. */
export function codeOffers(item, choose) {
  const others = item.candidates.filter(({ icd10 }) => icd10 !== item.icd10).slice(0, CODES);
  return others.map(({ icd10, title }) => ({
    words: [el("span", { class: "code" }, icd10), ` ${title}`],
    choose: () => choose({ ...item, icd10, title }),
  }));
}

/** The words as the recogniser printed them, in place of what the program made of them. */
export function heardOffer({ transcript }, evidence, choose) {
  const heard = quoted(transcript, evidence);
  return heard ? [{ words: [el("q", {}, heard)], choose: () => choose(heard) }] : [];
}
