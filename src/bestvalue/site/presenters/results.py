"""The answer of an analysis as a page: sentences with their figures, charts with their tables, caveats, and how we know."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from bestvalue.analysis.contract import Chart, Figure, Provenance, ResultTable, Statement
from bestvalue.analysis.registry import find_analyses
from bestvalue.analysis.store import StoredResult
from bestvalue.documents.numbers import UNITS_IN_THE_NUMBER, column_words, figure_words, is_numeric
from bestvalue.site.presenters.spec import settings_in_words

EVIDENCE_ITEM = "evidence item"
"""Unit of a column that holds the numbers of items of evidence of the record."""

ROWS_SHOWN = 24
"""The hours of a day. More rows than this are a download: nobody reads them on a page, and they push the rest out of sight."""


@dataclass(frozen=True, kw_only=True)
class FigureLine:
    """One figure of a statement: name, value with its interval, level of the interval, and what it was counted on."""

    name: str
    value: str
    level: str
    base: str


@dataclass(frozen=True, kw_only=True)
class StatementView:
    """A sentence and the figures in it."""

    text: str
    kind: str
    figures: tuple[FigureLine, ...]


@dataclass(frozen=True, kw_only=True)
class Heading:
    """Heading of a column; numbers stand to the right."""

    label: str
    numeric: bool


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One cell as words; with an address where it names something of the record."""

    words: str
    numeric: bool
    address: str = ""


@dataclass(frozen=True, kw_only=True)
class TableView:
    """A table: its headings, the rows that are shown as text, and where all rows can be had."""

    name: str
    title: str
    note: str
    headings: tuple[Heading, ...]
    rows: tuple[tuple[Cell, ...], ...]
    rows_in_all: int
    download: str

    @property
    def cut(self) -> bool:
        """Whether some rows are only in the download."""
        return self.rows_in_all > len(self.rows)


@dataclass(frozen=True, kw_only=True)
class ChartView:
    """A picture with its finding, its description, and the table that holds the same numbers."""

    title: str
    alt: str
    address: str
    table: str


@dataclass(frozen=True, kw_only=True)
class ResultPage:
    """All of one result."""

    digest: str
    title: str
    question: str
    synthetic: bool
    statements: tuple[StatementView, ...]
    charts: tuple[ChartView, ...]
    tables: tuple[TableView, ...]
    caveats: tuple[str, ...]
    provenance: tuple[tuple[str, str], ...]
    builds_on: tuple[tuple[str, str], ...] = ()
    also: tuple[tuple[str, str], ...] = ()


def result_page(kept: StoredResult) -> ResultPage:
    """A stored result as words."""
    result = kept.result
    return ResultPage(
        digest=kept.digest,
        title=result.title,
        question=result.question,
        synthetic=result.provenance.synthetic,
        statements=tuple(_statement(statement) for statement in result.statements),
        charts=tuple(_chart(kept.digest, name, chart) for name, chart in result.charts.items()),
        tables=tuple(
            table_view(name, table, download=reverse("result_table", args=[kept.digest, name])) for name, table in result.tables.items()
        ),
        caveats=result.caveats,
        provenance=tuple(_provenance(kept.digest, result.provenance)),
        builds_on=tuple((f"result {digest[:8]}", reverse("result", args=[digest])) for digest in result.provenance.results.values()),
        also=tuple(_also(kept)),
    )


def _also(kept: StoredResult) -> Iterator[tuple[str, str]]:
    """What else can be done with a result of this kind, and where."""
    made = kept.result.provenance
    if made.analysis == "compete.costing" and "lines" in kept.result.tables:
        yield "Explore the cost", reverse("cost_explorer", args=[kept.digest])
    if made.analysis == "compete.appraisal":
        yield "Compare the options", f"{reverse('cost_options')}?appraisal={kept.digest}"
    if made.analysis == "challenge.resources":
        yield "Work out what it saves or costs", f"{reverse('analysis_run', args=['compete.costing'])}?resources={kept.digest}"
    yield "Download as a workbook (Excel)", reverse("result_workbook", args=[kept.digest])


def _statement(statement: Statement) -> StatementView:
    return StatementView(text=statement.text, kind=statement.kind, figures=tuple(map(_figure, statement.figures)))


def _figure(figure: Figure) -> FigureLine:
    level = f"{figure.confidence * 100:g}% interval in brackets" if figure.confidence is not None else ""
    return FigureLine(name=figure.name, value=figure_words(figure), level=level, base=figure.base)


def _chart(digest: str, name: str, chart: Chart) -> ChartView:
    return ChartView(title=chart.title, alt=chart.alt, address=reverse("result_chart", args=[digest, name]), table=chart.table)


def table_view(name: str, table: ResultTable, *, download: str, rows_shown: int = ROWS_SHOWN) -> TableView:
    """A table as words, cut to its first rows.

    Args:
        name: of the table on its page.
        table: all of it.
        download: where all rows can be had.
        rows_shown: how many are shown at most.
    """
    shown = table.rows.head(rows_shown)
    units = [table.units.get(column, "") for column in shown.columns]
    columns = [shown[column].to_list() for column in shown.columns]
    numeric = [is_numeric(values) for values in columns]
    cells = [
        [
            Cell(words=words, numeric=is_number, address=_address(value, unit))
            for words, value in zip(column_words(values, unit=unit), values, strict=True)
        ]
        for values, unit, is_number in zip(columns, units, numeric, strict=True)
    ]
    return TableView(
        name=name,
        title=table.title,
        note=table.note,
        headings=tuple(
            Heading(label=_heading(table.labels.get(column, column.replace("_", " ")), unit), numeric=is_number)
            for column, unit, is_number in zip(shown.columns, units, numeric, strict=True)
        ),
        rows=tuple(zip(*cells, strict=True)),
        rows_in_all=table.rows.height,
        download=download,
    )


def _address(value: object, unit: str) -> str:
    """Where a cell that names an item of evidence leads; who may not see the item does not learn there what it is."""
    return reverse("evidence", args=[int(str(value))]) if unit == EVIDENCE_ITEM and str(value).isdecimal() else ""


def _heading(label: str, unit: str) -> str:
    plain = f"{label[:1].upper()}{label[1:]}"
    return plain if unit in UNITS_IN_THE_NUMBER or unit == label else f"{plain} ({unit})"


def _provenance(digest: str, made: Provenance) -> Iterator[tuple[str, str]]:
    yield "Data", "; ".join(f"{name}: {rows:,} rows from {made.sources[name]}" for name, rows in made.rows.items())
    yield "Synthetic", "Yes: the data are invented" if made.synthetic else "No"
    analysis = find_analyses().get(made.analysis)
    settings = settings_in_words(made.spec, analysis.Spec.model_json_schema() if analysis else {})
    yield "Settings", "; ".join(f"{label}: {value}" for label, value in settings)
    yield "Analysis", f"{made.analysis}, version {made.analysis_version}"
    yield "Worked out", f"{made.started_at:%-d %B %Y, %H:%M} UTC on the engine “{made.engine}” in {made.duration_seconds:.1f} seconds"
    yield "Versions", ", ".join(f"{name} {version}" for name, version in made.versions.items())
    yield "Fingerprint of the data", made.dataset
    yield "Fingerprint of the result", digest
