"""A visit on the page without a server: real modules in the browser, and answers that a test gives."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, Route

RECORD = "0c2ee3ff-5ab6-4b44-97fc-4dbc0e5a4b9a"

_EMPTY = {"value": None, "status": "empty", "reasons": [], "confidence": None, "evidence": [], "alternatives": []}
_FORM = {
    "name": "visit",
    "title": {"ru": "Приём"},
    "items": [
        {"key": "complaints", "kind": "text", "labels": {"ru": "Жалобы"}},
        {
            "key": "weight",
            "kind": "number",
            "labels": {"ru": "Масса тела"},
            "unit": "kg",
            "unit_labels": {"ru": "кг"},
        },
        {"key": "diagnosis", "kind": "diagnoses", "labels": {"ru": "Диагноз"}, "parts": []},
    ],
}

_SHOW = """async ({ draft, form }) => {
  const load = (name) => import(`/js/${name}.js`);
  const [{ Visit }, { chooseLanguage }, { loadIcons }, { listenKeys }] = await Promise.all(
    ["visit", "i18n", "dom", "keys"].map(load),
  );
  await Promise.all([chooseLanguage("ru"), loadIcons()]);
  const desk = {
    state: { submit_to: true, doctor: { name: "Ахметова Г. С." } },
    closed: false,
    refused: [],
    form: async () => form,
    opened: () => undefined,
    failed: async (error) => desk.refused.push(error.code),
  };
  const screen = document.getElementById("screen");
  screen.hidden = false;
  window.visit = desk.visit = new Visit(desk);
  screen.append(window.visit.node);
  listenKeys(desk);
  if (draft) await window.visit.show(draft);
}"""


def draft(**more: Any) -> dict[str, Any]:
    """A stored record of which nothing was said; `said` are utterances, `fields` values by key."""
    said, fields = more.pop("said", []), more.pop("fields", {})
    record = {
        "id": RECORD,
        "form": "visit",
        "language": "ru",
        "created": "2026-11-20T09:00:00+00:00",
        "context": {},
        "fields": {
            item["key"]: copy.deepcopy(_EMPTY) | ({"value": [], "status": "empty"} if "parts" in item else {})
            for item in _FORM["items"]
        },
        "findings": [],
        "allergies": [],
        "notices": more.pop("notices", []),
        "review": {"changes": [], "confirmed": [], "dictated": {"fields": {}}},
        "transcript": {
            "text": " ".join(said),
            "utterances": [{"start": 0, "end": 1, "field": None, "words": []} for _ in said],
        },
    }
    for key, value in fields.items():
        record["fields"][key] |= {"value": value, "status": "ok"}
    return {
        "record": record,
        "version": 3,
        "dictation": None,
        "running": False,
        "open_checks": [],
        "confirmed": [],
        "can_undo": False,
        "can_redo": False,
        "signature": None,
        "deliveries": [],
        "has_audio": False,
    } | more


def signed(version: int) -> dict[str, Any]:
    return {"doctor": "Ахметова Г. С.", "signed": "2026-11-20T09:30:00+00:00", "version": version}


class Parts:
    """The page's modules in a tab; `asked` is what they have asked the server for."""

    def __init__(self, page: Page, origin: str) -> None:
        self.page = page
        self.asked: list[tuple[str, str, Any]] = []
        self._answers: dict[tuple[str, str], Callable[[Route], None]] = {}
        page.route("**/js/main.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
        page.route("**/api/v1/**", self._answer)
        page.goto(f"{origin}/index.html")

    def answers(self, method: str, path: str, answer: Any, status: int = 200) -> None:
        """What the server says to requests for a path that ends so; a function decides itself what it does."""
        if callable(answer):
            self._answers[method, path] = answer
        else:
            self._answers[method, path] = lambda route: route.fulfill(json=answer, status=status)

    def show(self, shown: dict[str, Any] | None) -> None:
        self.page.evaluate(_SHOW, {"draft": shown, "form": _FORM})

    def update(self, shown: dict[str, Any]) -> None:
        """Another draft, as it comes over the socket."""
        self.page.evaluate("draft => window.visit.show(draft)", shown)

    def card(self, key: str) -> Locator:
        return self.page.locator(f'.field[data-key="{key}"]')

    def edit(self, key: str) -> None:
        self.card(key).focus()
        self.page.keyboard.press("Enter")

    @property
    def state(self) -> Locator:
        """What the bar at the foot says."""
        return self.page.locator(".controls .state")

    def asked_for(self, method: str, path: str) -> list[Any]:
        """Bodies of the requests for a path that ends so."""
        return [body for how, where, body in self.asked if how == method and where.endswith(path)]

    def _answer(self, route: Route) -> None:
        request = route.request
        path = request.url.split("/api/v1")[1].split("?")[0]
        body = json.loads(request.post_data) if request.post_data else None
        self.asked.append((request.method, path, body))
        for (method, end), answer in self._answers.items():
            if request.method == method and path.endswith(end):
                answer(route)
                return
        route.fulfill(json={})
