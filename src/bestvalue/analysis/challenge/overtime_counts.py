"""How much overtime, by pool, unit, reason and cause, and as a share of the hours worked?"""

import polars as pl

CAUSES = {
    "casual": "kept on after the tour, not told beforehand",
    "told": "kept on after the tour, told beforehand",
    "rest day": "turn on a day off",
    "recall": "recall between two turns",
}
"""Causes as the times show them, whatever reason was written down."""

UNITS_SHOWN = 40


def total(rows: pl.DataFrame, column: str) -> float:
    """Sum of a column of numbers."""
    return float(rows[column].sum())


def with_cause(rows: pl.DataFrame) -> pl.DataFrame:
    """Add `cause`, one of `CAUSES`; null where a duty has no overtime."""
    rostered = pl.when(pl.col("told")).then(pl.lit("told")).otherwise(pl.lit("casual"))
    cause = pl.when(pl.col("duty_kind") == "rostered").then(rostered).otherwise("duty_kind")
    return rows.with_columns(cause=pl.when(pl.col("overtime_minutes") > 0).then(cause))


def by(rows: pl.DataFrame, *columns: str) -> pl.DataFrame:
    """Hours worked, overtime hours, paid and due hours, pounds paid and share of hours, for each value of `columns`."""
    return (
        rows.group_by(*columns)
        .agg(
            duties=pl.len().cast(pl.Int64),
            worked_hours=pl.col("worked_minutes").sum() / 60,
            overtime_hours=pl.col("overtime_minutes").sum() / 60,
            paid_hours=pl.col("overtime_paid_minutes").sum() / 60,
            due_hours=pl.col("due_minutes").sum() / 60,
            paid_pounds=pl.col("paid_pence").sum() / 100,
        )
        .with_columns(share_of_hours=pl.col("overtime_hours") / pl.col("worked_hours"))
        .sort("overtime_hours", *columns, descending=[True, *[False] * len(columns)])
    )


def by_pool(rows: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """One row a pool, most overtime for its hours first."""
    people = rows.group_by("pool_id").agg(people=pl.col("staff_id").n_unique().cast(pl.Int64))
    counted = by(rows, "pool_id").join(people, on="pool_id")
    return (
        _named(counted, names)
        .with_columns(hours_a_person=pl.col("overtime_hours") / pl.col("people"))
        .sort("share_of_hours", "pool", descending=[True, False])
    )


def by_pool_and_reason(rows: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """One row a pool, cause and recorded reason, of duties with overtime."""
    over = rows.filter(pl.col("overtime_minutes") > 0)
    counted = by(over, "pool_id", "cause", "reason").drop("worked_hours", "share_of_hours")
    return _named(counted, names).sort("pool", "overtime_hours", descending=[False, True])


def by_cause(rows: pl.DataFrame) -> pl.DataFrame:
    """One row a cause and recorded reason, of duties with overtime; `share` is of all overtime hours."""
    counted = by(rows.filter(pl.col("overtime_minutes") > 0), "cause", "reason").drop("worked_hours", "share_of_hours")
    return counted.with_columns(
        cause=pl.col("cause").replace_strict(CAUSES), share=pl.col("overtime_hours") / pl.col("overtime_hours").sum()
    )


def by_unit(rows: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """One row a unit; overtime without a unit is put to the one that the person crews most often."""
    over = rows.filter(pl.col("usual_unit").is_not_null())
    reasons = by(over.filter(pl.col("overtime_minutes") > 0), "usual_unit", "reason").unique(
        "usual_unit", keep="first", maintain_order=True
    )
    counted = by(over, "pool_id", "usual_unit").join(
        reasons.select("usual_unit", main_reason="reason", main_reason_hours="overtime_hours"), on="usual_unit", how="left"
    )
    return _named(counted, names).rename({"usual_unit": "unit"})


def event_days(rows: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """Overtime hours a day on days with a planned event and on others: `day`, `event`, `casual_hours`, `other_hours`.

    Args:
        rows: duties with causes.
        events: `starts_at` and `ends_at` of planned events.
    """
    days = rows.select(pl.date_range(pl.col("planned_start_at").min().dt.date(), pl.col("planned_start_at").max().dt.date()).alias("day"))
    of_events = {
        day
        for start, end in events.select("starts_at", "ends_at").iter_rows()
        for day in pl.date_range(start.date(), end.date(), eager=True)
    }
    casual = pl.col("cause") == "casual"
    hours = rows.group_by(day=pl.col("planned_start_at").dt.date()).agg(
        casual_hours=pl.col("overtime_minutes").filter(casual).sum() / 60,
        other_hours=pl.col("overtime_minutes").filter(~casual).sum() / 60,
    )
    return days.join(hours, on="day", how="left").fill_null(0.0).with_columns(event=pl.col("day").is_in(sorted(of_events)))


def _named(table: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """Put the pool's name first; its code where it has none."""
    joined = table.join(names, on="pool_id", how="left").with_columns(pool=pl.coalesce("pool_name", "pool_id")).drop("pool_name")
    return joined.select("pool", pl.exclude("pool"))
