"""For whom does a scale measure well? Samejima's graded response model, and the information that each question gives."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

from bestvalue.errors import SpecError

Floats = NDArray[np.float64]

NODES = np.linspace(-4.5, 4.5, 37)
"""Where the feeling is looked at, in standard deviations; even spacing is as good as Gauss and Hermite's for smooth curves."""

PRIOR = np.exp(-(NODES**2) / 2) / np.exp(-(NODES**2) / 2).sum()
MOST_CYCLES, TOLERANCE = 200, 1e-4


@dataclass(frozen=True, kw_only=True)
class Graded:
    """A fitted scale.

    Args:
        slopes: array (k,), how sharply each question tells people apart (logistic; 1.7 times those of the normal curve).
        thresholds: for each question, where a higher answer becomes likelier than not, rising, in deviations of the feeling.
        information: array (k, nodes), what each question tells about people at `NODES`.
        converged: the cycles settled.
    """

    slopes: Floats
    thresholds: tuple[Floats, ...]
    information: Floats
    converged: bool

    def reliability_at(self, feeling: Floats) -> Floats:
        """Of the best score for people there: I / (I + 1), with a variance of one between people, array like `feeling`."""
        total = np.interp(feeling, NODES, self.information.sum(axis=0))
        found: Floats = total / (total + 1)
        return found


def fit_graded(scores: Floats) -> Graded:
    """Fit by marginal maximum likelihood (Bock and Aitkin's EM), the feeling standard normal.

    Args:
        scores: array (n, k) of whole numbers, NaN where there is no answer; turned where declared.

    Raises:
        SpecError: fewer than three questions, or a question that everybody answers alike.
    Source: Samejima (1969), Psychometrika monograph 17; Bock and Aitkin (1981), Psychometrika 46.
    """
    people, k = scores.shape
    if k < 3:
        raise SpecError(f"{k} questions have no graded response model", where="scales", next_step="A scale needs three questions.")
    codes = []
    for item in range(k):
        known = scores[~np.isnan(scores[:, item]), item]
        values = np.unique(known)
        if len(values) < 2:
            raise SpecError("Everybody gives one answer to a question", where="survey_answers", next_step="Leave the question out.")
        codes.append(np.where(np.isnan(scores[:, item]), -1, np.searchsorted(values, np.nan_to_num(scores[:, item], nan=values[0]))))
    parameters = [_start(code) for code in codes]
    converged = False
    for _ in range(MOST_CYCLES):
        weights = _posterior(codes, parameters, people)
        moved = [_improve(code, weights, old) for code, old in zip(codes, parameters, strict=True)]
        change = max(float(np.abs(new - old).max()) for new, old in zip(moved, parameters, strict=True))
        parameters = moved
        if change < TOLERANCE:
            converged = True
            break
    slopes = np.array([np.exp(one[0]) for one in parameters])
    cuts = [_cuts(one) for one in parameters]
    return Graded(
        slopes=slopes,
        thresholds=tuple(cut / slope for cut, slope in zip(cuts, slopes, strict=True)),
        information=np.stack([_information(one) for one in parameters]),
        converged=converged,
    )


def _start(code: NDArray[np.int64]) -> Floats:
    """Log slope, first cut, then logs of the gaps between cuts (so that cuts always rise)."""
    share = np.cumsum(np.bincount(code[code >= 0]))[:-1] / (code >= 0).sum()
    cuts = special.logit(np.clip(share, 1e-3, 1 - 1e-3)) * 1.3
    return np.concatenate([[0.3], cuts[:1], np.log(np.maximum(np.diff(cuts), 0.05))])


def _cuts(parameters: Floats) -> Floats:
    cuts: Floats = parameters[1] + np.concatenate([[0.0], np.cumsum(np.exp(parameters[2:]))])
    return cuts


def _chances(parameters: Floats) -> tuple[Floats, Floats]:
    """Chance of each answer at each node, array (answers, nodes), and of each or a higher one, (answers + 1, nodes)."""
    above = special.expit(np.exp(parameters[0]) * NODES[None, :] - _cuts(parameters)[:, None])
    ends = np.concatenate([np.ones((1, len(NODES))), above, np.zeros((1, len(NODES)))])
    return np.maximum(ends[:-1] - ends[1:], 1e-12), ends


def _posterior(codes: list[NDArray[np.int64]], parameters: list[Floats], people: int) -> Floats:
    """Where each person's feeling is likely to be, array (people, nodes), rows add up to one."""
    log = np.tile(np.log(PRIOR), (people, 1))
    for code, one in zip(codes, parameters, strict=True):
        likely = np.concatenate([np.log(_chances(one)[0]), np.zeros((1, len(NODES)))])
        log += likely[code]  # -1, no answer, takes the last row: nothing learnt
    log -= log.max(axis=1, keepdims=True)
    weights = np.exp(log)
    found: Floats = weights / weights.sum(axis=1, keepdims=True)
    return found


def _improve(code: NDArray[np.int64], weights: Floats, old: Floats) -> Floats:
    """The parameters that fit the expected counts of one question best."""
    counts = np.stack([weights[code == answer].sum(axis=0) for answer in range(len(old))])

    def aim(parameters: Floats) -> tuple[float, Floats]:
        chance, ends = _chances(parameters)
        pull = counts / chance
        slope_of_ends = ends * (1 - ends)
        # d log L / d (logit of the boundary): the answer above gains what the answer below loses.
        gain = (pull[1:] - pull[:-1]) * slope_of_ends[1:-1]
        of_cuts = -gain.sum(axis=1)
        gradient = np.empty_like(parameters)
        gradient[0] = (gain * np.exp(parameters[0]) * NODES[None, :]).sum()
        gradient[1] = of_cuts.sum()
        gradient[2:] = np.cumsum(of_cuts[::-1])[::-1][1:] * np.exp(parameters[2:])
        return -float((counts * np.log(chance)).sum()), -gradient

    found = optimize.minimize(
        aim, old, jac=True, method="L-BFGS-B", bounds=[(-3, 2.5), (-12, 12), *[(-6, 3)] * (len(old) - 2)], options={"maxiter": 20}
    )
    moved: Floats = found.x
    return moved


def _information(parameters: Floats) -> Floats:
    chance, ends = _chances(parameters)
    slope = np.exp(parameters[0]) * (ends * (1 - ends))
    found: Floats = ((slope[:-1] - slope[1:]) ** 2 / chance).sum(axis=0)
    return found
