"""One indicator's series of one force: season taken out, limits from stretch to stretch, signals, trend and steps."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bestvalue.analysis.compare.steps import FEWEST_POINTS, Change, find_change
from bestvalue.analysis.seasonal import without_season
from bestvalue.analysis.spc import Limits, poisson_limits, signals, xmr_limits

Floats = NDArray[np.float64]
SMALL = 20
"""Below this mean count a period, exact Poisson limits stand in for moving ranges."""

FEWEST_FOR_LIMITS = 5


@dataclass(frozen=True, kw_only=True)
class Series:
    """A force's series of one indicator.

    Args:
        starts: first day of each period.
        values: quotients, season taken out where there is one.
        raw: quotients as published.
        limits: of each point.
        flags: for each rule the points that it flags.
        breaks: places of known breaks: a definition or a boundary changed there.
        change: trend and steps of the logarithm; None where there are too few points, or a zero.
        seasonal: the season was taken out.
        small: the limits are exact Poisson limits of small counts.
        periods_a_year: 12 for months, 4 for quarters, 1 for years, else 0.
        gaps: periods without a usable value between the first and the last.
        follows_trend: the limits run along the trend, so that a signal is news beside it.
    """

    starts: tuple[date, ...]
    values: Floats
    raw: Floats
    limits: Limits
    flags: Mapping[str, NDArray[np.bool_]]
    breaks: tuple[int, ...]
    change: Change | None
    seasonal: bool
    small: bool
    periods_a_year: int
    gaps: int
    follows_trend: bool

    @property
    def flagged(self) -> NDArray[np.bool_]:
        """Points that any rule flags."""
        return np.asarray(np.any(list(self.flags.values()), axis=0))


def make_series(rows: pl.DataFrame, *, sort: str, seed: int, significance: float, confidence: float) -> Series | None:
    """The series of one force and indicator; None with fewer than five points.

    Args:
        rows: period_starts, period_ends, numerator, denominator, quotient, changed; one row a period.
        sort: "rate", "proportion" or "ratio".
        seed: starts the simulation behind the steps' p-values.
        significance: the largest p that counts as a step.
        confidence: level of the intervals.
    """
    rows = rows.sort("period_starts")
    if rows.height < FEWEST_FOR_LIMITS:
        return None
    starts = tuple(rows["period_starts"])
    raw, count, exposure = (rows[name].to_numpy().astype(float) for name in ("quotient", "numerator", "denominator"))
    per_year, gaps = rhythm(starts)
    values, seasonal = raw, False
    if per_year in (4, 12) and gaps == 0:
        places = np.array([(day.month - 1) * per_year // 12 for day in starts])
        found = without_season(raw, places=places, period=per_year)
        values, seasonal = found.adjusted, bool(np.any(found.factors != 1))
    breaks = tuple(int(place) for place in np.flatnonzero(rows["changed"].to_numpy()) if place > 0)
    change = None
    if len(values) >= FEWEST_POINTS and (values > 0).all():
        change = find_change(np.log(values), known=breaks, seed=seed, significance=significance, confidence=confidence)
    small = sort == "rate" and float(count.mean()) < SMALL
    stretches = sorted({0, *breaks, *(step.at for step in change.steps)} if change else {0, *breaks})
    follows_trend = change is not None and change.trending and not small
    if change is not None and follows_trend:
        limits, flags = _along_trend(values, change, stretches)
    else:
        limits = _limits(values, count, exposure, stretches, small=small)
        flags = _signals(values, limits, stretches)
    return Series(
        starts=starts,
        values=values,
        raw=raw,
        limits=limits,
        flags=flags,
        breaks=breaks,
        change=change,
        seasonal=seasonal,
        small=small,
        periods_a_year=per_year,
        gaps=gaps,
        follows_trend=follows_trend,
    )


def rhythm(starts: tuple[date, ...]) -> tuple[int, int]:
    """Periods a year (12, 4, 2, 1; 0 where they are uneven) and how many are missing inside."""
    months = np.array([day.year * 12 + day.month for day in starts])
    steps = np.diff(months)
    if not len(steps) or steps.min() < 1:
        return 0, 0
    shortest = int(steps.min())
    if 12 % shortest or (steps % shortest).any():
        return 0, 0
    return 12 // shortest, int((steps // shortest - 1).sum())


def _limits(values: Floats, count: Floats, exposure: Floats, stretches: list[int], *, small: bool) -> Limits:
    """Limits of each stretch between breaks; one too short for limits of its own takes those of the stretch before."""
    edges = [*stretches, len(values)]
    parts: list[tuple[int, int, Limits]] = []
    for start, end in pairwise(edges):
        if small:
            parts.append((start, end, poisson_limits(count[start:end], exposure[start:end])))
        elif end - start >= 2:
            parts.append((start, end, xmr_limits(values[start:end])))
        else:
            whole = xmr_limits(values)
            part = slice(start, end)
            parts.append((start, end, Limits(centre=values[part], low=whole.low[part], high=whole.high[part], sigma=whole.sigma[part])))
    return Limits(
        **{name: np.concatenate([getattr(limits, name) for _, _, limits in parts]) for name in ("centre", "low", "high", "sigma")}
    )


def _along_trend(values: Floats, change: Change, stretches: list[int]) -> tuple[Limits, dict[str, NDArray[np.bool_]]]:
    """Limits about the fitted trend: the moving ranges are of what is left beside it, on the logarithm."""
    left = np.log(values) - change.fitted
    beside = xmr_limits(left, floor=None)
    limits = Limits(
        centre=np.exp(change.fitted),
        low=np.exp(change.fitted + beside.low),
        high=np.exp(change.fitted + beside.high),
        sigma=np.exp(change.fitted) * beside.sigma,
    )
    return limits, _signals(left, beside, stretches)


def _signals(values: Floats, limits: Limits, stretches: list[int]) -> dict[str, NDArray[np.bool_]]:
    """Rules held within each stretch: a run does not reach over a break."""
    edges = [*stretches, len(values)]
    found: dict[str, list[NDArray[np.bool_]]] = {}
    for start, end in pairwise(edges):
        part = slice(start, end)
        inside = Limits(centre=limits.centre[part], low=limits.low[part], high=limits.high[part], sigma=limits.sigma[part])
        for name, flags in signals(values[part], inside).items():
            found.setdefault(name, []).append(flags)
    return {name: np.concatenate(parts) for name, parts in found.items()}
