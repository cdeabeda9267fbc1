"""The key: what names it, how a passphrase wraps it, where it is looked for and made."""

from __future__ import annotations

import json
import logging
import stat
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend

from dictation.errors import StoreError, WrongKeyError
from dictation.store.custody import Custody
from dictation.store.keys import Key, unwrap, wrap


class Drawer(KeyringBackend):
    """A keyring that holds what it is given, as the system's do."""

    priority = 1  # type: ignore[assignment]  # keyring declares a property

    def __init__(self) -> None:
        super().__init__()
        self.held: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.held[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.held.pop((service, username), None) is None:
            raise keyring.errors.PasswordDeleteError("not there")


@pytest.fixture
def drawer() -> object:
    before, made = keyring.get_keyring(), Drawer()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


@pytest.fixture
def no_keyring() -> object:
    before = keyring.get_keyring()
    keyring.set_keyring(keyring.backends.fail.Keyring())
    yield
    keyring.set_keyring(before)


def _ask(_: str) -> str:
    raise AssertionError("no passphrase is needed here")


def custody(folder: Path, **more: object) -> Custody:
    return Custody(str(folder / "store.db"), folder, **{"ask": _ask, **more})  # type: ignore[arg-type]  # options as a test gives them


def test_a_fingerprint_names_the_key_and_does_not_hold_it() -> None:
    key, other = Key(bytes(32)), Key(bytes(31) + b"\x01")
    assert len(key.fingerprint) == 16
    assert key.fingerprint == Key(bytes(32)).fingerprint != other.fingerprint
    assert key.derive("audit") != key.derive("signature")
    assert key.secret.hex() not in repr(key)


@pytest.fixture(scope="module")
def wrapped() -> tuple[Key, str]:
    """A key and its copy under a passphrase; making one takes a while on purpose."""
    key = Key.new()
    return key, wrap(key, "три слова подряд")


def test_a_wrapped_key_opens_with_its_passphrase_only(wrapped: tuple[Key, str]) -> None:
    key, text = wrapped
    assert key.secret.hex() not in text
    assert unwrap(text, "три слова подряд", "f") == key
    with pytest.raises(WrongKeyError, match="f: wrong passphrase"):
        unwrap(text, "три слова подряд ", "f")


@pytest.mark.parametrize("change", [{"salt": "zz"}, {"wrapped": None}, {"scrypt": {}}, {"scrypt": {"n": 2**40}}])
def test_a_key_file_that_is_not_one_is_told_apart_from_a_wrong_passphrase(
    change: dict[str, object], wrapped: tuple[Key, str]
) -> None:
    text = json.dumps({**json.loads(wrapped[1]), **change})
    with pytest.raises(StoreError, match="not a key file") as raised:
        unwrap(text, "три слова подряд", "f")
    assert not isinstance(raised.value, WrongKeyError)


def test_with_a_keyring_the_key_is_kept_there_and_nowhere_else(tmp_path: Path, drawer: Drawer) -> None:
    made = custody(tmp_path).make()
    assert made.place == "keyring"
    assert list(tmp_path.iterdir()) == []
    assert custody(tmp_path).find(made.key.fingerprint) == made
    # Moved to another folder the store still finds it by its fingerprint; with a damaged head, by its path.
    assert custody(tmp_path / "moved").find(made.key.fingerprint) == made
    assert custody(tmp_path).find(b"damaged head 123") == made


def test_without_a_keyring_a_key_file_for_this_account_is_made_and_said_so(
    tmp_path: Path, no_keyring: object, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        made = custody(tmp_path).make()
    assert made.place == "key-file"
    assert stat.S_IMODE((tmp_path / "store.key").stat().st_mode) == 0o600
    assert str(tmp_path / "store.key") in caplog.text
    assert made.key.secret.hex() not in caplog.text
    assert custody(tmp_path).find(made.key.fingerprint) == made


def test_a_keyring_that_only_pretends_to_keep_is_not_relied_upon(tmp_path: Path, drawer: Drawer) -> None:
    drawer.set_password = lambda *_: None  # type: ignore[method-assign]  # a drawer that forgets
    assert custody(tmp_path).make().place == "key-file"


def test_the_key_of_an_existing_store_is_never_made_anew(tmp_path: Path, no_keyring: object) -> None:
    with pytest.raises(StoreError, match="no keyring can be reached from here"):
        custody(tmp_path).find(b"0123456789abcdef")
    assert list(tmp_path.iterdir()) == []


def test_a_keyring_without_the_key_says_what_to_do(tmp_path: Path, drawer: Drawer) -> None:
    with pytest.raises(StoreError, match="dictation key import"):
        custody(tmp_path).find(b"0123456789abcdef")


def test_a_named_key_file_goes_first_and_is_made_with_a_new_store(
    tmp_path: Path, drawer: Drawer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DICTATION_KEY_FILE", str(tmp_path / "secrets" / "clinic.key"))
    made = custody(tmp_path).make()
    assert made.place == "key-file"
    assert drawer.held == {}
    assert Key.from_hex((tmp_path / "secrets" / "clinic.key").read_text(encoding="utf-8")) == made.key
    assert custody(tmp_path).find(made.key.fingerprint) == made


def test_a_key_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "store.key"
    path.write_text(Key.new().secret.hex(), encoding="utf-8")
    path.chmod(0o640)
    with pytest.raises(StoreError, match=f"chmod 600 {path}"):
        custody(tmp_path).find(None)


def test_a_key_under_a_passphrase_is_asked_for(tmp_path: Path, wrapped: tuple[Key, str]) -> None:
    key, text = wrapped
    (tmp_path / "store.key").write_text(text, encoding="utf-8")
    asked: list[str] = []

    def answer(what: str) -> str:
        asked.append(what)
        return "три слова подряд"

    found = custody(tmp_path, ask=answer).find(key.fingerprint)
    assert (found.key, found.place, asked) == (key, "passphrase", [str(tmp_path / "store.key")])


def test_an_imported_key_goes_to_the_keyring_and_never_over_another(tmp_path: Path, drawer: Drawer) -> None:
    key = Key.new()
    assert custody(tmp_path).keep(key) == "keyring"
    assert custody(tmp_path).find(key.fingerprint).key == key
    custody(tmp_path).forget(key)
    assert drawer.held == {}
    custody(tmp_path).write(Key.new())
    with pytest.raises(StoreError, match="holds another key"):
        custody(tmp_path).keep(key)
