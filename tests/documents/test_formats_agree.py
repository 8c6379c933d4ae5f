"""The three formats hold the same content: what a reader of one can cite, a reader of another finds."""

import io
import re
from collections.abc import Callable
from html.parser import HTMLParser

import docx
import pytest
from docx.oxml.ns import qn
from pypdf import PdfReader

from bestvalue.documents.model import Box, Bullets, Figure, Paragraph, Quotation, Report, Table, walk, words_of
from bestvalue.documents.numbering import numbered, section_words
from bestvalue.documents.review_content import ReviewContent
from bestvalue.documents.review_report import review_report
from bestvalue.documents.writing import FORMATS, WRITERS


class _Words(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.feed(page)

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def _html_words(written: bytes) -> str:
    return " ".join(_Words(written.decode()).words)


def _pdf_words(written: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(written)).pages)


def _word_words(written: bytes) -> str:
    body = docx.Document(io.BytesIO(written)).element.body
    return "\n".join("".join(text.text or "" for text in paragraph.iter(qn("w:t"))) for paragraph in body.iter(qn("w:p")))


READ: dict[str, Callable[[bytes], str]] = {"html": _html_words, "pdf": _pdf_words, "docx": _word_words}


def _bare(words: str) -> str:
    """Letters and digits alone: where lines are broken, and with which hyphen, is each format's own."""
    return re.sub(r"[\W_]+", "", words)


@pytest.fixture(scope="module", params=FORMATS)
def format_name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def published(content: ReviewContent) -> Report:
    return numbered(review_report(content))


@pytest.fixture
def read(published: Report, format_name: str) -> str:
    """All words of the published review in one format."""
    return _bare(READ[format_name](WRITERS[format_name](published)))


def test_every_text_and_number_of_the_report_is_in_every_format(published: Report, read: str) -> None:
    missing = [words for words in _everything(published) if _bare(words) not in read]
    assert missing == []


def _everything(report: Report) -> list[str]:
    """Each piece of the report as its number and words, joined where every format joins them."""
    pieces = [report.title, report.subtitle, report.issuer, report.checkpoint, *(f"{name} {value}" for name, value in report.facts)]
    for section in walk(report):
        pieces.append(f"{section_words(section)} {section.heading}")
        for block in section.blocks:
            match block:
                case Paragraph():
                    pieces.append(f"{block.number} {words_of(block.text)}")
                case Bullets():
                    pieces += map(words_of, block.items)
                case Quotation():
                    pieces += [words_of(block.text), words_of(block.source)]
                case Box():
                    pieces += [block.title, *map(words_of, block.paragraphs), *(f"{name} {words_of(value)}" for name, value in block.facts)]
                case Table():
                    pieces += [f"Table {block.number} {block.caption}", *_cells(block)]
                case Figure():
                    pieces += [f"Figure {block.number} {block.caption}", f"Data for Figure {block.number}", *_cells(block.table)]
    return pieces


def _cells(table: Table) -> list[str]:
    """The cells and notes of a table: a long word in one may be parted by hyphens, which `_bare` takes out."""
    return [words_of(cell) for row in table.rows for cell in row] + list(map(words_of, table.notes))


def test_recommendations_stand_with_the_paragraphs_they_rest_on_in_every_format(read: str) -> None:
    assert "Recommendation1SharetheunitsRestsonparagraph521andparagraph511" in read
    assert "Recommendation3Saywhoanswersforit" in read


def test_no_format_is_without_a_reader_here() -> None:
    assert set(READ) == set(WRITERS)
