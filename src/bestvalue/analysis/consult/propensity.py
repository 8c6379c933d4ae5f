"""How likely was each invited person to answer? Logistic regression on what is known of all who were invited."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import special

from bestvalue.errors import SpecError

Floats = NDArray[np.float64]

MOST_STEPS = 50
RIDGE = 1e-6
"""Keeps a category in which all or nobody answered at a finite coefficient; moves others by less than they are printed to."""


@dataclass(frozen=True, kw_only=True)
class Propensity:
    """A fitted model of answering.

    Args:
        chance: array (n,), each invited person's chance to answer, 0 to 1.
        names: the columns of the model, the first of each variable's categories being what others are compared with.
        coefficients, errors: on the logit scale, arrays (p,).
        covariance: array (p, p).
        design: array (n, p).
    """

    chance: Floats
    names: tuple[str, ...]
    coefficients: Floats
    errors: Floats
    covariance: Floats
    design: Floats


def fit_propensity(invited: pl.DataFrame, *, by: Sequence[str], weights: Floats | None = None) -> Propensity:
    """Fit main effects of the categories by Newton's method.

    Args:
        invited: one row a person, with `responded` and the columns `by`.
        by: columns known of everybody who was invited.
        weights: array (n,), how many people of the population each stands for; counted alike where None.

    Raises:
        SpecError: everybody or nobody answered, or a column is not known of somebody.
    """
    answered = invited["responded"].to_numpy().astype(np.float64)
    if answered.min() == answered.max():
        raise SpecError(
            f"{'Everybody' if answered[0] else 'Nobody'} who was invited answered",
            where="survey_sample, column responded",
            next_step="Check the column.",
        )
    design, names = design_of(invited, by)
    weight = np.ones(len(answered)) if weights is None else weights / weights.mean()
    coefficients = np.zeros(design.shape[1])
    coefficients[0] = special.logit(np.average(answered, weights=weight))
    penalty = np.full(design.shape[1], RIDGE * len(answered))
    penalty[0] = 0.0
    for _ in range(MOST_STEPS):
        chance = special.expit(design @ coefficients)
        information = (design * (weight * chance * (1 - chance))[:, None]).T @ design + np.diag(penalty)
        step = np.linalg.solve(information, design.T @ (weight * (answered - chance)) - penalty * coefficients)
        coefficients = coefficients + step
        if np.abs(step).max() < 1e-10:
            break
    chance = special.expit(design @ coefficients)
    bread = np.linalg.inv((design * (weight * chance * (1 - chance))[:, None]).T @ design + np.diag(penalty))
    meat = (design * ((weight * (answered - chance)) ** 2)[:, None]).T @ design
    covariance = bread @ meat @ bread
    return Propensity(
        chance=chance,
        names=tuple(names),
        coefficients=coefficients,
        errors=np.sqrt(np.diagonal(covariance)),
        covariance=covariance,
        design=design,
    )


def fit_cells(design: Floats, *, answered: Floats, asked: Floats) -> Floats:
    """Chance to answer of each cell by the same model, from counts: array (c,). For resampling, where people of a cell are alike.

    Args:
        design: array (c, p), one row a cell.
        answered: array (c,), people of the cell who answered.
        asked: array (c,), people invited.
    """
    coefficients = np.zeros(design.shape[1])
    coefficients[0] = special.logit(np.clip(answered.sum() / asked.sum(), 1e-6, 1 - 1e-6))
    penalty = np.full(design.shape[1], RIDGE * asked.sum())
    penalty[0] = 0.0
    for _ in range(MOST_STEPS):
        chance = special.expit(design @ coefficients)
        information = (design * (asked * chance * (1 - chance))[:, None]).T @ design + np.diag(penalty)
        step = np.linalg.solve(information, design.T @ (answered - asked * chance) - penalty * coefficients)
        coefficients = coefficients + step
        if np.abs(step).max() < 1e-9:
            break
    fitted: Floats = special.expit(design @ coefficients)
    return fitted


def design_of(rows: pl.DataFrame, by: Sequence[str]) -> tuple[Floats, list[str]]:
    """Ones, then a column for each category but the first of each variable."""
    columns, names = [np.ones(rows.height)], ["everybody"]
    for name in by:
        values = rows[name].cast(pl.String)
        if values.null_count():
            raise SpecError(
                f"{values.null_count():,} people have no {name}",
                where=f"survey_sample, column {name}",
                next_step="Fill the column, or leave it out.",
            )
        for category in values.unique().sort().to_list()[1:]:
            columns.append((values == category).to_numpy().astype(np.float64))
            names.append(f"{name} = {category}")
    return np.column_stack(columns), names


def response_classes(chance: Floats, *, classes: int) -> NDArray[np.int64]:
    """Put people into classes of like chance, equally many in each: non-response weights by class do not hang on the model's exact form.

    Source: Little (1986), International Statistical Review 54; five classes take out most of the bias (Cochran 1968).
    """
    edges = np.quantile(chance, np.linspace(0, 1, classes + 1)[1:-1])
    found: NDArray[np.int64] = np.searchsorted(edges, chance, side="right").astype(np.int64)
    return found
