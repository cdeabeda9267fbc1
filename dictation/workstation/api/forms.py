"""Forms: those that come with the program, and Questionnaires of one's own."""

from __future__ import annotations

import json
import re
from typing import Any

from fastapi import APIRouter, Depends
from sqlalchemy import select

from dictation.errors import RuleError
from dictation.files import write_atomically
from dictation.forms.questionnaire import Form, Item, form_names, is_form_name, own_forms, parse_form
from dictation.store import Search, Store
from dictation.store.tables import dictations
from dictation.workstation.access import Unlocked, unlocked
from dictation.workstation.api.answers import PROBLEMS, FormItem, FormList, FormPart, FormShown, FormTold
from dictation.workstation.api.strict import StrictRoute
from dictation.workstation.failures import Failure
from dictation.workstation.own_forms import find_form, known_forms

router = APIRouter(tags=["forms"], responses=PROBLEMS, route_class=StrictRoute)

MOST_ITEMS, DEEPEST = 500, 30


@router.get("/forms", dependencies=[Depends(unlocked)])
def list_forms() -> FormList:
    """The forms that can be dictated into."""
    built_in = form_names()
    return FormList(
        forms=[FormTold(name=form.name, title=form.titles, own=form.name not in built_in) for form in known_forms()]
    )


@router.get("/forms/{name}", dependencies=[Depends(unlocked)])
def get_form(name: str) -> FormShown:
    """A form with its fields."""
    return _shown(find_form(name))


@router.post("/forms", status_code=201)
def add_form(caller: Unlocked, questionnaire: dict[str, Any]) -> FormShown:
    """Add a FHIR R4 Questionnaire as a form, named by its `name` or `id`; one of that name that nothing was dictated
    into is replaced."""
    name = _name(questionnaire)
    if name in form_names():
        raise Failure("own-form")
    if _depth(questionnaire) > DEEPEST:
        raise Failure("invalid", detail="the Questionnaire is nested too deeply")
    form = parse_form(name, json.dumps(questionnaire, ensure_ascii=False), name)
    if len(form.items) > MOST_ITEMS:
        raise Failure("invalid", detail=f"the Questionnaire has more than {MOST_ITEMS} items")
    if not any(item.binding for item in form.items):
        raise RuleError(f"{name}: nothing in the Questionnaire can be dictated; no item says what fills it")
    _refuse_used(caller.store, name)
    write_atomically(own_forms() / f"{name}.json", json.dumps(questionnaire, ensure_ascii=False, indent=2))
    caller.house.setups.forget(name)
    caller.store.tell("form-added", {"form": name})
    return _shown(form)


@router.delete("/forms/{name}", status_code=204)
def delete_form(name: str, caller: Unlocked) -> None:
    """Delete a form of one's own that nothing was dictated into."""
    if name in form_names():
        raise Failure("own-form")
    path = own_forms() / f"{name}.json"
    if not is_form_name(name) or not path.is_file():
        raise Failure("unknown-form")
    _refuse_used(caller.store, name)
    path.unlink(missing_ok=True)
    caller.house.setups.forget(name)
    caller.store.tell("form-deleted", {"form": name})


def _refuse_used(store: Store, name: str) -> None:
    """A record is shown by its form: that of one must stay as it was."""
    with store.engine.begin() as connection:
        begun = connection.execute(select(dictations.c.id).where(dictations.c.form == name).limit(1)).first()
    if begun or store.records(Search(form=name, limit=1)):
        raise Failure("form-in-use")


def _name(questionnaire: dict[str, Any]) -> str:
    given = questionnaire.get("name") or questionnaire.get("id") or ""
    name = re.sub(r"[^a-z0-9]+", "-", str(given).lower()).strip("-")
    if not is_form_name(name):
        raise Failure("invalid", detail="the Questionnaire has no name or id of Latin letters and digits")
    return name


def _depth(value: Any) -> int:
    """How deeply lists and objects are nested; no deeper than is worth knowing."""
    level, depth = [value], 0
    while level and depth <= DEEPEST:
        inner = [
            list(each.values()) if isinstance(each, dict) else each for each in level if isinstance(each, dict | list)
        ]
        level = [part for parts in inner for part in parts]
        depth += 1
    return depth


def _shown(form: Form) -> FormShown:
    return FormShown(
        name=form.name,
        title=form.titles,
        own=form.name not in form_names(),
        items=[_item(item) for item in form.items],
        questionnaire=form.questionnaire,
    )


def _item(item: Item) -> FormItem:
    return FormItem(
        key=item.key,
        type=item.type,
        kind=item.kind,
        labels=item.labels,
        unit=item.unit,
        unit_labels=item.unit_labels,
        loinc=item.loinc,
        dictated=item.binding is not None,
        parts=[
            FormPart(key=part.key, name=part.binding.detail if part.binding else None, labels=part.labels)
            for part in item.parts
        ],
    )
