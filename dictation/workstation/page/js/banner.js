// Whose record it is: the first thing on the page, on every width.

import { button, el, replace } from "./dom.js";
import { day, moment, t } from "./i18n.js";

/** Full years at a day. */
export function age(born, at) {
  const [year, month, date] = born.split("-").map(Number);
  const [thatYear, thatMonth, thatDate] = at.split("-").map(Number);
  return thatYear - year - (thatMonth < month || (thatMonth === month && thatDate < date) ? 1 : 0);
}

/** A signature stands under one version; what was changed since is signed by nobody. */
function stageOf(signature, version) {
  if (!signature) return "draft";
  return signature.version === version ? "signed" : "changed";
}

export function patientBanner(visit) {
  const { record, signature, version, running } = visit.draft;
  const { patient = {}, visit: about = {} } = record.context;
  const on = about.date ?? record.created.slice(0, 10);
  const facts = [
    patient.birth_date && [
      t("patient.born"),
      t("patient.born-age", { date: day(patient.birth_date), count: age(patient.birth_date, on) }),
    ],
    patient.sex && patient.sex !== "unknown" && [t("patient.sex"), t(`sex.${patient.sex}`)],
    patient.iin && [t("patient.iin"), patient.iin],
    about.id && [t("visit.number"), about.id, "lesser"],
    [t("visit.date"), day(on)],
    about.practitioner && [t("visit.practitioner"), about.practitioner, "lesser"],
  ].filter(Boolean);
  const stage = running ? "running" : stageOf(signature, version);
  replace(
    visit.whose,
    el(
      "h1",
      { class: patient.name ? "name" : "name missing" },
      el("span", { class: "caption" }, t("patient")),
      " ",
      patient.name ?? t("patient.unnamed"),
    ),
    el(
      "dl",
      {},
      facts.map(([name, value, rank]) => el("div", { class: rank }, el("dt", {}, name), el("dd", {}, value))),
    ),
    el(
      "p",
      { class: `stage ${stage}` },
      t(`stage.${stage}`),
      stage === "signed" && ` ${moment(signature.signed)}`,
    ),
    button(t("patient.edit"), { picture: "edit", quiet: true, onclick: () => visit.review.editPatient() }),
  );
}
