"""Within what time were nine in ten reached? Percentiles from the histograms of a run, with those that nobody reached among them.

An incident that nobody came to is slower than any response: under overload the mean of the served falls because the low grades are
never served, and a study that reports it recommends the cut (see docs/explanation/response-simulation.md).
"""

import numpy as np

from bestvalue.analysis.challenge.resources_model import MINUTE_US, Floats, Ints, Longs, bin_edges_us


def percentile_minutes(bins: Ints | Longs, total: Longs, level: float) -> Floats:
    """Percentiles of histograms, minutes.

    Straight within a bin, so the error is below its width, 3%.

    Args:
        bins: (..., BINS).
        total: (...): entries of each; those that are not in the bins are above all.
        level: share, 0 to 1.

    Returns:
        (...): not a number where there is nothing, infinite where fewer than that share are in the bins.

    Example: of four, two in the second bin and two never: the median is the bin's end.
        >>> bins = np.zeros(704, np.int32); bins[1] = 2
        >>> found = [float(percentile_minutes(bins, np.array(4), level)) for level in (0.5, 0.9)]
        >>> found == [2 * 2**20 / MINUTE_US, np.inf]
        True
    """
    edges = bin_edges_us() / MINUTE_US
    reached = np.cumsum(bins, axis=-1, dtype=np.int64)
    wanted = np.asarray(level * total)[..., None]
    place = np.argmax(reached >= wanted, axis=-1)[..., None]
    here = np.take_along_axis(bins, place, -1).astype(float)
    before = np.take_along_axis(reached, place, -1) - here
    with np.errstate(invalid="ignore", divide="ignore"):
        part = np.where(here > 0, (wanted - before) / here, 0.0)
    value = (edges[place] + part * (edges[place + 1] - edges[place]))[..., 0]
    return np.where(np.asarray(total) == 0, np.nan, np.where(reached[..., -1] >= wanted[..., 0], value, np.inf))


def wait_percentile_minutes(never_waited: Longs, ended: Ints | Longs, censored: Ints | Longs, level: float) -> Floats:
    """Wait for a unit that a share of the incidents did not exceed, minutes, with those still waiting at the end as censored.

    Kaplan and Meier's estimate (1958, J. Am. Stat. Assoc. 53), by bins: those still waiting count up to the time that they had waited.

    Args:
        never_waited: (...): how many had a unit at once.
        ended: (..., BINS): waits that ended.
        censored: (..., BINS): waits that had not ended when the run stopped.
        level: share, 0 to 1.

    Returns:
        (...): infinite where the curve ends above.
    """
    at_risk = np.flip(np.cumsum(np.flip(ended + censored, -1), axis=-1, dtype=np.int64), -1)
    everybody = never_waited + at_risk[..., 0]
    with np.errstate(invalid="ignore", divide="ignore"):
        goes_on = np.where(at_risk > 0, 1 - ended / at_risk, 1.0)
        waits_at_all = at_risk[..., 0] / np.where(everybody > 0, everybody, np.nan)
    met = waits_at_all[..., None] * np.cumprod(goes_on, axis=-1) <= 1 - level
    found = np.where(met.any(axis=-1), bin_edges_us()[1:][np.argmax(met, axis=-1)] / MINUTE_US, np.inf)
    return np.where(np.isnan(waits_at_all), np.nan, np.where(waits_at_all <= 1 - level, 0.0, found))
