// A line to the server that does what a test says, in place of the browser's.

export const CLOSED = 3;
export const lines = [];

export class Line {
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
    this.readyState = CLOSED;
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
globalThis.navigator ??= {}; // Without microphones.
globalThis.location = { protocol: "http:", host: "127.0.0.1:8765" };
