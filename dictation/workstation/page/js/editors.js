// The editor for each kind of value.

import { isList } from "./columns.js";
import { ListEditor } from "./edit_list.js";
import { NumberEditor, TextEditor } from "./edit_value.js";

/**
 * An editor: `node` to show, `focus()`, `leave()` when the doctor goes elsewhere. It calls `save(value)` or `cancel()`.
 */
export function editor(card, settings) {
  if (isList(settings.kind)) return new ListEditor(card, settings);
  return settings.kind === "number" ? new NumberEditor(card, settings) : new TextEditor(card, settings);
}
