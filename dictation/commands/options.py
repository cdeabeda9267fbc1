"""The options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

FormName = Annotated[str, typer.Option("--form", help="A form's name, or the path of a Questionnaire.")]
EngineName = Annotated[
    str | None,
    typer.Option("--engine", help="whisper, vosk, onnx, a model's name or folder.", show_default="whisper"),
]
LanguageCode = Annotated[str, typer.Option("--language", help="Language of the dictation.")]
ContextFile = Annotated[Path | None, typer.Option("--context", help="JSON with the patient and the visit.")]
OutFolder = Annotated[Path | None, typer.Option("--out", help="Write record, bundle and printable page here.")]
AsJson = Annotated[bool, typer.Option("--json", help="Compact JSON, one document a line.")]
Strict = Annotated[bool, typer.Option("--strict", help="Exit with 3 where values need checking.")]
