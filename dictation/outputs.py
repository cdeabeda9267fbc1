"""The files a filled record is handed over as: `{stem}.record.json`, `{stem}.bundle.json`, `{stem}.html`."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from dictation.errors import UsageError
from dictation.files import write_atomically
from dictation.forms.questionnaire import Form
from dictation.forms.record import Record
from dictation.forms.render import to_html
from dictation.mis.bundle import to_bundle


def write_outputs(record: Record, form: Form, folder: Path, stem: str) -> list[Path]:
    """Write record, bundle and printable page, each whole or not at all; the paths written."""
    contents = {
        f"{stem}.bundle.json": json.dumps(to_bundle(record, form), ensure_ascii=False, indent=2),
        f"{stem}.html": to_html(record, form),
        # The record comes last: where it stands, the others stand too.
        f"{stem}.record.json": record.model_dump_json(indent=2),
    }
    paths = []
    for name, content in contents.items():
        write_atomically(folder / name, content + "\n")
        paths.append(folder / name)
    return paths


def distinct_stems(sources: Iterable[Path]) -> list[str]:
    """The file name stem of each source; UsageError where two inputs would write over each other."""
    stems = [source.stem for source in sources]
    doubled = [stem for stem, count in Counter(stems).items() if count > 1]
    if doubled:
        raise UsageError(f"--out: several inputs are called '{doubled[0]}'; rename one or run them apart")
    return stems
