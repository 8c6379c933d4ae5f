"""How is a report written as Word? With real styles, headings, captions and header rows, so that it can be edited and read aloud.

Numbers stand as text, because they are the report's and not the program's: a paragraph keeps its number when somebody adds
another above it. The same report gives the same bytes.
"""

import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, time
from itertools import count
from pathlib import Path
from typing import Any

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.shared import Mm

from bestvalue.documents.charts import chart_png
from bestvalue.documents.model import Block, Box, Bullets, Figure, Link, Paragraph, Quotation, Ref, Report, Section, Table, Text
from bestvalue.documents.notices import SYNTHETIC_NOTICE, SYNTHETIC_SHORT, cover_facts, short_title
from bestvalue.documents.numbering import opens_page, section_words
from bestvalue.documents.page_layout import stays_together
from bestvalue.documents.word_elements import (
    Element,
    bookmark,
    element,
    field_end,
    field_start,
    inner_link,
    marked,
    outer_link,
    paragraph,
    run,
    tab,
)
from bestvalue.documents.word_elements import (
    field as word_field,
)
from bestvalue.documents.word_styles import TEXT_WIDTH, dress
from bestvalue.documents.word_tables import table_element
from bestvalue.documents.word_template import filled

PIXELS_AN_INCH = 96
TALLEST = Mm(190)
"""Of a picture: a page less its caption."""
BOX_STYLES = {"recommendation": "BoxRecommendation", "good practice": "BoxGoodPractice", "notice": "BoxNotice"}


def word_of(report: Report, *, template: Path | None = None) -> bytes:
    """A numbered report as a Word document (.docx).

    Args:
        report: numbered.
        template: of an office's own, made from the starter; without one it has our look.

    Raises:
        ReportError: the template cannot be used; the message says why.
    """
    if template is not None:
        document = filled(template, report, notice=SYNTHETIC_NOTICE if report.synthetic else "")
        body = _Body(document=document)
    else:
        document = docx.Document()
        dress(document, language=report.language)
        _set_edges(document, report)
        body = _Body(document=document)
        _cover(body, report)
    _set_properties(document, report)
    _contents(body, report)
    for section in (*report.sections, *report.annexes):
        _section(body, section, level=1)
    return _packed(document)


@dataclass(frozen=True, kw_only=True)
class _Body:
    """The document under way, and the number of the next bookmark in it."""

    document: Document
    bookmarks: Iterator[int] = field(default_factory=lambda: count(1))

    def add(self, made: Element) -> None:
        self.document.element.body.insert_element_before(made, "w:sectPr")

    def place(self, name: str, *inner: Element) -> tuple[Element, ...]:
        """What others refer to by `name`; just itself where nobody can."""
        return bookmark(name, next(self.bookmarks), *inner) if name else inner

    def words(self, text: Text) -> tuple[Element, ...]:
        parts = (text,) if isinstance(text, str) else text
        return tuple(self._part(part) for part in parts if part)

    def _part(self, part: Any) -> Element:
        match part:
            case Ref():
                return inner_link(part.words, to=part.target)
            case Link():
                relation = self.document.part.relate_to(part.address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
                return outer_link(part.words, relation=relation)
            case _:
                return marked(part)


def _set_properties(document: Document, report: Report) -> None:
    properties = document.core_properties
    properties.title, properties.author, properties.subject = report.title, report.issuer, report.subtitle
    properties.last_modified_by, properties.comments, properties.keywords = report.issuer, "", report.marking
    properties.language, properties.revision = report.language, 1
    # The report's own date, not the clock: the same report is the same file.
    properties.created = properties.modified = datetime.combine(report.on, time())


def _set_edges(document: Document, report: Report) -> None:
    page = document.sections[0]
    page.header.paragraphs[0].style = "Marking"
    page.header.paragraphs[0].text = report.marking
    if report.synthetic:
        page.header.add_paragraph(SYNTHETIC_SHORT, style="Header").alignment = WD_ALIGN_PARAGRAPH.CENTER
    foot = page.footer.paragraphs[0]
    foot.style = "Footer"
    foot.paragraph_format.tab_stops.add_tab_stop(TEXT_WIDTH, alignment=WD_TAB_ALIGNMENT.RIGHT)
    numbers = (*word_field("PAGE", "1"), run(" of "), *word_field("NUMPAGES", "1"))
    foot._p.extend((run(short_title(report)), tab(), run("Page "), *numbers))
    page.footer.add_paragraph(report.marking, style="Marking")


def _cover(body: _Body, report: Report) -> None:
    body.add(paragraph("Issuer", run(report.issuer)))
    body.add(paragraph("Title", run(report.title)))
    if report.subtitle:
        body.add(paragraph("Subtitle", run(report.subtitle)))
    if report.synthetic:
        body.add(paragraph("BoxNotice", run("Important: ", style="Strong"), run(SYNTHETIC_NOTICE)))
    body.add(paragraph("Spacer"))
    for name, value in cover_facts(report):
        body.add(paragraph("Normal", run(f"{name}: ", style="Strong"), run(value)))


def _contents(body: _Body, report: Report) -> None:
    """A real table of contents, filled already; page numbers are known to the reader's program alone, so it leaves them out."""
    heading = paragraph("TOCHeading", run("Contents"))
    heading.pPr.append(element("pageBreakBefore"))
    body.add(heading)
    entries = [paragraph(style, inner_link(words, to=to, style="")) for style, words, to in _entries((*report.sections, *report.annexes))]
    if not entries:
        return
    first = entries[0]
    for place, part in enumerate(field_start(r'TOC \o "1-2" \n \h \z \u')):
        first.insert(1 + place, part)
    entries[-1].append(field_end())
    for entry in entries:
        body.add(entry)


def _entries(sections: Iterable[Section]) -> Iterator[tuple[str, str, str]]:
    for section in sections:
        yield "TOC1", f"{section_words(section)}  {section.heading}", section.id
        for inner in section.sections:
            yield "TOC2", f"{section_words(inner)}  {inner.heading}", inner.id


def _section(body: _Body, section: Section, *, level: int) -> None:
    words = (run(section_words(section), style="Number"), run(f"  {section.heading}"))
    heading = paragraph(f"Heading{level}", *body.place(section.id, *words))
    if opens_page(section):
        heading.pPr.append(element("pageBreakBefore"))
    body.add(heading)
    for block in section.blocks:
        _block(body, block)
    for inner in section.sections:
        _section(body, inner, level=level + 1)


def _block(body: _Body, block: Block) -> None:
    match block:
        case Paragraph(numbered=True):
            number = body.place(block.id, run(block.number, style="Number"))
            body.add(paragraph("NumberedParagraph", *number, tab(), *body.words(block.text)))
        case Paragraph():
            body.add(paragraph("Normal", *body.place(block.id, *body.words(block.text))))
        case Bullets():
            _bullets(body, block)
        case Quotation():
            body.add(paragraph("Quote", *body.words(block.text)))
            if block.source:
                body.add(paragraph("QuoteSource", *body.words(block.source)))
        case Box():
            _box(body, block)
        case Table():
            _table(body, block, label=(run("Table "), *word_field(r"SEQ Table \* ARABIC", block.number)))
        case Figure():
            _figure(body, block)


def _bullets(body: _Body, bullets: Bullets) -> None:
    list_number = _new_list(body.document) if bullets.ordered else None
    for item in bullets.items:
        made = paragraph("ListNumber" if bullets.ordered else "ListBullet", *body.words(item))
        if list_number is not None:
            numbering = made.pPr.get_or_add_numPr()
            numbering.get_or_add_ilvl().val, numbering.get_or_add_numId().val = 0, list_number
        body.add(made)


def _new_list(document: Document) -> int:
    """A list that starts at 1: without one of its own, a second list would count on from the first."""
    style = document.styles["List Number"].element
    numbering = document.part.numbering_part.element
    kept = next(num for num in numbering.num_lst if num.numId == style.pPr.numPr.numId.val)
    made = numbering.add_num(kept.abstractNumId.val)
    made.add_lvlOverride(ilvl=0).add_startOverride(1)
    return int(made.numId)


def _box(body: _Body, box: Box) -> None:
    style = BOX_STYLES[box.kind]
    title = paragraph(style, *body.place(box.id, run(box.title, style="Strong")))
    lines = [paragraph(style, *body.words(text)) for text in box.paragraphs]
    lines += [paragraph(style, run(f"{name}: ", style="Strong"), *body.words(value)) for name, value in box.facts]
    for made in (title, *lines[:-1]) if stays_together(box) else (title,):
        made.pPr.get_or_add_keepNext()
    for made in (title, *lines, paragraph("Spacer")):  # without a space two boxes would become one
        body.add(made)


def _figure(body: _Body, figure: Figure) -> None:
    name = f"Figure {figure.number}"
    caption = (run("Figure "), *word_field(r"SEQ Figure \* ARABIC", figure.number), run(f": {figure.caption}"))
    body.add(paragraph("Caption", *body.place(figure.id, *caption)))
    picture = body.document.add_picture(io.BytesIO(chart_png(figure.chart, where=name)))
    _fit(picture)
    described = picture._inline.docPr
    described.set("descr", figure.alt)
    described.set("name", name)
    body.document.paragraphs[-1].style = "Picture"
    _table(body, figure.table, label=(run(f"Data for {name}"),))


def _table(body: _Body, table: Table, *, label: tuple[Element, ...]) -> None:
    body.add(paragraph("Caption", *body.place(table.id, *label, run(f": {table.caption}"))))
    body.add(table_element(table, words=body.words))
    for note in table.notes:
        body.add(paragraph("TableNote", *body.words(note)))
    body.add(paragraph("Spacer"))  # without a paragraph between them two tables would become one


def _fit(picture: Any) -> None:
    """The size of the drawing at 96 dots an inch, or less where the page is smaller."""
    width, height = picture.width, picture.height
    share = min(1, TEXT_WIDTH / width, TALLEST / height)
    picture.width, picture.height = int(width * share), int(height * share)


def _packed(document: Document) -> bytes:
    """The file with one date on all of its parts, and without what the blank document brought along of its own."""
    for owner in (document.part.package, document.part):
        for name, relation in list(owner.rels.items()):
            if relation.reltype.rpartition("/")[2] in {"thumbnail", "stylesWithEffects"}:
                owner.rels.pop(name)
    written, packed = io.BytesIO(), io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as parts, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as out:
        for name in parts.namelist():
            out.writestr(zipfile.ZipInfo(name), parts.read(name), zipfile.ZIP_DEFLATED)
    return packed.getvalue()
