"""How far is a force from its group? Weighted averages with and without it, the difference in cases or pounds, and who stands out."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy import special

from bestvalue.analysis.compare.asked import Slice
from bestvalue.analysis.rates import chance_variance, quotient_interval


@dataclass(frozen=True, kw_only=True)
class Gap:
    """One force against its group on one indicator; quotients unmultiplied.

    Args:
        quotient, low, high: the force's own; the interval None for an amount over an amount.
        with_own, without_own: the group's weighted average, sum over sum, with the force in it and without.
        used: whichever of the two the gap is taken from.
        cases: (quotient - used) x the force's denominator: in what the numerator counts; positive means more than the group.
        cases_low, cases_high: its interval by chance; None for an amount.
        place, of: rank from the lowest quotient, among the force and the group.
        stands_out: by the outlier rule.
        members: forces of the group with a value.
    """

    quotient: float
    low: float | None
    high: float | None
    with_own: float
    without_own: float
    used: float
    cases: float
    cases_low: float | None
    cases_high: float | None
    place: int
    of: int
    stands_out: bool
    members: int


def gap_of(one: Slice, force: str, group: Sequence[str], *, include_own: bool, outlier_share: float, confidence: float) -> Gap | None:
    """The gap of one force; None where it or its whole group has no usable value.

    Args:
        one: the indicator in one period.
        force: the force's code.
        group: codes of the group; the force itself is not counted twice when it is among them.
        include_own: take the gap from the average that the force is part of.
        outlier_share: the highest and the lowest share of forces that can stand out, 0 to 0.5.
        confidence: level of the intervals.
    """
    own = one.rows.filter(pl.col("force_id") == force)
    others = one.rows.filter(pl.col("force_id").is_in([code for code in group if code != force]))
    if own.is_empty() or others.is_empty():
        return None
    n, d = float(own["numerator"][0]), float(own["denominator"][0])
    group_n, group_d = float(others["numerator"].sum()), float(others["denominator"].sum())
    without, with_own = group_n / group_d, (group_n + n) / (group_d + d)
    used = with_own if include_own else without
    interval = quotient_interval(np.array([n]), np.array([d]), sort=one.indicator.sort, confidence=confidence)
    half = _half_width(one.indicator.sort, n, d, group_n, group_d, include_own=include_own, confidence=confidence)
    cases = (n / d - used) * d
    ranked = np.append(others["quotient"].to_numpy(), n / d)
    return Gap(
        quotient=n / d,
        low=None if interval is None else float(interval.low[0]),
        high=None if interval is None else float(interval.high[0]),
        with_own=with_own,
        without_own=without,
        used=used,
        cases=cases,
        cases_low=None if half is None else cases - half,
        cases_high=None if half is None else cases + half,
        place=int(1 + np.sum(ranked[:-1] < n / d)),
        of=len(ranked),
        stands_out=stands_out(ranked, n / d, used, least_gap=one.indicator.outlier_gap / one.indicator.multiplier, share=outlier_share),
        members=others.height,
    )


def stands_out(quotients: np.ndarray, own: float, average: float, *, least_gap: float, share: float) -> bool:
    """The outlier rule of value-for-money profiles: among the highest or lowest share of forces, and far enough from the average.

    Args:
        quotients: of every force compared, the own among them.
        own: the own quotient.
        average: the group's.
        least_gap: how far from the average it must be, in the unit of the quotients.
        share: 0.1 for the highest and the lowest tenth; with fewer than ten forces nobody stands out then.
    """
    at_end = int(np.floor(len(quotients) * share + 1e-9))
    higher, lower = int(np.sum(quotients > own)), int(np.sum(quotients < own))
    return (higher < at_end or lower < at_end) and abs(own - average) > least_gap


def _half_width(sort: str, n: float, d: float, group_n: float, group_d: float, *, include_own: bool, confidence: float) -> float | None:
    """Half the width of the interval of the difference in cases, own and group both varying by chance."""
    own, rest = (chance_variance(np.array([count]), np.array([base]), sort=sort) for count, base in ((n, d), (group_n, group_d)))
    if own is None or rest is None:
        return None
    # The difference is a weighted sum of two independent counts; with the own force in the average it is the same sum, shrunk.
    shrink = group_d / (group_d + d) if include_own else 1.0
    variance = own[0] + (d / group_d) ** 2 * rest[0]
    return float(shrink * special.ndtri(0.5 + confidence / 2) * np.sqrt(variance))
