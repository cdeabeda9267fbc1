"""Getting in and out: doctors, addresses that lead nowhere, sound that nobody has yet, a program that has gone."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from tests.workstation.browser.conftest import Watched
from tests.workstation.browser.desk import Desk
from tests.workstation.browser.workstation import Workstation

pytestmark = pytest.mark.slow

NOBODY = "0c2ee3ff-5ab6-4b44-97fc-4dbc0e5a4b9a"


@pytest.fixture(scope="module")
def workstation(start: Callable[..., Workstation]) -> Workstation:
    return start()


@pytest.fixture
def desk(workstation: Workstation, watched: Watched) -> Iterator[Desk]:
    desk = watched.desk()
    desk.page.clock.install()
    desk.open(workstation.address)
    yield desk
    desk.page.context.close()


def test_a_record_that_is_not_there_leads_to_the_list_with_a_word(workstation: Workstation, desk: Desk) -> None:
    """Not to an empty page, whether it is asked for on the way in or later."""
    page = desk.page
    note = page.locator("#alarms .note")
    page.evaluate("id => { location.hash = `#/record/${id}`; }", NOBODY)
    expect(note).to_contain_text("Не найдено")
    expect(desk.button("Новый приём")).to_be_visible()
    desk.button("Заблокировать").click()
    page.goto(f"{workstation.base}/?again#/record/{NOBODY}")
    desk.unlock()
    expect(note).to_contain_text("Не найдено")
    expect(desk.button("Новый приём")).to_be_visible()
    assert "#" not in page.url


def test_a_new_doctors_secret_is_typed_twice(desk: Desk) -> None:
    desk.button("Добавить врача").click()
    dialog = desk.page.get_by_role("dialog")
    dialog.get_by_label("Фамилия, имя, отчество").fill("Серикова Дана Ерлановна")
    dialog.get_by_label("Новый ПИН-код или пароль").fill("1357")
    dialog.get_by_label("Ещё раз").fill("1375")
    dialog.get_by_role("button", name="Создать").click()
    again = dialog.get_by_label("Ещё раз")
    expect(again).to_be_focused()
    assert again.evaluate("node => node.validationMessage") == "Не совпадает с первым"
    again.fill("1357")
    dialog.get_by_role("button", name="Создать").click()
    expect(desk.page.locator("#news")).to_contain_text("Врач добавлен: Серикова Дана Ерлановна")


def test_what_was_said_before_the_dictation_was_there_is_not_left_behind(desk: Desk) -> None:
    """The record has no address yet, and the page goes back to the list at a click."""
    page = desk.page
    page.route_web_socket("**/dictate*", lambda _: None)
    desk.begin_visit()
    expect(page.locator(".preparing")).to_be_visible()
    page.keyboard.press("F2")
    expect(page.locator(".preparing")).to_contain_text("Слушаю.")
    page.wait_for_timeout(500)
    page.get_by_role("link", name="Записи").click()
    question = page.get_by_role("dialog")
    expect(question).to_contain_text("звука ещё не отправлены программе")
    question.get_by_role("button", name="Остаться").click()
    expect(page.locator(".preparing")).to_be_visible()
    page.get_by_role("link", name="Записи").click()
    question.get_by_role("button", name="Уйти").click()
    expect(desk.button("Новый приём")).to_be_visible()


def test_a_program_that_has_gone_is_told_and_the_page_stays(workstation: Workstation, desk: Desk) -> None:
    """The last of this file: the program is ended."""
    banner = desk.page.locator("#banners")
    workstation.stop()
    desk.page.clock.fast_forward(16_000)
    expect(banner).to_contain_text("Программа не отвечает")
    desk.page.get_by_label("Пациент: имя или ИИН").fill("омарова")
    desk.page.clock.fast_forward(1_000)
    expect(desk.page.locator("#alarms .note")).to_contain_text("Программа не отвечает")
    expect(desk.button("Новый приём")).to_be_visible()
    workstation.start()
    desk.page.clock.fast_forward(16_000)
    expect(banner).to_contain_text("Программу запустили заново")
