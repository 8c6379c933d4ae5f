"""What the series say, in sentences that a board can read."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from bestvalue.analysis.compare.asked import long_day
from bestvalue.analysis.compare.printed import printed, value_of
from bestvalue.analysis.compare.series import Series
from bestvalue.analysis.compare.steps import Change
from bestvalue.analysis.compare.values import Panel
from bestvalue.analysis.contract import Figure, Statement
from bestvalue.analysis.rounding import percent

if TYPE_CHECKING:
    from bestvalue.analysis.compare.trend import OtherStep

CAVEATS = (
    "A signal says that something changed, not what: look for the cause before acting. Without a signal, the last value is no news.",
    "Trends and steps are of the rate; a change of recording looks like a change of what is recorded, unless it is marked in the table.",
)
NAMED_AT_MOST = 8


def overview(panel: Panel, own: Mapping[str, Series]) -> tuple[Statement, ...]:
    """How many series have a signal in their last period."""
    last = [code for code, series in own.items() if series.flagged[-1]]
    base = f"{len(own)} indicators of {panel.name(panel.own or '')}"
    figure = Figure(name="indicators whose last value is a signal", value=len(last), unit="indicators", base=base, base_count=len(own))
    if last:
        listed = "; ".join(panel.indicators[code].name for code in last[:NAMED_AT_MOST])
        text = (
            f"The last value is a signal on {len(last)} of {len(own)} indicators: {listed}. On the others it is within ordinary variation."
        )
    else:
        text = f"On none of {len(own)} indicators is the last value a signal: all are within ordinary variation of their level or trend."
    return (Statement(text=text, figures=(figure,)),)


def indicators(panel: Panel, own: Mapping[str, Series], confidence: float) -> tuple[Statement, ...]:
    """Trend, steps and last value of each series, those with steps and signals first."""

    def news(code: str) -> tuple[int, int]:
        change = own[code].change
        return (-(len(change.steps) if change else 0), -int(own[code].flagged.sum()))

    return tuple(
        of_one(panel, code, own[code], confidence) for code in sorted(own, key=lambda code: (*news(code), code))[: 2 * NAMED_AT_MOST]
    )


def of_one(panel: Panel, code: str, series: Series, confidence: float) -> Statement:
    """One series: its trend and steps with their intervals, and whether the last value is a signal beside them."""
    indicator = panel.indicators[code]
    base = f"{len(series.values)} periods from {long_day(series.starts[0])}"
    last = Figure(
        name=f"{indicator.name}, last value and natural limits",
        value=value_of(indicator, float(series.values[-1])),
        unit=indicator.unit,
        base=base,
        low=value_of(indicator, float(series.limits.low[-1])),
        high=value_of(indicator, float(series.limits.high[-1])),
        confidence=0.9973,
    )
    parts, figures = [], [last]
    if series.change is not None:
        slope, figure = _slope(indicator.name, series.change, series, base, confidence)
        parts.append(slope)
        figures.append(figure)
        for step in series.change.steps:
            size, low, high = (float(np.expm1(x)) for x in (step.size, step.low, step.high))
            parts.append(
                f"a lasting step of {_signed(size)} ({_signed(low)} to {_signed(high)}) from {long_day(series.starts[step.at])}, {_odds(step.p)}"
            )
            figures.append(
                Figure(
                    name=f"step from {series.starts[step.at]}",
                    value=size,
                    unit="share",
                    base=base,
                    low=low,
                    high=high,
                    confidence=confidence,
                )
            )
    rules = [name for name, points in series.flags.items() if points[-1]]
    of_trend = " of its trend" if series.follows_trend else ""
    ends = f"{printed(indicator, float(series.limits.low[-1]))} to {printed(indicator, float(series.limits.high[-1]))}"
    parts.append(
        f"last {printed(indicator, float(series.values[-1]))}, "
        + (f"a signal ({'; '.join(rules)}; limits{of_trend} {ends})" if rules else f"within the limits{of_trend} ({ends})")
    )
    marked = (
        f" Its definition or boundary changed from {', '.join(long_day(series.starts[at]) for at in series.breaks)}."
        if series.breaks
        else ""
    )
    return Statement(text=f"{indicator.name}: {'; '.join(parts)}.{marked}", figures=tuple(figures))


def _slope(name: str, change: Change, series: Series, base: str, confidence: float) -> tuple[str, Figure]:
    year = series.periods_a_year or 1
    value, low, high = (float(np.expm1(year * x)) for x in (change.slope, change.slope_low, change.slope_high))
    figure = Figure(name=f"trend a year, {name}", value=value, unit="share", base=base, low=low, high=high, confidence=confidence)
    if low <= 0 <= high:
        return f"no trend that can be told from chance ({_signed(low)} to {_signed(high)} a year)", figure
    return f"{'rises' if value > 0 else 'falls'} by {percent(abs(value))} a year ({_signed(low)} to {_signed(high)})", figure


def _signed(share: float) -> str:
    text = percent(share)
    if text.lstrip("-") == "0.0%":
        return "0%"
    return f"{'+' if share > 0 else ''}{text}"


def _odds(p: float) -> str:
    if p < 1e-4:
        return "as noise alone shows less than once in 10,000 times"
    return f"as noise alone shows {p:.2%} of the time"


def others(panel: Panel, found: "Sequence[OtherStep]") -> tuple[Statement, ...]:
    """The largest steps in other forces' series: whom to ask what they did."""
    if not found:
        return ()
    largest = sorted(found, key=lambda one: (-abs(one.step.size), one.force_id, one.indicator_id))[:4]
    figures = tuple(
        Figure(
            name=f"step of {panel.name(one.force_id)} on {panel.indicators[one.indicator_id].name}",
            value=float(np.expm1(one.step.size)),
            unit="share",
            base="its series",
            low=float(np.expm1(one.step.low)),
            high=float(np.expm1(one.step.high)),
            confidence=0.95,
        )
        for one in largest
    )
    listed = "; ".join(
        f"{panel.name(one.force_id)} on {panel.indicators[one.indicator_id].name} {_signed(float(np.expm1(one.step.size)))} from {one.starts:%B %Y}"
        for one in largest
    )
    return (
        Statement(
            text=f"The largest lasting steps of other forces, to ask what they did: {listed}. {len(found)} in all, in the table.",
            figures=figures,
        ),
    )


def limits_of_data(panel: Panel, own: Mapping[str, Series], short: Sequence[str]) -> tuple[Statement, ...]:
    """Series that are too short, provisional, small or with gaps."""
    said = []
    if short:
        said.append(f"No chart for {'; '.join(short[:NAMED_AT_MOST])}: fewer than 5 usable periods.")
    few = [panel.indicators[code].name for code, series in own.items() if len(series.values) < 12]
    if few:
        said.append(f"Limits from fewer than 12 points are provisional: {len(few)} of {len(own)} series.")
    small = [panel.indicators[code].name for code, series in own.items() if series.small]
    if small:
        said.append(f"Small numbers, held against exact Poisson limits: {'; '.join(small[:NAMED_AT_MOST])}.")
    gaps = [panel.indicators[code].name for code, series in own.items() if series.gaps]
    if gaps:
        said.append(f"Periods are missing inside the series of {'; '.join(gaps[:NAMED_AT_MOST])}: no season was taken out.")
    return tuple(Statement(kind="limit", text=text) for text in said)
