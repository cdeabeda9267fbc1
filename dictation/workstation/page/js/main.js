// The page: who is in, which screen is shown, and what they share.

import { actAs, forms, get, post, present, records } from "./api.js";
import { mayLose } from "./dialogs.js";
import { enter, Entrance, takeFragment } from "./entrance.js";
import { loadIcons, replace } from "./dom.js";
import { chooseLanguage, LANGUAGES, onLanguage, preferredLanguage, t } from "./i18n.js";
import { listenKeys } from "./keys.js";
import { lastSource, microphoneOf, rememberSource } from "./microphones.js";
import { banner, clearBanners, fail, forgetWords, measureBanners, tellOfErrors, wording } from "./notices.js";
import { newVisit } from "./patient.js";
import { RecordsView } from "./records.js";
import { topBar } from "./top.js";
import { Visit } from "./visit.js";

const LOOK = 15_000; // How often the server is asked whether the page is locked.
const STIR = 60_000; // How often it is told that somebody is at the desk.

class Desk {
  constructor() {
    this.state = null;
    this.visit = null;
    this.closed = true;
    this.unlocked = 0; // How often.
    this.formsRead = new Map();
    this.entrance = new Entrance(() => this.open());
    this.list = new RecordsView(this);
    this.screen = document.getElementById("screen");
    this.top = document.getElementById("top");
    document.body.append(this.entrance.node);
  }

  async begin() {
    await Promise.all([chooseLanguage(preferredLanguage()), loadIcons()]);
    onLanguage(() => this.#translate());
    const given = takeFragment();
    if (LANGUAGES.includes(given?.page)) await chooseLanguage(given.page);
    try {
      await enter(given);
      this.state = await get("/state");
    } catch (error) {
      this.entrance.refuse(error.code === "enter" ? t("no-token") : wording(error));
      return;
    }
    this.wish = given?.record ? { record: given.record } : given?.context || given?.form ? given : null;
    listenKeys(this);
    measureBanners();
    window.addEventListener("hashchange", () => this.#arrive());
    window.addEventListener("beforeunload", (event) => {
      if (this.visit?.dictating?.unsent || this.visit?.formView.beingEdited) event.preventDefault();
    });
    this.#watch();
    if (this.state.doctor && !this.state.locked) await this.open();
    else this.lock(false);
  }

  /** Somebody has unlocked. */
  async open() {
    this.unlocked += 1;
    actAs(null);
    this.state = await get("/state");
    const { doctor } = this.state;
    actAs(doctor.name);
    if (this.visit && this.doctor !== doctor.name) {
      // Sound that only this page has would be lost with the visit of the doctor before.
      if (!(await mayLose(this.visit.dictating?.unsent ?? 0))) {
        await this.#lockNow();
        return;
      }
      this.#clear();
    }
    this.closed = false;
    this.entrance.hide();
    this.screen.hidden = this.top.hidden = false;
    this.#bar();
    this.doctor = doctor.name;
    if (this.visit?.dictating) {
      this.visit.dictating.rejoin();
      return;
    }
    if (this.visit?.draft) {
      // It may have been changed elsewhere in the meantime; what is being typed stays.
      await records.open(this.visit.id).then((draft) => this.visit.show(draft), fail);
      return;
    }
    const { wish } = this;
    this.wish = null;
    if (wish?.record) {
      this.go(wish.record);
      return;
    }
    if (wish) await this.newVisit(JSON.parse(wish.context ?? "{}"), wish.form);
    if (!this.visit) await this.#arrive();
  }

  /** Another doctor does not find the patient of the one before. */
  #clear() {
    this.visit.leave();
    this.visit = null;
    this.#setAddress(null);
  }

  /** Nothing of a patient stays to be seen; what is being dictated goes on being kept. */
  lock(wasOpen = true) {
    this.closed = true;
    this.screen.hidden = this.top.hidden = true;
    clearBanners();
    forgetWords();
    document.querySelectorAll("dialog").forEach((each) => each.close());
    this.visit?.review.player.stop();
    this.visit?.dictating?.quiet();
    this.entrance.show(this.state, wasOpen);
  }

  /** Whether the doctor is still in; a server that was started anew knows nobody. */
  async look() {
    try {
      const { unlocked } = this;
      const state = await get("/state");
      banner("program", null);
      // An answer from before the doctor unlocked says nothing of now.
      if (this.closed || unlocked !== this.unlocked) return;
      this.state = state;
      if (!state.doctor || state.locked || state.doctor.name !== this.doctor) this.lock();
      else this.visit?.dictating?.rejoin();
    } catch (error) {
      if (error.code === "enter") banner("program", t("trouble.launch"), { kind: "trouble" });
      // A dictation tells it by itself, and what becomes of the sound.
      else if (error.code === "unreachable" && !this.visit?.dictating)
        banner("program", t("trouble.unreachable"), { kind: "trouble" });
    }
  }

  /** Something that was asked of the server could not be had. */
  async failed(error) {
    if (error.code === "locked") await this.look();
    else fail(error);
  }

  #watch() {
    let stirred = false;
    for (const kind of ["keydown", "pointerdown", "wheel"])
      document.addEventListener(kind, () => (stirred = true), { passive: true });
    setInterval(() => this.look(), LOOK);
    setInterval(() => {
      // What is wrong with the server, `look` tells.
      if (stirred && !this.closed) present().catch(() => undefined);
      stirred = false;
    }, STIR);
  }

  async form(name) {
    if (!this.formsRead.has(name)) this.formsRead.set(name, await forms.open(name));
    return this.formsRead.get(name);
  }

  // Screens

  /** The address has changed; where it is that of a launch, its token goes out of it again. */
  async #arrive() {
    const id = this.#address();
    try {
      const given = takeFragment();
      if (given) {
        await enter(given);
        await this.look();
      }
      await this.#route();
    } catch (error) {
      await this.failed(error);
      // What is shown goes on being shown; the address says so.
      this.#setAddress(this.visit?.id);
      if (id && !this.visit && !this.closed) await this.records().catch((again) => this.failed(again));
    }
  }

  async #route() {
    if (this.closed || !(await this.#mayLeave())) return;
    const id = this.#address();
    if (!id) {
      await this.records();
      return;
    }
    if (this.visit?.id === id) return;
    const draft = await records.open(id);
    if (this.#address() !== id) return;
    const visit = this.#put(new Visit(this));
    await visit.show(draft);
    if (this.visit === visit && draft.running && draft.dictation)
      await visit.resume(draft.dictation, this.#microphone());
  }

  /** The record that the address names. */
  #address() {
    return /^#\/record\/(.+)$/.exec(location.hash)?.[1];
  }

  /** Sound that only this page has is not left behind by a click. */
  async #mayLeave() {
    const { visit } = this;
    if (!visit || (visit.id && this.#address() === visit.id)) return true;
    const sure = (await visit.settle()) && (await mayLose(visit.dictating?.unsent ?? 0));
    if (!sure) this.#setAddress(visit.id);
    return sure;
  }

  #setAddress(id) {
    history.replaceState(null, "", id ? `#/record/${id}` : location.pathname);
  }

  go(id) {
    location.hash = `#/record/${id}`;
  }

  /** A new dictation has its record: the address says which. */
  opened(id) {
    if (this.visit?.id === id) this.#setAddress(id);
  }

  leave() {
    if (location.hash) location.hash = "";
    else this.records().catch((error) => this.failed(error));
  }

  async records() {
    this.state = await get("/state");
    this.visit?.leave();
    this.visit = null;
    replace(this.screen, this.list.node);
    await this.list.show();
  }

  #put(visit) {
    this.visit?.leave();
    this.visit = visit;
    replace(this.screen, visit.node);
    return visit;
  }

  async newVisit(context = {}, form = null) {
    const wanted = await newVisit({
      state: form ? { ...this.state, form } : this.state,
      source: lastSource(this.state.microphones),
      context,
    });
    if (!wanted) return;
    rememberSource(wanted.source);
    this.#put(new Visit(this));
    await this.visit.begin({ form: wanted.form, context: wanted.context }, this.#microphone());
  }

  async resume(dictation) {
    clearBanners();
    this.#put(new Visit(this));
    await this.visit.resume(dictation, this.#microphone());
  }

  #microphone() {
    return microphoneOf(lastSource(this.state.microphones));
  }

  #bar() {
    topBar(this.top, { doctor: this.state.doctor?.name, lock: () => this.#lockNow() });
  }

  async #lockNow() {
    try {
      await post("/lock");
      this.state = await get("/state");
    } catch (error) {
      fail(error);
    }
    this.lock();
  }

  async #translate() {
    if (this.closed) return this.state && this.entrance.show(this.state, this.entrance.locked);
    this.#bar();
    return this.visit ? this.visit.translate() : this.list.show();
  }
}

tellOfErrors();
new Desk().begin().catch(fail);
