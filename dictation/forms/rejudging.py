"""A field judged anew: what its checks find now, beside every reason of which they know nothing."""

from __future__ import annotations

from collections.abc import Iterable

from dictation.forms.confirmed import own_reasons
from dictation.forms.contents import item_says
from dictation.forms.draft import Doubt
from dictation.forms.reasons import Reason
from dictation.forms.record import Field, ListField, ListItem, NumberField, Status


def rejudged(base: Field, field: Field, key: str, known: list[Doubt], doubts: list[Doubt]) -> Field:
    """`field`, which was `base` when it was dictated, with the reasons that `doubts` give in place of those that
    `known` gave. The field itself where they make no difference to it."""
    before = [doubt for doubt in known if doubt.key == key]
    after = [doubt for doubt in doubts if doubt.key == key]
    if field == base and _codes(before) == _codes(after):
        return base
    if not isinstance(field, ListField):
        gone = {doubt.reason for doubt in before} if field is base else set()
        if isinstance(base, NumberField) and base.alternatives:
            # Said in two ways, whatever the other values are.
            gone -= {Reason.CONTRADICTION}
        return _judged(field, _reasons(field.reasons, gone, {doubt.reason for doubt in after}))
    listed: list[ListItem] = [*field.value]
    items = [_item(item, index, base, before, after) for index, item in enumerate(listed)]
    reasons = [*own_reasons(field), *(code for item in items for code in item.reasons)]
    return _judged(field.model_copy(update={"value": items}), list(dict.fromkeys(reasons)))


def _item(item: ListItem, index: int, base: Field, before: list[Doubt], after: list[Doubt]) -> ListItem:
    """One of several values; what was dictated is known by what it says."""
    gone: set[Reason] = set()
    if isinstance(base, ListField):
        says = item_says(item)
        same = (n for n, each in enumerate(base.value) if item_says(each) == says)
        place = next(same, None)
        gone = _at(before, place) if place is not None else set()
    reasons = _reasons(item.reasons, gone, _at(after, index))
    return item.model_copy(update={"reasons": reasons, "status": "check" if reasons else "ok"})


def _reasons(reasons: Iterable[Reason], gone: set[Reason], new: set[Reason]) -> list[Reason]:
    return list(dict.fromkeys([*(code for code in reasons if code not in gone - new), *sorted(new)]))


def _judged(field: Field, reasons: list[Reason]) -> Field:
    status: Status = "check" if reasons else ("ok" if field.value is not None else "empty")
    return field.model_copy(update={"reasons": reasons, "status": status})


def _at(doubts: Iterable[Doubt], index: int | None) -> set[Reason]:
    return {doubt.reason for doubt in doubts if doubt.index == index}


def _codes(doubts: Iterable[Doubt]) -> set[tuple[Reason, int | None]]:
    return {(doubt.reason, doubt.index) for doubt in doubts}
