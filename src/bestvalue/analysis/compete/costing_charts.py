"""Pictures of a costing: from the ledger to the net budget requirement, activities with their intervals, unit costs by area."""

import altair as alt
import polars as pl

from bestvalue.analysis.compete.costing_reconciliation import Reconciliation
from bestvalue.analysis.contract import Chart
from bestvalue.analysis.drawing import spec
from bestvalue.analysis.pence import PENCE_A_POUND, pounds

WIDTH = 560
MOST_BARS = 35
SHORT_LAYERS = {"direct": "Direct", "business support": "Support", "sustaining overhead": "Overhead"}
LAYER_ORDER = ("direct", "business support", "sustaining overhead")


def waterfall(statement: Reconciliation) -> Chart:
    """The parts of the cost, income taken off, down to the net budget requirement."""
    steps = statement.lines.filter(pl.col("step").is_in(["to activities", "not sampled", "not allocated", "income"]))
    order = steps.sort((pl.col("step") == "income").cast(pl.Int8), maintain_order=True)
    rows, at = [], 0
    for row in order.iter_rows(named=True):
        rows.append(
            {"line": _short(row["line"]), "from": at / PENCE_A_POUND, "to": (at + row["pence"]) / PENCE_A_POUND, "sort": row["step"]}
        )
        at += row["pence"]
    rows.append({"line": "Net budget requirement", "from": 0.0, "to": at / PENCE_A_POUND, "sort": "total"})
    base = alt.Chart(alt.InlineData(values=rows)).encode(y=alt.Y("line:N", sort=[str(row["line"]) for row in rows], title=None))
    drawn = base.mark_bar().encode(
        x=alt.X("from:Q", title="pounds", axis=alt.Axis(format="~s")),
        x2="to:Q",
        color=alt.Color("sort:N", title=None, sort=["to activities", "not sampled", "not allocated", "income", "total"]),
    )
    return Chart(
        title=f"From the parts of the cost to the net budget requirement of {pounds(at)}",
        spec=spec(drawn.properties(width=WIDTH - 180, height=26 * len(rows))),
        alt="Waterfall of "
        + "; ".join(f"{_short(row['line'])} {pounds(row['pence'])}" for row in order.iter_rows(named=True))
        + f"; together the net budget requirement, {pounds(at)}.",
        table="reconciliation",
    )


def activities(table: pl.DataFrame) -> Chart:
    """A bar for each activity in its three layers, with the interval of the whole."""
    shown = table.head(MOST_BARS)
    order = shown["activity_name"].to_list()
    layers = shown.unpivot(index="activity_name", on=["direct_pounds", "support_pounds", "overhead_pounds"], variable_name="layer")
    named = layers.with_columns(
        layer=pl.col("layer").replace_strict(
            {"direct_pounds": "direct", "support_pounds": "business support", "overhead_pounds": "sustaining overhead"}
        )
    )
    named = named.with_columns(place=pl.col("layer").replace_strict({layer: place for place, layer in enumerate(LAYER_ORDER)}))
    y = alt.Y("activity_name:N", sort=order, title=None)
    bars = (
        alt.Chart(alt.InlineData(values=named.to_dicts()))
        .mark_bar()
        .encode(
            y=y,
            x=alt.X("value:Q", title="pounds a year", axis=alt.Axis(format="~s")),
            color=alt.Color("layer:N", title=None, sort=list(LAYER_ORDER)),
            order="place:Q",
        )
    )
    ends = shown.filter(pl.col("low_pounds").is_not_null()).select("activity_name", "low_pounds", "high_pounds")
    rules = alt.Chart(alt.InlineData(values=ends.to_dicts())).mark_rule().encode(y=y, x="low_pounds:Q", x2="high_pounds:Q")
    top = shown.row(0, named=True)
    return Chart(
        title="What each activity costs, in three layers, with the interval of the sample",
        spec=spec(alt.layer(bars, rules).properties(width=WIDTH - 140, height=24 * shown.height)),
        alt=f"Stacked bars of the cost of {shown.height} activities; the largest is {top['activity_name']} "
        f"with {pounds(top['total_pounds'] * PENCE_A_POUND)}.",
        table="activities",
    )


def unit_costs(table: pl.DataFrame, *, what: str, driver: str) -> Chart:
    """The unit cost of one driver by area, dearest first, with intervals where there are any."""
    rows = table.filter(
        (pl.col("what") == what) & (pl.col("driver") == driver) & (pl.col("area") != "") & pl.col("each_pounds").is_not_null()
    )
    shown = rows.sort("each_pounds", "area", descending=[True, False]).head(MOST_BARS)
    y = alt.Y("area:N", sort=shown["area"].to_list(), title=None)
    data = alt.InlineData(values=shown.select("area", "each_pounds", "low_pounds", "high_pounds").to_dicts())
    drawn = alt.layer(
        alt.Chart(data).mark_bar().encode(y=y, x=alt.X("each_pounds:Q", title="pounds each")),
        alt.Chart(data).mark_rule().encode(y=y, x="low_pounds:Q", x2="high_pounds:Q"),
    )
    first, last = shown.row(0, named=True), shown.row(-1, named=True)
    return Chart(
        title=f"{what.capitalize()}: what each of the {driver} costs, by area",
        spec=spec(drawn.properties(width=WIDTH - 160, height=17 * shown.height)),
        alt=f"Bars of {shown.height} areas, dearest first: {first['area']} {pounds(first['each_pounds'] * PENCE_A_POUND)}, "
        f"last {last['area']} {pounds(last['each_pounds'] * PENCE_A_POUND)}.",
        table="unit_costs",
    )


def _short(line: str) -> str:
    """The name of a step, short enough for an axis."""
    start, _, rest = line.split(", for ")[0].partition(": ")
    words = {"To activities": "to activities", "Nobody sampled": "not sampled"}
    if start in words:
        return f"{SHORT_LAYERS.get(rest, rest)}, {words[start]}"
    return "Income" if line.startswith("Income") else rest or start
