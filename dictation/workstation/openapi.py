"""The HTTP interface as OpenAPI, published as `docs/openapi.json`: generated from the routers."""

from __future__ import annotations

import json
import sys
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI

from dictation.workstation import entrance
from dictation.workstation.api import routers

PREFIX = "/api/v1"


def interface(**more: Any) -> FastAPI:
    """An application with all that the document tells of; `more` as FastAPI has it."""
    app = FastAPI(
        title="dictation",
        version=version("dictation"),
        description="Voice dictation for clinical data entry, on the doctor's own machine.",
        **more,
    )
    for router in (entrance.router, *routers()):
        app.include_router(router, prefix=PREFIX)
    return app


def openapi() -> dict[str, Any]:
    """The document, without a server."""
    return interface().openapi()


if __name__ == "__main__":
    sys.stdout.write(json.dumps(openapi(), ensure_ascii=False, indent=2) + "\n")
