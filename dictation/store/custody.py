"""Where the key of a store is kept: a key file, or the operating system's keyring.

Looked for in this order: the file named by `$DICTATION_KEY_FILE` (or given), `store.key` beside the store, the
keyring.
A key is only ever made together with a new store; an existing store whose key is not found is not opened.
"""

from __future__ import annotations

import getpass
import logging
import os
import stat
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from dictation.errors import StoreError
from dictation.files import write_atomically
from dictation.store.keys import Key, unwrap, wrap

SERVICE = "dictation"
KEY_FILE = "store.key"

Place = Literal["keyring", "key-file", "passphrase"]
AskPassphrase = Callable[[str], str]
"""Called with what the passphrase is of; the passphrase."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Kept:
    """A key and where it was found: in the keyring, in a plain file, in a file under a passphrase."""

    key: Key
    place: Place


def ask_at_terminal(what: str) -> str:
    """Ask without echo; StoreError where nobody can be asked."""
    if not sys.stdin or not sys.stdin.isatty():
        raise StoreError(f"{what}: opens with a passphrase, and nobody can be asked here; start it at a terminal")
    return getpass.getpass(f"{what}: passphrase: ")


@dataclass(frozen=True)
class Custody:
    """Where the key of the store called `name` may be kept, its files in `folder`."""

    name: str
    folder: Path
    key_file: Path | None = None
    ask: AskPassphrase = ask_at_terminal

    def find(self, fingerprint: bytes | None) -> Kept:
        """The key of an existing store; `fingerprint` names it where its head can be read.

        StoreError where there is none. That the key fits is for who opens the store to find out.
        """
        path = self._file()
        if path:
            return self._read(path)
        keyring = system_keyring()
        for user in (fingerprint.hex() if fingerprint else "", self.name):
            if keyring and user and (found := keyring.get(user)):
                return Kept(Key.from_hex(found), "keyring")
        if keyring:
            raise StoreError(f"{self.name}: no key of it in this account's keyring; import it: dictation key import")
        raise StoreError(
            f"{self.name}: its key is not in {self.folder / KEY_FILE}, and no keyring can be reached from here; "
            "start the program in the session of the person who made the store, or import the key"
        )

    def make(self) -> Kept:
        """A key for a store that is new; an existing key file is used."""
        path = self._file()
        if path:
            return self._read(path)
        key = Key.new()
        if self._named():
            self.write(key)
            return Kept(key, "key-file")
        keyring = system_keyring()
        if keyring and self._kept_by(keyring, key):
            return Kept(key, "keyring")
        self.write(key)
        _log.warning(
            "no keyring on this machine: the key of the store is in %s, for this account only; "
            "who copies that file and the store reads both (dictation key protect sets a passphrase)",
            self.folder / KEY_FILE,
        )
        return Kept(key, "key-file")

    def write(self, key: Key, passphrase: str | None = None) -> Path:
        """Put the key into a file that only this account reads, under a passphrase if given; the path."""
        path = self._named() or self.folder / KEY_FILE
        write_atomically(path, (wrap(key, passphrase) if passphrase else key.secret.hex()) + "\n")
        _flush_folder(path.parent)
        return path

    def keep(self, key: Key) -> Place:
        """Keep a key that comes from elsewhere, in the keyring if there is one, else in the key file.

        StoreError where a key file with another key is in the way.
        """
        path = self._file()
        if path and self._read(path).key != key:
            raise StoreError(f"{path}: holds another key; move it away first, a store may need it")
        keyring = system_keyring()
        if path is None and keyring and self._kept_by(keyring, key):
            return "keyring"
        if path is None:
            self.write(key)
        return "key-file"

    def forget(self, key: Key) -> None:
        """Take the key out of the keyring."""
        if keyring := system_keyring():
            keyring.remove(key.fingerprint.hex())
            keyring.remove(self.name)

    def _kept_by(self, keyring: SystemKeyring, key: Key) -> bool:
        return keyring.keep(key.fingerprint.hex(), key) and keyring.keep(self.name, key)

    def _named(self) -> Path | None:
        named = self.key_file or os.environ.get("DICTATION_KEY_FILE")
        return Path(named) if named else None

    def _file(self) -> Path | None:
        """The key file that is to be read, None where there is none."""
        path = self._named() or self.folder / KEY_FILE
        return path if path.exists() else None

    def _read(self, path: Path) -> Kept:
        kept = read_key_file(path, self.ask)
        if kept.place == "key-file" and os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise StoreError(f"{path}: others on this machine can read the key; chmod 600 {path}")
        return kept


def read_key_file(path: Path, ask: AskPassphrase = ask_at_terminal) -> Kept:
    """The key of a file, plain or under a passphrase, for which `ask` is called. StoreError, WrongKeyError."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"{path}: the key cannot be read; check the file and its permissions") from error
    if text.lstrip().startswith("{"):
        return Kept(unwrap(text, ask(str(path)), str(path)), "passphrase")
    try:
        return Kept(Key.from_hex(text), "key-file")
    except ValueError as error:
        raise StoreError(f"{path}: not a key file of this program; use the copy that was put away") from error


def _flush_folder(folder: Path) -> None:
    """See to it that the name of a new file outlives a power cut: a store without its key is lost."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class SystemKeyring:
    """The operating system's keyring, as far as it can be relied upon."""

    def get(self, user: str) -> str | None:
        """StoreError where it is locked or fails."""
        import keyring

        try:
            return keyring.get_password(SERVICE, user)
        except keyring.errors.KeyringError as error:
            raise StoreError(f"the system's keyring cannot be read: {error}; unlock it and try again") from error

    def keep(self, user: str, key: Key) -> bool:
        """Whether the keyring has taken the key and gives it back."""
        import keyring

        try:
            keyring.set_password(SERVICE, user, key.secret.hex())
            return keyring.get_password(SERVICE, user) == key.secret.hex()
        except keyring.errors.KeyringError:
            return False

    def remove(self, user: str) -> None:
        """StoreError where the keyring refuses; a key that is not there is no error."""
        import keyring

        with suppress(keyring.errors.PasswordDeleteError):
            keyring.delete_password(SERVICE, user)


def system_keyring() -> SystemKeyring | None:
    """The keyring, None where this session has none worth the name."""
    import keyring

    backend = keyring.get_keyring()
    unusable = ("keyring.backends.fail", "keyring.backends.null", "keyrings.alt")
    return None if type(backend).__module__.startswith(unusable) else SystemKeyring()
