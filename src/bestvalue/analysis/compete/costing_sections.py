"""The sections of a costing's answer: the whole, what one of each costs, what changes, and the cost of a result."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy import stats

from bestvalue.analysis.compete import costing_change_statements as say_change
from bestvalue.analysis.compete import costing_charts as charts
from bestvalue.analysis.compete import costing_flows as money_flows
from bestvalue.analysis.compete import costing_simulated_statements as say_simulated
from bestvalue.analysis.compete import costing_statements as say
from bestvalue.analysis.compete import costing_views as views
from bestvalue.analysis.compete.costing_capacity import Capacity, sampled_capacity
from bestvalue.analysis.compete.costing_change import before_and_after, cost_per_result, scaled
from bestvalue.analysis.compete.costing_layers import Layers
from bestvalue.analysis.compete.costing_ledger import objective_by_subjective, open_books
from bestvalue.analysis.compete.costing_lines import lines_table
from bestvalue.analysis.compete.costing_sample_size import people_needed, sizes, spread_of
from bestvalue.analysis.compete.costing_simulated import priced
from bestvalue.analysis.compete.costing_spec import Spec
from bestvalue.analysis.compete.costing_tables import MONEY_LABELS, in_pounds, money_table
from bestvalue.analysis.compete.costing_units import read_drivers, unit_costs, with_time_on_nobody
from bestvalue.analysis.compete.costing_work import Costing
from bestvalue.analysis.compete.rates.deflators import price_index
from bestvalue.analysis.contract import Chart, ResultTable, Statement
from bestvalue.dataset.dataset import Dataset
from bestvalue.errors import SpecError

PERCENT = 100


@dataclass(frozen=True, kw_only=True)
class Part:
    """Statements, tables and charts of one section."""

    statements: tuple[Statement, ...]
    tables: Mapping[str, ResultTable]
    charts: Mapping[str, Chart]


def whole(done: Costing, spec: Spec) -> Part:
    """The three layers, activities and services, how sure they are, and what could not be allocated."""
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
        "activities": money_table("Cost by activity", activities, said),
        "services": money_table("Cost by service", services, said),
        "areas": money_table(
            "Cost by area", views.by_area(costs, done.areas), f"{say.base(books)}. Force-wide units by the hours that they worked."
        ),
        "kinds": money_table("Cost of time sampled for a kind of incident", views.by_kind(costs, spec.confidence), said),
        "cost_centres": money_table(
            "Cost by cost centre and activity", views.by_centre_and_activity(costs, done.names, books.centres(), spec.confidence), said
        ),
        "layers": money_table("Full cost of each cost centre that serves the public", _full(done.layers), say.base(books)),
        "support": money_table("Where the cost of each support centre came to rest", done.layers.support, f"By the {spec.method} method."),
        "objectives": money_table(
            "Objective by kind of spending",
            _wide(objective_by_subjective(books)),
            "Income included: the totals add up to the net budget requirement.",
        ),
        "flows": money_table("From resources to activities and services", flows, say.base(books)),
        "cells": ResultTable(
            title="Every cell of the costing",
            rows=_explored(costs.cells),
            units={"pence": "pence"},
            note="Whole pence, of all staff groups and kinds of incident: the tables by activity, area and cost centre add these up.",
        ),
        "lines": lines_table(done),
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
    return Part(
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


def _sample_sizes(done: Costing, activities: pl.DataFrame, spec: Spec) -> pl.DataFrame:
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


def units(dataset: Dataset, done: Costing, spec: Spec) -> Part:
    """What one of each costs, and the capacity that nothing explains."""
    drivers = read_drivers(dataset, done.books.year)
    table = unit_costs(done.costs, drivers, done.names, done.books.centres(), confidence=spec.confidence)
    capacity = sampled_capacity(done.costs, drivers, done.names, practical_share=spec.practical_share, confidence=spec.confidence)
    named = table.with_columns(area=pl.Series([done.areas.get(area, area) for area in table["area_id"]], dtype=pl.String))
    said = f"Intervals at {spec.confidence:.0%} from {say.sample_base(done.shares)}."
    tables = {
        "unit_costs": money_table(
            "What each costs",
            named.select("what", "of", "driver", "area", "kind", "volume", "cost_pence", "each_pence", "low_pence", "high_pence"),
            f"Full cost. No area: the whole force; no kind: all kinds. {said}",
        ),
        "loaded": money_table(
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
    return Part(
        statements=(
            *say.units(table, done.areas, done.shares, done.books, spec.confidence),
            *say.capacity(capacity, done.books, spec.practical_share, spec.confidence),
        ),
        tables=tables,
        charts=drawn,
    )


def _loaded(done: Costing, drivers: pl.DataFrame, spec: Spec) -> pl.DataFrame:
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
            rows=in_pounds(capacity.uses),
            labels=MONEY_LABELS | {"standard_minutes": "standard minutes"},
            units={"minutes": "minutes", "standard_minutes": "minutes", "cost_pounds": "pounds", "share": "share"},
            note=f"Practical capacity is {spec.practical_share:.0%} of contracted hours.",
        )
    }


def change(dataset: Dataset, done: Costing, spec: Spec) -> Part:
    """Half and twice the people, and the year before in this one's prices."""
    books = done.books
    moved = scaled(books, done.layers, factors=spec.factors, fixed=spec.fixed_subjectives)
    tables = {
        "scaled": money_table(
            "More or fewer people", moved, "Below 0 is a saving. Allocated support and overhead do not move by themselves."
        )
    }
    statements = [*say_change.halved_and_doubled(moved, books), *_effect(done, spec)]
    years = dataset.query("SELECT DISTINCT financial_year FROM ledger ORDER BY financial_year")["financial_year"].to_list()
    earlier = spec.compare_year or next((year for year in reversed(years) if year < books.year), "")
    if earlier:
        index = price_index(dataset)
        before = open_books(dataset, year=earlier, basis=spec.basis, income=spec.income, tolerance_pence=spec.tolerance_pence)
        if index.factor(of=earlier, into=books.year) is None and not spec.compare_year:
            statements.append(say_change.no_change(earlier, books, index))
        else:
            both = before_and_after(before, books, index)
            statements.append(say_change.change(both, earlier, books, index))
            tables["before_and_after"] = money_table(
                f"{earlier} and {books.year}",
                both,
                f"In prices of {books.year}. {index.name}: {index.source}.",
                labels={
                    "before_pounds": f"{earlier} as it was",
                    "before_real_pounds": f"{earlier} in {books.year} prices",
                    "after_pounds": books.year,
                },
            )
    return Part(statements=tuple(statements), tables=tables, charts={})


def _effect(done: Costing, spec: Spec) -> tuple[Statement, ...]:
    """The price of a change of the service that another analysis found, such as the simulation of response."""
    if not spec.effect_name:
        return ()
    moved = scaled(done.books, done.layers, factors=(spec.effect_factor,), fixed=spec.fixed_subjectives)
    row = moved.filter(pl.col("objective") == spec.effect_objective)
    if row.height == 0:
        raise SpecError(
            f"There is no objective {spec.effect_objective!r}",
            where="effect_objective",
            next_step=f"Choose one of: {', '.join(moved['objective'])}.",
        )
    change, points = int(row["change_pence"][0]), PERCENT * (spec.effect_then - spec.effect_now)
    sign = 1 if points >= 0 else -1
    ends = sorted(sign * PERCENT * (end - spec.effect_now) for end in (spec.effect_low, spec.effect_high))
    ratio = cost_per_result(float(abs(change)), result=sign * points, low=ends[0], high=ends[1], confidence=spec.confidence, seed=spec.seed)
    return (
        say_change.effect_cost(
            ratio,
            name=spec.effect_name,
            objective=spec.effect_objective,
            factor=spec.effect_factor,
            change_pence=change,
            source=spec.effect_digest,
            confidence=spec.confidence,
        ),
    )


def simulated(dataset: Dataset, done: Costing, spec: Spec) -> tuple[Part, ...]:
    """The price of the scenarios of a stored simulation; nothing where none was given."""
    if spec.resources is None:
        return ()
    found = priced(dataset, done, spec, spec.resources.result)
    tables = {"simulated": say_simulated.table(found, spec.resources, spec)} if found else {}
    return (Part(statements=tuple(say_simulated.statements(found, spec.resources, dataset, done.books, spec)), tables=tables, charts={}),)


def result(done: Costing, spec: Spec) -> tuple[Part, ...]:
    """The cost of a result that was asked for; nothing where none was."""
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
    said = say_change.result_cost(
        ratio, name=spec.result_name, of=spec.result_service or "all services", source=spec.result_digest, confidence=spec.confidence
    )
    return (Part(statements=(said,), tables={}, charts={}),)
