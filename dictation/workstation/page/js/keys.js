// The keyboard. Every key that the page understands is in this table, and the help shows the table.

import { showKeys } from "./dialogs.js";

const TYPED = "input, textarea, select, [contenteditable]";
const PRESSED = `${TYPED}, button, a, summary, [role=button]`;

/** `shown` are the keys as they are printed, `says` the key of the text that explains them. */
const KEYS = [
  { shown: ["F2", "Space"], says: "key.talk" },
  { shown: ["Alt+↓", "Alt+↑"], says: "key.step" },
  { shown: ["F8", "Shift+F8"], says: "key.check" },
  { shown: ["Ctrl+Enter"], says: "key.confirm" },
  { shown: ["1…9"], says: "key.choose" },
  { shown: ["Enter"], says: "key.edit" },
  { shown: ["F4"], says: "key.play" },
  { shown: ["Esc"], says: "key.escape" },
  { shown: ["Ctrl+Z", "Ctrl+Shift+Z"], says: "key.undo" },
  { shown: ["F9"], says: "key.finish" },
  { shown: ["Ctrl+Shift+Enter"], says: "key.sign" },
  { shown: ["Ctrl+P"], says: "key.print" },
  { shown: ["←", "→"], says: "key.words" },
  { shown: ["/"], says: "key.search" },
  { shown: ["F1"], says: "key.help" },
];

export const help = () => showKeys(KEYS);

const typing = (target) => Boolean(target.closest?.(TYPED));

/** Listens on the document; `desk` has the visit, if one is open. */
export function listenKeys(desk) {
  let held = null;

  const talkKey = (event) =>
    event.key === "F2" ||
    (event.code === "Space" &&
      !event.ctrlKey &&
      !event.altKey &&
      (!event.target.closest?.(PRESSED) || event.target.closest(".talk")));

  document.addEventListener("keydown", (event) => {
    if (desk.closed || event.isComposing || document.querySelector("dialog[open]")) return;
    if (talkKey(event)) {
      if (!desk.visit?.dictating) return;
      event.preventDefault();
      if (event.repeat || held) return;
      held = event.code;
      desk.visit.dictating.press();
      return;
    }
    if (!event.repeat && act(desk, event)) event.preventDefault();
  });

  document.addEventListener("keyup", (event) => {
    if (held !== event.code) return;
    held = null;
    event.preventDefault();
    desk.visit?.dictating?.release();
  });

  // A key that came up elsewhere would never be heard to come up.
  window.addEventListener("blur", () => {
    if (held) desk.visit?.dictating?.quiet();
    held = null;
  });
}

/** Does what the key stands for; false where it is none of the page's. */
function act(desk, event) {
  const { key, ctrlKey, metaKey, shiftKey, altKey, target } = event;
  const command = ctrlKey || metaKey;
  if (key === "F1" || (key === "?" && !typing(target))) return done(help());
  if (key === "/" && !typing(target) && !desk.visit) return done(document.getElementById("search")?.focus());
  const { visit } = desk;
  if (!visit?.draft) return false;
  const card = visit.formView.current;
  if (key === "F8") return done(visit.checks.next(shiftKey ? -1 : 1));
  if (key === "F9") return done(visit.dictating?.finish());
  if (command && key === "Enter")
    return done(shiftKey ? visit.checks.sign() : card && visit.review.confirm(card.name));
  if (altKey && (key === "ArrowDown" || key === "ArrowUp")) return done(step(visit, key === "ArrowDown" ? 1 : -1));
  if (command && key.toLowerCase() === "p" && visit.canPrint && !visit.draft.running)
    return done(window.open(visit.printPage, "_blank", "noopener"));
  if (key === "F4" && !altKey) return done(card?.hear());
  if (typing(target)) return false;
  if (command && key.toLowerCase() === "z") return done(shiftKey ? visit.review.redo() : visit.review.undo());
  if (command && key.toLowerCase() === "y") return done(visit.review.redo());
  if (key === "Escape") return done(visit.escape());
  if (command || altKey || !card) return false;
  if (/^[1-9]$/.test(key)) return done(card.choose(Number(key)));
  if (key === "Enter" && target === card.node) return done(card.edit());
  return false;
}

function step(visit, by) {
  const { dictating } = visit;
  const name = visit.formView.step(by);
  dictating?.focus(name);
}

const done = () => true;
