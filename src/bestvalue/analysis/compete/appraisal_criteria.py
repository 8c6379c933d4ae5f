"""How do the options do on what has no price? Scores on weighted criteria, beside money and never instead of it."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bestvalue.dataset.dataset import Dataset
from bestvalue.errors import Fault, TableFaults

_SCORES = """
    SELECT s.option_id, s.criterion, s.score, s.weight FROM option_scores s JOIN options o ON s.option_id = o.option_id
    WHERE o.service = :service
"""


@dataclass(frozen=True, kw_only=True)
class Scores:
    """Scores of the options of one service.

    Args:
        criteria: in order of weight, heaviest first.
        weight: array (criteria,), add up to 1.
        score: array (options, criteria), 0 to 100, options in the order of the appraisal.
        weights_given: what the weights added up to before they were made to add up to 1.
    """

    criteria: tuple[str, ...]
    weight: NDArray[np.float64]
    score: NDArray[np.float64]
    weights_given: float

    @property
    def total(self) -> NDArray[np.float64]:
        """Weighted score of each option, 0 to 100."""
        return np.asarray(self.score @ self.weight)


def read_scores(dataset: Dataset, service: str, options: list[str]) -> Scores | None:
    """Read and check the scores; None where the service has none.

    Raises:
        TableFaults: a criterion has two weights, or an option lacks a score.
    """
    if "option_scores" not in dataset.tables:
        return None
    rows = dataset.query(_SCORES, service=service).sort("criterion", "option_id")
    if rows.height == 0:
        return None
    _check(rows, options)
    weights = rows.group_by("criterion").agg(pl.col("weight").first()).sort("weight", "criterion", descending=[True, False])
    criteria = weights["criterion"].to_list()
    given = float(weights["weight"].sum())
    found = {(option, criterion): score for option, criterion, score, _ in rows.iter_rows()}
    return Scores(
        criteria=tuple(criteria),
        weight=weights["weight"].to_numpy() / given,
        score=np.array([[found[option, criterion] for criterion in criteria] for option in options]),
        weights_given=given,
    )


def steady_range(scores: Scores, criterion: int) -> tuple[float, float]:
    """Between which weights of one criterion the same option has the highest score, the other weights keeping their proportions.

    Example: a 60 and 40, b 40 and 50, equal weights: a leads while the first weight is above 1/3.
        >>> two = Scores(criteria=("x", "y"), weight=np.array([0.5, 0.5]), score=np.array([[60.0, 40], [40, 50]]), weights_given=1.0)
        >>> [round(end, 4) for end in steady_range(two, 0)]
        [0.3333, 1.0]
    """
    rest = 1 - scores.weight[criterion]
    mine = scores.score[:, criterion]
    others = (scores.total - scores.weight[criterion] * mine) / rest if rest > 0 else np.zeros(len(mine))
    leader, low, high = int(scores.total.argmax()), 0.0, 1.0
    # The lead over another option is a straight line in the weight: by how much it leads at weight 0, and how much that changes.
    for other in range(len(mine)):
        lead, slope = others[leader] - others[other], (mine[leader] - mine[other]) - (others[leader] - others[other])
        if slope > 0:
            low = max(low, -lead / slope)
        elif slope < 0:
            high = min(high, -lead / slope)
    return float(low), float(high)


def first_shares(scores: Scores, *, draws: int, seed: int) -> NDArray[np.float64]:
    """Share of all possible weights for which each option has the highest score: array (options,), adds up to 1.

    Source: stochastic multicriteria acceptability analysis; Lahdelma, Hokkanen and Salminen (1998), EJOR 106.
    """
    weights = np.random.default_rng(seed).dirichlet(np.ones(len(scores.criteria)), size=draws)
    first = (weights @ scores.score.T).argmax(axis=1)
    return np.asarray(np.bincount(first, minlength=len(scores.score)) / draws)


def _check(rows: pl.DataFrame, options: list[str]) -> None:
    faults = [
        Fault(
            what=f"the criterion {criterion} has the weights {', '.join(f'{weight:g}' for weight in sorted(weights))}",
            file="option_scores",
            column="weight",
            next_step="Give a criterion one weight, the same for every option.",
        )
        for criterion, weights in rows.group_by("criterion").agg(pl.col("weight").unique()).sort("criterion").iter_rows()
        if len(weights) > 1
    ]
    there = set(rows.select("option_id", "criterion").rows())
    faults += [
        Fault(
            what=f"{option} has no score for {criterion}",
            file="option_scores",
            column="score",
            next_step="Score every option on every criterion, or leave the criterion out.",
        )
        for option in options
        for criterion in rows["criterion"].unique().sort().to_list()
        if (option, criterion) not in there
    ]
    if faults:
        raise TableFaults(faults, total=len(faults), where="option_scores")
    if not float(rows["weight"].sum()) > 0:
        fault = Fault(what="all weights are 0", file="option_scores", column="weight", next_step="Give the criteria weights.")
        raise TableFaults([fault], total=1, where="option_scores")
