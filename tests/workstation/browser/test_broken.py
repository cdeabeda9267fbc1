"""What goes wrong in the middle of a dictation: nothing that was said is lost, and the page says what to do.

Said is, from the sixteenth second of the bundled recording on: "Объективно: температура тридцать семь и пять,
давление сто двадцать два на семьдесят восемь, пульс восемьдесят пять, сатурация девяносто шесть."
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from dictation import Dictation
from dictation.audio.blocks import RATE
from tests.workstation.browser.cable import Cable
from tests.workstation.browser.conftest import Watched
from tests.workstation.browser.desk import PATIENCE, PATIENT, Desk
from tests.workstation.browser.microphone import LEAD, FakeMicrophone, heard, is_piece_of, kept, write
from tests.workstation.browser.workstation import Workstation

pytestmark = pytest.mark.slow

FIRST, LAST = 15.5, 24.2
SAID = {"temperature": 37.5, "systolic": 122, "diastolic": 78, "heart-rate": 85, "oxygen-saturation": 96}
PART = 3 * RATE  # So much is on the server's disk when something happens.


@pytest.fixture(scope="module")
def workstation(start: Callable[..., Workstation]) -> Workstation:
    return start()


@pytest.fixture(scope="module")
def unbroken() -> Dictation:
    """The same program over a file."""
    return Dictation()


@pytest.fixture
def desk(workstation: Workstation, watched: Watched, microphone: FakeMicrophone, recording: Path) -> Iterator[Desk]:
    """A doctor who has entered, the microphone ready."""
    microphone.plays(recording, FIRST, LAST)
    desk = watched.desk()
    desk.open(workstation.address)
    yield desk
    desk.page.context.close()


def dictate_a_part(desk: Desk, samples: int = PART, patient: str = PATIENT) -> None:
    """A visit is begun, and something of it is dictated and kept."""
    desk.begin_visit(**{"Фамилия, имя, отчество": patient})
    desk.talk_at_once()
    desk.wait_kept(samples)


def is_whole(desk: Desk, given: np.ndarray, unbroken: Dictation, tmp_path: Path) -> None:
    """Every sample is there once, and read as it would have been read in one piece."""
    held = kept(desk.page, desk.record)
    assert len(held) > (LAST - FIRST) * RATE
    assert is_piece_of(held, given)
    record = desk.draft()["record"]
    assert {key: record["fields"][key]["value"] for key in SAID} == SAID, record["transcript"]["text"]
    whole = tmp_path / "whole.wav"
    write(whole, held)
    assert record["transcript"]["text"] == unbroken.transcribe(whole).transcript.text


def test_the_cable_is_pulled(
    workstation: Workstation, watched: Watched, desk: Desk, unbroken: Dictation, tmp_path: Path
) -> None:
    cable = Cable(workstation.port)
    desk.page.goto(workstation.address.replace(str(workstation.port), str(cable.port)))
    desk.unlock()
    dictate_a_part(desk)
    cable.pull()
    banner = desk.page.locator("#banners")
    expect(banner).to_contain_text("Связь с программой прервана. Ничего не потеряно")
    # Some of what is said is said while nobody listens.
    desk.page.wait_for_timeout(2000)
    cable.plug()
    expect(banner).to_be_empty()
    desk.said("девяносто шесть")
    desk.finish()
    is_whole(desk, heard(desk.page), unbroken, tmp_path)
    cable.close()


def test_the_program_is_killed(workstation: Workstation, desk: Desk, unbroken: Dictation, tmp_path: Path) -> None:
    """It is started again and its new address opened in the tab that still holds what was said meanwhile."""
    dictate_a_part(desk)
    workstation.kill()
    expect(desk.page.locator("#banners")).to_contain_text("Связь с программой прервана. Ничего не потеряно")
    # To the end of what is said: once it is started again the page is locked, and listens no more.
    while len(heard(desk.page)) < (LEAD + LAST - FIRST + 3) * RATE:
        desk.page.wait_for_timeout(500)
    workstation.start()
    desk.page.goto(workstation.address)
    desk.unlock()
    desk.said("девяносто шесть")
    desk.finish()
    is_whole(desk, heard(desk.page), unbroken, tmp_path)


def test_a_closed_tab_is_gone_on_with(
    workstation: Workstation, desk: Desk, microphone: FakeMicrophone, recording: Path
) -> None:
    """What was said until then is kept; the rest is said in another tab."""
    patient = "Серикова Дана Ерлановна"
    dictate_a_part(desk, patient=patient)
    before = heard(desk.page)
    page = desk.page.context.new_page()
    desk.page.close(run_before_unload=False)
    microphone.plays(recording, FIRST, LAST)
    again = Desk(page)
    page.goto(workstation.base)
    offer = page.get_by_role("region", name="незаконченн").get_by_role("listitem").filter(has_text=patient)
    offer.get_by_role("button", name="Продолжить").click()
    expect(page.locator(".whose")).to_contain_text(patient)
    again.talk()
    again.said("девяносто шесть")
    again.finish()
    held, after = kept(page, again.record), heard(page)
    # Where the second tab's sound begins is told by the server: what it had when the second tab joined.
    joined = again.messages("started")[-1]["samples"]
    # What the tab was given until a moment before it was closed, but for what was on its way.
    assert joined > len(before) - RATE
    assert is_piece_of(held[:PART], before)
    assert is_piece_of(held[joined:], after)
    record = again.draft()["record"]
    # The beginning is there twice, first broken off wherever the tab was closed: two readings of one value are shown.
    told = {key: (record["fields"][key]["value"], record["fields"][key]["status"]) for key in SAID}
    wrong = {key for key, (value, status) in told.items() if value != SAID[key] and status != "check"}
    assert not wrong, record["transcript"]["text"]
    assert told["oxygen-saturation"][0] == SAID["oxygen-saturation"], record["transcript"]["text"]


def test_a_second_tab_takes_over(workstation: Workstation, desk: Desk) -> None:
    dictate_a_part(desk, RATE)
    second = Desk(desk.page.context.new_page())
    second.page.goto(f"{workstation.base}/#/record/{desk.record}")
    expect(second.page.locator(".whose")).to_contain_text(PATIENT)
    banner = desk.page.locator("#banners")
    expect(banner).to_contain_text("Эту диктовку открыли в другом окне")
    expect(desk.button("Говорить (F2)")).not_to_be_visible()
    # And back again.
    banner.get_by_role("button", name="Продолжить здесь").click()
    expect(second.page.locator("#banners")).to_contain_text("Эту диктовку открыли в другом окне")
    desk.page.bring_to_front()
    desk.talk()
    desk.said("девяносто шесть")
    desk.finish()
    assert desk.draft()["record"]["fields"]["oxygen-saturation"]["value"] == 96


def test_locked_in_the_middle(desk: Desk) -> None:
    """Nothing of the patient is seen, what was said is kept, and after unlocking it goes on."""
    dictate_a_part(desk)
    desk.button("Заблокировать").click()
    expect(desk.page.get_by_role("heading", name="Рабочее место заблокировано")).to_be_visible()
    assert PATIENT not in desk.page.locator("body").inner_text()
    desk.unlock()
    desk.talk()
    desk.said("девяносто шесть")
    desk.finish()
    record = desk.draft()["record"]
    assert record["fields"]["oxygen-saturation"]["value"] == 96
    assert len(kept(desk.page, desk.record)) > PART


def test_a_denied_microphone(workstation: Workstation, watched: Watched) -> None:
    """The page says what to do, and that nothing can be said until then."""
    desk = watched.desk(watched.context(microphone=False))
    desk.open(workstation.address)
    desk.begin_visit(**{"Фамилия, имя, отчество": PATIENT})
    banner = desk.page.locator("#banners")
    expect(banner).to_contain_text("Разрешите его в строке адреса и попробуйте снова", timeout=PATIENCE)
    expect(desk.button("Говорить (F2)")).to_be_disabled(timeout=PATIENCE)
    desk.page.context.grant_permissions(["microphone"])
    banner.get_by_role("button", name="Попробовать снова").click()
    expect(banner).to_be_empty()
    expect(desk.button("Говорить (F2)")).to_be_enabled()
    desk.page.context.close()


def test_nothing_else_complained(watched: Watched) -> None:
    """A broken line is told by the browser itself; nothing of the page's own is among it."""
    expected = ("WebSocket connection to", "net::ERR_", "401 (Unauthorized)")
    assert [said for said in watched.complaints if not any(part in said for part in expected)] == []
