// What a card holds: a text, a number, the items of a list.

import { el } from "./dom.js";
import { t } from "./i18n.js";
import { ALLERGIES, FINDINGS, NOTICES } from "./names.js";
import { itemWords, measured, whyNode } from "./values.js";

/** The lists beside the fields, by the name of their card. */
export const LISTED = { [FINDINGS]: "findings", [ALLERGIES]: "allergies" };

/** The value of a card's field, null where it has no field. A click lights and plays what it came from. */
export function valueNode(card) {
  if (card.name === NOTICES && !card.item) return noticeList(card);
  if (!card.field) return null;
  const { value, evidence } = card.field;
  if (value === null || value === undefined || (Array.isArray(value) && !value.length)) {
    const none = card.item.kind === "number" && [
      el("span", { "aria-hidden": "true" }, "—"),
      el("span", { class: "sr" }, t("not-dictated")),
    ];
    return el("p", { class: "value none" }, none || t("not-dictated"));
  }
  if (Array.isArray(value)) return itemsNode(card, card.item.kind, value, (item) => item.reasons);
  const shown = card.item.kind === "number" ? measured(card.item, value) : value;
  return el("p", { class: "value", lang: card.spoken, onclick: () => card.visit.review.hear(evidence) }, shown);
}

/** The list beside the fields that bears the card's name, null where none does. */
export function listNode(card) {
  if (!(card.name in LISTED)) return null;
  if (!card.list.length) return card.item ? null : el("p", { class: "value none" }, t("not-dictated"));
  return itemsNode(card, LISTED[card.name], card.list, (item) => item.check);
}

function noticeList(card) {
  const { notices } = card.visit.draft.record;
  return el(
    "ul",
    { class: "items" },
    notices.map(({ reason, text, evidence }) =>
      el(
        "li",
        { class: "item", onclick: () => card.visit.review.hear(evidence) },
        whyNode([reason], card.visit.reasons),
        text && el("span", { class: "quoted" }, text),
      ),
    ),
  );
}

function itemsNode(card, kind, items, reasonsOf) {
  return el(
    kind === "findings" ? "ul" : "ol",
    { class: `items ${kind}` },
    items.map((item, index) =>
      el(
        "li",
        { class: reasonsOf(item)?.length ? "item doubted" : "item", data: { item: index } },
        el(
          "div",
          { class: "line", lang: card.spoken, onclick: () => card.visit.review.hear(item.evidence ?? []) },
          itemWords(kind, item),
        ),
        card.open && whyNode(reasonsOf(item), card.visit.reasons),
        card.open && card.offers(item, index),
      ),
    ),
  );
}
