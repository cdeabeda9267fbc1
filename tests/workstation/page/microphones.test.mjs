import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import * as microphones from "../../../dictation/workstation/page/js/microphones.js";

const kept = new Map();
globalThis.localStorage = {
  getItem: (name) => kept.get(name) ?? null,
  setItem: (name, value) => kept.set(name, value),
};

beforeEach(() => kept.clear());

const YETI = { id: "a1", label: "Yeti" };
const HEADSET = { id: "b2", label: "Гарнитура" };

test("the chosen microphone is remembered, and that none is", () => {
  assert.equal(microphones.chosenMicrophone(), null);
  microphones.chooseMicrophone(YETI);
  assert.deepEqual(microphones.chosenMicrophone(), YETI);
  microphones.chooseMicrophone(null);
  assert.equal(microphones.chosenMicrophone(), null);
});

test("what somebody else has written there is no choice", () => {
  for (const written of ["", "Yeti", "[]", "{}", '{"id":"a1"}']) {
    kept.set("dictation.browser-microphone", written);
    assert.equal(microphones.chosenMicrophone(), null, written);
  }
});

test("a microphone is found by its id, and by its name where the ids are new", () => {
  assert.equal(microphones.found({ id: "b2", label: "Yeti" }, [YETI, HEADSET]), HEADSET);
  assert.equal(microphones.found({ id: "old", label: "Yeti" }, [YETI, HEADSET]), YETI);
  assert.equal(microphones.found({ id: "old", label: "Другой" }, [YETI, HEADSET]), undefined);
});

test("whose microphone was chosen last, where it is still there", () => {
  assert.equal(microphones.lastSource(["Yeti"]), "client");
  microphones.rememberSource("workstation Yeti");
  assert.deepEqual(microphones.microphoneOf(microphones.lastSource(["Yeti"])), {
    microphone: "workstation",
    device: "Yeti",
  });
  assert.deepEqual(microphones.microphoneOf(microphones.lastSource(["Jabra"])), { microphone: "client" });
});
