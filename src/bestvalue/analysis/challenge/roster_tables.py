"""The tables of the answer about rosters, with headings, units and what each was counted on."""

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from bestvalue.analysis.challenge.roster_jobs import Work
from bestvalue.analysis.challenge.roster_judge import gain
from bestvalue.analysis.challenge.roster_lines import WEEKDAYS
from bestvalue.analysis.challenge.roster_plan import Plan
from bestvalue.analysis.challenge.roster_statements import pounds_a_year
from bestvalue.analysis.contract import ResultTable

PLAN = {"load": "units busy if nobody waited", "needed": "units needed", "today": "units on duty today", "pattern": "units in the pattern"}


def all_tables(
    plans: Sequence[Plan], work: Work, names: Mapping[str, str], pence: Mapping[str, float | None], said: str, confidence: float
) -> dict[str, ResultTable]:
    """Every table of the answer."""
    return {
        "pools": _pools(plans, names, pence, said),
        "hours": _hours(plans, names, said),
        "force_hours": _force_hours(plans, said),
        "lines": _lines(plans, names),
        "in_time": _in_time(plans, work, names, confidence),
    } | _faults(work)


def _pools(plans: Sequence[Plan], names: Mapping[str, str], pence: Mapping[str, float | None], said: str) -> ResultTable:
    rows = []
    for plan in plans:
        price = pence.get(plan.pool_id)
        today, pattern = (
            pounds_a_year(hours, price) if price is not None else None for hours in (plan.today_hours, plan.pattern.weekly_hours)
        )
        rows.append(
            {
                "pool": names.get(plan.pool_id, plan.pool_id),
                "pool_id": plan.pool_id,
                "jobs": plan.jobs,
                "load": float(plan.load.mean.mean()),
                "needed_hours": float(plan.units.sum()),
                "today_hours": plan.today_hours,
                "over_hours": plan.over_hours,
                "under_hours": plan.under_hours,
                "pattern_hours": plan.pattern.weekly_hours,
                "bound_hours": plan.pattern.bound_hours,
                "gap": plan.pattern.gap,
                "lines": int(plan.pattern.crews.sum()),
                "today_pounds": today,
                "pattern_pounds": pattern,
                "difference_pounds": None if today is None or pattern is None else pattern - today,
                "price_hours": plan.price_hours,
                "today_enough": plan.today_enough,
                "safety": plan.safety,
                "enough": plan.enough,
            }
        )
    frame = pl.DataFrame(rows, schema_overrides=dict.fromkeys(("today_pounds", "pattern_pounds", "difference_pounds"), pl.Float64))
    hours = dict.fromkeys(
        ("needed_hours", "today_hours", "over_hours", "under_hours", "pattern_hours", "bound_hours", "price_hours"), "unit-hours a week"
    )
    money = dict.fromkeys(("today_pounds", "pattern_pounds", "difference_pounds"), "pounds a year")
    return ResultTable(
        title="Need, today's roster and the pattern, by pool",
        rows=frame.sort("under_hours", "pool", descending=[True, False]),
        labels={
            "pool_id": "pool code",
            "load": "units busy if nobody waited",
            "needed_hours": "needed",
            "today_hours": "today",
            "over_hours": "today over the need",
            "under_hours": "today under the need",
            "pattern_hours": "pattern",
            "bound_hours": "least that any pattern can have",
            "gap": "optimality gap",
            "today_pounds": "cost today",
            "pattern_pounds": "cost of the pattern",
            "difference_pounds": "pattern less today",
            "price_hours": "for asking each quarter of the day",
            "today_enough": "targets met with today's roster",
            "safety": "times the formula's margin, up to today's units where these are enough",
            "enough": "targets met in the simulation",
        },
        units=hours | money | {"load": "units", "gap": "share"},
        note=said,
    )


def _hours(plans: Sequence[Plan], names: Mapping[str, str], said: str) -> ResultTable:
    hour = np.arange(168)
    frames = [
        pl.DataFrame(
            {
                "pool": [names.get(plan.pool_id, plan.pool_id)] * 168,
                "weekday": [WEEKDAYS[number // 24] for number in hour],
                "hour": hour % 24,
                "load": plan.load.mean,
                "load_error": plan.load.error,
                "by_formula": plan.first,
                "needed": plan.units,
                "today": plan.today,
                "pattern": plan.pattern.on_duty,
            }
        )
        for plan in plans
    ]
    return ResultTable(
        title="Units needed by pool and hour of the week",
        rows=pl.concat(frames),
        labels=PLAN | {"load_error": "standard error of the load", "by_formula": "units by the formula"},
        units=dict.fromkeys(("load", "load_error", "by_formula", "needed", "today", "pattern"), "units"),
        note=f"{said}. Needed: the least margin above the load with which the simulation meets the targets.",
    )


def _force_hours(plans: Sequence[Plan], said: str) -> ResultTable:
    hour = np.arange(168)
    rows = pl.DataFrame(
        {
            "hour_of_week": hour,
            "weekday": [WEEKDAYS[number // 24] for number in hour],
            "hour": hour % 24,
            "load": np.sum([plan.load.mean for plan in plans], axis=0),
            "needed": np.sum([plan.units for plan in plans], axis=0).astype(np.float64),
            "today": np.sum([plan.today for plan in plans], axis=0),
            "pattern": np.sum([plan.pattern.on_duty for plan in plans], axis=0),
        }
    )
    return ResultTable(
        title="The same for all these pools together",
        rows=rows,
        labels=PLAN | {"hour_of_week": "hour of the week"},
        units=dict.fromkeys(("load", "needed", "today", "pattern"), "units"),
        note=said,
    )


def _lines(plans: Sequence[Plan], names: Mapping[str, str]) -> ResultTable:
    rows = [
        {
            "pool": names.get(plan.pool_id, plan.pool_id),
            "line": line.words,
            "crews": int(crews),
            "weekly_hours": line.weekly_hours,
            "break_minutes": line.break_minutes,
        }
        for plan in plans
        for line, crews in sorted(
            zip(plan.pattern.lines, plan.pattern.crews, strict=True), key=lambda pair: (pair[0].start_minute, pair[0].first_day)
        )
    ]
    schema = {"pool": pl.String, "line": pl.String, "crews": pl.Int64, "weekly_hours": pl.Float64, "break_minutes": pl.Int64}
    return ResultTable(
        title="The pattern: lines and crews",
        rows=pl.DataFrame(rows, schema=schema),
        labels={"line": "line, every week", "weekly_hours": "hours a week", "break_minutes": "meal break"},
        units={"weekly_hours": "hours", "break_minutes": "minutes", "crews": "crews"},
        note="Every line keeps the limits of working time when it is worked week after week: rests, 48 hours, nights, breaks.",
    )


def _in_time(plans: Sequence[Plan], work: Work, names: Mapping[str, str], confidence: float) -> ResultTable:
    rows = []
    for plan in plans:
        for grade, name in enumerate(work.grades):
            if not np.isfinite(plan.wanted[grade]):
                continue
            new, old = plan.simulated_plan, plan.simulated_today
            more = None if old is None else gain(new.tally, old.tally, confidence=confidence)
            rows.append(
                {
                    "pool": names.get(plan.pool_id, plan.pool_id),
                    "grade": name,
                    "wanted": plan.wanted[grade],
                    "reachable": plan.reachable[grade],
                    "recorded": plan.recorded[grade],
                    "today": None if old is None else old.mean[grade],
                    "today_low": None if old is None else old.low[grade],
                    "today_high": None if old is None else old.high[grade],
                    "pattern": new.mean[grade],
                    "pattern_low": new.low[grade],
                    "pattern_high": new.high[grade],
                    "gain": None if more is None else more.mean[grade],
                    "gain_low": None if more is None else more.low[grade],
                    "gain_high": None if more is None else more.high[grade],
                }
            )
    shown = ("pattern", "pattern_low", "pattern_high", "gain", "gain_low", "gain_high")
    columns = ("wanted", "reachable", "recorded", "today", "today_low", "today_high", *shown)
    return ResultTable(
        title="Share in time, by pool and grade",
        rows=pl.DataFrame(rows, schema={"pool": pl.String, "grade": pl.String} | dict.fromkeys(columns, pl.Float64)),
        labels={
            "wanted": "asked of the roster",
            "reachable": "if nobody waited",
            "recorded": "recorded",
            "today": "today's roster, simulated",
            "pattern": "the pattern, simulated",
            "today_low": "from",
            "today_high": "to",
            "pattern_low": "from",
            "pattern_high": "to",
            "gain": "pattern less today",
            "gain_low": "from",
            "gain_high": "to",
        },
        units=dict.fromkeys(columns, "share"),
        note=f"{confidence:.0%} intervals over the replications; both rosters meet the same weeks. Difference: paired by weeks.",
    )


def _faults(work: Work) -> dict[str, ResultTable]:
    if work.faults.height == 0:
        return {}
    note = f"{work.found:,} deployments in these weeks, {work.used:,} used. Each rule is applied to what the rules above it left."
    return {
        "faults": ResultTable(
            title="What was wrong in the data, and what was done", rows=work.faults, labels={"first": "the first of them"}, note=note
        )
    }
