// Runs on the browser's sound thread: the microphone as 16 kHz 16-bit pieces of a tenth of a second.

import { Resampler, toPcm } from "./resampler.js";

const PIECE = 1600;

class Capture extends AudioWorkletProcessor {
  constructor() {
    super();
    this.resampler = new Resampler(sampleRate);
    this.piece = new Int16Array(PIECE);
    this.filled = 0;
  }

  process([channels]) {
    if (!channels?.length) return true;
    for (const sample of toPcm(this.resampler.process(channels[0]))) {
      this.piece[this.filled++] = sample;
      if (this.filled === PIECE) {
        this.port.postMessage(this.piece, [this.piece.buffer]);
        this.piece = new Int16Array(PIECE);
        this.filled = 0;
      }
    }
    return true;
  }
}

registerProcessor("capture", Capture);
