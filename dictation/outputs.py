"""The files a filled record is handed over as: `{stem}.record.json`, `{stem}.bundle.json`, `{stem}.html`; a signed
one as `{stem}.pdf` too."""

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
from dictation.forms.signed import Signed
from dictation.mis.bundle import to_bundle


def write_outputs(record: Record, form: Form, folder: Path, stem: str, signed: Signed | None = None) -> list[Path]:
    """Write record, bundle and printable page, each whole or not at all; the paths written."""
    bundle = to_bundle(record, form, signed=signed or False)
    contents: dict[str, str | bytes] = {
        "bundle.json": json.dumps(bundle, ensure_ascii=False, indent=2) + "\n",
        "html": to_html(record, form, signed) + "\n",
        **({"pdf": _pdf(record, form, signed)} if signed else {}),
        # The record comes last: where it stands, the others stand too.
        "record.json": record.model_dump_json(indent=2) + "\n",
    }
    paths = []
    for ending, content in contents.items():
        paths.append(folder / f"{stem}.{ending}")
        write_atomically(paths[-1], content)
    return paths


def _pdf(record: Record, form: Form, signed: Signed) -> bytes:
    # Takes a while to load.
    from dictation.forms.pdf import to_pdf

    return to_pdf(record, form, signed)


def distinct_stems(sources: Iterable[Path]) -> list[str]:
    """The file name stem of each source; UsageError where two inputs would write over each other."""
    stems = [source.stem for source in sources]
    doubled = [stem for stem, count in Counter(stems).items() if count > 1]
    if doubled:
        raise UsageError(f"--out: several inputs are called '{doubled[0]}'; rename one or run them apart")
    return stems
