"""What stands out in a profile, in sentences that a board can read."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from bestvalue.analysis.compare.asked import Group, Slice, long_day
from bestvalue.analysis.compare.printed import amount, figure_of, ordinal, position, printed, verdict
from bestvalue.analysis.compare.values import Panel
from bestvalue.analysis.contract import Figure, Statement
from bestvalue.analysis.rounding import percent

if TYPE_CHECKING:
    from bestvalue.analysis.compare.profile import Line

CAVEATS = (
    "A profile raises questions. It does not know what a force is asked to do, nor why it differs.",
    "Averages are sums over sums, without the force itself; money is at cash prices and without an area cost adjustment.",
)
NAMED_AT_MOST = 6
FEW = 10
"""Below this many forces nobody is among the highest or lowest tenth."""

LEAST_GAP_OF_FEW = 0.1
OPENING = {
    "spending": "Spending",
    "workforce": "Workforce",
    "demand": "Demand",
    "results": "Results",
    "": "Other indicators",
}


def stands_out(panel: Panel, group: Group, lines: "Sequence[Line]") -> tuple[Statement, ...]:
    """What stands out: outside the limits of how forces differ, or at the end of the table beyond chance."""
    own = panel.name(panel.own or "")
    out = [line for line in lines if _stands_out(line)]
    base = f"{len(lines)} indicators, {own} and {group.name}"
    count = Figure(name="indicators that stand out", value=len(out), unit="indicators", base=base, base_count=len(lines))
    if not out:
        return (
            Statement(
                text=f"Nothing stands out: on all {len(lines)} indicators {own} is within what is usual beside {group.name}.",
                figures=(count,),
            ),
        )
    good = [line for line in out if _side(line) == "better"]
    bad = [line for line in out if _side(line) == "worse"]
    rest = [line for line in out if not _side(line)]
    parts = [
        f"{words}: {'; '.join(_how(line) for line in found[:NAMED_AT_MOST])}"
        for words, found in (("for the better", good), ("for the worse", bad), ("without a good or bad side", rest))
        if found
    ]
    text = f"{own} stands out from {group.name} on {len(out)} of {len(lines)} indicators. {'. '.join(part[0].upper() + part[1:] for part in parts)}."
    return (Statement(text=text, figures=(count,)),)


def _stands_out(line: "Line") -> bool:
    beyond = line.where not in ("", "within")
    fifth = line.gap.of / 5
    at_end = (
        line.place_low is not None and line.place_high is not None and (line.place_high <= fifth or line.place_low > line.gap.of - fifth)
    )
    return beyond or at_end or (line.place_low is None and line.gap.stands_out) or _first_of_few(line)


def _first_of_few(line: "Line") -> bool:
    """In a group too small for a tenth: the highest or lowest of all, by a tenth of the average and more than chance."""
    gap = line.gap
    if gap.of >= FEW or not gap.without_own:
        return False
    sure = gap.cases_low is None or gap.cases_high is None or not gap.cases_low <= 0 <= gap.cases_high
    return gap.place in (1, gap.of) and abs(gap.quotient / gap.without_own - 1) >= LEAST_GAP_OF_FEW and sure


def _side(line: "Line") -> str:
    return verdict(line.one.indicator, more=line.gap.quotient > line.gap.without_own)


def _how(line: "Line") -> str:
    gap = line.gap
    share = gap.quotient / gap.without_own - 1 if gap.without_own else None
    apart = "" if share is None else f"{'+' if share > 0 else ''}{percent(share)}, "
    return f"{line.one.indicator.name} ({apart}{position(gap.place, gap.of)})"


def themes(panel: Panel, lines: "Sequence[Line]", confidence: float) -> tuple[Statement, ...]:
    """A sentence for each theme: every indicator against the group, the largest difference in cases or pounds."""
    said = []
    for theme in dict.fromkeys(line.one.indicator.theme for line in lines):
        of_theme = [line for line in lines if line.one.indicator.theme == theme and line.gap.without_own > 0]
        of_theme.sort(key=lambda line: -abs(line.gap.quotient / line.gap.without_own - 1))
        if of_theme:
            said.append(_theme(panel, OPENING[theme], of_theme, confidence))
    return tuple(said)


def _theme(panel: Panel, opening: str, lines: "Sequence[Line]", confidence: float) -> Statement:
    shown = lines[:NAMED_AT_MOST]
    figures = tuple(
        figure_of(
            line.one.indicator,
            line.gap.quotient,
            name=f"{line.one.indicator.name}, {panel.name(panel.own or '')}",
            base=f"{line.gap.members} forces and the own, {line.one.when}",
            low=line.gap.low,
            high=line.gap.high,
            confidence=confidence,
        )
        for line in shown
    )
    listed = "; ".join(
        f"{line.one.indicator.name} {printed(line.one.indicator, line.gap.quotient)} (group {printed(line.one.indicator, line.gap.without_own)}"
        f"{_places(line)})"
        for line in shown
    )
    first = lines[0]
    more = first.gap.quotient > first.gap.without_own
    text = (
        f"{opening}: {listed}. The largest difference is on {first.one.indicator.name}: at the group's rate it would be "
        f"{amount(first.one.indicator, first.gap.cases, fewer=more)}."
    )
    return Statement(text=text, figures=figures)


def _places(line: "Line") -> str:
    if line.place_low is None or line.place_high is None or line.place_low == line.place_high:
        return f"; {position(line.gap.place, line.gap.of)}"
    return f"; between {ordinal(line.place_low)} and {ordinal(line.place_high)} from the lowest of {line.gap.of}"


def changes(panel: Panel, lines: "Sequence[Line]", confidence: float) -> tuple[Statement, ...]:
    """Lasting steps, and the fastest trends."""
    steps, trends = [], []
    for line in lines:
        if line.series is None or line.series.change is None:
            continue
        change, year = line.series.change, line.series.periods_a_year or 1
        base = f"{len(line.series.values)} periods"
        for step in change.steps:
            size, low, high = (float(np.expm1(x)) for x in (step.size, step.low, step.high))
            figure = Figure(
                name=f"step, {line.one.indicator.name}", value=size, unit="share", base=base, low=low, high=high, confidence=confidence
            )
            day = long_day(line.series.starts[step.at])
            steps.append((f"{line.one.indicator.name} {'+' if size > 0 else ''}{percent(size)} from {day}", figure))
        if change.trending:
            slope, low, high = (float(np.expm1(year * x)) for x in (change.slope, change.slope_low, change.slope_high))
            figure = Figure(
                name=f"trend a year, {line.one.indicator.name}",
                value=slope,
                unit="share",
                base=base,
                low=low,
                high=high,
                confidence=confidence,
            )
            trends.append((f"{line.one.indicator.name} {'+' if slope > 0 else ''}{percent(slope)}", figure))
    trends.sort(key=lambda pair: -abs(pair[1].value))
    said = []
    own = panel.name(panel.own or "")
    if steps:
        said.append(
            Statement(text=f"Lasting steps of {own}: {'; '.join(text for text, _ in steps)}.", figures=tuple(figure for _, figure in steps))
        )
    if trends:
        shown = trends[:NAMED_AT_MOST]
        said.append(
            Statement(text=f"Fastest trends a year: {'; '.join(text for text, _ in shown)}.", figures=tuple(figure for _, figure in shown))
        )
    return tuple(said)


def limits_of_data(panel: Panel, found: Mapping[str, Slice], lines: "Sequence[Line]") -> tuple[Statement, ...]:
    """What is missing from the profile."""
    said = []
    missing = len(found) - len(lines)
    if missing:
        said.append(f"{missing} of {len(found)} indicators have no usable value of {panel.name(panel.own or '')} or of its group.")
    if panel.kept_out.height:
        total = panel.kept_out.height + panel.values.height
        said.append(
            f"{panel.kept_out.height:,} of {total:,} values are kept out of the arithmetic; compare.indicators lists them with the reason."
        )
    themes_there = {line.one.indicator.theme for line in lines}
    absent = [OPENING[theme].lower() for theme in ("spending", "workforce", "demand", "results") if theme not in themes_there]
    if len(absent) == 4:
        said.append("The indicators have no theme: describe them in the table indicators to part spending, workforce, demand and results.")
    elif absent:
        said.append(f"No indicator says anything about {', '.join(absent)}: a profile without it does not show value for money.")
    return tuple(Statement(kind="limit", text=text) for text in said)
