"""What a doctor must not be misled by, on the page alone: moments that a whole visit seldom comes to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

import dictation.workstation
from tests.workstation.browser.conftest import Watched
from tests.workstation.browser.parts import RECORD, Parts, draft, signed
from tests.workstation.browser.static import pages

pytestmark = pytest.mark.slow

PAGE = Path(dictation.workstation.__file__).parent / "page"
UNAVAILABLE = {"error": {"code": "store", "text": "Хранилище не отвечает"}}
SENT_BEFORE = {"number": 1, "version": 2, "state": "sent", "destination": "clinic", "answer": None}


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    with pages(PAGE) as origin:
        yield origin


@pytest.fixture
def parts(watched: Watched, origin: str) -> Iterator[Parts]:
    context = watched.context()
    yield Parts(context.new_page(), origin)
    context.close()


# A correction of what was signed and sent


def test_a_correction_is_not_called_signed(parts: Parts) -> None:
    parts.show(draft(version=3, signature=signed(2), deliveries=[SENT_BEFORE]))
    expect(parts.page.locator(".stage")).to_have_text("Изменено после подписи, не подписано")
    expect(parts.page.get_by_role("button", name="Подписать")).to_be_visible()
    expect(parts.page.locator(".delivery")).to_have_count(0)


def test_a_correction_is_not_called_sent_and_can_be_sent(parts: Parts) -> None:
    """What became of the version before says nothing of this one."""
    parts.show(draft(version=3, signature=signed(3), deliveries=[SENT_BEFORE]))
    expect(parts.page.locator(".stage")).to_contain_text("Подписано")
    expect(parts.page.locator(".delivery")).to_have_count(0)
    expect(parts.page.get_by_role("button", name="Отправить в МИС")).to_be_visible()
    parts.update(
        draft(
            signature=signed(3),
            deliveries=[SENT_BEFORE, {**SENT_BEFORE, "number": 2, "version": 3, "state": "refused"}],
        )
    )
    expect(parts.page.locator(".delivery")).to_contain_text("МИС не приняла")
    expect(parts.page.get_by_role("button", name="Отправить снова")).to_be_visible()


def test_what_waits_to_be_sent_is_looked_after(parts: Parts) -> None:
    """Also on a page that was opened when it waited already."""
    waiting = {**SENT_BEFORE, "version": 3, "state": "waiting"}
    parts.answers("GET", f"/records/{RECORD}", draft(signature=signed(3), deliveries=[{**waiting, "state": "sent"}]))
    parts.show(draft(signature=signed(3), deliveries=[waiting]))
    expect(parts.page.locator(".delivery")).to_contain_text("ждёт отправки")
    expect(parts.page.locator(".delivery")).to_contain_text("принято МИС")


# What is being typed


def test_typing_goes_on_when_a_notice_comes(parts: Parts) -> None:
    """The cards are laid anew; the keys must not go to the page, where a space talks and a digit chooses."""
    parts.show(draft(running=True, version=None))
    parts.edit("weight")
    parts.page.keyboard.type("7")
    notice = {"reason": "overflow", "text": "", "evidence": []}
    parts.update(draft(running=True, version=None, notices=[notice]))
    expect(parts.card("notices")).to_be_visible()
    parts.page.keyboard.type("2")
    expect(parts.card("weight").get_by_role("textbox")).to_have_value("72")


def test_a_record_that_is_being_edited_is_not_signed(parts: Parts) -> None:
    parts.show(draft())
    parts.edit("weight")
    parts.page.keyboard.type("сто")
    # It tells itself as not to be pressed, and can be pressed all the same: then it says why.
    parts.page.get_by_role("button", name="Подписать").click(force=True)
    expect(parts.state).to_have_text("Сначала закончите правку: Масса тела.")
    expect(parts.card("weight").get_by_role("textbox")).to_be_focused()
    assert parts.asked_for("POST", "/sign") == []
    parts.page.keyboard.press("Escape")
    expect(parts.state).to_have_text("Всё проверено, можно подписать.")
    parts.answers("POST", "/sign", draft(signature=signed(3)))
    parts.page.get_by_role("button", name="Подписать").click()
    expect(parts.page.locator(".stage")).to_contain_text("Подписано")


def test_what_is_being_typed_is_kept_before_the_record_is_left(parts: Parts) -> None:
    parts.show(draft())
    parts.answers("PUT", "/fields/weight", draft(fields={"weight": 72}))
    parts.edit("weight")
    parts.page.keyboard.type("72")
    assert parts.page.evaluate("window.visit.settle()") is True
    assert [body["value"] for body in parts.asked_for("PUT", "/fields/weight")] == [72]
    # What is no number cannot be kept, and the record is not left.
    parts.edit("weight")
    parts.page.keyboard.type("сто")
    assert parts.page.evaluate("window.visit.settle()") is False
    expect(parts.card("weight").get_by_role("alert")).to_have_text("Это не число")


def test_a_change_that_takes_long_says_so(parts: Parts) -> None:
    held: list[Route] = []
    parts.answers("PUT", "/fields/weight", held.append)
    parts.show(draft())
    parts.edit("weight")
    parts.page.keyboard.type("72")
    parts.page.keyboard.press("Enter")
    expect(parts.state).to_have_text("Сохраняется…")
    held[0].fulfill(json=draft(fields={"weight": 72}))
    expect(parts.card("weight").locator(".value")).to_have_text("72 кг")
    expect(parts.state).to_have_text("Всё проверено, можно подписать.")


DIAGNOSIS = {
    "role": "main",
    "text": "артроз",
    "icd10": "M17.9",
    "title": "Гонартроз неуточненный",
    "candidates": [],
    "status": "ok",
    "reasons": [],
    "evidence": [],
}


def test_words_in_the_box_of_a_code_are_no_code(parts: Parts) -> None:
    """The code that stood there before is not kept behind other words."""
    parts.answers("GET", "/icd10", UNAVAILABLE, status=503)
    parts.show(draft(fields={"diagnosis": [DIAGNOSIS]}))
    parts.edit("diagnosis")
    code = parts.card("diagnosis").get_by_role("combobox", name="Код МКБ-10")
    code.fill("гипертония")
    expect(code).to_have_accessible_description("Хранилище не отвечает")
    parts.page.keyboard.press("Control+Enter")
    expect(parts.card("diagnosis").get_by_role("alert")).to_have_text(
        "Выберите код из списка или напишите его целиком"
    )
    expect(code).to_be_focused()
    assert parts.asked_for("PUT", "/fields/diagnosis") == []
    code.fill("i10")
    parts.page.keyboard.press("Control+Enter")
    expect(parts.card("diagnosis").get_by_role("alert")).to_have_count(0)
    ((sent,),) = [body["value"] for body in parts.asked_for("PUT", "/fields/diagnosis")]
    assert (sent["text"], sent["icd10"], sent["title"]) == ("артроз", "I10", None)


# While it is dictated

# A line to the server that a test speaks through.
LINE = """() => {
  window.WebSocket = class {
    static OPEN = 1;
    readyState = 1;
    bufferedAmount = 0;
    constructor() { window.line = this; }
    send() {}
    close() {}
    tell(message) { this.onmessage({ data: JSON.stringify(message) }); }
  };
}"""
BEGIN = """() => {
  window.visit.begin({ form: "visit" }, { microphone: "workstation" });
  window.line.onopen();
}"""
STARTED = {"type": "started", "dictation": "d1", "record_id": RECORD, "samples": 0, "field": None}
TELL = "message => window.line.tell(message)"


def running(*said: str, weight: int) -> dict[str, object]:
    return draft(running=True, version=None, said=list(said), fields={"weight": weight})


def test_what_comes_late_is_not_shown_over_what_was_said_since(parts: Parts) -> None:
    held: list[Route] = []
    parts.answers("GET", f"/records/{RECORD}", held.append)
    parts.show(None)
    parts.page.evaluate(LINE)
    parts.page.evaluate(BEGIN)
    parts.page.evaluate(TELL, STARTED)
    parts.page.evaluate(TELL, {"type": "record", "draft": running("раз", "два", weight=82)})
    while not held:
        parts.page.wait_for_timeout(20)
    held[0].fulfill(json=running("раз", weight=28))
    expect(parts.card("weight").locator(".value")).to_have_text("82 кг")
    # The answer to a change that was on its way while more was said.
    parts.page.evaluate("draft => window.visit.answered(draft)", running("раз", weight=28))
    expect(parts.card("weight").locator(".value")).to_have_text("82 кг")
    parts.page.evaluate("draft => window.visit.answered(draft)", running("раз", "два", weight=83))
    expect(parts.card("weight").locator(".value")).to_have_text("83 кг")


def test_a_dictation_that_has_stopped_is_not_called_another_windows(parts: Parts) -> None:
    parts.show(running(weight=82))
    parts.page.evaluate(LINE)
    parts.page.evaluate(BEGIN)
    parts.page.evaluate(TELL, STARTED)
    refused = {"type": "error", "text": "", "fatal": True}
    parts.page.evaluate(TELL, {**refused, "code": "another-window"})
    expect(parts.state).to_have_text("Диктовка идёт в другом окне")
    banner = parts.page.locator("#banners")
    expect(banner).to_contain_text("Эту диктовку открыли в другом окне")
    # The banner is drawn anew after the page was locked, when all of them are taken away.
    parts.page.evaluate("import('/js/notices.js').then(({ clearBanners }) => clearBanners())")
    parts.update(running(weight=82))
    expect(banner.get_by_role("button", name="Продолжить здесь")).to_be_visible()
    parts.page.evaluate(TELL, {**refused, "code": "unknown-dictation"})
    expect(parts.state).to_contain_text("Диктовка остановлена")
    expect(banner).to_be_empty()


def test_the_button_can_be_pressed_without_pointer_and_keys(parts: Parts) -> None:
    """As a screen reader presses it, or a voice."""
    parts.show(running(weight=82))
    parts.page.evaluate(LINE)
    parts.page.evaluate(BEGIN)
    parts.page.evaluate(TELL, STARTED)
    talk = parts.page.locator(".talk")
    expect(talk).to_have_attribute("aria-pressed", "false")
    for pressed in ("true", "false"):
        talk.evaluate("node => node.click()")
        expect(talk).to_have_attribute("aria-pressed", pressed)
    # By the pointer it is held, and by a short press hands-free, as ever.
    talk.click()
    expect(talk).to_have_attribute("aria-pressed", "true")


# What is told


def test_a_banner_is_said_once_and_not_with_every_second(parts: Parts) -> None:
    parts.show(draft())
    tell = "async text => (await import('/js/notices.js')).banner('line', text)"
    aloud = parts.page.locator("#alert")
    parts.page.evaluate(tell, "Связь прервана: 0:01")
    expect(aloud).to_have_text("Связь прервана: 0:01")
    parts.page.evaluate(tell, "Связь прервана: 0:02")
    expect(parts.page.locator("#banners")).to_have_text("!Связь прервана: 0:02")
    expect(aloud).to_have_text("Связь прервана: 0:01")
    parts.page.evaluate(tell, None)
    expect(aloud).to_be_empty()


def test_an_error_that_nobody_caught_is_told(parts: Parts) -> None:
    parts.show(draft())
    parts.page.evaluate("import('/js/notices.js').then(({ tellOfErrors }) => tellOfErrors())")
    parts.page.evaluate("() => void Promise.reject(new DOMException('Failed to load', 'NotSupportedError'))")
    # In the page's words, not in the browser's.
    expect(parts.page.locator("#alarms .note")).to_contain_text("На странице произошла ошибка")


LIST = """async () => {
  const [{ RecordsView }, { chooseLanguage }] = await Promise.all([import("/js/records.js"), import("/js/i18n.js")]);
  await chooseLanguage("ru");
  const state = { unfinished: [], forms: [] };
  const list = new RecordsView({ state, failed: async () => undefined });
  document.getElementById("screen").hidden = false;
  document.getElementById("screen").append(list.node);
  await list.show();
}"""


def listed(number: int) -> dict[str, object]:
    created = "2026-11-20T09:00:00+00:00"
    return {"id": RECORD, "patient_name": f"Омарова {number}", "form": "visit", "created": created, "version": 1}


def test_the_list_tells_when_it_is_not_all(parts: Parts) -> None:
    for many, told in ((99, 0), (100, 1)):
        parts.answers("POST", "/records/search", {"records": [listed(n) for n in range(many)]})
        parts.page.evaluate(LIST)
        expect(parts.page.get_by_role("row")).to_have_count(many + 1)
        expect(parts.page.get_by_text("Показаны последние 100. Уточните поиск.")).to_have_count(told)
        parts.page.locator("#screen").evaluate("node => node.replaceChildren()")


def test_what_was_found_before_does_not_stand_for_a_search_that_failed(parts: Parts) -> None:
    parts.answers("POST", "/records/search", {"records": [listed(1)]})
    parts.page.evaluate(LIST)
    expect(parts.page.get_by_role("row")).to_have_count(2)
    parts.answers(
        "POST", "/records/search", {"error": {"code": "store", "text": "Хранилище не отвечает"}}, status=503
    )
    parts.page.get_by_label("Пациент: имя или ИИН").fill("серикова")
    expect(parts.page.get_by_role("row")).to_have_count(0)
