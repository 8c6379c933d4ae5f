import io
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from pypdf import PdfReader
from tests.documents.samples import AWKWARD, DAY

from bestvalue.documents.model import Paragraph, Report, Section
from bestvalue.documents.numbering import numbered
from bestvalue.documents.pdf import pdf_of, report_json


@pytest.fixture(scope="module")
def written(ready: Report) -> bytes:
    return pdf_of(ready)


@pytest.fixture(scope="module")
def pdf(written: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(written))


def _structure(pdf: PdfReader) -> Iterator[dict[str, Any]]:
    """Every element of the structure tree, in the order of reading."""
    waiting = [pdf.trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        part = waiting.pop().get_object()
        if isinstance(part, list):
            waiting.extend(reversed(part))
        elif isinstance(part, dict):
            if "/S" in part:
                yield part
            if "/K" in part:
                waiting.append(part["/K"])


def _tags(pdf: PdfReader) -> list[str]:
    return [part["/S"] for part in _structure(pdf)]


def test_it_says_that_it_is_pdf_ua_1_and_pdf_a_2a(pdf: PdfReader) -> None:
    stated = pdf.trailer["/Root"]["/Metadata"].get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in stated
    assert "<pdfaid:part>2</pdfaid:part>" in stated
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in stated


def test_it_is_tagged_in_its_language_and_shows_its_title(pdf: PdfReader) -> None:
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert (pdf.metadata.title, pdf.metadata.author) == ("Operational support", "Authority of Ashshire")


def test_headings_are_tagged_by_level_and_skip_none(pdf: PdfReader) -> None:
    levels = [int(tag[2:]) for tag in _tags(pdf) if tag.startswith("/H") and tag[2:].isdigit()]
    assert {1, 2} <= set(levels)
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_tables_have_heading_cells_and_as_many_rows_as_the_report(pdf: PdfReader) -> None:
    tags = _tags(pdf)
    assert tags.count("/Table") == 3
    assert tags.count("/TH") >= 6
    assert tags.count("/TR") == 3 * (1 + 2)


def test_the_picture_has_its_alternative_text(pdf: PdfReader) -> None:
    figures = [part for part in _structure(pdf) if part["/S"] == "/Figure"]
    assert [figure["/Alt"] for figure in figures] == ["Bars: Ash 12, Birch 7."]


def test_references_are_links_and_lists_are_lists(pdf: PdfReader) -> None:
    tags = _tags(pdf)
    assert tags.count("/Link") >= 5
    assert tags.count("/L") >= 2


def test_every_page_carries_the_marking_and_the_notice_of_made_up_data(pdf: PdfReader) -> None:
    for page in pdf.pages:
        assert page.extract_text().count("OFFICIAL") == 2
        assert "Made-up data" in page.extract_text()


def test_the_same_report_is_the_same_file(ready: Report, written: bytes) -> None:
    assert pdf_of(ready) == written


def test_what_an_author_wrote_is_set_as_it_stands(pdf: PdfReader, ready: Report) -> None:
    assert AWKWARD in "".join(page.extract_text() for page in pdf.pages)
    typst_markup = '#panic("read") *bold* $x$ @ref \\ <label>'
    read = numbered(replace(ready, sections=(Section(heading=typst_markup, blocks=(Paragraph(text=typst_markup),)),), annexes=()))
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf_of(read))).pages)
    assert text.replace("\n", " ").count('#panic("read") *bold* $x$ @ref \\ <label>') >= 2


def test_a_digest_longer_than_its_column_keeps_inside_the_page() -> None:
    digest = "0123456789abcdef" * 8
    report = Report(title="T", issuer="A", on=DAY, sections=(Section(heading="H", blocks=(Paragraph(text=digest),)),))
    text = PdfReader(io.BytesIO(pdf_of(numbered(report)))).pages[-1].extract_text()
    assert digest not in text
    assert digest in text.replace("\n", "")


def test_a_character_that_the_font_lacks_is_named_by_its_code(ready: Report) -> None:
    assert "made [U+1F600]" in report_json(replace(ready, title="made \N{GRINNING FACE}"))
