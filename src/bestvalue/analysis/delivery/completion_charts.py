"""Pictures of the forecast: each open action against its agreed date, and what was said against what came."""

import altair as alt
import polars as pl

from bestvalue.analysis.contract import Chart
from bestvalue.analysis.drawing import BLACK, BLUE, GREY, ORANGE, PALE, inline, spec

WIDTH, MOST_ROWS = 560, 30


def actions(table: pl.DataFrame) -> Chart:
    """From even odds to nine in ten, with the agreed date as a mark: a mark to the left of the bar is a date that will hardly be kept."""
    shown = table.head(MOST_ROWS)
    order = shown.sort("agreed", "action")["action"].to_list()
    rows = alt.Chart(inline(shown.select("action", "agreed", "even_odds", "nine_in_ten"))).encode(
        y=alt.Y("action:N", sort=order, title=None)
    )
    drawn = alt.layer(
        rows.mark_bar(color=PALE, height=9).encode(x=alt.X("even_odds:T", title="complete"), x2="nine_in_ten:T"),
        rows.mark_point(color=BLUE, filled=True, size=45, shape="circle").encode(x="even_odds:T"),
        rows.mark_point(color=ORANGE, filled=True, size=70, shape="diamond").encode(x="agreed:T"),
    ).properties(width=WIDTH, height=18 * shown.height)
    late = int((table["agreed"] < table["even_odds"]).sum())
    alt_text = (
        f"For {shown.height} of {table.height} open actions, a bar from the date of even odds to that of nine in ten, and a diamond at the "
        f"agreed date; for {late} the diamond stands before the bar."
    )
    title = f"{late} of {table.height} open actions have an agreed date before the date of even odds"
    return Chart(title=title, spec=spec(drawn), alt=alt_text, table="actions")


def reliability(table: pl.DataFrame) -> Chart:
    """Probability said, across; share that came true, up; a perfect forecast lies on the diagonal."""
    points = alt.Chart(inline(table)).encode(
        x=alt.X("said:Q", title="probability said", scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format="%"))
    )
    diagonal = alt.Chart(inline(pl.DataFrame({"said": [0.0, 1.0], "came": [0.0, 1.0]})))
    drawn = alt.layer(
        diagonal.mark_line(color=GREY, strokeDash=[4, 4]).encode(x="said:Q", y="came:Q"),
        points.mark_rule(color=BLACK).encode(y=alt.Y("low:Q", title="share that came true", axis=alt.Axis(format="%")), y2="high:Q"),
        points.mark_point(color=BLUE, filled=True, size=80).encode(y="came:Q"),
    ).properties(width=360, height=300)
    inside = int(((table["low"] <= table["said"]) & (table["said"] <= table["high"])).sum())
    alt_text = f"In {inside} of {table.height} bands of probability, what was said lies inside the interval of what came true."
    return Chart(title="What was said against what came true", spec=spec(drawn), alt=alt_text, table="reliability")
