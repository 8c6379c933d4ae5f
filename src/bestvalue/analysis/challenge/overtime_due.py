"""What was due for each duty, and what was paid? The rules of `overtime_rules`, column by column, for a whole force at once."""

from collections.abc import Collection
from datetime import date, timedelta
from fractions import Fraction

import polars as pl

from bestvalue.analysis.overtime_rules import POLICE_REGULATIONS, OvertimeRules, rules_on
from bestvalue.analysis.public_holidays import public_holidays


def with_due(
    rows: pl.DataFrame,
    *,
    day_starts_hour: int,
    short_occasions_count: bool,
    rules: tuple[OvertimeRules, ...] = POLICE_REGULATIONS,
    holidays: Collection[date] | None = None,
) -> pl.DataFrame:
    """Add what the regulations give: `due_minutes`, `rate` (times plain pay), `due_pence`, `paid_pence`, `day_off`.

    Pay is in whole pence, as it is paid; so sums do not hang on the order in which they are taken.

    Args:
        rows: `Duties.rows`, sorted by person and planned start.
        day_starts_hour: hour at which the force's day begins; rest days and public holidays run from it.
        short_occasions_count: does overtime too short to be paid use up one of the week's occasions?
        rules: dated rules.
        holidays: public holidays; those of England and Wales where left out.

    Raises:
        SpecError: a duty is before the first rules.
    """
    force_day = (_overtime_begins() - timedelta(hours=day_starts_hour)).dt.date()
    rows = rows.with_columns(force_day=force_day, occasion=_occasion(short_occasions_count), day_already_worked=_worked(day_starts_hour))
    days = rows["force_day"]
    first, last = days.min(), days.max()
    if not isinstance(first, date) or not isinstance(last, date):
        return rows
    rules_on(first, rules)
    if holidays is None:
        holidays = [day for year in range(first.year, last.year + 1) for day in public_holidays(year)]
    parts = []
    for one, until in zip(rules, [*(later.in_force_from for later in rules[1:]), date.max], strict=True):
        mine = rows.filter((pl.col("force_day") >= one.in_force_from) & (pl.col("force_day") < until))
        if mine.height:
            parts.append(_due(mine, one, holidays))
    return pl.concat(parts).sort("staff_id", "planned_start_at", "started_at", "duty_id")


def _overtime_begins() -> pl.Expr:
    """When overtime begins: at the planned end of a rostered duty, else with the duty."""
    return pl.when(pl.col("duty_kind") == "rostered").then("planned_end_at").otherwise("started_at")


def _occasion(short_count: bool) -> pl.Expr:  # noqa: FBT001 - one flag, named at its only call
    """Which casual overtime of the person's week this is, from 1; the week is Monday to Sunday by the planned start."""
    week = pl.col("planned_start_at").dt.truncate("1w")
    least = 1 if short_count else POLICE_REGULATIONS[-1].dropped_minutes
    casual = (pl.col("duty_kind") == "rostered") & ~pl.col("told") & (pl.col("late_minutes") >= least)
    return casual.cast(pl.Int64).cum_sum().over("staff_id", week)


def _worked(day_starts_hour: int) -> pl.Expr:
    """Had the person already ended a duty that began on the same day of the force?"""
    day = (pl.col("started_at") - timedelta(hours=day_starts_hour)).dt.date()
    return (day == day.shift(1).over("staff_id")).fill_null(value=False)


def _due(rows: pl.DataFrame, rules: OvertimeRules, holidays: Collection[date]) -> pl.DataFrame:
    kind, holiday = pl.col("duty_kind"), pl.col("force_day").is_in(sorted(holidays))
    notice = ((pl.col("force_day") - pl.col("overtime_told_at").dt.date()).dt.total_days() - 1).clip(0).fill_null(0)
    rest_day_rate = (
        pl.when(notice >= rules.rest_day_notice_days)
        .then(0.0)
        .when(notice < rules.short_rest_day_notice_days)
        .then(_float(rules.short_rest_day_rate))
        .otherwise(_float(rules.rest_day_rate))
    )
    rate = (
        pl.when(holiday)
        .then(_float(rules.public_holiday_rate))
        .when(kind == "rest day")
        .then(rest_day_rate)
        .otherwise(_float(rules.overtime_rate))
    )
    minutes = (
        pl.when(kind == "rostered")
        .then(_after_tour(rules) + _before_tour(rules))
        .when(kind == "recall")
        .then(_units(pl.col("worked_minutes"), rules).clip(rules.recall_least_minutes))
        .otherwise(_units(pl.col("worked_minutes"), rules).clip(rules.rest_day_least_minutes))
    )
    minutes = pl.when(pl.col("overtime_eligible") & (rate > 0)).then(minutes).otherwise(0)
    pence = pl.col("hour_pence") * rate / 60
    return rows.with_columns(
        rate=rate,
        due_minutes=minutes.cast(pl.Int64),
        due_pence=(minutes * pence).round().cast(pl.Int64),
        paid_pence=(pl.col("overtime_paid_minutes") * pence).round().cast(pl.Int64),
        public_holiday=holiday,
        day_off=holiday & (notice < rules.public_holiday_notice_days) & (minutes > 0),
    )


def _after_tour(rules: OvertimeRules) -> pl.Expr:
    late = pl.col("late_minutes")
    counted = late - pl.when(pl.col("occasion") <= rules.dropped_occasions).then(rules.dropped_minutes).otherwise(0)
    return pl.when(pl.col("told")).then(_units(late, rules)).when(late < rules.dropped_minutes).then(0).otherwise(_units(counted, rules))


def _before_tour(rules: OvertimeRules) -> pl.Expr:
    due_notice = (pl.col("started_at") - pl.col("overtime_told_at")) >= timedelta(hours=rules.due_notice_hours)
    counts = pl.col("day_already_worked") & ~due_notice.fill_null(value=False)
    return pl.when(counts).then(_units(pl.col("early_minutes"), rules)).otherwise(0)


def _units(minutes: pl.Expr, rules: OvertimeRules) -> pl.Expr:
    return minutes // rules.unit_minutes * rules.unit_minutes


def _float(rate: Fraction) -> float:
    return float(rate)


def wrongly_paid(rows: pl.DataFrame) -> pl.DataFrame:
    """Duties for which other minutes were paid than were due, largest difference first."""
    apart = rows.filter(pl.col("overtime_paid_minutes") != pl.col("due_minutes"))
    return apart.select(
        "duty_id",
        "staff_id",
        "pool_id",
        "duty_kind",
        "reason",
        worked_overtime_minutes="overtime_minutes",
        due_minutes="due_minutes",
        paid_minutes="overtime_paid_minutes",
        over_minutes=pl.col("overtime_paid_minutes") - pl.col("due_minutes"),
        over_pounds=(pl.col("paid_pence") - pl.col("due_pence")) / 100,
    ).sort(pl.col("over_minutes").abs(), "duty_id", descending=[True, False])
