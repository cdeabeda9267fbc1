"""A signed version of a record as it is sent: made once, when it is submitted, and then always the same."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from dictation.errors import SigningError
from dictation.forms.record import Record
from dictation.forms.signed import Signed
from dictation.mis.identity import Systems
from dictation.store import Store
from dictation.store.canonical import canonical

Json = dict[str, Any]


@dataclass(frozen=True)
class Document:
    """What an end may send: the record, the same as a FHIR transaction, and as a printable HTML page.

    `statement` is what was signed (`Signature.statement`). `replaces` is the version that was sent to the same place
    before, None for the first one.
    """

    record: Json
    bundle: Json
    page: str
    statement: Mapping[str, Any]
    replaces: int | None = None

    @property
    def id(self) -> str:
        """The record's id."""
        return str(self.record["id"])

    @property
    def version(self) -> int:
        """The signed version."""
        return int(self.statement["version"])

    @property
    def name(self) -> str:
        """The same for every sending of this version, and of no other: what the other side knows repeats by."""
        return f"{self.id}.v{self.version}"

    def pdf(self) -> bytes:
        """The printable page as PDF. InputError where the record's form is not here any more."""
        from dictation.forms.pdf import to_pdf
        from dictation.forms.questionnaire import load_form

        record = Record.model_validate(self.record)
        return to_pdf(record, load_form(record.form), signed_as(self.statement, record))

    def to_text(self) -> str:
        """As the outbox keeps it."""
        return canonical(asdict(self))

    @classmethod
    def from_text(cls, text: str) -> Document:
        return cls(**json.loads(text))


def document_of(
    store: Store, identifier: str, version: int | None = None, *, systems: Systems, sent: Sequence[int] = ()
) -> Document:
    """The document of a signed version, the newest that is signed if none is named.

    `sent` are the versions that went to the same place before: this one corrects them there. SigningError where it is
    not signed; the audit log tells that the record left.
    """
    # Heavy, and not needed to send what is in the outbox already.
    from dictation.forms.page import to_html
    from dictation.forms.questionnaire import load_form
    from dictation.mis.bundle import to_bundle
    from dictation.mis.replacement import replacing

    signature = store.signature(identifier, version)
    if signature is None:
        raise SigningError(
            f"record {identifier}: not signed; sign it first: dictation sign RECORD.json --doctor NAME"
        )
    record = store.export(identifier, signature.version)
    form = load_form(record.form)
    signed = signed_as(signature.statement, record)
    bundle = to_bundle(record, form, systems=systems, signed=signed)
    earlier = sorted(number for number in sent if number < signature.version)
    if earlier:
        before = [to_bundle(store.record(identifier, n), form, systems=systems, signed=True) for n in earlier]
        bundle = replacing(bundle, before, f"{systems.record}|{identifier}")
    return Document(
        record=record.model_dump(mode="json"),
        bundle=bundle,
        page=to_html(record, form, signed),
        statement=dict(signature.statement),
        replaces=earlier[-1] if earlier else None,
    )


def signed_as(statement: Mapping[str, Any], record: Record) -> Signed:
    """What a page says of the signature, the moment by the clock where the record was made."""
    return Signed(
        doctor=statement["doctor"],
        at=datetime.fromisoformat(statement["signed"]).astimezone(record.created.tzinfo),
        version=statement["version"],
        sha256=statement["record_sha256"],
        confirmed=tuple(statement["confirmed"]),
    )


def unsigned(identifier: str) -> SigningError:
    """What is said of a record that nobody has signed."""
    return SigningError(
        f"record {identifier}: not signed as it is; sign it first: dictation sign RECORD.json --doctor NAME"
    )
