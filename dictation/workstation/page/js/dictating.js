// One dictation as the doctor steers it: talking or not, which field, how the line and the microphone are.

import { Listening } from "./listening.js";
import { DictationSocket } from "./socket.js";

const BEFORE = 4; // Pieces kept from before the key went down, so that the first syllable is not lost.
const AFTER = 3; // Pieces still taken when the key came up.
const LIVE = new Set(["beginning", "ready"]);
const ENDING = new Set(["finishing", "deleting"]);
const RETURNING = new Set(["locked", "enter"]); // Refusals that end when the doctor has unlocked again.
const BROKEN = new Set(["connecting", "lost"]);
const UNSENT = 1; // Seconds of sound that an open line has sent before the page is gone.
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
    this.full = false;
    this.field = null;
    this.behind = 0;
    this.partial = null;
    this.listening =
      microphone === "client"
        ? new Listening({ sound: (pcm) => this.#sound(pcm), changed: () => this.#listened() })
        : null;
    this.theirs = { trouble: null, level: null }; // Of the workstation's microphone.
    this.before = [];
    this.after = 0;
    this.socket = new DictationSocket({
      message: (message) => this.#hear(message),
      connection: (state) => this.#line(state),
    });
  }

  /** Seconds of this page's sound that the server has not on its disk. */
  get waiting() {
    return this.listening ? this.socket.waiting : 0;
  }

  /** Seconds of sound that would be lost if the page were left now. */
  get unsent() {
    const least = BROKEN.has(this.connection) && this.phase !== "elsewhere" ? 0 : UNSENT;
    return this.waiting > least ? this.waiting : 0;
  }

  get trouble() {
    return (this.listening ?? this.theirs).trouble;
  }

  get level() {
    return (this.listening ?? this.theirs).level;
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
    if (!this.listening) this.socket.tell({ type: "pause" });
    await this.openMicrophone();
  }

  /** Asks for the microphone, again where it was refused or another one was chosen. */
  async openMicrophone() {
    if (!this.listening || !LIVE.has(this.phase)) return;
    if (!(await this.listening.open())) this.#set({ talking: false, handsFree: false });
  }

  /** Something has become of the microphone. Who was talking goes on when it is back. */
  #listened() {
    this.#set({});
    this.#takeItBack();
  }

  /** The chosen microphone is there again: back to it, but not in the middle of a word. */
  #takeItBack() {
    if (this.listening?.isBack && !this.talking && !this.after) this.openMicrophone();
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
    this.#listenNoMore("finishing");
  }

  /** Deletes what was dictated. */
  cancel() {
    if (!LIVE.has(this.phase)) return;
    this.socket.tell({ type: "cancel", confirm: true });
    this.#listenNoMore("deleting");
  }

  /** The page is left: the dictation stays on the server, unfinished. */
  leave() {
    this.phase = "over";
    this.listening?.close();
    this.socket.drain();
  }

  /** After unlocking: goes on where it was. */
  rejoin() {
    if (this.socket.closed && (LIVE.has(this.phase) || ENDING.has(this.phase))) this.socket.reconnect();
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
    this.after = this.listening ? AFTER : 0;
    this.#set({ talking: false, handsFree: false });
    if (!this.after) this.socket.tell({ type: "pause" });
  }

  /** What would still have been taken is not waited for. */
  #flush() {
    this.after = 0;
    this.before = [];
  }

  #sound(pcm) {
    this.listening.listenForSilence(this.talking);
    if (this.talking) {
      this.#say(pcm);
    } else if (this.after > 0) {
      this.#say(pcm);
      this.after -= 1;
      if (this.after === 0) this.socket.tell({ type: "pause" });
    } else {
      this.before.push(pcm);
      if (this.before.length > BEFORE) this.before.shift();
      this.#takeItBack();
    }
    this.changed("level");
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
        this.#set({ phase: ENDING.has(this.phase) ? this.phase : "ready", field: message.field });
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
        this.theirs.level = message;
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
        this.partial = null;
        this.#listenNoMore("over");
        break;
      case "error":
        if (this.socket.closed) this.#refused(message.code);
        break;
    }
    this.heard(message);
  }

  #refused(code) {
    if (RETURNING.has(code)) this.#set({ talking: false, handsFree: false });
    else this.#listenNoMore(code === "another-window" ? "elsewhere" : "over");
  }

  #notice({ code, seconds }) {
    if (code === "behind") this.behind = seconds ?? 0;
    if (code === "microphone-lost") this.theirs.trouble = code;
    if (code === "microphone-back") this.theirs.trouble = null;
  }

  #listenNoMore(phase) {
    this.listening?.close();
    this.theirs.level = null;
    this.#set({ phase, talking: false, handsFree: false });
  }

  #set(values) {
    Object.assign(this, values);
    this.changed("state");
  }
}
