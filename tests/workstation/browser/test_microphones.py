"""Several microphones: one is chosen, kept, and missed when it is gone. Chromium offers two and a default."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.workstation.browser.conftest import Watched
from tests.workstation.browser.desk import PATIENCE, PATIENT, Desk
from tests.workstation.browser.microphone import FakeMicrophone
from tests.workstation.browser.workstation import Workstation

pytestmark = pytest.mark.slow

DEFAULT, FIRST, SECOND = "Fake Default Audio Input", "Fake Audio Input 1", "Fake Audio Input 2"

# What the page has opened, and a cable that can be pulled out of the microphone named by `unplugged`.
CABLE = """
if (location.protocol === "http:") {
  window.opened = [];
  window.unplugged = sessionStorage.getItem("unplugged");
  const devices = navigator.mediaDevices;
  const [open, list] = [devices.getUserMedia.bind(devices), devices.enumerateDevices.bind(devices)];
  devices.enumerateDevices = async () => (await list()).filter(({ label }) => label !== window.unplugged);
  devices.getUserMedia = async (wanted) => {
    const stream = await open(wanted);
    const [track] = stream.getAudioTracks();
    if (track.label === window.unplugged) {
      track.stop();
      throw new OverconstrainedError("deviceId");
    }
    window.opened.push(track.label);
    return stream;
  };
}
"""
PLUG = """() => {
  window.unplugged = null;
  navigator.mediaDevices.dispatchEvent(new Event("devicechange"));
}"""
CHOSEN = "dictation.browser-microphone"


@pytest.fixture(scope="module")
def workstation(start: Callable[..., Workstation]) -> Workstation:
    return start()


@pytest.fixture
def desk(workstation: Workstation, watched: Watched, microphone: FakeMicrophone, recording: Path) -> Iterator[Desk]:
    """A visit is begun, the dictation is there."""
    microphone.plays(recording, 0.0, 1.0)
    context = watched.context()
    context.add_init_script(CABLE)
    desk = watched.desk(context)
    desk.open(workstation.address)
    yield desk
    context.close()


def begin(desk: Desk) -> None:
    desk.begin_visit(**{"Фамилия, имя, отчество": PATIENT})
    expect(desk.button("Говорить (F2)")).to_be_enabled(timeout=PATIENCE)


def expect_open(page: Page, name: str) -> None:
    """The page may be talked to before its microphone has answered: waited for."""
    page.wait_for_function("name => window.opened.at(-1) === name", arg=name, timeout=PATIENCE)


def choose(desk: Desk, name: str) -> None:
    """By the keyboard alone."""
    desk.tab_to(desk.button("Выбрать микрофон"))
    desk.page.keyboard.press("Enter")
    dialog = desk.page.get_by_role("dialog")
    expect(dialog.get_by_role("combobox", name="Микрофон")).to_be_focused()
    desk.page.keyboard.type(name)
    desk.page.keyboard.press("Tab")
    desk.tab_to(dialog.get_by_role("button", name="Выбрать"))
    desk.page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    expect(desk.button("Говорить (F2)")).to_be_enabled()
    expect_open(desk.page, name)


def test_another_microphone_is_chosen_and_kept(desk: Desk) -> None:
    page = desk.page
    begin(desk)
    expect_open(page, DEFAULT)
    desk.button("Выбрать микрофон").click()
    offered = page.get_by_role("dialog").get_by_role("option")
    expect(offered).to_have_text(["По умолчанию в системе", FIRST, SECOND])
    page.keyboard.press("Escape")
    choose(desk, SECOND)
    desk.talk()
    # A page opened anew goes on with the dictation, and with the microphone.
    page.reload()
    expect(desk.button("Говорить (F2)")).to_be_enabled(timeout=PATIENCE)
    expect_open(page, SECOND)
    assert page.evaluate("window.opened") == [SECOND]
    expect(page.locator("#banners")).to_be_empty()
    desk.button("Выбрать микрофон").click()
    kept = page.evaluate("name => JSON.parse(localStorage.getItem(name)).id", CHOSEN)
    expect(page.get_by_role("dialog").get_by_role("combobox")).to_have_value(kept)


def test_a_chosen_microphone_that_is_gone_is_told_and_gone_back_to(desk: Desk) -> None:
    page = desk.page
    begin(desk)
    choose(desk, FIRST)
    page.evaluate("name => sessionStorage.setItem('unplugged', name)", FIRST)
    page.reload()
    banner = page.locator("#banners")
    expect(banner).to_contain_text(f"Выбранный микрофон не найден: {FIRST}", timeout=PATIENCE)
    expect_open(page, DEFAULT)
    desk.talk()
    page.evaluate(PLUG)
    # Not in the middle of a word.
    expect(desk.button("Пауза (F2)")).to_be_visible()
    expect_open(page, DEFAULT)
    page.keyboard.press("F2")
    expect(banner).to_be_empty()
    expect_open(page, FIRST)


def test_a_microphone_with_a_new_number_is_known_by_its_name(desk: Desk) -> None:
    """The browser numbers them anew when its data is cleared."""
    chosen = {"name": CHOSEN, "label": FIRST}
    desk.page.evaluate(
        "({ name, label }) => localStorage.setItem(name, JSON.stringify({ id: 'old', label }))", chosen
    )
    begin(desk)
    expect_open(desk.page, FIRST)
    expect(desk.page.locator("#banners")).to_be_empty()


def test_nothing_complained(watched: Watched) -> None:
    assert watched.complaints == []
