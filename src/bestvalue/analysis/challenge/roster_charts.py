"""Pictures of rosters: the week, the pools, and what is reached in time."""

import altair as alt
import polars as pl

from bestvalue.analysis.contract import Chart
from bestvalue.analysis.drawing import BLACK, BLUE, GREY, ORANGE, WIDTH, inline, spec
from bestvalue.analysis.rounding import percent, plain

MOST_ROWS = 40
SERIES = {
    "needed": ("needed", BLACK),
    "today": ("on duty today", ORANGE),
    "pattern": ("in the pattern", BLUE),
    "load": ("busy if nobody waited", GREY),
}


def week(hours: pl.DataFrame) -> Chart:
    """Units needed, on duty today and in the pattern through the week."""
    words = {name: said for name, (said, _) in SERIES.items()}
    long = (
        hours.select("hour_of_week", *SERIES)
        .unpivot(index="hour_of_week", variable_name="line", value_name="units")
        .with_columns(pl.col("line").replace_strict(words))
    )
    days = "['Mon','Tue','Wed','Thu','Fri','Sat','Sun'][floor(datum.value / 24) % 7]"
    drawn = (
        alt.Chart(inline(long), width=WIDTH, height=260)
        .mark_line(interpolate="step-after")
        .encode(
            x=alt.X(
                "hour_of_week:Q",
                title="hour of the week",
                scale=alt.Scale(domain=[0, 168], nice=False),
                axis=alt.Axis(values=list(range(0, 168, 24)), labelExpr=days),
            ),
            y=alt.Y("units:Q", title="units", scale=alt.Scale(zero=True)),
            color=alt.Color(
                "line:N",
                title=None,
                scale=alt.Scale(domain=list(words.values()), range=[colour for _, colour in SERIES.values()]),
                legend=alt.Legend(orient="top", labelLimit=220),
            ),
        )
    )
    top = hours.sort("needed", "hour_of_week", descending=[True, False]).row(0, named=True)
    return Chart(
        title=f"Most units are needed on {top['weekday']} at {top['hour']:02d}:00",
        spec=spec(drawn),
        alt=f"Step lines over the week of units needed, on duty today, in the pattern and busy if nobody waited; most needed, "
        f"{plain(top['needed'])}, on {top['weekday']} at {top['hour']:02d}:00, when {plain(top['today'])} are on duty today.",
        table="force_hours",
    )


def pools(table: pl.DataFrame) -> Chart:
    """Unit-hours needed, today and in the pattern, pool by pool."""
    shown = table.head(MOST_ROWS)
    order = shown["pool"].to_list()
    columns = {"needed_hours": "needed", "today_hours": "on duty today", "pattern_hours": "in the pattern"}
    long = (
        shown.select("pool", *columns)
        .unpivot(index="pool", variable_name="which", value_name="hours")
        .with_columns(pl.col("which").replace_strict(columns))
    )
    drawn = (
        alt.Chart(inline(long), width=WIDTH - 200, height=16 * shown.height)
        .mark_point(filled=True, size=55, opacity=0.9)
        .encode(
            y=alt.Y("pool:N", sort=order, title=None, axis=alt.Axis(labelLimit=220, grid=True)),
            x=alt.X("hours:Q", title="unit-hours a week", scale=alt.Scale(zero=False)),
            color=alt.Color(
                "which:N",
                title=None,
                scale=alt.Scale(domain=list(columns.values()), range=[BLACK, ORANGE, BLUE]),
                legend=alt.Legend(orient="top"),
            ),
            shape=alt.Shape("which:N", title=None, scale=alt.Scale(domain=list(columns.values()), range=["square", "circle", "diamond"])),
        )
    )
    top = shown.row(0, named=True)
    short = top["under_hours"] > 0
    return Chart(
        title=f"{top['pool']} is furthest below its need" if short else "No pool is below its need",
        spec=spec(drawn),
        alt=f"For {shown.height} of {table.height} pools the unit-hours a week needed, on duty today and in the pattern; "
        + (
            f"{top['pool']} lacks {plain(top['under_hours'])} in the hours in which it is short."
            if short
            else "no pool is short in any hour."
        ),
        table="pools",
    )


def in_time(table: pl.DataFrame, grade: str) -> Chart:
    """Share of the most urgent grade in time, today and with the pattern, against what is asked."""
    shown = table.filter(pl.col("grade") == grade).sort("today", "pool", nulls_last=True).head(MOST_ROWS)
    order = shown["pool"].to_list()
    points = alt.Chart(inline(shown)).encode(y=alt.Y("pool:N", sort=order, title=None, axis=alt.Axis(labelLimit=220)))
    share = alt.X(
        "pattern_low:Q", title=f"share of {grade} in time: pattern (blue), today (orange), asked (tick)", axis=alt.Axis(format=".0%")
    )
    drawn = alt.layer(
        points.mark_rule(color=BLUE).encode(x=share.scale(zero=False), x2="pattern_high:Q"),
        points.mark_rule(color=ORANGE).encode(x="today_low:Q", x2="today_high:Q"),
        points.mark_point(color=BLUE, filled=True, size=50).encode(x="pattern:Q"),
        points.mark_point(color=ORANGE, filled=True, size=50).encode(x="today:Q"),
        points.mark_tick(color=BLACK, thickness=2).encode(x="wanted:Q"),
    ).properties(width=WIDTH - 200, height=16 * shown.height)
    first = shown.row(0, named=True)
    today = "not known" if first["today"] is None else percent(first["today"])
    return Chart(
        title=f"{first['pool']} is the least in time today for {grade}",
        spec=spec(drawn),
        alt=f"For {shown.height} pools the share of {grade} in time with today's roster and with the pattern, and what is asked; "
        f"least today {first['pool']} with {today}, with the pattern {percent(first['pattern'])}.",
        table="in_time",
    )
