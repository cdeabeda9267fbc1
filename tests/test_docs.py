"""The examples of the documentation run, in the order they stand in."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.support import ROOT

_BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def python_blocks(document: Path) -> list[str]:
    return _BLOCK.findall(document.read_text(encoding="utf-8"))


def _run(document: Path) -> int:
    """Runs every Python block of a document in one namespace; how many there were. The one that listens to a
    microphone is run where there is a sound server (test_listen.py)."""
    namespace: dict[str, object] = {}
    blocks = [block for block in python_blocks(document) if "Microphone" not in block]
    for block in blocks:
        exec(compile(block, str(document), "exec"), namespace)
    return len(blocks)


def test_the_pipeline_is_as_its_document_says() -> None:
    assert _run(ROOT / "docs" / "pipeline.md") == 8


@pytest.mark.slow
@pytest.mark.parametrize("document", ["README.md", "docs/vendors.md"])
def test_the_library_is_as_its_document_says(
    document: str, short_recording: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(short_recording, tmp_path / "visit.opus")
    monkeypatch.chdir(tmp_path)
    assert _run(ROOT / document) == 1


def test_every_document_that_is_linked_exists() -> None:
    for document in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))):
        for link in re.findall(r"\]\(([^)#]+)\)", document.read_text(encoding="utf-8")):
            if not link.startswith("http"):
                assert (document.parent / link).exists(), f"{document.name}: {link}"
