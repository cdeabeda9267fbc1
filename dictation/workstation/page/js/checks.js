// What is still to be looked at, and the signature that waits for it.

import { button, el, icon, replace } from "./dom.js";
import { moment, t } from "./i18n.js";

const NAMED = 6;

export class Checks {
  constructor(visit) {
    this.visit = visit;
    this.node = el("div", { class: "checks" });
  }

  update() {
    const { draft } = this.visit;
    const open = this.#ordered();
    replace(this.node, draft.signature && draft.signature.version === draft.version ? this.#signed(draft) : this.#unsigned(draft, open));
  }

  /** Open checks in the order in which their cards stand. */
  #ordered() {
    const { draft, formView } = this.visit;
    const order = [...formView.cards.keys()];
    return [...draft.open_checks].sort((one, other) => order.indexOf(one) - order.indexOf(other));
  }

  #unsigned(draft, open) {
    const why = this.#missing(draft, open);
    return [
      el(
        "div",
        { class: open.length ? "left some" : "left none" },
        icon(open.length ? "check" : "confirmed"),
        el("strong", {}, open.length ? t("checks.left", { count: open.length }) : t("checks.none")),
        open.length > 0 && button(t("checks.next"), { class: "plain", onclick: () => this.next() }),
        el(
          "ul",
          { class: "names" },
          open.slice(0, NAMED).map((name) => el("li", {}, button(this.visit.labelOf(name), { class: "chip", onclick: () => this.visit.formView.go(name) }))),
          open.length > NAMED && el("li", {}, t("checks.more", { count: open.length - NAMED })),
        ),
      ),
      el(
        "div",
        { class: "signing" },
        button(t("sign"), { picture: "sign", class: "primary", "aria-disabled": why ? "true" : null, "aria-describedby": why ? "missing" : null, onclick: () => this.sign() }),
        el("p", { id: "missing", class: "missing" }, why),
      ),
    ];
  }

  #signed({ signature, deliveries }) {
    const last = deliveries.at(-1);
    return [
      el("div", { class: "left none" }, icon("sign"), el("strong", {}, t("signed-by", { name: signature.doctor, when: moment(signature.signed) }))),
      el(
        "div",
        { class: "signing" },
        last && el("p", { class: `delivery ${last.state}` }, t("delivery", { state: t(`delivery.${last.state}`) }), last.answer && el("span", { class: "more" }, ` ${last.answer}`)),
        this.visit.canSubmit && !last && button(t("submit"), { picture: "send", class: "primary", onclick: () => this.visit.submit() }),
      ),
    ];
  }

  /** Why it cannot be signed yet; null where it can. */
  #missing(draft, open) {
    if (draft.running) return t("sign.running");
    if (open.length) return t("sign.unconfirmed", { names: open.map((name) => this.visit.labelOf(name)).join(", ") });
    return null;
  }

  /** Signs, or goes to what is missing. */
  sign() {
    const { draft } = this.visit;
    if (draft.signature && draft.signature.version === draft.version) return;
    const why = this.#missing(draft, this.#ordered());
    if (!why) this.visit.sign();
    else {
      this.visit.say(why);
      if (!draft.running) this.next();
    }
  }

  /** To the next open check behind the card where the keyboard is. */
  next(by = 1) {
    const open = this.#ordered();
    if (!open.length) return;
    const order = [...this.visit.formView.cards.keys()];
    const here = order.indexOf(this.visit.formView.current?.name);
    const behind = by > 0 ? open.find((name) => order.indexOf(name) > here) : open.findLast((name) => order.indexOf(name) < here);
    this.visit.formView.go(behind ?? (by > 0 ? open[0] : open.at(-1)));
  }
}
