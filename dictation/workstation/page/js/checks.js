// What is still to be looked at, and the signature that waits for it.

import { button, el, icon, replace } from "./dom.js";
import { moment, t } from "./i18n.js";

const NAMED = 5;
const SAID = 3;

export class Checks {
  constructor(visit) {
    this.visit = visit;
    this.node = el("div", { class: "checks" });
  }

  update() {
    replace(this.node, this.signed ? this.#signed(this.visit.draft) : this.#unsigned(this.#ordered()));
  }

  /** Open checks in the order in which their cards stand. */
  #ordered() {
    const { draft, formView } = this.visit;
    const order = [...formView.cards.keys()];
    return [...draft.open_checks].sort((one, other) => order.indexOf(one) - order.indexOf(other));
  }

  #unsigned(open) {
    return el(
      "div",
      { class: open.length ? "left some" : "left none" },
      icon(open.length ? "check" : "confirmed"),
      el(
        "strong",
        {},
        open.length
          ? t("checks.left", { count: open.length })
          : t(this.visit.draft.running ? "checks.none-yet" : "checks.none"),
      ),
      open.length > 0 && button(t("checks.next"), { class: "plain", onclick: () => this.next() }),
      el(
        "ul",
        { class: "names" },
        open
          .slice(0, NAMED)
          .map((name) =>
            el(
              "li",
              {},
              button(this.visit.labelOf(name), { class: "chip", onclick: () => this.visit.formView.go(name) }),
            ),
          ),
        open.length > NAMED && el("li", {}, t("checks.more", { count: open.length - NAMED })),
      ),
    );
  }

  #signed({ signature }) {
    const last = this.visit.delivery;
    return [
      el(
        "div",
        { class: "left none" },
        icon("sign"),
        el("strong", {}, t("signed-by", { name: signature.doctor, when: moment(signature.signed) })),
      ),
      last &&
        el(
          "p",
          { class: `delivery ${last.state}` },
          t("delivery", { state: t(`delivery.${last.state}`) }),
          last.answer && el("span", { class: "more" }, last.answer),
        ),
    ];
  }

  get signed() {
    const { signature, version } = this.visit.draft;
    return Boolean(signature) && signature.version === version;
  }

  /** Why it cannot be signed yet; null where it can. */
  get missing() {
    if (this.visit.draft.running) return t("sign.running");
    const { beingEdited } = this.visit.formView;
    if (beingEdited) return t("sign.editing", { field: beingEdited.label });
    const open = this.#ordered();
    if (!open.length) return null;
    const names = open.slice(0, SAID).map((name) => this.visit.labelOf(name));
    const more = open.length > SAID ? [t("checks.more", { count: open.length - SAID })] : [];
    return t("sign.unconfirmed", { names: [...names, ...more].join(", ") });
  }

  /** Signs, or goes to what is missing. */
  sign() {
    if (this.signed) return;
    const { missing } = this;
    if (!missing) this.visit.review.sign();
    else {
      this.visit.say(missing);
      const { beingEdited } = this.visit.formView;
      if (beingEdited) beingEdited.editing.focus();
      else if (!this.visit.draft.running) this.next();
    }
  }

  /** To the next open check behind the card where the keyboard is. */
  next(by = 1) {
    const open = this.#ordered();
    if (!open.length) return;
    const order = [...this.visit.formView.cards.keys()];
    const here = order.indexOf(this.visit.formView.current?.name);
    const behind =
      by > 0 ? open.find((name) => order.indexOf(name) > here) : open.findLast((name) => order.indexOf(name) < here);
    this.visit.formView.go(behind ?? (by > 0 ? open[0] : open.at(-1)));
  }
}
