"""How uncertain are estimates, found by weighting again and again? Jackknife, balanced half samples and bootstrap."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import hadamard

from bestvalue.analysis.consult.raking import Margin, rake
from bestvalue.errors import SpecError

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
Method = Literal["JK1", "JKn", "BRR", "bootstrap"]

MOST_REPLICATES = 2_000


@dataclass(frozen=True, kw_only=True)
class Replicates:
    """Sets of weights, array (r, n), and what each squared difference from the whole sample counts, array (r,)."""

    method: Method
    weights: Floats
    counts: Floats

    def raked(self, margins: Sequence[Margin]) -> "Replicates":
        """Each set raked again to the margins: the error of raking is then in the spread."""
        return Replicates(method=self.method, weights=rake(self.weights, margins).weights, counts=self.counts)

    def covariance(self, estimate: Callable[[Floats], Floats]) -> Floats:
        """Covariance (p, p) of estimates around the mean of the replicates, as R's survey package takes it unless told otherwise.

        Args:
            estimate: gives the estimates, array (p,), of one set of weights.
        """
        each = np.stack([estimate(one) for one in self.weights])
        apart = each - each.mean(axis=0)
        found: Floats = (apart * self.counts[:, None]).T @ apart
        return found


def make_replicates(
    method: Method, *, weights: Floats, strata: Codes, clusters: Codes, replicates: int = 500, chance: np.random.Generator | None = None
) -> Replicates:
    """Replicate weights of one kind.

    Args:
        method: JK1 (one stratum, each cluster dropped), JKn (by stratum), BRR (two clusters a stratum), bootstrap (Rao and Wu: one
            cluster fewer than there are, drawn with replacement in each stratum).
        weights: array (n,), before raking.
        strata: array (n,), codes; JK1 takes no notice of them.
        clusters: array (n,), codes.
        replicates: for the bootstrap.
        chance: for the bootstrap.

    Raises:
        SpecError: too many clusters to drop each, strata with one cluster, or for BRR with other than two.
    Source: Wolter (2007), Introduction to Variance Estimation; Rao, Wu and Yue (1992), Survey Methodology 18.
    """
    own = np.zeros_like(strata) if method == "JK1" else strata
    pairs, cluster = np.unique(own * (int(clusters.max()) + 1) + clusters, return_inverse=True)
    stratum = np.unique(pairs // (int(clusters.max()) + 1), return_inverse=True)[1]
    drawn = np.bincount(stratum)
    if (drawn == 1).any():
        raise SpecError(
            f"{int((drawn == 1).sum())} strata have one cluster only", where="strata", next_step="Join strata, or use linearised errors."
        )
    if method in ("JK1", "JKn"):
        factors, counts = _jackknife(stratum, drawn)
    elif method == "BRR":
        factors, counts = _half_samples(stratum, drawn)
    else:
        factors, counts = _bootstrap(stratum, drawn, replicates, chance or np.random.default_rng(1))
    return Replicates(method=method, weights=weights * factors[:, cluster], counts=counts)


def _jackknife(stratum: Codes, drawn: Codes) -> tuple[Floats, Floats]:
    size = len(stratum)
    if size > MOST_REPLICATES:
        raise SpecError(
            f"{size:,} clusters make as many replicates; at most {MOST_REPLICATES:,} are made",
            where="method",
            next_step="Use the bootstrap or linearised errors, or group people into clusters.",
        )
    same = stratum[:, None] == stratum[None, :]
    factors = np.where(same, (drawn / (drawn - 1))[stratum][None, :], 1.0)
    np.fill_diagonal(factors, 0.0)
    return factors, ((drawn - 1) / drawn)[stratum]


def _half_samples(stratum: Codes, drawn: Codes) -> tuple[Floats, Floats]:
    if (drawn != 2).any():
        raise SpecError(
            f"{int((drawn != 2).sum())} strata do not have two clusters, as balanced half samples ask",
            where="method",
            next_step="Use JKn or the bootstrap.",
        )
    # A row more than strata: the first column of the matrix is all ones and would keep one cluster in every half.
    order = 1 << len(drawn).bit_length()
    signs = hadamard(order)[:, 1 : len(drawn) + 1]
    first = np.zeros(len(stratum), dtype=bool)
    first[np.unique(stratum, return_index=True)[1]] = True
    factors = np.where(first[None, :], 1 + signs[:, stratum], 1 - signs[:, stratum]).astype(np.float64)
    return factors, np.full(order, 1 / order)


def _bootstrap(stratum: Codes, drawn: Codes, replicates: int, chance: np.random.Generator) -> tuple[Floats, Floats]:
    factors = np.zeros((replicates, len(stratum)))
    for one in range(len(drawn)):
        places = np.flatnonzero(stratum == one)
        taken = drawn[one] - 1
        counted = chance.multinomial(taken, np.full(drawn[one], 1 / drawn[one]), size=replicates)
        factors[:, places] = counted * (drawn[one] / taken)
    return factors, np.full(replicates, 1 / replicates)
