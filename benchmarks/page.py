"""What the page costs: how much is sent, in how many requests, and how soon it can be used.

    python -m benchmarks.page [--loads 7] [--json]

A workstation with an empty store, and Debian's Chromium (`apt-get install chromium`) that opens the printed address:
`cold` with an empty cache, `warm` a second time in the same browser. Printed are the medians: requests, bytes on the
wire (headers and bodies, as the browser counts them), bytes of the bodies when unpacked, and milliseconds from the
opening of the address until the entrance can be typed into.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import tempfile
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from benchmarks.workstation import opened

_READY = """() => new Promise((told) => {
  const look = () => document.activeElement.matches(".entrance input") ? told(performance.now())
    : requestAnimationFrame(look);
  look();
})"""


@dataclass(frozen=True)
class Load:
    """One opening of the page."""

    requests: float
    sent: float
    unpacked: float
    milliseconds: float


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the loading of the workstation's page.")
    parser.add_argument("--loads", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder)) as workstation:
        figures = {name: asdict(load) for name, load in _measured(workstation.address, given.loads).items()}
    if given.json:
        print(json.dumps(figures, indent=2))
        return
    for name, load in figures.items():
        print(
            f"{name}: {load['requests']:.0f} requests, {load['sent'] / 1024:.1f} KB sent, "
            f"{load['unpacked'] / 1024:.1f} KB unpacked, ready after {load['milliseconds']:.0f} ms"
        )


def _measured(address: str, loads: int) -> dict[str, Load]:
    cold, warm = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for _ in range(loads):
            context = browser.new_context()
            cold.append(_load(context, address))
            warm.append(_load(context, address))
            context.close()
        browser.close()
    return {"cold": _median(cold), "warm": _median(warm)}


def _load(context: BrowserContext, address: str) -> Load:
    page = context.new_page()
    counted = _counted(page)
    page.goto(address)
    milliseconds = page.evaluate(_READY)
    expect(page.locator(".entrance form")).to_be_visible()
    page.wait_for_load_state("networkidle")
    page.close()
    return Load(counted["requests"], counted["sent"], counted["unpacked"], milliseconds)


def _counted(page: Page) -> dict[str, int]:
    """Counts what the page loads, from now on."""
    counted = {"requests": 0, "sent": 0, "unpacked": 0}
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")

    def requested(_: Any) -> None:
        counted["requests"] += 1

    def unpacked(event: dict[str, Any]) -> None:
        counted["unpacked"] += event["dataLength"]

    def finished(event: dict[str, Any]) -> None:
        counted["sent"] += event["encodedDataLength"]

    session.on("Network.requestWillBeSent", requested)
    session.on("Network.dataReceived", unpacked)
    session.on("Network.loadingFinished", finished)
    return counted


def _median(loads: list[Load]) -> Load:
    return Load(*(statistics.median(getattr(load, one.name) for load in loads) for one in fields(Load)))


if __name__ == "__main__":
    main()
