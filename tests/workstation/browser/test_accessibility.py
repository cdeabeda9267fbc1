"""Everybody can use the page: axe finds nothing, the keyboard reaches all of it, nothing lies beyond the edge."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.workstation.browser import axe
from tests.workstation.browser.conftest import Watched
from tests.workstation.browser.desk import IIN, PATIENT
from tests.workstation.browser.microphone import FakeMicrophone
from tests.workstation.browser.workstation import Workstation

pytestmark = pytest.mark.slow

LANGUAGES = ("ru", "kk", "en")
# A phone, and what is left of a window of 1280 × 800 at 200 %.
PHONE, LARGE = {"width": 360, "height": 740}, {"width": 640, "height": 400}
DESKTOP = {"width": 1280, "height": 800}
SCREENS = ("entrance", "records", "new visit", "microphones", "dictating", "checking", "editing")


@pytest.fixture(scope="module")
def found(
    start: Callable[..., Workstation], watched: Watched, microphone: FakeMicrophone, recording: Path
) -> dict[str, Any]:
    """What was found on each screen, gone through once: `{screen: {language or width: findings}}`."""
    workstation = start()
    # "Лечение: ацетилцистеин шестьсот миллиграмм внутрь раз в день семь дней", which leaves something to be checked.
    microphone.plays(recording, 29.0, 34.2)
    context = watched.context(viewport=DESKTOP)
    context.add_init_script(path=axe.script())
    desk = watched.desk(context)
    seen: dict[str, Any] = {}

    desk.page.goto(workstation.address)
    expect(desk.page.locator(".entrance form")).to_be_visible()
    seen["entrance"] = looked_at(desk.page)
    desk.page.reload()
    desk.open(workstation.address)
    desk.wait_ready()
    seen["records"] = looked_at(desk.page)
    desk.button("Новый приём").click()
    seen["new visit"] = looked_at(desk.page, languages=("ru",))
    desk.page.keyboard.press("Escape")
    desk.begin_visit(**{"Фамилия, имя, отчество": PATIENT, "ИИН": IIN})
    desk.talk_at_once()
    desk.said("внутрь")
    seen["dictating"] = looked_at(desk.page)
    desk.button("Выбрать микрофон").click()
    seen["microphones"] = looked_at(desk.page, languages=("ru",))
    desk.page.keyboard.press("Escape")
    desk.finish()
    seen["checking"] = looked_at(desk.page)
    desk.to_card("medications")
    desk.page.keyboard.press("Enter")
    seen["editing"] = looked_at(desk.page, languages=("ru",))
    seen["desk"] = desk
    return seen


def looked_at(page: Page, languages: tuple[str, ...] = LANGUAGES) -> dict[str, Any]:
    """What axe finds in each language and in the dark, and how far each width is passed."""
    seen: dict[str, Any] = {}
    for language in languages:
        if len(languages) > 1:
            page.locator(".entrance:not([hidden]) select.language, #top:not([hidden]) select.language").select_option(
                language
            )
            expect(page.locator("html")).to_have_attribute("lang", language)
        seen[language] = axe.violations(page)
        for name, size in (("phone", PHONE), ("large", LARGE)):
            page.set_viewport_size(size)  # type: ignore[arg-type] # a plain dict
            seen[f"{name} {language}"] = page.evaluate(
                "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
        page.set_viewport_size(DESKTOP)  # type: ignore[arg-type] # a plain dict
    if len(languages) > 1:
        page.locator(".entrance:not([hidden]) select.language, #top:not([hidden]) select.language").select_option(
            "ru"
        )
    page.emulate_media(color_scheme="dark")
    seen["dark"] = axe.violations(page)
    page.emulate_media(color_scheme="light")
    return seen


@pytest.mark.parametrize("screen", SCREENS)
def test_axe_finds_nothing(found: dict[str, Any], screen: str) -> None:
    assert {name: one for name, one in found[screen].items() if isinstance(one, list) and one} == {}


@pytest.mark.parametrize("screen", SCREENS)
def test_nothing_lies_beyond_the_edge(found: dict[str, Any], screen: str) -> None:
    """360 pixels, and 200 %: no scrolling from side to side."""
    assert {name: one for name, one in found[screen].items() if isinstance(one, int) and one > 0} == {}


STOPS = """() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")]
  .filter((node) => !node.disabled && node.offsetParent !== null)
  .map((node) => node.dataset.stop = String(window.stops = (window.stops ?? 0) + 1))"""


def test_the_keyboard_reaches_everything(found: dict[str, Any]) -> None:
    """The tabulator goes through all that can be pressed or filled in on the screen of a record, and comes round."""
    page: Page = found["desk"].page
    page.keyboard.press("Escape")
    # A message that goes by itself can be closed as long as it is there.
    expect(page.locator("#news")).to_be_empty()
    all_stops = page.evaluate(STOPS)
    assert len(all_stops) > 20
    reached = set()
    for _ in range(2 * len(all_stops)):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("() => document.activeElement.dataset.stop"))
    assert set(all_stops) - reached == set()


# A width is told of an outline that is not drawn as well.
OUTLINE = """() => {
  const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
  return [outlineStyle, parseFloat(outlineWidth)];
}"""


def test_where_the_keyboard_is_can_be_seen(found: dict[str, Any]) -> None:
    page: Page = found["desk"].page
    for _ in range(8):
        page.keyboard.press("Tab")
        style, width = page.evaluate(OUTLINE)
        assert (style, width >= 2) == ("solid", True)


def test_nothing_complained(found: dict[str, Any], watched: Watched) -> None:
    assert watched.complaints == []
