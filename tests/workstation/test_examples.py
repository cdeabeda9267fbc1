"""The examples for vendors: the client runs, the embedding page asks for what there is."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from dictation.session import Dictation
from dictation.store import Store
from tests.support import ROOT
from tests.workstation.serving import served

EXAMPLES = ROOT / "docs" / "examples"
VENDOR = "http://127.0.0.1:9999"


def run_client(store: Store, dictation: Dictation, recording: Path) -> str:
    """What the example prints."""
    with served(store, dictation) as running:
        done = subprocess.run(
            [sys.executable, str(EXAMPLES / "client.py"), running.base, "Ахметова Г. С.", str(recording)],
            env={**os.environ, "DICTATION_TOKEN": running.settings.token, "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            encoding="utf-8",
            timeout=300,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_client_goes_the_whole_way(store: Store, dictation: Dictation, short_recording: Path) -> None:
    """With a model whose words mean nothing here, but come quickly."""
    printed = run_client(store, dictation, short_recording)
    assert "weight: 71.5 [ok ]" in printed
    assert "bundle: Patient" in printed
    (listed,) = store.records()
    assert (listed.patient_name, listed.visit, listed.version) == ("Иванов И. И.", "42", 2)
    assert store.versions(listed.id)[1].saved_by == "Ахметова Г. С."
    assert listed.dictation is not None
    assert sum(len(block) for block in store.audio(listed.dictation)) == pytest.approx(8 * 16_000, rel=0.01)


@pytest.mark.slow
def test_the_client_with_the_embedded_model(store: Store, short_recording: Path) -> None:
    printed = run_client(store, Dictation(), short_recording)
    assert re.search(r"^complaints: \S", printed, re.MULTILINE), printed
    assert re.search(r"^sound of the first value: [1-9]\d{3,} bytes$", printed, re.MULTILINE), printed


def test_the_page_to_embed_asks_for_what_there_is(store: Store, dictation: Dictation) -> None:
    page = (EXAMPLES / "embed.html").read_text(encoding="utf-8")
    assert re.findall(r"""(?:src|href)=["'](?!about:)""", page) == []
    assert set(re.findall(r"""ask\([`"'](/[^`"',?]+)""", page)) == {"/records/search", "/records/${id}/bundle"}
    with served(store, dictation, allowed_origins=frozenset({VENDOR})) as running:
        asked = {"authorization": f"Bearer {running.settings.token}", "x-dictation-doctor": "A", "origin": VENDOR}
        path = f"{running.base}/api/v1/records/search"
        preflight = httpx.options(path, headers={"origin": VENDOR, "access-control-request-method": "POST"})
        answer = httpx.post(path, headers=asked, json={"patient": "800517300127", "limit": 1})
        assert (preflight.status_code, answer.status_code) == (204, 200)
        assert answer.headers["access-control-allow-origin"] == VENDOR
        assert f"frame-ancestors 'self' {VENDOR}" in httpx.get(running.base).headers["content-security-policy"]
        foreign = httpx.post(path, headers={**asked, "origin": "http://evil.example"}, json={})
        assert foreign.status_code == 403
