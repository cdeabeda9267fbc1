"""A doctor at the page: what a person does there, by mouse or by keyboard, and what they can see."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

DOCTOR, PIN = "Ахметова Гульнара Сериковна", "2468"

# A woman born on 15 May 1985; the control digit: 1*8+2*5+3*0+4*5+5*1+6*5+7*4+8*0+9*0+10*1+11*2 = 133 = 12*11 + 1.
PATIENT, IIN, BORN = "Омарова Айгуль Маратовна", "850515400121", "15.05.1985"

# A dictation in real time, with all that the machine does besides.
PATIENCE = 90_000
STEP = 100
MOST_TABS = 120


def origin(page: Page) -> str:
    """The server that the page came from."""
    address = urlsplit(page.url)
    return f"{address.scheme}://{address.netloc}"


class Desk:
    """One tab with the page in it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.told: list[dict[str, Any]] = []
        page.on("websocket", lambda line: line.on("framereceived", self._hear))

    def _hear(self, frame: str | bytes) -> None:
        self.told.append(json.loads(frame))

    def messages(self, kind: str) -> list[dict[str, Any]]:
        """What the server has said over the socket."""
        return [message for message in self.told if message["type"] == kind]

    @property
    def record(self) -> str:
        """The id of the record that is open."""
        found = re.fullmatch(r"/record/(.+)", urlsplit(self.page.url).fragment)
        assert found, self.page.url
        return found[1]

    def ask(self, path: str) -> Any:
        """The API's answer, as this page would get it."""
        answer = self.page.request.get(f"{origin(self.page)}/api/v1{path}")
        assert answer.status == 200, answer.text()
        return answer.json()

    def draft(self) -> Any:
        return self.ask(f"/records/{self.record}")

    def button(self, name: str | re.Pattern[str]) -> Locator:
        return self.page.get_by_role("button", name=name)

    def card(self, key: str) -> Locator:
        """The card of a field."""
        return self.page.locator(f'.field[data-key="{key}"]')

    def value(self, key: str) -> Locator:
        return self.card(key).locator(".value")

    def open(self, address: str) -> None:
        """The address that the program printed, and the first doctor of this workstation, or the one there is."""
        self.page.goto(address)
        form = self.page.locator(".entrance form")
        expect(form).to_be_visible()
        if form.get_by_role("combobox", name="Врач").is_visible():
            self.unlock()
            return
        form.get_by_label("Фамилия, имя, отчество").fill(DOCTOR)
        form.get_by_label("Новый ПИН-код или пароль").fill(PIN)
        form.get_by_label("Ещё раз").fill(PIN)
        form.get_by_role("button", name="Создать").click()
        expect(self.button("Новый приём")).to_be_visible()

    def unlock(self) -> None:
        form = self.page.locator(".entrance form")
        form.get_by_label("ПИН-код или пароль").fill(PIN)
        form.get_by_role("button", name="Войти").click()
        expect(form).to_be_hidden()

    def begin_visit(self, **known: str) -> None:
        """A new visit: the dialog is filled in and sent."""
        self.wait_ready()
        self.button("Новый приём").click()
        dialog = self.page.get_by_role("dialog")
        for label, text in known.items():
            dialog.get_by_label(label).first.fill(text)
        self.button("Начать").click()

    def tab_to(self, wanted: Locator, key: str = "Tab") -> None:
        """There by the tabulator key alone."""
        for _ in range(MOST_TABS):
            if wanted.evaluate("node => node === document.activeElement"):
                return
            self.page.keyboard.press(key)
        raise AssertionError(f"not reached by {key}: {wanted}")

    def focused(self) -> Locator:
        return self.page.locator(":focus")

    def to_card(self, key: str) -> None:
        """To the card of a field by the keys that the page has for it."""
        cards = [node.get_attribute("data-key") for node in self.page.locator(".field").all()]
        for _ in cards:
            here = self.page.evaluate("() => document.activeElement.closest('.field')?.dataset.key")
            if here == key and self.card(key).evaluate("node => node === document.activeElement"):
                return
            up = here in cards and cards.index(here) > cards.index(key)
            self.page.keyboard.press("Alt+ArrowUp" if up else "Alt+ArrowDown")
        expect(self.card(key)).to_be_focused()

    def wait_ready(self) -> None:
        """Until the recogniser is loaded: what is said to the fake microphone waits for nobody."""
        for _ in range(PATIENCE // STEP):
            if self.ask("/state")["ready"]:
                return
            self.page.wait_for_timeout(STEP)
        raise AssertionError("the recogniser is not loaded")

    def talk_at_once(self) -> None:
        """Hands-free, by a short press of the key, before the server has answered: the microphone is heard from the
        moment on at which the visit was begun."""
        self.page.locator(".opened").wait_for(state="attached")
        self.page.keyboard.press("F2")
        expect(self.button("Пауза (F2)")).to_be_visible(timeout=PATIENCE)

    def talk(self) -> None:
        """The same where the dictation is there already."""
        expect(self.button("Говорить (F2)")).to_be_enabled(timeout=PATIENCE)
        self.page.keyboard.press("F2")
        expect(self.button("Пауза (F2)")).to_be_visible()

    def said(self, words: str | re.Pattern[str], timeout: float = PATIENCE) -> None:
        """Until these words stand in the transcript."""
        expect(self.page.locator(".transcript .said")).to_contain_text(words, timeout=timeout)

    def wait_kept(self, samples: int) -> None:
        """Until so much of what was said is on the server's disk."""
        for _ in range(PATIENCE // STEP):
            if any(message["samples"] >= samples for message in self.messages("kept")):
                return
            self.page.wait_for_timeout(STEP)
        raise AssertionError(f"{samples} samples are not kept")

    def finish(self) -> None:
        """The end of the dictation, and all its words written."""
        self.page.keyboard.press("F9")
        expect(self.page.locator(".stage")).to_contain_text("Черновик", timeout=PATIENCE)
