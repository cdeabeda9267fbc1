"""Names of microphones: they outlast replugging, and a part of one is enough where it fits only one."""

from __future__ import annotations

import subprocess
import sys

import pytest

from dictation.audio.devices import choose, named
from dictation.audio.portaudio import HostDevice
from dictation.errors import DeviceError, UsageError


def device(index: int, name: str, default: bool = False) -> HostDevice:
    return HostDevice(index, name, channels=1, rate=48_000.0, default=default)


def test_the_cards_number_is_no_part_of_the_name() -> None:
    before = named(
        [device(0, "HDA Intel: ALC257 (hw:0,0)"), device(4, "Blue Yeti: USB Audio (hw:1,0)", default=True)]
    )
    after = named([device(0, "HDA Intel: ALC257 (hw:0,0)"), device(4, "Blue Yeti: USB Audio (hw:3,0)", default=True)])
    assert before == after == [device(0, "HDA Intel: ALC257"), device(4, "Blue Yeti: USB Audio", default=True)]


def test_two_of_the_same_make_keep_the_cards_number() -> None:
    two = [device(0, "Blue Yeti: USB Audio (hw:1,0)"), device(1, "Blue Yeti: USB Audio (hw:2,0)"), device(2, "pulse")]
    assert named(two) == two


def test_no_device_says_what_to_do() -> None:
    with pytest.raises(DeviceError, match="no microphone found; plug one in"):
        named([])


DEVICES = [
    device(0, "Blue Yeti: USB Audio"),
    device(1, "HD Webcam: USB Audio"),
    device(2, "Микрофон (Realtek)", default=True),
    device(3, "Микрофон"),
    device(4, "микрофон"),
]


@pytest.mark.parametrize(
    ("name", "index"),
    [
        ("Blue Yeti: USB Audio", 0),
        ("blue yeti: usb audio", 0),
        ("webcam", 1),
        ("REALTEK", 2),
        ("Микрофон", 3),
        (None, 2),
    ],
)
def test_a_name_or_a_part_of_it_chooses(name: str | None, index: int) -> None:
    assert choose(DEVICES, name) is DEVICES[index]


def test_without_a_default_the_first_is_taken() -> None:
    assert choose(DEVICES[:2], None) is DEVICES[0]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("usb", "'usb' fits several microphones: Blue Yeti: USB Audio, HD Webcam: USB Audio; give more of the name"),
        ("МИКРОФОН", "'МИКРОФОН' fits several microphones: Микрофон, микрофон; give more of the name"),
        (
            "studio",
            "no microphone is called 'studio'; there are: Blue Yeti: USB Audio, HD Webcam: USB Audio, "
            "Микрофон (Realtek), Микрофон, микрофон",
        ),
    ],
)
def test_none_or_several_are_listed(name: str, message: str) -> None:
    with pytest.raises(UsageError) as raised:
        choose(DEVICES, name)
    assert str(raised.value) == message


WITHOUT_PORTAUDIO = """
import ctypes.util, sys
ctypes.util.find_library = lambda name: None  # what sounddevice asks where the library lies
import dictation, dictation.audio.microphone, dictation.commands.devices
assert "sounddevice" not in sys.modules
from dictation.cli import run
sys.exit(run(["devices"]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere sounddevice brings PortAudio along")
def test_without_portaudio_everything_imports_and_one_line_says_what_to_install() -> None:
    ran = subprocess.run([sys.executable, "-c", WITHOUT_PORTAUDIO], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == (
        "dictation: no microphone can be used: the PortAudio library is not installed; "
        "on Debian or Ubuntu: apt-get install libportaudio2\n"
    )
