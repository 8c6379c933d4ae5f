"""What does every analysis look like? Question, needs, spec, and a result made of statements.

An analysis is one module with one `Analysis` object in it. The command line, the site's forms, the API and the report
are generated from that object: adding an analysis means adding the module, and nothing else changes.
"""

import platform
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Generic, Literal, Protocol, TypeVar

import polars as pl
from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import core_schema

from bestvalue.analysis.ways import Way, words_of
from bestvalue.dataset.dataset import CheckedTable, Dataset, SetApart
from bestvalue.dataset.row_checks import AccountsFor
from bestvalue.errors import SpecError, TableError

Confidence = float
"""Level of an interval, 0 to 1."""


class Progress(Protocol):
    """Told how far the work is; raises `Cancelled` when the user has asked to stop."""

    def __call__(self, share: float, doing: str) -> None:
        """Report that `share` (0 to 1) is done and `doing` is what is under way, as words for a person."""
        ...


def no_progress(share: float, doing: str) -> None:
    """Report to nobody."""


class AnalysisSpec(BaseModel):
    """The parameters of an analysis; every field has a default, a unit, bounds and help. Unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    seed: int = Field(
        default=1,
        ge=0,
        le=2**63 - 1,
        title="Seed",
        description="Starts the random numbers: the same seed gives the same figures.",
        json_schema_extra={"unit": "none", "advanced": True},
    )


def parameter(default: Any, *, title: str, help: str, unit: str = "none", advanced: bool = False, **bounds: Any) -> Any:
    """Make one field of a spec.

    Args:
        default: the value when the user says nothing.
        title: the label of the form field.
        help: one sentence for a person who is no programmer.
        unit: "hours", "years", "share (0 to 1)", "pounds", ... or "none".
        advanced: shown under "More settings" on the form.
        **bounds: what pydantic's `Field` takes: ge, le, gt, lt, min_length, max_length, pattern.
    """
    return Field(default=default, title=title, description=help, json_schema_extra={"unit": unit, "advanced": advanced}, **bounds)


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One number of a statement, with all that a reader needs to trust it.

    Args:
        name: what it is, e.g. "share arriving within 15 minutes".
        value: the number, unrounded.
        unit: "share", "incidents a day", "pounds", "percent", ...
        base: what it was counted on, as words, e.g. "41,204 incidents, Jan 2023 to Dec 2024".
        base_count: that count as a number, where there is one.
        low, high: the interval, unrounded; None where the figure is an exact count.
        confidence: level of the interval, 0 to 1; given with `low` and `high`.
    """

    name: str
    value: float
    unit: str
    base: str
    base_count: int | None = None
    low: float | None = None
    high: float | None = None
    confidence: Confidence | None = None

    def __post_init__(self) -> None:
        interval = (self.low, self.high, self.confidence)
        if any(part is None for part in interval) and any(part is not None for part in interval):
            raise ValueError(f"{self.name}: low, high and confidence are given together or not at all")
        if not self.base:
            raise ValueError(f"{self.name}: a figure says what it was counted on")


@dataclass(frozen=True, kw_only=True)
class Statement:
    """A sentence that a board can read.

    `kind`: "finding" carries at least one figure; "limit" says what the data cannot tell; "failed" says that the
    analysis did not pass its own validation, and stands first.
    """

    text: str
    figures: tuple[Figure, ...] = ()
    kind: Literal["finding", "limit", "failed"] = "finding"

    def __post_init__(self) -> None:
        if self.kind == "finding" and not self.figures:
            raise ValueError(f"a finding carries its figures: {self.text}")


@dataclass(frozen=True, kw_only=True)
class ResultTable:
    """A table of the answer.

    Args:
        title: heading for a person.
        rows: the table, unrounded, in the order to show.
        labels: heading of each column, for those whose name is not plain.
        units: unit of each numeric column.
        note: what it was counted on and what it leaves out.
    """

    title: str
    rows: pl.DataFrame
    labels: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A picture of one table.

    Args:
        title: the one-sentence finding that the picture shows.
        spec: a Vega-Lite specification with its data in it (`altair.Chart.to_dict()`).
        alt: what a person who cannot see it needs to know.
        table: name of the result's table that holds the same numbers.
    """

    title: str
    spec: Mapping[str, Any]
    alt: str
    table: str


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the code of an analysis returns; the contract adds where it came from."""

    statements: tuple[Statement, ...]
    tables: Mapping[str, ResultTable]
    charts: Mapping[str, Chart] = field(default_factory=dict)
    caveats: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.statements:
            raise ValueError("an answer has at least one statement")
        for name, chart in self.charts.items():
            if chart.table not in self.tables:
                raise ValueError(f"chart {name} names a table that is not in the answer: {chart.table}")


@dataclass(frozen=True, kw_only=True)
class Provenance:
    """Where a result came from.

    `results` holds the digests of other results that this one builds on, by the parameter that named them.
    `engine`, `versions`, `started_at` and `duration_seconds` tell how it was made and are not part of its digest: another
    engine or another day gives the same numbers and so the same result.
    """

    analysis: str
    analysis_version: int
    dataset: str
    tables: Mapping[str, str]
    rows: Mapping[str, int]
    sources: Mapping[str, str]
    spec: Mapping[str, Any]
    synthetic: bool
    engine: str
    versions: Mapping[str, str]
    started_at: datetime
    duration_seconds: float
    results: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Result:
    """An answer with its provenance: what is stored, shown, cited and published."""

    question: str
    title: str
    statements: tuple[Statement, ...]
    tables: Mapping[str, ResultTable]
    charts: Mapping[str, Chart]
    caveats: tuple[str, ...]
    provenance: Provenance

    def _repr_html_(self) -> str:
        from bestvalue.analysis.notebook import show  # noqa: PLC0415 - drawing loads a renderer that only notebooks need

        return show(self)


DIGEST = re.compile(r"^[0-9a-f]{8,64}$")


class GivenResult:
    """Another analysis's stored result, as a parameter: given as its digest, read by whoever keeps results before the analysis runs.

    In a spec, in JSON and on the command line it is its digest alone.

    Args:
        digest: of the result; its first characters until it has been read.
        result: what the digest names; None until it has been read.
    """

    def __init__(self, digest: str, result: Result | None = None) -> None:
        self.digest = digest
        self._result = result

    @property
    def is_read(self) -> bool:
        """Whether the result is there."""
        return self._result is not None

    @property
    def result(self) -> Result:
        """The result that the digest names."""
        if self._result is None:
            raise SpecError(
                f"The result {self.digest} was not read", where=self.digest, next_step="Run the analysis in the workspace that keeps it."
            )
        return self._result

    def __eq__(self, other: object) -> bool:
        return isinstance(other, GivenResult) and other.digest == self.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    def __repr__(self) -> str:
        return f"GivenResult({self.digest!r})"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: object) -> core_schema.CoreSchema:
        """A text of at least eight hexadecimal characters; written as the digest."""
        return core_schema.no_info_plain_validator_function(
            cls._checked,
            json_schema_input_schema=core_schema.str_schema(pattern=DIGEST.pattern),
            serialization=core_schema.plain_serializer_function_ser_schema(
                lambda given: given.digest, return_schema=core_schema.str_schema()
            ),
        )

    @classmethod
    def _checked(cls, given: object) -> "GivenResult":
        if isinstance(given, cls):
            return given
        digest = str(given).strip().lower()
        if not DIGEST.match(digest):
            raise ValueError("a result is named by the 8 to 64 characters of its digest, 0 to 9 and a to f")
        return cls(digest)


def result_parameter(*, of: str, title: str, help: str, advanced: bool = False) -> Any:
    """Make a field of a spec that takes the stored result of another analysis by its digest; its type is `GivenResult | None`.

    Args:
        of: name of the analysis that the result must be of.
        title: the label of the form field.
        help: one sentence for a person who is no programmer.
        advanced: shown under "More settings" on the form.
    """
    return Field(default=None, title=title, description=help, json_schema_extra={"unit": "none", "advanced": advanced, "result_of": of})


def read_results(spec: "S", read: Callable[[str, str], GivenResult]) -> "S":
    """The spec with every result that it names read.

    Args:
        spec: as it was given.
        read: gets the name of the analysis and the digest, and reads the result.
    """
    found = {}
    for name, field_of in type(spec).model_fields.items():
        given, about = getattr(spec, name), field_of.json_schema_extra
        if isinstance(given, GivenResult) and isinstance(about, dict) and not given.is_read:
            found[name] = read(str(about["result_of"]), given.digest)
    return spec.model_copy(update=found) if found else spec


def results_in(spec: AnalysisSpec) -> dict[str, GivenResult]:
    """The results that a spec names, by parameter."""
    return {name: given for name in type(spec).model_fields if isinstance(given := getattr(spec, name), GivenResult)}


S = TypeVar("S", bound=AnalysisSpec)


@dataclass(frozen=True, kw_only=True)
class Analysis(Generic[S]):
    """One question that data can answer.

    Args:
        name: "challenge.demand": the C (or the service's own question), a dot, the module.
        title: heading on pages and in reports.
        question: the question in plain English.
        needs: tables of the dataset that must be there.
        one_of: sorts of data of which one must be there as well; none where `needs` says it all.
        uses: tables that make the answer better when they are there.
        Spec: the parameters.
        answer: the code: pure and deterministic, same dataset, spec and seed give the same answer.
        version: raised when the same inputs would give other numbers, so that old results are not taken for new.
        accounts_for: faults of single rows that do not shut the question: the analysis counts such rows by a rule of its own. Any
            other fault of a table that it reads does.
    """

    name: str
    title: str
    question: str
    needs: tuple[str, ...]
    Spec: type[S]
    answer: Callable[[Dataset, S, Progress], Answer]
    uses: tuple[str, ...] = ()
    one_of: tuple[Way, ...] = ()
    version: int = 1
    accounts_for: tuple[AccountsFor, ...] = ()

    @property
    def needs_in_words(self) -> tuple[str, ...]:
        """What it needs: tables by name, and last the sorts of data of which one will do."""
        return (*self.needs, words_of(self.one_of)) if self.one_of else self.needs

    def missing(self, tables: Mapping[str, CheckedTable]) -> tuple[str, ...]:
        """What it needs and these sound tables do not have, in the words of `needs_in_words`; empty where it can be answered."""
        absent = tuple(name for name in self.needs if name not in tables)
        shut = self.one_of and not any(way.is_open(tables) for way in self.one_of)
        return (*absent, words_of(self.one_of)) if shut else absent

    def require_data(self, dataset: Dataset) -> None:
        """Check that the data can answer the question.

        Raises:
            TableError: a needed table is not there, or none of the sorts of data of which one would do.
        """
        dataset.require(self.needs, by=self.name)
        if missing := self.missing(dataset.tables):
            raise TableError(
                f"{self.name} needs {missing[0]}",
                where="data",
                next_step="Put one of them into the data folder, then type: bestvalue check",
            )

    def tables_in(self, dataset: Dataset) -> tuple[str, ...]:
        """The tables of this dataset that the analysis reads, in order of name."""
        return tuple(sorted({*self.needs, *(name for name in self.uses if name in dataset.tables)}))

    def run(self, dataset: Dataset, spec: S, progress: Progress = no_progress) -> Result:
        """Answer the question from this dataset.

        Raises:
            TableError: a needed table is not in the dataset.
            SpecError: the spec does not fit the data.
            Cancelled: the user asked to stop.
        """
        self.require_data(dataset)
        started_at, clock = datetime.now(UTC), time.perf_counter()
        given = results_in(spec)
        answer = self.answer(dataset, spec, progress)
        names = self.tables_in(dataset)
        return Result(
            question=self.question,
            title=self.title,
            statements=(*answer.statements[:1], *_apart(dataset.set_apart), *answer.statements[1:]),
            tables=answer.tables,
            charts=answer.charts,
            caveats=answer.caveats,
            provenance=Provenance(
                analysis=self.name,
                analysis_version=self.version,
                dataset=dataset.digest(names),
                tables={name: dataset.tables[name].digest for name in names},
                rows={name: dataset.tables[name].rows for name in names},
                sources={name: dataset.tables[name].source for name in names},
                spec=spec.model_dump(mode="json"),
                synthetic=dataset.synthetic or any(one.result.provenance.synthetic for one in given.values()),
                results={name: one.digest for name, one in given.items()},
                engine=dataset.engine.name,
                versions=_versions(),
                started_at=started_at,
                duration_seconds=time.perf_counter() - clock,
            ),
        )


def _apart(rows: Sequence[SetApart]) -> tuple[Statement, ...]:
    """What was at fault in the tables, and what was done: second in the answer, after whether it can be relied on."""
    if not rows:
        return ()
    lost, used = (_counts([one for one in rows if one.left_out is left_out]) for left_out in (True, False))
    said = ([f"were left out: {lost}"] if lost else []) + ([f"are used as they stand: {used}"] if used else [])
    return (Statement(kind="limit", text=f"Rows that break their table's contract {'; others '.join(said)}. bestvalue check lists them."),)


def _counts(rows: Sequence[SetApart]) -> str:
    return "; ".join(f"{one.rows:,} of {one.of:,} {one.table} ({one.counted_as}; first: {one.first})" for one in rows)


def _versions() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for package in ("bestvalue", "numpy", "scipy", "polars", "duckdb", "pyspark", "statsmodels"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found
