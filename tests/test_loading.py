"""The garbage collector rests while data is loaded, and goes on as before."""

from __future__ import annotations

import gc

import pytest

from dictation.loading import loading


def test_it_rests_and_goes_on() -> None:
    with loading():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_goes_on_after_an_error() -> None:
    with pytest.raises(ValueError, match="broken"), loading():
        raise ValueError("broken")
    assert gc.isenabled()


def test_where_it_was_off_it_stays_off() -> None:
    gc.disable()
    try:
        with loading():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
