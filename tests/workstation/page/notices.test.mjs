import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiError } from "../../../dictation/workstation/page/js/api.js";
import { wording } from "../../../dictation/workstation/page/js/notices.js";

// Without a table of texts each shows its key.

test("what went wrong is told in the server's words", () => {
  assert.equal(wording(new ApiError({ code: "store", text: "Хранилище не отвечает" })), "Хранилище не отвечает");
});

test("where the server has said nothing the page has words of its own", () => {
  assert.equal(wording(new ApiError({ code: "unreachable" })), "trouble.unreachable");
  assert.equal(wording(new ApiError({ code: "http-502" })), "trouble.answer");
});

test("a fault of the page or of the browser is not told in its own words, whatever number it has", () => {
  assert.equal(wording(new TypeError("x is undefined")), "trouble.page");
  assert.equal(wording(new DOMException("Failed to load", "NotSupportedError")), "trouble.page");
});
