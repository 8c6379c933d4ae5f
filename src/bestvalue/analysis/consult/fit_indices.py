"""How well does a model of scales fit? Chi-square, CFI, TLI, RMSEA with its interval, SRMR, AIC and BIC."""

from dataclasses import dataclass

import numpy as np
from scipy import optimize, special

from bestvalue.analysis.consult.confirmatory import Fitted
from bestvalue.analysis.consult.confirmatory_model import implied


@dataclass(frozen=True, kw_only=True)
class FitIndices:
    """Of one fit; `rmsea_low` and `rmsea_high` at 90%, as the field prints them."""

    chi_square: float
    freedom: int
    p: float
    cfi: float
    tli: float
    rmsea: float
    rmsea_low: float
    rmsea_high: float
    srmr: float
    aic: float
    bic: float


def fit_indices(fitted: Fitted) -> FitIndices:
    """The usual indices.

    RMSEA divides by N, not N - 1, and is multiplied by the root of the number of groups (Steiger 1998), as lavaan does. CFI and TLI are
    against the model in which questions have nothing in common. SRMR is of covariances only.

    Source: Bentler (1990), Psychological Bulletin 107; Browne and Cudeck (1992), Sociological Methods and Research 21.
    """
    groups, people = len(fitted.moments), fitted.people
    k = len(fitted.moments[0].means)
    chi_square, freedom = fitted.chi_square, fitted.freedom
    base_freedom = groups * k * (k - 1) // 2
    base = 0.0
    for one in fitted.moments:
        deviation = np.sqrt(np.diagonal(one.covariance))
        base -= one.people * float(np.linalg.slogdet(one.covariance / deviation[:, None] / deviation[None, :])[1])
    excess, base_excess = max(chi_square - freedom, 0.0), max(base - base_freedom, chi_square - freedom, 1e-12)
    scale = np.sqrt(groups / (people * max(freedom, 1)))
    low, high = (_noncentrality(chi_square, freedom, tail) for tail in (0.95, 0.05))
    aic, bic = _information(fitted)
    return FitIndices(
        chi_square=chi_square,
        freedom=freedom,
        p=float(special.chdtrc(freedom, chi_square)) if freedom else 1.0,
        cfi=1 - excess / base_excess,
        tli=(base / base_freedom - chi_square / freedom) / (base / base_freedom - 1) if freedom else 1.0,
        rmsea=float(np.sqrt(excess) * scale),
        rmsea_low=float(np.sqrt(low) * scale),
        rmsea_high=float(np.sqrt(high) * scale),
        srmr=_srmr(fitted),
        aic=aic,
        bic=bic,
    )


def _noncentrality(chi_square: float, freedom: int, tail: float) -> float:
    """The noncentrality at which so much of the distribution lies below the chi-square found; 0 where none does."""
    if freedom == 0 or special.chdtr(freedom, chi_square) < tail:
        return 0.0
    top = max(4 * chi_square, 50.0)
    found: float = optimize.brentq(lambda lam: special.chndtr(chi_square, freedom, lam) - tail, 0.0, top, xtol=1e-8)
    return found


def _srmr(fitted: Fitted) -> float:
    total = 0.0
    for part, one in zip(implied(fitted.model, fitted.values), fitted.moments, strict=True):
        seen = np.sqrt(np.diagonal(one.covariance))
        apart = (one.covariance - part.covariance) / seen[:, None] / seen[None, :]
        lower = np.tril_indices(len(seen))
        total += one.people / fitted.people * float(np.mean(apart[lower] ** 2))
    return float(np.sqrt(total))


def _information(fitted: Fitted) -> tuple[float, float]:
    twice = 0.0
    for one in fitted.moments:
        k = len(one.means)
        twice += one.people * (k * np.log(2 * np.pi) + float(np.linalg.slogdet(one.covariance)[1]) + k)
    twice += fitted.chi_square
    free = fitted.model.size
    return twice + 2 * free, twice + np.log(fitted.people) * free
