"""Estimates and errors: against svy (and so R's survey), closed forms, and the finite population itself."""

import numpy as np
import pytest
from scipy import stats
from tests.analysis.consult.oracle_sample import CLUSTERS, DOMAIN, MARGINS, STRATA, SVY, SVY_DESIGN_EFFECT, WEIGHTS, Y, Z

from bestvalue.analysis.consult.estimation import Errors, compare_means, estimate_mean, estimate_quantile, estimate_ratio, estimate_total
from bestvalue.analysis.consult.linearised import Design, variance_of
from bestvalue.analysis.consult.raking import rake
from bestvalue.analysis.consult.replicates import Replicates, make_replicates
from bestvalue.errors import SpecError

DRAWN = Errors(design=Design(weights=WEIGHTS, strata=STRATA, clusters=CLUSTERS))
RAKED_WEIGHTS = rake(WEIGHTS, MARGINS, tolerance=1e-13).weights
RAKED = Errors(design=Design(weights=RAKED_WEIGHTS, strata=STRATA, clusters=CLUSTERS, margins=MARGINS, before=WEIGHTS))


def jackknife() -> Replicates:
    return make_replicates("JKn", weights=WEIGHTS, strata=STRATA, clusters=CLUSTERS)


def test_every_estimate_and_error_equals_svys() -> None:
    post = rake(WEIGHTS, MARGINS[:1]).weights
    post_errors = Errors(design=Design(weights=post, strata=STRATA, clusters=CLUSTERS, margins=MARGINS[:1], before=WEIGHTS))
    found = {
        "mean": estimate_mean(Y, DRAWN),
        "total": estimate_total(Y, DRAWN),
        "ratio": estimate_ratio(Y, Z, DRAWN),
        "domain": estimate_mean(Y, DRAWN, inside=DOMAIN),
        "raked mean": estimate_mean(Y, RAKED),
        "raked total": estimate_total(Y, RAKED),
        "raked domain": estimate_mean(Y, RAKED, inside=DOMAIN),
        "post-stratified mean": estimate_mean(Y, post_errors),
        "JKn mean": estimate_mean(Y, Errors(design=DRAWN.design, replicates=jackknife())),
        "JKn raked mean": estimate_mean(Y, Errors(design=RAKED.design, replicates=jackknife().raked(MARGINS))),
    }
    for name, (value, error) in SVY.items():
        assert found[name].value == pytest.approx(value, rel=1e-9), name
        assert found[name].error == pytest.approx(error, rel=1e-8), name
    assert found["mean"].design_effect == pytest.approx(SVY_DESIGN_EFFECT, rel=1e-8)


def test_a_raked_total_of_a_margin_has_no_error() -> None:
    assert estimate_total((MARGINS[0].codes == 1).astype(float), RAKED).error == pytest.approx(0, abs=1e-6)


def test_a_simple_random_sample_has_the_textbooks_error_with_its_correction() -> None:
    y = np.random.default_rng(1).normal(10, 2, 50)
    design = Design(weights=np.full(50, 4.0), strata=np.zeros(50, int), clusters=np.arange(50), fraction=np.array([0.25]))
    assert estimate_mean(y, Errors(design=design)).error == pytest.approx(y.std(ddof=1) / np.sqrt(50) * np.sqrt(0.75), rel=1e-12)


def test_jk1_of_a_mean_is_the_textbooks_error() -> None:
    y = np.random.default_rng(2).normal(10, 2, 40)
    made = make_replicates("JK1", weights=np.ones(40), strata=np.zeros(40, int), clusters=np.arange(40))
    found = made.covariance(lambda w: np.array([w @ y / w.sum()]))
    assert np.sqrt(found[0, 0]) == pytest.approx(y.std(ddof=1) / np.sqrt(40), rel=1e-10)


def test_balanced_half_samples_of_a_total_give_the_exact_variance() -> None:
    strata, clusters = np.repeat(np.arange(7), 6), np.repeat(np.arange(14), 3)
    y, weights = np.random.default_rng(3).normal(5, 1, 42), np.random.default_rng(4).uniform(1, 2, 42)
    made = make_replicates("BRR", weights=weights, strata=strata, clusters=clusters)
    found = made.covariance(lambda w: np.array([w @ y]))[0, 0]
    totals = np.bincount(clusters, weights=weights * y).reshape(7, 2)
    assert found == pytest.approx(((totals[:, 0] - totals[:, 1]) ** 2).sum(), rel=1e-10)
    assert (made.weights > 0).any(axis=0).all()  # every cluster counts in some half


def test_the_bootstrap_agrees_with_linearised_errors() -> None:
    made = make_replicates("bootstrap", weights=WEIGHTS, strata=STRATA, clusters=CLUSTERS, replicates=2000, chance=np.random.default_rng(5))
    error = estimate_mean(Y, Errors(design=DRAWN.design, replicates=made)).error
    assert error == pytest.approx(SVY["mean"][1], rel=4 / np.sqrt(2 * 2000))


def test_strata_without_two_clusters_have_no_half_samples() -> None:
    with pytest.raises(SpecError, match="4 strata do not have two clusters"):
        make_replicates("BRR", weights=WEIGHTS, strata=STRATA, clusters=CLUSTERS)


def test_a_stratum_of_one_cluster_is_counted_and_does_not_vanish() -> None:
    strata = np.where(CLUSTERS == 0, 9, STRATA)
    strata = np.unique(strata, return_inverse=True)[1]
    found = variance_of(Y[:, None] - Y.mean(), Design(weights=WEIGHTS, strata=strata, clusters=CLUSTERS))
    assert found.lonely == 1
    assert found.covariance[0, 0] > 0


def test_two_groups_within_the_same_clusters_differ_with_their_covariance() -> None:
    gap = compare_means(Y, DRAWN, first=DOMAIN, second=~DOMAIN)
    jk = jackknife()

    def apart(w: np.ndarray) -> np.ndarray:
        return np.array([w[DOMAIN] @ Y[DOMAIN] / w[DOMAIN].sum() - w[~DOMAIN] @ Y[~DOMAIN] / w[~DOMAIN].sum()])

    error = np.sqrt(jk.covariance(apart)[0, 0])
    assert gap.value == pytest.approx(apart(WEIGHTS)[0], rel=1e-12)
    assert gap.error == pytest.approx(error, rel=0.01)  # jackknife and linearisation agree to first order


def test_intervals_of_a_quantile_hold_the_populations_as_often_as_they_say() -> None:
    chance = np.random.default_rng(6)
    held = 0
    for _ in range(400):
        y = chance.exponential(1, 120)
        found = estimate_quantile(
            y, 0.5, Errors(design=Design(weights=np.ones(120), strata=np.zeros(120, int), clusters=np.arange(120)), confidence=0.9)
        )
        held += found.low <= np.log(2) <= found.high
    assert stats.binomtest(held, 400, 0.9).pvalue > 1e-3


def test_a_share_of_all_or_none_stays_within_its_bounds() -> None:
    for value in (0.0, 1.0):
        found = estimate_mean(np.full(240, value), DRAWN, share=True)
        assert found.value == found.low == found.high == value
