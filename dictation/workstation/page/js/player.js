// Plays what was said for a value.

import { records } from "./api.js";

const KEPT = 12;

/** One sound at a time. `told(seconds | null)` says where in the dictation it plays, null when it is over. */
export class Player {
  constructor({ told, failed }) {
    this.audio = new Audio();
    this.told = told;
    this.failed = failed;
    this.sounds = new Map();
    this.audio.addEventListener("ended", () => this.stop());
  }

  get playing() {
    return Boolean(this.offset !== undefined && !this.audio.paused);
  }

  async play(record, { start, end }) {
    this.stop();
    const wanted = (this.wanted = Symbol(record));
    try {
      const address = await this.#address(record, start, end);
      if (this.wanted !== wanted) return;
      this.audio.src = address;
      this.offset = start;
      await this.audio.play();
      this.#follow();
    } catch (error) {
      if (this.wanted !== wanted || error.name === "AbortError") return;
      this.stop();
      this.failed(error);
    }
  }

  stop() {
    this.wanted = null;
    this.audio.pause();
    cancelAnimationFrame(this.frame);
    this.told(null);
  }

  #follow() {
    if (this.audio.paused) return;
    this.told(this.offset + this.audio.currentTime);
    this.frame = requestAnimationFrame(() => this.#follow());
  }

  async #address(record, start, end) {
    const name = `${record} ${start} ${end}`;
    if (!this.sounds.has(name)) {
      this.sounds.set(name, URL.createObjectURL(await records.sound(record, start, end)));
      if (this.sounds.size > KEPT) this.#forget(this.sounds.keys().next().value);
    }
    return this.sounds.get(name);
  }

  #forget(name) {
    URL.revokeObjectURL(this.sounds.get(name));
    this.sounds.delete(name);
  }

  close() {
    this.stop();
    for (const name of [...this.sounds.keys()]) this.#forget(name);
  }
}
