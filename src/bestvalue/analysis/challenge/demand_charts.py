"""Pictures of demand: the week, the areas, the season, the forecast and how it did on the past."""

import altair as alt
import polars as pl

from bestvalue.analysis.challenge.demand_pattern import WEEKDAYS
from bestvalue.analysis.contract import Chart
from bestvalue.analysis.drawing import BLUE, GREY, ORANGE, PALE, WIDTH, inline, spec
from bestvalue.analysis.rounding import plain

MOST_BARS = 35


def week(hours: pl.DataFrame) -> Chart:
    """Hours of the day across, days of the week down, darker for more."""
    top = hours.sort("an_hour", descending=True, nulls_last=True).row(0, named=True)
    title = f"The week's peak is {top['weekday']} at {top['hour']:02d}:00"
    drawn = (
        alt.Chart(inline(hours.select("weekday", "hour", "an_hour")), width=WIDTH, height=210)
        .mark_rect()
        .encode(
            x=alt.X("hour:O", title="hour of the day", axis=alt.Axis(labelAngle=0)),
            y=alt.Y("weekday:N", title=None, sort=list(WEEKDAYS)),
            color=alt.Color("an_hour:Q", title="incidents an hour", scale=alt.Scale(scheme="blues", zero=True)),
        )
    )
    alt_text = (
        f"Heat map of incidents an hour, hour by weekday; most, {plain(top['an_hour'])}, on {top['weekday']} at {top['hour']:02d}:00."
    )
    return Chart(title=title, spec=spec(drawn), alt=alt_text, table="hours")


def areas(table: pl.DataFrame) -> Chart:
    """A bar for each area, most first, with its interval."""
    shown = table.head(MOST_BARS)
    top = shown.row(0, named=True)
    bars = alt.Chart(inline(shown.select("area", "a_day", "low", "high"))).encode(
        y=alt.Y("area:N", sort=shown["area"].to_list(), title=None)
    )
    drawn = alt.layer(
        bars.mark_bar(color=BLUE).encode(x=alt.X("a_day:Q", title="incidents a day")),
        bars.mark_rule(color="#0b0c0c").encode(x="low:Q", x2="high:Q"),
    )
    alt_text = (
        f"Bar chart of incidents a day in {shown.height} of {table.height} areas, most first: {top['area']} with {plain(top['a_day'])}."
    )
    return Chart(
        title=f"{top['area']} has most incidents a day",
        spec=spec(drawn.properties(width=WIDTH - 140, height=16 * shown.height)),
        alt=alt_text,
        table="areas",
    )


def months(series: pl.DataFrame) -> Chart:
    """Incidents a day in each whole month."""
    daily = series.select("month", a_day=pl.col("incidents") / pl.col("days"))
    drawn = (
        alt.Chart(inline(daily), width=WIDTH, height=240)
        .mark_line(color=BLUE, point=True)
        .encode(
            x=alt.X("month:T", title=None, axis=alt.Axis(format="%b %Y")),
            y=alt.Y("a_day:Q", title="incidents a day", scale=alt.Scale(zero=True)),
        )
    )
    ends = daily.row(0, named=True), daily.row(-1, named=True)
    alt_text = (
        f"Line of incidents a day by month, from {plain(ends[0]['a_day'])} in {ends[0]['month']:%B %Y} "
        f"to {plain(ends[1]['a_day'])} in {ends[1]['month']:%B %Y}."
    )
    return Chart(title="Incidents a day, month by month", spec=spec(drawn), alt=alt_text, table="months")


def season(table: pl.DataFrame) -> Chart:
    """Each calendar month against the average month."""
    top = table.sort("index", descending=True).row(0, named=True)
    named = table.with_columns(month=pl.date(2000, pl.col("calendar_month"), 1).dt.strftime("%b"))
    points = alt.Chart(inline(named.select("month", "index", "low", "high"))).encode(
        x=alt.X("month:N", sort=named["month"].to_list(), title=None)
    )
    drawn = alt.layer(
        alt.Chart(inline(pl.DataFrame({"average": [1.0]}))).mark_rule(color=GREY).encode(y="average:Q"),
        points.mark_rule(color=BLUE).encode(y=alt.Y("low:Q", title="times the average month", scale=alt.Scale(zero=False)), y2="high:Q"),
        points.mark_point(color=BLUE, filled=True, size=60).encode(y="index:Q"),
    ).properties(width=WIDTH, height=220)
    peak = named.sort("index", descending=True)["month"][0]
    alt_text = (
        f"Points with intervals for the twelve calendar months; the highest is {peak} at {plain(top['index'])} times the average month."
    )
    return Chart(title=f"{peak} is the busiest month of the year", spec=spec(drawn), alt=alt_text, table="season")


def forecast(series: pl.DataFrame, ahead: pl.DataFrame) -> Chart:
    """What was counted, the forecast, and its two intervals."""
    x = alt.X("month:T", title=None, axis=alt.Axis(format="%b %Y"))
    fan = alt.Chart(inline(ahead))
    drawn = alt.layer(
        fan.mark_area(color=PALE, opacity=0.45).encode(x=x, y=alt.Y("low_95:Q", title="incidents a month"), y2="high_95:Q"),
        fan.mark_area(color=PALE, opacity=0.8).encode(x=x, y="low_80:Q", y2="high_80:Q"),
        fan.mark_line(color=BLUE, strokeDash=[5, 3]).encode(x=x, y="forecast:Q"),
        alt.Chart(inline(series.select("month", "incidents"))).mark_line(color="#0b0c0c").encode(x=x, y="incidents:Q"),
    ).properties(width=WIDTH, height=280)
    last = ahead.row(-1, named=True)
    alt_text = (
        f"Line of incidents by month with a forecast to {last['month']:%B %Y}: {plain(last['forecast'])} in that month, "
        f"95% interval {plain(last['low_95'])} to {plain(last['high_95'])}."
    )
    return Chart(
        title="What was counted, and what is to be expected with 80% and 95% intervals", spec=spec(drawn), alt=alt_text, table="forecast"
    )


def back_test(misses: pl.DataFrame) -> Chart:
    """Each forecast month of the back-test as a miss, against how far ahead it was made."""
    shares = misses.select("ahead", miss=pl.col("forecast") / pl.col("came") - 1)
    drawn = alt.layer(
        alt.Chart(inline(pl.DataFrame({"none": [0.0]}))).mark_rule(color=GREY).encode(y="none:Q"),
        alt.Chart(inline(shares))
        .mark_point(color=ORANGE, filled=True, opacity=0.6)
        .encode(
            x=alt.X("ahead:Q", title="months ahead", axis=alt.Axis(tickMinStep=1)),
            y=alt.Y("miss:Q", title="forecast against what came", axis=alt.Axis(format="+.0%")),
        ),
    ).properties(width=WIDTH, height=220)
    largest = max(abs(miss) for miss in shares["miss"])
    alt_text = f"Points for {shares.height} forecast months: how far off each was, by months ahead. The largest miss is {largest:.0%}."
    return Chart(title="How far off such forecasts were on the past", spec=spec(drawn), alt=alt_text, table="back_test")
