"""The pictures of the workstation in the documentation, made anew.

    python -m benchmarks.screenshots [--recording tests/recordings/visit.opus] [--out docs/pictures]

A workstation with an empty store is started, a visit is dictated into it from the recording in real time (in Debian's
Chromium, `apt-get install chromium`), and the page is photographed on a desktop and on a phone: while it is dictated,
while it is checked, the list of records, the printed form. A picture above 150 KB is refused.
"""

from __future__ import annotations

import argparse
import io
import shutil
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, ViewportSize, expect, sync_playwright

from benchmarks.workstation import opened
from tests.workstation.browser.desk import DOCTOR, IIN, PATIENCE, PATIENT, Desk
from tests.workstation.browser.microphone import FakeMicrophone

_DESKTOP: ViewportSize = {"width": 1280, "height": 800}
_PHONE: ViewportSize = {"width": 390, "height": 780}
_LARGEST = 150_000
_COLOURS = 128
# Said when the pictures of dictating are taken, and at the end of the recording.
_MIDDLE, _END = "сатурация", "через четыре дня"


def main() -> None:
    parser = argparse.ArgumentParser(description="Photograph the workstation for the documentation.")
    parser.add_argument("--recording", type=Path, default=Path("tests/recordings/visit.opus"))
    parser.add_argument("--out", type=Path, default=Path("docs/pictures"))
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder)) as workstation:
        _photograph(workstation.address, given.recording, Path(folder), given.out)


def _photograph(address: str, recording: Path, folder: Path, out: Path) -> None:
    microphone = FakeMicrophone(folder / "heard.wav")
    microphone.plays(recording)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=[
                "--no-sandbox",
                "--use-fake-device-for-media-stream",
                f"--use-file-for-fake-audio-capture={microphone.path}%noloop",
            ],
        )
        context = browser.new_context(locale="ru-RU", timezone_id="Asia/Almaty", viewport=_DESKTOP)
        context.grant_permissions(["microphone"])
        desk = Desk(context.new_page())
        desk.open(address)
        desk.begin_visit(**{"Фамилия, имя, отчество": PATIENT, "ИИН": IIN})
        desk.talk_at_once()
        desk.said(_MIDDLE)
        expect(desk.page.locator(".tail .unstable")).not_to_be_empty(timeout=PATIENCE)
        _take(desk.page, out / "dictating.png")
        _take(desk.page, out / "dictating-phone.png", _PHONE)
        desk.said(_END)
        desk.finish()
        desk.to_card("medications")
        desk.page.keyboard.press("F4")
        expect(desk.page.locator(".transcript .lit").first).to_be_visible()
        expect(desk.page.locator("#news")).to_be_empty(timeout=PATIENCE)
        _take(desk.page, out / "visit-desktop.png")
        _take(desk.page, out / "visit-phone.png", _PHONE)
        with context.expect_page() as opened:
            desk.page.get_by_role("link", name="Печать").click()
        opened.value.set_viewport_size({"width": 900, "height": 1100})
        _take(opened.value, out / "print.png")
        opened.value.close()
        desk.page.get_by_role("link", name="Записи").click()
        expect(desk.page.get_by_role("row").filter(has_text=DOCTOR)).to_be_visible()
        _take(desk.page, out / "records.png")
        browser.close()


def _take(page: Page, path: Path, size: ViewportSize | None = None) -> None:
    before = page.viewport_size
    if size:
        page.set_viewport_size(size)
    with Image.open(io.BytesIO(page.screenshot(animations="disabled"))) as taken:
        taken.convert("RGB").quantize(_COLOURS).save(path, optimize=True)
    if size and before:
        page.set_viewport_size(before)
    size_on_disk = path.stat().st_size
    if size_on_disk > _LARGEST:
        raise SystemExit(f"{path}: {size_on_disk} bytes, more than {_LARGEST}")
    print(f"{path}: {size_on_disk} bytes")


if __name__ == "__main__":
    main()
