// The browser's microphone as pieces of 16 kHz sound.

import { browserMicrophones, found } from "./microphones.js";
import { RATE } from "./names.js";

const WANTED = { channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: true };
const AGAIN = 2000;
const GONE = new Set(["NotFoundError", "OverconstrainedError"]);

const TROUBLES = {
  NotAllowedError: "microphone-denied",
  SecurityError: "microphone-denied",
  NotFoundError: "microphone-none",
  OverconstrainedError: "microphone-none",
  NotReadableError: "microphone-busy",
};

/** A microphone that cannot be had; `code` says why. */
export class MicrophoneError extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

/**
 * `chosen` is the microphone `{id, label}` that is wanted, null for the system's own. Calls `sound(pcm)` for each tenth
 * of a second, `lost()` when the device is gone, `back()` when it is found again, `plugged()` when microphones have come
 * or gone.
 */
export class Microphone {
  constructor({ chosen, sound, lost, back, plugged }) {
    this.chosen = chosen;
    this.missing = null; // The name of the chosen one, where another is heard in its place.
    this.listeners = { sound, lost, back };
    this.closed = false;
    this.ended = new AbortController();
    navigator.mediaDevices?.addEventListener("devicechange", plugged, { signal: this.ended.signal });
  }

  async open() {
    if (!navigator.mediaDevices?.getUserMedia) throw new MicrophoneError("microphone-insecure");
    try {
      this.stream = await this.#stream();
    } catch (error) {
      throw new MicrophoneError(TROUBLES[error.name] ?? "microphone-busy");
    }
    if (this.closed) return this.close();
    await this.#listen();
  }

  /** The chosen one, where it is gone the system's own. */
  async #stream() {
    const { chosen } = this;
    this.missing = null;
    if (!chosen) return given();
    try {
      return await given(chosen);
    } catch (error) {
      if (!GONE.has(error.name)) throw error;
    }
    const same = found(chosen, await browserMicrophones());
    if (same) return given(same);
    const stream = await given();
    this.missing = chosen.label;
    return stream;
  }

  async #listen() {
    const [track] = this.stream.getAudioTracks();
    track.addEventListener("ended", () => this.#gone());
    this.context = await this.#context();
    const capture = new AudioWorkletNode(this.context, "capture", {
      numberOfOutputs: 0,
      channelCount: 1,
      channelCountMode: "explicit",
    });
    capture.port.onmessage = ({ data }) => this.listeners.sound(data);
    this.source.connect(capture);
    // Without a gesture, after sleep or a call the browser holds the sound back; it may never answer.
    const { context } = this;
    context.onstatechange = () => context.state !== "closed" && context.state !== "running" && context.resume();
    context.resume();
  }

  /** At 16 kHz where the browser can; else at the device's rate, and the worklet converts. */
  async #context() {
    for (const options of [{ sampleRate: RATE }, {}]) {
      const context = new AudioContext({ latencyHint: "interactive", ...options });
      try {
        this.source = context.createMediaStreamSource(this.stream);
        await context.audioWorklet.addModule(new URL("./worklet.js", import.meta.url));
        return context;
      } catch (error) {
        await context.close();
        if (error.name !== "NotSupportedError") throw new MicrophoneError("microphone-busy");
      }
    }
    throw new MicrophoneError("microphone-busy");
  }

  async #gone() {
    if (this.closed) return;
    this.listeners.lost();
    await this.context?.close().catch(() => undefined);
    while (!this.closed) {
      await new Promise((resolve) => setTimeout(resolve, AGAIN));
      try {
        await this.open();
        if (!this.closed) this.listeners.back();
        return;
      } catch {
        // Not plugged in yet.
      }
    }
  }

  close() {
    this.closed = true;
    this.ended.abort();
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    if (this.context?.state !== "closed") this.context?.close().catch(() => undefined);
  }
}

const given = (microphone) =>
  navigator.mediaDevices.getUserMedia({
    audio: microphone ? { ...WANTED, deviceId: { exact: microphone.id } } : WANTED,
  });
