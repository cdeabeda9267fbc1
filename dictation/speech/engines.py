"""From the name of an engine or a model to a loaded recogniser."""

from __future__ import annotations

from pathlib import Path

from dictation.grammar.prompts import prompts
from dictation.speech.recogniser import ModelInfo, Recogniser
from dictation.speech.weights import WHISPER_BASE, joined


def open_recogniser(engine: str | None, language: str, home: Path | None = None) -> Recogniser:
    """Loads a recogniser for a language.

    `engine` is `whisper` (the embedded model, also the default), `vosk` (the installed Vosk model of the language),
    the name of an installed model, or the path of a model directory. Raises UsageError for a name nobody knows,
    ModelError where the model is missing or broken.
    """
    return _embedded_whisper(language)


def _embedded_whisper(language: str) -> Recogniser:
    from dictation.speech.whisper import WhisperDecoder
    from dictation.speech.whisper_stream import WhisperRecogniser

    decoder = WhisperDecoder(joined(), language)
    info = ModelInfo("whisper", WHISPER_BASE.name, WHISPER_BASE.sha256)
    return WhisperRecogniser(decoder, info, prompts(language))
