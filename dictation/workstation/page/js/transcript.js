// What was heard, word by word: where each value came from, what is doubtful, what is being said.

import { el, replace } from "./dom.js";
import { duration, t } from "./i18n.js";
import { UNSURE } from "./names.js";
import { placedUtterances, wordsIn } from "./words.js";

const FOLLOWED = 60; // Pixels from the bottom within which the transcript follows what is said.

export class Transcript {
  /** `picked(word)` when a word is clicked or entered. */
  constructor(visit, picked) {
    this.visit = visit;
    this.picked = picked;
    this.utterances = [];
    this.nodes = new Map();
    this.current = null;
    this.text = el("div", { class: "said" });
    this.tail = el("p", { class: "tail", "aria-hidden": "true", hidden: true });
    this.scroller = el("div", { class: "transcript", tabindex: "0", role: "group" }, this.text, this.tail);
    this.scroller.addEventListener("keydown", (event) => this.#key(event));
    this.scroller.addEventListener("click", ({ target }) => this.#click(target));
    this.node = this.scroller;
  }

  /** Shows the draft's transcript, and leaves alone what it shows already. */
  update() {
    this.scroller.setAttribute("aria-label", t("transcript"));
    const { transcript } = this.visit.draft.record;
    const shown = JSON.stringify([transcript, this.visit.version]);
    if (shown === this.shown) return;
    this.shown = shown;
    const following = this.visit.draft.running && this.#atEnd();
    this.utterances = placedUtterances(transcript);
    this.text.lang = this.visit.draft.record.language;
    this.nodes.clear();
    this.current = null;
    replace(
      this.text,
      this.utterances.length ? this.utterances.map((each) => this.#paragraph(each)) : this.#nothing(),
    );
    if (following) this.#toEnd();
  }

  #nothing() {
    return el("p", { class: "empty" }, t(this.visit.draft.running ? "nothing-said" : "no-words"));
  }

  #paragraph({ start, field, words }) {
    const label = field && this.visit.labelOf(field);
    return el(
      "p",
      { class: "utterance" },
      start !== null && start !== undefined ? el("span", { class: "when" }, duration(start)) : null,
      label ? el("span", { class: "into" }, label) : null,
      words.map((word) => [this.#word(word), " "]),
    );
  }

  #word(word) {
    const unsure = word.confidence !== null && word.confidence !== undefined && word.confidence < UNSURE;
    const title = unsure ? t("unsure-word", { percent: Math.round(word.confidence * 100) }) : null;
    const node = el("span", { class: unsure ? "word unsure" : "word", title }, word.text);
    this.nodes.set(word, node);
    return node;
  }

  /** The words that are being said: those that will stay, then those that may change. */
  partial(message) {
    const following = this.#atEnd();
    this.tail.hidden = !message;
    this.scroller.classList.toggle("being-said", Boolean(message));
    if (message) {
      const words = message.text.split(/\s+/).filter(Boolean);
      replace(
        this.tail,
        el("span", { class: "stable" }, words.slice(0, message.stable).join(" ")),
        " ",
        el("span", { class: "unstable" }, words.slice(message.stable).join(" ")),
      );
    }
    if (following) this.#toEnd();
  }

  /** Lights the words of stretches of the transcript. */
  light(evidence) {
    for (const node of this.text.querySelectorAll(".lit")) node.classList.remove("lit");
    const lit = wordsIn(this.utterances, evidence);
    for (const word of lit) this.nodes.get(word)?.classList.add("lit");
    if (lit.length) this.#reveal(this.nodes.get(lit[0]));
  }

  /** Brings a word to the middle of the transcript; the page stays where it is, with the value whose word it is. */
  #reveal(node) {
    const [word, shown] = [node, this.scroller].map((each) => each.getBoundingClientRect());
    const top = (word.top + word.bottom - shown.top - shown.bottom) / 2;
    this.scroller.scrollBy({ top, behavior: this.visit.motion });
  }

  /** The word that is heard at this second of the dictation. */
  sounding(seconds) {
    this.heard?.classList.remove("sounding");
    this.heard = null;
    if (seconds === null) return;
    for (const [word, node] of this.nodes) {
      if (word.start === null || word.start > seconds || word.end < seconds) continue;
      node.classList.add("sounding");
      this.heard = node;
      return;
    }
  }

  #click(target) {
    const node = target.closest?.(".word");
    if (!node || String(getSelection()).trim()) return;
    const word = [...this.nodes.keys()].find((each) => this.nodes.get(each) === node);
    this.#move(word);
    this.picked(word);
  }

  #key(event) {
    const words = [...this.nodes.keys()];
    if (!words.length || event.altKey || event.ctrlKey || event.metaKey) return;
    const place = words.indexOf(this.current);
    const to = { ArrowRight: place + 1, ArrowLeft: place - 1, Home: 0, End: words.length - 1 }[event.key];
    if (to !== undefined) this.#move(words[Math.max(0, Math.min(words.length - 1, to))], true);
    else if (event.key === "Enter" && this.current) this.picked(this.current);
    else return;
    event.preventDefault();
  }

  #move(word, aloud = false) {
    this.nodes.get(this.current)?.classList.remove("current");
    this.current = word;
    const node = this.nodes.get(word);
    node.classList.add("current");
    node.scrollIntoView({ block: "nearest" });
    if (aloud) this.visit.say(word.text);
  }

  #atEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    return scrollHeight - scrollTop - clientHeight < FOLLOWED;
  }

  #toEnd() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }
}
