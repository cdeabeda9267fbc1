"""The wheel holds all that the program needs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.support import ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this checkout with the build backend that is installed."""
    folder = tmp_path_factory.mktemp("колесо и пробел")
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "wheel",
            "-q",
            "--no-deps",
            "--no-build-isolation",
            "-w",
            str(folder),
            str(ROOT),
        ],
        check=True,
    )
    return next(folder.glob("*.whl"))


def test_rules_models_forms_and_types_ship_in_the_wheel(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        "dictation/py.typed",
        "dictation/data/models/catalogue.toml",
        "dictation/data/grammars/ru/headings.yaml",
        "dictation/forms/definitions/052u-visit.json",
        "dictation/store/migrations/env.py",
        "dictation/store/migrations/versions/0001_first.py",
    }
    assert wanted <= names
    assert not [name for name in names if name.endswith((".bin", ".onnx")) or "/tests/" in name]


@pytest.mark.slow
def test_the_main_job_runs_from_the_wheel_alone(wheel: Path, recording: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(site), str(wheel)], check=True
    )
    program = "import dictation, sys; from dictation.cli import run; print(dictation.__file__, file=sys.stderr); "
    ran = subprocess.run(
        [sys.executable, "-P", "-c", program + "sys.exit(run(sys.argv[1:]))", "fill", str(recording), "--json"],
        env={**os.environ, "PYTHONPATH": str(site)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert ran.returncode == 0, ran.stderr
    assert str(site) in ran.stderr
    assert json.loads(ran.stdout)["fields"]["temperature"]["value"] == 37.5
