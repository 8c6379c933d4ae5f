"""What does the service cost, by activity, service, area and kind of incident, and what does one of each cost?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal

import numpy as np
import polars as pl
from scipy import stats

from bestvalue.analysis.compete import costing_charts as charts
from bestvalue.analysis.compete import costing_flows as money_flows
from bestvalue.analysis.compete import costing_statements as say
from bestvalue.analysis.compete import costing_views as views
from bestvalue.analysis.compete.costing_activities import ActivityCosts, activity_costs, staff_groups
from bestvalue.analysis.compete.costing_capacity import Capacity, sampled_capacity
from bestvalue.analysis.compete.costing_change import before_and_after, cost_per_result, scaled
from bestvalue.analysis.compete.costing_dispatch import TABLES as DISPATCH_TABLES
from bestvalue.analysis.compete.costing_dispatch import dispatch_diary, named_by_the_force
from bestvalue.analysis.compete.costing_layers import Layers, layers_of, read_links
from bestvalue.analysis.compete.costing_ledger import Basis, Books, Income, objective_by_subjective, open_books
from bestvalue.analysis.compete.costing_places import hours_by_area
from bestvalue.analysis.compete.costing_reconciliation import Reconciliation, reconcile
from bestvalue.analysis.compete.costing_sample import Diary, LikeStaff, TimeShares, read_diary, time_shares
from bestvalue.analysis.compete.costing_sample_size import people_needed, sizes, spread_of
from bestvalue.analysis.compete.costing_support import Method
from bestvalue.analysis.compete.costing_units import read_drivers, unit_costs, with_time_on_nobody
from bestvalue.analysis.compete.rates.deflators import price_index
from bestvalue.analysis.contract import Analysis, AnalysisSpec, Answer, Chart, Progress, ResultTable, Statement, parameter
from bestvalue.analysis.pence import PENCE_A_POUND
from bestvalue.dataset.dataset import Dataset
from bestvalue.errors import SpecError

MONEY_LABELS = {
    "direct_pounds": "direct",
    "support_pounds": "business support",
    "overhead_pounds": "sustaining overhead",
    "total_pounds": "total",
    "low_pounds": "from",
    "high_pounds": "to",
    "each_pounds": "each",
    "cost_pounds": "cost",
}


TimeFrom = Literal["activity sample", "dispatch records"]
DISPATCH = "dispatch records"


class Spec(AnalysisSpec):
    """Which year to cost, and how."""

    year: str = parameter("", title="Financial year", help='Such as "2025/26"; the last one in the ledger when left empty.')
    basis: Basis = parameter("outturn", title="Basis", help="What was spent, or what was budgeted.")
    income: Income = parameter("apart", title="Income", help="Leave income apart, or take it off the cost centre that earns it.")
    method: Method = parameter(
        "reciprocal", title="Support by", help="How support centres pass their cost on: reciprocal counts that they serve each other."
    )
    compare_year: str = parameter("", title="Compare with", help="An earlier financial year; the one before when left empty.")
    time_from: TimeFrom = parameter(
        "activity sample",
        title="Time from",
        help="What says how people spend their time: the activity sample, or dispatch records and turns of duty.",
    )
    like_staff: LikeStaff = parameter(
        "across cost centres",
        title="Like staff",
        help="Whether people of one rank stand for each other across cost centres.",
        advanced=True,
    )
    fewest_people: int = parameter(
        5,
        title="Fewest people",
        help="People sampled of one rank for it to be a group of its own.",
        unit="people",
        advanced=True,
        ge=2,
        le=1000,
    )
    draws: int = parameter(
        1_000, title="Draws", help="How often the sample is drawn again.", unit="draws", advanced=True, ge=200, le=20_000
    )
    confidence: float = parameter(
        0.95,
        title="Confidence",
        help="Level of the intervals: 0.95 means that 19 in 20 hold.",
        unit="share (0 to 1)",
        advanced=True,
        ge=0.5,
        le=0.999,
    )
    target_share: float = parameter(
        0.05,
        title="Interval wanted",
        help="Half width of an interval, as a share of the cost, that the next sample is to reach.",
        unit="share (0 to 1)",
        gt=0,
        le=1,
    )
    practical_share: float = parameter(
        0.80,
        title="Practical capacity",
        help="Share of contracted hours that people can give; leave, sickness and training take the rest.",
        unit="share (0 to 1)",
        gt=0,
        le=1,
    )
    factors: tuple[float, ...] = parameter((0.5, 2.0), title="Times the people", help="What half or twice the people would save or cost.")
    fixed_subjectives: tuple[str, ...] = parameter(
        ("premises", "third party"), title="Fixed spending", help="Kinds of spending that do not move with the number of people."
    )
    tolerance_pence: int = parameter(
        0, title="Tolerance", help="By how much ledger and control total may differ.", unit="pence", advanced=True, ge=0
    )
    result_name: str = parameter("", title="Result", help='Something that was achieved, such as "burglaries detected", to cost one of.')
    result: float = parameter(0.0, title="How many", help="The result, as counted or estimated.")
    result_low: float = parameter(0.0, title="Result from", help="Lower end of its interval.")
    result_high: float = parameter(0.0, title="Result to", help="Upper end of its interval.")
    result_service: str = parameter(
        "", title="Achieved by", help="Service or activity whose cost is divided by it; all of them when empty."
    )
    result_digest: str = parameter("", title="Result digest", help="Digest of the stored result that the figure is from.", advanced=True)


def answer(dataset: Dataset, spec: Spec, progress: Progress) -> Answer:
    """Cost one year of the ledger.

    Raises:
        SpecError: there is no such year, or the result asked for cannot be divided by.
        TableError: ledger and control total differ, support centres serve only each other, or rows of a table are wrong.
    """
    progress(0.02, "Reading the ledger")
    books = open_books(dataset, year=spec.year, basis=spec.basis, income=spec.income, tolerance_pence=spec.tolerance_pence)
    layers = layers_of(books, read_links(dataset), method=spec.method)
    progress(0.2, "Drawing the activity sample again")
    first, after = _year(books.year)
    names = views.activity_names(dataset)
    diary = _diary(dataset, spec, names, first, after)
    shares = time_shares(
        diary,
        like_staff=spec.like_staff,
        fewest_people=spec.fewest_people,
        draws=spec.draws,
        confidence=spec.confidence,
        seed=spec.seed,
    )
    progress(0.4, "Taking the cost to activities")
    costs = activity_costs(layers, staff=staff_groups(dataset), shares=shares, hours=hours_by_area(dataset, first=first, after=after))
    done = _Done(
        books=books,
        layers=layers,
        diary=diary,
        costs=costs,
        statement=reconcile(books, layers, costs),
        names=names,
        areas=_areas(dataset),
    )
    progress(0.6, "Working out unit costs")
    parts = [_whole(done, spec), _units(dataset, done, spec), _change(dataset, done, spec), *_result(done, spec)]
    return Answer(
        statements=tuple(statement for part in parts for statement in part.statements),
        tables={name: table for part in parts for name, table in part.tables.items()},
        charts={name: chart for part in parts for name, chart in part.charts.items()},
        caveats=say.CAVEATS,
    )


@dataclass(frozen=True, kw_only=True)
class _Done:
    """The costing itself, for those who look at it."""

    books: Books
    layers: Layers
    diary: Diary
    costs: ActivityCosts
    statement: Reconciliation
    names: pl.DataFrame
    areas: Mapping[str, str]

    @property
    def shares(self) -> TimeShares:
        return self.costs.shares


@dataclass(frozen=True, kw_only=True)
class _Part:
    statements: tuple[Statement, ...]
    tables: Mapping[str, ResultTable]
    charts: Mapping[str, Chart]


def _diary(dataset: Dataset, spec: Spec, names: pl.DataFrame, first: datetime, after: datetime) -> Diary:
    """How people spend their time: by the sample, or by dispatch records where there is no sample or they are asked for."""
    dispatched = all(table in dataset.tables for table in DISPATCH_TABLES)
    sampled = "activity_samples" in dataset.tables
    if spec.time_from == DISPATCH and not dispatched:
        dataset.require(DISPATCH_TABLES, by="compete.costing by dispatch records")
    if spec.time_from == DISPATCH or (not sampled and dispatched):
        return named_by_the_force(dispatch_diary(dataset, first=first, after=after), names)
    dataset.require(("activity_samples",), by="compete.costing by an activity sample")
    return read_diary(dataset, first=first, after=after)


def _year(year: str) -> tuple[datetime, datetime]:
    begins = int(year.split("/")[0])
    return datetime.combine(date(begins, 4, 1), time.min), datetime.combine(date(begins + 1, 4, 1), time.min)


def _areas(dataset: Dataset) -> dict[str, str]:
    if "areas" not in dataset.tables:
        return {}
    rows = dataset.query("SELECT area_id, area_name FROM areas ORDER BY area_id")
    return dict(zip(rows["area_id"], rows["area_name"], strict=True))


def _whole(done: _Done, spec: Spec) -> _Part:
    books, costs = done.books, done.costs
    activities = views.by_activity(costs, done.names, spec.confidence)
    services = views.by_service(costs, done.names, spec.confidence)
    said = f"{say.base(books)}. Intervals at {spec.confidence:.0%} from {say.sample_base(done.shares)}."
    needed = _sample_sizes(done, activities, spec)
    flows = money_flows.flows(costs, done.layers, done.names)
    tables = {
        "reconciliation": ResultTable(
            title="Reconciliation with the ledger", rows=done.statement.lines, units={"pence": "pence"}, note=say.base(books)
        ),
        "activities": _money_table("Cost by activity", activities, said),
        "services": _money_table("Cost by service", services, said),
        "areas": _money_table(
            "Cost by area", views.by_area(costs, done.areas), f"{say.base(books)}. Force-wide units by the hours that they worked."
        ),
        "kinds": _money_table("Cost of time sampled for a kind of incident", views.by_kind(costs, spec.confidence), said),
        "cost_centres": _money_table(
            "Cost by cost centre and activity", views.by_centre_and_activity(costs, done.names, books.centres(), spec.confidence), said
        ),
        "layers": _money_table("Full cost of each cost centre that serves the public", _full(done.layers), say.base(books)),
        "support": _money_table("Where the cost of each support centre came to rest", done.layers.support, f"By the {spec.method} method."),
        "objectives": _money_table(
            "Objective by kind of spending",
            _wide(objective_by_subjective(books)),
            "Income included: the totals add up to the net budget requirement.",
        ),
        "flows": _money_table("From resources to activities and services", flows, say.base(books)),
        "cells": ResultTable(
            title="Every cell of the costing",
            rows=_explored(costs.cells),
            units={"pence": "pence"},
            note="Whole pence, of all staff groups and kinds of incident: the tables by activity, area and cost centre add these up.",
        ),
        "sample": ResultTable(title="Groups of like staff that were sampled", rows=done.shares.pools, units={"minutes": "minutes"}),
        "sample_sizes": ResultTable(
            title="How large a sample each activity needs",
            rows=needed,
            labels={
                "half_width_share": "half width now",
                "people_needed": "people, same days",
                "people_if_two_days": "people, two days each",
            },
            units={"half_width_share": "share", "people_needed": "people", "people_if_two_days": "people"},
            note=f"For +-{spec.target_share:.0%} at {spec.confidence:.0%}.",
        ),
    }
    drawn = {
        "waterfall": charts.waterfall(done.statement),
        "flows": money_flows.chart(flows),
        "activities": charts.activities(tables["activities"].rows),
    }
    return _Part(
        statements=(
            *say.whole(books, done.layers, done.statement),
            *say.largest(activities, services, books, done.shares, spec.confidence),
            *say.sample_size(needed, done.shares, spec.target_share, spec.confidence),
            *say.by_dispatch(done.shares, activities),
            *say.limits(books, done.layers, activities, done.statement),
        ),
        tables=tables,
        charts=drawn,
    )


def _explored(cells: pl.DataFrame) -> pl.DataFrame:
    """The cells by cost centre, activity, area and layer: what one drills through from the total and back."""
    by = ["cost_centre_id", "activity_id", "area_id", "layer"]
    return cells.group_by(by).agg(pl.col("pence").sum()).sort(by)


def _full(layers: Layers) -> pl.DataFrame:
    return layers.direct.with_columns(total_pence=pl.sum_horizontal("direct_pence", "support_pence", "overhead_pence"))


def _wide(table: pl.DataFrame) -> pl.DataFrame:
    return table.rename({name: f"{name}_pence" for name in table.columns[1:-1]})


def _sample_sizes(done: _Done, activities: pl.DataFrame, spec: Spec) -> pl.DataFrame:
    """People needed over the same days, and with two days each, by the variance between people and between their days."""
    table = sizes(activities, people=done.diary.people, target=spec.target_share)
    minutes, person = done.diary.minutes.sum(axis=1), done.diary.days["staff_id"].to_numpy()
    z, two_days = float(stats.norm.ppf((1 + spec.confidence) / 2)), []
    for row in table.iter_rows(named=True):
        mine = done.diary.minutes[:, done.costs.pairs_of(activity_id=row["activity_id"])].sum(axis=1)
        spread = spread_of(minutes, mine, person)
        now, then = (people_needed(spread, within_share=spec.target_share, days=days, z=z) for days in (spread.days, 2))
        two_days.append(int(np.ceil(row["people_needed"] * then / now)))
    return table.with_columns(people_if_two_days=pl.Series(two_days, dtype=pl.Int64))


def _units(dataset: Dataset, done: _Done, spec: Spec) -> _Part:
    drivers = read_drivers(dataset, done.books.year)
    table = unit_costs(done.costs, drivers, done.names, done.books.centres(), confidence=spec.confidence)
    capacity = sampled_capacity(done.costs, drivers, done.names, practical_share=spec.practical_share)
    named = table.with_columns(area=pl.Series([done.areas.get(area, area) for area in table["area_id"]], dtype=pl.String))
    said = f"Intervals at {spec.confidence:.0%} from {say.sample_base(done.shares)}."
    tables = {
        "unit_costs": _money_table(
            "What each costs",
            named.select("what", "of", "driver", "area", "kind", "volume", "cost_pence", "each_pence", "low_pence", "high_pence"),
            f"Full cost. No area: the whole force; no kind: all kinds. {said}",
        ),
        "loaded": _money_table(
            "Activities with their part of the time on nobody's behalf",
            _loaded(done, drivers, spec),
            "Training, briefing and breaks of each group are carried by its time for the public.",
        ),
        **_capacity_table(capacity, spec),
    }
    areas = table.filter((pl.col("area_id") != "") & pl.col("each_pence").is_not_null() & (pl.col("of") != "service"))
    drawn: dict[str, Chart] = {}
    for what, driver in areas.select("what", "driver").unique(maintain_order=True).iter_rows():
        drawn[f"unit_costs_{len(drawn) + 1}"] = charts.unit_costs(tables["unit_costs"].rows, what=what, driver=driver)
    return _Part(
        statements=(
            *say.units(table, done.areas, done.shares, done.books, spec.confidence),
            *say.capacity(capacity, done.books, spec.practical_share),
        ),
        tables=tables,
        charts=drawn,
    )


def _loaded(done: _Done, drivers: pl.DataFrame, spec: Spec) -> pl.DataFrame:
    rows = []
    volumes = (
        drivers.filter(pl.col("activity_id").is_not_null())
        .group_by("activity_id", "driver")
        .agg(pl.col("volume").sum())
        .sort("activity_id", "driver")
    )
    names = dict(zip(done.names["activity_id"], done.names["activity_name"], strict=True))
    for activity, driver, volume in volumes.iter_rows():
        if volume > 0 and activity in names:
            found = with_time_on_nobody(done.costs, done.names, activity, spec.confidence)
            rows.append((names[activity], driver, volume, *(pence / volume for pence in found)))
    columns = {"activity_name": pl.String, "driver": pl.String, "volume": pl.Float64}
    return pl.DataFrame(rows, schema=columns | dict.fromkeys(("each_pence", "low_pence", "high_pence"), pl.Float64), orient="row")


def _capacity_table(capacity: Capacity | None, spec: Spec) -> dict[str, ResultTable]:
    if capacity is None:
        return {}
    return {
        "capacity": ResultTable(
            title="Uses of the practical capacity of the sampled staff",
            rows=_in_pounds(capacity.uses),
            labels=MONEY_LABELS | {"standard_minutes": "standard minutes"},
            units={"minutes": "minutes", "standard_minutes": "minutes", "cost_pounds": "pounds", "share": "share"},
            note=f"Practical capacity is {spec.practical_share:.0%} of contracted hours.",
        )
    }


def _change(dataset: Dataset, done: _Done, spec: Spec) -> _Part:
    books = done.books
    moved = scaled(books, done.layers, factors=spec.factors, fixed=spec.fixed_subjectives)
    tables = {
        "scaled": _money_table(
            "More or fewer people", moved, "Below 0 is a saving. Allocated support and overhead do not move by themselves."
        )
    }
    statements = list(say.halved_and_doubled(moved, books))
    years = dataset.query("SELECT DISTINCT financial_year FROM ledger ORDER BY financial_year")["financial_year"].to_list()
    earlier = spec.compare_year or next((year for year in reversed(years) if year < books.year), "")
    if earlier:
        index = price_index(dataset)
        before = open_books(dataset, year=earlier, basis=spec.basis, income=spec.income, tolerance_pence=spec.tolerance_pence)
        if index.factor(of=earlier, into=books.year) is None and not spec.compare_year:
            statements.append(say.no_change(earlier, books, index))
        else:
            both = before_and_after(before, books, index)
            statements.append(say.change(both, earlier, books, index))
            tables["before_and_after"] = _money_table(
                f"{earlier} and {books.year}",
                both,
                f"In prices of {books.year}. {index.name}: {index.source}.",
                labels={
                    "before_pounds": f"{earlier} as it was",
                    "before_real_pounds": f"{earlier} in {books.year} prices",
                    "after_pounds": books.year,
                },
            )
    return _Part(statements=tuple(statements), tables=tables, charts={})


def _result(done: _Done, spec: Spec) -> tuple[_Part, ...]:
    if not spec.result_name:
        return ()
    names = done.names
    wanted = names.filter((pl.col("service") == spec.result_service) | (pl.col("activity_name") == spec.result_service))[
        "activity_id"
    ].to_list()
    if spec.result_service and not wanted:
        raise SpecError(
            f"There is no service or activity {spec.result_service!r}",
            where="result_service",
            next_step=f"Choose one of: {', '.join(sorted({*names['service'], *names['activity_name']}))}.",
        )
    pairs = done.shares.pairs["activity_id"].is_in(wanted or names["activity_id"].to_list()).to_numpy()
    cells = done.costs.cells.filter(pl.col("activity_id").is_in(wanted)) if wanted else done.costs.cells
    cost = float(cells["pence"].sum())
    sampled = float(done.shares.share[:, pairs].sum(axis=1) @ done.costs.by_pool.sum(axis=0))
    ratio = cost_per_result(
        done.costs.draws(pairs) + cost - sampled,  # what nobody sampled is the same in every draw
        result=spec.result,
        low=spec.result_low,
        high=spec.result_high,
        confidence=spec.confidence,
        seed=spec.seed,
        central_cost=cost,
    )
    said = say.result_cost(
        ratio, name=spec.result_name, of=spec.result_service or "all services", source=spec.result_digest, confidence=spec.confidence
    )
    return (_Part(statements=(said,), tables={}, charts={}),)


def _in_pounds(table: pl.DataFrame) -> pl.DataFrame:
    """Columns of pence as columns of pounds, which is what people read; totals of whole pence stay exact in a float of this size."""
    pence = [name for name in table.columns if name.endswith("pence")]
    return table.with_columns(pl.col(name) / PENCE_A_POUND for name in pence).rename(
        {name: f"{name.removesuffix('pence')}pounds" for name in pence}
    )


def _money_table(title: str, table: pl.DataFrame, note: str, *, labels: Mapping[str, str] | None = None) -> ResultTable:
    rows = _in_pounds(table)
    money = [name for name in rows.columns if name.endswith("pounds")]
    return ResultTable(
        title=title,
        rows=rows,
        labels={name: MONEY_LABELS.get(name, name.removesuffix("pounds").replace("_", " ").strip() or "pounds") for name in money}
        | dict(labels or {}),
        units=dict.fromkeys(money, "pounds") | {name: "share" for name in rows.columns if name in ("share", "change")},
        note=note,
    )


ANALYSIS = Analysis(
    name="compete.costing",
    title="Costing",
    question="What does the service cost by activity, service, area and kind of incident, and what does one of each cost?",
    needs=("ledger", "cost_centres", "activities", "staff"),
    uses=(
        "activity_samples",
        "duties",
        "control_totals",
        "support_links",
        "cost_drivers",
        "price_indices",
        "areas",
        "deployments",
        "units",
        "incidents",
        "allocations",
        "bids",
    ),
    Spec=Spec,
    answer=answer,
)
