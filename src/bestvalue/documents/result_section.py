"""How is the result of an analysis printed? Sentences, the figures behind them, charts with their data, tables, and limits."""

from collections import Counter
from collections.abc import Iterator

from bestvalue.analysis.contract import Chart, Result
from bestvalue.analysis.store import StoredResult
from bestvalue.documents.drawn_numbers import drawn_numbers
from bestvalue.documents.model import Block, Box, Bullets, Column, Figure, Paragraph, Section, Table, Text
from bestvalue.documents.numbers import figure_words
from bestvalue.documents.result_table import table_of


def result_section(stored: StoredResult, *, id: str) -> Section:
    """One result as a section of an annex.

    Args:
        stored: the result with its digest, under which the rows that are left out can be had.
        id: by which references reach the section.
    """
    result = stored.result
    drawn = Counter(chart.table for chart in result.charts.values())
    alone = {name for name, charts in drawn.items() if charts == 1}
    charts = tuple(_figure(chart, result, digest=stored.digest, alone=chart.table in alone) for chart in result.charts.values())
    tables = tuple(table_of(table, digest=stored.digest) for name, table in result.tables.items() if name not in alone and table.rows.width)
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


def _failures(result: Result) -> Iterator[Block]:
    failed: tuple[Text, ...] = tuple(statement.text for statement in result.statements if statement.kind == "failed")
    if failed:
        yield Box(kind="notice", title="This analysis did not pass its own checks", paragraphs=failed)


def _statements(result: Result) -> Iterator[Block]:
    found = [statement for statement in result.statements if statement.figures]
    if not found:
        return
    figures = [figure for statement in found for figure in statement.figures]
    levels = [f"{100 * figure.confidence:.3g}%" if figure.confidence is not None else "none" for figure in figures]
    yield Bullets(items=tuple(statement.text for statement in found))
    yield Table(
        caption="The figures of these sentences, with their intervals in brackets, the level of these, and what was counted",
        columns=(Column(heading="Figure"), Column(heading="Value"), Column(heading="Interval"), Column(heading="Counted on")),
        rows=tuple((figure.name, figure_words(figure), level, figure.base) for figure, level in zip(figures, levels, strict=True)),
    )


def _figure(chart: Chart, result: Result, *, digest: str, alone: bool) -> Figure:
    """A chart with its table, or with the rows that it draws where other charts share the table."""
    table = result.tables[chart.table]
    shown = table if alone else drawn_numbers(chart, table)
    return Figure(caption=chart.title, chart=chart.spec, alt=chart.alt, table=table_of(shown, digest=digest))


def _limits(result: Result) -> Iterator[Block]:
    limits: tuple[Text, ...] = tuple(statement.text for statement in result.statements if statement.kind == "limit")
    if limits or result.caveats:
        yield Bullets(items=(*limits, *result.caveats))
