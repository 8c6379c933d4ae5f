"""What one indicator says about the force, in sentences that a board can read."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import polars as pl

from bestvalue.analysis.compare.explorer_charts import SAID
from bestvalue.analysis.compare.printed import amount, figure_of, position, printed
from bestvalue.analysis.compare.trend_statements import of_one
from bestvalue.analysis.contract import Figure, Statement
from bestvalue.analysis.rounding import plain

if TYPE_CHECKING:
    from bestvalue.analysis.compare.explorer import Explored, Spec

FEWEST = 10
"""Below this number of forces no tenth of them can be named."""

CAVEATS = (
    "An indicator raises a question; it does not answer why forces differ, nor which of them is right.",
    "Averages are sums over sums, without the force itself. The place of a force is no verdict where intervals overlap.",
)


def own(found: "Explored", spec: "Spec") -> Iterator[Statement]:
    """The force beside its group."""
    gap, one, name = found.gap, found.one, found.panel.name(found.panel.own or "")
    if gap is None:
        yield Statement(kind="limit", text=f"{name} or its group has no value of {one.indicator.name} for the {one.when}.")
        return
    base = f"{one.indicator.name}, {name} and {found.group.name}, {one.when}"
    value = figure_of(one.indicator, gap.quotient, name=name, base=base, low=gap.low, high=gap.high, confidence=spec.confidence)
    group = figure_of(one.indicator, gap.used, name=f"average of {found.group.name}", base=base)
    ends = "" if gap.low is None or gap.high is None else f" ({printed(one.indicator, gap.low)} to {printed(one.indicator, gap.high)})"
    yield Statement(
        text=f"{one.indicator.name}, {one.when}: {name} {printed(one.indicator, gap.quotient)}{ends}, {found.group.name} "
        f"{printed(one.indicator, gap.used)} on average. It is {position(gap.place, gap.of)}; at the group's average it would have "
        f"{amount(one.indicator, -gap.cases, fewer=gap.cases > 0)}.",
        figures=(value, group),
    )


def by_size(found: "Explored") -> Iterator[Statement]:
    """Whether its size explains where it lies."""
    if found.funnel is None:
        return
    rows = found.funnel.rows
    mine = rows.filter(pl.col("force_id") == (found.panel.own or ""))
    outside = rows.filter(pl.col("by_allowed").str.contains("outer")).height
    count = Figure(
        name="forces outside the outer limits", value=outside, unit="forces", base=f"{rows.height} forces", base_count=rows.height
    )
    where = {"within": "within the limits of"}.get(mine["by_allowed"][0], f"{mine['by_allowed'][0]} limits of") if mine.height else ""
    said = f"{found.panel.name(found.panel.own or '')} lies {where} what forces of its size differ by anyway. " if where else ""
    yield Statement(text=f"{said}{outside} of {rows.height} forces lie outside the outer limits.", figures=(count,))


def over_time(found: "Explored", spec: "Spec") -> Iterator[Statement]:
    """Where the series goes, and how many of its points are signals beside that."""
    if found.series is None:
        return
    yield of_one(found.panel, found.one.indicator.indicator_id, found.series, spec.confidence)
    flagged, points = int(found.series.flagged.sum()), len(found.series.values)
    count = Figure(name="points that a rule flags", value=flagged, unit="points", base=f"{points} periods", base_count=points)
    beside = " beside its trend" if found.series.follows_trend else ""
    yield Statement(text=f"{flagged} of {points} periods hold a signal{beside}; the rest is ordinary variation.", figures=(count,))


def denominators(found: "Explored") -> Iterator[Statement]:
    """Whether the choice of whom to divide by makes an outlier of the force, and for how long."""
    rows = found.by_period
    if rows["counted"].n_unique() < 2:
        return
    parts, figures = [], []
    for (counted,), mine in rows.sort("counted", "period_starts").group_by("counted", maintain_order=True):
        often = int(mine["stands_out"].sum())
        last = mine.row(-1, named=True)
        words = SAID[str(counted)]
        parts.append(f"over {words} in {often} of {mine.height} periods, last {position(last['place'], last['of'])}")
        figures.append(
            Figure(
                name=f"periods that stand out over {words}",
                value=often,
                unit="periods",
                base=f"{mine.height} periods",
                base_count=mine.height,
            )
        )
    if rows["of"].max() < FEWEST:  # type: ignore[operator] # there are rows
        yield Statement(
            kind="limit",
            text=f"Among fewer than {FEWEST} forces nobody stands out: compare with more of them to see what the denominator does.",
        )
        return
    shares = [figure.value / (figure.base_count or 1) for figure in figures]
    verdict = (
        " The denominator alone makes it a permanent outlier, or none."
        if max(shares) == 1 and min(shares) < 1
        else " The denominator decides it in some periods."
        if max(shares) != min(shares)
        else " The denominator does not decide it."
    )
    yield Statement(text=f"{found.panel.name(found.panel.own or '')} stands out {'; '.join(parts)}.{verdict}", figures=tuple(figures))


def limits(found: "Explored", tiles: pl.DataFrame) -> Iterator[Statement]:
    """What cannot be shown."""
    missing = found.one.rows.height - tiles.height
    if tiles.is_empty():
        yield Statement(
            kind="limit",
            text="There is no map: no layout knows these places. The table force_tiles says where the square of each stands.",
        )
    elif missing:
        yield Statement(kind="limit", text=f"{plain(missing)} of {found.one.rows.height} forces have no square on the map.")
    if found.funnel is None:
        yield Statement(kind="limit", text="There is no funnel: the indicator is an amount, or too few forces have a value.")
