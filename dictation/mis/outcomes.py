"""What a FHIR server answers, and what it means for people."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

LONGEST = 2000
_NUMBER = re.compile(r"(?<!\d)\d{12}(?!\d)")


def parsed(body: bytes) -> dict[str, Any] | None:
    """The answer as a resource; None where it is none."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) and isinstance(data.get("resourceType"), str) else None


def explained(outcome: Any) -> str:
    """The issues of an OperationOutcome, one after another: what is wrong, and where; an ИИН is masked.

    Empty where it tells nothing.
    """
    if not isinstance(outcome, dict) or not isinstance(outcome.get("issue"), list):
        return ""
    return tidy("; ".join(dict.fromkeys(_issues(outcome["issue"]))))


def tidy(text: str) -> str:
    """Somebody else's text on one line, without control characters or an ИИН, of bounded length."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    line = _NUMBER.sub("************", line)
    return line if len(line) <= LONGEST else line[:LONGEST] + "…"


def _issues(issues: list[Any]) -> Iterator[str]:
    for issue in issues:
        if not isinstance(issue, dict) or issue.get("severity") in {"information", "warning"}:
            continue
        details = issue.get("details")
        told = details.get("text") if isinstance(details, dict) else None
        told = told or issue.get("diagnostics") or issue.get("code") or "no reason given"
        places = issue.get("expression") or issue.get("location") or []
        place = ", ".join(str(each) for each in places) if isinstance(places, list) else str(places)
        yield f"{told} ({place})" if place and place not in str(told) else str(told)
