"""How is a report written as one accessible web page? Everything is in the file: no script, nothing fetched, made to be printed too.

It carries a content security policy of its own, so that the page stays closed wherever it is opened from.
"""

import base64
import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from html import escape
from pathlib import Path

from bestvalue.documents.charts import FONTS, chart_svg
from bestvalue.documents.model import (
    Block,
    Box,
    Bullets,
    Column,
    Emphasis,
    Figure,
    Inline,
    Link,
    Paragraph,
    Quotation,
    Ref,
    Report,
    Section,
    Strong,
    Table,
    Text,
)
from bestvalue.documents.notices import SYNTHETIC_NOTICE, cover_facts
from bestvalue.documents.numbering import section_words

STYLE = Path(__file__).parent / "templates" / "report.css"
WEB_FONTS = (
    ("source-sans-3-latin-400-normal.woff2", "normal", 400),
    ("source-sans-3-latin-400-italic.woff2", "italic", 400),
    ("source-sans-3-latin-600-normal.woff2", "normal", 600),
)
SCROLLS_FROM_COLUMNS = 3
"""A table of so many columns may be wider than a telephone, and then moves on its own instead of moving the page."""


def html_of(report: Report) -> str:
    """A numbered report as a web page."""
    style = _style()
    policy = f"default-src 'none'; style-src '{_digest(style)}'; font-src data:; base-uri 'none'; form-action 'none'"
    return "\n".join(
        (
            "<!doctype html>",
            f'<html lang="{_attribute(report.language)}">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_attribute(policy)}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f'<meta name="author" content="{_attribute(report.issuer)}">',
            f'<meta name="dcterms.date" content="{report.on.isoformat()}">',
            f"<title>{escape(report.title)}: {escape(report.issuer)}</title>",
            f"<style>{style}</style>",
            "</head>",
            "<body>",
            '<a class="skip" href="#main">Skip to main content</a>',
            *_front(report),
            *_contents(report),
            '<main id="main" tabindex="-1">',
            *(line for section in (*report.sections, *report.annexes) for line in _section(section, level=2)),
            "</main>",
            *_foot(report),
            "</body>",
            "</html>",
            "",
        )
    )


@cache
def _style() -> str:
    faces = (
        f"@font-face{{font-family:'Source Sans 3';font-style:{style};font-weight:{weight};"
        f"src:url(data:font/woff2;base64,{base64.b64encode((FONTS / file).read_bytes()).decode()}) format('woff2')}}"
        for file, style, weight in WEB_FONTS
    )
    return "\n".join((*faces, STYLE.read_text(encoding="utf-8")))


def _digest(style: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}"


def _front(report: Report) -> Iterator[str]:
    yield "<header>"
    yield f'<p class="marking">{escape(report.marking)}</p>'
    yield f'<p class="issuer">{escape(report.issuer)}</p>'
    yield f"<h1>{escape(report.title)}</h1>"
    if report.subtitle:
        yield f'<p class="subtitle">{escape(report.subtitle)}</p>'
    if report.synthetic:
        yield f'<p class="synthetic"><strong>Important</strong> {escape(SYNTHETIC_NOTICE)}</p>'
    yield "<dl>"
    for name, value in cover_facts(report):
        yield f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>"
    yield "</dl>"
    yield "</header>"


def _contents(report: Report) -> Iterator[str]:
    yield '<nav aria-labelledby="contents">'
    yield '<h2 id="contents">Contents</h2>'
    yield from _contents_list((*report.sections, *report.annexes), deeper=1)
    yield "</nav>"


def _contents_list(sections: Iterable[Section], *, deeper: int) -> Iterator[str]:
    yield "<ol>"
    for section in sections:
        inner = "".join(_contents_list(section.sections, deeper=deeper - 1)) if deeper and section.sections else ""
        entry = f'<span class="number">{section_words(section)}</span> {escape(section.heading)}'
        yield f'<li><a href="#{_attribute(section.id)}">{entry}</a>{inner}</li>'
    yield "</ol>"


def _foot(report: Report) -> Iterator[str]:
    yield "<footer>"
    if report.synthetic:
        yield f"<p>{escape(SYNTHETIC_NOTICE)}</p>"
    yield f'<p class="marking">{escape(report.marking)}</p>'
    yield "</footer>"


def _section(section: Section, *, level: int) -> Iterator[str]:
    name = _attribute(section.id)
    yield f'<section aria-labelledby="{name}">'
    yield f'<h{level} id="{name}"><span class="number">{section_words(section)}</span> {escape(section.heading)}</h{level}>'
    for block in section.blocks:
        yield from _block(block)
    for inner in section.sections:
        yield from _section(inner, level=level + 1)
    yield "</section>"


def _block(block: Block) -> Iterator[str]:
    match block:
        case Paragraph(numbered=True):
            number = f'<span class="number">{block.number}</span>'
            yield f'<p class="numbered"{_id(block.id)}>{number} <span>{_text(block.text)}</span></p>'
        case Paragraph():
            yield f"<p{_id(block.id)}>{_text(block.text)}</p>"
        case Bullets():
            tag = "ol" if block.ordered else "ul"
            yield f"<{tag}>{''.join(f'<li>{_text(item)}</li>' for item in block.items)}</{tag}>"
        case Quotation():
            source = f"<footer>{_text(block.source)}</footer>" if block.source else ""
            yield f"<blockquote><p>{_text(block.text)}</p>{source}</blockquote>"
        case Box():
            yield from _box(block)
        case Table():
            yield from _table(block, label=f"Table {block.number}")
        case Figure():
            yield from _figure(block)


def _box(box: Box) -> Iterator[str]:
    kind = box.kind.replace(" ", "-")
    yield f'<div class="box {kind}"{_id(box.id)}>'
    yield f'<p class="box-title">{escape(box.title)}</p>'
    for text in box.paragraphs:
        yield f"<p>{_text(text)}</p>"
    if box.facts:
        facts = "".join(f"<div><dt>{escape(name)}</dt><dd>{_text(value)}</dd></div>" for name, value in box.facts)
        yield f"<dl>{facts}</dl>"
    yield "</div>"


def _figure(figure: Figure) -> Iterator[str]:
    name = f"Figure {figure.number}"
    svg = chart_svg(figure.chart, where=name, prefix=figure.id)
    drawing = svg.replace("<svg ", f'<svg role="img" aria-label="{_attribute(figure.alt)}" ', 1)
    yield f"<figure{_id(figure.id)}>"
    yield f'<figcaption><span class="label">{name}</span> {escape(figure.caption)}</figcaption>'
    yield f'<div class="chart">{drawing}</div>'
    yield f"<details><summary>Data for {name}</summary>"
    yield from _table(figure.table, label=f"Data for {name}")
    yield "</details>"
    yield "</figure>"


def _table(table: Table, *, label: str) -> Iterator[str]:
    caption = f"{table.id or label.replace(' ', '-').lower()}-caption"
    scrolls = len(table.columns) >= SCROLLS_FROM_COLUMNS
    if scrolls:
        yield f'<div class="scroll" role="region" tabindex="0" aria-labelledby="{_attribute(caption)}">'
    yield f"<table{_id(table.id)}>"
    yield f'<caption id="{_attribute(caption)}"><span class="label">{label}</span> {escape(table.caption)}</caption>'
    headings = "".join(f'<th scope="col"{_numeric(column)}>{escape(column.heading)}</th>' for column in table.columns)
    yield f"<thead><tr>{headings}</tr></thead>"
    yield "<tbody>"
    for row in table.rows:
        cells = (
            f'<th scope="row"{_numeric(column)}>{_text(cell)}</th>'
            if place == 0 and table.row_headings
            else f"<td{_numeric(column)}>{_text(cell)}</td>"
            for place, (column, cell) in enumerate(zip(table.columns, row, strict=True))
        )
        yield f"<tr>{''.join(cells)}</tr>"
    yield "</tbody>"
    yield "</table>"
    if scrolls:
        yield "</div>"
    for note in table.notes:
        yield f'<p class="note">{_text(note)}</p>'


def _text(text: Text) -> str:
    return escape(text) if isinstance(text, str) else "".join(_inline(part) for part in text)


def _inline(part: Inline) -> str:
    match part:
        case str():
            return escape(part)
        case Strong():
            return f"<strong>{escape(part.words)}</strong>"
        case Emphasis():
            return f"<em>{escape(part.words)}</em>"
        case Ref():
            return f'<a href="#{_attribute(part.target)}">{escape(part.words)}</a>'
        case Link():
            return f'<a href="{_attribute(part.address)}" rel="noreferrer">{escape(part.words)}</a>'


def _numeric(column: Column) -> str:
    return ' class="numeric"' if column.numeric else ""


def _id(name: str) -> str:
    return f' id="{_attribute(name)}"' if name else ""


def _attribute(words: str) -> str:
    return escape(words, quote=True)
