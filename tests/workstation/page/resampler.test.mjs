import assert from "node:assert/strict";
import { test } from "node:test";

import { loudness, Resampler, toPcm } from "../../../dictation/workstation/page/js/resampler.js";

const tone = (hertz, rate, seconds, loud = 0.5) =>
  Float32Array.from({ length: rate * seconds }, (_, index) => loud * Math.sin((2 * Math.PI * hertz * index) / rate));

const rms = (sound) => Math.sqrt(sound.reduce((sum, value) => sum + value * value, 0) / sound.length);

/** Without the beginning and the end, where the low-pass meets silence. */
const middle = (sound) => sound.slice(1600, sound.length - 1600);

for (const rate of [44100, 48000, 96000]) {
  test(`speech passes from ${rate} Hz as loud as it was`, () => {
    for (const hertz of [200, 1000, 3400, 6000]) {
      const made = new Resampler(rate).process(tone(hertz, rate, 1));
      assert.ok(Math.abs(rms(middle(made)) / (0.5 / Math.SQRT2) - 1) < 0.01, `${hertz} Hz: ${rms(middle(made))}`);
    }
  });

  test(`what 16 kHz cannot hold does not come back as another tone, from ${rate} Hz`, () => {
    for (const hertz of [9000, 12000, 20000]) {
      const made = new Resampler(rate).process(tone(hertz, rate, 1));
      assert.ok(rms(middle(made)) < 0.5 / 1000, `${hertz} Hz: ${rms(middle(made))}`);
    }
  });

  test(`a second from ${rate} Hz is a second, but for the half width of the low-pass`, () => {
    const made = new Resampler(rate).process(tone(440, rate, 1));
    assert.ok(made.length <= 16000 && made.length > 16000 - 30, String(made.length));
  });

  test(`in pieces as the browser gives them it is the same sound, from ${rate} Hz`, () => {
    const sound = tone(777, rate, 0.25);
    const whole = new Resampler(rate).process(sound);
    const inPieces = new Resampler(rate);
    const pieces = [];
    for (let at = 0; at < sound.length; at += 128) pieces.push(...inPieces.process(sound.subarray(at, at + 128)));
    assert.equal(pieces.length, whole.length);
    for (let index = 0; index < whole.length; index += 1) assert.ok(Math.abs(pieces[index] - whole[index]) < 1e-6);
  });
}

test("a tone keeps its height", () => {
  const made = middle(new Resampler(48000).process(tone(1000, 48000, 1)));
  let crossings = 0;
  for (let index = 1; index < made.length; index += 1) if (made[index - 1] < 0 && made[index] >= 0) crossings += 1;
  assert.ok(Math.abs(crossings - (1000 * made.length) / 16000) <= 1, String(crossings));
});

test("16 kHz passes as it is", () => {
  const sound = tone(300, 16000, 0.1);
  assert.deepEqual(new Resampler(16000).process(sound), sound);
});

test("samples are 16 bits, and too loud is cut", () => {
  assert.deepEqual(
    [...toPcm(Float32Array.of(0, 0.5, -0.5, 1, -1, 2, -2))],
    [0, 16384, -16384, 32767, -32768, 32767, -32768],
  );
});

test("loudness in dBFS", () => {
  assert.deepEqual(loudness(new Int16Array(100)), { rms: -96, peak: -96 });
  const half = loudness(Int16Array.from({ length: 100 }, () => 16384));
  assert.ok(Math.abs(half.rms + 6.02) < 0.01 && Math.abs(half.peak + 6.02) < 0.01);
});
