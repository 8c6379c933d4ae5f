"""How is a table set in Word? As a real table: headings that repeat on every page, no row broken, columns as wide as in the PDF."""

from collections.abc import Callable

from bestvalue.documents.model import Column, Table, Text
from bestvalue.documents.widths import column_weights
from bestvalue.documents.word_elements import Element, element, paragraph, run
from bestvalue.documents.word_styles import TEXT_WIDTH

WIDE_FROM_COLUMNS = 8
"""A table of so many columns is set in smaller letters, as in the PDF."""
TWIPS = TEXT_WIDTH.twips


def table_element(table: Table, *, words: Callable[[Text], tuple[Element, ...]]) -> Element:
    """A table without its caption.

    Args:
        table: numbered.
        words: turns the text of a cell into runs and links.
    """
    weights = column_weights(table)
    widths = [str(int(TWIPS * weight / sum(weights))) for weight in weights]
    heading = _row(
        [_cell(column, width, table, (run(column.heading),)) for column, width in zip(table.columns, widths, strict=True)], heading=True
    )
    rows = [
        _row([_cell(column, width, table, words(cell)) for column, width, cell in zip(table.columns, widths, row, strict=True)])
        for row in table.rows
    ]
    return element("tbl", _properties(table), element("tblGrid", *(element("gridCol", w=width) for width in widths)), heading, *rows)


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


def _row(cells: list[Element], *, heading: bool = False) -> Element:
    kept = (element("cantSplit"), element("tblHeader")) if heading else (element("cantSplit"),)
    return element("tr", element("trPr", *kept), *cells)


def _cell(column: Column, width: str, table: Table, inner: tuple[Element, ...]) -> Element:
    style = ("Wide" if len(table.columns) >= WIDE_FROM_COLUMNS else "") + ("TableNumber" if column.numeric else "TableText")
    return element("tc", element("tcPr", element("tcW", w=width, type="dxa")), paragraph(style, *inner))
