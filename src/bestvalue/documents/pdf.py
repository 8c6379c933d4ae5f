"""How is a report written as PDF? By typst, as PDF/UA-1 and PDF/A-2a at once: tagged for screen readers, fit to be archived.

The template (`templates/report.typ`) is ours and fixed; what an author wrote goes in as JSON and is set as plain text. The
same report gives the same bytes: the date in the file is the report's own.
"""

import json
from datetime import UTC, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

import typst

from bestvalue.documents.charts import FONTS, chart_size, chart_svg
from bestvalue.documents.glyphs import shown
from bestvalue.documents.model import (
    Block,
    Box,
    Bullets,
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
from bestvalue.documents.notices import SYNTHETIC_NOTICE, SYNTHETIC_SHORT, cover_facts, short_title
from bestvalue.documents.numbering import opens_page, section_words
from bestvalue.documents.page_layout import WIDE_FROM_COLUMNS, column_weights, stays_together
from bestvalue.errors import ReportError

TEMPLATE = Path(__file__).parent / "templates" / "report.typ"
POINTS_A_PIXEL = 0.75
WIDEST, TALLEST = 476.0, 560.0
"""Of a picture, in points: the width of the text, and a page less its caption."""


def pdf_of(report: Report) -> bytes:
    """A numbered report as PDF.

    Raises:
        ReportError: typst refuses it; its own words say why.
    """
    try:
        made = typst.compile(
            str(TEMPLATE),
            root=str(TEMPLATE.parent),
            font_paths=_fonts(),
            sys_inputs={"report": report_json(report)},
            pdf_standards=["a-2a", "ua-1"],
            format="pdf",
            timestamp=int(datetime.combine(report.on, time(), tzinfo=UTC).timestamp()),
        )
    except typst.TypstError as cause:
        raise ReportError(f"The PDF cannot be set: {cause}", where=report.title, next_step="Correct the part that it names.") from cause
    return bytes(made)


def report_json(report: Report) -> str:
    """What the template reads, as JSON."""
    language, _, region = report.language.partition("-")
    sections = [*report.sections, *report.annexes]
    return json.dumps(
        {
            "title": shown(report.title),
            "short_title": shown(short_title(report)),
            "subtitle": shown(report.subtitle),
            "issuer": shown(report.issuer),
            "lang": language,
            "region": region or None,
            "date": [report.on.year, report.on.month, report.on.day],
            "marking": report.marking,
            "synthetic": SYNTHETIC_NOTICE if report.synthetic else "",
            "synthetic_short": SYNTHETIC_SHORT,
            "facts": [[shown(name), shown(value)] for name, value in cover_facts(report)],
            "wide_from_columns": WIDE_FROM_COLUMNS,
            "sections": [_section(section) for section in sections],
        },
        ensure_ascii=False,
    )


@cache
def _fonts() -> typst.Fonts:
    # Neither the machine's fonts nor typst's own: the same report looks the same wherever it is set.
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


def _section(section: Section) -> dict[str, Any]:
    return {
        "opens_page": opens_page(section),
        "number": section_words(section),
        "heading": shown(section.heading),
        "id": section.id,
        "blocks": [_block(block) for block in section.blocks],
        "sections": [_section(inner) for inner in section.sections],
    }


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Paragraph():
            kind = "paragraph" if block.numbered else "line"
            return {"kind": kind, "number": block.number, "id": block.id, "text": _text(block.text)}
        case Bullets():
            return {"kind": "steps" if block.ordered else "bullets", "items": [_text(item) for item in block.items]}
        case Quotation():
            return {"kind": "quotation", "text": _text(block.text), "source": _text(block.source)}
        case Box():
            return {
                "kind": "box",
                "look": block.kind,
                "together": stays_together(block),
                "title": shown(block.title),
                "id": block.id,
                "paragraphs": [_text(text) for text in block.paragraphs],
                "facts": [[shown(name), _text(value)] for name, value in block.facts],
            }
        case Table():
            return {"kind": "table", "name": f"Table {block.number}", **_table(block)}
        case Figure():
            return _figure(block)


def _figure(figure: Figure) -> dict[str, Any]:
    name = f"Figure {figure.number}"
    svg = chart_svg(figure.chart, where=name, prefix=figure.id)
    width, height = (pixels * POINTS_A_PIXEL for pixels in chart_size(svg))
    return {
        "kind": "figure",
        "name": name,
        "id": figure.id,
        "caption": shown(figure.caption),
        "alt": figure.alt,
        "svg": shown(svg),
        "width": width * min(1, WIDEST / width, TALLEST / height),
        "table": _table(figure.table),
    }


def _table(table: Table) -> dict[str, Any]:
    return {
        "id": table.id,
        "caption": shown(table.caption),
        "together": stays_together(table),
        "columns": [
            {"heading": shown(column.heading), "numeric": column.numeric, "weight": weight}
            for column, weight in zip(table.columns, column_weights(table), strict=True)
        ],
        "rows": [[_text(cell) for cell in row] for row in table.rows],
        "notes": [_text(note) for note in table.notes],
    }


def _text(text: Text) -> list[dict[str, str]]:
    parts = (text,) if isinstance(text, str) else text
    return [_inline(part) for part in parts if part]


def _inline(part: Inline) -> dict[str, str]:
    match part:
        case str():
            return {"mark": "", "words": shown(part), "to": ""}
        case Strong():
            return {"mark": "strong", "words": shown(part.words), "to": ""}
        case Emphasis():
            return {"mark": "emphasis", "words": shown(part.words), "to": ""}
        case Ref():
            return {"mark": "ref", "words": shown(part.words), "to": part.target}
        case Link():
            return {"mark": "link", "words": shown(part.words), "to": part.address}
