"""The published OpenAPI: current, and answered as it says whatever is sent."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from dictation.session import Dictation
from dictation.store import Store, open_store
from dictation.workstation.openapi import openapi
from tests.forms.cases import hypertension
from tests.support import ROOT
from tests.workstation.serving import DOCTOR, Served, served

PUBLISHED = ROOT / "docs" / "openapi.json"
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = 4


def test_what_is_published_is_what_the_code_says() -> None:
    """To write it anew: python -m dictation.workstation.openapi > docs/openapi.json"""
    assert json.loads(PUBLISHED.read_text(encoding="utf-8")) == openapi()


@pytest.fixture(scope="module")
def open_server(tmp_path_factory: pytest.TempPathFactory, fresh: Path, dictation: Dictation) -> Iterator[Served]:
    """A server with one record, which takes as many requests as come."""
    folder = tmp_path_factory.mktemp("openapi") / "home"
    shutil.copytree(fresh, folder)
    with pytest.MonkeyPatch.context() as patch, open_store(home=folder) as store:
        patch.setenv("DICTATION_HOME", str(folder))
        _keep(store)
        with served(store, dictation, requests_a_second=1e6, burst=1_000_000) as running:
            yield running


def _keep(store: Store) -> str:
    store.save(hypertension())
    return str(hypertension().id)


def test_the_server_says_the_same(open_server: Served) -> None:
    answer = httpx.get(f"{open_server.base}/api/v1/openapi.json")
    assert answer.json() == openapi()


def test_whatever_is_sent_is_answered_as_published(open_server: Served) -> None:
    """Every operation with generated bodies, parameters and paths; those of a record that is there as well."""
    asked = {"authorization": f"Bearer {open_server.settings.token}", "x-dictation-doctor": quote(DOCTOR)}
    schema = schemathesis.openapi.from_url(f"{open_server.base}/api/v1/openapi.json")
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) > 30
    for operation in operations:
        _try(operation, open_server, asked)
    assert open_server.store.verify() == []


def _try(operation: Any, server: Served, asked: dict[str, str]) -> None:
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        derandomize=True,
    )
    @given(case=operation.as_strategy())
    def answered(case: Any) -> None:
        case.call_and_validate(headers=asked, checks=CHECKS)
        known = {"record": _keep(server.store), "key": "temperature", "name": "052u-visit"}
        there = {name: value for name, value in known.items() if name in (case.path_parameters or {})}
        if there and operation.method != "delete":
            case.path_parameters = {**case.path_parameters, **there}
            case.call_and_validate(headers=asked, checks=CHECKS)

    answered()
