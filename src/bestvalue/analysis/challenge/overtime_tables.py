"""The tables of the answer about overtime, with headings, units and what each was counted on."""

from collections.abc import Mapping

import polars as pl

from bestvalue.analysis.challenge.overtime_cost import Posts
from bestvalue.analysis.challenge.overtime_counts import CAUSES
from bestvalue.analysis.challenge.overtime_rest import Rest
from bestvalue.analysis.challenge.overtime_structural import Structural
from bestvalue.analysis.contract import ResultTable
from bestvalue.analysis.overtime_rules import POLICE_REGULATIONS
from bestvalue.analysis.working_time import WorkingTimeLimits

HOURS = dict.fromkeys(("worked_hours", "overtime_hours", "paid_hours", "due_hours", "main_reason_hours"), "hours")
LABELS = {
    "worked_hours": "hours worked",
    "overtime_hours": "overtime hours",
    "paid_hours": "overtime hours paid",
    "due_hours": "overtime hours due",
    "paid_pounds": "pay for them",
    "share_of_hours": "overtime as a share of hours",
    "hours_a_person": "overtime hours a person",
    "main_reason": "main reason",
    "main_reason_hours": "hours of the main reason",
    "pool_id": "pool code",
}
UNITS = HOURS | {"paid_pounds": "pounds", "share_of_hours": "share", "hours_a_person": "hours", "share": "share"}


def counted(pools: pl.DataFrame, causes: pl.DataFrame, reasons: pl.DataFrame, units: pl.DataFrame, said: str) -> dict[str, ResultTable]:
    """Overtime by pool, cause, reason and unit."""
    named = reasons.with_columns(pl.col("cause").replace_strict(CAUSES))
    titles = {
        "pools": ("Overtime by pool", pools),
        "causes": ("Overtime by cause and recorded reason", causes),
        "reasons": ("Overtime by pool, cause and recorded reason", named),
        "units": ("Overtime by unit", units),
    }
    note = f"{said}. Paid and due hours are minutes that count for pay; pay is at the rates of the regulations."
    extra = {"units": " Overtime without a unit stands with the unit that the person crews most often."}
    return {
        name: ResultTable(title=title, rows=rows, labels=LABELS, units=UNITS, note=note + extra.get(name, ""))
        for name, (title, rows) in titles.items()
    }


def structural(found: Structural, names: Mapping[str, str], confidence: float) -> dict[str, ResultTable]:
    """What follows from demand, by pool and by week."""
    rows = pl.DataFrame(
        [
            {
                "pool": names.get(one.pool_id, one.pool_id),
                "worked_out_hours": one.hours,
                "low": one.low,
                "high": one.high,
                "recorded_hours": one.recorded_hours,
                "jobs": one.jobs,
            }
            for one in found.pools
        ]
    )
    labels = {"worked_out_hours": "hours worked out from demand", "recorded_hours": "hours recorded, not told beforehand"}
    unit = dict.fromkeys(("worked_out_hours", "low", "high", "recorded_hours"), "hours")
    note = (
        f"{found.weeks} weeks; {confidence:.0%} intervals from the spread between weeks. "
        f"Crews were relieved after {found.longest_hours:.1f} hours at most. "
        f"{found.unmatched_jobs:,} jobs that no duty of their unit covers are left out."
    )
    return {
        "structural": ResultTable(title="Overtime that demand makes inevitable, by pool", rows=rows, labels=labels, units=unit, note=note),
        "structural_weeks": ResultTable(title="The same by week", rows=found.weekly, labels=labels, units=unit, note=note),
    }


def money(budget: pl.DataFrame, posts: Posts, wrong: pl.DataFrame, year: str) -> dict[str, ResultTable]:
    """Budget, posts and wrong payments."""
    tables = {
        "posts": ResultTable(
            title="The same hours as overtime and as posts, a year",
            rows=posts.causes.with_columns(pl.col("cause").replace_strict(CAUSES)),
            labels={
                "overtime_pounds": "cost as overtime",
                "posts_pounds": "cost as posts",
                "hour_as_overtime": "an hour worked as overtime",
                "hour_as_post": "an hour worked as a post",
            },
            units={
                "hours": "hours",
                "overtime_pounds": "pounds",
                "posts_pounds": "pounds",
                "hour_as_overtime": "pounds",
                "hour_as_post": "pounds",
            },
            note="A post costs pay with on-costs and its share of training, and gives the hours that people of the pool really worked "
            "on ordinary turns.",
        ),
        "post_costs": ResultTable(
            title="What one post costs and gives in a year, by pool",
            rows=posts.pools,
            labels={
                "pool_id": "pool code",
                "pay_pounds": "pay with on-costs",
                "training_pounds": "training",
                "post_pounds": "a post",
                "duty_hours": "hours of ordinary duty",
            },
            units={"pay_pounds": "pounds", "training_pounds": "pounds", "post_pounds": "pounds", "duty_hours": "hours"},
        ),
        "wrong_payments": ResultTable(
            title="Overtime paid otherwise than the regulations give",
            rows=wrong,
            labels={"over_minutes": "minutes over (+) or under (-)", "over_pounds": "pounds over (+) or under (-)"},
            units={
                "worked_overtime_minutes": "minutes",
                "due_minutes": "minutes",
                "paid_minutes": "minutes",
                "over_minutes": "minutes",
                "over_pounds": "pounds",
            },
            note="; ".join(f"from {rules.in_force_from:%d.%m.%Y}: {rules.source}" for rules in POLICE_REGULATIONS),
        ),
    }
    if budget.height:
        tables["budget"] = ResultTable(
            title=f"Overtime against its budget, {year}",
            rows=budget,
            labels={
                "budget_pounds": "budget",
                "outturn_pounds": "outturn",
                "recorded_pounds": "recorded minutes at the rates of the regulations",
                "over_budget_pounds": "over budget",
                "outturn_of_budget": "outturn as a share of budget",
            },
            units=dict.fromkeys(("budget_pounds", "outturn_pounds", "recorded_pounds", "over_budget_pounds"), "pounds")
            | {"outturn_of_budget": "share"},
            note="Overtime lines of the ledger, in the cost centres of pools.",
        )
    return tables


def rest(found: Rest, limits: WorkingTimeLimits, long_run_days: int) -> dict[str, ResultTable]:
    """Checks of working time, by pool and by person."""
    labels = {
        "pool_id": "pool code",
        "daily_rest_breaches": f"daily rests under {limits.daily_rest_hours:g} hours",
        "weekly_rest_breaches": f"weeks without {limits.weekly_rest_hours:g} hours' rest",
        "weekly_average_hours": f"highest average week over {limits.weekly_weeks} weeks",
        "people_over_48_hours": f"people above {limits.weekly_hours:g} hours a week",
        "highest_average_hours": "highest average week",
        "night_workers_over": f"night workers above {limits.night_hours:g} hours in 24",
        "night_average_hours": "highest average hours in 24 of a night worker",
        "long_runs": f"runs of {long_run_days} days or more",
        "late_ends": "turns that ended an hour late or more",
        "daily_rest_breaches_per_100_turns": "daily rests too short per 100 turns",
    }
    note = (
        f"{limits.source}. Leave, opt-outs and compensatory rest are not in the data. "
        f"Overlapping turns of one person count as one: {found.overlapping:,} overlapped."
    )
    unit = {"weekly_average_hours": "hours", "highest_average_hours": "hours", "night_average_hours": "hours", "longest_run_days": "days"}
    return {
        "rest": ResultTable(title="Checks of working time and rest, by pool", rows=found.pools, labels=labels, units=unit, note=note),
        "people": ResultTable(title="Checks of working time and rest, by person", rows=found.people, labels=labels, units=unit, note=note),
    }


def faults(rows: pl.DataFrame) -> dict[str, ResultTable]:
    """What was wrong in the data; nothing where nothing was."""
    if rows.height == 0:
        return {}
    return {
        "faults": ResultTable(
            title="What was wrong in the data, and what was done",
            rows=rows,
            labels={"first": "the first of them"},
            note="Each rule is applied to the rows that the rules above it left.",
        )
    }
