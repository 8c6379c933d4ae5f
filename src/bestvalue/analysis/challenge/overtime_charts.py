"""Pictures of overtime: who lives on it, what demand makes inevitable, budget against outturn, and the weekly average."""

import altair as alt
import polars as pl

from bestvalue.analysis.challenge.overtime_counts import CAUSES
from bestvalue.analysis.challenge.overtime_structural import Structural
from bestvalue.analysis.contract import Chart
from bestvalue.analysis.drawing import BLACK, BLUE, GREY, ORANGE, PALE, WIDTH, inline, spec
from bestvalue.analysis.rounding import percent, plain
from bestvalue.analysis.working_time import WorkingTimeLimits

DARK = "#003078"
COLOURS = {"casual": ORANGE, "told": BLUE, "rest day": PALE, "recall": DARK}
MOST_BARS = 40


def pools(table: pl.DataFrame, reasons: pl.DataFrame) -> Chart:
    """Share of each pool's hours that is overtime, by cause."""
    shown = table.head(MOST_BARS)
    order = shown["pool"].to_list()
    parts = (
        reasons.group_by("pool", "cause")
        .agg(pl.col("overtime_hours").sum())
        .join(shown.select("pool", "worked_hours"), on="pool")
        .select("pool", "cause", share=pl.col("overtime_hours") / pl.col("worked_hours"))
        .sort("pool", "cause")
        .with_columns(pl.col("cause").replace_strict(CAUSES))
    )
    drawn = (
        alt.Chart(inline(parts), width=WIDTH - 240, height=16 * shown.height)
        .mark_bar()
        .encode(
            y=alt.Y("pool:N", sort=order, title=None, axis=alt.Axis(labelLimit=220)),
            x=alt.X("share:Q", title="overtime as a share of hours worked", axis=alt.Axis(format=".0%")),
            color=alt.Color(
                "cause:N",
                title=None,
                scale=alt.Scale(domain=list(CAUSES.values()), range=list(COLOURS.values())),
                legend=alt.Legend(orient="top", columns=2, labelLimit=300),
            ),
        )
    )
    top = shown.row(0, named=True)
    return Chart(
        title=f"{top['pool']} lives most on overtime",
        spec=spec(drawn),
        alt=f"Stacked bars for {shown.height} of {table.height} pools: overtime as a share of hours worked, by cause; "
        f"most {top['pool']} with {percent(top['share_of_hours'])}.",
        table="pools",
    )


def structural(found: Structural) -> Chart:
    """Hours a week worked out from demand, and as recorded."""
    whole_weeks = found.weekly.filter(pl.col("days") == 7).drop("days")
    long = whole_weeks.unpivot(index="week", variable_name="line", value_name="hours").with_columns(
        pl.col("line").replace_strict({"worked_out_hours": "worked out from demand", "recorded_hours": "recorded, not told beforehand"})
    )
    drawn = (
        alt.Chart(inline(long), width=WIDTH, height=240)
        .mark_line()
        .encode(
            x=alt.X("week:T", title="week beginning"),
            y=alt.Y("hours:Q", title="hours a week", scale=alt.Scale(zero=True)),
            color=alt.Color("line:N", title=None, scale=alt.Scale(range=[BLACK, ORANGE]), legend=alt.Legend(orient="top", labelLimit=300)),
        )
    )
    means = (found.total.hours / found.weeks, found.total.recorded_hours / found.weeks)
    return Chart(
        title="Jobs that run past the end of the tour explain the overtime that nobody was told of",
        spec=spec(drawn),
        alt=f"Two lines by week over {found.weeks} weeks: overtime worked out from demand, {plain(means[0])} hours a week in the mean, "
        f"and as recorded, {plain(means[1])}.",
        table="structural_weeks",
    )


def budget(table: pl.DataFrame, year: str) -> Chart:
    """Budget and outturn of the pools that are furthest over."""
    shown = table.head(15)
    order = shown["pool"].to_list()
    points = alt.Chart(inline(shown.select("pool", "budget_pounds", "outturn_pounds"))).encode(
        y=alt.Y("pool:N", sort=order, title=None, axis=alt.Axis(labelLimit=220))
    )
    money = alt.X("budget_pounds:Q", title="pounds: budget (open) and outturn (filled)", axis=alt.Axis(format=",.0f"))
    drawn = alt.layer(
        points.mark_rule(color=GREY).encode(x=money, x2="outturn_pounds:Q"),
        points.mark_point(color=BLUE, filled=False, size=70).encode(x="budget_pounds:Q"),
        points.mark_point(color=ORANGE, filled=True, size=70).encode(x="outturn_pounds:Q"),
    ).properties(width=WIDTH - 200, height=22 * shown.height)
    top = shown.row(0, named=True)
    return Chart(
        title=f"{top['pool']} is furthest over its overtime budget in {year}",
        spec=spec(drawn),
        alt=f"For {shown.height} of {table.height} pools a line from budget to outturn; the longest is {top['pool']}: "
        f"£{plain(top['budget_pounds'])} to £{plain(top['outturn_pounds'])}.",
        table="budget",
    )


def weekly_average(people: pl.DataFrame, limits: WorkingTimeLimits) -> Chart:
    """How many people have which highest average over seventeen weeks."""
    counted = (
        people.select(hours=pl.col("weekly_average_hours").floor()).group_by("hours").agg(people=pl.len().cast(pl.Int64)).sort("hours")
    ).with_columns(until=pl.col("hours") + 1)
    bars = (
        alt.Chart(inline(counted))
        .mark_bar(color=BLUE)
        .encode(
            x=alt.X("hours:Q", bin="binned", title=f"highest average hours a week over {limits.weekly_weeks} weeks"),
            x2="until:Q",
            y=alt.Y("people:Q", title="people"),
        )
    )
    limit = alt.Chart(inline(pl.DataFrame({"limit": [limits.weekly_hours]}))).mark_rule(color=ORANGE, strokeWidth=2).encode(x="limit:Q")
    over = people.filter(pl.col("weekly_average_hours") > limits.weekly_hours).height
    return Chart(
        title=f"{over:,} of {people.height:,} people averaged over {limits.weekly_hours:g} hours in some {limits.weekly_weeks} weeks",
        spec=spec(alt.layer(bars, limit).properties(width=WIDTH, height=220)),
        alt=f"Histogram of people by their highest {limits.weekly_weeks}-week average, with a line at {limits.weekly_hours:g} hours; "
        f"{over:,} people are beyond it.",
        table="people",
    )
