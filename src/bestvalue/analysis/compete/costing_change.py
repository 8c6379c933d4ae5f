"""What did it cost before, and what would more or less of it cost? Two years in one year's prices, and halving or doubling."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import stats

from bestvalue.analysis.compete.costing_layers import Layers
from bestvalue.analysis.compete.costing_ledger import DIRECT, Books
from bestvalue.analysis.compete.rates.deflators import PriceIndex
from bestvalue.errors import SpecError


def before_and_after(before: Books, after: Books, index: PriceIndex) -> pl.DataFrame:
    """Cost by objective in two years, the earlier in the prices of the later.

    Returns:
        objective, before_pence (as it was), before_real_pence (in the later year's prices), after_pence, change (as a share, real):
        the largest first, the whole last.

    Raises:
        SpecError: the index does not cover both years.
    """
    factor = index.factor(of=before.year, into=after.year)
    if factor is None:
        raise SpecError(
            f"The {index.name} does not cover {before.year} and {after.year}",
            where="compare_year",
            next_step=f"Choose another year to compare with, or extend the index. {index.how_to_extend(before.year, after.year)}",
        )
    then, now = (books.costs().group_by("objective").agg(pl.col("pence").sum()) for books in (before, after))
    both = then.join(now, on="objective", how="full", coalesce=True, suffix="_after").fill_null(0)
    table = both.select(pl.col("objective").fill_null("cost centre not known"), before_pence="pence", after_pence="pence_after").sort(
        "after_pence", "objective", descending=[True, False]
    )
    whole = table.select(objective=pl.lit("all"), before_pence=pl.col("before_pence").sum(), after_pence=pl.col("after_pence").sum())
    real = pl.col("before_pence") * factor
    return pl.concat([table, whole]).select(
        "objective",
        "before_pence",
        before_real_pence=real,
        after_pence="after_pence",
        change=pl.when(pl.col("before_pence") > 0).then(pl.col("after_pence") / real - 1),
    )


def scaled(books: Books, layers: Layers, *, factors: Sequence[float], fixed: Sequence[str]) -> pl.DataFrame:
    """What half or twice the people and vehicles of each objective would cost or save.

    What varies with the people moves with them; what is fixed stays, and so do the support and the overhead that were
    allocated: they are somebody else's cost, and fall only if somebody else decides so.

    Args:
        books: the ledger.
        layers: for the support and overhead of each objective.
        factors: what the people are multiplied with.
        fixed: subjectives that do not move with the people.

    Returns:
        objective, factor, varying_pence (now), fixed_pence, allocated_pence, change_pence: below 0 is a saving.
    """
    direct = books.costs().filter(pl.col("layer") == DIRECT)
    moves = ~pl.col("subjective").is_in(list(fixed))
    own = direct.group_by("objective").agg(
        varying_pence=pl.col("pence").filter(moves).sum(), fixed_pence=pl.col("pence").filter(~moves).sum()
    )
    given = layers.direct.group_by("objective").agg(allocated_pence=(pl.col("support_pence") + pl.col("overhead_pence")).sum())
    table = own.join(given, on="objective", how="left").sort("varying_pence", "objective", descending=[True, False])
    steps = [
        table.with_columns(factor=pl.lit(float(factor)), change_pence=(pl.col("varying_pence") * (factor - 1)).round().cast(pl.Int64))
        for factor in factors
    ]
    return pl.concat(steps).select("objective", "factor", "varying_pence", "fixed_pence", "allocated_pence", "change_pence")


@dataclass(frozen=True, kw_only=True)
class Ratio:
    """A cost divided by a result, with the uncertainty of both."""

    value: float
    low: float
    high: float


def cost_per_result(
    cost: NDArray[np.float64] | float,
    *,
    result: float,
    low: float,
    high: float,
    confidence: float,
    seed: int,
    central_cost: float | None = None,
) -> Ratio:
    """Cost of one unit of a result, when both the cost and the result are estimates.

    The result is drawn from a normal law with the given interval, independently of the cost, which is drawn as it was
    estimated; the interval of the quotient is that of the drawn quotients (Fieller's problem, by simulation).

    Args:
        cost: draws of the cost in pence, or the cost where it is exact.
        result: the result; its interval at `confidence` is `low` to `high`, which must not hold 0.
        low: lower end of the result's interval.
        high: upper end of it.
        confidence: level of both intervals.
        seed: starts the chance.
        central_cost: the cost as estimated; the mean of the draws when None.

    Raises:
        SpecError: the interval of the result holds 0 or does not hold the result.
    """
    if not low <= result <= high or low <= 0 <= high:
        raise SpecError(
            f"A result of {result:g} with the interval {low:g} to {high:g} cannot be divided by",
            where="result, result_low, result_high",
            next_step="Give a result whose interval lies on one side of 0 and holds the result.",
        )
    drawn = np.atleast_1d(np.asarray(cost, dtype=np.float64))
    size = len(drawn) if len(drawn) > 1 else 4_000
    deviation = (high - low) / 2 / float(stats.norm.ppf((1 + confidence) / 2))
    results = result + deviation * np.random.default_rng(seed).standard_normal(size)
    quotients = (drawn if len(drawn) > 1 else np.full(size, drawn[0])) / results
    ends = np.quantile(quotients, [(1 - confidence) / 2, (1 + confidence) / 2])
    middle = float(drawn.mean()) if central_cost is None else central_cost
    return Ratio(value=middle / result, low=float(ends[0]), high=float(ends[1]))
