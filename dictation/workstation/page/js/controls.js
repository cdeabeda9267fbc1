// The bar at the foot: talk, loudness, what is being dictated, undo and redo, the end of the dictation.

import { button, el, icon, replace } from "./dom.js";
import { duration, t } from "./i18n.js";
import { banner } from "./notices.js";

const LIVE = ["beginning", "ready"];
const QUIET = -60;
const LAST = 70; // Characters of what is being said.
const LATE = 4; // Seconds of unacknowledged sound that are worth a word.
const SEVERAL = 2; // So many microphones are worth a choice.

export class Controls {
  constructor(visit) {
    this.visit = visit;
    this.talk = el("button", { type: "button", class: "talk" });
    this.meter = el("meter", { min: "0", max: "60", low: "15", high: "56", optimum: "40", value: 0 });
    this.state = el("p", { class: "state", id: "talk-state" });
    this.live = el("p", { class: "live", "aria-hidden": "true" });
    this.rest = el("div", { class: "rest" });
    this.node = el(
      "div",
      { class: "controls" },
      this.live,
      el("div", { class: "talking" }, this.talk, this.meter, this.state),
      this.rest,
    );
    this.#listen();
  }

  /** Held: talk while it is down. A short press, or Enter: hands-free. */
  #listen() {
    const steer = (act) => (event) => {
      event.preventDefault();
      this.visit.dictating?.[act]();
    };
    this.talk.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      this.talk.setPointerCapture(event.pointerId);
      this.talk.focus();
      steer("press")(event);
    });
    for (const name of ["pointerup", "pointercancel"]) this.talk.addEventListener(name, steer("release"));
    this.talk.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.repeat && !event.ctrlKey) steer("toggle")(event);
    });
    // Pressed by a screen reader or by voice: there is no pointer and no key, and nothing that could be held.
    this.talk.addEventListener("click", (event) => event.detail === 0 && steer("toggle")(event));
    this.talk.addEventListener("contextmenu", (event) => event.preventDefault());
  }

  update() {
    const { dictating } = this.visit;
    this.talk.hidden = this.meter.hidden = !dictating || ["over", "elsewhere"].includes(dictating.phase);
    this.meter.setAttribute("aria-label", t("level"));
    this.#buttons();
    if (dictating) this.#talkButton(dictating);
    replace(this.state, this.#words(dictating));
    this.banners();
  }

  #talkButton({ talking, handsFree, phase, trouble }) {
    const label = t(talking ? (handsFree ? "talk.stop" : "talk.release") : "talk.hold");
    const shown = `${label} ${talking}`;
    if (this.shown !== shown) replace(this.talk, icon(talking ? "talking" : "microphone"), el("span", {}, label));
    this.shown = shown;
    this.talk.className = talking ? "talk on" : "talk";
    this.talk.setAttribute("aria-pressed", String(talking));
    this.talk.setAttribute("aria-describedby", "talk-state");
    this.talk.disabled = phase === "finishing" || Boolean(trouble);
  }

  /** The last words, for widths on which the transcript is out of sight. */
  partial(message) {
    // The line is cut off at its beginning, as if it were written from right to left; the words are not.
    replace(this.live, message && el("bdi", { dir: "ltr" }, message.text.slice(-LAST)));
  }

  #words(dictating) {
    if (this.visit.review.slow) return t("saving");
    if (!dictating) return this.#over();
    const { phase, talking, connection, field, trouble, listening } = dictating;
    const deaf = trouble || (!listening && connection !== "open");
    if (phase === "finishing" || phase === "deleting") return t(`phase.${phase}`);
    if (phase === "over" || phase === "elsewhere") return this.#over();
    if (phase === "beginning" && connection !== "lost") return t("phase.beginning");
    const into = field ? t("into-field", { field: this.visit.labelOf(field) }) : t("into-any");
    return [
      el("strong", {}, t(talking && !deaf ? "phase.talking" : "phase.quiet")),
      " ",
      el("span", {}, into),
    ];
  }

  #over() {
    const { draft, checks, dictating } = this.visit;
    if (draft.running) return t(dictating?.phase === "over" ? "phase.stopped" : "phase.elsewhere");
    return checks.signed ? t("phase.signed") : (checks.missing ?? t("phase.checked"));
  }

  /** What ends the work: signing, then sending. */
  #last(act) {
    const { draft, checks, delivery, canSubmit } = this.visit;
    if (draft.running) return null;
    if (!checks.signed) {
      const missing = checks.missing ? "true" : null;
      return act("sign", t("sign"), "sign", () => checks.sign(), {
        quiet: false,
        class: "primary",
        "aria-disabled": missing,
        "aria-describedby": "talk-state",
      });
    }
    if (delivery?.state === "refused") {
      return act("again", t("send-again"), "send", () => this.visit.review.sendAgain(), {
        quiet: false,
        class: "primary",
      });
    }
    return (
      canSubmit &&
      !delivery &&
      act("submit", t("submit"), "send", () => this.visit.review.submit(), { quiet: false, class: "primary" })
    );
  }

  #buttons() {
    const { dictating, draft } = this.visit;
    const running = dictating && LIVE.includes(dictating.phase);
    const microphones = dictating?.listening?.microphones ?? [];
    const focused = this.rest.contains(document.activeElement) ? document.activeElement.dataset.act : null;
    const act = (name, label, picture, run, more = {}) =>
      button(label, { picture, quiet: true, data: { act: name }, onclick: run, ...more });
    replace(this.rest, [
      act("undo", t("undo"), "undo", () => this.visit.review.undo(), { disabled: !draft.can_undo }),
      act("redo", t("redo"), "redo", () => this.visit.review.redo(), { disabled: !draft.can_redo }),
      running &&
        microphones.length >= SEVERAL &&
        act("microphone", t("microphone.choose"), "choose", () => this.visit.chooseMicrophone()),
      running && dictating.field && act("any", t("any-order"), "free", () => this.visit.focusField(null)),
      !draft.running &&
        this.visit.canPrint &&
        el(
          "a",
          {
            class: "button",
            href: this.visit.printPage,
            target: "_blank",
            rel: "noopener",
            "aria-label": t("print"),
            title: t("print"),
            data: { act: "print" },
          },
          icon("print"),
        ),
      running && act("cancel", t("cancel-dictation"), "remove", () => this.visit.cancelDictation()),
      running &&
        button(t("finish"), {
          picture: "finish",
          class: "primary",
          data: { act: "finish" },
          onclick: () => dictating.finish(),
        }),
      this.#last(act),
    ]);
    if (focused) this.rest.querySelector(`[data-act="${focused}"]`)?.focus();
  }

  /** Loudness, many times a second. */
  level() {
    const { level } = this.visit.dictating ?? {};
    const value = level ? Math.max(0, level.rms - QUIET) : 0;
    this.meter.value = value;
    this.meter.classList.toggle("clipped", Boolean(level && level.peak > -0.3));
    this.#waiting();
  }

  banners() {
    const { dictating } = this.visit;
    const listening = dictating && LIVE.includes(dictating.phase) ? dictating.listening : null;
    const trouble = dictating && LIVE.includes(dictating.phase) && dictating.trouble;
    const again = { label: t("again"), act: () => this.visit.dictating?.openMicrophone() };
    banner("microphone", trouble && t(`trouble.${trouble}`), { kind: "trouble", action: listening && again });
    banner("missing", !trouble && listening?.missing && t("trouble.microphone-missing", { name: listening.missing }), {
      action: listening?.microphones.length >= SEVERAL && {
        label: t("microphone.choose"),
        act: () => this.visit.chooseMicrophone(),
      },
    });
    banner("silent", listening?.silent && t("notice.microphone-silent"));
    banner("full", dictating?.full && t("trouble.full"), { kind: "trouble" });
    banner("behind", dictating?.behind >= 1 && t("trouble.behind", { seconds: Math.round(dictating.behind) }));
    banner("window", dictating?.phase === "elsewhere" && t("trouble.another-window"), {
      kind: "trouble",
      action: { label: t("take-over"), act: () => this.visit.dictating?.takeOver() },
    });
    this.#waiting();
  }

  #waiting() {
    const { dictating } = this.visit;
    const seconds = Math.round(dictating?.waiting ?? 0);
    const here = dictating && !["over", "elsewhere"].includes(dictating.phase);
    if (here && (dictating.connection === "lost" || (this.wasLost && dictating.connection === "connecting"))) {
      const text = dictating.listening ? t("trouble.line", { time: duration(seconds) }) : t("trouble.line-theirs");
      banner("line", text, { kind: "trouble" });
      this.wasLost = true;
    } else {
      this.wasLost = false;
      banner(
        "line",
        seconds >= LATE && dictating.connection === "open" && t("trouble.waiting", { time: duration(seconds) }),
      );
    }
  }
}
