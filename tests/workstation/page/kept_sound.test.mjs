import assert from "node:assert/strict";
import { test } from "node:test";

import { KeptSound, soundFrame } from "../../../dictation/workstation/page/js/kept_sound.js";

const piece = (...samples) => Int16Array.from(samples);

test("what was acknowledged is let go, piece by piece", () => {
  const sound = new KeptSound();
  sound.add(piece(1, 2, 3));
  sound.add(piece(4, 5));
  assert.equal(sound.waiting, 5);
  sound.acknowledge(2);
  assert.equal(sound.waiting, 3);
  assert.equal(sound.pieces.length, 2);
  sound.acknowledge(3);
  assert.equal(sound.waiting, 2);
  assert.equal(sound.pieces.length, 1);
  sound.acknowledge(5);
  assert.deepEqual([sound.waiting, sound.pieces.length, sound.end], [0, 0, 5]);
});

test("an older acknowledgement brings nothing back", () => {
  const sound = new KeptSound();
  sound.add(piece(1, 2, 3));
  sound.acknowledge(3);
  sound.acknowledge(1);
  assert.equal(sound.waiting, 0);
});

test("sending again begins in the midst of a piece", () => {
  const sound = new KeptSound();
  sound.add(piece(10, 11, 12));
  sound.add(piece(13, 14, 15));
  const { first, pcm } = sound.from(4);
  assert.equal(first, 4);
  assert.deepEqual([...pcm], [14, 15]);
  assert.equal(sound.from(6), null);
});

test("every sample is found at its place among many pieces", () => {
  const sound = new KeptSound();
  let number = 0;
  for (let length = 1; length <= 20; length += 1) sound.add(Int16Array.from({ length }, () => number++));
  for (let wanted = 0; wanted < number; wanted += 1) assert.equal(sound.from(wanted).pcm[0], wanted);
});

test("a full store takes nothing, and says so", () => {
  const sound = new KeptSound(4);
  assert.equal(sound.add(piece(1, 2, 3)), true);
  assert.equal(sound.add(piece(4, 5)), false);
  assert.equal(sound.waiting, 3);
  sound.acknowledge(3);
  assert.equal(sound.add(piece(4, 5)), true);
});

test("what was said before this page comes first", () => {
  const sound = new KeptSound();
  sound.add(piece(1, 2));
  sound.shift(16000);
  assert.deepEqual([sound.first, sound.end, sound.from(16000).first], [16000, 16002, 16000]);
});

test("a frame is the number of its first sample and the samples, little-endian", () => {
  const frame = new Uint8Array(soundFrame({ first: 0x0102030405, pcm: piece(1, -2) }));
  assert.deepEqual([...frame], [5, 4, 3, 2, 1, 0, 0, 0, 1, 0, 0xfe, 0xff]);
});
