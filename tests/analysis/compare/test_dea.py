"""Data envelopment analysis: printed textbook scores, an independent solver, and what must hold for any data."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.optimize import linprog

from bestvalue.analysis.compare.dea_lp import Envelopment, Limits, envelopment, multipliers
from bestvalue.analysis.compare.dea_simplex import CONSTANT, DECREASING, INCREASING, INFEASIBLE, SOLVED, VARIABLE, fast_scores

SCALE = {"constant": CONSTANT, "variable": VARIABLE, "decreasing": DECREASING, "increasing": INCREASING}
EVERY_MODEL = [(orientation, returns) for orientation in ("input", "output") for returns in SCALE]

# Cooper, Seiford, Tone, Data Envelopment Analysis, 2nd ed. (2007), table 1.1: eight shops, employees and sales
SHOPS = np.array([[2.0], [3], [3], [4], [5], [5], [6], [8]]), np.array([[1.0], [3], [2], [3], [4], [2], [3], [5]])
# the same, example 2.2 (tables 2.2 and 2.3): six units, two inputs, one output of 1; scores and reference sets as printed
SIX = np.array([[4.0, 3], [7, 3], [8, 1], [4, 2], [2, 4], [10, 1]]), np.ones((6, 1))
# Charnes, Cooper, Rhodes (1981), Management Science 27: 70 school sites; as R heplots::schooldata lists them
FOLLOW_THROUGH = pl.read_csv(Path(__file__).parent / "follow_through.csv").drop("site").to_numpy().astype(float)

Floats = NDArray[np.float64]


def solve(inputs: Floats, outputs: Floats, orientation: str, returns: str, **options: bool) -> Envelopment:
    return envelopment(
        reference_inputs=inputs,
        reference_outputs=outputs,
        inputs=inputs,
        outputs=outputs,
        orientation=orientation,  # type: ignore[arg-type]
        returns=returns,  # type: ignore[arg-type]
        **options,
    )


def fast(inputs: Floats, outputs: Floats, orientation: str, returns: str, *, from_itself: bool = True, threads: int = 1) -> Floats:
    found = fast_scores(
        reference_inputs=inputs,
        reference_outputs=outputs,
        inputs=inputs,
        outputs=outputs,
        own=np.arange(len(inputs)) if from_itself else None,
        output_oriented=orientation == "output",
        returns=SCALE[returns],
        threads=threads,
    )
    assert (found.status == SOLVED).all()
    return found.score


def make(seed: int, units: int, inputs: int, outputs: int) -> tuple[Floats, Floats]:
    chance = np.random.default_rng(seed)
    x = chance.uniform(1, 10, (units, inputs))
    y = (x.prod(axis=1) ** (0.8 / inputs))[:, None] * chance.dirichlet(np.full(outputs, 5.0), units) * chance.uniform(0.4, 1, (units, 1))
    return x, y


data_sets = st.builds(make, st.integers(0, 2**32), st.integers(6, 30), st.integers(1, 3), st.integers(1, 3))


def test_the_eight_shops_have_the_printed_ccr_scores() -> None:
    printed = [0.5, 1, 2 / 3, 0.75, 0.8, 0.4, 0.5, 0.625]
    assert solve(*SHOPS, "input", "constant").score == pytest.approx(printed, abs=1e-9)


def test_six_units_have_the_printed_scores_peers_and_slack() -> None:
    found = solve(*SIX, "input", "constant")
    assert found.score == pytest.approx([6 / 7, 12 / 19, 1, 1, 1, 1], abs=1e-9)
    assert found.weights[0, [3, 4]] == pytest.approx([5 / 7, 2 / 7], abs=1e-7)
    assert found.weights[1, [2, 3]] == pytest.approx([2 / 19, 17 / 19], abs=1e-7)
    # unit F is on the frontier by its score and yet wastes 2 of its first input: C does the same with 8
    assert found.input_slack[5] == pytest.approx([2, 0], abs=1e-7)


def test_the_follow_through_sites_have_the_ccr_scores_of_an_r_package() -> None:
    # R package DEA (Bernstein), README: min 0.7883, quartiles 0.9002, 0.9404, 1, mean 0.9378; 19 of 70 efficient
    score = fast(FOLLOW_THROUGH[:, :5], FOLLOW_THROUGH[:, 5:], "input", "constant")
    assert np.quantile(score, [0, 0.25, 0.5, 0.75]) == pytest.approx([0.7883, 0.9002, 0.9404, 1], abs=5e-5)
    assert score.mean() == pytest.approx(0.9378, abs=5e-5)
    assert int((score > 1 - 1e-9).sum()) == 19


@pytest.mark.parametrize(("orientation", "returns"), EVERY_MODEL)
def test_the_compiled_scores_are_those_of_highs_to_eight_decimals(orientation: str, returns: str) -> None:
    for inputs, outputs in (make(1, 150, 3, 3), (FOLLOW_THROUGH[:, :5], FOLLOW_THROUGH[:, 5:])):
        reference = solve(inputs, outputs, orientation, returns, slacks=False).score
        assert np.abs(fast(inputs, outputs, orientation, returns) - reference).max() < 1e-8
        assert np.abs(fast(inputs, outputs, orientation, returns, from_itself=False) - reference).max() < 1e-8


def test_scores_are_those_of_an_independent_solver() -> None:
    inputs, outputs = make(3, 40, 2, 2)
    twin = []
    for x, y in zip(inputs, outputs, strict=True):
        # theta, then the weights; scipy's own programme, written out here
        upper = np.vstack([np.column_stack([-x, inputs.T]), np.column_stack([np.zeros(2), -outputs.T])])
        solved = linprog(
            np.append(1.0, np.zeros(40)),
            A_ub=upper,
            b_ub=np.append(np.zeros(2), -y),
            A_eq=np.append(0.0, np.ones(40))[None],
            b_eq=[1.0],
            method="highs-ds",
        )
        twin.append(solved.fun)
    assert np.abs(fast(inputs, outputs, "input", "variable") - twin).max() < 1e-8


@given(data=data_sets, model=st.sampled_from(EVERY_MODEL))
@settings(max_examples=25, deadline=None)
def test_the_dual_programme_has_the_primals_value(data: tuple[Floats, Floats], model: tuple[str, str]) -> None:
    orientation, returns = model
    dual = multipliers(inputs=data[0], outputs=data[1], orientation=orientation, returns=returns)  # type: ignore[arg-type]
    assert np.abs(dual.score - fast(*data, *model)).max() < 1e-7


@given(data=data_sets, model=st.sampled_from(EVERY_MODEL), factors=st.lists(st.floats(1e-4, 1e4), min_size=6, max_size=6))
@settings(max_examples=40, deadline=None)
def test_the_unit_of_a_variable_does_not_matter(data: tuple[Floats, Floats], model: tuple[str, str], factors: list[float]) -> None:
    inputs, outputs = data
    other = inputs * factors[: inputs.shape[1]], outputs * factors[3 : 3 + outputs.shape[1]]
    assert np.abs(fast(*other, *model) - fast(*data, *model)).max() < 1e-8


@given(data=data_sets, model=st.sampled_from(EVERY_MODEL))
@settings(max_examples=25, deadline=None)
def test_one_more_unit_in_the_reference_never_raises_an_efficiency(data: tuple[Floats, Floats], model: tuple[str, str]) -> None:
    few = fast(data[0][:-1], data[1][:-1], *model)
    more = fast(*data, *model)[:-1]
    assert ((more <= few + 1e-9) if model[0] == "input" else (more >= few - 1e-9)).all()


@given(data=data_sets)
@settings(max_examples=25, deadline=None)
def test_variable_returns_are_kindest_and_constant_returns_hardest(data: tuple[Floats, Floats]) -> None:
    constant, variable, decreasing, increasing = (fast(*data, "input", returns) for returns in SCALE)
    assert (constant <= np.minimum(decreasing, increasing) + 1e-9).all()
    assert (np.maximum(decreasing, increasing) <= variable + 1e-9).all()
    assert np.allclose(np.maximum(decreasing, increasing), variable, atol=1e-8)


@given(data=data_sets)
@settings(max_examples=15, deadline=None)
def test_targets_are_a_combination_of_peers_and_leave_no_slack(data: tuple[Floats, Floats]) -> None:
    inputs, outputs = data
    found = solve(inputs, outputs, "input", "variable")
    assert np.allclose(found.weights @ inputs, found.score[:, None] * inputs - found.input_slack, atol=1e-6)
    assert np.allclose(found.weights @ outputs, outputs + found.output_slack, atol=1e-6)
    assert found.weights.sum(axis=1) == pytest.approx(np.ones(len(inputs)), abs=1e-7)


def test_output_scores_at_constant_returns_are_the_reciprocals_of_input_scores() -> None:
    data = make(9, 60, 3, 2)
    assert fast(*data, "output", "constant") == pytest.approx(1 / fast(*data, "input", "constant"), abs=1e-9)


def test_super_efficiency_is_the_score_of_inefficient_units_and_at_least_one_for_the_others() -> None:
    plain, without = solve(*SIX, "input", "constant").score, solve(*SIX, "input", "constant", without_itself=True).score
    assert without[:2] == pytest.approx(plain[:2], abs=1e-9)
    assert (without[2:] >= 1 - 1e-9).all()
    # D (4, 2) without itself, by hand: a of C (8, 1) and 1 - a of E (2, 4) lie on its ray where 2 + 6a = 2 (4 - 3a), a = 1/2: (5, 2.5)
    assert without[3] == pytest.approx(5 / 4, abs=1e-9)


def test_a_unit_that_nobody_can_match_is_named_infeasible() -> None:
    inputs, outputs = np.array([[1.0], [2], [3]]), np.array([[1.0], [2], [9]])
    found = solve(inputs, outputs, "input", "variable", without_itself=True)
    assert found.status == ("solved", "solved", "infeasible")
    assert np.isnan(found.score[2])
    quick = fast_scores(
        reference_inputs=inputs[:2],
        reference_outputs=outputs[:2],
        inputs=inputs[2:],
        outputs=outputs[2:],
        own=None,
        output_oriented=False,
        returns=VARIABLE,
    )
    assert quick.status.tolist() == [INFEASIBLE]


def test_limits_on_weights_bind_and_never_raise_an_efficiency() -> None:
    inputs, outputs = make(5, 40, 2, 2)
    free = multipliers(inputs=inputs, outputs=outputs, orientation="input", returns="constant")
    limits = Limits(inputs={0: (0.3, 0.7), 1: (0.3, 0.7)}, outputs={0: (0.2, 0.8), 1: (0.2, 0.8)})
    bound = multipliers(inputs=inputs, outputs=outputs, orientation="input", returns="constant", limits=limits)
    assert (bound.score <= free.score + 1e-9).all()
    assert bound.score.mean() < free.score.mean() - 0.01
    shares = bound.input_weights * inputs
    assert shares.sum(axis=1) == pytest.approx(np.ones(40), abs=1e-7)
    assert ((shares >= 0.3 - 1e-7) & (shares <= 0.7 + 1e-7)).all()


def test_scores_do_not_depend_on_the_number_of_threads() -> None:
    data = make(11, 200, 3, 3)
    one, three = (fast(*data, "input", "variable", threads=threads) for threads in (1, 3))
    assert np.abs(one - three).max() < 1e-12


@pytest.mark.parametrize(("orientation", "returns"), EVERY_MODEL)
def test_many_units_with_equal_data_do_not_make_the_search_turn_in_circles(orientation: str, returns: str) -> None:
    inputs, outputs = np.ones((50, 3)), np.ones((50, 3))
    inputs[::7] = 2.0
    reference = solve(inputs, outputs, orientation, returns, slacks=False).score
    for from_itself in (True, False):
        assert fast(inputs, outputs, orientation, returns, from_itself=from_itself) == pytest.approx(reference, abs=1e-9)
    assert reference[1] == pytest.approx(1.0)
