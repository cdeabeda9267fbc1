// The socket of one dictation: what was said goes out in order, is kept until acknowledged, and goes out again after a
// broken connection.

import { socketAddress, speaker } from "./api.js";
import { KeptSound, soundFrame } from "./kept_sound.js";
import { RATE } from "./names.js";

const SUBPROTOCOL = "dictation.v1";
const BUFFERED = 256 * 1024;
const AGAIN = 100; // Milliseconds until it is seen whether the line takes more.
const PING = 10_000;
const PAUSES = [300, 1000, 2000, 4000];

// Errors after which connecting again may help; after the others somebody has to do something first.
const PASSING = new Set(["going-down", "internal", "silent", "store", "too-fast", "too-many", "too-slow"]);

/**
 * `message(data)` hears every message of the server, `connection(state)` how the line is: "connecting", "open", "lost",
 * "closed". Messages keep their place among the sound: a pause comes to the server behind what was said before it.
 */
export class DictationSocket {
  constructor({ message, connection }) {
    this.listeners = { message, connection };
    this.sound = new KeptSound();
    this.marks = [];
    this.dictation = null;
    this.greeting = null;
    this.failures = 0;
    this.closed = false;
    this.joined = false;
    this.timers = {};
  }

  start(settings) {
    this.greeting = { type: "start", protocol: 1, ...settings };
    this.#connect();
  }

  resume(dictation, settings) {
    this.dictation = dictation;
    this.greeting = { type: "resume", protocol: 1, ...settings };
    this.#connect();
  }

  /** Seconds of sound that the server has not acknowledged. */
  get waiting() {
    return this.sound.waiting / RATE;
  }

  /** Takes a piece of sound; false where there is no room for it. */
  say(pcm) {
    const taken = this.sound.add(pcm);
    if (taken) this.#pump();
    return taken;
  }

  /** Sends a message behind the sound so far. */
  tell(message) {
    this.marks.push({ at: this.sound.end, message, sent: false });
    this.#pump();
  }

  close() {
    this.closed = true;
    this.#stopTimers();
    this.line?.close();
  }

  /**
   * Closes as soon as the server has all that was said, without telling anybody. It does not connect again for that:
   * the dictation may be gone on with by then, and would be taken from whoever speaks.
   */
  drain() {
    this.listeners = { message: () => undefined, connection: () => undefined };
    this.draining = true;
    this.#drained();
  }

  #drained() {
    if (this.draining && (this.sound.waiting === 0 || !this.joined)) this.close();
  }

  /**
   * Connects again, after the reason for which it did not is gone. Where another client has dictated `meanwhile`, what
   * waits here comes behind that.
   */
  reconnect(meanwhile = false) {
    this.closed = false;
    this.failures = 0;
    if (meanwhile) this.begun = false;
    this.#connect();
  }

  #connect() {
    if (this.closed) return;
    this.#stopTimers();
    this.joined = false;
    this.listeners.connection("connecting");
    const line = new WebSocket(socketAddress(), SUBPROTOCOL);
    line.binaryType = "arraybuffer";
    this.line = line;
    line.onopen = () => line.send(JSON.stringify(this.#greet()));
    line.onmessage = ({ data }) => line === this.line && this.#hear(JSON.parse(data));
    line.onclose = () => line === this.line && this.#gone();
  }

  #greet() {
    const { type, protocol, microphone, device, ...rest } = this.greeting;
    const known = this.dictation && { type: "resume", dictation: this.dictation };
    return { ...(known ?? { type, ...rest }), protocol, microphone, device, ...speaker() };
  }

  #hear(message) {
    if (message.type === "started") this.#begin(message);
    if (message.type === "kept") this.#acknowledge(message.samples);
    const refused = message.type === "error" && message.fatal && !PASSING.has(message.code);
    if (refused || message.type === "finished" || message.type === "cancelled") {
      this.closed = true;
      this.#stopTimers();
    }
    this.listeners.message(message);
  }

  #begin({ dictation, samples }) {
    const first = !this.begun;
    this.begun = true;
    this.dictation = dictation;
    this.failures = 0;
    const before = samples - this.sound.first;
    if (first && before > 0) {
      this.sound.shift(before);
      for (const mark of this.marks) mark.at += before;
    }
    this.#acknowledge(samples);
    this.sent = samples;
    for (const mark of this.marks) mark.sent = false;
    this.joined = true;
    this.listeners.connection("open");
    this.timers.ping = setInterval(() => this.#send({ type: "ping" }), PING);
    this.#pump();
  }

  #acknowledge(samples) {
    this.sound.acknowledge(samples);
    // What was told at the very end may not have arrived yet: it is told again after a broken connection.
    this.marks = this.marks.filter((mark) => mark.at >= samples || !mark.sent);
    this.#drained();
  }

  #pump() {
    if (!this.joined || this.line.readyState !== WebSocket.OPEN) return;
    for (;;) {
      for (const mark of this.marks) {
        if (mark.sent || mark.at > this.sent) continue;
        mark.sent = true;
        this.#send(mark.message);
      }
      const piece = this.sound.from(this.sent);
      if (!piece) return;
      if (this.line.bufferedAmount > BUFFERED) {
        this.timers.pump ??= setTimeout(() => {
          this.timers.pump = null;
          this.#pump();
        }, AGAIN);
        return;
      }
      this.line.send(soundFrame(piece));
      this.sent = piece.first + piece.pcm.length;
    }
  }

  #send(message) {
    if (this.line.readyState === WebSocket.OPEN) this.line.send(JSON.stringify(message));
  }

  #gone() {
    this.joined = false;
    this.#stopTimers();
    if (this.closed || this.draining) {
      this.closed = true;
      this.listeners.connection("closed");
      return;
    }
    this.listeners.connection("lost");
    const pause = PAUSES[Math.min(this.failures, PAUSES.length - 1)];
    this.failures += 1;
    this.timers.again = setTimeout(() => this.#connect(), pause);
  }

  #stopTimers() {
    clearInterval(this.timers.ping);
    clearTimeout(this.timers.again);
    clearTimeout(this.timers.pump);
    this.timers = {};
  }
}
