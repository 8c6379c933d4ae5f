"""What is the least-cost mix of units that meets these targets? A search with the simulator, and the evidence for its answer.

Candidates are the pairs of a factor for local and one for support units. Every round plays those still in the race with twice
the replications; out go those that surely miss a target and those that cost more than one that surely meets them all. Sure means
Student's interval at a confidence shared out over all candidates (Bonferroni), so that the whole answer has the confidence
asked for. Source: successive halving, Karnin, Koren and Somekh (2013); comparison with a standard, Nelson and Goldsman (2001).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from bestvalue.analysis.challenge.resources_calibrate_force import Force, spread_copies
from bestvalue.analysis.challenge.resources_scenarios import Scenario, pounds_a_year, today
from bestvalue.analysis.challenge.resources_sweep import Means, sweep
from bestvalue.analysis.challenge.resources_tally import Key
from bestvalue.analysis.contract import Progress

ROUNDS = (4, 8, 16, 32)
"""Replications of each round."""


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """One mix and what is known of it: `meets` is True, False, or None while the interval holds the target."""

    local: float
    support: float
    units: int
    pounds: float
    replications: int
    meets: bool | None
    shares: Mapping[Key, tuple[float, float, float]]


@dataclass(frozen=True, kw_only=True)
class Mix:
    """The answer.

    Args:
        best: the cheapest that surely meets every target; None where none does.
        undecided: cheaper ones whose interval still holds a target.
        candidates: all, cheapest first.
        wanted: share wanted by key.
        by_price: compared by pounds a year; by number of units where a pool has no price.
        today: cost of today's force, in the same terms.
        confidence: of the whole answer.
    """

    best: Candidate | None
    undecided: tuple[Candidate, ...]
    candidates: tuple[Candidate, ...]
    wanted: Mapping[Key, float]
    by_price: bool
    today: float
    confidence: float

    def cost(self, candidate: Candidate) -> float:
        """Pounds a year, or units."""
        return candidate.pounds if self.by_price else candidate.units

    @property
    def gap(self) -> float:
        """Share of its cost that the answer might be too dear, should the cheapest undecided mix meet the targets after all."""
        if self.best is None or not self.undecided:
            return 0.0
        return 1 - self.cost(self.undecided[0]) / self.cost(self.best)


def find_mix(
    force: Force,
    *,
    factors: Sequence[float],
    wanted: Mapping[Key, float],
    weeks: int,
    confidence: float,
    seed: int,
    progress: Progress,
    means: Means | None = None,
    rounds: Sequence[int] = ROUNDS,
) -> Mix:
    """Search the pairs of factors.

    Args:
        force: as calibrated.
        factors: candidates of each level.
        wanted: share that is to be within target, by key; at least one.
        weeks: counted in each replication.
        confidence: of the whole answer.
        seed: of chance.
        progress: told how far it is.
        means: with what it is played.
        rounds: replications of each round.
    """
    scenarios = _candidates(force, factors)
    by_price = math.isfinite(pounds_a_year(force, today(force)))
    means = means or Means()  # a round finds the replications of the one before
    known: dict[int, Candidate] = {}
    racing = list(range(len(scenarios)))
    level = 1 - (1 - confidence) / len(scenarios)
    for number, replications in enumerate(rounds):
        played = sweep(
            force,
            [scenarios[place][1] for place in racing],
            weeks=weeks,
            half_width=0.0,
            most_replications=replications,
            first=replications,
            confidence=level,
            seed=seed,
            progress=_part_of(progress, number / len(rounds), 1 / len(rounds)),
            means=means,
        )
        for row, place in enumerate(racing):
            (local, support), scenario = scenarios[place]
            shares = {key: (found.value, found.low, found.high) for key in wanted for found in [played.estimate(row, key)]}
            known[place] = Candidate(
                local=local,
                support=support,
                units=int(scenario.copies.sum()),
                pounds=pounds_a_year(force, scenario),
                replications=replications,
                meets=_meets(shares, wanted),
                shares=shares,
            )
        racing = _still_racing(known, racing, by_price=by_price)
        if not racing:
            break
    return _answer(force, known, wanted, by_price=by_price, confidence=confidence)


def _part_of(progress: Progress, begin: float, part: float) -> Progress:
    def told(share: float, doing: str) -> None:
        progress(begin + part * share, f"Searching the mix: {doing}")

    return told


def _candidates(force: Force, factors: Sequence[float]) -> list[tuple[tuple[float, float], Scenario]]:
    support = force.is_support
    has_units = np.isin(np.arange(len(support)), force.unit_pool)
    of_support = sorted(factors) if (support & has_units).any() else [1.0]
    found = []
    for local in sorted(factors):
        for extra in of_support:
            copies = spread_copies(force, np.where(support[force.unit_pool], extra, local))
            found.append(((local, extra), Scenario(name=f"local x{local:g}, support x{extra:g}", kind="mix", copies=copies)))
    return found


def _meets(shares: Mapping[Key, tuple[float, float, float]], wanted: Mapping[Key, float]) -> bool | None:
    """True if every interval lies at or above its target, False if one lies below, None if it cannot be said yet."""
    if any(shares[key][2] < target for key, target in wanted.items()):
        return False
    return True if all(shares[key][1] >= target for key, target in wanted.items()) else None


def _still_racing(known: Mapping[int, Candidate], racing: Sequence[int], *, by_price: bool) -> list[int]:
    """Those undecided and cheaper than every one that surely meets the targets."""

    def cost(candidate: Candidate) -> float:
        return candidate.pounds if by_price else candidate.units

    cheapest = min((cost(one) for one in known.values() if one.meets), default=math.inf)
    return [place for place in racing if known[place].meets is None and cost(known[place]) < cheapest]


def _answer(force: Force, known: Mapping[int, Candidate], wanted: Mapping[Key, float], *, by_price: bool, confidence: float) -> Mix:
    as_is = today(force)

    def cost(candidate: Candidate) -> float:
        return candidate.pounds if by_price else candidate.units

    ordered = tuple(sorted(known.values(), key=lambda one: (cost(one), one.local, one.support)))
    best = next((one for one in ordered if one.meets), None)
    below = math.inf if best is None else cost(best)
    return Mix(
        best=best,
        undecided=tuple(one for one in ordered if one.meets is None and cost(one) < below),
        candidates=ordered,
        wanted=dict(wanted),
        by_price=by_price,
        today=pounds_a_year(force, as_is) if by_price else float(as_is.copies.sum()),
        confidence=confidence,
    )


def mix_rows(mix: Mix) -> pl.DataFrame:
    """The candidates as a table: local, support, units, pounds_a_year, replications, meets, and each share with its interval."""
    rows = []
    for one in mix.candidates:
        row: dict[str, object] = {
            "local": one.local,
            "support": one.support,
            "units": one.units,
            "pounds_a_year": one.pounds if math.isfinite(one.pounds) else None,
            "replications": one.replications,
            "meets": {True: "yes", False: "no", None: "cannot be said"}[one.meets],
        }
        for key, (value, low, high) in one.shares.items():
            row |= {f"{key.grade} within": value, f"{key.grade} from": low, f"{key.grade} to": high}
        rows.append(row)
    return pl.DataFrame(rows, infer_schema_length=None)
