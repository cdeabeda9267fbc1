"""A folder that an MIS without FHIR watches: each record as four files that appear whole.

`{id}.v{version}.bundle.json` (FHIR), `.html` and `.pdf` (for people, printers, archives) and, last, `.record.json`:
where it stands, the others stand too. Nothing is overwritten with anything else, for a version never changes.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from dictation.errors import InputError
from dictation.files import write_atomically
from dictation.mis.document import Document
from dictation.mis.ends import LaterError, Receipt
from dictation.mis.profiles import Profile


class DropFolder:
    """The folder at a `file:///` address."""

    def __init__(self, profile: Profile) -> None:
        parts = urlsplit(profile.url)
        share = f"//{parts.netloc}" if parts.netloc else ""
        self._folder = Path(url2pathname(share + parts.path))

    def send(self, document: Document) -> Receipt:
        # Never made here: where a share is not connected, files would go to a folder that nobody watches.
        if not self._folder.is_dir():
            raise LaterError(f"{self._folder}: no such folder; make it, or connect the share")
        files: dict[str, str | bytes] = {
            "bundle.json": json.dumps(document.bundle, ensure_ascii=False, indent=2) + "\n",
            "html": document.page + "\n",
            "pdf": document.pdf(),
            "record.json": json.dumps(document.record, ensure_ascii=False, indent=2) + "\n",
        }
        try:
            for ending, content in files.items():
                write_atomically(self._folder / f"{document.name}.{ending}", content)
            self._flush()
        except (InputError, OSError) as error:
            raise LaterError(f"{self._folder}: cannot be written; check its room and its permissions") from error
        return Receipt(f"{document.name}.record.json")

    def close(self) -> None:
        """Nothing is held open."""

    def _flush(self) -> None:
        """The names too: on POSIX a rename survives a power cut only once its folder was flushed."""
        if os.name != "posix":
            return
        descriptor = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
