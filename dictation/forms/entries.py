"""Items of a list (diagnoses, prescriptions, examinations) entered by hand.

An item that says what one of the record says stays that one. A plain line, and an item of which only the text is
given, is read by the pipeline; an item with its parts given is taken as it is, and checked.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from dictation.clinical.icd10 import coder
from dictation.clinical.icd10_table import english_title
from dictation.errors import UsageError
from dictation.forms.codes import read_code
from dictation.forms.contents import item_says, said
from dictation.forms.prescribed import compose, doubts_of
from dictation.forms.questionnaire import Form, Item
from dictation.forms.reading import Read
from dictation.forms.reasons import Reason
from dictation.forms.record import (
    DiagnosisItem,
    ExaminationItem,
    ListField,
    ListItem,
    MedicationItem,
    Record,
    TextField,
)
from dictation.forms.review import dictated
from dictation.forms.told import dictionary_forms, inside
from dictation.grammar.labels import labels

Json = dict[str, Any]

_MODELS: dict[str, type[ListItem]] = {
    "diagnoses": DiagnosisItem,
    "medications": MedicationItem,
    "examinations": ExaminationItem,
}
# What the program sets, whatever a client sends back.
_OURS = frozenset({"status", "reasons", "confidence", "evidence", "candidates"})
_DIAGNOSIS: Json = {"role": "main", "icd10": None, "title": None, "candidates": []}
_MEDICATION: Json = {
    **dict.fromkeys(("form", "strength", "dose", "unit", "route", "times_per_day", "timing", "condition")),
    "duration_days": None,
    "as_needed": False,
}
# Parts of a prescription beside its amounts.
_MANNER = ("form", "strength", "route", "timing", "condition", "as_needed")


class Entries:
    """Reads what is entered into one list field of a record."""

    def __init__(self, record: Record, form: Form, item: Item, read: Read) -> None:
        self._record, self._form, self._item, self._read = record, form, item, read
        self._known = [*_items(record, item.key), *_items(dictated(record), item.key)]
        self._kind = item.kind

    def items(self, given: list[str | Json]) -> list[Json]:
        """The items as a record has them. UsageError says which one is wrong."""
        found = [item for number, each in enumerate(given, 1) for item in self._of_item(each, number)]
        return [item.model_dump(mode="json") for item in found]

    def _of_item(self, given: str | Json, number: int) -> Iterator[ListItem]:
        if isinstance(given, str):
            yield from self._of_line(given)
            return
        where = f"{self._item.key}, item {number}"
        if unknown := set(given) - set(_MODELS[self._kind].model_fields):
            raise UsageError(f"{where}: no part '{min(unknown)}'")
        told = {key: value for key, value in given.items() if key not in _OURS}
        if wrong := {key for key, part in told.items() if isinstance(part, bool) and key != "as_needed"}:
            raise UsageError(f"{where}: {min(wrong)}: not a number or a text")
        same = next((item for item in self._known if _says(item, told)), None)
        if same is not None:
            yield same
            return
        if set(told) <= {"text", "role"} and isinstance(told.get("text"), str):
            role = {"role": told["role"]} if "role" in told else {}
            for item in self._of_line(told["text"]):
                yield self._valid(item.model_dump(mode="json") | role, where)
            return
        yield self._made(told, given.get("evidence"), where)

    def _made(self, told: Json, evidence: Any, where: str) -> ListItem:
        """An item with its parts given."""
        language = self._record.language
        match self._kind:
            case "diagnoses":
                data = {**_DIAGNOSIS, **told}
                data |= self._coded(data, where)
            case "medications":
                data = {**_MEDICATION, **told}
                data["name"] = data.get("name") or data.get("said")
                data["said"] = data.get("said") or data["name"]
                if not data.get("text") and data["name"]:
                    data["text"] = compose(data, language)
            case _:
                data = dict(told)
        if not data.get("text"):
            raise UsageError(f"{where}: no text")
        places = [item.evidence for item in self._known]
        shown = [each.model_dump(mode="json") for place in places if place for each in place]
        own = [each for each in evidence if each in shown] if isinstance(evidence, list) else []
        item = self._valid({**data, "status": "ok", "evidence": own}, where)
        if isinstance(item, MedicationItem):
            reasons = [*doubts_of(item, language), *self._told_otherwise(item, worded=bool(told.get("text")))]
            item = item.model_copy(update={"reasons": list(dict.fromkeys(reasons))})
        if isinstance(item, DiagnosisItem) and self._keeps_the_code_of_others(item):
            item = item.model_copy(update={"reasons": [Reason.CONTRADICTION]})
        return item

    def _valid(self, data: Json, where: str) -> ListItem:
        try:
            return _MODELS[self._kind].model_validate(data)
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            raise UsageError(f"{where}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None

    def _coded(self, data: Json, where: str) -> Json:
        """A diagnosis with its code in one spelling, its title and what else it might be."""
        words = coder(self._record.language)
        text = data.get("text") or ""
        code = None
        if data["icd10"] is not None:
            code = read_code(str(data["icd10"]))
            if code is None:
                raise UsageError(f"{where}: icd10: not a code of ICD-10")
        candidates = [
            {"icd10": each.icd10, "title": each.title, "score": each.score} for each in words.candidates(text)
        ]
        title = next((each["title"] for each in candidates if each["icd10"] == code), None)
        return {
            "icd10": code,
            "title": (title or words.title(code) or english_title(code)) if code else None,
            "text": text or (words.title(code) if code else None),
            "candidates": candidates,
        }

    def _keeps_the_code_of_others(self, item: DiagnosisItem) -> bool:
        """Whether a diagnosis has other words than its code was for, and they do not speak for it. A code that came
        with the words is the doctor's own."""
        known = [each for each in self._known if isinstance(each, DiagnosisItem) and each.icd10 == item.icd10]
        if item.icd10 is None or not known:
            return False
        rubrics = {each.icd10[:3] for each in item.candidates}
        return item.icd10[:3] not in rubrics and not any(
            each.text.casefold() == item.text.casefold() and Reason.CONTRADICTION not in each.reasons
            for each in known
        )

    def _told_otherwise(self, item: MedicationItem, *, worded: bool) -> list[Reason]:
        """A prescription whose words say another amount than its parts or, where they were given with the parts
        (`worded`), another way of taking it."""
        read = [each for each in self._read_line(item.text)[0] if isinstance(each, MedicationItem)]
        if len(read) != 1:
            return [Reason.CONTRADICTION] if read else []
        one = read[0]
        pairs = [(one.dose, item.dose), (one.unit, item.unit), (one.times_per_day, item.times_per_day)]
        pairs += [(one.duration_days, item.duration_days), (one.name.lower(), item.name.lower())]
        otherwise = any(told != part for told, part in pairs) or (worded and self._manner_differs(item, one))
        return [Reason.CONTRADICTION] if otherwise else []

    def _manner_differs(self, item: MedicationItem, read: MedicationItem) -> bool:
        """Whether how a drug is taken is not what the words say: not as they are read, nor as the record has had it
        with these words."""
        known = [each for each in self._known if isinstance(each, MedicationItem) and each.text == item.text]
        return any(_part(item, name) not in {_part(each, name) for each in (read, *known)} for name in _MANNER)

    def _of_line(self, line: str) -> list[ListItem]:
        """What a line says; what of it no item holds stays with the last one, which is doubted."""
        known = next((item for item in self._known if item.text == line), None)
        if known is not None:
            return [known]
        found, left = self._read_line(line)
        if not found:
            return [self._unread(line)]
        if left:
            last = found[-1]
            reason = Reason.NOT_STRUCTURED if self._kind == "medications" else Reason.UNREAD_TEXT
            text = line if len(found) == 1 else f"{last.text} {' '.join(left)}"
            found[-1] = last.model_copy(
                update={"text": text, "reasons": list(dict.fromkeys([*last.reasons, reason]))}
            )
        return found

    def _read_line(self, line: str) -> tuple[list[ListItem], list[str]]:
        """The items of a line, and the words that went elsewhere."""
        read = self._read(line, self._item.key, self._record.context)
        items = _items(read, self._item.key)
        taken = [each for item in items for each in item.evidence]
        elsewhere = [each for other in read.fields[self._item.key].alternatives for each in other.evidence]
        elsewhere += [each for notice in read.notices for each in notice.evidence]
        for key, field in read.fields.items():
            if key != self._item.key and not isinstance(field, TextField):
                elsewhere += field.evidence
        text = read.transcript.text
        left = {
            (place.start_char, place.end_char): text[place.start_char : place.end_char]
            for place in elsewhere
            if not inside(place, taken)
        }
        bare: Json = {"evidence": [], "confidence": None}
        # "Осложнение: …" told the role, which the item has.
        roles = {role.casefold() for role in labels(self._record.language).roles.values()}
        words = [word for word in left.values() if word.strip(" .:").casefold() not in roles]
        return [item.model_copy(update=bare) for item in items], words

    def _unread(self, line: str) -> ListItem:
        """A line of which nothing was understood, in its own words."""
        match self._kind:
            case "diagnoses":
                return DiagnosisItem.model_validate(
                    {**_DIAGNOSIS, "text": line, **self._coded({"text": line, "icd10": None}, line), "status": "ok"}
                )
            case "medications":
                data = {**_MEDICATION, "text": line, "name": line, "said": line}
                return MedicationItem.model_validate({**data, "status": "check", "reasons": [Reason.UNKNOWN_DRUG]})
            case _:
                return ExaminationItem(text=line, status="ok")


def _items(record: Record, key: str) -> list[ListItem]:
    field = record.fields[key]
    if isinstance(field, ListField):
        return list(field.value)
    return []


def _says(item: ListItem, told: Json) -> bool:
    """Whether all that is told of an item, the whole of it, is what a known one says."""
    own = item_says(item)
    return bool(told) and set(own) == set(told) and said(told) == own


def _part(item: MedicationItem, name: str) -> Any:
    part = getattr(item, name)
    return dictionary_forms(part) if isinstance(part, str) else part
