"""The documents of a bundle: the form as it was filled, the note for people, and where it all came from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape
from typing import Any

from dictation.forms.codes import LOINC
from dictation.forms.edits import edits
from dictation.forms.questionnaire import Form, Item
from dictation.forms.reasons import Reason, texts
from dictation.forms.record import (
    DiagnosisField,
    ExaminationField,
    Field,
    ListField,
    ListItem,
    MedicationField,
    NumberField,
)
from dictation.forms.signed import Signed
from dictation.grammar.labels import labels
from dictation.mis.edited import edited_extension, edited_parts
from dictation.mis.identity import full_url
from dictation.mis.resources import CHECK_EXTENSION, Json, Resource, Subject, doubt_text

_OUTPATIENT_NOTE = {"system": LOINC, "code": "34108-1", "display": "Outpatient Note"}
_VITAL_SIGNS = {"system": LOINC, "code": "8716-3", "display": "Vital signs"}
_PARTICIPANT = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"
_LABELS = "ru"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def questionnaire_response(subject: Subject, form: Form) -> Resource:
    """The filled form, item by item; always holds everything, with the reasons of what needs a look."""
    content: Json = {
        "language": _LABELS,
        "questionnaire": form.canonical,
        "status": "completed" if subject.signed else "in-progress",
        "subject": subject.patient,
        "encounter": subject.encounter,
        "authored": subject.record.created.isoformat(),
        "author": subject.author,
        "item": list(_answers(form.questionnaire["item"], subject, form)),
    }
    if not content["item"]:
        del content["item"]
    told = [{"url": CHECK_EXTENSION, "valueString": line} for line in _unread(subject, form)]
    told += edited_parts(subject, form)
    if told:
        content["extension"] = told
    return subject.made("QuestionnaireResponse", "QuestionnaireResponse", content, many=False)


def _unread(subject: Subject, form: Form) -> Iterator[str]:
    """What was said and stands in no answer: words that could not be read, other readings, notices."""
    reasons = texts(_LABELS)
    for item in form.items:
        field = subject.record.fields[item.key]
        for other in field.alternatives:
            yield f"{item.label(_LABELS)}: {labels(_LABELS).alternatives}: {other.value}"
    for notice in subject.record.notices:
        yield f"{reasons[notice.reason]}: {notice.text}".removesuffix(": ")


def _answers(raw_items: list[Json], subject: Subject, form: Form) -> Iterator[Json]:
    bound = {item.key: item for item in form.items}
    changed = edits(subject.record)
    for raw in raw_items:
        key = raw["linkId"]
        if raw["type"] == "display":
            continue
        if key not in bound:
            inner = list(_answers(raw.get("item", []), subject, form))
            if inner:
                yield {"linkId": key, "text": raw.get("text", key), "item": inner}
            continue
        item, found = bound[key], subject.record.fields[key]
        named: Json = {"linkId": key, "text": item.label(_LABELS)}
        if key in changed:
            named["extension"] = [edited_extension(changed[key])]
        if isinstance(found, ListField):
            for value in found.value:
                yield {**_with_reasons(named, value.reasons), "item": list(_parts(item, value))}
            if found.reasons and not found.value:
                yield _with_reasons(named, found.reasons)
        elif found.value is not None:
            yield {**_with_reasons(named, found.reasons), "answer": [_answer(item.type, found.value)]}
        elif found.reasons or key in changed:
            yield _with_reasons(named, found.reasons)


def _parts(item: Item, value: ListItem) -> Iterator[Json]:
    for part in item.parts:
        said = getattr(value, part.binding.detail) if part.binding else None
        if said is not None:
            yield {"linkId": part.key, "text": part.label(_LABELS), "answer": [_answer(part.type, said)]}


def _answer(kind: str, value: Any) -> Json:
    match kind:
        case "decimal":
            return {"valueDecimal": value}
        case "integer":
            return {"valueInteger": value} if float(value).is_integer() else {"valueDecimal": value}
        case "boolean":
            return {"valueBoolean": value}
        case _:
            return {"valueString": str(value)}


def _with_reasons(item: Json, reasons: Iterable[Reason]) -> Json:
    codes = [{"url": CHECK_EXTENSION, "valueCode": code.value} for code in reasons]
    extensions = [*item.get("extension", []), *codes]
    return {**item, "extension": extensions} if extensions else item


def composition(subject: Subject, form: Form, clinical: list[Resource]) -> Resource:
    """The note: a section for each item of the form that was dictated, measurements together; who signed it."""
    content: Json = {
        "language": _LABELS,
        "status": "final" if subject.signed else "preliminary",
        "type": {"coding": [_OUTPATIENT_NOTE]},
        "subject": subject.patient,
        "encounter": subject.encounter,
        "date": subject.record.created.isoformat(),
        "author": [subject.author],
        "title": form.title(_LABELS),
        "section": list(_sections(subject, form, clinical)),
    }
    if not content["section"]:
        del content["section"]
    if isinstance(subject.signed, Signed):
        party = {"display": subject.signed.doctor}
        content["attester"] = [{"mode": "professional", "time": subject.signed.at.isoformat(), "party": party}]
    return subject.made("Composition", "Composition", content, many=False)


def _sections(subject: Subject, form: Form, clinical: list[Resource]) -> Iterator[Json]:
    fields = subject.record.fields
    numbers = [item for item in form.items if isinstance(fields[item.key], NumberField)]
    measured = [(item, fields[item.key]) for item in numbers if fields[item.key].status != "empty"]
    for item in form.items:
        if numbers and item is numbers[0] and measured:
            lines = [_line(f"{i.label(_LABELS)}: {_number(i, f)}", f.reasons, subject) for i, f in measured]
            yield _section(
                labels(_LABELS).vital_signs, [_VITAL_SIGNS], lines, _under(subject, clinical, "Observation/")
            )
        field = fields[item.key]
        if field.status == "empty" or isinstance(field, NumberField):
            continue
        entries = _under(subject, clinical, *(f"{kind}/{item.key}/" for kind in _LISTS))
        section = _section(item.label(_LABELS), _code(item), _lines(field, subject), entries)
        if _fact(item) == "section:allergies":
            section = _with_allergies(section, subject, clinical)
        yield section
    if subject.record.findings:
        entries = _under(subject, clinical, "Condition/findings/", "FamilyMemberHistory/")
        words = labels(_LABELS)
        lines = [
            _line(f"{finding.text}: {words.assertions[finding.status]}", finding.check, subject)
            for finding in subject.record.findings
        ]
        yield _section(words.findings, [], lines, entries)
    if not subject.signed and (unread := list(_unread(subject, form))):
        yield _section(labels(_LABELS).notices, [], [_xhtml(line) for line in unread], [])


_LISTS = ("Condition", "MedicationRequest", "ServiceRequest")


def _with_allergies(section: Json, subject: Subject, clinical: list[Resource]) -> Json:
    entries = _under(subject, clinical, "AllergyIntolerance/")
    if entries:
        return section | {"entry": entries}
    said = subject.record.allergies
    if said and all(allergy.denied and not allergy.check for allergy in said):
        reason = {"system": "http://terminology.hl7.org/CodeSystem/list-empty-reason", "code": "nilknown"}
        return section | {"emptyReason": {"coding": [reason]}}
    return section


def _section(title: str, code: list[Json], lines: list[str], entries: list[Json]) -> Json:
    text = "".join(f"<p>{line}</p>" for line in lines)
    narrative = f'<div xmlns="http://www.w3.org/1999/xhtml" xml:lang="{_LABELS}" lang="{_LABELS}">{text}</div>'
    section: Json = {"title": title, "text": {"status": "generated", "div": narrative}}
    if code:
        section["code"] = {"coding": code}
    if entries:
        section["entry"] = entries
    return section


def _lines(field: Field, subject: Subject) -> list[str]:
    words = labels(_LABELS)
    match field:
        case DiagnosisField(value=list() as found):
            lines = [
                _line(f"{words.roles[d.role]}: {d.text}{f' ({d.icd10})' if d.icd10 else ''}", d.reasons, subject)
                for d in found
            ]
        case MedicationField(value=list() as found) | ExaminationField(value=list() as found):
            lines = [_line(each.text, each.reasons, subject) for each in found]
        case _:
            return [_line(str(field.value or ""), field.reasons, subject)]
    known = {code for each in found for code in each.reasons}
    own = [code for code in field.reasons if code not in known]
    return lines + ([_line("", own, subject)] if own else [])


def _line(text: str, reasons: list[Reason], subject: Subject) -> str:
    if not reasons or subject.signed:
        return _xhtml(text)
    return _xhtml(f"{text} [{doubt_text(reasons)}]".strip())


def _xhtml(text: str) -> str:
    """Text as XHTML, without the control characters that XML does not allow."""
    return escape(_CONTROL.sub("", text))


def _number(item: Item, field: Field) -> str:
    if field.value is None:
        return "—"
    return f"{str(field.value).replace('.', ',')} {item.unit_label(_LABELS)}".rstrip()


def _code(item: Item) -> list[Json]:
    return [{"system": LOINC, "code": item.loinc}] if item.loinc else []


def _fact(item: Item) -> str:
    return f"{item.binding.source}:{item.binding.detail}" if item.binding else ""


def _under(subject: Subject, clinical: list[Resource], *prefixes: str) -> list[Json]:
    return [subject.reference(resource.path) for resource in clinical if resource.path.startswith(prefixes)]


def provenance(subject: Subject, others: list[Resource]) -> Resource:
    """Who and what made the resources: the doctor, and this program with its recogniser."""
    agents: list[Json] = [
        {"type": {"coding": [{"system": _PARTICIPANT, "code": "assembler"}]}, "who": subject.reference("Device")}
    ]
    if subject.record.context.visit.practitioner:
        agents.insert(
            0,
            {
                "type": {"coding": [{"system": _PARTICIPANT, "code": "author"}]},
                "who": subject.reference("Practitioner"),
            },
        )
    content: Json = {
        "target": [{"reference": full_url(subject.record.id, resource.path)} for resource in others],
        "recorded": subject.record.created.isoformat(),
        "agent": agents,
    }
    return subject.made("Provenance", "Provenance", content, tagged=True)
