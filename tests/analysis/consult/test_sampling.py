"""Sizes against textbooks and simulation, allocations against their definitions, draws by seed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from tests.analysis.consult.conftest import MakeDataset, Survey

from bestvalue.analysis.consult.allocation import allocate, margin_of, size_for_change, size_for_margin
from bestvalue.analysis.consult.sampling import ANALYSIS, Spec
from bestvalue.errors import SpecError


def test_the_margin_of_the_size_for_a_margin_is_that_margin() -> None:
    size = size_for_margin(margin=0.04, share=0.3, population=5000, design_effect=1.4)
    # Cochran's correction uses (N - 1) / N of the variance: the two part by one in N.
    assert float(margin_of(np.array(size), share=0.3, population=5000, design_effect=1.4)) == pytest.approx(0.04, rel=2e-3)


def test_the_size_for_a_change_finds_it_as_often_as_it_says() -> None:
    size = round(size_for_change(before=0.4, after=0.5, power=0.8))
    chance = np.random.default_rng(1)
    one, two = chance.binomial(size, 0.4, 4000) / size, chance.binomial(size, 0.5, 4000) / size
    pooled = (one + two) / 2
    found = np.abs(two - one) / np.sqrt(2 * pooled * (1 - pooled) / size) > 1.959964
    assert stats.binomtest(int(found.sum()), 4000, 0.8).pvalue > 1e-3


@given(people=st.lists(st.integers(10, 10_000), min_size=1, max_size=12), share=st.floats(0.05, 0.9), least=st.integers(0, 10))
def test_an_allocation_adds_up_and_keeps_its_bounds(people: list[int], share: float, least: int) -> None:
    population = np.array(people, dtype=float)
    total = max(int(share * population.sum()), least * len(people))
    for method in ("proportional", "equal", "power", "neyman"):
        given_ = allocate(total, population, method=method, least=least)  # type: ignore[arg-type]
        assert given_.sum() == total
        assert (given_ <= population).all()
        assert (given_ >= least).all()


def test_neymans_allocation_has_the_smallest_variance_of_all_splits() -> None:
    people, spread = np.array([400.0, 600.0]), np.array([5.0, 1.0])

    def variance(first: int) -> float:
        return float((people**2 * spread**2 / np.array([first, 100 - first])).sum())

    best = min(range(1, 100), key=variance)
    assert allocate(100, people, method="neyman", deviation=spread)[0] == pytest.approx(best, abs=1)


def test_more_in_each_area_than_in_all_is_refused() -> None:
    with pytest.raises(SpecError, match="in each of 3 strata add up to 60, more than 50"):
        allocate(50, np.full(3, 100.0), method="equal", least=20)


def test_the_plan_keeps_the_margin_and_draws_the_same_by_the_same_seed(survey: Survey) -> None:
    one, two, other = (
        ANALYSIS.run(survey.dataset, Spec(allocation="proportional", least=0, area_margin=0.4, seed=seed)) for seed in (1, 1, 2)
    )
    assert one.tables["draw"].rows.equals(two.tables["draw"].rows)
    assert not one.tables["draw"].rows.equals(other.tables["draw"].rows)
    whole = {figure.name: figure.value for statement in one.statements for figure in statement.figures}["margin of the whole"]
    assert whole <= 0.03
    invited = one.tables["areas"].rows["invited"].sum()
    assert one.tables["draw"].rows["invited"].sum() == invited


def test_every_area_has_the_margin_asked_for(survey: Survey) -> None:
    areas = ANALYSIS.run(survey.dataset, Spec(area_margin=0.1)).tables["areas"].rows
    assert areas["margin"].max() <= 0.1


def test_no_cell_is_asked_for_more_people_than_it_has(survey: Survey) -> None:
    draw = ANALYSIS.run(survey.dataset, Spec()).tables["draw"].rows
    assert (draw["invited"] <= draw["population"]).all()


def test_an_empty_frame_is_refused(tables_of: MakeDataset) -> None:
    row = {"area_id": "A", "age_band": "x", "sex": "f", "population": 0, "interview_pence": 100}
    with pytest.raises(SpecError, match="Nobody is in the frame"):
        ANALYSIS.run(tables_of(survey_frame=[row]), Spec())
