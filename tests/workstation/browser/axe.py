"""axe-core, the accessibility checker of npm, kept in the user's cache."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path
from playwright.sync_api import Page

from tests.support import lacking, need, one_at_a_time

VERSION = "4.14.1"

# WCAG 2.0, 2.1 and 2.2, levels A and AA.
_RUN = """async () => {
  const found = await axe.run(document, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], resultTypes: ["violations"],
  });
  if (found.passes.length < 10) throw new Error("the checker looked at nothing");
  return found.violations.map(({ id, help, nodes }) => ({
    id, help, nodes: nodes.slice(0, 3).map(({ target, failureSummary }) => `${target}: ${failureSummary}`),
  }));
}"""


def script() -> Path:
    """The checker, installed if it is not there."""
    folder = user_cache_path("dictation-tests") / f"axe-core-{VERSION}"
    found = folder / "node_modules" / "axe-core" / "axe.min.js"
    command = [need("npm"), "install", "--prefix", str(folder), "--no-audit", "--no-fund", f"axe-core@{VERSION}"]
    with one_at_a_time("axe-core"):
        if not found.is_file():
            folder.mkdir(parents=True, exist_ok=True)
            if subprocess.run(command, capture_output=True, check=False).returncode:
                lacking("axe-core of npm")
    return found


def violations(page: Page) -> list[dict[str, Any]]:
    """What it has against the page as it stands; the page was opened with `script` in it."""
    found: list[dict[str, Any]] = page.evaluate(_RUN)
    return found
