// The order in which things go out, and what goes out again; the real line is tried in the browser tests.

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { DictationSocket } from "../../../dictation/workstation/page/js/socket.js";

const lines = [];

class Line {
  static OPEN = 1;

  constructor() {
    this.readyState = 0;
    this.bufferedAmount = 0;
    this.sent = [];
    lines.push(this);
  }

  send(data) {
    if (typeof data === "string") {
      const { type } = JSON.parse(data);
      this.sent.push(type);
      this.greeting ??= JSON.parse(data);
    } else {
      const view = new DataView(data);
      this.sent.push([Number(view.getBigUint64(0, true)), (data.byteLength - 8) / 2]);
    }
  }

  close() {
    this.readyState = 3;
    this.onclose?.();
  }

  open() {
    this.readyState = 1;
    this.onopen();
  }

  tell(message) {
    this.onmessage({ data: JSON.stringify(message) });
  }
}

globalThis.WebSocket = Line;
globalThis.location = { protocol: "http:", host: "127.0.0.1:8765" };

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

test("a passing trouble of the server is tried again", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  begin();
  lines[0].tell({ type: "error", code: "internal", text: "", fatal: true });
  lines[0].close();
  assert.equal(states.at(-1), "lost");
  context.mock.timers.tick(300);
  assert.equal(lines.length, 2);
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
