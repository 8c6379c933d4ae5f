"""A Word template of one's own: an office's letterhead, cover and styles, with fields that are filled in a sandbox.

The template is made from our starter, so that every style that a report needs is there to be given another look. Fields stand in double
braces, "{{ title }}", and are filled by Jinja's sandboxed environment with plain texts alone: a template can show what a report says of
itself, and can reach nothing of the program. "{{ body }}" alone in the last paragraph is where contents and text begin.
"""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
from docx.document import Document
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bestvalue.documents.model import Report
from bestvalue.documents.notices import cover_facts, long_date
from bestvalue.documents.reading.office_file import OfficeFile
from bestvalue.documents.word_elements import paragraph, run
from bestvalue.documents.word_styles import LOOKS, dress
from bestvalue.errors import ReportError

BODY = "{{ body }}"
FIELDS = ("title", "subtitle", "issuer", "date", "marking", "facts", "notice")
LARGEST_BYTES = 20_000_000
FORBIDDEN = ("vbaProject.bin", "oleObject", "activeX", "attachedTemplate")
"""Parts and relations by which a document runs something or fetches something."""


def starter() -> bytes:
    """The template that one starts from: our look, a cover made of fields, and the place of the text."""
    document = docx.Document()
    dress(document, language="en-GB")
    page = document.sections[0]
    page.header.paragraphs[0].text, page.header.paragraphs[0].style = "{{ marking }}", "Marking"
    page.footer.paragraphs[0].text, page.footer.paragraphs[0].style = "{{ title }}", "Footer"
    for style, text in (("Issuer", "{{ issuer }}"), ("Title", "{{ title }}"), ("Subtitle", "{{ subtitle }}")):
        _add(document, style, text)
    _add(document, "Normal", "{{ notice }}")
    _add(document, "Normal", "{{ facts }}")
    _add(document, "Normal", BODY)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def filled(template: Path, report: Report, *, notice: str) -> Document:
    """The template with its fields filled, ready for the text at its end.

    Args:
        template: a .docx made from the starter.
        report: numbered; its own words fill the fields.
        notice: what must catch the eye on the cover; empty for nothing.

    Raises:
        ReportError: it is no such template, would run or fetch something, lacks a style or the place of the text, or has a field that
            nobody knows.
    """
    document = docx.Document(io.BytesIO(_safe(template)))
    lacking = sorted({look.name for look in LOOKS} - {style.name for style in document.styles if style.name})
    if lacking:
        raise ReportError(
            f"The template lacks the style {lacking[0]!r}",
            where=template.name,
            next_step="Start from the template that `bestvalue publish --new-word-template FILE` writes.",
        )
    last = document.paragraphs[-1] if document.paragraphs else None
    if last is None or last.text.strip() != BODY:
        raise ReportError("The last paragraph of the template is not {{ body }}", where=template.name, next_step="Put it there, alone.")
    last._p.getparent().remove(last._p)
    _fill(document, _texts(report, notice), where=template.name)
    _check_marked(document, report, where=template.name)
    return document


def _add(document: Document, style: str, text: str) -> None:
    document.element.body.insert_element_before(paragraph(document.styles[style].style_id, run(text)), "w:sectPr")


def _safe(template: Path) -> bytes:
    content = template.read_bytes()
    if len(content) > LARGEST_BYTES:
        raise ReportError(f"The template has {len(content):,} bytes", where=template.name, next_step="Make its pictures smaller.")
    OfficeFile(content, template.name).part("word/document.xml")
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        for name in parts.namelist():
            text = parts.read(name) if name.endswith((".rels", "settings.xml")) else name.encode()
            if any(word.encode() in text for word in FORBIDDEN):
                raise ReportError(
                    f"The template holds something that runs or is fetched ({name})",
                    where=template.name,
                    next_step="Save it as a plain .docx without macros, embedded objects or an attached template.",
                )
    return content


def _texts(report: Report, notice: str) -> dict[str, str]:
    facts = "\n".join(f"{name}: {value}" for name, value in cover_facts(report))
    said = (report.title, report.subtitle, report.issuer, long_date(report), report.marking, facts, notice)
    return dict(zip(FIELDS, said, strict=True))


def _fill(document: Document, texts: dict[str, str], *, where: str) -> None:
    sandbox = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
    for found in _paragraphs(document):
        if "{{" not in found.text and "{%" not in found.text:
            continue
        try:
            text = sandbox.from_string(found.text).render(texts)
        except (TemplateError, ArithmeticError, TypeError, ValueError) as fault:
            raise ReportError(
                f"A field of the template cannot be filled: {fault}",
                where=f"{where}, “{found.text[:60]}”",
                next_step=f"Known: {', '.join(FIELDS)}.",
            ) from fault
        # Word parts a field over several runs as somebody types; the first keeps the look, the others give their words to it.
        for place, piece in enumerate(found.runs):
            piece.text = text if place == 0 else ""


def _paragraphs(document: Document) -> Iterator[Any]:
    yield from document.paragraphs
    for table in document.tables:
        for row in table.rows:
            for cell in row.cells:
                yield from cell.paragraphs
    for page in document.sections:
        for edge in (page.header, page.footer, page.first_page_header, page.first_page_footer):
            yield from edge.paragraphs


def _check_marked(document: Document, report: Report, *, where: str) -> None:
    """A page without its marking would leave the building as if it had none."""
    heads = " ".join(found.text for found in document.sections[0].header.paragraphs)
    if report.marking not in heads:
        raise ReportError("The template's header does not show {{ marking }}", where=where, next_step="Put the field into the header.")
