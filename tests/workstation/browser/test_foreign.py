"""Pages of other origins: one that may not use the workstation gets nothing of it, one that may has it in a frame."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from tests.support import ROOT
from tests.workstation.browser.conftest import Watched
from tests.workstation.browser.desk import DOCTOR, IIN, PATIENCE, PATIENT, Desk
from tests.workstation.browser.microphone import FakeMicrophone
from tests.workstation.browser.static import pages
from tests.workstation.browser.workstation import Workstation

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def vendor() -> Iterator[str]:
    """The vendor's page, as the documentation has it."""
    with pages(ROOT / "docs" / "examples") as origin:
        yield origin


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A page that nobody allowed anything."""
    folder = tmp_path_factory.mktemp("stranger")
    (folder / "index.html").write_text("<!DOCTYPE html><title>Чужая страница</title>", encoding="utf-8")
    with pages(folder) as origin:
        yield origin


@pytest.fixture(scope="module")
def workstation(start: Callable[..., Workstation], vendor: str) -> Workstation:
    return start("--allow-origin", vendor)


ASK = """address => fetch(address, { credentials: "include" }).then(
  reply => reply.status, error => error.name)"""
BLINDLY = """address => fetch(address, { method: "POST", mode: "no-cors", credentials: "include", body: "{}" }).then(
  reply => reply.type, error => error.name)"""
TALK = """address => new Promise(told => {
  const line = new WebSocket(address, "dictation.v1");
  line.onopen = () => told("open");
  line.onerror = () => told("refused");
})"""
FRAME = """address => new Promise(told => {
  const frame = document.createElement("iframe");
  frame.onload = () => told(frame.contentDocument === null ? "foreign" : "own");
  frame.src = address;
  document.body.append(frame);
})"""
SCRIPT = """address => new Promise(told => {
  const script = document.createElement("script");
  script.onload = () => told("loaded");
  script.onerror = () => told("refused");
  script.src = address;
  document.head.append(script);
})"""


@pytest.fixture
def foreign(watched: Watched, workstation: Workstation, stranger: str) -> Iterator[Page]:
    """The stranger's page in the browser in which a doctor works at this moment."""
    context = watched.context()
    Desk(context.new_page()).open(workstation.address)
    page = context.new_page()
    page.goto(stranger)
    yield page
    context.close()


def socket_of(workstation: Workstation) -> str:
    return f"{workstation.base}/api/v1/dictate".replace("http", "ws")


def test_a_foreign_page_gets_nothing(foreign: Page, workstation: Workstation) -> None:
    state, lock = f"{workstation.base}/api/v1/state", f"{workstation.base}/api/v1/lock"
    assert foreign.evaluate(ASK, state) == "TypeError"
    foreign.evaluate(BLINDLY, lock)
    assert foreign.evaluate(SCRIPT, state) == "refused"
    assert foreign.evaluate(TALK, socket_of(workstation)) == "refused"
    # The blind request did nothing: the doctor is not locked.
    (desk,) = [page for page in foreign.context.pages if page is not foreign]
    desk.reload()
    expect(desk.get_by_role("button", name="Новый приём")).to_be_visible()


def test_a_foreign_page_does_not_frame_it(foreign: Page, workstation: Workstation) -> None:
    foreign.evaluate(FRAME, workstation.base)
    (frame,) = foreign.frames[1:]
    expect(frame.locator("body")).not_to_contain_text("Диктовка")
    assert frame.url.startswith("chrome-error:")


def test_the_vendors_page_dictates_in_a_frame(
    watched: Watched, workstation: Workstation, vendor: str, microphone: FakeMicrophone, recording: Path
) -> None:
    """The vendor's system knows the doctor and the patient; measurements are dictated and fetched as a bundle."""
    # "Объективно: температура тридцать семь и пять, давление сто двадцать два на семьдесят восемь …"
    microphone.plays(recording, 16.2, 24.2)
    page = watched.context().new_page()
    given = {"server": workstation.base, "token": workstation.token, "doctor": DOCTOR, "name": PATIENT, "iin": IIN}
    page.goto(f"{vendor}/embed.html#{urlencode(given)}")
    assert page.evaluate(TALK, socket_of(workstation)) == "open"
    page.get_by_role("button", name="Диктовать").click()
    frame = page.frame_locator("#dictation")
    expect(frame.get_by_role("dialog").get_by_label("ИИН")).to_have_value(IIN, timeout=PATIENCE)
    frame.get_by_role("button", name="Начать").click()
    frame.locator(".opened").wait_for(state="attached")
    page.keyboard.press("F2")
    expect(frame.locator(".whose")).to_contain_text(PATIENT, timeout=PATIENCE)
    expect(frame.locator(".transcript .said")).to_contain_text("девяносто шесть", timeout=PATIENCE)
    frame.get_by_role("button", name="Закончить").click()
    expect(frame.locator(".stage")).to_contain_text("Черновик", timeout=PATIENCE)
    page.get_by_role("button", name="Забрать запись").click()
    bundle = page.locator("#bundle")
    expect(bundle).to_contain_text('"resourceType": "Bundle"')
    told = json.loads(bundle.inner_text())
    measured = {
        part["code"]["coding"][0]["code"]: part["valueQuantity"]["value"]
        for entry in told["entry"]
        if entry["resource"]["resourceType"] == "Observation"
        for part in (entry["resource"], *entry["resource"].get("component", []))
        if "valueQuantity" in part
    }
    # LOINC: temperature, systolic and diastolic pressure, pulse, saturation.
    assert measured == {"8310-5": 37.5, "8480-6": 122, "8462-4": 78, "8867-4": 85, "59408-5": 96}
    assert IIN in bundle.inner_text()
    page.context.close()


def test_the_vendors_page_had_nothing_to_complain_of(watched: Watched, workstation: Workstation, vendor: str) -> None:
    """What the foreign page was refused is told of there; the vendor's asks nobody else."""
    context = watched.context()
    said: list[str] = []
    context.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page = context.new_page()
    page.goto(f"{vendor}/embed.html#{urlencode({'server': workstation.base, 'token': workstation.token})}")
    page.get_by_role("button", name="Диктовать").click()
    expect(page.frame_locator("#dictation").get_by_role("dialog")).to_be_visible(timeout=PATIENCE)
    assert [text for text in said if "favicon" not in text and "404" not in text] == []
    context.close()
