"""From what does which activity and which service live? The flow of money as ribbons, drawn from left to right."""

from collections.abc import Mapping
from dataclasses import dataclass

import altair as alt
import numpy as np
import polars as pl

from bestvalue.analysis.compete.costing_activities import NOT_SAMPLED, ActivityCosts
from bestvalue.analysis.compete.costing_layers import Layers
from bestvalue.analysis.compete.costing_ledger import DIRECT, OVERHEAD, SUPPORT
from bestvalue.analysis.contract import Chart
from bestvalue.analysis.drawing import spec
from bestvalue.analysis.pence import pounds

STAGES = ("resources to activities", "activities to services")
RESOURCES = {SUPPORT: "Business support", OVERHEAD: "Sustaining overhead"}
NOT_ALLOCATED = "not allocated"

WIDTH, HEIGHT = 620, 520
PLACES = (0.0, 0.44, 1.0)
"""Where the three columns of bars stand: more room for the second half, in which the names of activities are written."""

BAR, GAP = 0.02, 0.022
"""Width of a bar as a share of the width, and gap between bars as a share of the height."""

STEPS = 24
"""Points along a ribbon."""


def flows(costs: ActivityCosts, layers: Layers, names: pl.DataFrame) -> pl.DataFrame:
    """Money from each resource to each activity, and from each activity to its service, in whole pence.

    A resource is the direct cost under one objective, the business support, or the sustaining overhead.

    Returns:
        stage (one of `STAGES`), source, target, pence: both stages add up to the cost that was to be allocated.
    """
    words = names.select("activity_id", "activity_name", "service")
    objective = layers.direct.select("cost_centre_id", "objective")
    cells = (
        costs.cells.join(objective, on="cost_centre_id")
        .join(words, on="activity_id", how="left")
        .with_columns(
            pl.col("activity_name").fill_null(pl.col("activity_id")),
            pl.col("service").fill_null("service not said"),
            resource=pl.when(pl.col("layer") == DIRECT)
            .then("objective")
            .otherwise(pl.col("layer").replace_strict(RESOURCES, default=None, return_dtype=pl.String)),
        )
    )
    first = cells.group_by(source="resource", target="activity_name").agg(pl.col("pence").sum())
    second = cells.group_by(source="activity_name", target="service").agg(pl.col("pence").sum())
    rest = int(layers.unallocated["pence"].sum())
    if rest:
        line = pl.DataFrame({"source": [NOT_ALLOCATED], "target": [NOT_ALLOCATED], "pence": [rest]})
        first, second = pl.concat([first, line]), pl.concat([second, line])
    both = pl.concat(
        [
            table.select(pl.lit(stage).alias("stage"), "source", "target", "pence")
            for stage, table in zip(STAGES, (first, second), strict=True)
        ]
    )
    return both.filter(pl.col("pence") != 0).sort("stage", "pence", "source", "target", descending=[True, True, False, False])


@dataclass(frozen=True, kw_only=True)
class _Node:
    """One bar: its column (0, 1, 2), its name, and where it stands from top to bottom, 0 to 1."""

    column: int
    name: str
    top: float
    bottom: float
    pence: int


def chart(table: pl.DataFrame) -> Chart:
    """Ribbons from resources through activities to services, as wide as the money."""
    positive = table.filter(pl.col("pence") > 0)
    nodes = _nodes(positive)
    data = _ribbons(positive, nodes)
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[-0.42, 1.36]))
    ribbons = (
        alt.Chart(alt.InlineData(values=data))
        .mark_area(opacity=0.35)
        .encode(
            x=x,
            y=alt.Y("top:Q", axis=None, scale=alt.Scale(domain=[1, 0])),
            y2="bottom:Q",
            detail="ribbon:N",
            color=alt.Color("service:N", legend=None, sort=list(_totals(positive, STAGES[1], "target"))),
        )
    )
    bars = (
        alt.Chart(alt.InlineData(values=[_bar(node) for node in nodes.values()]))
        .mark_rect(color="#0b0c0c")
        .encode(x=x, x2="x2:Q", y="top:Q", y2="bottom:Q")
    )
    labels = [_labels(nodes, column, x, halo=halo) for column in range(3) for halo in (True, False)]
    drawn = alt.layer(ribbons, bars, *labels).properties(width=WIDTH, height=HEIGHT)
    largest = (
        positive.filter(pl.col("stage") == STAGES[1])
        .sort((pl.col("source") == NOT_SAMPLED).cast(pl.Int8), maintain_order=True)
        .row(0, named=True)
    )
    whole = int(positive.filter(pl.col("stage") == STAGES[0])["pence"].sum())
    return Chart(
        title=f"From {pounds(whole)} of resources to activities and services",
        spec=spec(drawn),
        alt=f"Flow of {pounds(whole)} from objectives, business support and overhead to activities and on to services; the widest ribbon "
        f"to a service is {largest['source']} to {largest['target']}, {pounds(largest['pence'])}. The table of flows has every ribbon.",
        table="flows",
    )


def _labels(nodes: Mapping[tuple[int, str], _Node], column: int, x: alt.X, *, halo: bool) -> alt.Chart:
    """Names and amounts beside the bars of a column; on white, so that a ribbon below does not swallow them."""
    data = alt.InlineData(values=[_label(node) for node in nodes.values() if node.column == column])
    mark = alt.MarkDef(
        type="text",
        align="right" if column == 0 else "left",
        baseline="middle",
        dx=-5 if column == 0 else 5,
        fontSize=11,
        stroke="white" if halo else alt.Undefined,
        strokeWidth=4 if halo else alt.Undefined,
        strokeJoin="round",
    )
    return alt.Chart(data, mark=mark).encode(x=x, y="middle:Q", text="label:N")


def _nodes(table: pl.DataFrame) -> Mapping[tuple[int, str], _Node]:
    columns = [
        _totals(table, STAGES[0], "source"),
        _totals(table, STAGES[0], "target"),
        _totals(table, STAGES[1], "target"),
    ]
    order = {name: place for place, name in enumerate(columns[2])}
    service = {row["source"]: row["target"] for row in table.filter(pl.col("stage") == STAGES[1]).iter_rows(named=True)}
    columns[1] = dict(sorted(columns[1].items(), key=lambda item: (order.get(service.get(item[0], ""), 99), -item[1])))
    found = {}
    for column, totals in enumerate(columns):
        room = 1 - GAP * (max(len(part) for part in columns) - 1)
        whole, gap = sum(totals.values()), GAP if len(totals) < 2 else (1 - room) / (len(totals) - 1)
        top = 0.0
        for name, pence in totals.items():
            bottom = top + room * pence / whole
            found[column, name] = _Node(column=column, name=name, top=top, bottom=bottom, pence=pence)
            top = bottom + gap
    return found


def _totals(table: pl.DataFrame, stage: str, end: str) -> dict[str, int]:
    rows = table.filter(pl.col("stage") == stage).group_by(end).agg(pl.col("pence").sum()).sort("pence", end, descending=[True, False])
    return {str(name): int(pence) for name, pence in rows.iter_rows()}


def _ribbons(table: pl.DataFrame, nodes: Mapping[tuple[int, str], _Node]) -> list[dict[str, object]]:
    points: list[dict[str, object]] = []
    leaves = {key: node.top for key, node in nodes.items()}
    arrives = dict(leaves)
    service = {row["source"]: row["target"] for row in table.filter(pl.col("stage") == STAGES[1]).iter_rows(named=True)}
    for left, stage in enumerate(STAGES):
        ends = [
            (nodes[left, row["source"]], nodes[left + 1, row["target"]], row["pence"])
            for row in table.filter(pl.col("stage") == stage).iter_rows(named=True)
        ]
        for source, target, pence in sorted(ends, key=lambda end: (end[0].top, end[1].top)):
            size = (source.bottom - source.top) * pence / source.pence
            start, end = leaves[left, source.name], arrives[left + 1, target.name]
            leaves[left, source.name] += size
            arrives[left + 1, target.name] += size
            fields = {"ribbon": f"{left} {source.name} {target.name}", "service": target.name if left else service.get(target.name, "")}
            points += [{**point, **fields} for point in _curve(left, start, end, size)]
    return points


def _curve(left: int, start: float, end: float, size: float) -> list[dict[str, float]]:
    """Points of a ribbon that leaves and arrives level."""
    along = np.linspace(0, 1, STEPS)
    smooth = along**2 * (3 - 2 * along)
    first, last = PLACES[left] + BAR / 2, PLACES[left + 1] - BAR / 2
    return [
        {
            "x": round(first + step * (last - first), 5),
            "top": round(start + bend * (end - start), 5),
            "bottom": round(start + bend * (end - start) + size, 5),
        }
        for step, bend in zip(along.tolist(), smooth.tolist(), strict=True)
    ]


def _bar(node: _Node) -> dict[str, float]:
    middle = PLACES[node.column]
    return {"x": middle - BAR / 2, "x2": middle + BAR / 2, "top": node.top, "bottom": node.bottom}


def _label(node: _Node) -> dict[str, object]:
    edge = PLACES[node.column] + (-BAR / 2 if node.column == 0 else BAR / 2)
    return {"x": edge, "middle": (node.top + node.bottom) / 2, "label": f"{node.name} {pounds(node.pence)}"}
