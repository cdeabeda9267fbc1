// The page: who is in, which screen is shown, and what they share.

import * as dialogs from "./dialogs.js";
import { actAs, credentials, forms, get, post, present, records } from "./api.js";
import { addDoctor, enter, Entrance, takeFragment } from "./entrance.js";
import { button, el, loadIcons, replace } from "./dom.js";
import { chooseLanguage, LANGUAGES, onLanguage, preferredLanguage, recall, remember, t } from "./i18n.js";
import { KEYS, listenKeys } from "./keys.js";
import { languageChoice } from "./language_choice.js";
import { banner, clearBanners, fail, measureBanners, tell } from "./notices.js";
import { newVisit } from "./patient.js";
import { RecordsView } from "./records.js";
import { Visit } from "./visit.js";

const MICROPHONE = "dictation.microphone";
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
      this.entrance.refuse(error.code === "unreachable" ? t("trouble.unreachable") : t("no-token"));
      return;
    }
    this.wish = given?.record ? { record: given.record } : given?.context || given?.form ? given : null;
    listenKeys(this);
    measureBanners();
    window.addEventListener("hashchange", () => this.#arrive().catch(fail));
    window.addEventListener("beforeunload", (event) => this.visit?.dictating?.waiting > 1 && event.preventDefault());
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
      if (!(await dialogs.mayLose(this.visit.dictating?.waiting ?? 0))) {
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
      await this.visit.show(await records.open(this.visit.id));
      return;
    }
    const { wish } = this;
    this.wish = null;
    if (wish?.record) this.go(wish.record);
    else if (wish) await this.newVisit(JSON.parse(wish.context ?? "{}"), wish.form);
    else await this.#route();
  }

  /** Another doctor does not find the patient of the one before. */
  #clear() {
    this.visit.leave();
    this.visit = null;
    history.replaceState(null, "", location.pathname);
  }

  /** Nothing of a patient stays to be seen; what is being dictated goes on being kept. */
  lock(wasOpen = true) {
    this.closed = true;
    this.screen.hidden = this.top.hidden = true;
    clearBanners();
    document.getElementById("news").replaceChildren();
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
      banner("launch", null);
      // An answer from before the doctor unlocked says nothing of now.
      if (this.closed || unlocked !== this.unlocked) return;
      this.state = state;
      if (!state.doctor || state.locked || state.doctor.name !== this.doctor) this.lock();
      else this.visit?.dictating?.rejoin();
    } catch (error) {
      if (error.code === "enter") banner("launch", t("trouble.launch"), { kind: "trouble" });
    }
  }

  #watch() {
    let stirred = false;
    for (const kind of ["keydown", "pointerdown", "wheel"])
      document.addEventListener(kind, () => (stirred = true), { passive: true });
    setInterval(() => this.look(), LOOK);
    setInterval(() => {
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
    const given = takeFragment();
    if (given) await enter(given);
    if (given) await this.look();
    await this.#route();
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
    if (!visit || this.#address() === visit.id) return true;
    const sure = await dialogs.mayLose(visit.dictating?.waiting ?? 0);
    if (!sure) history.replaceState(null, "", `#/record/${visit.id}`);
    return sure;
  }

  go(id) {
    location.hash = `#/record/${id}`;
  }

  /** A new dictation has its record: the address says which. */
  opened(id) {
    if (this.visit?.id === id) history.replaceState(null, "", `#/record/${id}`);
  }

  leave() {
    if (location.hash) location.hash = "";
    else this.records().catch(fail);
  }

  async records() {
    this.visit?.leave();
    this.visit = null;
    this.state = await get("/state");
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
      microphone: recall(MICROPHONE) ?? "client",
      context,
    });
    if (!wanted) return;
    remember(MICROPHONE, wanted.microphone);
    this.#put(new Visit(this));
    await this.visit.begin({ form: wanted.form, context: wanted.context }, this.#microphone());
  }

  async resume(dictation) {
    clearBanners();
    this.#put(new Visit(this));
    await this.visit.resume(dictation, this.#microphone());
  }

  /** The microphone chosen last, where it is still there. */
  #microphone() {
    const chosen = recall(MICROPHONE) ?? "client";
    const device = chosen.replace(/^workstation /, "");
    const known = chosen !== "client" && this.state.microphones.includes(device);
    return known ? { microphone: "workstation", device } : { microphone: "client" };
  }

  help() {
    return dialogs.showKeys(KEYS);
  }

  // The bar at the top

  #bar() {
    replace(
      this.top,
      el("a", { class: "product", href: "#/" }, t("product")),
      el("nav", { "aria-label": t("pages") }, el("a", { href: "#/" }, t("records"))),
      el(
        "div",
        { class: "who" },
        languageChoice(),
        button(t("keys"), { picture: "keyboard", quiet: true, onclick: () => this.help() }),
        el("span", { class: "doctor" }, this.state.doctor?.name),
        !credentials() && [
          button(t("doctor.new"), { picture: "person", quiet: true, onclick: () => this.#addDoctor() }),
          button(t("lock"), { picture: "lock", quiet: true, onclick: () => this.#lockNow() }),
        ],
      ),
    );
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

  async #addDoctor() {
    const made = await addDoctor(dialogs);
    if (!made) return;
    try {
      await post("/doctors", made);
      tell(t("doctor.made", { name: made.name }));
    } catch (error) {
      fail(error);
    }
  }

  async #translate() {
    if (this.closed) return this.state && this.entrance.show(this.state, this.entrance.locked);
    this.#bar();
    return this.visit ? this.visit.translate() : this.list.show();
  }
}

new Desk().begin().catch(fail);
