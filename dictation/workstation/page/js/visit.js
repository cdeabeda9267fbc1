// The desk with one visit on it: whose it is, what was said, the form, and what the doctor does with them.

import { credentials, reasons, records } from "./api.js";
import { patientBanner } from "./banner.js";
import { Checks } from "./checks.js";
import { Controls } from "./controls.js";
import { askMicrophone, mayDelete } from "./dialogs.js";
import { Dictating } from "./dictating.js";
import { el, measure, replace } from "./dom.js";
import { FormView } from "./form.js";
import { has, language, t } from "./i18n.js";
import { chooseMicrophone, chosenMicrophone } from "./microphones.js";
import { clearBanners, fail, say, tell } from "./notices.js";
import { Review } from "./review.js";
import { Transcript } from "./transcript.js";

export class Visit {
  /** `desk` knows the server's state and the forms. */
  constructor(desk) {
    this.desk = desk;
    this.say = say;
    this.draft = null;
    this.dictating = null;
    this.version = 0; // Grows when all must be drawn anew: in another language.
    this.left = false;
    this.review = new Review(this);
    this.transcript = new Transcript(this, (word) => this.review.pick(word));
    this.formView = new FormView(this);
    this.checks = new Checks(this);
    this.controls = new Controls(this);
    this.whose = el("div", { class: "whose" });
    this.preparing = el("p", { class: "preparing", role: "status" }, t("phase.beginning"));
    this.desktop = el(
      "div",
      { class: "visit", hidden: true },
      this.whose,
      el(
        "div",
        { class: "columns-two" },
        el("section", { class: "heard-side" }, this.transcript.node),
        el("div", { class: "form-side" }, this.checks.node, this.formView.node),
      ),
      this.controls.node,
    );
    this.node = el("div", { class: "opened" }, this.preparing, this.desktop);
    measure("--whose", this.whose);
    measure("--controls", this.controls.node);
  }

  get id() {
    return this.draft?.record.id;
  }

  get motion() {
    return matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
  }

  get canSubmit() {
    return this.desk.state.submit_to;
  }

  /** The newest delivery of what is shown; an older version's tells nothing of it. */
  get delivery() {
    return this.draft.deliveries.findLast(({ version }) => version === this.draft.version);
  }

  get canPrint() {
    return !credentials();
  }

  get printPage() {
    return records.printPage(this.id);
  }

  labelOf(name) {
    return this.formView.card(name)?.label ?? t(`list.${name}`);
  }

  /** Shows a draft, in the words of the page's language. */
  async show(draft) {
    if (this.form?.name !== draft.record.form) this.form = await this.desk.form(draft.record.form);
    if (this.spoken !== language()) {
      this.reasons = await reasons();
      this.spoken = language();
      this.version += 1;
    }
    this.draft = draft;
    this.update();
  }

  /** An answer to a request; what has come over the socket since holds more, and that change as well. */
  async answered(draft) {
    const heard = ({ record }) => record.transcript.utterances.length;
    if (this.dictating && draft.running && heard(draft) < heard(this.draft)) return;
    await this.show(draft);
  }

  update() {
    if (!this.draft || this.left) return;
    this.preparing.hidden = true;
    this.desktop.hidden = false;
    patientBanner(this);
    this.formView.update();
    this.transcript.update();
    this.checks.update();
    this.controls.update();
    this.review.followDelivery();
  }

  /** After the language was changed. */
  async translate() {
    if (this.draft) await this.show(this.draft);
  }

  // Dictating

  #dictation(microphone) {
    return new Dictating({
      ...microphone,
      changed: (what) => (what === "level" ? this.controls.level() : this.#steered()),
      heard: (message) => {
        // Each waits for the one before: a draft that takes a moment to be shown is not shown over a newer one.
        this.hearing = (this.hearing ?? Promise.resolve()).then(() => this.#heard(message)).catch(fail);
      },
    });
  }

  async begin(settings, microphone) {
    this.dictating = this.#dictation(microphone);
    await this.dictating.start(settings);
  }

  async resume(dictation, microphone) {
    this.dictating = this.#dictation(microphone);
    await this.dictating.resume(dictation);
  }

  #steered() {
    if (!this.dictating) return;
    this.#partial(this.dictating.partial);
    if (this.draft) {
      this.formView.update();
      this.controls.update();
    } else this.#prepare();
  }

  /** What can be said before there is a record: whether the doctor is heard, and what is wrong. */
  #prepare() {
    const heard = this.dictating.talking && el("strong", {}, t("phase.talking"));
    replace(this.preparing, t("phase.beginning"), " ", heard);
    this.controls.banners();
  }

  #partial(message) {
    this.transcript.partial(message);
    this.controls.partial(message);
  }

  async #heard(message) {
    switch (message.type) {
      case "started":
        if (!this.draft) await this.show(await records.open(message.record_id));
        if (!this.left) this.desk.opened(message.record_id);
        break;
      case "record":
        await this.show(message.draft);
      // falls through
      case "partial":
        this.#partial(this.dictating?.partial);
        break;
      case "final":
        say(message.utterance.text);
        this.#partial(null);
        break;
      case "field":
        this.#steered();
        if (message.key) this.#fieldChanged(message);
        break;
      case "notice":
        this.#notice(message);
        break;
      case "finished":
        this.#ended();
        await this.show(message.draft);
        tell(t("finished"));
        // Who is typing goes on typing.
        if (!this.formView.beingEdited) this.checks.next();
        break;
      case "cancelled":
        this.#ended();
        if (this.desk.visit === this) this.desk.leave();
        break;
      case "error":
        await this.#refused(message);
        break;
    }
  }

  #fieldChanged({ key, by }) {
    say(t("into-field", { field: this.labelOf(key) }));
    const card = this.formView.card(key);
    if (by === "voice" || !this.formView.current?.editing)
      card?.node.scrollIntoView({ block: "nearest", behavior: this.motion });
  }

  #notice({ code, text, seconds }) {
    if (code === "pong" || code === "ready" || code === "behind") return;
    const kinds = {
      overflow: "trouble",
      "journal-trouble": "trouble",
      "microphone-lost": "warning",
      "microphone-silent": "warning",
    };
    // The line was opened in the browser's language, which need not be the page's.
    tell(has(`notice.${code}`) ? t(`notice.${code}`, { seconds }) : text, kinds[code] ?? "news");
  }

  async #refused({ code, text, fatal }) {
    if (code === "locked" || code === "enter") return this.desk.look();
    if (code === "another-window") return undefined; // A banner tells it as long as it is so.
    tell(text, fatal ? "trouble" : "warning");
    if (fatal && !this.draft) this.desk.leave();
    return undefined;
  }

  #ended() {
    this.dictating?.leave();
    this.dictating = null;
    clearBanners();
  }

  focusField(key) {
    this.dictating?.focus(key);
  }

  async cancelDictation() {
    if (await mayDelete()) this.dictating?.cancel();
  }

  /** Another microphone of this browser, for this dictation and those to come. */
  async chooseMicrophone() {
    const { dictating } = this;
    const answer = await askMicrophone(dictating.listening.microphones, chosenMicrophone());
    if (!answer) return;
    chooseMicrophone(answer.chosen);
    await dictating.openMicrophone();
  }

  /** Saves what is being typed; false where that cannot be. */
  async settle() {
    this.formView.settle();
    await this.review.turn;
    return !this.formView.beingEdited;
  }

  /** Out of what is going on: the sound, the light in the transcript, talking, the chosen field. */
  escape() {
    if (this.review.player.playing) this.review.player.stop();
    else if (this.dictating?.talking) this.dictating.quiet();
    else if (this.dictating?.field) this.focusField(null);
    this.transcript.light([]);
  }

  leave() {
    this.left = true;
    this.review.close();
    this.#ended();
  }
}
