import numpy as np
import pytest

from bestvalue.analysis.compete.rates.deflators import price_index, published_deflator
from bestvalue.analysis.compete.rates.discounting import discount_factors, edition_named, editions
from bestvalue.analysis.compete.rates.optimism import managed, mixed, project_types
from bestvalue.dataset.dataset import Dataset
from bestvalue.errors import SpecError


@pytest.mark.parametrize(("year", "factor"), [(0, 1.0), (10, 0.70892), (30, 0.35628), (31, 0.34590)])
def test_discount_factors_are_those_of_the_green_book(year: int, factor: float) -> None:
    assert round(float(discount_factors(edition_named().schedules["standard"], years=31)[year]), 5) == factor


def test_factors_do_not_jump_where_the_rate_steps_down() -> None:
    """Year 76 is year 75 over 1.025, not 1.025 to the power of 76: the second kink, as the R package greenbook 0.1.0 tests it."""
    factors = discount_factors(edition_named().schedules["standard"], years=400)
    assert factors[75] == pytest.approx(1 / (1.035**30 * 1.03**45), rel=1e-12)
    assert factors[76] == pytest.approx(factors[75] / 1.025, rel=1e-12)
    assert (np.diff(factors) < 0).all()


def test_each_schedule_covers_every_year_once() -> None:
    for edition in editions().values():
        for schedule in edition.schedules.values():
            years = [year for first, last, _ in schedule.bands for year in range(first, last + 1)]
            assert years == list(range(len(years))), (edition.name, schedule.name)


def test_the_latest_edition_is_used_and_says_where_it_is_from() -> None:
    assert edition_named().name == "Green Book 2026"
    assert "2026" in edition_named().source
    assert edition_named("Green Book 2022").published.year == 2022


def test_an_edition_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(SpecError, match="no edition 'Green Book 1999'") as refused:
        edition_named("Green Book 1999")
    assert "Green Book 2026" in refused.value.next_step


def test_a_horizon_beyond_the_schedule_is_refused() -> None:
    with pytest.raises(SpecError, match="Year 1001 is beyond"):
        discount_factors(edition_named().schedules["standard"], years=1001)


def test_optimism_bias_of_the_published_examples() -> None:
    """HM Treasury: 51% upper with 92% managed leaves 4%; a project of 30% non-standard and 70% standard buildings has 32.1%."""
    types = project_types()
    assert round(managed(types["non-standard buildings"].upper, managed_share=0.92), 2) == 0.04
    assert mixed([(30, types["non-standard buildings"].upper), (70, types["standard buildings"].upper)]) == pytest.approx(0.321)


def test_every_type_of_project_of_the_contract_has_a_rate() -> None:
    from bestvalue.dataset.tables.appraisal import OPTION_FLOWS

    assert set(project_types()) == set(OPTION_FLOWS.column("project_type").allowed or {})


def test_a_deflator_takes_money_there_and_back() -> None:
    """HM Treasury, December 2025: 2023 is 96.2507 and 2024 is 100."""
    index = published_deflator()
    assert index.factor(of="2023", into="2024") == pytest.approx(100 / 96.2507)
    there, back = index.factor(of="1990", into="2024"), index.factor(of="2024", into="1990")
    assert there is not None
    assert back is not None
    assert there * back == pytest.approx(1)
    assert index.factor(of="2024", into="2031") is None


def test_a_financial_year_is_three_quarters_of_one_calendar_year_and_one_of_the_next() -> None:
    assert published_deflator().levels["2023/24"] == pytest.approx(0.75 * 96.2507 + 0.25 * 100)


def test_the_force_may_bring_a_later_index(force_data: Dataset) -> None:
    index = price_index(force_data)
    assert index.factor(of="2024/25", into="2025/26") == pytest.approx(1.02, rel=1e-6)
    assert index.source == "invented for this data set"
