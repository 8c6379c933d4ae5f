"""Ours beside R's: psych, survey and lavaan on answers made by arithmetic, on bfi and on Holzinger and Swineford's nine tests.

The numbers in r_numbers.json are R's, with the versions of its packages; benchmarks/r/golden.R printed them. Agreement is to four
digits where both iterate to their own tolerance, and to nine where the formula is closed.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.analysis.consult import oracle_sample as drawn
from tests.analysis.consult.holzinger import BELONGS as NINE
from tests.analysis.consult.holzinger import SCHOOLS, together
from tests.analysis.consult.r_data import BELONGS, answers, ratings, with_moments

from bestvalue.analysis.consult.agreement import cohen_kappa
from bestvalue.analysis.consult.confirmatory import fit, moments_of
from bestvalue.analysis.consult.confirmatory_model import make_model
from bestvalue.analysis.consult.estimation import Errors, estimate_mean, estimate_quantile, estimate_ratio, estimate_total
from bestvalue.analysis.consult.exploratory import explore
from bestvalue.analysis.consult.factorability import sampling_adequacy, sphericity
from bestvalue.analysis.consult.fit_indices import FitIndices, fit_indices
from bestvalue.analysis.consult.intraclass import intraclass_correlations
from bestvalue.analysis.consult.invariance import measure_invariance
from bestvalue.analysis.consult.linearised import Design
from bestvalue.analysis.consult.polychoric import polychoric
from bestvalue.analysis.consult.raking import rake
from bestvalue.analysis.consult.reliability_scale import cronbach_alpha, item_fit, mcdonald_omega
from bestvalue.analysis.consult.replicates import make_replicates

SAID: dict[str, Any] = json.loads((Path(__file__).parent / "r_numbers.json").read_text())
INDICES = ("cfi", "rmsea", "rmsea.ci.lower", "rmsea.ci.upper", "srmr_bentler_nomean")
"""SRMR is of covariances here; lavaan's plain one counts means too where a model of groups has them."""
CLOSED, ITERATED = 1e-9, 1e-4
SCORES, GROUP = answers()
FIRST = SCORES[:, :4]


def check_scale(scores: np.ndarray, said: dict[str, Any]) -> None:
    alpha = cronbach_alpha(scores)
    assert (alpha.alpha, alpha.low, alpha.high) == pytest.approx((said["alpha"], said["low"], said["high"]), rel=CLOSED)
    items = item_fit(scores)
    assert items.rest == pytest.approx(said["rest"], rel=CLOSED)
    assert items.alpha_without == pytest.approx(said["without"], rel=CLOSED)
    omega = mcdonald_omega(scores, chance=np.random.default_rng(1), bootstraps=0).omega
    assert omega == pytest.approx(said["omega"], abs=ITERATED)


def check_fit(found: FitIndices, said: dict[str, Any]) -> None:
    assert found.freedom == said["df"]
    assert found.chi_square == pytest.approx(said["chisq"], rel=1e-6)
    ours = (found.cfi, found.rmsea, found.rmsea_low, found.rmsea_high, found.srmr)
    assert ours == pytest.approx([said[name] for name in INDICES], abs=ITERATED)
    assert found.tli == pytest.approx(said["tli"], abs=ITERATED)
    assert (found.aic, found.bic) == pytest.approx((said["aic"], said["bic"]), abs=1e-3)


def test_alpha_its_interval_the_items_and_omega_are_psychs() -> None:
    check_scale(FIRST, SAID["scale"])


def test_adequacy_and_sphericity_are_psychs() -> None:
    correlation = np.corrcoef(SCORES.T)
    whole, each = sampling_adequacy(correlation)
    assert whole == pytest.approx(SAID["kmo"], rel=CLOSED)
    assert each == pytest.approx(SAID["kmo_each"], rel=CLOSED)
    found = sphericity(correlation, people=len(SCORES))
    assert (found.chi_square, found.freedom) == pytest.approx((SAID["bartlett"]["chisq"], SAID["bartlett"]["df"]), rel=CLOSED)


def matched(ours: np.ndarray, theirs: np.ndarray) -> np.ndarray:
    """The columns of ours in the order and with the sign of theirs."""
    likeness = ours.T @ theirs
    order = np.abs(likeness).argmax(axis=0)
    assert sorted(order) == list(range(theirs.shape[1]))
    turned: np.ndarray = ours[:, order] * np.sign(likeness[order, np.arange(len(order))])
    return turned


def test_oblimin_after_maximum_likelihood_gives_psychs_loadings() -> None:
    found = explore(np.corrcoef(SCORES.T), factors=3, people=len(SCORES), extraction="ml", rotation="oblimin")
    said = np.array(SAID["oblimin"]["loadings"])
    assert matched(found.loadings, said) == pytest.approx(said, abs=1e-3)  # both turn until they gain no more than 1e-5 of the criterion
    assert (found.chi_square, found.freedom) == pytest.approx((SAID["oblimin"]["chi_square"], SAID["oblimin"]["df"]), rel=ITERATED)


def test_least_squares_leave_psychs_unique_variances_and_varimax_its_loadings() -> None:
    found = explore(np.corrcoef(SCORES.T), factors=3, people=len(SCORES), extraction="minres", rotation="varimax")
    assert found.uniquenesses == pytest.approx(SAID["varimax"]["uniquenesses"], abs=ITERATED)
    said = np.array(SAID["varimax"]["loadings"])
    assert matched(found.loadings, said) == pytest.approx(said, abs=1e-3)


def test_polychoric_correlations_are_psychs() -> None:
    assert polychoric(FIRST).correlation == pytest.approx(np.array(SAID["polychoric"]), abs=2e-4)  # psych searches to 1e-4


def test_a_model_of_three_scales_fits_as_in_lavaan() -> None:
    fitted = fit(make_model(BELONGS), [moments_of(SCORES)])
    check_fit(fit_indices(fitted), SAID["cfa"])
    loadings = fitted.standardised()[np.arange(len(BELONGS)), BELONGS]
    assert np.abs(loadings) == pytest.approx(SAID["cfa"]["standardised"], abs=ITERATED)


def test_four_steps_of_invariance_are_lavaans() -> None:
    groups = {name: moments_of(SCORES[at == GROUP]) for at, name in enumerate(("one", "two"))}
    for rung in measure_invariance(groups, BELONGS).rungs:
        check_fit(rung.indices, SAID["invariance"][rung.step])


def test_holzinger_and_swineford_fit_as_in_lavaan() -> None:
    check_fit(fit_indices(fit(make_model(NINE), [together()])), SAID["holzinger"]["cfa"])
    for rung in measure_invariance(SCHOOLS, NINE).rungs:
        check_fit(rung.indices, SAID["holzinger"]["invariance"][rung.step])


def test_five_scales_of_bfi_are_psychs_and_lavaans() -> None:
    said = SAID["bfi"]
    scores = with_moments(np.array(said["covariance"]), said["people"])
    for at, scale in enumerate(said["scales"]):
        check_scale(scores[:, 5 * at : 5 * at + 5], scale)
    correlation = np.corrcoef(scores.T)
    assert sampling_adequacy(correlation)[0] == pytest.approx(said["kmo"], rel=1e-8)
    assert sphericity(correlation, people=said["people"]).chi_square == pytest.approx(said["bartlett"]["chisq"], rel=1e-8)
    found = fit_indices(fit(make_model(tuple(item // 5 for item in range(25))), [moments_of(scores)]))
    assert (found.chi_square, found.freedom) == pytest.approx((said["cfa"]["chisq"], said["cfa"]["df"]), rel=1e-6)
    assert (found.cfi, found.rmsea, found.srmr) == pytest.approx([said["cfa"][name] for name in ("cfi", "rmsea", "srmr")], abs=ITERATED)


def test_six_intraclass_correlations_and_their_intervals_are_psychs() -> None:
    found = intraclass_correlations(ratings())
    for name, ours in (("value", [one.value for one in found]), ("low", [one.low for one in found]), ("high", [one.high for one in found])):
        assert ours == pytest.approx(SAID["icc"][name], abs=ITERATED), name


def test_kappa_plain_and_weighted_is_psychs() -> None:
    one, two = ratings()[:, 0], ratings()[:, 1]
    plain = cohen_kappa(one, two)
    assert plain.value == pytest.approx(SAID["kappa"]["plain"], rel=CLOSED)
    assert cohen_kappa(one, two, weights="linear").value == pytest.approx(SAID["kappa"]["linear"], rel=CLOSED)
    assert cohen_kappa(one, two, weights="quadratic").value == pytest.approx(SAID["kappa"]["quadratic"], rel=CLOSED)
    assert (plain.high - plain.low) / 2 / 1.959963984540054 == pytest.approx(SAID["kappa"]["error"], rel=1e-6)


def test_every_estimate_and_its_error_is_surveys_to_six_digits() -> None:
    said = SAID["sample"]
    weights = rake(drawn.WEIGHTS, drawn.MARGINS, tolerance=1e-13).weights
    post = rake(drawn.WEIGHTS, drawn.MARGINS[:1]).weights
    place = {"strata": drawn.STRATA, "clusters": drawn.CLUSTERS}
    plain = Errors(design=Design(weights=drawn.WEIGHTS, **place))
    raked = Errors(design=Design(weights=weights, margins=drawn.MARGINS, before=drawn.WEIGHTS, **place))
    after = Errors(design=Design(weights=post, margins=drawn.MARGINS[:1], before=drawn.WEIGHTS, **place))
    jackknife = make_replicates("JKn", weights=drawn.WEIGHTS, **place)
    found = {
        "mean": estimate_mean(drawn.Y, plain),
        "total": estimate_total(drawn.Y, plain),
        "ratio": estimate_ratio(drawn.Y, drawn.Z, plain),
        "domain": estimate_mean(drawn.Y, plain, inside=drawn.DOMAIN),
        "raked_mean": estimate_mean(drawn.Y, raked),
        "raked_total": estimate_total(drawn.Y, raked),
        "raked_domain": estimate_mean(drawn.Y, raked, inside=drawn.DOMAIN),
        "post_mean": estimate_mean(drawn.Y, after),
        "jkn_mean": estimate_mean(drawn.Y, Errors(design=plain.design, replicates=jackknife)),
        "jkn_raked_mean": estimate_mean(drawn.Y, Errors(design=raked.design, replicates=jackknife.raked(drawn.MARGINS))),
    }
    for name, one in found.items():
        assert (one.value, one.error) == pytest.approx(said[name], rel=1e-6), name
    assert weights[:12] == pytest.approx(said["raked_weights"], rel=CLOSED)
    assert found["mean"].design_effect == pytest.approx(said["design_effect"], rel=CLOSED)


def test_a_share_has_surveys_logit_interval_and_quantiles_are_within_one_observation() -> None:
    plain = Errors(design=Design(weights=drawn.WEIGHTS, strata=drawn.STRATA, clusters=drawn.CLUSTERS))
    share = estimate_mean((drawn.A == 1).astype(float), plain, share=True)
    assert (share.value, share.low, share.high) == pytest.approx(SAID["sample"]["share"], rel=1e-6)
    known = np.unique(drawn.Y)
    for level, said in zip((0.25, 0.5, 0.9), SAID["sample"]["quantiles"], strict=True):
        ours = estimate_quantile(drawn.Y, level, plain).value
        assert abs(np.searchsorted(known, ours) - np.searchsorted(known, said)) <= 1


def test_the_numbers_say_which_r_they_come_from() -> None:
    assert set(SAID["versions"]) == {"R", "psych", "survey", "lavaan", "GPArotation"}
