"""Forms as FHIR R4 Questionnaires: which items there are and which clinical fact fills each.

An item says what fills it by the extension `FACT_EXTENSION`, a string of a source and, after a colon, a detail:

    section:<kind>         text of the sections of that kind           item type text or string
    measurement:<kind>     the patient's own value at this visit       decimal or integer
    diagnoses              diagnoses with their codes                  repeating group
    medications            prescriptions of this visit                 repeating group
    examinations           tests, procedures, consultations ordered    repeating group, text or string
    follow-up              when to come back                           text or string

An item within a repeating group names the key it takes, as `diagnoses:icd10` or `medications:dose`. An item without
the extension but with the LOINC code of a known measurement is that measurement.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Literal

from fhir.resources.R4B.questionnaire import Questionnaire
from pydantic import ValidationError

from dictation.errors import RuleError, UsageError
from dictation.forms.codes import LOINC, known_measurements, measurement_of
from dictation.forms.record import DiagnosisItem, ExaminationItem, MedicationItem
from dictation.resources import home

FACT_EXTENSION = "urn:dictation:fhir:clinical-fact"
TRANSLATION_EXTENSION = "http://hl7.org/fhir/StructureDefinition/translation"
UNIT_EXTENSION = "http://hl7.org/fhir/StructureDefinition/questionnaire-unit"

Json = dict[str, Any]
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")

Kind = Literal["text", "number", "diagnoses", "medications", "examinations"]

_TEXT = frozenset({"text", "string"})
_NUMBER = frozenset({"decimal", "integer"})
_LIST = frozenset({"group"})
_TYPES = {
    "section": _TEXT,
    "measurement": _NUMBER,
    "diagnoses": _LIST,
    "medications": _LIST,
    "examinations": _LIST | _TEXT,
    "follow-up": _TEXT,
}
_PARTS = {
    "diagnoses": frozenset(DiagnosisItem.model_fields),
    "medications": frozenset(MedicationItem.model_fields),
    "examinations": frozenset(ExaminationItem.model_fields),
}

# The item types of FHIR R4; fhir.resources does not check them.
_FHIR_TYPES = frozenset(
    (
        *("group", "display", "boolean", "decimal", "integer", "date", "dateTime", "time", "string"),
        *("text", "url", "choice", "open-choice", "attachment", "reference", "quantity"),
    )
)


@dataclass(frozen=True, slots=True)
class Binding:
    """The clinical fact that fills an item: `section` with the kind of section as detail, and so on."""

    source: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a form. `key` is its linkId; `labels` by language; `unit` is UCUM, `unit_labels` by language;
    `parts` are the items within a repeating group; `group` is the key of the group it lies in."""

    key: str
    labels: dict[str, str]
    type: str
    binding: Binding | None = None
    loinc: str | None = None
    unit: str | None = None
    unit_labels: dict[str, str] = field(default_factory=dict)
    parts: tuple[Item, ...] = ()
    group: str | None = None

    @property
    def kind(self) -> Kind:
        """What its value in a record is."""
        source = self.binding.source if self.binding else None
        match source, self.type:
            case "diagnoses", _:
                return "diagnoses"
            case "medications", _:
                return "medications"
            case "examinations", "group":
                return "examinations"
            case _, "decimal" | "integer":
                return "number"
            case _:
                return "text"

    def label(self, language: str) -> str:
        return self.labels.get(language) or self.labels["ru"]

    def unit_label(self, language: str) -> str:
        return self.unit_labels.get(language) or self.unit_labels.get("ru") or self.unit or ""


@dataclass(frozen=True, slots=True)
class Form:
    """A form: its items in order, groups that only hold others left out, and the Questionnaire it was read from."""

    name: str
    titles: dict[str, str]
    items: tuple[Item, ...]
    questionnaire: Json

    def item(self, key: str) -> Item:
        return next(item for item in self.items if item.key == key)

    def bound_to(self, source: str) -> Iterator[Item]:
        return (item for item in self.items if item.binding is not None and item.binding.source == source)

    def title(self, language: str) -> str:
        return self.titles.get(language) or self.titles["ru"]

    @property
    def canonical(self) -> str:
        """What a QuestionnaireResponse refers to: url, and the version where there is one."""
        url, version = self.questionnaire.get("url"), self.questionnaire.get("version")
        return f"{url or 'urn:dictation:fhir:questionnaire:' + self.name}{'|' + version if version else ''}"


def form_names() -> list[str]:
    """The forms that come with the program."""
    return sorted(file.name.removesuffix(".json") for file in _definitions().iterdir() if file.name.endswith(".json"))


def load_form(name_or_path: str | Path) -> Form:
    """A form by its name, or a Questionnaire of one's own by the path of its JSON.

    Names are those of the forms that come with the program, and of Questionnaires put into the folder `forms` of the
    program's own. UsageError where there is no such form or file, RuleError where the Questionnaire cannot be used.
    """
    given = str(name_or_path)
    if given in form_names():
        return parse_form(given, (_definitions() / f"{given}.json").read_text(encoding="utf-8"), given)
    own = own_forms() / f"{given}.json"
    path = own if is_form_name(given) and own.is_file() else Path(given)
    if not path.is_file():
        raise UsageError(
            f"no form '{given}': give one of {', '.join(form_names())}, or a path of a Questionnaire JSON"
        )
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise RuleError(f"{path}: form cannot be read: {error}") from error
    return parse_form(path.stem, text, str(path))


def own_forms() -> Path:
    """The folder of Questionnaires that a clinic or a vendor added, each as NAME.json."""
    return home() / "forms"


def is_form_name(name: str) -> bool:
    """Whether a form may be called so: lower-case Latin letters, digits and dashes, never a path."""
    return _NAME.fullmatch(name) is not None


def _definitions() -> Traversable:
    return resources.files("dictation.forms") / "definitions"


def parse_form(name: str, text: str, source: str) -> Form:
    """A Questionnaire's JSON as a form; `source` is what an error calls it. RuleError says what is wrong with it."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RuleError(f"{source}: not JSON: {error}") from error
    if not isinstance(data, dict) or data.get("resourceType") != "Questionnaire":
        raise RuleError(f"{source}: not a FHIR Questionnaire: resourceType is missing or another")
    try:
        Questionnaire.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise RuleError(f"{source}: not a FHIR R4 Questionnaire: {place}: {first['msg']}") from error
    items = tuple(_flat(data.get("item", []), source, None))
    if not items:
        raise RuleError(f"{source}: the Questionnaire has no items")
    seen: set[str] = set()
    for key in (part.key for item in items for part in (item, *item.parts)):
        if key in seen:
            raise RuleError(f"{source}: linkId '{key}' is used twice")
        seen.add(key)
    return Form(name, _labels(data, "title", name), items, data)


def _flat(raw_items: list[Json], source: str, group: str | None) -> Iterator[Item]:
    for raw in raw_items:
        if raw["type"] == "display":
            continue
        item = _item(raw, source, group)
        if raw["type"] == "group" and item.binding is None:
            yield from _flat(raw.get("item", []), source, raw["linkId"])
        else:
            yield item


def _item(raw: Json, source: str, group: str | None) -> Item:
    where = f"{source}: item '{raw['linkId']}'"
    if raw["type"] not in _FHIR_TYPES:
        raise RuleError(f"{where}: '{raw['type']}' is not an item type of FHIR R4")
    binding = _binding(raw, where)
    if binding is not None and raw["type"] not in _TYPES[binding.source]:
        expected = " or ".join(sorted(_TYPES[binding.source]))
        raise RuleError(f"{where}: type is '{raw['type']}', what fills it needs {expected}")
    unit: Json = next((e["valueCoding"] for e in raw.get("extension", []) if e["url"] == UNIT_EXTENSION), {})
    code = unit.get("code")
    if code is None and binding is not None and binding.source == "measurement":
        code = known_measurements()[binding.detail].unit
    return Item(
        key=raw["linkId"],
        labels=_labels(raw, "text", raw["linkId"]),
        type=raw["type"],
        binding=binding,
        loinc=_loinc(raw),
        unit=code,
        unit_labels=_labels(unit, "display", code or ""),
        parts=tuple(_part(part, binding, source) for part in raw.get("item", [])) if binding is not None else (),
        group=group,
    )


def _part(raw: Json, binding: Binding, source: str) -> Item:
    value = _fact(raw)
    owner, _, detail = (value or "").partition(":")
    if value is not None and (owner != binding.source or detail not in _PARTS.get(owner, ())):
        known = ", ".join(sorted(_PARTS.get(binding.source, ())))
        raise RuleError(
            f"{source}: item '{raw['linkId']}': '{value}' is no part of {binding.source}; there are: {known}"
        )
    part = Binding(owner, detail) if value else None
    return Item(raw["linkId"], _labels(raw, "text", raw["linkId"]), raw["type"], part)


def _binding(raw: Json, where: str) -> Binding | None:
    value = _fact(raw)
    if value is None:
        kind = measurement_of(_loinc(raw)) if raw["type"] in _NUMBER else None
        return Binding("measurement", kind) if kind else None
    source, _, detail = value.partition(":")
    if source not in _TYPES:
        raise RuleError(f"{where}: nothing called '{value}' fills items; there are: {', '.join(sorted(_TYPES))}")
    if source == "measurement" and detail not in known_measurements():
        raise RuleError(f"{where}: no measurement '{detail}'; there are: {', '.join(sorted(known_measurements()))}")
    if source == "section" and not detail:
        raise RuleError(f"{where}: 'section' needs the kind of section after a colon")
    return Binding(source, detail)


def _fact(raw: Json) -> str | None:
    return next((e.get("valueString") for e in raw.get("extension", []) if e["url"] == FACT_EXTENSION), None)


def _loinc(raw: Json) -> str | None:
    return next((coding.get("code") for coding in raw.get("code", []) if coding.get("system") == LOINC), None)


def _labels(element: Json, name: str, otherwise: str) -> dict[str, str]:
    """A text and its translations by language; the text itself is taken as Russian."""
    found = {"ru": element.get(name) or otherwise}
    for extension in element.get(f"_{name}", {}).get("extension", []):
        if extension.get("url") == TRANSLATION_EXTENSION:
            parts = {part["url"]: part.get("valueCode") or part.get("valueString") for part in extension["extension"]}
            if parts.get("lang") and parts.get("content"):
                found[parts["lang"]] = parts["content"]
    return found
