"""How far do several measurements of the same people agree? The six intraclass correlations."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import special

from bestvalue.errors import SpecError

Floats = NDArray[np.float64]
Form = Literal["ICC(1,1)", "ICC(2,1)", "ICC(3,1)", "ICC(1,k)", "ICC(2,k)", "ICC(3,k)"]

MEANS: dict[Form, str] = {
    "ICC(1,1)": "one measurement, each person measured by others",
    "ICC(2,1)": "one measurement, agreement in value, judges drawn at random",
    "ICC(3,1)": "one measurement, agreement in order, these judges only",
    "ICC(1,k)": "mean of all measurements, each person measured by others",
    "ICC(2,k)": "mean of all measurements, agreement in value, judges drawn at random",
    "ICC(3,k)": "mean of all measurements, agreement in order, these judges only",
}


@dataclass(frozen=True, kw_only=True)
class Intraclass:
    """One form: `value` (no unit, at most 1) with its interval, from `people` people and `measurements` of each."""

    form: Form
    value: float
    low: float
    high: float
    people: int
    measurements: int


@dataclass(frozen=True, kw_only=True)
class _Squares:
    """Mean squares of the two-way table: between people, between measurements, error; `within` is that of the one-way table."""

    people: int
    measurements: int
    between: float
    judges: float
    error: float
    within: float


def intraclass_correlations(ratings: Floats, *, confidence: float = 0.95) -> tuple[Intraclass, ...]:
    """All six forms of Shrout and Fleiss, in their order.

    Args:
        ratings: array (n people, k measurements), n >= 2, k >= 2, no gaps.
        confidence: level of the intervals.

    Raises:
        SpecError: too few, a gap, or no variation at all.
    Source: Shrout and Fleiss (1979), Psychological Bulletin 86; interval of the second form by Satterthwaite, as there.
    Example: the table of that paper: six targets, four judges.
        >>> table = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7.0]])
        >>> [round(one.value, 2) for one in intraclass_correlations(table)]
        [0.17, 0.29, 0.71, 0.44, 0.62, 0.91]
    """
    squares = _mean_squares(ratings)
    single = (_one_way(squares, confidence), _agreement(squares, confidence), _consistency(squares, confidence))
    forms: tuple[Form, ...] = ("ICC(1,1)", "ICC(2,1)", "ICC(3,1)", "ICC(1,k)", "ICC(2,k)", "ICC(3,k)")
    k = squares.measurements
    stepped = [*single, *(tuple(_of_the_mean(value, k) for value in ends) for ends in single)]
    return tuple(
        Intraclass(form=form, value=value, low=low, high=high, people=squares.people, measurements=k)
        for form, (value, low, high) in zip(forms, stepped, strict=True)
    )


def _mean_squares(ratings: Floats) -> _Squares:
    people, measurements = ratings.shape
    if people < 2 or measurements < 2 or np.isnan(ratings).any():
        raise SpecError(
            f"{people} people with {measurements} measurements have no intraclass correlation",
            where="ratings",
            next_step="Give two people or more, each measured in full twice or more.",
        )
    grand, rows, columns = ratings.mean(), ratings.mean(axis=1), ratings.mean(axis=0)
    total = ((ratings - grand) ** 2).sum()
    between = measurements * ((rows - grand) ** 2).sum()
    judges = people * ((columns - grand) ** 2).sum()
    if total == 0:
        raise SpecError("Every measurement is the same", where="ratings", next_step="Agreement cannot be judged where nothing varies.")
    return _Squares(
        people=people,
        measurements=measurements,
        between=float(between / (people - 1)),
        judges=float(judges / (measurements - 1)),
        error=float(max(total - between - judges, 0.0) / ((people - 1) * (measurements - 1))),
        within=float((total - between) / (people * (measurements - 1))),
    )


def _one_way(squares: _Squares, confidence: float) -> tuple[float, float, float]:
    n, k = squares.people, squares.measurements
    value = (squares.between - squares.within) / (squares.between + (k - 1) * squares.within)
    return value, *_ends(squares.between, squares.within, n - 1, n * (k - 1), k, confidence)


def _consistency(squares: _Squares, confidence: float) -> tuple[float, float, float]:
    n, k = squares.people, squares.measurements
    value = (squares.between - squares.error) / (squares.between + (k - 1) * squares.error)
    return value, *_ends(squares.between, squares.error, n - 1, (n - 1) * (k - 1), k, confidence)


def _agreement(squares: _Squares, confidence: float) -> tuple[float, float, float]:
    n, k = squares.people, squares.measurements
    between, judges, error = squares.between, squares.judges, squares.error
    value = (between - error) / (between + (k - 1) * error + k * (judges - error) / n)
    if error == 0:
        return value, value, value
    ratio = judges / error
    above = (k - 1) * (n - 1) * (k * value * ratio + n * (1 + (k - 1) * value) - k * value) ** 2
    below = (n - 1) * k**2 * value**2 * ratio**2 + (n * (1 + (k - 1) * value) - k * value) ** 2
    freedom, tail = above / below, (1 - confidence) / 2
    upper, lower = special.fdtri(n - 1, freedom, 1 - tail), special.fdtri(freedom, n - 1, 1 - tail)
    spread = k * judges + (k * n - k - n) * error
    low = n * (between - upper * error) / (upper * spread + n * between)
    high = n * (lower * between - error) / (spread + n * lower * between)
    return value, float(low), float(high)


def _ends(between: float, noise: float, first: int, second: int, k: int, confidence: float) -> tuple[float, float]:
    if noise == 0:
        return 1.0, 1.0
    tail = (1 - confidence) / 2
    ratio = between / noise
    low = ratio / special.fdtri(first, second, 1 - tail)
    high = ratio * special.fdtri(second, first, 1 - tail)
    return float((low - 1) / (low + k - 1)), float((high - 1) / (high + k - 1))


def _of_the_mean(value: float, k: int) -> float:
    """Spearman and Brown: the reliability of the mean of k."""
    return k * value / (1 + (k - 1) * value)
