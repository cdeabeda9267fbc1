"""A watched folder: whole files, the same names every time, and no folder made where none is."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta, timezone
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from dictation.mis.document import Document, document_of
from dictation.mis.ends import LaterError, open_end
from dictation.mis.identity import Systems
from dictation.mis.profiles import Profile
from dictation.store import Store
from tests.mis.outgoing import signed, visit


@pytest.fixture
def document(store: Store) -> Document:
    return document_of(store, signed(store, visit(1)), systems=Systems())


def test_four_files_the_record_last(document: Document, tmp_path: Path) -> None:
    folder = tmp_path / "приём"
    folder.mkdir()
    end = open_end(Profile(url=folder.as_uri()))
    name = "00000000-0000-0000-0000-000000000002.v1"
    for _ in range(2):
        assert end.send(document).place == f"{name}.record.json"
    written = {path.name: path for path in folder.iterdir()}
    assert set(written) == {f"{name}.record.json", f"{name}.bundle.json", f"{name}.html", f"{name}.pdf"}
    assert json.loads(written[f"{name}.record.json"].read_text(encoding="utf-8")) == document.record
    assert json.loads(written[f"{name}.bundle.json"].read_text(encoding="utf-8")) == document.bundle
    assert written[f"{name}.html"].read_text(encoding="utf-8") == document.page + "\n"
    assert written[f"{name}.pdf"].read_bytes() == document.pdf()
    last = written[f"{name}.record.json"].stat().st_mtime_ns
    assert all(path.stat().st_mtime_ns <= last for path in written.values())


def test_the_papers_say_who_signed_and_what_was_confirmed(document: Document) -> None:
    when = datetime.fromisoformat(document.statement["signed"]).astimezone(timezone(timedelta(hours=5)))
    signed_by = f"Қол қойылды / Подписано: Ахметова Г. С., {when:%d.%m.%Y %H:%M} +0500"
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(document.pdf())).pages)
    html = " ".join(re.sub("<[^>]+>", "", document.page).split())
    for paper in (" ".join(text.split()), html):
        assert "Черновик" not in paper
        assert signed_by in paper
        assert "внутренняя подпись программы, не ЭЦП" in paper
        assert f"версия 1, SHA-256 {document.statement['record_sha256']}" in paper
        assert "Температура тела: значение необычно для возраста" in paper


@pytest.mark.parametrize("ending", ["html", "pdf"])
def test_what_cannot_be_written_is_waited_for(document: Document, tmp_path: Path, ending: str) -> None:
    (tmp_path / f"{document.name}.{ending}").mkdir()
    end = open_end(Profile(url=tmp_path.as_uri()))
    with pytest.raises(LaterError, match="cannot be written"):
        end.send(document)
    assert not (tmp_path / f"{document.name}.record.json").exists()
    assert [path for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_share_that_is_not_connected_is_waited_for(document: Document, tmp_path: Path) -> None:
    end = open_end(Profile(url=(tmp_path / "share").as_uri()))
    with pytest.raises(LaterError, match="no such folder; make it, or connect the share"):
        end.send(document)
    assert not (tmp_path / "share").exists()
