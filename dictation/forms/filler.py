"""Filling a form: clinical facts become fields with their evidence, checks decide what needs a look."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol
from uuid import UUID, uuid4

from spacy.tokens import Doc

from dictation.clinical import facts
from dictation.clinical.facts import Allergy, Finding
from dictation.forms.alignment import Alignment
from dictation.forms.checks import doubts_about
from dictation.forms.context import Context
from dictation.forms.draft import Doubt, Draft, Entry, facts_for
from dictation.forms.fields import field
from dictation.forms.questionnaire import Form
from dictation.forms.reasons import Reason, reason
from dictation.forms.record import (
    AllergyItem,
    EditItem,
    FindingItem,
    HeardTranscript,
    Notice,
    RecogniserUsed,
    Record,
)
from dictation.language.written import Edit, Written


class RecogniserInfo(Protocol):
    """What a recogniser tells of itself."""

    @property
    def engine(self) -> str: ...
    @property
    def model(self) -> str: ...
    @property
    def sha256(self) -> str | None: ...


def fill(
    form: Form,
    written: Written,
    doc: Doc,
    *,
    source: str | None,
    language: str,
    context: Context | None = None,
    recogniser: RecogniserInfo | None = None,
    damage: str | None = None,
    identifier: UUID | None = None,
    created: datetime | None = None,
) -> Record:
    """A record of what was dictated.

    `doc` holds one spaCy token for every token of `written`, and the facts; `recogniser` is None for a text that was
    never sound; `damage` says what was wrong with the recording where it broke off. `identifier` and `created`
    default to new ones.
    """
    draft = Draft(
        form=form,
        written=written,
        doc=doc,
        language=language,
        engine=recogniser.engine if recogniser else None,
        context=context or Context(),
        alignment=Alignment(written),
        entries=tuple(Entry(item, facts_for(item, doc)) for item in form.items),
    )
    doubts = doubts_about(draft)
    return Record(
        id=identifier or uuid4(),
        created=created or datetime.now().astimezone(),
        source=source,
        form=form.name,
        language=language,
        context=draft.context,
        recogniser=RecogniserUsed.model_validate(recogniser) if recogniser else None,
        transcript=HeardTranscript.model_validate(written.transcript),
        fields={entry.item.key: field(entry, draft, doubts) for entry in draft.entries},
        findings=[_finding(finding, draft) for finding in facts.get(doc, Finding)],
        allergies=[_allergy(allergy, draft) for allergy in facts.get(doc, Allergy)],
        edits=[_edit(edit, draft) for edit in written.edits],
        notices=_notices(doubts, draft, damage),
    )


def _finding(finding: Finding, draft: Draft) -> FindingItem:
    return FindingItem.model_validate(
        {
            "text": finding.text,
            "status": finding.status,
            "check": [reason(code) for code in finding.reasons],
            "evidence": draft.alignment.evidence(finding.start, finding.end),
        }
    )


def _allergy(allergy: Allergy, draft: Draft) -> AllergyItem:
    return AllergyItem(
        substance=allergy.substance,
        reaction=allergy.reaction,
        denied=allergy.denied,
        check=[reason(code) for code in allergy.reasons],
        evidence=draft.alignment.evidence(allergy.start, allergy.end),
    )


def _edit(edit: Edit, draft: Draft) -> EditItem:
    place = draft.alignment.of_characters(edit.start, edit.end)
    return EditItem(kind=edit.kind, done=edit.done, removed=edit.removed, evidence=[place])


def _notices(doubts: list[Doubt], draft: Draft, damage: str | None) -> list[Notice]:
    found = [
        Notice(reason=d.reason, text=d.text, evidence=draft.alignment.evidence(d.start, d.end))
        for d in doubts
        if d.key is None
    ]
    if damage:
        found.insert(0, Notice(reason=Reason.DAMAGED_RECORDING, text=damage))
    return found
