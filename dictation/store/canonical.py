"""JSON that has one spelling, so that it can be hashed."""

from __future__ import annotations

import json
from typing import Any


def canonical(data: Any) -> str:
    """Keys in order, no spaces, letters as they are. What is hashed is its UTF-8."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
