"""A whole visit in a real browser, by the keyboard alone: from the address that the program prints to the signature.

The bundled recording says: "Жалобы: кашель с трудноотделяемой мокротой, саднение за грудиной, одышки и кровохарканья
нет. Анамнез заболевания: болен шестой день, началось с насморка, пил бромгексин. Аллергия на аспирин: бронхоспазм.
Объективно: температура тридцать семь и пять, давление сто двадцать два на семьдесят восемь, пульс восемьдесят пять,
сатурация девяносто шесть. Дыхание жёсткое, сухие хрипы. Диагноз: острый бронхит. Лечение: ацетилцистеин шестьсот
миллиграмм внутрь раз в день семь дней. Обследование: флюорография. Рекомендовано тёплое питьё. Явка через четыре
дня."
The values below are those, worked out by hand.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from playwright.sync_api import expect

from dictation.audio.blocks import RATE
from tests.workstation.browser.conftest import Watched
from tests.workstation.browser.desk import BORN, DOCTOR, IIN, PATIENCE, PATIENT, PIN, Desk, origin
from tests.workstation.browser.microphone import FakeMicrophone, heard, is_piece_of, kept
from tests.workstation.browser.workstation import Workstation

pytestmark = pytest.mark.slow

MEASURED = {"temperature": 37.5, "systolic": 122, "diastolic": 78, "heart-rate": 85, "oxygen-saturation": 96}
SHOWN = {
    "temperature": "37,5 °C",
    "systolic": "122 мм рт. ст.",
    "diastolic": "78 мм рт. ст.",
    "heart-rate": "85 в минуту",
    "oxygen-saturation": "96 %",
    "follow-up": "через 4 дня",
}
NOT_SAID = {"anamnesis-vitae", "respiratory-rate", "height", "weight"}

# How far the first sound was played, once it has come to its end.
PLAYED = """
const play = HTMLMediaElement.prototype.play;
window.played = new Promise((told) => {
  HTMLMediaElement.prototype.play = function () {
    this.addEventListener("ended", () => told(this.currentTime));
    return play.call(this);
  };
});
"""


@pytest.fixture(scope="module")
def workstation(start: Callable[..., Workstation]) -> Workstation:
    return start()


@pytest.fixture(scope="module")
def visit(workstation: Workstation, watched: Watched, microphone: FakeMicrophone, recording: Path) -> Desk:
    """Entered, begun, dictated and ended by the keyboard; the tab with the record."""
    microphone.plays(recording)
    context = watched.context(viewport={"width": 1280, "height": 800})
    context.add_init_script(PLAYED)
    desk = watched.desk(context)
    press, write = desk.page.keyboard.press, desk.page.keyboard.type

    desk.page.goto(workstation.address)
    expect(desk.page.get_by_label("Фамилия, имя, отчество")).to_be_focused()
    for text in (DOCTOR, PIN, PIN):
        write(text)
        press("Tab")
    press("Shift+Tab")
    press("Enter")

    new_visit = desk.button("Новый приём")
    expect(new_visit).to_be_visible()
    desk.wait_ready()
    desk.tab_to(new_visit)
    press("Enter")
    expect(desk.page.get_by_role("dialog").get_by_label("Фамилия, имя, отчество")).to_be_focused()
    write(PATIENT)
    press("Tab")
    write(IIN)
    expect(desk.page.get_by_role("dialog").get_by_label("Дата рождения")).to_have_value("1985-05-15")
    press("Enter")

    desk.talk_at_once()
    desk.said("через четыре дня")
    desk.finish()
    return desk


def values(desk: Desk, *keys: str) -> dict[str, Any]:
    fields = desk.draft()["record"]["fields"]
    return {key: fields[key]["value"] for key in keys}


def test_it_says_whose_record_it_is(visit: Desk) -> None:
    banner = visit.page.locator(".whose")
    for text in (PATIENT, IIN, f"{BORN}, 41 год", "женский", DOCTOR):
        expect(banner).to_contain_text(text)
    patient = visit.draft()["record"]["context"]["patient"]
    assert patient == {"name": PATIENT, "iin": IIN, "birth_date": "1985-05-15", "sex": "female"}


def test_words_were_shown_while_they_were_said(visit: Desk) -> None:
    partials = visit.messages("partial")
    finals = visit.messages("final")
    assert len(finals) >= 3
    assert any(partial["text"] for partial in partials)
    first = next(n for n, message in enumerate(visit.told) if message["type"] == "partial" and message["text"])
    assert first < visit.told.index(finals[-1])
    shown = [filled["draft"]["record"]["fields"]["systolic"]["value"] for filled in visit.messages("record")]
    assert 122 in shown


def test_the_form_holds_what_was_said(visit: Desk) -> None:
    assert values(visit, *MEASURED) == MEASURED
    fields = visit.draft()["record"]["fields"]
    assert {key for key, field in fields.items() if field["status"] == "empty"} == NOT_SAID
    (diagnosis,) = fields["diagnosis"]["value"]
    assert (diagnosis["role"], diagnosis["icd10"]) == ("main", "J20.9")
    (drug,) = fields["medications"]["value"]
    assert (drug["name"], drug["dose"], drug["unit"], drug["route"]) == ("ацетилцистеин", 600, "мг", "внутрь")
    # What is not heard may be missing, and then asks for a look; it is never another number.
    how_often = (drug["times_per_day"], drug["duration_days"])
    assert how_often == (1, 7) or (drug["status"] == "check" and set(how_often) <= {1, 7, None})
    assert [one["text"] for one in fields["examinations"]["value"]] == ["флюорография"]
    allergies = [(one["substance"], one["reaction"]) for one in visit.draft()["record"]["allergies"]]
    assert allergies == [("аспирин", "бронхоспазм")] or "allergies" in visit.draft()["open_checks"]
    for key, shown in SHOWN.items():
        expect(visit.value(key)).to_have_text(shown)
    for key in NOT_SAID:
        expect(visit.value(key)).to_contain_text("не продиктовано")
    expect(visit.card("diagnosis")).to_contain_text("J20.9")
    expect(visit.card("medications")).to_contain_text("600 мг")


def test_every_sample_that_the_page_was_given_is_on_the_server(visit: Desk) -> None:
    given, held = heard(visit.page), kept(visit.page, visit.record)
    assert len(held) > 41 * RATE
    assert is_piece_of(held, given)


def test_a_value_lights_its_words_and_plays_its_sound(visit: Desk) -> None:
    visit.to_card("heart-rate")
    (said,) = visit.draft()["record"]["fields"]["heart-rate"]["evidence"]
    with visit.page.expect_response(re.compile("/audio")) as answer:
        visit.page.keyboard.press("F4")
    lit = visit.page.locator(".transcript .lit")
    expect(lit.last).to_be_visible()
    assert " ".join(lit.all_inner_texts()).lower().strip(" ,.") == "пульс восемьдесят пять"
    asked = {name: float(value) for name, (value,) in parse_qs(urlsplit(answer.value.url).query).items()}
    # Three tenths of a second on both sides.
    assert asked == pytest.approx({"start": said["start"] - 0.3, "end": said["end"] + 0.3}, abs=0.001)
    played = visit.page.evaluate("window.played")
    assert played == pytest.approx(asked["end"] - asked["start"], abs=0.05)
    sound = np.frombuffer(visit.page.request.get(answer.value.url).body()[44:], "<i2")
    held = kept(visit.page, visit.record)
    first = round(asked["start"] * RATE)
    np.testing.assert_allclose(sound[:8000], held[first : first + 8000], atol=1)


# The middle and the corners of a card are the card's own: nothing lies over it.
CLEAR = """node => {
  const { left, right, top, bottom } = node.getBoundingClientRect();
  const places = [[left + 8, top + 4], [right - 8, bottom - 4], [(left + right) / 2, (top + bottom) / 2]];
  return places.every(([x, y]) => node.contains(document.elementFromPoint(x, y)));
}"""
UNDER = """node => {
  const bar = document.querySelector(".controls").getBoundingClientRect();
  let scroller = node.parentElement;
  while (scroller.parentElement && getComputedStyle(scroller).overflowY !== "auto") scroller = scroller.parentElement;
  scroller.scrollBy(0, node.getBoundingClientRect().top - bar.top + 10);
}"""


@pytest.mark.parametrize("size", [(360, 740), (640, 400), (1280, 800)], ids=["phone", "large", "desktop"])
def test_a_card_that_is_played_lies_clear_of_the_bars(visit: Desk, size: tuple[int, int]) -> None:
    # A message that goes by itself may lie over a card as long as it is there.
    expect(visit.page.locator("#news")).to_be_empty()
    visit.page.emulate_media(reduced_motion="reduce")
    visit.page.set_viewport_size({"width": size[0], "height": size[1]})
    under = 0
    for key in ("heart-rate", "objective", "examinations"):
        card = visit.card(key)
        card.evaluate(UNDER)
        under += not card.evaluate(CLEAR)
        card.get_by_role("button", name=re.compile("^Прослушать")).first.evaluate("button => button.click()")
        visit.page.wait_for_function(CLEAR, arg=card.element_handle())
    assert under
    visit.page.keyboard.press("Escape")
    visit.page.set_viewport_size({"width": 1280, "height": 800})


def test_a_number_is_put_in_by_hand_and_taken_back(visit: Desk) -> None:
    press = visit.page.keyboard.press
    visit.to_card("weight")
    press("Enter")
    visit.page.keyboard.type("72,5")
    press("Enter")
    expect(visit.value("weight")).to_have_text("72,5 кг")
    expect(visit.card("weight")).to_be_focused()
    assert values(visit, "weight") == {"weight": 72.5}
    press("Control+z")
    expect(visit.value("weight")).to_contain_text("не продиктовано")
    press("Control+Shift+z")
    expect(visit.value("weight")).to_have_text("72,5 кг")
    press("Control+z")
    expect(visit.value("weight")).to_contain_text("не продиктовано")


def test_what_is_being_typed_is_kept_when_the_record_is_left(visit: Desk) -> None:
    """Back in the browser takes the keyboard out of nothing, and so saves nothing by itself."""
    press, record = visit.page.keyboard.press, visit.record
    visit.to_card("weight")
    press("Enter")
    visit.page.keyboard.type("64")
    visit.page.evaluate("location.hash = ''")
    expect(visit.button("Новый приём")).to_be_visible()
    visit.page.evaluate("id => { location.hash = `#/record/${id}`; }", record)
    expect(visit.value("weight")).to_have_text("64 кг")
    press("Control+z")
    expect(visit.value("weight")).to_contain_text("не продиктовано")


def test_what_is_no_number_is_not_taken(visit: Desk) -> None:
    press = visit.page.keyboard.press
    visit.to_card("height")
    press("Enter")
    visit.page.keyboard.type("сто")
    press("Enter")
    expect(visit.card("height").get_by_role("alert")).to_have_text("Это не число")
    expect(visit.card("height").get_by_role("textbox")).to_be_focused()
    press("Escape")
    expect(visit.value("height")).to_contain_text("не продиктовано")


def test_a_text_changed_by_hand_keeps_what_was_dictated(visit: Desk) -> None:
    dictated = values(visit, "recommendations")["recommendations"]
    visit.to_card("recommendations")
    visit.page.keyboard.press("Enter")
    visit.page.keyboard.press("Control+a")
    visit.page.keyboard.type("Обильное тёплое питьё.")
    visit.page.keyboard.press("Control+Enter")
    card = visit.card("recommendations")
    expect(visit.value("recommendations")).to_have_text("Обильное тёплое питьё.")
    expect(card.locator(".original")).to_contain_text(dictated)
    (change,) = visit.draft()["record"]["review"]["changes"]
    assert (change["field"], change["before"], change["value"]) == (
        "recommendations",
        dictated,
        "Обильное тёплое питьё.",
    )
    assert change["by"] == DOCTOR
    visit.tab_to(card.get_by_role("button", name="Вернуть"))
    visit.page.keyboard.press("Enter")
    expect(visit.value("recommendations")).to_have_text(dictated)
    assert visit.draft()["record"]["review"]["changes"] == []


def test_another_code_is_found_and_put_back(visit: Desk) -> None:
    press = visit.page.keyboard.press
    visit.to_card("diagnosis")
    press("Enter")
    code = visit.card("diagnosis").get_by_role("combobox", name="Код МКБ-10")
    visit.tab_to(code)
    press("Control+a")
    visit.page.keyboard.type("j40")
    options = visit.card("diagnosis").get_by_role("listbox").get_by_role("option")
    expect(options.first).to_contain_text("J40")
    press("ArrowDown")
    press("Enter")
    expect(code).to_have_value("J40")
    press("Control+Enter")
    expect(visit.card("diagnosis").locator(".items .code").first).to_have_text("J40")
    (chosen,) = values(visit, "diagnosis")["diagnosis"]
    assert (chosen["icd10"], chosen["title"]) == ("J40", "Бронхит, не уточненный как острый или хронический")
    press("Control+z")
    expect(visit.card("diagnosis").locator(".items .code").first).to_have_text("J20.9")


def test_it_is_not_signed_before_every_check_is_confirmed(visit: Desk) -> None:
    """The last of this file to change the record: it is signed and printed."""
    press = visit.page.keyboard.press
    draft = visit.draft()
    opened = draft["open_checks"]
    assert opened
    refused = visit.page.request.post(
        f"{origin(visit.page)}/api/v1/records/{visit.record}/sign", data={"version": draft["version"]}
    )
    assert (refused.status, refused.json()["error"]["code"]) == (409, "unconfirmed")
    assert refused.json()["error"]["open"] == opened
    expect(visit.button("Подписать")).to_have_attribute("aria-disabled", "true")
    press("Control+Shift+Enter")
    expect(visit.page.locator(".controls .state")).to_contain_text("Нельзя подписать")
    assert visit.draft()["signature"] is None

    visit.page.keyboard.press("F8")
    for left in range(len(opened), 0, -1):
        expect(visit.page.locator(".checks .left")).to_contain_text(f" {left} ")
        expect(visit.page.locator(".field.check:focus")).to_be_visible()
        press("Control+Enter")
    expect(visit.page.locator(".checks .left")).to_have_text("Всё проверено")
    assert sorted(visit.draft()["confirmed"]) == sorted(opened)
    press("Control+Shift+Enter")
    expect(visit.page.locator(".stage")).to_contain_text("Подписано")
    signed = visit.draft()
    assert signed["signature"]["doctor"] == DOCTOR
    assert signed["signature"]["version"] == signed["version"]


def test_the_signed_record_is_printed(visit: Desk) -> None:
    visit.tab_to(visit.page.get_by_role("link", name="Печать"))
    with visit.page.context.expect_page() as opened:
        visit.page.keyboard.press("Enter")
    paper = opened.value.locator("body")
    for text in (
        PATIENT,
        IIN,
        "37,5",
        "122",
        "78",
        "85",
        "J20.9",
        re.compile("ацетилцистеин 600 мг внутрь", re.IGNORECASE),
        "флюорография",
        "через 4 дня",
    ):
        expect(paper).to_contain_text(text)
    opened.value.close()


def test_it_is_there_after_loading_anew_and_found_in_the_list(visit: Desk) -> None:
    visit.page.reload()
    expect(visit.value("systolic")).to_have_text(SHOWN["systolic"], timeout=PATIENCE)
    visit.page.get_by_role("link", name="Записи").click()
    visit.page.get_by_label("Пациент: имя или ИИН").fill("омарова")
    row = visit.page.get_by_role("row").filter(has_text=PATIENT)
    expect(row).to_contain_text("Подписана")
    row.get_by_role("link", name=PATIENT).click()
    for key, shown in SHOWN.items():
        expect(visit.value(key)).to_have_text(shown)
    expect(visit.page.locator(".stage")).to_contain_text("Подписано")


def test_nothing_was_asked_of_another_machine_and_nothing_complained(
    visit: Desk, workstation: Workstation, watched: Watched
) -> None:
    assert watched.hosts == {f"127.0.0.1:{workstation.port}"}
    assert watched.complaints == []
