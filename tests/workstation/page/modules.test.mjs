import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";

const modules = new URL("../../../dictation/workstation/page/js/", import.meta.url);

// What begins to work as soon as it is loaded is tried in the browser.
const acting = new Set(["main.js", "worklet.js"]);

for (const name of readdirSync(modules).filter((each) => !acting.has(each))) {
  test(`${name} can be loaded and has something to give`, async () => {
    assert.notDeepEqual(Object.keys(await import(new URL(name, modules))), []);
  });
}
