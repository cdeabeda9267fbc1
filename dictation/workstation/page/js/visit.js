// The desk with one visit on it: whose it is, what was said, the form, and what the doctor does with them.

import { ApiError, credentials, reasons, records } from "./api.js";
import { patientBanner } from "./banner.js";
import { Checks } from "./checks.js";
import { Controls } from "./controls.js";
import { ask } from "./dialogs.js";
import { Dictating } from "./dictating.js";
import { el } from "./dom.js";
import { FormView } from "./form.js";
import { language, t } from "./i18n.js";
import { banner, clearBanners, fail, say, tell } from "./notices.js";
import { editContext } from "./patient.js";
import { Player } from "./player.js";
import { Transcript } from "./transcript.js";
import { span, valuesOf } from "./words.js";

export class Visit {
  /** `desk` knows the server's state and the forms; `draft` is shown as soon as it is given. */
  constructor(desk) {
    this.desk = desk;
    this.say = say;
    this.draft = null;
    this.dictating = null;
    this.version = 0;
    this.player = new Player({ told: (seconds) => this.transcript.sounding(seconds), failed: fail });
    this.transcript = new Transcript(this, (word) => this.#picked(word));
    this.formView = new FormView(this);
    this.checks = new Checks(this);
    this.controls = new Controls(this);
    this.whose = el("div", { class: "whose" });
    this.node = el(
      "div",
      { class: "visit", hidden: true },
      this.whose,
      el("div", { class: "columns-two" }, el("section", { class: "heard-side" }, this.transcript.node), el("div", { class: "form-side" }, this.checks.node, this.formView.node)),
      this.controls.node,
    );
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

  get canPrint() {
    return !credentials();
  }

  get printPage() {
    return records.printPage(this.id);
  }

  labelOf(name) {
    return this.formView.card(name)?.label ?? t(`list.${name}`);
  }

  /** Shows a draft; `null` where the dictation has only begun. */
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

  update() {
    if (!this.draft) return;
    this.node.hidden = false;
    patientBanner(this);
    this.formView.update();
    this.transcript.update();
    this.checks.update();
    this.controls.update();
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
      heard: (message) => this.#heard(message).catch(fail),
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
    }
  }

  #partial(message) {
    this.transcript.partial(message);
    this.controls.partial(message);
  }

  async #heard(message) {
    switch (message.type) {
      case "started":
        if (!this.draft) await this.show(await records.open(message.record_id));
        this.desk.opened(message.record_id);
        break;
      case "record":
        await this.show(message.draft);
        this.#partial(this.dictating.partial);
        break;
      case "partial":
        this.#partial(this.dictating.partial);
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
        this.checks.next();
        break;
      case "cancelled":
        this.#ended();
        this.desk.leave();
        break;
      case "error":
        await this.#refused(message);
        break;
    }
  }

  #fieldChanged({ key, by }) {
    say(t("into-field", { field: this.labelOf(key) }));
    const card = this.formView.card(key);
    if (by === "voice" || !this.formView.current?.editing) card?.node.scrollIntoView({ block: "nearest", behavior: this.motion });
  }

  #notice({ code, text }) {
    if (code === "pong" || code === "ready" || code === "behind") return;
    const kinds = { overflow: "trouble", "journal-trouble": "trouble", "microphone-lost": "warning", "microphone-silent": "warning" };
    tell(text, kinds[code] ?? "news");
  }

  async #refused({ code, text, fatal }) {
    if (code === "locked") return this.desk.locked();
    if (code === "another-window") {
      banner("window", t("trouble.another-window"), { kind: "trouble", action: { label: t("take-over"), act: () => this.desk.resume(this.dictating.id) } });
      return this.#steered();
    }
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
    const sure = await ask(t("cancel.sure"), { yes: t("cancel.yes"), no: t("cancel.no"), grave: true });
    if (sure) this.dictating?.cancel();
  }

  /** Out of what is going on: the sound, the light in the transcript, talking, the chosen field. */
  escape() {
    if (this.player.playing) this.player.stop();
    else if (this.dictating?.talking) this.dictating.quiet();
    else if (this.dictating?.field) this.focusField(null);
    this.transcript.light([]);
  }

  // Checking

  /** Lights the words of a value, and plays them. */
  hear(name, evidence, aloud = true) {
    this.transcript.light(evidence);
    const heard = span(evidence);
    if (aloud && heard && this.draft.has_audio) this.player.play(this.id, heard);
  }

  #picked(word) {
    const [nearest] = valuesOf(this.draft.record, word);
    const own = { start_char: word.from, end_char: word.to, start: word.start ?? null, end: word.end ?? null };
    if (!nearest) {
      this.transcript.light([own]);
      say(t("word-nowhere"));
    } else {
      const place = nearest.list && !this.formView.card(nearest.key) ? null : nearest.key;
      this.transcript.light([nearest.evidence]);
      if (place) {
        this.formView.card(place)?.node.scrollIntoView({ block: "nearest", behavior: this.motion });
        this.formView.flash(place, nearest.item);
        say(t("word-went", { field: this.labelOf(place) }));
      }
    }
    const heard = span([own], 0.6);
    if (heard && this.draft.has_audio) this.player.play(this.id, heard);
  }

  /** Does something to the record on the server and shows what became of it; one at a time. */
  change(act) {
    const turn = (this.turn ?? Promise.resolve()).then(async () => {
      try {
        await this.show(await act(this.id, this.draft.version));
        return true;
      } catch (error) {
        if (error instanceof ApiError && error.code === "locked") await this.desk.locked();
        else if (error instanceof ApiError && error.code === "changed") {
          tell(error.message, "warning");
          await this.show(await records.open(this.id));
        } else fail(error);
        return false;
      }
    });
    this.turn = turn.catch(() => undefined);
    return turn;
  }

  set(name, value, chosen) {
    return this.change((id, version) => records.set(id, version, name, value, chosen));
  }

  async confirm(name) {
    if (!this.draft.open_checks.includes(name)) {
      this.checks.next();
      return;
    }
    const here = this.formView.card(name)?.node.contains(document.activeElement);
    if (!(await this.change((id, version) => records.confirm(id, version, name)))) return;
    say(t("confirmed-now", { field: this.labelOf(name) }));
    if (here || !this.formView.current) {
      this.formView.go(name);
      if (this.draft.open_checks.length) this.checks.next();
    }
  }

  unconfirm(name) {
    return this.change((id, version) => records.unconfirm(id, version, name));
  }

  revert(name) {
    return this.change((id, version) => records.revert(id, version, name));
  }

  async undo() {
    if (this.draft.can_undo && (await this.change(records.undo))) say(t("undone"));
  }

  async redo() {
    if (this.draft.can_redo && (await this.change(records.redo))) say(t("redone"));
  }

  async editPatient() {
    const context = await editContext(this.draft.record.context, { doctor: this.desk.state.doctor?.name });
    if (context) await this.change((id, version) => records.context(id, version, context));
  }

  async sign() {
    if (await this.change(records.sign)) tell(t("signed"));
  }

  async submit() {
    if (await this.change((id) => records.submit(id))) tell(t("submitted"));
  }

  leave() {
    this.player.close();
    this.#ended();
  }
}
