// The browser's microphone while a dictation wants it: the chosen one, and a word when nothing is heard of it.

import { Microphone, MicrophoneError } from "./microphone.js";
import { browserMicrophones, chosenMicrophone, found } from "./microphones.js";
import { loudness } from "./resampler.js";

const GONE = 1000; // Milliseconds without a piece of sound.
const NOTHING = -96; // dBFS.
const SILENT = 30; // Pieces: three seconds.

/**
 * `sound(pcm)` for each piece, `changed()` after every change of `trouble` (why nothing is heard, null where all is
 * well), `silent` (only nothing is heard), `missing` (the name of the chosen one, another being heard in its place),
 * `isBack` (it has been plugged in again) and `microphones`. `level` is the loudness of the last piece.
 */
export class Listening {
  constructor({ sound, changed }) {
    this.listeners = { sound, changed };
    this.microphone = null;
    this.microphones = [];
    this.trouble = null;
    this.missing = null;
    this.isBack = false;
    this.silent = false;
    this.level = null;
    this.nothing = 0;
  }

  /** Asks for the microphone, again where it was refused; whether it is there. */
  async open() {
    this.close();
    const microphone = new Microphone({
      chosen: chosenMicrophone(),
      sound: (pcm) => this.#hear(pcm),
      lost: () => this.#lost(),
      back: () => this.#opened(),
      plugged: () => this.#plugged(),
    });
    this.microphone = microphone;
    try {
      await microphone.open();
      if (this.microphone === microphone) await this.#opened();
      return true;
    } catch (error) {
      const trouble = error instanceof MicrophoneError ? error.code : "microphone-busy";
      if (this.microphone === microphone) this.#set({ trouble });
      return false;
    }
  }

  close() {
    clearInterval(this.watching);
    this.microphone?.close();
    Object.assign(this, { microphone: null, level: null, silent: false, nothing: 0, isBack: false });
  }

  async #opened() {
    this.#set({ trouble: null, missing: this.microphone.missing, isBack: false });
    this.#watch();
    this.#set({ microphones: await browserMicrophones() });
  }

  /** A microphone that gives nothing for a second is gone, whatever the browser says of it. */
  #watch() {
    clearInterval(this.watching);
    this.heardAt = performance.now();
    this.watching = setInterval(() => {
      if (!this.trouble && performance.now() - this.heardAt > GONE) this.#lost();
    }, GONE / 2);
  }

  #lost() {
    this.#set({ trouble: "microphone-lost", level: null });
  }

  async #plugged() {
    const microphones = await browserMicrophones();
    const isBack = Boolean(this.microphone && this.missing && found(this.microphone.chosen, microphones));
    this.#set({ microphones, isBack });
  }

  #hear(pcm) {
    if (!this.microphone) return;
    this.level = loudness(pcm);
    this.heardAt = performance.now();
    if (this.trouble === "microphone-lost") this.#set({ trouble: null });
    this.listeners.sound(pcm);
  }

  /** Not one sample above nothing while somebody talks: a switch on the microphone, or the system has muted it. */
  listenForSilence(talking) {
    this.nothing = talking && this.level.peak <= NOTHING ? this.nothing + 1 : 0;
    const silent = this.nothing >= SILENT;
    if (silent !== this.silent) this.#set({ silent });
  }

  #set(values) {
    Object.assign(this, values);
    this.listeners.changed();
  }
}
