"""Is an option worth more than going on as before? Present values, ratios, payback, and how wrong the estimates may be."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.optimize import brentq

from bestvalue.analysis.compete.appraisal_flows import CATEGORIES, ONCE, Flows
from bestvalue.analysis.compete.rates.discounting import Schedule, discount_factors

Money = NDArray[np.float64]
_ONCE = [CATEGORIES.index(category) for category in ONCE]
INPUT_WORDS = {
    "running": "running cost",
    "exit": "exit cost",
    "transition": "transition cost",
    "cashable": "cashable gains",
    "non-cashable": "non-cashable gains and losses",
}
_YEARLY = [place for place, category in enumerate(CATEGORIES) if category not in ONCE]


@dataclass(frozen=True, kw_only=True)
class Value:
    """Present values of the options of one service, in pence; the baseline is the first option.

    Args:
        present: array (options, categories), costs positive.
        net_cost: array (options,), their sums.
        npsv: array (options,), net present social value against the baseline: what society is better off by.
        change_cost: array (options,), present value of what is spent to make the change, against the baseline.
        gains: array (options,), present value of what every year is better by, against the baseline.
        payback_years: years until what was spent has come back, undiscounted; None where it never does within the horizon.
        discounted_payback_years: the same of present values.
        equivalent_annual_cost: array (options,), the net cost as an equal amount in every year after year 0.
        rate_of_return: the flat rate at which the option is worth as much as the baseline; None where there is no such rate.
    """

    present: Money
    net_cost: Money
    npsv: Money
    change_cost: Money
    gains: Money
    payback_years: tuple[int | None, ...]
    discounted_payback_years: tuple[int | None, ...]
    equivalent_annual_cost: Money
    rate_of_return: tuple[float | None, ...]

    def ratio(self, option: int) -> float | None:
        """Benefit-cost ratio: gains of every year over the cost of the change; None where the change costs nothing."""
        return float(self.gains[option] / self.change_cost[option]) if self.change_cost[option] > 0 else None


def value(money: Money, schedule: Schedule) -> Value:
    """Discount the money of the options.

    Args:
        money: array (options, categories, years from 0), costs positive, real; the baseline first.
        schedule: of discount rates.
    Source: HM Treasury, The Green Book (2026), chapters 6 and 7.
    """
    factors = discount_factors(schedule, years=money.shape[2] - 1)
    present = money @ factors
    net_cost = present.sum(axis=1)
    against = money - money[:1]
    better = -against.sum(axis=1)
    annuity = float(factors[1:].sum()) if len(factors) > 1 else 1.0
    return Value(
        present=present,
        net_cost=net_cost,
        npsv=net_cost[0] - net_cost,
        change_cost=(present - present[:1])[:, _ONCE].sum(axis=1),
        gains=-(present - present[:1])[:, _YEARLY].sum(axis=1),
        payback_years=tuple(_payback(row) for row in better),
        discounted_payback_years=tuple(_payback(row * factors) for row in better),
        equivalent_annual_cost=net_cost / annuity,
        rate_of_return=tuple(internal_rate(row) for row in better),
    )


def internal_rate(flows: Money) -> float | None:
    """The flat yearly rate at which flows from year 0 are worth nothing; None where they do not change sign exactly once.

    Example: 100 out, 60 back in each of two years: 13.07%.
        >>> round(internal_rate(np.array([-100.0, 60, 60])), 4)
        0.1307
    """
    signs = np.sign(flows[flows != 0])
    if len(signs) < 2 or int((np.diff(signs) != 0).sum()) != 1:
        return None
    years = np.arange(len(flows))

    def worth(rate: float) -> float:
        return float((flows / (1 + rate) ** years).sum())

    low, high = -0.9, 10.0
    return float(brentq(worth, low, high)) if worth(low) * worth(high) < 0 else None


def switching_values(flows: Flows, found: Value) -> pl.DataFrame:
    """By how much must one sort of money of an option change for it to be worth no more than the baseline, or than the next best?

    Returns:
        option, category, present_pence, change (share; above 0 the money would have to grow), against ("baseline" or the name of
        the runner-up, only for the preferred option). A change below -1 would have to turn a cost into a gain.
    """
    rows: list[tuple[str, str, float, float, str]] = []
    preferred, runner_up = order_of(found)[:2] if len(found.npsv) > 1 else (0, 0)
    for option in range(1, len(flows.names)):
        margins = [("baseline", float(found.npsv[option]))]
        if option == preferred and runner_up != 0:
            margins.append((flows.names[runner_up], float(found.npsv[option] - found.npsv[runner_up])))
        for against, margin in margins:
            for place, category in enumerate(CATEGORIES):
                present = float(found.present[option, place])
                if present:
                    rows.append((flows.names[option], category, present, margin / present, against))
    schema = {"option": pl.String, "category": pl.String, "present_pence": pl.Float64, "change": pl.Float64, "against": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def order_of(found: Value) -> list[int]:
    """Options from the highest value to the lowest; the earlier first where two are alike."""
    return [int(place) for place in np.argsort(-found.npsv, kind="stable")]


def tornado(flows: Flows, schedule: Schedule, *, unbiased: Flows, unmanaged: Flows) -> pl.DataFrame:
    """The value of each option when one thing at a time is at its low or its high estimate.

    Args:
        flows: as appraised.
        schedule: of discount rates.
        unbiased: the same without optimism bias.
        unmanaged: the same with all of it.

    Returns:
        option, input, low_pence, high_pence (the value at either end, the lower first), swing_pence; the widest first in each
        option.
    """
    central, ends = flows.money(), {end: flows.money(end) for end in ("low", "high")}
    rows: list[tuple[str, str, float, float]] = []
    for option in range(1, len(flows.names)):
        for whose, label in ((option, ""), (0, "baseline: ")):
            for place, category in enumerate(CATEGORIES):
                if not np.any(ends["high"][whose, place] != ends["low"][whose, place]):
                    continue
                both = []
                for money in ends.values():
                    moved = central.copy()
                    moved[whose, place] = money[whose, place]
                    both.append(float(value(moved, schedule).npsv[option]))
                rows.append((flows.names[option], f"{label}{category}", min(both), max(both)))
        biased = [float(value(other.money(), schedule).npsv[option]) for other in (unbiased, unmanaged)]
        if biased[0] != biased[1]:
            rows.append((flows.names[option], "optimism bias", min(biased), max(biased)))
        late = float(value(_gains_late(central), schedule).npsv[option])
        now = float(value(central, schedule).npsv[option])
        rows.append((flows.names[option], "gains a year late", min(late, now), max(late, now)))
    schema = {"option": pl.String, "input": pl.String, "low_pence": pl.Float64, "high_pence": pl.Float64}
    table = pl.DataFrame(rows, schema=schema, orient="row").with_columns(swing_pence=pl.col("high_pence") - pl.col("low_pence"))
    order = {name: number for number, name in enumerate(flows.names)}
    return (
        table.with_columns(place=pl.col("option").replace_strict(order, return_dtype=pl.Int64))
        .sort("place", "swing_pence", "input", descending=[False, True, False])
        .drop("place")
    )


def input_words(name: str, *, baseline: str) -> str:
    """An input of the tornado as words.

    Example:
        >>> [input_words(name, baseline="Keep") for name in ("running", "baseline: running", "capital")]
        ['running cost', 'running cost of Keep', 'capital']
    """
    start, _, category = name.rpartition(": ")
    said = INPUT_WORDS.get(category, category)
    return f"{said} of {baseline}" if start else said


def distribution(flows: Flows, schedule: Schedule) -> pl.DataFrame:
    """Who bears it? Net present cost by body and area: option, borne_by, area_id, present_pence, change_pence against the baseline."""
    factors = discount_factors(schedule, years=flows.horizon_years)
    rows = []
    for (body, area), part in flows.rows.group_by("borne_by", "area_id", maintain_order=True):
        net = (flows.money_of(part) @ factors).sum(axis=1)
        rows += [(name, body, area, float(pence), float(pence - net[0])) for name, pence in zip(flows.names, net, strict=True)]
    schema = {"option": pl.String, "borne_by": pl.String, "area_id": pl.String, "present_pence": pl.Float64, "change_pence": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row").sort("borne_by", "area_id", "option")


def _payback(better: Money) -> int | None:
    """The first year by whose end the running sum is no longer below 0, if it ever was; 0 where nothing was spent first."""
    total = np.cumsum(better)
    if total[-1] < 0:
        return None
    below = np.flatnonzero(total < 0)
    return 0 if len(below) == 0 else int(below[-1]) + 1


def _gains_late(money: Money) -> Money:
    """The same with everything that comes every year but running cost a year later; the last year's falls beyond the horizon."""
    late = money.copy()
    for place in (CATEGORIES.index("cashable"), CATEGORIES.index("non-cashable")):
        late[:, place, 1:] = money[:, place, :-1]
        late[:, place, 0] = 0.0
    return late
