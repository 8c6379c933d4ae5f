"""How is a table set in Word? As a real table: headings that repeat on every page, no row broken, columns as wide as in the PDF."""

from collections.abc import Callable, Sequence

from docx.oxml.ns import qn

from bestvalue.documents.model import Table, Text
from bestvalue.documents.page_layout import WIDE_FROM_COLUMNS, column_weights, row_stays_together, stays_together
from bestvalue.documents.word_elements import Element, element, paragraph, run
from bestvalue.documents.word_styles import TEXT_WIDTH

TWIPS = TEXT_WIDTH.twips


def table_element(table: Table, *, words: Callable[[Text], tuple[Element, ...]]) -> Element:
    """A table without its caption.

    Args:
        table: numbered.
        words: turns the text of a cell into runs and links.
    """
    weights = column_weights(table)
    widths = [str(int(TWIPS * weight / sum(weights))) for weight in weights]
    headings = tuple((run(column.heading),) for column in table.columns)
    rows = [_row(table, widths, headings, kept=("cantSplit", "tblHeader"))]
    for row in table.rows:
        kept = ("cantSplit",) if row_stays_together(row, weights) else ()
        rows.append(_row(table, widths, [words(cell) for cell in row], kept=kept))
    for row in rows[:-1] if stays_together(table) else rows[:1]:
        for line in row.iter(qn("w:p")):
            line.pPr.get_or_add_keepNext()
    return element("tbl", _properties(table), element("tblGrid", *(element("gridCol", w=width) for width in widths)), *rows)


def _properties(table: Table) -> Element:
    look = {"firstRow": "1", "lastRow": "0", "firstColumn": "1" if table.row_headings else "0", "lastColumn": "0"}
    return element(
        "tblPr",
        element("tblStyle", val="ReportTable"),
        element("tblW", w="5000", type="pct"),
        element("tblLayout", type="fixed"),
        element("tblLook", val="04A0" if table.row_headings else "0420", **look, noHBand="1", noVBand="1"),
        element("tblCaption", val=table.caption),
    )


def _row(table: Table, widths: Sequence[str], inner: Sequence[tuple[Element, ...]], *, kept: Sequence[str]) -> Element:
    wide = "Wide" if len(table.columns) >= WIDE_FROM_COLUMNS else ""
    styles = (wide + ("TableNumber" if column.numeric else "TableText") for column in table.columns)
    cells = (
        element("tc", element("tcPr", element("tcW", w=width, type="dxa")), paragraph(style, *words))
        for style, width, words in zip(styles, widths, inner, strict=True)
    )
    return element("tr", element("trPr", *map(element, kept)), *cells)
