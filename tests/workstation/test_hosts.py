"""Names that the server answers to, and origins of pages."""

from __future__ import annotations

import pytest

from dictation.errors import UsageError
from dictation.workstation.failures import LANGUAGES, known, preferred
from dictation.workstation.hosts import answers_to, is_loopback, is_own, origin_of
from dictation.workstation.settings import Settings

OURS = Settings(host="0.0.0.0", names=frozenset({"dictation.clinic.kz", "*.ward.clinic.kz"}))


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1:8765", "localhost:8765", "LOCALHOST", "[::1]:8765", "192.168.1.7:8765", "10.0.0.5",
        "dictation.clinic.kz", "Dictation.Clinic.KZ:8765", "dictation.clinic.kz.:8765", "room7.ward.clinic.kz",
    ],
)  # fmt: skip
def test_own_names_and_bare_addresses_are_answered(host: str) -> None:
    assert answers_to(OURS, host)


@pytest.mark.parametrize(
    "host",
    [
        "", "evil.example", "evil.example:8765", "127.0.0.1.evil.example", "localhost.evil.example", "clinic.kz",
        "dictation.clinic.kz.evil.example", "a.b.ward.clinic.kz", "ward.clinic.kz", "user@localhost", "localhost/x",
        "localhost:port", "local host", "[::1", "127.0.0.1:8765:1", "2130706433", "0x7f.1",
    ],
)  # fmt: skip
def test_foreign_names_are_not(host: str) -> None:
    assert not answers_to(OURS, host)


def test_only_the_page_of_the_same_scheme_and_host_is_our_own() -> None:
    settings = Settings()
    assert is_own(settings, "http://127.0.0.1:8765", "127.0.0.1:8765")
    for origin in ("null", "https://127.0.0.1:8765", "http://127.0.0.1:9000", "http://localhost:8765", "http://evil"):
        assert not is_own(settings, origin, "127.0.0.1:8765")


@pytest.mark.parametrize(
    ("given", "origin"),
    [
        ("https://mis.clinic.kz", "https://mis.clinic.kz"),
        ("https://MIS.clinic.kz/", "https://mis.clinic.kz"),
        ("https://mis.clinic.kz:443", "https://mis.clinic.kz"),
        ("http://mis.clinic.kz:80", "http://mis.clinic.kz"),
        ("http://127.0.0.1:3000", "http://127.0.0.1:3000"),
        ("http://[::1]:3000", "http://[::1]:3000"),
    ],
)
def test_an_allowed_origin_is_written_as_browsers_do(given: str, origin: str) -> None:
    assert origin_of(given) == origin


@pytest.mark.parametrize(
    "given",
    ["*", "mis.clinic.kz", "https://mis.clinic.kz/page", "https://mis.clinic.kz?x", "ftp://mis.clinic.kz", "null",
     "https://user@mis.clinic.kz", "https://mis.clinic.kz:port", "https://", "https://mis.clinic.kz:99999"],
)  # fmt: skip
def test_what_is_no_origin(given: str) -> None:
    with pytest.raises(UsageError, match="--allow-origin"):
        origin_of(given)


def test_what_only_this_machine_reaches() -> None:
    assert [is_loopback(host) for host in ("127.0.0.1", "127.3.2.1", "::1", "localhost")] == [True] * 4
    assert [is_loopback(host) for host in ("0.0.0.0", "::", "192.168.1.7", "clinic.kz", "")] == [False] * 5


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "ru"), ("kk", "kk"), ("en-GB,en;q=0.9,ru;q=0.8", "en"), ("de,kk;q=0.5,en;q=0.7", "en"), ("de", "ru"),
        ("ru;q=0.1,kk;q=0.2", "kk"), ("*", "ru"), ("en;q=x,kk", "kk"), (",,;;", "ru"),
    ],
)  # fmt: skip
def test_the_language_of_texts(header: str, language: str) -> None:
    assert preferred(header) == language


def test_every_code_has_a_text_in_every_language() -> None:
    for code, entry in known().items():
        assert 400 <= entry.status < 600, code
        texts = [entry.texts[language] for language in LANGUAGES]
        assert all(texts), code
        assert len(set(texts)) == len(LANGUAGES), code
