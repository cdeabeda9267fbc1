// What a doctor is told of a dictation, and what would be lost; the microphone is tried in the browser.

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { Dictating } from "../../../dictation/workstation/page/js/dictating.js";
import { lines } from "./line.mjs";

const SECOND = 16_000;
let dictating;

async function begin() {
  lines.length = 0;
  dictating = new Dictating({ microphone: "client", changed: () => undefined, heard: () => undefined });
  await dictating.start({ form: "052u-visit" });
  lines[0].open();
  lines[0].tell({ type: "started", dictation: "d1", samples: 0, field: null });
}

beforeEach(begin);
afterEach(() => dictating.socket.close());

const say = (seconds) => dictating.socket.say(new Int16Array(seconds * SECOND));
const refuse = (code) => lines.at(-1).tell({ type: "error", code, text: "", fatal: true });

test("without a microphone there is a trouble, and no talking", () => {
  assert.equal(dictating.trouble, "microphone-insecure");
  dictating.press();
  assert.equal(dictating.talking, false);
});

test("on an open line the last second is on its way, and more than it would be lost", () => {
  assert.equal(dictating.unsent, 0);
  say(0.9);
  assert.equal(dictating.unsent, 0);
  say(0.9);
  assert.equal(dictating.unsent, 1.8);
  lines[0].tell({ type: "kept", samples: 1.8 * SECOND });
  assert.equal(dictating.unsent, 0);
});

test("on a broken line whatever waits would be lost", () => {
  say(0.1);
  lines[0].close();
  assert.equal(dictating.unsent, 0.1);
});

test("another window and another refusal are told apart", () => {
  refuse("another-window");
  assert.equal(dictating.phase, "elsewhere");
  refuse("unknown-dictation");
  assert.equal(dictating.phase, "over");
});

test("locked, it waits for the doctor and goes on", () => {
  refuse("locked");
  assert.equal(dictating.phase, "ready");
  dictating.rejoin();
  assert.equal(lines.length, 2);
});

test("a server that goes down is waited for", () => {
  refuse("going-down");
  lines[0].close();
  assert.deepEqual([dictating.phase, dictating.connection], ["ready", "lost"]);
});

test("deleted, it is steered no more, whatever becomes of the line", async (context) => {
  dictating.socket.close();
  context.mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  await begin();
  dictating.cancel();
  assert.equal(dictating.phase, "deleting");
  dictating.finish();
  dictating.focus("complaints");
  assert.deepEqual(lines[0].sent, ["start", "cancel"]);
  lines[0].close();
  context.mock.timers.tick(300);
  lines[1].open();
  lines[1].tell({ type: "started", dictation: "d1", samples: 0, field: null });
  assert.equal(dictating.phase, "deleting");
  lines[1].tell({ type: "cancelled" });
  assert.equal(dictating.phase, "over");
});

test("the workstation's own microphone has its own trouble, and nothing waits here", async () => {
  const other = new Dictating({
    microphone: "workstation",
    device: "Yeti",
    changed: () => undefined,
    heard: () => undefined,
  });
  await other.start({});
  lines[1].open();
  assert.deepEqual([lines[1].greeting.microphone, lines[1].greeting.device], ["workstation", "Yeti"]);
  lines[1].tell({ type: "notice", code: "microphone-lost", text: "" });
  assert.equal(other.trouble, "microphone-lost");
  lines[1].tell({ type: "level", rms: -30, peak: -12 });
  assert.equal(other.level.rms, -30);
  lines[1].tell({ type: "notice", code: "microphone-back", text: "" });
  assert.deepEqual([other.trouble, other.waiting, other.unsent], [null, 0, 0]);
  other.socket.close();
});
