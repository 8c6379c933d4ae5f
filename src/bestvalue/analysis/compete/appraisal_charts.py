"""Pictures of an appraisal: values with their intervals, what matters most, and money beside the criteria."""

import altair as alt
import numpy as np
import polars as pl

from bestvalue.analysis.compete.appraisal_case import Case
from bestvalue.analysis.compete.appraisal_value import input_words, order_of
from bestvalue.analysis.contract import Chart
from bestvalue.analysis.drawing import spec
from bestvalue.analysis.pence import PENCE_A_POUND, pounds

WIDTH = 560
LABELS = 320
"""Room for the names of options, in pixels."""


def values(case: Case, *, table: str) -> Chart:
    """The value of each option against the baseline, with its interval."""
    order = order_of(case.value)
    rows = [
        {
            "option": case.flows.names[place],
            "value": float(case.value.npsv[place]) / PENCE_A_POUND,
            "low": float(case.outcome.low[place]) / PENCE_A_POUND,
            "high": float(case.outcome.high[place]) / PENCE_A_POUND,
        }
        for place in order
    ]
    y = alt.Y("option:N", sort=[str(row["option"]) for row in rows], title=None, axis=alt.Axis(labelLimit=LABELS))
    data = alt.InlineData(values=rows)
    drawn = alt.layer(
        alt.Chart(data)
        .mark_bar()
        .encode(y=y, x=alt.X("value:Q", title="pounds, present value against the baseline", axis=alt.Axis(format="~s"))),
        alt.Chart(data).mark_rule().encode(y=y, x="low:Q", x2="high:Q"),
    )
    top = case.flows.names[order[0]]
    return Chart(
        title=f"{top} is worth most of {len(rows)} options" if order[0] else "No option is worth more than the baseline",
        spec=spec(drawn.properties(width=WIDTH - 180, height=32 * len(rows))),
        alt="Bars of the value of each option against the baseline, with intervals: "
        + "; ".join(f"{case.flows.names[place]} {pounds(float(case.value.npsv[place]))}" for place in order)
        + ".",
        table=table,
    )


def tornado(case: Case, *, table: str) -> Chart:
    """What matters most for the preferred option, the widest first."""
    place = case.best or order_of(case.value)[1]
    name = case.flows.names[place]
    rows = case.tornado.filter(pl.col("option") == name).head(12)
    central = float(case.value.npsv[place]) / PENCE_A_POUND
    named = [input_words(name, baseline=case.flows.names[0]) for name in rows["input"]]
    shown = rows.select(pl.Series("input", named), low=pl.col("low_pence") / PENCE_A_POUND, high=pl.col("high_pence") / PENCE_A_POUND)
    y = alt.Y("input:N", sort=named, title=None, axis=alt.Axis(labelLimit=LABELS))
    drawn = alt.layer(
        alt.Chart(alt.InlineData(values=shown.to_dicts()))
        .mark_bar()
        .encode(
            y=y,
            x=alt.X("low:Q", title="pounds, value against the baseline", axis=alt.Axis(format="~s"), scale=alt.Scale(zero=False)),
            x2="high:Q",
        ),
        alt.Chart(alt.InlineData(values=[{"central": central}])).mark_rule(strokeDash=[4, 3]).encode(x="central:Q"),
    )
    first = rows.row(0, named=True)
    return Chart(
        title=f"What the value of {name} hangs on, one estimate at a time",
        spec=spec(drawn.properties(width=WIDTH - 180, height=28 * shown.height)),
        alt=f"Tornado: bars from the low to the high end of each input about {pounds(central * PENCE_A_POUND)}; "
        f"the widest is {named[0]}, "
        f"{pounds(first['low_pence'])} to {pounds(first['high_pence'])}.",
        table=table,
    )


def beside_money(case: Case, *, table: str) -> Chart | None:
    """Value and weighted score of each option, side by side; None where there are no criteria."""
    if case.scores is None:
        return None
    total, order = case.scores.total, order_of(case.value)
    rows = [
        {"option": case.flows.names[place], "value": float(case.value.npsv[place]) / PENCE_A_POUND, "score": float(total[place])}
        for place in order
    ]
    names = [str(row["option"]) for row in rows]
    base = alt.Chart(alt.InlineData(values=rows)).mark_bar().properties(width=(WIDTH - 180) // 2, height=32 * len(rows))
    money = base.encode(
        y=alt.Y("option:N", sort=names, title=None, axis=alt.Axis(labelLimit=LABELS)),
        x=alt.X("value:Q", title="pounds, present value", axis=alt.Axis(format="~s", tickCount=4)),
    )
    scores = base.encode(
        y=alt.Y("option:N", sort=names, title=None, axis=alt.Axis(labels=False, ticks=False)),
        x=alt.X("score:Q", title="score, points of 100", scale=alt.Scale(domain=[0, 100])),
    )
    leader = case.flows.names[int(np.argmax(total))]
    return Chart(
        title="Money and criteria beside each other, not added",
        spec=spec(alt.hconcat(money, scores)),
        alt=f"Two bar charts of the options, value on the left and score on the right. {leader} scores highest; "
        f"{case.flows.names[case.best]} is worth most.",
        table=table,
    )
