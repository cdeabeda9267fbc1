"""Which of Whisper's tokens may be printed: those of one alphabet, no digits, no control signs."""

from __future__ import annotations

from faster_whisper.tokenizer import Tokenizer


def suppressed_tokens(tokenizer: Tokenizer, alphabet: str) -> list[int]:
    """Numbers of the tokens that must never come out.

    Kept are spaces, punctuation and letters of the alphabet in both cases, also as single bytes: a rare letter may
    be put together from them. Digits are not kept, so that numbers come as words, whatever script the digits are of.
    """
    control = (
        *(tokenizer.transcribe, tokenizer.translate, tokenizer.sot, tokenizer.sot_prev, tokenizer.sot_lm),
        tokenizer.no_speech,
    )
    return sorted({*_foreign(tokenizer, alphabet), *tokenizer.non_speech_tokens, *control})


def needed_tokens(tokenizer: Tokenizer, alphabet: str) -> list[int]:
    """Numbers of the tokens that a model needs to write with the alphabet: its signs and those that steer the model.
    Without those that print times: places of words come from the attention."""
    return sorted(set(range(tokenizer.timestamp_begin)) - _foreign(tokenizer, alphabet))


def _foreign(tokenizer: Tokenizer, alphabet: str) -> set[int]:
    letters = set(alphabet.lower()) | set(alphabet.upper())
    pieces = set(" ".join(letters).encode("utf-8"))
    return {
        number
        for token, number in tokenizer.tokenizer.get_vocab(with_added_tokens=False).items()
        if number < tokenizer.eot and not _printable(_bytes_of(token), letters, pieces)
    }


def _printable(data: bytes, letters: set[str], pieces: set[int]) -> bool:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return pieces.issuperset(data)
    return all(sign in letters or not sign.isalnum() for sign in text)


def _bytes_of(token: str) -> bytes:
    """The bytes a token stands for: byte-level BPE writes printable bytes as themselves, all others as the letters
    from U+0100 on, in order."""
    return bytes(_BYTE_OF.get(sign, 0x3F) for sign in token)


def _byte_table() -> dict[str, int]:
    printable = {*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)}
    others = [byte for byte in range(256) if byte not in printable]
    return {chr(byte): byte for byte in printable} | {chr(0x100 + i): byte for i, byte in enumerate(others)}


_BYTE_OF = _byte_table()
