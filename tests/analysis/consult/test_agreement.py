"""Agreement coefficients against published examples, and their intervals against what they claim."""

import numpy as np
import pytest
from scipy import stats

from bestvalue.analysis.consult.agreement import cohen_kappa, fleiss_kappa, gwet
from bestvalue.analysis.consult.krippendorff import krippendorff_alpha
from bestvalue.errors import SpecError

NAN = float("nan")
KRIPPENDORFF = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, NAN, NAN, NAN],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NAN, 3],
        [NAN, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NAN],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NAN],
    ]
).T
"""Twelve units, four observers: Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, section C."""


@pytest.mark.parametrize(("metric", "published"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)])
def test_krippendorffs_published_example(metric: str, published: float) -> None:
    assert krippendorff_alpha(KRIPPENDORFF, metric=metric, bootstraps=0).value == pytest.approx(published, abs=0.0006)  # type: ignore[arg-type]


def test_gwets_published_example() -> None:
    # The same twelve units are Gwet's (Handbook, 2014; cac.raw4raters of irrCAC): AC1 0.77544, standard error 0.14295, interval 0.461 to 1.
    found = gwet(KRIPPENDORFF)
    assert found.value == pytest.approx(0.77544, abs=1e-5)
    assert (found.value - found.low) / stats.t.ppf(0.975, 11) == pytest.approx(0.14295, abs=1e-5)
    assert found.low == pytest.approx(0.461, abs=0.001)
    assert found.high == 1.0


def test_fleiss_published_example() -> None:
    # Fourteen coders, ten patients, five diagnoses, as the usual worked example prints: 0.210
    table = [
        [0, 0, 0, 0, 14],
        [0, 2, 6, 4, 2],
        [0, 0, 3, 5, 6],
        [0, 3, 9, 2, 0],
        [2, 2, 8, 1, 1],
        [7, 7, 0, 0, 0],
        [3, 2, 6, 3, 0],
        [2, 5, 3, 2, 2],
        [6, 5, 2, 1, 0],
        [0, 2, 2, 3, 7],
    ]
    ratings = np.array([np.repeat(np.arange(5.0), row) for row in table])
    assert fleiss_kappa(ratings) == pytest.approx(0.210, abs=0.0005)


def test_weighted_kappa_counts_near_misses_less() -> None:
    one = np.array([1.0, 2, 3, 4, 1, 2, 3, 4])
    near, far = np.array([1.0, 2, 3, 4, 2, 3, 4, 3]), np.array([1.0, 2, 3, 4, 4, 4, 1, 1])
    assert cohen_kappa(one, near).value == pytest.approx(cohen_kappa(one, far).value, abs=0.1)
    assert cohen_kappa(one, near, weights="quadratic").value > cohen_kappa(one, far, weights="quadratic").value + 0.5


def plain_alpha(ratings: np.ndarray) -> float:
    """Nominal alpha straight from its definition, pair by pair."""
    units = [unit[~np.isnan(unit)] for unit in ratings]
    units = [unit for unit in units if len(unit) > 1]
    values = np.concatenate(units)
    seen = sum((a != b) / (len(unit) - 1) for unit in units for i, a in enumerate(unit) for j, b in enumerate(unit) if i != j) / len(values)
    expected = sum(a != b for i, a in enumerate(values) for j, b in enumerate(values) if i != j) / (len(values) * (len(values) - 1))
    return float(1 - seen / expected)


def test_alpha_equals_its_definition_pair_by_pair() -> None:
    chance = np.random.default_rng(1)
    ratings = np.where(chance.random((25, 4)) < 0.3, np.nan, chance.integers(0, 3, (25, 4)).astype(float))
    assert krippendorff_alpha(ratings, bootstraps=0).value == pytest.approx(plain_alpha(ratings), rel=1e-12)


def test_resampled_alphas_are_those_of_the_units_drawn() -> None:
    chance = np.random.default_rng(2)
    ratings = chance.integers(0, 3, (30, 2)).astype(float)
    found = krippendorff_alpha(ratings, bootstraps=200, chance=np.random.default_rng(3))
    again = np.random.default_rng(3)
    plain = [plain_alpha(ratings[again.integers(0, 30, 30, dtype=np.int32)]) for _ in range(200)]
    assert (found.low, found.high) == pytest.approx(tuple(np.quantile(plain, [0.025, 0.975])), rel=1e-9)


def test_the_interval_holds_the_true_alpha_about_as_often_as_it_says() -> None:
    # Two coders each give the true one of two even codes with chance q, else the other: alpha tends to (2 q - 1)^2.
    chance, q = np.random.default_rng(4), 0.85
    held = 0
    for _ in range(150):
        true = chance.integers(0, 2, 200)
        ratings = np.stack([np.where(chance.random(200) < q, true, 1 - true) for _ in range(2)], axis=1).astype(float)
        found = krippendorff_alpha(ratings, bootstraps=200, chance=chance, confidence=0.9)
        held += found.low <= (2 * q - 1) ** 2 <= found.high
    assert stats.binomtest(held, 150, 0.9).pvalue > 1e-3


def test_codes_that_one_coder_gave_are_refused() -> None:
    with pytest.raises(SpecError, match="No unit was coded by two"):
        krippendorff_alpha(np.array([[1.0, NAN], [NAN, 2.0]]))


def test_one_code_only_is_refused() -> None:
    with pytest.raises(SpecError, match="Only one code"):
        krippendorff_alpha(np.ones((5, 2)))
