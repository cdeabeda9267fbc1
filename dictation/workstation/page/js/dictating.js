// One dictation as the doctor steers it: talking or not, which field, how the line and the microphone are.

import { Microphone } from "./microphone.js";
import { loudness } from "./resampler.js";
import { DictationSocket } from "./socket.js";

const BEFORE = 4; // Pieces kept from before the key went down, so that the first syllable is not lost.
const AFTER = 3; // Pieces still taken when the key came up.
const LIVE = new Set(["beginning", "ready"]);
const RETURNING = new Set(["locked", "enter"]); // Refusals that end when the doctor has unlocked again.
const GONE = 1000; // Milliseconds without a piece of sound.
const NOTHING = -96; // dBFS.
const SILENT = 30; // Pieces: three seconds.
const SHORT = 350; // Milliseconds: a press that is shorter means hands-free.

/**
 * `changed()` after every change of what is shown, `heard(message)` for every message of the server.
 * `microphone` is "client" or "workstation", `device` the name of the workstation's device.
 */
export class Dictating {
  constructor({ microphone, device, changed, heard }) {
    this.settings = device ? { microphone, device } : { microphone };
    this.changed = changed;
    this.heard = heard;
    this.phase = "beginning";
    this.connection = "connecting";
    this.talking = false;
    this.handsFree = false;
    this.trouble = null;
    this.full = false;
    this.field = null;
    this.behind = 0;
    this.level = null;
    this.partial = null;
    this.silent = false;
    this.before = [];
    this.after = 0;
    this.socket = new DictationSocket({
      message: (message) => this.#hear(message),
      connection: (state) => this.#line(state),
    });
  }

  get waiting() {
    return this.settings.microphone === "client" ? this.socket.waiting : 0;
  }

  get own() {
    return this.settings.microphone === "client";
  }

  async start(settings) {
    this.socket.start({ ...settings, ...this.settings });
    await this.#begin();
  }

  async resume(dictation) {
    this.socket.resume(dictation, this.settings);
    await this.#begin();
  }

  async #begin() {
    if (!this.own) this.socket.tell({ type: "pause" });
    await this.openMicrophone();
  }

  /** Asks for the microphone, again where it was refused. */
  async openMicrophone() {
    if (!this.own || !LIVE.has(this.phase)) return;
    this.microphone?.close();
    this.microphone = new Microphone({
      sound: (pcm) => this.#sound(pcm),
      lost: () => this.#lost(),
      back: () => this.#set({ trouble: null }),
    });
    try {
      await this.microphone.open();
      this.#set({ trouble: null });
      this.#watch();
    } catch (error) {
      this.#set({ trouble: error.code ?? "microphone-busy", talking: false, handsFree: false });
    }
  }

  /** A microphone that gives nothing for a second is gone, whatever the browser says of it. */
  #watch() {
    clearInterval(this.watching);
    this.heardAt = performance.now();
    this.watching = setInterval(() => {
      if (!LIVE.has(this.phase)) clearInterval(this.watching);
      else if (!this.trouble && performance.now() - this.heardAt > GONE) this.#lost();
    }, GONE / 2);
  }

  /** Who was talking goes on when it is back. */
  #lost() {
    this.#set({ trouble: "microphone-lost", level: null });
  }

  /** The key or button went down: talk. While hands-free, this ends it. */
  press() {
    if (!LIVE.has(this.phase)) return;
    if (this.trouble) {
      this.openMicrophone();
      return;
    }
    this.pressed = performance.now();
    if (this.talking) {
      this.pressed = null;
      this.#quiet();
    } else {
      this.#talk();
    }
  }

  /** It came up: after a short press the dictation goes on hands-free. */
  release() {
    if (this.pressed === null || this.pressed === undefined || !this.talking) return;
    const short = performance.now() - this.pressed < SHORT;
    this.pressed = null;
    if (short) this.#set({ handsFree: true });
    else this.#quiet();
  }

  toggle() {
    this.press();
    this.pressed = null;
    if (this.talking) this.#set({ handsFree: true });
  }

  quiet() {
    if (this.talking) this.#quiet();
  }

  focus(field) {
    if (LIVE.has(this.phase)) this.socket.tell({ type: "focus", field });
  }

  finish() {
    if (!LIVE.has(this.phase)) return;
    this.#flush();
    this.socket.tell({ type: "finish" });
    this.microphone?.close();
    this.#set({ phase: "finishing", talking: false, handsFree: false, level: null });
  }

  /** Deletes what was dictated. */
  cancel() {
    this.socket.tell({ type: "cancel", confirm: true });
    this.microphone?.close();
  }

  /** The page is left: the dictation stays on the server, unfinished. */
  leave() {
    this.phase = "over";
    this.microphone?.close();
    this.socket.drain();
  }

  /** After unlocking: goes on where it was. */
  rejoin() {
    if (this.socket.closed && (LIVE.has(this.phase) || this.phase === "finishing")) this.socket.reconnect();
  }

  /** Back from the window that had taken it over. */
  async takeOver() {
    this.#set({ phase: "beginning" });
    this.socket.reconnect(true);
    await this.openMicrophone();
  }

  #talk() {
    this.after = 0;
    this.socket.tell({ type: "continue" });
    for (const pcm of this.before.splice(0)) this.#say(pcm);
    this.#set({ talking: true, handsFree: false });
  }

  #quiet() {
    this.after = this.own ? AFTER : 0;
    this.#set({ talking: false, handsFree: false });
    if (!this.after) this.socket.tell({ type: "pause" });
  }

  /** What would still have been taken is not waited for. */
  #flush() {
    this.after = 0;
    this.before = [];
  }

  #sound(pcm) {
    this.level = loudness(pcm);
    this.heardAt = performance.now();
    if (this.trouble === "microphone-lost") this.#set({ trouble: null });
    this.#listenForSilence();
    if (this.talking) {
      this.#say(pcm);
    } else if (this.after > 0) {
      this.#say(pcm);
      this.after -= 1;
      if (this.after === 0) this.socket.tell({ type: "pause" });
    } else {
      this.before.push(pcm);
      if (this.before.length > BEFORE) this.before.shift();
    }
    this.changed("level");
  }

  /** Not one sample above nothing: a switch on the microphone, or the system has muted it. */
  #listenForSilence() {
    this.nothing = this.talking && this.level.peak <= NOTHING ? (this.nothing ?? 0) + 1 : 0;
    const silent = this.nothing >= SILENT;
    if (silent !== this.silent) this.#set({ silent });
  }

  #say(pcm) {
    if (this.socket.say(pcm)) return;
    this.#set({ full: true, talking: false, handsFree: false });
  }

  #line(state) {
    if (state === "open") this.full = false;
    this.#set({ connection: state });
  }

  #hear(message) {
    switch (message.type) {
      case "started":
        this.#set({ phase: this.phase === "finishing" ? "finishing" : "ready", field: message.field });
        break;
      case "partial":
        this.partial = message.text ? message : null;
        break;
      case "final":
        this.partial = null;
        break;
      case "field":
        this.field = message.key;
        break;
      case "level":
        this.level = message;
        this.changed("level");
        break;
      case "kept":
        if (this.full && this.waiting < 60) this.full = false;
        break;
      case "command":
        if (message.kind === "stop") this.finish();
        break;
      case "notice":
        this.#notice(message);
        break;
      case "finished":
      case "cancelled":
        this.microphone?.close();
        this.#set({ phase: "over", talking: false, handsFree: false, level: null, partial: null });
        break;
      case "error":
        if (this.socket.closed) this.#refused(message.code);
        break;
    }
    this.heard(message);
  }

  #refused(code) {
    if (!RETURNING.has(code)) {
      this.microphone?.close();
      this.phase = code === "another-window" ? "elsewhere" : "over";
    }
    this.#set({ talking: false, handsFree: false, level: null });
  }

  #notice({ code, seconds }) {
    if (code === "behind") this.behind = seconds ?? 0;
    if (this.own) return;
    if (code === "microphone-lost") this.trouble = code;
    if (code === "microphone-back") this.trouble = null;
  }

  #set(values) {
    Object.assign(this, values);
    this.changed("state");
  }
}
