"""What the funnels say, in sentences that a board can read."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import polars as pl

from bestvalue.analysis.compare.asked import Slice
from bestvalue.analysis.compare.printed import figure_of, printed, verdict
from bestvalue.analysis.compare.values import Panel
from bestvalue.analysis.contract import Figure, Statement
from bestvalue.analysis.rounding import percent, plain

if TYPE_CHECKING:
    from bestvalue.analysis.compare.funnel import Funnel, Spec

CAVEATS = (
    "Outside a limit means: ask why. It does not say that the force is good or bad, nor what the reason is.",
    "Of 43 forces that differ by chance alone, two lie outside 95% limits on any indicator.",
    "Most large forces lie outside the limits of chance alone, because forces differ; overdispersion allows for that.",
)
NAMED_AT_MOST = 5
TIMES_FROM = 3
"""From three times the target on, "times" is plainer than per cent."""


def overview(drawn: "Mapping[str, Funnel]", settings: "Spec") -> tuple[Statement, ...]:
    """How many funnels, and how far the own force is outside."""
    most = max(drawn.values(), key=lambda funnel: funnel.spread.phi)
    outside = {
        kind: sum(funnel.rows.filter(pl.col(f"by_{kind}").str.contains("outer")).height for funnel in drawn.values())
        for kind in ("chance", "allowed")
    }
    total = sum(funnel.rows.height for funnel in drawn.values())
    base = f"{total} values of {len(drawn)} indicators"
    figures = (
        Figure(name="values outside the outer limits of chance alone", value=outside["chance"], unit="values", base=base, base_count=total),
        Figure(
            name="values outside the outer limits with overdispersion", value=outside["allowed"], unit="values", base=base, base_count=total
        ),
        Figure(
            name=f"overdispersion phi, {most.one.indicator.name}",
            value=most.spread.phi,
            unit="times the variance of chance",
            base=f"{most.spread.forces} forces",
        ),
    )
    allowed = f", {outside['allowed']} once it is allowed that forces differ ({settings.overdispersion} model)"
    text = (
        f"{outside['chance']} of {total} values lie outside the {settings.outer:.1%} limits of chance alone"
        f"{'' if settings.overdispersion == 'none' else allowed}. "
        f"Forces differ most beyond chance on {most.one.indicator.name}: their variance is {plain(most.spread.phi)} times that of chance."
    )
    return (Statement(text=text, figures=figures),)


def own(panel: Panel, drawn: "Mapping[str, Funnel]", settings: "Spec") -> tuple[Statement, ...]:
    """Where the own force lies, indicators on which it is outside first."""
    said = []
    for funnel in drawn.values():
        rows = funnel.rows.filter(pl.col("force_id") == (panel.own or ""))
        if rows.height:
            row = rows.row(0, named=True)
            said.append((row["by_allowed"] == "within", -abs(row["z"]), _own(panel, funnel, row, settings)))
    said.sort(key=lambda entry: entry[:2])
    outside = [statement for within, _, statement in said if not within]
    if said and not outside:
        figure = Figure(
            name="indicators outside the inner limits", value=0, unit="indicators", base=f"{len(said)} indicators", base_count=len(said)
        )
        first = f"{panel.name(panel.own or '')} is within the limits on all {len(said)} indicators."
        return (Statement(text=first, figures=(figure,)),)
    return tuple(outside)


def _own(panel: Panel, funnel: "Funnel", row: dict[str, float], settings: "Spec") -> Statement:
    indicator = funnel.one.indicator
    base = f"{plain(row['numerator'])} {indicator.numerator} over {plain(row['denominator'])} {indicator.denominator}, {funnel.one.when}"
    ring = "outer" if "outer" in str(row["by_allowed"]) else "inner"
    low, high = row[f"allowed_{ring}_low"], row[f"allowed_{ring}_high"]
    level = settings.outer if ring == "outer" else settings.inner
    value = figure_of(indicator, row["quotient"], name=f"{indicator.name}, {panel.name(panel.own or '')}", base=base)
    expected = figure_of(
        indicator,
        funnel.target,
        name=f"target and its {level:.1%} limits",
        base=f"{funnel.spread.forces} forces",
        low=low,
        high=high,
        confidence=level,
    )
    more = row["quotient"] > funnel.target
    side = verdict(indicator, more=more)
    text = (
        f"{indicator.name}: {panel.name(panel.own or '')} lies {'above' if more else 'below'} the {ring} limits, with "
        f"{printed(indicator, row['quotient'])} against {printed(indicator, low)} to {printed(indicator, high)} for a force of its size "
        f"(target {printed(indicator, funnel.target)}, {level:.1%} limits, {funnel.one.when}){f': the {side} side' if side else ''}."
    )
    return Statement(text=text, figures=(value, expected))


def others(panel: Panel, drawn: "Mapping[str, Funnel]") -> tuple[Statement, ...]:
    """Which other forces are outside the outer limits, the farthest first."""
    entries: list[tuple[float, Funnel, dict[str, Any]]] = []
    for funnel in drawn.values():
        out = funnel.rows.filter(pl.col("by_allowed").str.contains("outer") & (pl.col("force_id") != (panel.own or "")))
        entries.extend((-abs(row["quotient"] / funnel.target - 1), funnel, row) for row in out.iter_rows(named=True))
    if not entries:
        return ()
    entries.sort(key=lambda entry: (entry[0], entry[2]["force_id"]))
    figures = tuple(
        figure_of(
            funnel.one.indicator,
            row["quotient"],
            name=f"{funnel.one.indicator.name}, {panel.name(row['force_id'])}",
            base=f"{funnel.spread.forces} forces",
        )
        for _, funnel, row in entries[:NAMED_AT_MOST]
    )
    listed = "; ".join(
        f"{panel.name(row['force_id'])} on {funnel.one.indicator.name} ({_against(row['quotient'] / funnel.target)})"
        for _, funnel, row in entries[:NAMED_AT_MOST]
    )
    more = f" and {len(entries) - NAMED_AT_MOST} more in the table" if len(entries) > NAMED_AT_MOST else ""
    return (Statement(text=f"Other forces outside the outer limits: {listed}{more}.", figures=figures),)


def _against(ratio: float) -> str:
    """How far from the target, as words: per cent, or times where that reads better."""
    if ratio >= TIMES_FROM:
        return f"{plain(ratio)} times the target"
    return f"{'+' if ratio > 1 else ''}{percent(ratio - 1)} against the target"


def left_out(found: Mapping[str, Slice], drawn: "Mapping[str, Funnel]") -> tuple[Statement, ...]:
    """Indicators without a funnel."""
    names = [one.indicator.name for code, one in found.items() if code not in drawn]
    if not names:
        return ()
    return (
        Statement(
            kind="limit",
            text=f"No funnel for {'; '.join(names[:NAMED_AT_MOST])}{' and others' if len(names) > NAMED_AT_MOST else ''}: they are amounts, "
            "which do not vary as counts do, or too few forces have a value.",
        ),
    )
