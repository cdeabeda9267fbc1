"""The PDF: all that the record says is there as text, on A4, in a typeface that has Kazakh, the same each time."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from io import BytesIO

import pytest
from pypdf import PdfReader

from dictation.forms.pdf import to_pdf
from dictation.forms.questionnaire import load_form
from dictation.forms.record import Record, TextField
from dictation.forms.signed import Signed
from tests.forms.cases import hypertension
from tests.forms.test_render import SIGNED, doubtful

FORM = load_form("052u-visit")
# Every letter of the Kazakh alphabet that Russian lacks.
KAZAKH = "әғқңөұүһіӘҒҚҢӨҰҮҺІ"


def pages(record: Record, signed: Signed | None = None) -> list[str]:
    """The text of each page, its lines and gaps as single spaces."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(to_pdf(record, FORM, signed))).pages]


def said(text: str) -> Record:
    """A record whose complaints are this text."""
    record = hypertension()
    field = TextField(value=text, status="ok")
    return record.model_copy(update={"fields": {**record.fields, "complaints": field}})


def test_everything_dictated_is_in_the_pdf_in_the_order_of_the_form() -> None:
    text = " ".join(pages(hypertension()))
    told = [
        "Форма № 052/у",
        "Медицинская карта амбулаторного пациента (052/у): приём врача",
        "Пациент Иванов И. И. ЖСН / ИИН 800517300127",
        "17.05.1980 (46) Жынысы / Пол мужской",
        "22.11.2026, № 17 Дәрігер / Врач Петрова А. Б.",
        "Шағымдар / Жалобы Головную боль. Тошноты нет.",
        "Ауру анамнезі / Анамнез заболевания не продиктовано",
        "36,6 °C",
        "160 мм рт. ст.",
        "95 мм рт. ст.",
        "Негізгі / Основной Артериальная гипертензия 2 степени I10",
        "1 Лозартан 50 мг внутрь 1 раз в день",
        "1 липидный спектр",
        "через 10 дней",
    ]
    places = [text.find(each) for each in told]
    assert [each for each, place in zip(told, places, strict=True) if place < 0] == []
    assert places == sorted(places)


def test_a_draft_says_so_and_why_to_look() -> None:
    text = " ".join(pages(doubtful()))
    assert "Жоба, қол қойылмаған / Черновик, не подписан" in text
    assert "36,6 °C сказано также: 37,2 ! сказано по-разному или противоречит другому значению" in text
    assert "лозартан 500 мг 1 раз в день ! необычная доза" in text
    assert text.count("необычная доза") == 1
    assert "! ИИН с ошибкой: «1»" in text
    assert "Подписано" not in text


def test_what_is_signed_says_who_when_which_and_what_was_confirmed() -> None:
    text = " ".join(page.rpartition(" 5b0c4b8e-")[0] for page in pages(doubtful(), SIGNED))
    assert "Черновик" not in text
    assert "!" not in text
    assert "Подписано: Петрова <А.> Б., 23.11.2026 09:05 +0500" in text
    assert f"не ЭЦП; нұсқа / версия 2, SHA-256 {'0123456789abcdef' * 4}" in text
    assert (
        "Проверено и подтверждено врачом: — Температура тела: сказано по-разному или противоречит другому значению "
        "— Назначение лекарственных средств: необычная доза — Замечания к записи: ИИН с ошибкой"
    ) in text


def test_a4_and_every_typeface_embedded_and_nothing_that_runs() -> None:
    reader = PdfReader(BytesIO(to_pdf(hypertension(), FORM, SIGNED)))
    for page in reader.pages:
        assert [round(float(side) / 72 * 25.4) for side in page.mediabox[2:]] == [210, 297]
        fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
        assert fonts
        for font in fonts:
            inner = font["/DescendantFonts"][0].get_object()
            assert "PTSerif" in inner["/BaseFont"]
            assert "/FontFile2" in inner["/FontDescriptor"]
    root = reader.trailer["/Root"]
    assert set(root) == {"/Type", "/Pages", "/Lang", "/PageLayout", "/OpenAction"}
    # A place to open at, and no action.
    assert root["/OpenAction"][1] == "/FitH"
    assert reader.metadata
    assert "Иванов" not in str(reader.metadata)


def test_every_kazakh_letter_is_printed() -> None:
    assert KAZAKH in " ".join(pages(said(f"буквы {KAZAKH} есть")))


def test_a_letter_that_cannot_be_printed_is_a_lozenge_and_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        text = " ".join(pages(said("знак 漢 и 🙂 здесь")))
    assert "знак ◊ и ◊ здесь" in text
    assert caplog.records == []


def test_what_looks_like_markup_is_text() -> None:
    text = "**боль** __слева__ {nb} <b>есть</b> [1](2)"
    assert f"Жалобы {text} Ауру" in " ".join(pages(said(text)))


def test_a_long_visit_goes_over_pages_that_are_counted_and_loses_nothing() -> None:
    words = [f"слово{number}" for number in range(2000)]
    found = pages(said(" ".join(words)), SIGNED)
    assert len(found) > 3
    for number, page in enumerate(found, 1):
        assert page.endswith(f"версия 2 бет / стр. {number} / {len(found)}")
    text = " ".join(found).casefold()
    assert [word for word in words if word not in text] == []


def test_the_same_record_gives_the_same_bytes() -> None:
    first, again = (to_pdf(doubtful(), FORM, SIGNED) for _ in range(2))
    assert first == again
    other = Signed("Петрова", datetime(2026, 11, 23, tzinfo=UTC), 3, "f" * 64)
    assert to_pdf(doubtful(), FORM, other) != first
