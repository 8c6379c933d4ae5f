"""Who works how much overtime and why, how much of it does demand make inevitable, and what would it cost as posts?"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import polars as pl

from bestvalue.analysis.challenge import overtime_charts as charts
from bestvalue.analysis.challenge import overtime_statements as say
from bestvalue.analysis.challenge import overtime_tables as tables
from bestvalue.analysis.challenge.overtime_cost import against_budget, as_posts, financial_year
from bestvalue.analysis.challenge.overtime_counts import by_cause, by_pool, by_pool_and_reason, by_unit, event_days, total, with_cause
from bestvalue.analysis.challenge.overtime_due import with_due, wrongly_paid
from bestvalue.analysis.challenge.overtime_duties import Duties, read_duties
from bestvalue.analysis.challenge.overtime_rest import rest
from bestvalue.analysis.challenge.overtime_rest_statements import rest as say_rest
from bestvalue.analysis.challenge.overtime_rows_used import DUTIES_AT_FAULT, rows_used
from bestvalue.analysis.challenge.overtime_structural import Structural, structural
from bestvalue.analysis.challenge.records_at_fault import DEPLOYMENTS, SHIFTS
from bestvalue.analysis.contract import Analysis, AnalysisSpec, Answer, Chart, Progress, ResultTable, Statement, parameter
from bestvalue.analysis.working_time import WorkingTimeLimits
from bestvalue.dataset.dataset import Dataset
from bestvalue.errors import SpecError


class Spec(AnalysisSpec):
    """Whose overtime to count, and by which rules of the house."""

    pools: tuple[str, ...] = parameter((), title="Pools", help="Codes of the pools to count; every pool when left empty.")
    confidence: float = parameter(
        0.95,
        title="Confidence",
        help="Level of the intervals: 0.95 means that 19 in 20 hold.",
        unit="share (0 to 1)",
        advanced=True,
        ge=0.5,
        le=0.999,
    )
    long_run_days: int = parameter(
        7, title="Long run of days", help="So many days worked one after the other count as a long run.", unit="days", ge=2, le=31
    )
    weekly_rest_hours: float = parameter(
        24.0,
        title="Weekly rest",
        help="Hours without interruption in each week; 35 where the daily rest of 11 hours must come on top.",
        unit="hours",
        advanced=True,
        ge=1,
        le=72,
    )
    day_starts_hour: int = parameter(
        7,
        title="Start of the force's day",
        help="Hour from which rest days and public holidays run.",
        unit="hour of the day",
        advanced=True,
        ge=0,
        le=23,
    )
    short_occasions_count: bool = parameter(
        default=False,
        title="Short overtime uses up an occasion",
        help="Does overtime too short to be paid count as one of the four occasions in a week on which half an hour is dropped?",
        advanced=True,
    )
    longest_duty_hours: float = parameter(
        24.0, title="Longest duty", help="A duty longer than this is left out as an error.", unit="hours", advanced=True, gt=0, le=168
    )
    overtime_line: str = parameter(
        "overtime", title="Overtime in the ledger", help="What the accounts call spending on overtime.", advanced=True, min_length=1
    )
    training_driver: str = parameter(
        "training days", title="Driver of training", help="What the support links count for training.", advanced=True, min_length=1
    )


@dataclass(frozen=True, kw_only=True)
class _Part:
    statements: tuple[Statement, ...]
    tables: Mapping[str, ResultTable]
    charts: Mapping[str, Chart]


def answer(dataset: Dataset, spec: Spec, progress: Progress) -> Answer:
    """Count overtime, hold it against the rules, demand, the budget and posts, and check rest.

    Raises:
        SpecError: no duty is left to count, or a duty is older than the rules.
    """
    progress(0.05, "Reading duties")
    duties = _duties(dataset, spec)
    progress(0.3, "Working out what was due")
    rows = with_cause(with_due(duties.rows, day_starts_hour=spec.day_starts_hour, short_occasions_count=spec.short_occasions_count))
    names = _names(dataset)
    parts = [_how_much(duties, rows, names)]
    progress(0.45, "Working out what demand makes inevitable")
    found = structural(dataset, duties.rows, confidence=spec.confidence) if "deployments" in dataset.tables else None
    parts.append(_inevitable(dataset, rows, found, names, spec))
    progress(0.65, "Pricing overtime and posts")
    parts.append(_what_it_costs(dataset, duties, rows, found, names, spec))
    progress(0.8, "Checking rest")
    parts.append(_rest(dataset, duties, spec))
    statements = [statement for part in parts for statement in part.statements]
    failed = [statement for statement in statements if statement.kind == "failed"]
    return Answer(
        statements=(*failed, *say.left_out(duties), *(statement for statement in statements if statement.kind != "failed")),
        tables={name: table for part in parts for name, table in part.tables.items()}
        | rows_used(dataset, duties, found)
        | tables.faults(duties.faults),
        charts={name: chart for part in parts for name, chart in part.charts.items()},
        caveats=say.CAVEATS,
    )


def _duties(dataset: Dataset, spec: Spec) -> Duties:
    duties = read_duties(dataset, longest_hours=spec.longest_duty_hours)
    if duties is not None and spec.pools:
        kept = duties.rows.filter(pl.col("pool_id").is_in(spec.pools))
        duties = replace(duties, rows=kept, found=duties.found - duties.rows.height + kept.height) if kept.height else None
    if duties is None:
        raise SpecError(
            "No duty is left to count",
            where="pools, longest_duty_hours",
            next_step="Check the codes of the pools, and that duties name people of the staff table.",
        )
    return duties


def _names(dataset: Dataset) -> pl.DataFrame:
    if "pools" not in dataset.tables:
        return pl.DataFrame(schema={"pool_id": pl.String, "pool_name": pl.String})
    return dataset.query("SELECT pool_id, pool_name FROM pools ORDER BY pool_id")


def _how_much(duties: Duties, rows: pl.DataFrame, names: pl.DataFrame) -> _Part:
    pools, reasons = by_pool(rows, names), by_pool_and_reason(rows, names)
    return _Part(
        statements=(say.whole(duties, rows), *say.causes(duties, rows), *say.highest_pools(pools)),
        tables=tables.counted(pools, by_cause(rows), reasons, by_unit(rows, names), say.base(duties)),
        charts={"pools": charts.pools(pools, reasons)} if reasons.height else {},
    )


def _inevitable(dataset: Dataset, rows: pl.DataFrame, found: Structural | None, names: pl.DataFrame, spec: Spec) -> _Part:
    contrast: tuple[Statement, ...] = ()
    if "planned_events" in dataset.tables:
        days = event_days(rows, dataset.query("SELECT starts_at, ends_at FROM planned_events"))
        contrast = say.events(days, spec.confidence)
    if found is None:
        return _Part(statements=(say.no_structural(deployments="deployments" in dataset.tables), *contrast), tables={}, charts={})
    named = dict(names.iter_rows())
    return _Part(
        statements=(*say.structural(found, total(rows, "overtime_minutes") / 60, spec.confidence), *contrast),
        tables=tables.structural(found, named, spec.confidence),
        charts={"structural": charts.structural(found)},
    )


def _what_it_costs(
    dataset: Dataset, duties: Duties, rows: pl.DataFrame, found: Structural | None, names: pl.DataFrame, spec: Spec
) -> _Part:
    year = financial_year(duties)
    budget = against_budget(dataset, rows, year=year, subjective=spec.overtime_line)
    if spec.pools:
        budget = budget.filter(pl.col("pool_id").is_in(spec.pools))
    budget = budget.join(names, on="pool_id", how="left", maintain_order="left").with_columns(pool=pl.coalesce("pool_name", "pool_id"))
    budget = budget.select("pool", pl.exclude("pool", "pool_name"))
    posts = as_posts(dataset, duties, rows, year=year, training_driver=spec.training_driver)
    wrong = wrongly_paid(rows)
    return _Part(
        statements=(
            *say.unpaid(rows),
            *say.budget(budget, year),
            *say.posts(posts, found, duties.weeks, spec.confidence),
            say.errors(wrong, rows),
        ),
        tables=tables.money(budget, posts, wrong, year),
        charts={"budget": charts.budget(budget, year)} if budget.height else {},
    )


def _rest(dataset: Dataset, duties: Duties, spec: Spec) -> _Part:
    limits = WorkingTimeLimits(weekly_rest_hours=spec.weekly_rest_hours)
    found = rest(dataset, duties, limits=limits, long_run_days=spec.long_run_days)
    return _Part(
        statements=say_rest(found, limits, spec.long_run_days),
        tables=tables.rest(found, limits, spec.long_run_days),
        charts={"weekly_average": charts.weekly_average(found.people, limits)},
    )


ANALYSIS = Analysis(
    name="challenge.overtime",
    title="Overtime",
    question="Who works how much overtime and why, how much of it does demand make inevitable, and what would it cost as posts?",
    needs=("duties", "staff"),
    uses=("pools", "units", "shifts", "deployments", "planned_events", "ledger", "cost_centres", "support_links"),
    Spec=Spec,
    answer=answer,
    version=2,
    accounts_for=(*DUTIES_AT_FAULT, *DEPLOYMENTS, *SHIFTS),
)
