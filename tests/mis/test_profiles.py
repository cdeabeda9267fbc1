"""`mis.toml`: how a system is reached, and what is refused in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from dictation.errors import UsageError
from dictation.mis.document import Document
from dictation.mis.ends import open_end
from dictation.mis.profiles import Profile, Secret, find_profile
from tests.support import ROOT

WHOLE = """
[clinic]
url = "HTTPS://MIS.Example.kz/fhir/"
ca = "ca.pem"
certificate = "own.pem"
key = "own.key"
timeout = 5
systems.iin = "urn:oid:1.2.3"

[clinic.oauth]
token-url = "https://login.example.kz/token"
client-id = "dictation"
secret.file = "secret"
scope = "system/*.write"

[folder]
url = "file:///mnt/mis"

[lab]
url = "mllp://10.0.0.7:2575"
plain = true
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "mis.toml").write_text(WHOLE, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("to", ["clinic", "https://mis.example.kz/fhir", "https://MIS.example.kz/fhir/"])
def test_a_profile_by_its_name_or_its_address(folder: Path, to: str) -> None:
    found = find_profile(to, folder)
    assert (found.name, found.url, found.timeout) == ("clinic", "https://mis.example.kz/fhir", 5.0)
    assert found.oauth
    assert (found.ca, found.key, found.oauth.secret.file) == (
        folder / "ca.pem",
        folder / "own.key",
        folder / "secret",
    )
    assert found.identifier_systems.iin == "urn:oid:1.2.3"
    assert found.warning is None


def test_an_address_without_a_profile_is_one_of_its_own(tmp_path: Path) -> None:
    assert find_profile("https://mis.example.kz/", tmp_path) == Profile(url="https://mis.example.kz")


def test_what_is_not_encrypted_is_allowed_by_name_only_and_said_every_time(folder: Path) -> None:
    assert find_profile("lab", folder).warning == (
        "mllp://10.0.0.7:2575: medical data goes there without encryption, as mis.toml allows"
    )
    for address in ("http://mis.example.kz/fhir", "mllp://10.0.0.8"):
        with pytest.raises(UsageError, match=r"is not encrypted; use https \(mllps\)"):
            find_profile(address, folder)
    for address in ("http://127.0.0.1:8080", "http://localhost:8080/fhir", "mllp://[::1]:2575"):
        assert find_profile(address, folder).warning is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('url = "https://a.kz/"\nverify = false', "verify: Extra inputs are not permitted"),
        ('url = "https://user:hunter2@a.kz/"', "holds no name, password"),
        ('url = "https://a.kz/?token=hunter2"', "holds no name, password"),
        ('url = "https://a.kz/"\ntoken = "hunter2"', "token: Input should be"),
        ('url = "https://a.kz/"\ntoken = {file = "a", env = "B"}', "name one place: file, env or keyring"),
        ('url = "https://a.kz/"\nsystems.inn = "x"', "systems: no inn"),
        ('url = "https://a.kz/"\ntimeout = 0', "timeout"),
        ('url = "a.kz"', "not an address"),
        ('url = "//a.kz/fhir"', "not an address"),
        ('url = "https:///fhir"', "not an address"),
        (
            'url = "https://a.kz/"\n[a.oauth]\ntoken-url = "http://b.kz"\nclient-id="x"\nsecret.env="S"',
            "not encrypted",
        ),
        ("url = ", "cannot be read as TOML"),
    ],
)
def test_what_is_wrong_is_named_and_no_secret_is_told(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "mis.toml").write_text(f"[a]\n{text}\n", encoding="utf-8")
    with pytest.raises(UsageError) as error:
        find_profile("a", tmp_path)
    assert told in str(error.value)
    assert "mis.toml" in str(error.value)
    assert "hunter2" not in str(error.value)


def test_a_password_in_an_address_is_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as error:
        find_profile("https://user:hunter2@mis.example.kz/", tmp_path)
    assert str(error.value) == ("--to: an address holds no name, password, ? or #; secrets are named in mis.toml")


def test_a_scheme_that_nobody_handles(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no way to send to ftp://; give one of file, http, https, mllp, mllps"):
        open_end(find_profile("ftp://mis.example.kz/in", tmp_path))


def test_a_secret_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("MIS_TOKEN", raising=False)
    with pytest.raises(UsageError, match="environment variable MIS_TOKEN is missing"):
        Secret(env="MIS_TOKEN").read()
    with pytest.raises(UsageError, match="cannot be read"):
        Secret(file=tmp_path / "none").read()
    monkeypatch.setenv("MIS_TOKEN", " abc\n")
    assert Secret(env="MIS_TOKEN").read() == "abc"


OWN_END = """
from dictation.mis.ends import Receipt

class OurMis:
    def __init__(self, profile):
        self.url = profile.url

    def send(self, document):
        return Receipt(self.url)

    def close(self):
        pass
"""


def test_an_end_of_a_package_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "own_mis.py").write_text(OWN_END, encoding="utf-8")
    installed = tmp_path / "own_mis-1.0.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: own-mis\nVersion: 1.0\n", encoding="utf-8")
    (installed / "entry_points.txt").write_text("[dictation.ends]\nourmis = own_mis:OurMis\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    end = open_end(find_profile("ourmis://clinic.kz/7", tmp_path))
    document = Document({"id": "x"}, {}, "", {"version": 1})
    assert end.send(document).place == "ourmis://clinic.kz/7"


def test_the_example_of_the_documentation_is_a_profile(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "vendors.md").read_text(encoding="utf-8")
    example = text.split("### mis.toml")[1].split("```toml\n")[1].split("```")[0]
    (tmp_path / "mis.toml").write_text(example, encoding="utf-8")
    found = find_profile("clinic", tmp_path)
    assert found.oauth
    assert (found.oauth.scope, found.identifier_systems.iin) == ("system/*.write", "urn:oid:1.2.3")
