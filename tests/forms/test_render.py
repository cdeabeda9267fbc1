"""The printable page and the terminal: everything is there, doubts are marked, nothing from outside, nothing runs."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from html.parser import HTMLParser
from io import StringIO

import pytest
from rich.console import Console

from dictation.clinical.facts import Measurement, Medication, Section
from dictation.forms.pdf import to_pdf
from dictation.forms.questionnaire import load_form
from dictation.forms.record import Record
from dictation.forms.render import to_html, to_terminal
from dictation.forms.signed import Signed
from dictation.mis.bundle import to_bundle
from tests.forms.cases import filled, hypertension
from tests.forms.visits import written

FORM = load_form("052u-visit")
SIGNED = Signed(
    "Петрова <А.> Б.",
    datetime(2026, 11, 23, 9, 5, tzinfo=timezone(timedelta(hours=5))),
    2,
    "0123456789abcdef" * 4,
    ("temperature", "medications", "notices"),
)


def doubtful() -> Record:
    given = written("температура 36,6 потом 37,2 лозартан 500 мг 1 раз в день")
    found = [
        Section(0, 4, kind="objective"),
        Measurement(0, 2, kind="temperature", value=36.6, unit="Cel"),
        Measurement(3, 4, kind="temperature", value=37.2, unit="Cel"),
        Medication(4, 11, reasons=("unusual-dose",), name="лозартан", said="лозартан", dose=500.0, unit="мг"),
    ]
    return filled(given, found, {"patient": {"iin": "1"}})


class Page(HTMLParser):
    """Text of a page, its elements in order, those left open, and every attribute."""

    VOID = frozenset({"meta", "br", "link", "img", "hr", "input"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text: list[str] = []
        self.open: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.VOID:
            self.open.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def words(self) -> str:
        return " ".join(" ".join(self.text).split())


@pytest.mark.parametrize(
    "record", [hypertension(), doubtful(), filled(written(""), [])], ids=["ok", "check", "empty"]
)
def test_page_is_well_formed_and_needs_nothing_from_outside(record: Record) -> None:
    html = to_html(record, FORM)
    page = Page(html)
    assert page.open == []
    assert html.startswith("<!DOCTYPE html>")
    assert ("html", "lang", "ru") in page.attributes
    assert not {name for _, name, _ in page.attributes} & {"src", "href", "action", "onclick"}
    assert not re.search(r"url\(|@import|https?://|<script", html)


def test_everything_dictated_is_on_the_page() -> None:
    words = Page(to_html(hypertension(), FORM)).words()
    for said in (
        "Головную боль. Тошноты нет.",
        "36,6 °C",
        "160 мм рт. ст.",
        "Артериальная гипертензия 2 степени",
        "I10",
        "Лозартан 50 мг внутрь 1 раз в день",
        "липидный спектр",
        "через 10 дней",
        "Иванов И. И.",
        "800517300127",
        "17.05.1980 (46)",
        "22.11.2026, № 17",
        "Петрова А. Б.",
    ):
        assert said in words
    assert "не продиктовано" in words
    assert "⚠" not in words


def test_labels_in_both_languages() -> None:
    words = Page(to_html(hypertension(), FORM)).words()
    assert "Шағымдар / Жалобы" in words
    assert "Негізгі / Основной" in words
    assert "Пациент / Пациент" not in words


def test_draft_says_so_until_it_is_signed() -> None:
    assert "Жоба, қол қойылмаған / Черновик, не подписан" in Page(to_html(doubtful(), FORM)).words()
    assert "Черновик" not in to_html(doubtful(), FORM, SIGNED)


def test_a_signed_page_says_who_when_which_and_what_was_confirmed_why() -> None:
    words = Page(to_html(doubtful(), FORM, SIGNED)).words()
    assert "Қол қойылды / Подписано : Петрова <А.> Б. , 23.11.2026 09:05 +0500" in words
    assert f"не ЭЦП ; нұсқа / версия 2, SHA-256 {'0123456789abcdef' * 4}" in words
    assert (
        "Дәрігер тексеріп, растады / Проверено и подтверждено врачом : "
        "Температура тела: сказано по-разному или противоречит другому значению "
        "Назначение лекарственных средств: необычная доза Замечания к записи: ИИН с ошибкой"
    ) in words


def test_doubts_are_marked_with_the_reason() -> None:
    words = Page(to_html(doubtful(), FORM)).words()
    assert "36,6 °C сказано также: 37,2 ⚠ сказано по-разному или противоречит другому значению" in words
    assert "лозартан 500 мг 1 раз в день ⚠ необычная доза" in words
    assert words.count("необычная доза") == 1
    assert "⚠ ИИН с ошибкой: «1»" in words
    assert "⚠" not in Page(to_html(doubtful(), FORM, SIGNED)).words()


def test_markup_in_what_was_said_is_text() -> None:
    given = written("<script>alert(1)</script> & прочее")
    record = filled(given, [Section(0, len(given.tokens), kind="complaints")], {"patient": {"name": "<b>И</b>"}})
    html = to_html(record, FORM)
    assert "<script" not in html
    assert "<b>" not in html
    assert "&lt;b&gt;И&lt;/b&gt;" in html


def shown(record: Record, language: str = "ru") -> str:
    out = StringIO()
    Console(file=out, width=160, color_system=None).print(to_terminal(record, FORM, language))
    return " ".join(out.getvalue().split())


def test_terminal() -> None:
    text = shown(hypertension())
    assert "✓ АД систолическое 160 мм рт. ст." in text
    assert "✓ Диагноз Основной: Артериальная гипертензия 2 степени I10" in text
    assert "· Вес не продиктовано" in text
    assert text.endswith("замечаний нет")


def test_terminal_says_what_to_check_and_why() -> None:
    text = shown(doubtful())
    assert "! Температура тела 36,6 °C" in text
    assert "Температура тела: сказано по-разному или противоречит другому значению" in text
    assert "сказано также: 37,2" in text
    assert "Назначение лекарственных средств «лозартан 500 мг 1 раз в день»: необычная доза" in text
    assert "ИИН с ошибкой: 1" in text


def test_terminal_in_kazakh() -> None:
    assert "✓ Шағымдар Головную боль. Тошноты нет." in shown(hypertension(), "kk")


def test_terminal_takes_brackets_as_text() -> None:
    given = written("боль [bold]сильная[/bold]")
    record = filled(given, [Section(0, len(given.tokens), kind="complaints")])
    assert record.fields["complaints"].value in shown(record)


def test_a_record_of_an_older_form_shows_what_the_form_has_gained_as_not_dictated() -> None:
    record = hypertension()
    gained = ("weight", "diagnosis")
    older = record.model_copy(update={"fields": {k: v for k, v in record.fields.items() if k not in gained}})
    page = to_html(older, FORM)
    assert page.count("не продиктовано") == to_html(record, FORM).count("не продиктовано") + 1
    assert to_pdf(older, FORM).startswith(b"%PDF")
    console = Console(file=StringIO(), width=120)
    console.print(to_terminal(older, FORM))
    kinds = [entry["resource"]["resourceType"] for entry in to_bundle(older, FORM)["entry"]]
    assert (kinds.count("Composition"), kinds.count("MedicationRequest")) == (1, 1)
