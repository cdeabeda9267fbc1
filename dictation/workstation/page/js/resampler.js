// Sound of the browser's rate at 16 kHz: a windowed sinc as low-pass, read at the places of the new samples.

const ZEROS = 20; // Zero crossings on each side: the steeper, the more of them.
const STEPS = 256; // Places of the kernel between two of its zero crossings.
const PASSED = 0.92; // Share of the new band that passes; above it the kernel falls to nothing.

function kernel() {
  const table = new Float32Array(ZEROS * STEPS + 2);
  for (let at = 0; at < ZEROS * STEPS; at += 1) {
    const x = at / STEPS;
    const sinc = x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
    const blackman = 0.42 + 0.5 * Math.cos((Math.PI * x) / ZEROS) + 0.08 * Math.cos((2 * Math.PI * x) / ZEROS);
    table[at] = sinc * blackman;
  }
  return table;
}

const KERNEL = kernel();

/** Takes sound in pieces and gives what is ready; what comes out is late by the half width of the low-pass. */
export class Resampler {
  constructor(from, to = 16000) {
    this.ratio = from / to;
    this.cutoff = Math.min(1, to / from) * (from === to ? 1 : PASSED);
    this.half = Math.ceil(ZEROS / this.cutoff);
    this.same = from === to;
    this.waiting = new Float32Array(this.half);
    this.next = this.half; // Place of the next new sample among those that wait.
  }

  process(sound) {
    if (this.same) return sound.slice();
    const input = new Float32Array(this.waiting.length + sound.length);
    input.set(this.waiting);
    input.set(sound, this.waiting.length);
    const made = [];
    let place = this.next;
    for (; place + this.half < input.length; place += this.ratio) made.push(this.#at(input, place));
    const done = Math.max(0, Math.floor(place) - this.half);
    this.waiting = input.slice(done);
    this.next = place - done;
    return Float32Array.from(made);
  }

  #at(input, place) {
    let sum = 0;
    const first = Math.max(0, Math.ceil(place - this.half));
    const last = Math.min(input.length - 1, Math.floor(place + this.half));
    for (let index = first; index <= last; index += 1) {
      const step = Math.abs(place - index) * this.cutoff * STEPS;
      const low = Math.floor(step);
      if (low >= ZEROS * STEPS) continue;
      sum += input[index] * (KERNEL[low] + (KERNEL[low + 1] - KERNEL[low]) * (step - low));
    }
    return sum * this.cutoff;
  }
}

/** 16-bit samples of sound between -1 and 1. */
export function toPcm(sound) {
  const pcm = new Int16Array(sound.length);
  for (let index = 0; index < sound.length; index += 1) {
    pcm[index] = Math.max(-32768, Math.min(32767, Math.round(sound[index] * 32768)));
  }
  return pcm;
}

/** Loudness of 16-bit samples in dBFS: mean and greatest; silence is -96. */
export function loudness(pcm) {
  let squares = 0;
  let peak = 0;
  for (const sample of pcm) {
    squares += sample * sample;
    peak = Math.max(peak, Math.abs(sample));
  }
  const decibels = (value) => Math.max(-96, value > 0 ? 20 * Math.log10(value / 32768) : -96);
  return { rms: decibels(Math.sqrt(squares / Math.max(1, pcm.length))), peak: decibels(peak) };
}
