// Values of the record for reading.

import { choiceLabel } from "./columns.js";
import { el, icon } from "./dom.js";
import { number, t, translated } from "./i18n.js";

/** A number with its unit in the reader's language. */
export function measured(item, value) {
  const unit = translated(item.unit_labels, item.unit ?? "");
  return [el("span", { class: "figure" }, number(value)), unit && el("span", { class: "unit" }, ` ${unit}`)];
}

/** How a prescription is taken, part by part. */
function posology(item) {
  const dose =
    item.dose === null || item.dose === undefined ? null : [number(item.dose), item.unit].filter(Boolean).join(" ");
  return [
    item.form,
    item.strength,
    dose,
    item.route,
    item.times_per_day && t("times-per-day", { count: item.times_per_day }),
    item.timing,
    item.condition,
    item.duration_days && t("for-days", { count: item.duration_days }),
    item.as_needed && t("as-needed"),
  ].filter(Boolean);
}

/** The words of one item of a list, `[main, more…]`. */
export function itemWords(kind, item) {
  switch (kind) {
    case "diagnoses":
      return [
        el("span", { class: "tag" }, choiceLabel("role", item.role)),
        el("strong", {}, item.text),
        item.icd10 ? el("span", { class: "code" }, item.icd10) : el("span", { class: "code missing" }, t("no-code")),
        item.title && el("span", { class: "more" }, item.title),
      ];
    case "medications":
      return [
        el("strong", {}, item.name || item.text),
        el("span", { class: "part" }, posology(item).join(", ")),
        item.text && el("span", { class: "more" }, item.text),
      ];
    case "findings":
      return [
        el("span", { class: `assertion ${item.status}` }, t(`status.${item.status}`)),
        el("span", {}, item.text),
      ];
    case "allergies":
      return item.denied && !item.substance
        ? [el("span", { class: "assertion absent" }, t("status.absent")), el("span", {}, t("allergies.denied"))]
        : [
            el(
              "span",
              { class: `assertion ${item.denied ? "absent" : "allergy"}` },
              t(item.denied ? "status.absent" : "allergies.present"),
            ),
            el("strong", {}, item.substance ?? t("allergies.unnamed")),
            item.reaction && el("span", { class: "part" }, item.reaction),
          ];
    default:
      return [el("span", {}, item.text)];
  }
}

/** Why it needs a look, in plain words. */
export function whyNode(codes, texts) {
  if (!codes?.length) return null;
  return el("p", { class: "why" }, icon("look"), el("span", {}, codes.map((code) => texts[code] ?? code).join("; ")));
}

/** A value in a line, for what was dictated before it was edited and for screen readers. */
export function inWords(item, value) {
  if (value === null || value === undefined || value === "") return t("value.empty");
  if (Array.isArray(value))
    return value.map((each) => each.text ?? each.substance ?? t("allergies.denied")).join("; ") || t("value.empty");
  if (typeof value === "number")
    return [number(value), item && translated(item.unit_labels, item.unit ?? "")].filter(Boolean).join(" ");
  return String(value);
}
