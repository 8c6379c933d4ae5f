"""How is the result of an analysis printed? Sentences, the figures behind them, charts with their data, tables, and limits."""

from collections.abc import Iterator

from bestvalue.analysis.contract import Chart, Result, ResultTable
from bestvalue.analysis.store import StoredResult
from bestvalue.documents.model import Block, Box, Bullets, Column, Figure, Paragraph, Section, Table, Text
from bestvalue.documents.numbers import MISSING, UNITS_IN_THE_NUMBER, column_words, figure_words, is_numeric

WHOLE_UP_TO_ROWS = 36
"""A table of so many rows is printed whole: every borough of a large force stands in it, and it fits on a page."""
ROWS_OF_A_LONGER_ONE = 12
"""Of a longer table: enough to see what it holds. Nobody reads the rest in print, and it is in the result."""


def result_section(stored: StoredResult, *, id: str) -> Section:
    """One result as a section of an annex.

    Args:
        stored: the result with its digest, under which the rows that are left out can be had.
        id: by which references reach the section.
    """
    result = stored.result
    drawn = {chart.table for chart in result.charts.values()}
    charts = tuple(_figure(chart, result.tables[chart.table], stored.digest) for chart in result.charts.values())
    tables = tuple(table_of(table, digest=stored.digest) for name, table in result.tables.items() if name not in drawn)
    parts = (
        ("Figures", (*_failures(result), *_statements(result))),
        ("Charts", charts),
        ("Tables", tables),
        ("Limits", tuple(_limits(result))),
    )
    return Section(
        heading=result.title,
        id=id,
        blocks=(Paragraph(text=result.question, numbered=False),),
        sections=tuple(Section(heading=heading, blocks=blocks) for heading, blocks in parts if blocks),
    )


def table_of(table: ResultTable, *, digest: str) -> Table:
    """A table of a result as a table of a report, cut where it is long, with the count of rows that are left out.

    Args:
        table: as the analysis made it.
        digest: of the result that holds all of its rows.
    """
    whole = table.rows.height <= WHOLE_UP_TO_ROWS
    shown = table.rows if whole else table.rows.head(ROWS_OF_A_LONGER_ONE)
    units = [table.units.get(column, "") for column in shown.columns]
    values = [shown[column].to_list() for column in shown.columns]
    cells = [column_words(column, unit=unit) for column, unit in zip(values, units, strict=True)]
    headings = [
        _heading(table.labels.get(column, column.replace("_", " ")), unit) for column, unit in zip(shown.columns, units, strict=True)
    ]
    left_out = table.rows.height - shown.height
    cut = f"The first {shown.height} of {table.rows.height:,} rows; {left_out:,} are left out here and kept in result {digest[:12]}."
    return Table(
        caption=table.title,
        columns=tuple(Column(heading=heading, numeric=is_numeric(column)) for heading, column in zip(headings, values, strict=True)),
        rows=tuple(zip(*cells, strict=True)),
        notes=tuple(note for note in (table.note, "" if whole else cut) if note),
    )


def _failures(result: Result) -> Iterator[Block]:
    failed: tuple[Text, ...] = tuple(statement.text for statement in result.statements if statement.kind == "failed")
    if failed:
        yield Box(kind="notice", title="This analysis did not pass its own checks", paragraphs=failed)


def _statements(result: Result) -> Iterator[Block]:
    found = [statement for statement in result.statements if statement.figures]
    if not found:
        return
    figures = [figure for statement in found for figure in statement.figures]
    levels = [f"{figure.confidence:.0%}" if figure.confidence is not None else "none" for figure in figures]
    yield Bullets(items=tuple(statement.text for statement in found))
    yield Table(
        caption="The figures of these sentences, with their intervals in brackets, the level of these, and what was counted",
        columns=(Column(heading="Figure"), Column(heading="Value"), Column(heading="Interval"), Column(heading="Counted on")),
        rows=tuple((figure.name, figure_words(figure), level, figure.base) for figure, level in zip(figures, levels, strict=True)),
    )


def _figure(chart: Chart, table: ResultTable, digest: str) -> Figure:
    return Figure(caption=chart.title, chart=chart.spec, alt=chart.alt, table=table_of(table, digest=digest))


def _limits(result: Result) -> Iterator[Block]:
    limits: tuple[Text, ...] = tuple(statement.text for statement in result.statements if statement.kind == "limit")
    if limits or result.caveats:
        yield Bullets(items=(*limits, *result.caveats))


def _heading(label: str, unit: str) -> str:
    plain = f"{label[:1].upper()}{label[1:]}" or MISSING
    return plain if unit in UNITS_IN_THE_NUMBER or unit == label else f"{plain} ({unit})"
