"""Where a signed record can be sent: one small interface for every kind of system.

A kind is known by the scheme of its address. Four come with the program; a package of a vendor's own adds one by an
entry point of the group `dictation.ends`, named by the scheme, that takes a `Profile` and gives an `End`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import entry_points
from typing import Protocol

from dictation.errors import DictationError, UsageError
from dictation.mis.document import Document
from dictation.mis.profiles import Profile

GROUP = "dictation.ends"
_BUILT_IN = {
    "http": "dictation.mis.client:FhirServer",
    "https": "dictation.mis.client:FhirServer",
    "file": "dictation.mis.drop:DropFolder",
    "mllp": "dictation.mis.mllp:MllpListener",
    "mllps": "dictation.mis.mllp:MllpListener",
}


@dataclass(frozen=True, slots=True)
class Receipt:
    """The other side has it for good; `place` is what it calls it: an address, a file, a message's number."""

    place: str


class LaterError(DictationError):
    """Not sent, or nobody knows whether: to be sent again as it is.

    `after` is the pause in seconds that the other side asked for; `everybody` tells that the trouble is its own, so
    that other documents need not be tried either.
    """

    def __init__(self, reason: str, *, after: float | None = None, everybody: bool = True) -> None:
        super().__init__(reason)
        self.after, self.everybody = after, everybody


class RefusedError(DictationError):
    """The other side does not take this document; a person must see why. The text is for people."""


class End(Protocol):
    """One system that takes signed records. Used by several threads at once."""

    def send(self, document: Document) -> Receipt:
        """Hand a document over; return only once the other side has said that it keeps it.

        Sending the same document again must change nothing there. LaterError, RefusedError.
        """

    def close(self) -> None:
        """Let go of connections."""


def open_end(profile: Profile) -> End:
    """The end at a profile's address. UsageError for a scheme that nobody handles."""
    scheme = profile.url.partition(":")[0]
    if scheme in _BUILT_IN:
        module, _, name = _BUILT_IN[scheme].partition(":")
        opened: Callable[[Profile], End] = getattr(import_module(module), name)
        return opened(profile)
    for point in entry_points(group=GROUP, name=scheme):
        own: Callable[[Profile], End] = point.load()
        return own(profile)
    raise UsageError(f"{profile.url}: no way to send to {scheme}://; give one of {', '.join(sorted(_BUILT_IN))}")
