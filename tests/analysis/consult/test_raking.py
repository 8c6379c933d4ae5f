"""Raking: against a plain twin, by hand, with bounds, and where margins cannot be met."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bestvalue.analysis.consult.calibration import calibrate_linear, trim
from bestvalue.analysis.consult.margins import crossed
from bestvalue.analysis.consult.raking import Margin, check_weights, rake
from bestvalue.errors import SpecError


def margin(name: str, codes: np.ndarray, targets: list[float]) -> Margin:
    return Margin(name=name, categories=tuple(f"{name}{at}" for at in range(len(targets))), codes=codes, targets=np.array(targets))


def plain_rake(weights: np.ndarray, margins: list[Margin]) -> np.ndarray:
    for _ in range(300):
        for one in margins:
            for cell, target in enumerate(one.targets):
                inside = one.codes == cell
                weights = np.where(inside, weights * target / weights[inside].sum(), weights)
    return weights


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_raking_equals_a_plain_twin_and_meets_every_margin(seed: int) -> None:
    chance = np.random.default_rng(seed)
    codes = [np.concatenate([np.arange(k), chance.integers(0, k, 60)])[:60] for k in (2, 3, 4)]
    start = chance.uniform(0.5, 5, 60)
    known = chance.uniform(1, 3, 60)
    margins = [margin(f"m{at}", code, np.bincount(code, weights=known).tolist()) for at, code in enumerate(codes)]
    raked = rake(start, margins)
    assert raked.met
    assert raked.weights == pytest.approx(plain_rake(start, margins), rel=1e-7)


def test_replicate_weights_are_raked_each_as_if_alone() -> None:
    chance = np.random.default_rng(1)
    margins = [margin("a", chance.integers(0, 2, 50), [60, 40]), margin("b", chance.integers(0, 3, 50), [30, 30, 40])]
    sets = chance.uniform(1, 2, (4, 50))
    together = rake(sets, margins).weights
    assert np.array_equal(together, np.stack([rake(one, margins).weights for one in sets]))


def test_an_empty_cell_names_the_margin_that_cannot_be_met() -> None:
    margins = [margin("age", np.array([0, 0, 1]), [10, 10, 10]), margin("sex", np.array([0, 1, 1]), [15, 15])]
    with pytest.raises(SpecError, match="Nobody of the sample is in age = age2"):
        rake(np.ones(3), margins)


def test_margins_of_different_totals_are_refused() -> None:
    margins = [margin("age", np.array([0, 1]), [10, 10]), margin("sex", np.array([0, 1]), [10, 12])]
    with pytest.raises(SpecError, match="age 20, sex 22"):
        rake(np.ones(2), margins)


def test_margins_that_contradict_each_other_are_named_with_their_gap() -> None:
    same = np.array([0, 0, 1, 1])
    raked = rake(np.ones(4), [margin("a", same, [10, 30]), margin("b", same, [20, 20])], most_sweeps=50)
    assert not raked.met
    assert raked.gap["a"] == pytest.approx(1.0)
    assert raked.gap["b"] == pytest.approx(0.0)


def test_bounds_are_kept_and_margins_met_when_they_can_be() -> None:
    chance = np.random.default_rng(2)
    codes = [chance.integers(0, 5, 400), chance.integers(0, 4, 400)]
    margins = [margin("a", codes[0], [100, 150, 300, 250, 200]), margin("b", codes[1], [400, 200, 250, 150])]
    free = rake(np.ones(400), margins)
    widest = (free.weights / 2.5).max()
    bounded = rake(np.ones(400), margins, bounds=(0.3, 0.95 * widest), tolerance=1e-8)
    assert (bounded.weights / 2.5).max() <= 0.95 * widest + 1e-9
    assert bounded.met
    assert bounded.bounded > 0


def test_bounds_too_tight_leave_a_named_gap() -> None:
    raked = rake(np.ones(10), [margin("a", np.array([0] + [1] * 9), [50, 50])], bounds=(0.5, 2.0), most_sweeps=100)
    assert not raked.met
    assert raked.gap["a"] > 0.1


def test_post_stratification_gives_each_cell_its_people() -> None:
    age, sex = margin("age", np.array([0, 0, 1, 1, 1]), [1, 1]), margin("sex", np.array([0, 1, 0, 1, 1]), [1, 1])
    cells = {("age0", "sex0"): 10.0, ("age0", "sex1"): 20.0, ("age1", "sex0"): 30.0, ("age1", "sex1"): 40.0}
    weights = rake(np.ones(5), [crossed(age, sex, population=cells)]).weights
    assert weights == pytest.approx([10, 20, 30, 20, 20])


@pytest.mark.parametrize("bad", [0.0, -1.0, float("nan")])
def test_weights_that_stand_for_nobody_are_refused(bad: float) -> None:
    with pytest.raises(SpecError, match="1 of 3 weights are zero, negative or missing"):
        check_weights(np.array([1.0, bad, 2.0]))


def test_linear_calibration_is_the_regression_estimator() -> None:
    chance = np.random.default_rng(3)
    weights, x = chance.uniform(1, 3, 80), np.column_stack([np.ones(80), chance.normal(5, 1, 80)])
    totals, y = np.array([200.0, 1100.0]), chance.normal(0, 1, 80)
    made = calibrate_linear(weights, x, totals)
    slope = np.linalg.solve((x * weights[:, None]).T @ x, (x * weights[:, None]).T @ y)
    assert made.met
    assert made.weights @ y == pytest.approx(weights @ y + (totals - weights @ x) @ slope, rel=1e-9)


def test_bounded_calibration_keeps_its_bounds() -> None:
    chance = np.random.default_rng(4)
    x = np.column_stack([np.ones(200), chance.normal(5, 2, 200)])
    made = calibrate_linear(np.ones(200), x, np.array([200.0, 1150.0]), bounds=(0.6, 1.8))
    assert made.met
    assert made.ratios.min() >= 0.6
    assert made.ratios.max() <= 1.8
    assert (made.ratios == 0.6).any()


def test_trimming_keeps_the_total_and_the_limit() -> None:
    weights = np.array([1.0, 1, 1, 1, 10])
    made = trim(weights, highest=3)
    assert made.sum() == pytest.approx(14)
    assert made.max() <= 3 + 1e-12
