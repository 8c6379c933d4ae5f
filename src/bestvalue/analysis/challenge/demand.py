"""When and where does demand fall, how does it change, and what is to be expected over the next years?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from bestvalue.analysis.challenge import demand_charts as charts
from bestvalue.analysis.challenge import demand_statements as say
from bestvalue.analysis.challenge.demand_change import MONTHS_FOR_TREND, Step, growth, monthly, steps, steps_by, trend_and_season, weekly
from bestvalue.analysis.challenge.demand_cube import Cube, Slice, count
from bestvalue.analysis.challenge.demand_outlook import MONTHS_FOR_FORECAST, Outlook, outlook
from bestvalue.analysis.challenge.demand_pattern import (
    busiest_area_hours,
    by_area,
    by_area_and_grade,
    by_grade,
    by_hour_area_and_grade,
    days_of_week,
    hours_of_week,
)
from bestvalue.analysis.contract import Analysis, AnalysisSpec, Answer, Chart, Progress, ResultTable, Statement, parameter
from bestvalue.dataset.dataset import Dataset
from bestvalue.errors import SpecError


class Spec(AnalysisSpec):
    """Which incidents to count, and how far to look ahead."""

    areas: tuple[str, ...] = parameter((), title="Areas", help="Codes of the areas to count; every area when left empty.")
    grades: tuple[str, ...] = parameter((), title="Grades", help="Response grades to count; every grade when left empty.")
    kinds: tuple[str, ...] = parameter((), title="Kinds", help="Kinds of incident to count; every kind when left empty.")
    first_day: date | None = parameter(None, title="First day", help="Count from this day on; from the first incident when left empty.")
    last_day: date | None = parameter(None, title="Last day", help="Count up to this day; to the last incident when left empty.")
    forecast: bool = parameter(default=True, title="Forecast", help="Look ahead as well as back; without it the answer is quicker.")
    horizon_years: int = parameter(
        4, title="Years ahead", help="How many years to look ahead; force management statements ask for four.", unit="years", ge=1, le=10
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


def answer(dataset: Dataset, spec: Spec, progress: Progress) -> Answer:
    """Count the incidents, describe their pattern and change, and look ahead.

    Raises:
        SpecError: the filter leaves no incident, or the last day is before the first.
    """
    _check(spec)
    progress(0.02, "Counting incidents")
    cube = count(dataset, Slice(areas=spec.areas, grades=spec.grades, kinds=spec.kinds, first_day=spec.first_day, last_day=spec.last_day))
    if cube.incidents == 0:
        raise SpecError(
            "No incident is left to count",
            where="areas, grades, kinds, first_day, last_day",
            next_step="Widen the filter, or check its spelling.",
        )
    names, residents = _places(dataset, cube)
    parts = [_where_it_falls(cube, spec, names, residents), _when_it_falls(cube, spec, names)]
    progress(0.15, "Looking for trend, season and steps")
    parts.append(_how_it_changes(cube, spec, names))
    if spec.forecast:
        parts.append(_what_is_ahead(cube, spec, lambda share, doing: progress(0.2 + 0.75 * share, doing)))
    progress(0.97, "Writing the answer")
    return Answer(
        statements=(say.how_many(cube), *(statement for part in parts for statement in part.statements)),
        tables={name: table for part in parts for name, table in part.tables.items()},
        charts={name: chart for part in parts for name, chart in part.charts.items()},
        caveats=say.CAVEATS,
    )


@dataclass(frozen=True, kw_only=True)
class _Part:
    statements: tuple[Statement, ...]
    tables: Mapping[str, ResultTable]
    charts: Mapping[str, Chart]


def _check(spec: Spec) -> None:
    if spec.first_day and spec.last_day and spec.last_day < spec.first_day:
        raise SpecError(
            f"The last day, {spec.last_day}, is before the first, {spec.first_day}", where="last_day", next_step="Give a later last day."
        )


def _places(dataset: Dataset, cube: Cube) -> tuple[dict[str, str], dict[str, int]]:
    """Names and residents of the areas: from the areas table, else names as the incidents give them."""
    said = cube.by_month.filter(pl.col("area_name").is_not_null()).group_by("area_id").agg(pl.col("area_name").max()).sort("area_id")
    names = dict(zip(said["area_id"], said["area_name"], strict=True))
    if "areas" not in dataset.tables:
        return names, {}
    areas = dataset.query("SELECT area_id, area_name, resident_population FROM areas ORDER BY area_id")
    known = areas.filter(pl.col("resident_population").is_not_null())
    return names | dict(zip(areas["area_id"], areas["area_name"], strict=True)), dict(
        zip(known["area_id"], known["resident_population"], strict=True)
    )


def _where_it_falls(cube: Cube, spec: Spec, names: Mapping[str, str], residents: Mapping[str, int]) -> _Part:
    areas = by_area(cube, names=names, residents=residents, days=cube.span, confidence=spec.confidence)
    grades = by_grade(cube)
    tables = {
        "areas": ResultTable(
            title="Incidents by area",
            rows=areas,
            labels={"a_day": "a day", "a_year_per_1000_residents": "a year per 1,000 residents"},
            units={
                "incidents": "incidents",
                "share": "share",
                "a_day": "incidents a day",
                "low": "incidents a day",
                "high": "incidents a day",
            },
            note=f"{say.base(cube)}. Intervals at {spec.confidence:.0%} from the variation between months.",
        ),
        "grades": ResultTable(
            title="Incidents by grade", rows=grades, units={"incidents": "incidents", "share": "share"}, note=say.base(cube)
        ),
        "area_grades": ResultTable(
            title="Incidents by area and grade",
            rows=by_area_and_grade(cube, names=names),
            labels={"share_of_area": "share of the area"},
            units={"incidents": "incidents", "share_of_area": "share"},
            note=say.base(cube),
        ),
    }
    return _Part(
        statements=(*say.busiest_areas(cube, areas, spec.confidence), *say.grades(cube, grades)),
        tables=tables,
        charts={"areas": charts.areas(areas)},
    )


def _when_it_falls(cube: Cube, spec: Spec, names: Mapping[str, str]) -> _Part:
    if cube.by_day_and_hour.height == 0:
        return _Part(statements=(say.no_hours(cube),), tables={}, charts={})
    days = days_of_week(cube, confidence=spec.confidence)
    weekdays = ResultTable(
        title="Incidents by day of the week",
        rows=days,
        labels={"a_day": "a day", "weeks": "weeks counted"},
        units={"incidents": "incidents", "a_day": "incidents a day", "low": "incidents a day", "high": "incidents a day"},
        note=f"Incidents whose day is known. {spec.confidence:.0%} intervals from the spread between weeks.",
    )
    timed = cube.of_fineness("hour")
    if timed == 0:
        spread = (say.no_hours(cube), *say.peak_days(cube, days, spec.confidence))
        return _Part(statements=spread, tables={"weekdays": weekdays}, charts={})
    hours = hours_of_week(cube, confidence=spec.confidence)
    note = f"{timed:,} of {cube.incidents:,} incidents, whose hour is known. {spec.confidence:.0%} intervals from the spread between weeks."
    unit = {"incidents": "incidents", "an_hour": "incidents an hour", "low": "incidents an hour", "high": "incidents an hour"}
    tables = {
        "weekdays": weekdays,
        "hours": ResultTable(
            title="Incidents by hour of the week",
            rows=hours,
            labels={"an_hour": "an hour", "weeks": "weeks counted"},
            units=unit,
            note=note,
        ),
        "busiest": ResultTable(
            title="The busiest hours and areas",
            rows=busiest_area_hours(cube, hours, names=names, confidence=spec.confidence),
            labels={"an_hour": "an hour"},
            units=unit,
            note=note,
        ),
        "hours_areas_grades": ResultTable(
            title="Incidents by hour of the week, area and grade",
            rows=by_hour_area_and_grade(cube, hours, names=names),
            labels={"an_hour": "an hour"},
            units=unit,
            note=note,
        ),
    }
    return _Part(
        statements=(*say.peak_hours(cube, hours, spec.confidence), *say.some_without_hours(cube)),
        tables=tables,
        charts={"hours": charts.week(hours)},
    )


def _how_it_changes(cube: Cube, spec: Spec, names: Mapping[str, str]) -> _Part:
    series, cut = monthly(cube)
    tables = {
        "months": ResultTable(
            title="Incidents by month",
            rows=series,
            units={"incidents": "incidents", "days": "days"},
            note=f"Whole months. {say.left_out(cut)}".strip(),
        )
    }
    if series.height < MONTHS_FOR_TREND:
        weeks = weekly(cube)
        if weeks.height:
            tables["weeks"] = ResultTable(title="Incidents by week", rows=weeks, units={"incidents": "incidents"}, note="Monday to Sunday.")
        drawn = {"months": charts.months(series)} if series.height > 1 else {}
        return _Part(statements=(say.too_short_for_trend(series, weeks),), tables=tables, charts=drawn)
    found = steps(series, seed=spec.seed, confidence=spec.confidence)
    trend, season = trend_and_season(series, found=found, confidence=spec.confidence)
    inside = {
        dimension: steps_by(cube, series, dimension=dimension, seed=spec.seed, confidence=spec.confidence)
        for dimension in ("kind", "area_id")
    }
    grown = {dimension: growth(cube, series, dimension=dimension, confidence=spec.confidence) for dimension in ("area_id", "grade", "kind")}
    tables |= _tables_of_change(found, inside, season, grown, names, spec)
    return _Part(
        statements=(
            say.trend(series, trend, found, spec.confidence),
            *say.steps(series, found, spec.confidence),
            *say.steps_inside(series, inside, names, spec.confidence),
            say.season(series, season, spec.confidence),
            *say.growth(grown, names, spec.confidence),
        ),
        tables=tables,
        charts={"season": charts.season(season)} | ({} if spec.forecast else {"months": charts.months(series)}),
    )


def _tables_of_change(
    found: tuple[Step, ...],
    inside: Mapping[str, list[tuple[str, Step]]],
    season: pl.DataFrame,
    grown: Mapping[str, pl.DataFrame],
    names: Mapping[str, str],
    spec: Spec,
) -> dict[str, ResultTable]:
    scoped = [("all incidents", step) for step in found]
    scoped += [(say.named(dimension, name, names), step) for dimension, steps_found in inside.items() for name, step in steps_found]
    rows = pl.DataFrame(
        [(scope, step.month, step.size, step.low, step.high, step.p) for scope, step in scoped],
        schema={"scope": pl.String, "month": pl.Date, "size": pl.Float64, "low": pl.Float64, "high": pl.Float64, "p": pl.Float64},
        orient="row",
    )
    share = {"size": "share", "low": "share", "high": "share"}
    tables = {
        "season": ResultTable(
            title="Each calendar month against the average month",
            rows=season,
            labels={"calendar_month": "calendar month", "index": "times the average"},
            note=f"Intervals at {spec.confidence:.0%}; trend and steps taken out.",
        ),
        "steps": ResultTable(
            title="Lasting changes of level",
            rows=rows,
            units=share,
            note="p: how often chance alone makes a step as large; corrected for how many were looked at.",
        ),
    }
    titles = {"area_id": "area", "grade": "grade", "kind": "kind"}
    for dimension, table in grown.items():
        tables[f"growth_{titles[dimension]}"] = ResultTable(
            title=f"Change by {titles[dimension]}: the last twelve months against the same months a year before",
            rows=table.with_columns(name=pl.Series([say.bare(dimension, name, names) for name in table["name"]], dtype=pl.String)),
            labels={"name": titles[dimension], "share_before": "share before", "share_after": "share after"},
            units={"before": "incidents", "after": "incidents", "share_before": "share", "share_after": "share"}
            | dict.fromkeys(("change", "low", "high"), "share"),
            note="p is after Holm's correction: below 0.05 the change is more than chance would give.",
        )
    return tables


def _what_is_ahead(cube: Cube, spec: Spec, progress: Progress) -> _Part:
    series, _ = monthly(cube)
    if series.height < MONTHS_FOR_FORECAST or series["incidents"].min() == 0:
        return _Part(statements=(say.no_forecast(series),), tables={}, charts={})
    seen = outlook(series, years=spec.horizon_years, progress=progress)
    return _Part(
        statements=(*say.forecast(series, seen), say.accuracy(seen), *say.cut_short(series, seen, spec.horizon_years)),
        tables=_tables_ahead(seen),
        charts={"forecast": charts.forecast(series, seen.months), "back_test": charts.back_test(seen.back_test)},
    )


def _tables_ahead(seen: Outlook) -> dict[str, ResultTable]:
    limits = {"low_80": "80% from", "high_80": "80% to", "low_95": "95% from", "high_95": "95% to"}
    unit = dict.fromkeys(("forecast", "low_80", "high_80", "low_95", "high_95", "incidents"), "incidents")
    return {
        "forecast": ResultTable(
            title="Forecast by month",
            rows=seen.months,
            labels=limits,
            units=unit,
            note=f"Model: {seen.result.model}, chosen by its back-test.",
        ),
        "forecast_years": ResultTable(
            title="Forecast by financial year",
            rows=seen.years,
            labels=limits | {"months_counted": "months counted", "months_forecast": "months forecast"},
            units=unit,
            note="April to March. Months counted stand as they are. A year's limits take its months to miss together: on the safe side.",
        ),
        "models": ResultTable(
            title="How the candidates did on the past",
            rows=seen.models,
            labels={
                "wape": "error as a share of what came",
                "against_repeating": "error against repeating the past",
                "mase": "mean absolute scaled error",
                "months": "months judged",
            },
            units={"wape": "share"},
            note=f"Forecasts made from {seen.result.origins} earlier months, each compared with what then came.",
        ),
        "back_test": ResultTable(
            title="The chosen model on the past, month by month",
            rows=seen.back_test,
            labels={"made_after": "made after", "came": "what came"},
            units={"forecast": "incidents", "came": "incidents", "low": "incidents", "high": "incidents"},
            note="Intervals at 95%.",
        ),
    }


ANALYSIS = Analysis(
    name="challenge.demand",
    title="Demand",
    question="When and where does demand fall, how is it changing, and what should be expected over the next four years?",
    needs=("incidents",),
    uses=("areas",),
    Spec=Spec,
    answer=answer,
)
