"""Getting in: whom to trust, our own certificate, and the token that goes with every request."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable

from dictation.errors import UsageError
from dictation.mis.profiles import Profile

Fetched = tuple[str, float | None]
"""A token and the seconds that it is good for, None where nobody said."""

# A token that is about to end is not used any more: it may end on its way.
_MARGIN = 30.0


def tls(profile: Profile) -> ssl.SSLContext:
    """TLS that always verifies: against the profile's own CA if it names one, else against the machine's."""
    try:
        context = ssl.create_default_context(cafile=str(profile.ca) if profile.ca else None)
    except (OSError, ssl.SSLError) as error:
        raise UsageError(f"{profile.ca}: no certificates of a CA in PEM; check the file") from error
    if profile.certificate:
        try:
            # A key under a passphrase would make OpenSSL ask at the terminal.
            context.load_cert_chain(profile.certificate, profile.key, password=lambda: "")
        except (OSError, ssl.SSLError) as error:
            raise UsageError(f"{profile.certificate}: no certificate with its key in PEM; check the files") from error
    return context


class Token:
    """A token that is fetched when it is needed and kept until it ends. Safe to use from several threads."""

    def __init__(self, fetch: Callable[[], Fetched], clock: Callable[[], float] = time.monotonic) -> None:
        self._fetch, self._clock = fetch, clock
        self._lock = threading.Lock()
        self._kept: tuple[str, float | None] | None = None

    def get(self) -> str:
        with self._lock:
            if self._kept is None or (self._kept[1] is not None and self._clock() >= self._kept[1]):
                self._renew()
            assert self._kept
            return self._kept[0]

    def after_refusal(self, used: str) -> str | None:
        """Another token than the one that was refused; None where there is no other."""
        with self._lock:
            if self._kept is None or self._kept[0] == used:
                self._renew()
            assert self._kept
            return self._kept[0] if self._kept[0] != used else None

    def _renew(self) -> None:
        token, seconds = self._fetch()
        self._kept = (token, None if seconds is None else self._clock() + max(seconds - _MARGIN, seconds / 2))
