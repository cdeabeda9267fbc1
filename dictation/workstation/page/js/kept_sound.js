// Sound that the server has not yet said to have on its disk.

import { RATE } from "./names.js";

const LIMIT = 20 * 60 * RATE;

/** Pieces of sound with the number of their first sample. What was acknowledged is let go. */
export class KeptSound {
  constructor(limit = LIMIT) {
    this.limit = limit;
    this.pieces = [];
    this.first = 0;
    this.end = 0;
  }

  /** Samples that wait for the server. */
  get waiting() {
    return this.end - this.first;
  }

  /** Keeps a piece; false where there is no room, and then nothing of it is kept. */
  add(pcm) {
    if (this.waiting + pcm.length > this.limit) return false;
    this.pieces.push({ first: this.end, pcm });
    this.end += pcm.length;
    return true;
  }

  /** The server has the samples before `number`. */
  acknowledge(number) {
    while (this.pieces.length && this.pieces[0].first + this.pieces[0].pcm.length <= number) this.pieces.shift();
    this.first = Math.min(this.end, Math.max(this.first, number));
  }

  /** The dictation has `number` samples already, of before this page: what was said here comes behind them. */
  shift(number) {
    for (const piece of this.pieces) piece.first += number;
    this.first += number;
    this.end += number;
  }

  /** The piece that holds the sample `number`, from that sample on; null where there is none. */
  from(number) {
    // Pieces wait in order: halve the place.
    let low = 0;
    let high = this.pieces.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const piece = this.pieces[middle];
      if (piece.first + piece.pcm.length <= number) low = middle + 1;
      else high = middle;
    }
    const piece = this.pieces[low];
    if (!piece) return null;
    const skipped = Math.max(0, number - piece.first);
    return { first: piece.first + skipped, pcm: piece.pcm.subarray(skipped) };
  }
}

/** A sound frame of the protocol: the number of its first sample, eight bytes, then the samples, little-endian. */
export function soundFrame({ first, pcm }) {
  const frame = new ArrayBuffer(8 + 2 * pcm.length);
  const view = new DataView(frame);
  view.setBigUint64(0, BigInt(first), true);
  for (let index = 0; index < pcm.length; index += 1) view.setInt16(8 + 2 * index, pcm[index], true);
  return frame;
}
