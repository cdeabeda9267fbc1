"""Retention, and deletion that leaves nothing in the decrypted pages of the file or its log."""

from __future__ import annotations

import re
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from dictation.errors import UsageError
from dictation.store import Removed, Retention, Store, open_store
from dictation.store.pages import PAGE
from tests.store.support import COMPLAINTS, IIN, NAME, record

ID = str(record().id)


def in_days(days: float) -> datetime:
    return datetime.now(UTC) + timedelta(days=days)


def decrypted(store: Store) -> bytes:
    """Every page of the file and of the log beside it in plain, used or free (SQLCipher 4: AES-256-CBC a page)."""
    path, plain = Path(store.name), b""
    log = Path(f"{path}-wal").read_bytes() if Path(f"{path}-wal").exists() else b""
    frames = [log[at + 24 : at + 24 + PAGE] for at in range(32, len(log), 24 + PAGE)]
    content = path.read_bytes()
    for page in (*(content[at : at + PAGE] for at in range(0, len(content), PAGE)), *frames):
        vector = page[-80:-64]
        for skipped in (0, 16):
            body = page[skipped:-80]
            decryptor = Cipher(AES(store.kept.key.secret), CBC(vector)).decryptor()
            plain += decryptor.update(body) + decryptor.finalize()
    return plain


def test_sound_goes_after_thirty_days_and_the_record_stays(store: Store) -> None:
    journal = store.begin("052u-visit")
    journal.audio(np.ones(16_000 * 2, np.int16))
    journal.event(1.0, "focus", {})
    journal.close(record())
    assert store.retention == Retention(audio=30, records=None)
    assert store.tidy(in_days(29.9)) == Removed(0, 0)
    assert len(list(store.audio(journal.id))) == 4
    assert store.tidy(in_days(30.1)) == Removed(1, 0)
    assert list(store.audio(journal.id)) == []
    assert store.record(ID) == record()
    assert len(store.events(journal.id)) == 1
    assert store.tidy(in_days(31)) == Removed(0, 0)
    deleted = [entry for entry in store.audit.entries() if entry.action == "deleted"]
    assert [(entry.subject, dict(entry.detail)) for entry in deleted] == [(journal.id, {"what": "audio", "days": 30})]


def test_an_unfinished_dictation_is_never_deleted_by_age(store: Store) -> None:
    with store.begin("052u-visit") as journal:
        journal.audio(np.ones(16_000, np.int16))
    store.set_retention(Retention(audio=0, records=0))
    assert store.tidy(in_days(1000)) == Removed(0, 0)
    assert [unfinished.id for unfinished in store.unfinished()] == [journal.id]


def test_the_clinic_sets_how_long_for_everybody(store: Store) -> None:
    store.save(record(created="2026-11-01T12:00:00Z"))
    store.set_retention(Retention(audio=None, records=25))
    assert store.acting_as("другой").retention == Retention(audio=None, records=25)
    assert store.tidy(datetime(2026, 11, 26, 11, tzinfo=UTC)) == Removed(0, 0)
    assert store.tidy(datetime(2026, 11, 26, 13, tzinfo=UTC)) == Removed(0, 1)
    assert store.records() == []
    with pytest.raises(UsageError, match="give 0 or more"):
        Retention(audio=-1)


def test_nothing_of_a_deleted_record_is_left_in_the_pages(store: Store) -> None:
    others = record(id="00000000-0000-4000-8000-000000000001", transcript={"text": "остаётся", "utterances": []})
    store.save(others)
    journal = store.begin("052u-visit", "ru", record().context)
    # Sound that FLAC can only keep as it is, so that it is to be found in the pages.
    sound = np.random.default_rng(1).integers(-32768, 32767, 200, dtype=np.int16)
    journal.audio(sound)
    journal.event(0.0, "command", {"text": "особая примета"})
    journal.close(record())
    store.save(record(findings=[]))
    store.delete_record(str(others.id))
    secrets = [text.encode() for text in (COMPLAINTS, NAME, NAME.casefold(), "особая примета")]
    secrets += [IIN.encode(), sound.tobytes()[:64], sound.tobytes()[200:264]]
    before = decrypted(store)
    assert [secret in before for secret in secrets] == [True] * len(secrets)
    assert "остаётся".encode() not in before
    store.delete_record(ID)
    after = decrypted(store)
    assert [secret in after for secret in secrets] == [False] * len(secrets)
    assert b"audit" in after


def test_the_file_shrinks_when_sound_is_deleted(store: Store) -> None:
    journal = store.begin("052u-visit")
    journal.audio(np.random.default_rng(2).integers(-9000, 9000, 16_000 * 30, dtype=np.int16))
    journal.close(record())
    store.tidy(in_days(1))
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    full = Path(store.name).stat().st_size
    store.tidy(in_days(40))
    assert full > 800_000
    assert Path(store.name).stat().st_size < 200_000


def test_nothing_dictated_can_be_read_in_the_files_of_the_store(store: Store, home: Path, tmp_path: Path) -> None:
    journal = store.begin("052u-visit", "ru", record().context, "whisper-base")
    journal.audio(np.zeros(16_000, np.int16))
    journal.event(0.5, "command", {"text": COMPLAINTS})
    journal.close(record())
    store.sign(ID, doctor="Ахметова", confirmed=("temperature",))
    store.backup(tmp_path / "backup.db")
    content = b"".join(path.read_bytes() for path in [*home.rglob("*"), tmp_path / "backup.db"] if path.is_file())
    assert len(content) > 100_000
    for text in (IIN, NAME, "грудин", "complaints", "052u-visit", "Ахметова", "CREATE TABLE", "SQLite format"):
        for encoding in ("utf-8", "utf-16-le", "cp1251"):
            try:
                assert text.encode(encoding) not in content, text
            except UnicodeEncodeError:
                continue
    # No run of fourteen or more letters as a text would have them.
    assert re.findall(rb"[a-z ]{14,}", content) == []


def test_a_long_deletion_lets_a_live_dictation_in_between(store: Store, home: Path) -> None:
    sound = np.random.default_rng(3).integers(-9000, 9000, 16_000 * 240, dtype=np.int16)
    old = store.begin("052u-visit")
    old.audio(sound)
    old.close()
    with open_store(home=home) as other, other.begin("052u-visit") as journal:
        deleting = threading.Thread(target=store.delete_dictation, args=(old.id,))
        deleting.start()
        waits = []
        while deleting.is_alive():
            begun = time.monotonic()
            journal.audio(sound[:4000])
            journal.flush()
            waits.append(time.monotonic() - begun)
        deleting.join()
    assert len(waits) > 2
    assert max(waits) < 1.0
