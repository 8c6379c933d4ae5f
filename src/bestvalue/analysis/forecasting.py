"""What will a monthly series do next, and how far off would such a forecast have been?

Candidates from statsmodels compete on the past: each forecasts from many earlier months (rolling origin) and is scored on what then came.
The best is refitted on the whole series, and its intervals come from the errors that it made in the back-test.
All work is on the logarithm of the daily rate: a month's length is no news, and seasons and trends multiply.
"""

import math
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import optimize, stats
from statsmodels.tools.sm_exceptions import ModelWarning
from statsmodels.tsa.exponential_smoothing.ets import ETSModel
from statsmodels.tsa.forecasting.theta import ThetaModel

from bestvalue.analysis.contract import Progress
from bestvalue.errors import SpecError

Floats = NDArray[np.float64]

SEASON = 12
LEVELS = (0.80, 0.95)
MONTHS_FOR_SEASON = 24
"""Two of each calendar month: with fewer, season and trend cannot be told apart."""
MONTHS_TO_TEST = 6
"""A back-test that sees fewer months after its first origin judges nothing."""
MONTHS_FOR_FORECAST = 2 * MONTHS_TO_TEST
MOST_ORIGINS = 12
"""Enough back-test forecasts to judge a model; more cost time and overlap."""


@dataclass(frozen=True, kw_only=True)
class Score:
    """How one candidate did in the back-test.

    Args:
        model: its name.
        mase: mean absolute error, all months ahead together, over that of repeating the last year (month) one step ahead.
        wape: sum of absolute errors over the sum of what came (share).
        against_repeating: that over the same of the simplest candidate, which repeats the last year or month: below 1 is better.
        months: how many forecast months were judged.
    """

    model: str
    mase: float
    wape: float
    against_repeating: float
    months: int


@dataclass(frozen=True, kw_only=True)
class Miss:
    """One forecast month of the back-test of the chosen model, in counts a month; `low` and `high` at the wider level."""

    origin: int
    ahead: int
    forecast: float
    came: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """The chosen model's forecast and the evidence for trusting it.

    Args:
        model: the chosen candidate.
        mean: median forecast, one a month ahead.
        low, high: limits by level.
        scores: every candidate's back-test, best first.
        misses: the chosen model's back-test, month by month.
        covered: share of back-test months inside intervals made without their own origin, by level.
        origins: from how many earlier months the back-test forecast.
        tested_ahead: months ahead up to which the back-test could look; beyond, the intervals are extrapolated.
        seasonal: whether season was estimated.
    """

    model: str
    mean: Floats
    low: dict[float, Floats]
    high: dict[float, Floats]
    scores: tuple[Score, ...]
    misses: tuple[Miss, ...]
    covered: dict[float, float]
    origins: int
    tested_ahead: int
    seasonal: bool


def forecast_months(counts: Floats, days: Floats, *, days_ahead: Floats, progress: Progress) -> Forecast:
    """Forecast a monthly count.

    Args:
        counts: what was counted, (n,), n >= 12, above zero, whole months in order without gaps.
        days: days in each of those months, (n,).
        days_ahead: days in each month to forecast, (h,), h >= 1.
        progress: told how far it is.

    Returns:
        Forecast: in counts a month; intervals at 80% and 95%.

    Raises:
        SpecError: fewer than 12 months, or a month without any.
    """
    if len(counts) < MONTHS_FOR_FORECAST or (counts <= 0).any():
        raise SpecError(
            f"A forecast needs {MONTHS_FOR_FORECAST} whole months with incidents in each (found {int((counts > 0).sum())})",
            next_step="Load a longer period, or widen the filter.",
        )
    logs = np.log(counts / days)
    seasonal = len(logs) >= MONTHS_FOR_SEASON + MONTHS_TO_TEST
    candidates = _SEASONAL if seasonal else _PLAIN
    tested = _back_test(logs, candidates, ahead=min(len(days_ahead), len(logs) // 2), seasonal=seasonal, progress=progress)
    simplest = next(iter(tested.values()))
    scores = sorted(
        (_score(name, trial, simplest, counts, days, lag=SEASON if seasonal else 1) for name, trial in tested.items()),
        key=lambda score: score.wape,
    )
    best = scores[0].model
    progress(0.95, f"Forecasting with {best}")
    path, trial = candidates[best](logs, len(days_ahead)), tested[best]
    limits = {level: _limits(trial, np.arange(1, len(days_ahead) + 1), level) for level in LEVELS}
    return Forecast(
        model=best,
        mean=np.exp(path) * days_ahead,
        low={level: np.exp(path - limit) * days_ahead for level, limit in limits.items()},
        high={level: np.exp(path + limit) * days_ahead for level, limit in limits.items()},
        scores=tuple(scores),
        misses=_misses(trial, days),
        covered={level: _coverage(trial, level) for level in LEVELS},
        origins=len(np.unique(trial.origin)),
        tested_ahead=int(trial.ahead.max()),
        seasonal=seasonal,
    )


Candidate = Callable[[Floats, int], Floats]
"""From the log rates so far and how many months ahead, the forecast of the log rates."""


def _last_value(logs: Floats, ahead: int) -> Floats:
    """The last month for ever."""
    return np.full(ahead, logs[-1])


def _last_year_again(logs: Floats, ahead: int) -> Floats:
    """Seasonal naive: the last twelve months again."""
    return logs[len(logs) - SEASON + np.arange(ahead) % SEASON]


def _smoothed(logs: Floats, ahead: int, *, trend: bool, seasonal: bool) -> Floats:
    """Exponential smoothing in state space form (Hyndman et al. 2008), additive on the log scale, any trend damped."""
    with _unfinished_fits_allowed():
        model = ETSModel(
            pd.Series(logs),  # its predictions want an index
            error="add",
            trend="add" if trend else None,
            damped_trend=trend,
            seasonal="add" if seasonal else None,
            seasonal_periods=SEASON if seasonal else None,
        )
        return np.asarray(model.fit(disp=False, maxiter=200).forecast(ahead), dtype=float)


def _theta(logs: Floats, ahead: int) -> Floats:
    """The theta method (Assimakopoulos & Nikolopoulos 2000) on the seasonally adjusted series."""
    with _unfinished_fits_allowed():
        fitted = ThetaModel(pd.Series(logs), period=SEASON, deseasonalize=True, use_test=False, method="additive").fit(disp=False)
        return np.asarray(fitted.forecast(ahead), dtype=float)


@contextmanager
def _unfinished_fits_allowed() -> Iterator[None]:
    """A fit that stops early is judged by its back-test like any other: the warning would tell the reader nothing more."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ModelWarning)
        warnings.simplefilter("ignore", RuntimeWarning)
        yield


_PLAIN: Mapping[str, Candidate] = {
    "last value": _last_value,
    "level smoothing": partial(_smoothed, trend=False, seasonal=False),
    "damped trend": partial(_smoothed, trend=True, seasonal=False),
}
_SEASONAL: Mapping[str, Candidate] = {
    "last year again": _last_year_again,
    "seasonal level": partial(_smoothed, trend=False, seasonal=True),
    "seasonal damped trend": partial(_smoothed, trend=True, seasonal=True),
    "theta": _theta,
}


@dataclass(frozen=True, kw_only=True)
class _Trial:
    """A candidate's forecasts of the past: one entry for each origin and month ahead."""

    origin: NDArray[np.int64]
    ahead: NDArray[np.int64]
    said: Floats
    came: Floats

    @property
    def error(self) -> Floats:
        return self.came - self.said


def _back_test(logs: Floats, candidates: Mapping[str, Candidate], *, ahead: int, seasonal: bool, progress: Progress) -> dict[str, _Trial]:
    """Forecast from many earlier months and compare with what came; every candidate from the same months."""
    shortest = MONTHS_FOR_SEASON if seasonal else MONTHS_TO_TEST
    origins = np.unique(np.linspace(shortest, len(logs) - 1, num=min(MOST_ORIGINS, len(logs) - shortest)).round().astype(np.int64))
    months = [(origin, step) for origin in origins for step in range(1, min(ahead, len(logs) - origin) + 1)]
    origin, step = (np.array(column, dtype=np.int64) for column in zip(*months, strict=True))
    trials = {}
    for number, (name, candidate) in enumerate(candidates.items()):
        paths = []
        for place, first in enumerate(origins):
            progress(0.9 * (number + place / len(origins)) / len(candidates), f"Testing a forecast on the past: {name}")
            paths.append(candidate(logs[:first], min(ahead, len(logs) - first)))
        trials[name] = _Trial(origin=origin, ahead=step, said=np.concatenate(paths), came=logs[origin + step - 1])
    return trials


def _score(name: str, trial: _Trial, simplest: _Trial, counts: Floats, days: Floats, *, lag: int) -> Score:
    scale = days[trial.origin + trial.ahead - 1]
    came, missed = np.exp(trial.came) * scale, np.abs(np.exp(trial.came) - np.exp(trial.said)) * scale
    # Scaled by the whole series: scaling each origin by its own training data would divide by next to nothing early on.
    naive = float(np.mean(np.abs(counts[lag:] - counts[:-lag])))
    return Score(
        model=name,
        mase=_ratio(missed.mean(), naive),
        wape=float(missed.sum() / came.sum()),
        against_repeating=_ratio(missed.sum(), (np.abs(np.exp(simplest.came) - np.exp(simplest.said)) * scale).sum()),
        months=len(came),
    )


def _ratio(error: float, other: float) -> float:
    """One error over another; 1 when both are nothing, as for a series that never changes."""
    if other == 0:
        return 1.0 if error == 0 else math.inf
    return float(error / other)


def _limits(trial: _Trial, ahead: NDArray[np.int64], level: float) -> Floats:
    """Half-widths of intervals on the log scale, from the back-test's own errors.

    The mean squared error is a constant plus a part that grows with the months ahead (neither below zero); the whole is widened by as
    much as the errors then still stick out, as in split conformal prediction. Further ahead than the back-test could look, the
    variance is taken to grow in proportion to the months ahead, as that of a random walk does. A model's own intervals take the
    model for true, and are too narrow.
    """
    squares = trial.error**2
    parts, _ = optimize.nnls(np.column_stack([np.ones(len(squares)), trial.ahead]), squares)
    usual = np.sqrt(np.maximum(parts[0] + parts[1] * trial.ahead, np.finfo(float).tiny))
    strain = np.sort(np.abs(trial.error) / usual)
    rank = min(len(strain) - 1, int(np.ceil(level * (len(strain) + 1))) - 1)
    factor = max(float(strain[rank]), float(stats.norm.ppf((1 + level) / 2)))
    untested = np.maximum(1.0, ahead / trial.ahead.max())
    widths: Floats = factor * np.sqrt((parts[0] + parts[1] * ahead) * untested)
    return widths


def _coverage(trial: _Trial, level: float) -> float:
    """Share of back-test months inside the interval that the *other* origins' errors make: its own would flatter it."""
    inside = []
    for origin in np.unique(trial.origin):
        own = trial.origin == origin
        if own.all():
            return float("nan")
        others = _Trial(origin=trial.origin[~own], ahead=trial.ahead[~own], said=trial.said[~own], came=trial.came[~own])
        inside.append(np.abs(trial.error[own]) <= _limits(others, trial.ahead[own], level))
    return float(np.concatenate(inside).mean())


def _misses(trial: _Trial, days: Floats) -> tuple[Miss, ...]:
    limit = _limits(trial, trial.ahead, max(LEVELS))
    scale = days[trial.origin + trial.ahead - 1]
    columns = (
        np.exp(trial.said) * scale,
        np.exp(trial.came) * scale,
        np.exp(trial.said - limit) * scale,
        np.exp(trial.said + limit) * scale,
    )
    return tuple(
        Miss(origin=int(origin), ahead=int(ahead), forecast=float(forecast), came=float(came), low=float(low), high=float(high))
        for origin, ahead, forecast, came, low, high in zip(trial.origin, trial.ahead, *columns, strict=True)
    )
