"""A record as PDF for systems and archives that take no HTML: A4, the parts and their order of the printable page.

The typeface is PT Serif (ParaType, SIL Open Font License), which has every Kazakh letter; it comes with the program
and is embedded, so nothing depends on the fonts of a machine or a printer.
"""

from __future__ import annotations

import logging
from contextlib import AbstractContextManager
from typing import Literal

import fontpkg
from fpdf import FPDF, XPos, YPos
from fpdf.fonts import FontFace, TTFFont
from fpdf.table import Table

from dictation.forms.confirmed import own_reasons
from dictation.forms.fields import fitted
from dictation.forms.page import blocks, number, russian_date, visit_day
from dictation.forms.questionnaire import Form, Item
from dictation.forms.reasons import Reason, texts
from dictation.forms.record import (
    DiagnosisField,
    ExaminationField,
    Field,
    Judged,
    MedicationField,
    NumberField,
    Record,
    TextField,
)
from dictation.forms.signed import Signed
from dictation.grammar.labels import labels

FONT = "PT Serif"
_STYLES = {"": (400, "normal"), "B": (700, "normal"), "I": (400, "italic")}

# Millimetres and points, as the printable page has them.
_LEFT, _TOP, _RIGHT, _BOTTOM = 20, 15, 12, 15
_TEXT, _HEAD, _SMALL, _TITLE = 11, 10, 9, 13
_IN_A_ROW = 4
_PAGES = "\U000f0000"
_DOUBTFUL = FontFace(fill_color=(255, 243, 196))

# What the library says of a font's glyphs would tell of the letters that were dictated.
for _name in ("fpdf", "fontTools"):
    logging.getLogger(_name).setLevel(logging.ERROR)


def to_pdf(record: Record, form: Form, signed: Signed | None = None) -> bytes:
    """A PDF of the record, labels in Kazakh and Russian; the same bytes for the same record and signature.

    Unless it is signed, it says that it is a draft and shows beside each value why it needs a look; then, who signed
    and what was confirmed. A letter that the typeface lacks is printed as ◊.
    """
    return _Sheet(record, form, signed).drawn()


class _Sheet(FPDF):
    """The pages of one record."""

    def __init__(self, record: Record, form: Form, signed: Signed | None) -> None:
        super().__init__(format="A4")
        self._record, self._form, self._signed = fitted(record, form), form, signed
        self._kk, self._ru, self._reasons = labels("kk"), labels("ru"), texts("ru")
        for style, (weight, slant) in _STYLES.items():
            self.add_font(FONT, style, fontpkg.path(FONT, weight, slant))
        fonts = [font for font in self.fonts.values() if isinstance(font, TTFFont)]
        self._letters = frozenset.intersection(*(frozenset(font.cmap) for font in fonts))
        # Nothing that is printed holds it: what the typeface lacks was replaced.
        self.alias_nb_pages(_PAGES)
        self.set_margins(_LEFT, _TOP, _RIGHT)
        self.set_auto_page_break(True, _BOTTOM)
        self.set_creation_date(signed.at if signed else record.created)
        self.set_title(form.title("ru"))
        self.set_lang("ru")

    def drawn(self) -> bytes:
        self.add_page()
        self._head()
        self._passport()
        for block in blocks(self._form):
            if block.numbers:
                self._numbers(block.items)
                continue
            for item in block.items:
                self._item(item)
        if not self._signed:
            self._notices()
        self._foot()
        return bytes(self.output())

    def footer(self) -> None:
        """On every page: which record it is of, and the page."""
        self.set_y(-_BOTTOM + 4)
        version = f", {self._both('version')} {self._signed.version}" if self._signed else ""
        self.set_font(FONT, "", 8)
        self.cell(0, 4, f"{self._record.id}{version}")
        self.set_x(_LEFT)
        self.cell(0, 4, f"{self._both('page')} {self.page_no()} / {_PAGES}", align="R")

    def _head(self) -> None:
        self.set_font(FONT, "", _SMALL)
        top = self.get_y()
        self.multi_cell(110, 4, f"{self._both('organisation')}\n{'_' * 40}", align="L")
        self.set_xy(_LEFT, top)
        self.multi_cell(0, 4, self._both("form_number"), align="R")
        self.set_y(top + 12)
        self.set_font(FONT, "B", _TITLE)
        for language in ("kk", "ru"):
            self._line(self._form.title(language), 6, align="C")
        if not self._signed:
            self.ln(2)
            self.set_font(FONT, "B", _TEXT)
            self._line(self._both("draft"), 7, align="C", border=1)
        self.ln(3)

    def _passport(self) -> None:
        patient, visit = self._record.context.patient, self._record.context.visit
        age = self._record.context.age()
        born = russian_date(patient.birth_date) if patient.birth_date else ""
        day = russian_date(visit_day(self._record))
        rows = (
            ("patient", patient.name, "iin", patient.iin),
            (
                "birth_date",
                f"{born} ({age:.0f})" if age is not None else born,
                "sex",
                self._ru.sexes[patient.sex] if patient.sex else "",
            ),
            ("visit", f"{day}, № {visit.id}" if visit.id else day, "doctor", visit.practitioner),
        )
        self.set_font(FONT, "", _TEXT)
        with self._table((38, 58, 26, 56), borders="NONE") as table:
            for first, value, second, other in rows:
                row = table.row()
                for label, given in ((first, value), (second, other)):
                    row.cell(self._both(label), style=FontFace(size_pt=_SMALL))
                    row.cell(self._printable(given or ""))

    def _numbers(self, items: tuple[Item, ...]) -> None:
        self._heading(self._both("vital_signs"))
        self.set_font(FONT, "", _TEXT)
        with self._table((1,) * _IN_A_ROW) as table:
            for first in range(0, len(items), _IN_A_ROW):
                row = table.row()
                for item in items[first : first + _IN_A_ROW]:
                    row.cell(self._measured(item), style=_shade(self._record.fields[item.key], self._signed))

    def _measured(self, item: Item) -> str:
        field = self._record.fields[item.key]
        given = field.value if isinstance(field, NumberField) else None
        value = "—" if given is None else f"{number(given)} {item.unit_label('ru')}".rstrip()
        return "\n".join([self._label(item), value, *self._doubts(field.reasons, field)])

    def _item(self, item: Item) -> None:
        field = self._record.fields[item.key]
        self._heading(self._label(item))
        match field:
            case DiagnosisField(value=given):
                self.set_font(FONT, "", _TEXT)
                with self._table((45, 111, 22), heads=1) as table:
                    table.row([self._both("role"), self._label(item), self._both("code")])
                    for each in given:
                        role = f"{self._kk.roles[each.role]} / {self._ru.roles[each.role]}"
                        said = "\n".join([each.text, *self._doubts(each.reasons)])
                        row = table.row()
                        for text in (role, said, each.icd10 or "—"):
                            row.cell(self._printable(text), style=_shade(each, self._signed))
            case MedicationField(value=listed) | ExaminationField(value=listed):
                self.set_font(FONT, "", _TEXT)
                with self._table((10, 168)) as table:
                    for index, one in enumerate(listed, 1):
                        row = table.row([str(index)])
                        said = "\n".join([one.text, *self._doubts(one.reasons)])
                        row.cell(self._printable(said), style=_shade(one, self._signed))
            case TextField(value=text):
                self._paragraph(text)
            case _:
                empty = field.status == "empty"
                self._paragraph(self._ru.not_dictated if empty else "—", "I" if empty else "")
        for doubt in self._doubts(own_reasons(field), field):
            self._paragraph(doubt, "I", _SMALL)

    def _notices(self) -> None:
        if not self._record.notices:
            return
        self._heading(self._both("notices"))
        for notice in self._record.notices:
            why = self._reasons[notice.reason]
            self._paragraph(f"! {why}: «{notice.text}»" if notice.text else f"! {why}")

    def _foot(self) -> None:
        self.ln(4)
        if signed := self._signed:
            self._keep_together()
            self._paragraph(f"{self._both('signed')}: {signed.doctor}, {signed.when()}", "B")
            version = f"{self._both('version')} {signed.version}"
            self._paragraph(f"{self._both('not_eds')}; {version}, SHA-256 {signed.sha256}", size=_SMALL)
            if lines := signed.checks(self._record, self._form, "ru"):
                self._paragraph(f"{self._both('confirmed')}:", size=_SMALL)
                for line in lines:
                    self._paragraph(f"— {line}", size=_SMALL)
        self.ln(6)
        doctor = self._record.context.visit.practitioner or ""
        self.set_font(FONT, "", _TEXT)
        self._line(f"{self._both('doctor')}: {doctor} {'_' * 20}   {self._both('signature')} {'_' * 20}", 6)

    def _heading(self, text: str) -> None:
        self.ln(2.5)
        self._keep_together()
        self.set_font(FONT, "B", _HEAD)
        self._line(text, 5)

    def _keep_together(self) -> None:
        """What begins here does not stand alone at the foot of a page."""
        if self.will_page_break(20):
            self.add_page()

    def _paragraph(self, text: str, style: str = "", size: float = _TEXT) -> None:
        self.set_font(FONT, style, size)
        self._line(text, size * 0.46)

    def _line(self, text: str, height: float, align: str = "L", border: Literal[0, 1] = 0) -> None:
        """Text from margin to margin, over as many lines as it takes."""
        self.multi_cell(
            0, height, self._printable(text), align=align, border=border, new_x=XPos.LMARGIN, new_y=YPos.NEXT
        )

    def _table(
        self, widths: tuple[int, ...], *, heads: int = 0, borders: str = "ALL"
    ) -> AbstractContextManager[Table]:
        return self.table(
            col_widths=widths,
            first_row_as_headings=heads > 0,
            num_heading_rows=heads,
            borders_layout=borders,
            align="LEFT",
            text_align="LEFT",
            v_align="TOP",
            line_height=self.font_size * 1.3,
            padding=0.8,
        )

    def _doubts(self, reasons: list[Reason], field: Field | None = None) -> list[str]:
        """What a draft says beside a value."""
        if self._signed:
            return []
        others = field.alternatives if field else []
        lines = [f"{self._ru.alternatives}: {number(other.value)}" for other in others]
        why = "; ".join(self._reasons[reason] for reason in reasons)
        return [*lines, f"! {why}"] if why else lines

    def _printable(self, text: str) -> str:
        return "".join(letter if letter == "\n" or ord(letter) in self._letters else "◊" for letter in text)

    def _label(self, item: Item) -> str:
        return _pair(item.label("kk"), item.label("ru"))

    def _both(self, name: str) -> str:
        return _pair(getattr(self._kk, name), getattr(self._ru, name))


def _pair(kazakh: str, russian: str) -> str:
    return russian if kazakh == russian else f"{kazakh} / {russian}"


def _shade(judged: Judged, signed: Signed | None) -> FontFace | None:
    return _DOUBTFUL if judged.status == "check" and not signed else None
