"""What the browser's fake microphone hears, and what the page was given of it."""

from __future__ import annotations

import base64
import io
import wave
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Page

from dictation.audio.blocks import RATE
from dictation.audio.recording import Recording
from tests.workstation.browser.desk import origin

Pcm = NDArray[np.int16]

LEAD = 4.0
"""Seconds of silence before a recording, in which the key is pressed."""

# Every piece of sound that the page's worklet hands over, as it was before anything could be lost.
TAP = """
window.heardPieces = [];
window.AudioWorkletNode = class extends AudioWorkletNode {
  constructor(...given) {
    super(...given);
    this.port.addEventListener("message", ({ data }) => window.heardPieces.push(data.slice()));
  }
};
"""

_HEARD = """() => {
  const bytes = new Uint8Array(window.heardPieces.reduce((size, piece) => size + piece.byteLength, 0));
  let place = 0;
  for (const piece of window.heardPieces) {
    bytes.set(new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength), place);
    place += piece.byteLength;
  }
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}"""


class FakeMicrophone:
    """A file that the browser reads anew each time it opens the microphone; after its end there is silence."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def plays(self, recording: Path, first: float = 0.0, last: float | None = None, *, lead: float = LEAD) -> None:
        """These seconds of a recording, after `lead` seconds of silence in which the key is pressed."""
        with Recording(recording) as opened:
            sound = np.concatenate(list(opened.blocks()))
        sound = sound[round(first * RATE) : None if last is None else round(last * RATE)]
        heard = np.concatenate([np.zeros(round(lead * RATE), np.float32), sound])
        write(self.path, (heard * 32767).astype("<i2"))


def write(path: Path, pcm: Pcm) -> None:
    """A wav file."""
    with wave.open(str(path), "wb") as made:
        made.setparams((1, 2, RATE, 0, "NONE", ""))
        made.writeframes(pcm.astype("<i2").tobytes())


def heard(page: Page) -> Pcm:
    """All sound that the page was given since it was opened."""
    return np.frombuffer(base64.b64decode(page.evaluate(_HEARD)), "<i2")


def kept(page: Page, record: str, seconds: float = 600.0) -> Pcm:
    """All sound that the server has of a record."""
    answer = page.request.get(f"{origin(page)}/api/v1/records/{record}/audio?start=0&end={seconds}")
    assert answer.status == 200, answer.text()
    with wave.open(io.BytesIO(answer.body())) as sound:
        assert (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) == (RATE, 1, 2)
        return np.frombuffer(sound.readframes(sound.getnframes()), "<i2")


def is_piece_of(part: NDArray[Any], whole: NDArray[Any]) -> bool:
    """Whether `part` is one unbroken stretch of `whole`, but for rounding: nothing of it missing, nothing twice."""
    part, whole = part.astype(np.int32), whole.astype(np.int32)
    loudest = int(np.argmax(np.abs(part)))
    size = len(part)
    for place in np.flatnonzero(np.abs(whole - part[loudest]) <= 1):
        first = place - loudest
        if first >= 0 and first + size <= len(whole) and np.abs(whole[first : first + size] - part).max() <= 1:
            return True
    return False
