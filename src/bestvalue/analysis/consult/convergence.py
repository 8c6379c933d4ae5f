"""Do the questions of a scale converge, and do scales differ from each other? AVE, composite reliability, Fornell-Larcker and HTMT."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Convergence:
    """Of each scale: average variance extracted and composite reliability, arrays (m,); of each pair: HTMT, array (m, m).

    `fornell_larcker`: a scale's AVE is above every squared correlation with another scale, array (m,).
    """

    variance_extracted: Floats
    composite: Floats
    ratios: Floats
    fornell_larcker: NDArray[np.bool_]


def convergence(standardised: Floats, factor_correlation: Floats, correlation: Floats, belongs: Sequence[int]) -> Convergence:
    """Work them out.

    Args:
        standardised: loadings (k, m), each question on its own scale.
        factor_correlation: array (m, m).
        correlation: of the answers, array (k, k).
        belongs: scale of each question, from 0.

    Source: Fornell and Larcker (1981), Journal of Marketing Research 18; Henseler, Ringle and Sarstedt (2015), Journal of the Academy of
        Marketing Science 43.
    """
    scale_of = np.asarray(belongs)
    m = int(scale_of.max()) + 1
    extracted, composite = np.empty(m), np.empty(m)
    within = np.empty(m)
    strength = np.abs(correlation)
    for scale in range(m):
        own = scale_of == scale
        loading = standardised[own, scale]
        extracted[scale] = float((loading**2).mean())
        composite[scale] = loading.sum() ** 2 / (loading.sum() ** 2 + (1 - loading**2).sum())
        block = strength[np.ix_(own, own)]
        within[scale] = block[np.triu_indices(len(block), 1)].mean()
    ratios = np.eye(m)
    for one in range(m):
        for other in range(one):
            between = strength[np.ix_(scale_of == one, scale_of == other)].mean()
            ratios[one, other] = ratios[other, one] = between / np.sqrt(within[one] * within[other])
    squared = factor_correlation**2 - np.eye(m)
    return Convergence(
        variance_extracted=extracted, composite=composite, ratios=ratios, fornell_larcker=extracted > squared.max(axis=1, initial=0.0)
    )
