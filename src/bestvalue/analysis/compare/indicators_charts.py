"""Pictures of the comparison with a group: how far from the average, and what the choice of denominator does."""

from collections.abc import Mapping

import altair as alt
import polars as pl

from bestvalue.analysis.compare.against import Gap
from bestvalue.analysis.compare.asked import Slice
from bestvalue.analysis.compare.values import Panel
from bestvalue.analysis.contract import Chart
from bestvalue.analysis.drawing import BLACK, BLUE, GREY, ORANGE, WIDTH, inline, spec
from bestvalue.analysis.rounding import percent

MOST_BARS = 30
WORDS = {"resident": "residents", "daytime": "by day", "night": "at night"}


def gaps(panel: Panel, found: Mapping[str, Slice], against: Mapping[str, Gap]) -> dict[str, Chart]:
    """A bar for each indicator: how far the force is from the group's average, in per cent of it."""
    rows = [
        {
            "indicator": found[code].indicator.name,
            "gap": gap.quotient / gap.used - 1,
            "low": None if gap.low is None else gap.low / gap.used - 1,
            "high": None if gap.high is None else gap.high / gap.used - 1,
            "stands out": "stands out" if gap.stands_out else "does not",
        }
        for code, gap in against.items()
        if gap.used > 0
    ]
    if not rows:
        return {}
    table = pl.DataFrame(rows, infer_schema_length=None).sort(pl.col("gap").abs(), descending=True).head(MOST_BARS)
    top = table.row(0, named=True)
    colours = alt.Scale(domain=["stands out", "does not"], range=[ORANGE, BLUE])
    bars = alt.Chart(inline(table)).encode(
        y=alt.Y("indicator:N", sort=table["indicator"].to_list(), title=None, axis=alt.Axis(labelLimit=300)),
    )
    drawn = alt.layer(
        bars.mark_bar().encode(
            x=alt.X("gap:Q", title="against the group's weighted average", axis=alt.Axis(format="+.0%")),
            color=alt.Color("stands out:N", scale=colours, title=None, legend=alt.Legend(orient="top")),
        ),
        bars.mark_rule(color=BLACK).encode(x="low:Q", x2="high:Q"),
        alt.Chart(inline(pl.DataFrame({"average": [0.0]}))).mark_rule(color=GREY).encode(x="average:Q"),
    ).properties(width=WIDTH - 300, height=22 * table.height)
    own = panel.name(panel.own or "")
    title = f"{own} is farthest from its group on {top['indicator']}: {'+' if top['gap'] > 0 else ''}{percent(top['gap'])}"
    alt_text = (
        f"Bars of {table.height} indicators by distance from the group's average; the longest is {top['indicator']} "
        f"at {percent(top['gap'])}."
    )
    return {"gaps": Chart(title=title, spec=spec(drawn), alt=alt_text, table="indicators")}


def denominators(people: pl.DataFrame) -> dict[str, Chart]:
    """For each indicator per head, the gap by residents, by day and at night."""
    table = people.filter(pl.len().over("indicator_id") > 1, pl.col("group") > 0).with_columns(
        gap=pl.col("own") / pl.col("group") - 1, counted=pl.col("counted").replace(WORDS)
    )
    if table.is_empty():
        return {}
    drawn = (
        alt.Chart(inline(table.select("indicator", "counted", "gap")), width=WIDTH - 300, height=46 * table["indicator"].n_unique())
        .mark_point(filled=True, size=90)
        .encode(
            y=alt.Y("indicator:N", title=None, axis=alt.Axis(labelLimit=300)),
            x=alt.X("gap:Q", title="against the group's weighted average", axis=alt.Axis(format="+.0%")),
            color=alt.Color("counted:N", scale=alt.Scale(domain=list(WORDS.values()), range=[BLUE, ORANGE, BLACK]), title="people counted"),
            shape=alt.Shape("counted:N", scale=alt.Scale(domain=list(WORDS.values()))),
        )
    )
    alt_text = (
        f"Points for {table['indicator'].n_unique()} indicators per head: the gap from the group by residents, people by day and at night."
    )
    return {
        "denominators": Chart(
            title="How far from the group, by whom it is counted on", spec=spec(drawn), alt=alt_text, table="denominators"
        )
    }
