// What the doctor does with the record: hears where a value came from, changes, confirms, takes back, signs.

import { ApiError, outbox, records } from "./api.js";
import { t } from "./i18n.js";
import { fail, say, tell, wording } from "./notices.js";
import { editContext } from "./patient.js";
import { Player } from "./player.js";
import { span, valuesOf } from "./words.js";

// How often and how many times the fate of what was sent is looked at.
const LOOK = 3000;
const LOOKS = 20;
const SLOW = 500; // Milliseconds after which a change that is not done yet is worth a word.

export class Review {
  constructor(visit) {
    this.visit = visit;
    this.player = new Player({ told: (seconds) => visit.transcript.sounding(seconds), failed: fail });
    this.slow = false;
    this.looks = LOOKS;
    this.closing = new AbortController();
    // Who comes back to the page looks at what has become of it.
    window.addEventListener("focus", () => this.#lookAgain(), { signal: this.closing.signal });
  }

  /** Lights the words of a value, and plays them. */
  hear(evidence) {
    this.visit.transcript.light(evidence);
    const heard = span(evidence);
    if (heard && this.visit.draft.has_audio) this.player.play(this.visit.id, heard);
  }

  /** A word of the transcript: shows the value that it went to, and plays the word. */
  pick(word) {
    const [nearest] = valuesOf(this.visit.draft.record, word);
    const own = { start_char: word.from, end_char: word.to, start: word.start ?? null, end: word.end ?? null };
    if (!nearest) {
      this.visit.transcript.light([own]);
      say(t("word-nowhere"));
    } else {
      this.visit.transcript.light([nearest.evidence]);
      this.visit.formView.flash(nearest.key, nearest.item);
      say(t("word-went", { field: this.visit.labelOf(nearest.key) }));
    }
    const heard = span([own], 0.6);
    if (heard && this.visit.draft.has_audio) this.player.play(this.visit.id, heard);
  }

  /** Does something to the record on the server and shows what became of it; one at a time. */
  change(act) {
    const turn = (this.turn ?? Promise.resolve()).then(async () => {
      const waiting = setTimeout(() => this.#slow(true), SLOW);
      try {
        await this.visit.answered(await act(this.visit.id, this.visit.draft.version));
        return true;
      } catch (error) {
        if (error instanceof ApiError && error.code === "changed") {
          tell(wording(error), "warning");
          await records.open(this.visit.id).then(
            (draft) => this.visit.answered(draft),
            (again) => this.visit.desk.failed(again),
          );
        } else await this.visit.desk.failed(error);
        return false;
      } finally {
        clearTimeout(waiting);
        this.#slow(false);
      }
    });
    this.turn = turn.catch(() => undefined);
    return turn;
  }

  /** Whether the doctor waits for the server. */
  #slow(slow) {
    if (this.slow === slow || this.visit.left) return;
    this.slow = slow;
    this.visit.controls.update();
  }

  /** Sets a value by hand, in place of what was `seen`; whether it is done. */
  set(name, value, { chosen = false, seen = this.shown(name) } = {}) {
    return this.change((id, version) => records.set(id, version, name, { value, chosen, seen }));
  }

  async confirm(name) {
    if (!this.visit.draft.open_checks.includes(name)) {
      this.visit.checks.next();
      return;
    }
    const here = this.visit.formView.card(name)?.node.contains(document.activeElement);
    const [seen, content] = [this.shown(name), this.#content(name)];
    if (!(await this.change((id, version) => records.confirm(id, version, name, seen)))) return;
    if (this.#content(name) !== content) {
      // A reason or another reading came while the key was on its way: nobody has seen that.
      await this.unconfirm(name);
      tell(t("confirmed-unseen", { field: this.visit.labelOf(name) }), "warning");
      return;
    }
    say(t("confirmed-now", { field: this.visit.labelOf(name) }));
    if (here || !this.visit.formView.current) {
      this.visit.formView.go(name);
      if (this.visit.draft.open_checks.length) this.visit.checks.next();
    }
  }

  /** What stands under a name: the value of the field, else the list beside the fields. */
  shown(name) {
    const { record } = this.visit.draft;
    return name in record.fields ? record.fields[name].value : record[name];
  }

  /** What a confirmation is about: the value with its reasons and other readings. */
  #content(name) {
    const { fields, findings, allergies, notices } = this.visit.draft.record;
    return JSON.stringify([fields[name], { findings, allergies, notices }[name]]);
  }

  unconfirm(name) {
    return this.change((id, version) => records.unconfirm(id, version, name));
  }

  revert(name) {
    return this.change((id, version) => records.revert(id, version, name));
  }

  async undo() {
    if (this.visit.draft.can_undo && (await this.change(records.undo))) say(t("undone"));
  }

  async redo() {
    if (this.visit.draft.can_redo && (await this.change(records.redo))) say(t("redone"));
  }

  async editPatient() {
    const context = await editContext(this.visit.draft.record.context, {
      doctor: this.visit.desk.state.doctor?.name,
    });
    if (context) await this.change((id, version) => records.context(id, version, context));
  }

  async sign() {
    if (await this.change(records.sign)) tell(t("signed"));
  }

  async submit() {
    if (!(await this.change((id) => records.submit(id)))) return;
    tell(t("submitted"));
    this.#lookAgain();
  }

  /** Sends again what was refused. */
  async sendAgain() {
    const { number } = this.visit.delivery;
    if (await this.change((id) => outbox.retry(number).then(() => records.open(id)))) this.#lookAgain();
  }

  /** Looks what the clinic's system has answered, for a while: each look is work, and keeps the page from locking. */
  followDelivery() {
    clearTimeout(this.following);
    if (!this.looks || this.visit.draft.running || this.visit.delivery?.state !== "waiting") return;
    this.following = setTimeout(async () => {
      this.looks -= 1;
      if (this.visit.desk.closed || (await this.change(records.open))) return;
      this.looks = 0;
      clearTimeout(this.following);
    }, LOOK);
  }

  #lookAgain() {
    this.looks = LOOKS;
    if (this.visit.draft) this.followDelivery();
  }

  close() {
    this.closing.abort();
    clearTimeout(this.following);
    this.player.close();
  }
}
