"""Records: every version kept as it was, found by patient and day, deleted for good; frozen by a signature."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import UTC, date, datetime
from importlib.metadata import version
from uuid import uuid4

import numpy as np
import pytest
from sqlalchemy import update

from dictation.errors import ChangedError, DamagedStoreError, SigningError, StoreError
from dictation.forms.context import Context, Patient
from dictation.store import Search, Store, open_checks
from dictation.store.canonical import canonical
from dictation.store.tables import record_versions
from tests.store.support import IIN, NAME, record
from tests.support import ROOT

ID = str(record().id)


def test_every_version_stays_as_it_was_saved(store: Store) -> None:
    first, second = record(), record(findings=[])
    assert (store.save(first), store.save(first), store.save(second), store.save(first)) == (1, 1, 2, 3)
    assert [store.record(ID, version) for version in (1, 2, 3, None)] == [first, second, first, first]
    assert [(v.version, v.based_on, v.saved_by, v.signed_by) for v in store.versions(ID)] == [
        (1, None, "врач Ахметова", None),
        (2, 1, "врач Ахметова", None),
        (3, 2, "врач Ахметова", None),
    ]


def test_the_hash_is_of_the_json_with_keys_in_order_and_no_spaces(store: Store) -> None:
    store.save(record())
    written = json.dumps(
        json.loads(record().model_dump_json()), ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    assert store.versions(ID)[0].sha256 == hashlib.sha256(written.encode("utf-8")).hexdigest()


def test_what_is_not_there_is_said_so(store: Store) -> None:
    store.save(record())
    with pytest.raises(StoreError, match=f"no version 2 of record {ID}"):
        store.record(ID, 2)
    other = str(uuid4())
    for call in (store.record, store.export, store.delete_record):
        with pytest.raises(StoreError, match=f"no record {other}"):
            call(other)
    with pytest.raises(StoreError, match=f"no record {other}"):
        store.sign(other, doctor="Ахметова")


@pytest.mark.parametrize(
    ("search", "found"),
    [
        (Search(), ["22", "21", "20"]),
        (Search(patient=IIN), ["22"]),
        (Search(patient="айгүл"), ["22", "21"]),
        (Search(patient="100%"), []),
        (Search(since=date(2026, 11, 21)), ["22", "21"]),
        (Search(until=date(2026, 11, 21)), ["21", "20"]),
        (Search(since=date(2026, 11, 21), until=date(2026, 11, 21)), ["21"]),
        (Search(signed=True), ["21"]),
        (Search(signed=False), ["22", "20"]),
        (Search(limit=1), ["22"]),
        (Search(form="другая"), []),
    ],
)
def test_search(store: Store, search: Search, found: list[str]) -> None:
    patients = {20: None, 21: Patient(name="СЕЙТҚАЛИ АЙГҮЛ"), 22: Patient(name=NAME, iin=IIN)}
    for day, patient in patients.items():
        made = record(
            id=str(uuid4()), created=f"2026-11-{day}T12:00:00Z", context=Context(patient=patient or Patient())
        )
        store.save(made)
        if day == 21:
            store.sign(str(made.id), doctor="Ахметова", confirmed=("temperature",))
    assert [f"{listed.created:%d}" for listed in store.records(search)] == found


def test_a_deleted_record_takes_its_dictation_with_it(store: Store) -> None:
    journal = store.begin("052u-visit")
    journal.audio(np.ones(16_000 * 70, np.int16))
    journal.close(record())
    assert [listed.dictation for listed in store.records()] == [journal.id]
    store.delete_record(ID)
    assert store.records() == []
    with pytest.raises(StoreError, match="no dictation"):
        store.audio(journal.id)
    with store.engine.begin() as connection:
        for table in ("audio_chunks", "record_versions", "dictations"):
            assert connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() == 0


def test_what_needs_checking_must_be_confirmed_by_name(store: Store) -> None:
    store.save(record(notices=[{"reason": "allergy"}]))
    assert open_checks(store.record(ID)) == ["temperature", "notices"]
    for confirmed, left in (((), "temperature, notices"), (("notices",), "temperature")):
        with pytest.raises(SigningError, match=f"confirmed first: {left}$"):
            store.sign(ID, doctor="Ахметова", confirmed=confirmed)
    with pytest.raises(SigningError, match="no field temprature to confirm"):
        store.sign(ID, doctor="Ахметова", confirmed=("temprature", "notices"))
    with pytest.raises(SigningError, match="doctor's name"):
        store.sign(ID, doctor="  ", confirmed=("temperature", "notices"))
    assert store.signature(ID) is None
    assert store.sign(ID, doctor="Ахметова", confirmed=("temperature", "notices")).version == 1


def test_doubtful_findings_and_allergies_are_confirmed_as_such() -> None:
    doubtful = record(
        findings=[{"text": "кашель", "status": "present", "check": ["low-confidence"]}],
        allergies=[{"substance": "пенициллин", "check": ["respelled"]}],
    )
    assert open_checks(doubtful) == ["temperature", "findings", "allergies"]


def test_a_signature_states_who_when_what_and_the_hashes(store: Store) -> None:
    sound = np.arange(20_000).astype(np.int16)
    journal = store.begin("052u-visit")
    journal.audio(sound)
    journal.close(record())
    before = datetime.now(UTC)
    signed = store.sign(ID, doctor=" Ахметова  Г. С. ", confirmed=("temperature",))
    assert before <= signed.signed <= datetime.now(UTC)
    assert signed == store.signature(ID) == store.signature(ID, 1)
    rules = hashlib.sha256()
    for path in sorted((ROOT / "grammars" / "ru").rglob("*.yaml")):
        name = path.relative_to(ROOT / "grammars" / "ru").as_posix()
        rules.update(f"{name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    assert signed.statement == {
        "record": ID,
        "version": 1,
        "replaces": None,
        "record_sha256": store.versions(ID)[0].sha256,
        "audio_sha256": hashlib.sha256(sound.astype("<i2").tobytes()).hexdigest(),
        "doctor": "Ахметова Г. С.",
        "signed": signed.signed.isoformat(timespec="microseconds"),
        "confirmed": ["temperature"],
        "recogniser": {"engine": "whisper", "model": "whisper-base", "sha256": "d0" * 32},
        "program": version("dictation"),
        "rules_sha256": rules.hexdigest(),
    }
    assert store.versions(ID)[0].signed_by == "Ахметова Г. С."


def test_what_an_older_program_kept_is_signed_under_the_hash_that_it_was_kept_under(store: Store) -> None:
    store.save(record())
    kept = json.loads(record().model_dump_json())
    del kept["review"]
    older = canonical(kept)
    digest = hashlib.sha256(older.encode("utf-8")).hexdigest()
    with store.engine.begin() as connection:
        connection.execute(update(record_versions).values(content=older, sha256=digest))
    assert store.record(ID) == record()
    assert store.sign(ID, doctor="Ахметова", confirmed=("temperature",)).statement["record_sha256"] == digest


def test_a_signed_version_is_signed_once_and_an_edit_makes_a_new_one_that_refers_to_it(store: Store) -> None:
    store.save(record())
    first = store.sign(ID, doctor="Ахметова", confirmed=("temperature",))
    with pytest.raises(SigningError, match="version 1 is signed already, by Ахметова"):
        store.sign(ID, doctor="Иванов", confirmed=("temperature",))
    edited = record(findings=[])
    assert store.save(edited) == 2
    assert store.versions(ID)[1].based_on == 1
    assert store.signature(ID, 2) is None
    assert (store.signature(ID), store.record(ID, 1)) == (first, record())
    second = store.sign(ID, doctor="Иванов", confirmed=("temperature",))
    assert (second.version, second.statement["replaces"]) == (2, 1)
    assert store.signature(ID) == second


def test_what_was_changed_after_it_was_signed_is_not_signed_any_more(store: Store) -> None:
    store.save(record())
    store.sign(ID, doctor="Ахметова", confirmed=("temperature",))
    assert [len(store.records(Search(signed=signed))) for signed in (True, False)] == [1, 0]
    store.save(record(findings=[]))
    assert [len(store.records(Search(signed=signed))) for signed in (True, False)] == [0, 1]
    (listed,) = store.records()
    assert (listed.version, listed.signed) == (2, 1)


def test_a_change_of_a_version_that_is_not_the_newest_is_refused(store: Store) -> None:
    assert store.save(record()) == 1
    assert store.save(record(findings=[]), based_on=1) == 2
    with pytest.raises(ChangedError, match="version 1 was changed since"):
        store.save(record(notices=[]), based_on=1)
    assert store.records()[0].version == 2


def test_a_version_that_was_changed_meanwhile_is_not_signed(store: Store) -> None:
    seen = store.save(record())
    store.save(record(findings=[]))
    with pytest.raises(SigningError, match="version 1 was changed since, version 2 is the newest"):
        store.sign(ID, doctor="Ахметова", confirmed=("temperature",), version=seen)


def test_an_external_signature_has_one_place(store: Store) -> None:
    store.save(record())
    with pytest.raises(StoreError, match="is not signed"):
        store.attach_cms(ID, 1, b"\x30\x82")
    signed = store.sign(ID, doctor="Ахметова", confirmed=("temperature",))
    assert json.loads(signed.signed_bytes) == signed.statement
    store.attach_cms(ID, 1, b"\x30\x82")
    found = store.signature(ID)
    assert found is not None
    assert (found.cms, found.signed_bytes) == (b"\x30\x82", signed.signed_bytes)
    with pytest.raises(StoreError, match="already"):
        store.attach_cms(ID, 1, b"\x30\x83")


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE record_versions SET content = replace(content, '41.0', '36.6') WHERE version = 1", "was altered"),
        ("DELETE FROM record_versions WHERE version = 1", "version 1 is missing"),
        ("INSERT INTO record_versions SELECT record, 9, 1, saved, saved_by, sha256, content FROM record_versions "
         "WHERE version = 1", "version 9 stands and is not in the log"),
        ("UPDATE signatures SET statement = replace(statement, 'Ахметова', 'Иванов')", "signature .* was altered"),
        ("UPDATE signatures SET doctor = 'Иванов'", "signature .* was altered"),
        ("DELETE FROM signatures", "signature .* is missing"),
        ("UPDATE signatures SET version = 2", "version 2 stands and is not in the log"),
        ("UPDATE audio_chunks SET data = (SELECT max(data) FROM audio_chunks)", "sound of record"),
        ("DELETE FROM audio_chunks WHERE start = 8000", "sound of record"),
    ],
)  # fmt: skip
def test_what_was_altered_behind_the_programs_back_is_found(store: Store, statement: str, problem: str) -> None:
    journal = store.begin("052u-visit")
    journal.audio(np.arange(24_000).astype(np.int16))
    journal.close(record())
    store.sign(ID, doctor="Ахметова", confirmed=("temperature",))
    store.save(record(findings=[]))
    assert store.verify(sound=True) == []
    with store.engine.begin() as connection:
        connection.exec_driver_sql(statement)
    found = store.verify(sound=True)
    assert found
    assert any(re.search(problem, one.problem) for one in found), found


def test_an_altered_record_is_not_given_out(store: Store) -> None:
    store.save(record())
    with store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE record_versions SET content = replace(content, '41.0', '36.6')")
    with pytest.raises(DamagedStoreError, match="is not what was saved"):
        store.record(ID)
