// The order in which things go out, and what goes out again; the real line is tried in the browser tests.

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { DictationSocket } from "../../../dictation/workstation/page/js/socket.js";
import { CLOSED, Line, lines } from "./line.mjs";

const pcm = (length) => new Int16Array(length);
const heard = [];
const states = [];
let socket;

beforeEach(() => {
  lines.length = heard.length = states.length = 0;
  socket = new DictationSocket({
    message: ({ type }) => heard.push(type),
    connection: (state) => states.push(state),
  });
});

afterEach(() => socket.close());

const begin = (samples = 0) => {
  socket.start({ form: "052u-visit", microphone: "client" });
  lines[0].open();
  lines[0].tell({ type: "started", dictation: "d1", samples });
};

test("what was said before the dictation began goes out when it has", () => {
  socket.start({ form: "052u-visit", microphone: "client" });
  socket.say(pcm(1600));
  lines[0].open();
  assert.deepEqual(lines[0].sent, ["start"]);
  lines[0].tell({ type: "started", dictation: "d1", samples: 0 });
  assert.deepEqual(lines[0].sent, ["start", [0, 1600]]);
});

test("a pause comes behind what was said before it and before what is said after it", () => {
  begin();
  lines[0].bufferedAmount = 10_000_000;
  socket.say(pcm(1600));
  socket.tell({ type: "pause" });
  socket.tell({ type: "continue" });
  socket.say(pcm(800));
  assert.deepEqual(lines[0].sent, ["start"]);
  lines[0].bufferedAmount = 0;
  socket.say(pcm(100));
  assert.deepEqual(lines[0].sent, ["start", [0, 1600], "pause", "continue", [1600, 800], [2400, 100]]);
});

test("after a broken line the sound goes on from what the server has", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  begin();
  socket.say(pcm(1600));
  socket.say(pcm(1600));
  lines[0].tell({ type: "kept", samples: 1600 });
  assert.equal(socket.waiting, 0.1);
  lines[0].close();
  assert.equal(states.at(-1), "lost");
  socket.say(pcm(1600));
  context.mock.timers.tick(300);
  lines[1].open();
  assert.deepEqual([lines[1].greeting.type, lines[1].greeting.dictation], ["resume", "d1"]);
  lines[1].tell({ type: "started", dictation: "d1", samples: 2000 });
  assert.deepEqual(lines[1].sent, ["resume", [2000, 1200], [3200, 1600]]);
});

test("the end is told again where it may not have arrived", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  begin();
  socket.say(pcm(1600));
  socket.tell({ type: "finish" });
  assert.deepEqual(lines[0].sent, ["start", [0, 1600], "finish"]);
  lines[0].close();
  context.mock.timers.tick(300);
  lines[1].open();
  lines[1].tell({ type: "started", dictation: "d1", samples: 1600 });
  assert.deepEqual(lines[1].sent, ["resume", "finish"]);
});

test("a dictation gone on with counts from what it has", () => {
  socket.resume("d7", { microphone: "client" });
  socket.say(pcm(160));
  socket.tell({ type: "pause" });
  lines[0].open();
  lines[0].tell({ type: "started", dictation: "d7", samples: 32000 });
  assert.deepEqual(lines[0].sent, ["resume", [32000, 160], "pause"]);
});

test("a fatal error ends it; locked, it goes on when asked to", () => {
  begin();
  lines[0].tell({ type: "error", code: "locked", text: "", fatal: true });
  lines[0].close();
  assert.deepEqual([lines.length, states.at(-1)], [1, "closed"]);
  socket.say(pcm(1600));
  socket.reconnect();
  lines[1].open();
  lines[1].tell({ type: "started", dictation: "d1", samples: 0 });
  assert.deepEqual(lines[1].sent, ["resume", [0, 1600]]);
});

for (const code of ["internal", "going-down"]) {
  test(`a passing trouble of the server is tried again: ${code}`, (context) => {
    context.mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
    begin();
    lines[0].tell({ type: "error", code, text: "", fatal: true });
    socket.say(pcm(1600));
    lines[0].close();
    assert.equal(states.at(-1), "lost");
    context.mock.timers.tick(300);
    lines[1].open();
    lines[1].tell({ type: "started", dictation: "d1", samples: 0 });
    assert.deepEqual(lines[1].sent, ["resume", [0, 1600]]);
  });
}

test("left, it closes when all that was said is kept, and tells nobody", () => {
  begin();
  socket.say(pcm(1600));
  const told = states.length;
  socket.drain();
  assert.equal(lines[0].readyState, Line.OPEN);
  lines[0].tell({ type: "kept", samples: 1600 });
  assert.equal(lines[0].readyState, CLOSED);
  assert.equal(states.length, told);
});

test("left, it takes the dictation from nobody who goes on with it", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  begin();
  socket.say(pcm(1600));
  socket.drain();
  lines[0].close();
  context.mock.timers.tick(60_000);
  assert.equal(lines.length, 1);
});

test("left while the line is broken, it does not connect again", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  begin();
  lines[0].close();
  socket.say(pcm(1600));
  socket.drain();
  context.mock.timers.tick(60_000);
  assert.equal(lines.length, 1);
});

test("back from another window, what waits here comes behind what was said there", () => {
  begin();
  socket.say(pcm(1600));
  lines[0].tell({ type: "kept", samples: 1600 });
  lines[0].tell({ type: "error", code: "another-window", text: "", fatal: true });
  lines[0].close();
  socket.say(pcm(800));
  socket.reconnect(true);
  lines[1].open();
  lines[1].tell({ type: "started", dictation: "d1", samples: 48000 });
  assert.deepEqual(lines[1].sent, ["resume", [48000, 800]]);
});
