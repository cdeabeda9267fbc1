// The choice of the page's language, each under its own name.

import { el } from "./dom.js";
import { chooseLanguage, language, LANGUAGES, t } from "./i18n.js";
import { fail } from "./notices.js";

export function languageChoice() {
  const choice = el(
    "select",
    {
      class: "language",
      "aria-label": t("language"),
      onchange: ({ target }) => chooseLanguage(target.value).catch(fail),
    },
    LANGUAGES.map((each) => el("option", { value: each, lang: each }, t(`language.${each}`))),
  );
  choice.value = language();
  return choice;
}
