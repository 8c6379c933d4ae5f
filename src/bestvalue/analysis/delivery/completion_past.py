"""How good would such forecasts have been? Made again on earlier days from what was known then, and compared with what came."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bestvalue.analysis.contract import Progress
from bestvalue.analysis.delivery.completion_model import FEWEST_COMPLETED, fit_delay, history_on
from bestvalue.analysis.delivery.completion_network import draw_ends
from bestvalue.analysis.delivery.completion_plan import Days, Plans, date_of
from bestvalue.analysis.rates import wilson_interval

DAYS_LOOKED_BACK = 12
DRAWS = 1_000
BINS = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0)
FEWEST_JUDGED = 20
"""Fewer forecasts than this cannot show whether probabilities are right."""


@dataclass(frozen=True, kw_only=True)
class Past:
    """Forecasts made on earlier days, one row for each open action and day.

    Args:
        said: (k,) probability of completion by the date then agreed.
        came: (k,) whether it was so.
        days: on how many earlier days forecasts were made.
    """

    said: Days
    came: NDArray[np.bool_]
    days: int

    @property
    def enough(self) -> bool:
        """Whether there are enough to judge by."""
        return len(self.said) >= FEWEST_JUDGED

    @property
    def brier(self) -> float:
        """Mean squared distance of the probabilities from what came (0 or 1): 0 is perfect, 0.25 is a coin (Brier 1950)."""
        return float(((self.said - self.came) ** 2).mean())

    @property
    def brier_usual(self) -> float:
        """The same of always saying the share that came true, known beforehand: the best that one figure for all could do."""
        share = float(self.came.mean())
        return share * (1 - share)


def look_back(plans: Plans, *, on: float, seed: int, progress: Progress) -> Past:
    """Forecast again from up to twelve earlier days.

    A forecast is judged when the date then agreed has passed by now. Dates agreed later count for nothing: a date that was
    moved was not kept.
    """
    days = _earlier_days(plans, on)
    said, came, used = [], [], 0
    for number, day in enumerate(days):
        progress(number / max(1, len(days)), "Testing such forecasts on the past")
        then = plans.as_known_on(day)
        history = history_on(then, day)
        judged = np.flatnonzero(then.open & (then.starts <= day) & (then.agreed_end >= day) & (then.agreed_end < on))
        if history.completed < FEWEST_COMPLETED or len(judged) == 0:
            continue
        used += 1
        chance = np.random.default_rng([seed, 2, number])
        ends = draw_ends(then, fit_delay(history, chance=chance), on=day, draws=DRAWS, chance=chance)
        place = np.searchsorted(ends.open, judged)
        said.append(ends.by(then.agreed_end)[place])
        came.append((plans.complete[judged] & (plans.ended[judged] <= then.agreed_end[judged])).astype(np.float64))
    return Past(said=_joined(said), came=_joined(came).astype(bool), days=used)


def reliability(past: Past, *, confidence: float) -> pl.DataFrame:
    """What was said against what came, in bands of probability: (from, to, forecasts, said, came, low, high)."""
    band = np.clip(np.searchsorted(BINS, past.said, side="right") - 1, 0, len(BINS) - 2)
    used = np.unique(band)
    count = np.array([(band == at).sum() for at in used], dtype=np.float64)
    happened = np.array([past.came[band == at].sum() for at in used], dtype=np.float64)
    interval = wilson_interval(happened, whole=count, confidence=confidence)
    return pl.DataFrame(
        {
            "from": [BINS[at] for at in used],
            "to": [BINS[at + 1] for at in used],
            "forecasts": count.astype(np.int64),
            "said": [float(past.said[band == at].mean()) for at in used],
            "came": happened / count,
            "low": interval.low,
            "high": interval.high,
        }
    )


def kept_dates(plans: Plans, *, on: float) -> pl.DataFrame:
    """Dates agreed at approval that have passed, by year in which they fell: (year, due, kept)."""
    due = plans.original_end < on
    years = [date_of(day).year for day in plans.original_end[due]]
    kept = plans.complete[due] & (plans.ended[due] <= plans.original_end[due])
    return pl.DataFrame({"year": years, "kept": kept.astype(np.int64)}).group_by("year").agg(due=pl.len(), kept=pl.sum("kept")).sort("year")


def _earlier_days(plans: Plans, on: float) -> Days:
    completed = np.sort(plans.ended[plans.complete])
    if len(completed) <= FEWEST_COMPLETED:
        return np.array([])
    return np.linspace(completed[FEWEST_COMPLETED - 1] + 1, on - 1, num=DAYS_LOOKED_BACK + 1)[:-1]


def _joined(parts: list[Days]) -> Days:
    return np.concatenate(parts) if parts else np.array([])
