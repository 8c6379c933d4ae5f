from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from bestvalue.analysis.compete.appraisal import ANALYSIS, Spec
from bestvalue.analysis.compete.appraisal_criteria import Scores, first_shares, steady_range
from bestvalue.analysis.compete.appraisal_flows import CATEGORIES, read_flows
from bestvalue.analysis.compete.appraisal_simulation import Correlations, outcome, simulate
from bestvalue.analysis.compete.appraisal_value import internal_rate, switching_values, tornado, value
from bestvalue.analysis.compete.rates.discounting import edition_named
from bestvalue.dataset.dataset import Dataset
from bestvalue.errors import SpecError, TableError, TableFaults

STANDARD = edition_named().schedules["standard"]
Rows = Sequence[Mapping[str, Any]]


def option(code: str, kind: str = "share", *, baseline: bool = False, service: str = "dogs") -> dict[str, Any]:
    return {"option_id": code, "service": service, "option_name": f"Option {code}", "kind": kind, "baseline": baseline}


def flow(code: str, year: int, category: str, pence: int, **more: Any) -> dict[str, Any]:
    return {
        "option_flow_id": f"{code}-{year}-{category}-{more.get('area_id', '')}",
        "option_id": code,
        "year_number": year,
        "category": category,
        "borne_by": "the force",
        "amount_pence": pence,
        "price_year": 2024,
        **more,
    }


OPTIONS = [option("A", "keep", baseline=True), option("B")]
FLOWS = [
    *(flow("A", year, "running", 1_000, low_pence=900, high_pence=1_200) for year in (1, 2, 3)),
    flow("B", 0, "capital", 1_000, project_type="standard buildings"),
    *(flow("B", year, "running", 500) for year in (1, 2, 3)),
    flow("B", 1, "cashable", -40),
]


@pytest.fixture
def dogs(tables: Callable[..., Dataset]) -> Callable[..., Dataset]:
    def dogs(options: Rows = OPTIONS, flows: Rows = FLOWS, **more: Rows) -> Dataset:
        return tables(options=options, option_flows=flows, **more)

    return dogs


def test_values_by_hand(dogs: Callable[..., Dataset]) -> None:
    """B spends 1,240 now (24% optimism bias) and saves 500 in each of three years and 40 in the first."""
    found = value(read_flows(dogs(), "dogs").money(), STANDARD)
    gains = 540 / 1.035 + 500 / 1.035**2 + 500 / 1.035**3
    assert found.npsv[1] == pytest.approx(gains - 1_240)
    assert found.change_cost[1] == pytest.approx(1_240)
    assert found.ratio(1) == pytest.approx(gains / 1_240)
    assert found.payback_years[1] == 3
    assert found.equivalent_annual_cost[0] == pytest.approx(1_000), "an equal cost every year is its own equivalent"
    rate = found.rate_of_return[1]
    assert rate is not None
    assert -1_240 + 540 / (1 + rate) + 500 / (1 + rate) ** 2 + 500 / (1 + rate) ** 3 == pytest.approx(0, abs=1e-6)


def test_managed_causes_take_optimism_bias_off(dogs: Callable[..., Dataset]) -> None:
    assert value(read_flows(dogs(), "dogs", managed_share=0.5).money(), STANDARD).change_cost[1] == pytest.approx(1_120)


def test_optimism_bias_of_outsourcing_raises_the_running_cost(dogs: Callable[..., Dataset]) -> None:
    bought = [
        *FLOWS[:3],
        flow("B", 1, "running", 100, project_type="outsourcing"),
        flow("B", 0, "capital", 100, project_type="outsourcing"),
    ]
    money = read_flows(dogs(flows=bought), "dogs").money()
    assert money[1, CATEGORIES.index("running"), 1] == pytest.approx(141)
    assert money[1, CATEGORIES.index("capital"), 0] == pytest.approx(100)


def test_money_at_its_switching_value_is_worth_nothing_more(dogs: Callable[..., Dataset]) -> None:
    flows = read_flows(dogs(), "dogs")
    found = value(flows.money(), STANDARD)
    for row in switching_values(flows, found).iter_rows(named=True):
        moved = flows.money()
        moved[1, CATEGORIES.index(row["category"])] *= 1 + row["change"]
        assert value(moved, STANDARD).npsv[1] == pytest.approx(0, abs=1e-6)


def test_the_tornado_moves_one_input_at_a_time(dogs: Callable[..., Dataset]) -> None:
    """Only the baseline's running cost has a range: at 900 and 1,200 a year the value moves by the annuity of three years."""
    settings: dict[str, Any] = {"price_year": 0}
    dataset = dogs()
    flows, none, every = (read_flows(dataset, "dogs", managed_share=share, **settings) for share in (0.0, 1.0, 0.0))
    table = tornado(flows, STANDARD, unbiased=none, unmanaged=every)
    central, annuity = float(value(flows.money(), STANDARD).npsv[1]), sum(1.035**-year for year in (1, 2, 3))
    running = table.filter(pl.col("input") == "baseline: running").row(0, named=True)
    assert (running["low_pence"], running["high_pence"]) == pytest.approx((central - 100 * annuity, central + 200 * annuity))
    bias = table.filter(pl.col("input") == "optimism bias").row(0, named=True)
    assert bias["swing_pence"] == pytest.approx(240)
    assert "running" not in table["input"].to_list(), "an input without a range does not move"


def test_a_late_payback_that_slips_below_again_counts_from_the_last_time() -> None:
    money = np.zeros((2, len(CATEGORIES), 4))
    money[1, 0] = [100, -120, 50, -40]
    assert value(money, STANDARD).payback_years == (0, 3)


def test_no_payback_within_the_horizon_is_said_so() -> None:
    money = np.zeros((2, len(CATEGORIES), 2))
    money[1, 0, 0] = 100
    assert value(money, STANDARD).payback_years[1] is None


@given(rate=st.floats(-0.5, 2.0), flows=st.lists(st.floats(1, 1e6), min_size=1, max_size=12))
def test_the_internal_rate_is_found_again(rate: float, flows: list[float]) -> None:
    first = -sum(amount / (1 + rate) ** (year + 1) for year, amount in enumerate(flows))
    assert internal_rate(np.array([first, *flows])) == pytest.approx(rate, abs=1e-6)


def test_flows_that_change_sign_twice_have_no_one_rate() -> None:
    assert internal_rate(np.array([-100.0, 250, -140])) is None


def estimates(options: int = 2, years: int = 6) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    central = np.zeros((options, len(CATEGORIES), years))
    central[:, 0, 0], central[:, 3, 1:] = 1_000, 200
    return central, central * 0.9, central * 1.3


def test_draws_have_the_low_and_the_high_estimate_at_one_in_ten() -> None:
    """One stream of one year, so that its own distribution is seen: a tenth below low, half below central, a tenth above high."""
    central = np.zeros((1, len(CATEGORIES), 1))
    central[0, 0, 0] = 1_000
    drawn = simulate(central, central * 0.9, central * 1.3, np.ones(1), correlations=Correlations(), draws=100_000, seed=1)[:, 0]
    shares = [(drawn < bound).mean() for bound in (900, 1_000, 1_300)]
    assert shares == pytest.approx([0.1, 0.5, 0.9], abs=0.005), "three standard errors of a share of 100,000 are below 0.005"


@pytest.mark.parametrize(("pair", "planted"), [((0, 1), 0.5), ((0, 2), 0.2)])
def test_the_correlations_are_those_that_were_asked_for(pair: tuple[int, int], planted: float) -> None:
    """Options 0 and 1 spend the same sort of money, option 2 another; symmetric ranges make money as correlated as the scores."""
    central = np.zeros((3, len(CATEGORIES), 1))
    central[0, 0, 0] = central[1, 0, 0] = central[2, 3, 0] = 1_000
    drawn = simulate(central, central * 0.9, central * 1.1, np.ones(1), correlations=Correlations(), draws=100_000, seed=2)
    found = np.corrcoef(drawn[:, pair[0]], drawn[:, pair[1]])[0, 1]
    assert found == pytest.approx(planted, abs=0.012)


def test_years_that_err_together_make_a_wider_sum() -> None:
    """By hand: the variance of a sum of n years with correlation r is n (1 + (n - 1) r) times one year's."""
    central = np.zeros((1, len(CATEGORIES), 5))
    central[0, 3] = 100
    off = central / 10
    spreads = []
    for years in (0.0, 0.8):
        alike = Correlations(inputs=0.0, options=0.0, years=years)
        spreads.append(simulate(central, central - off, central + off, np.ones(5), correlations=alike, draws=50_000, seed=3).std())
    assert spreads[1] / spreads[0] == pytest.approx(np.sqrt(1 + 4 * 0.8), rel=0.02)
    assert spreads[0] == pytest.approx(10 / stats.norm.ppf(0.9) * np.sqrt(5), rel=0.02)


def test_the_draws_are_the_same_for_any_number_of_workers() -> None:
    central, low, high = estimates()
    drawn = [
        simulate(central, low, high, np.ones(6), correlations=Correlations(), draws=2_000, seed=7, workers=workers) for workers in (1, 2, 5)
    ]
    assert np.array_equal(drawn[0], drawn[1])
    assert np.array_equal(drawn[0], drawn[2])


def test_estimates_without_a_range_are_certain() -> None:
    central, _, _ = estimates()
    drawn = simulate(central, central, central, np.ones(6), correlations=Correlations(), draws=10, seed=1)
    assert drawn == pytest.approx(np.tile(central.sum(axis=(1, 2)), (10, 1)))


def test_shares_of_draws_add_up_to_one_best_option() -> None:
    central, low, high = estimates(3)
    seen = outcome(simulate(central, low, high, np.ones(6), correlations=Correlations(), draws=3_000, seed=1), confidence=0.9)
    assert seen.best_share.sum() == pytest.approx(1)
    assert seen.better_share[0] == 0, "the baseline is never worth more than itself"


def test_correlations_out_of_order_are_refused() -> None:
    with pytest.raises(SpecError, match="not in order"):
        Correlations(inputs=0.6, options=0.5, years=0.8)


def test_a_leader_changes_at_the_ends_of_its_steady_range() -> None:
    scores = Scores(
        criteria=("x", "y", "z"),
        weight=np.array([0.5, 0.3, 0.2]),
        score=np.array([[70.0, 40, 50], [50, 60, 60], [20, 90, 10]]),
        weights_given=1.0,
    )
    leader = int(scores.total.argmax())
    for place in range(3):
        low, high = steady_range(scores, place)
        for weight, leads in ((low - 0.01, False), (low + 0.01, True), (high - 0.01, True), (high + 0.01, False)):
            if 0 <= weight <= 1:
                others = np.delete(scores.weight, place)
                moved = np.insert(others / others.sum() * (1 - weight), place, weight)
                assert (int((scores.score @ moved).argmax()) == leader) is leads


def test_all_weights_are_as_likely_as_each_other() -> None:
    """Two criteria, a leads on one and b on the other by as much: each for half of the weights."""
    even = Scores(criteria=("x", "y"), weight=np.array([0.9, 0.1]), score=np.array([[80.0, 20], [20, 80]]), weights_given=1.0)
    assert first_shares(even, draws=20_000, seed=1) == pytest.approx([0.5, 0.5], abs=0.015)


@pytest.mark.parametrize("baselines", [(), ("A", "B")])
def test_a_service_has_one_baseline(dogs: Callable[..., Dataset], baselines: tuple[str, ...]) -> None:
    options = [option(code, baseline=code in baselines) for code in ("A", "B")]
    with pytest.raises(TableError, match="must have one baseline") as refused:
        read_flows(dogs(options=options), "dogs")
    assert refused.value.where == "options, column baseline"


def test_prices_of_other_years_are_put_into_one(dogs: Callable[..., Dataset]) -> None:
    mixed = [*FLOWS[:3], flow("B", 1, "running", 962_507, price_year=2023)]
    money = read_flows(dogs(flows=mixed), "dogs").money()
    assert money[1, CATEGORIES.index("running"), 1] == pytest.approx(1_000_000)


def test_prices_that_no_index_covers_are_named_by_row(dogs: Callable[..., Dataset]) -> None:
    with pytest.raises(TableFaults, match="prices of 2040 cannot be put into those of 2024") as refused:
        read_flows(dogs(flows=[*FLOWS, flow("B", 2, "exit", 5, price_year=2040)]), "dogs", price_year=2024)
    assert refused.value.faults[0].file == "option_flows, B-2-exit-"


def test_scores_with_two_weights_or_a_gap_are_named(dogs: Callable[..., Dataset]) -> None:
    scores = [
        {"option_id": "A", "criterion": "quality", "score": 50, "weight": 0.4},
        {"option_id": "B", "criterion": "quality", "score": 60, "weight": 0.5},
        {"option_id": "A", "criterion": "speed", "score": 50, "weight": 0.6},
    ]
    with pytest.raises(TableFaults) as refused:
        ANALYSIS.run(dogs(option_scores=scores), Spec(draws=1_000))
    assert [fault.what for fault in refused.value.faults] == ["the criterion quality has the weights 0.4, 0.5", "B has no score for speed"]


def test_a_long_horizon_shows_the_sensitivity_schedule_and_a_short_one_does_not(dogs: Callable[..., Dataset]) -> None:
    long = [*FLOWS, flow("B", 60, "running", 100), flow("A", 60, "running", 900)]
    by_horizon = {years: ANALYSIS.run(dogs(flows=flows), Spec(draws=1_000)) for years, flows in ((3, FLOWS), (60, long))}
    assert "sensitivity" not in by_horizon[3].tables
    table = by_horizon[60].tables["sensitivity"].rows
    rates = 1.03**30 * 1.0257**30
    expected = (500 * sum(1.03**-year for year in (1, 2, 3)) + 40 / 1.03 + 800 / rates - 1_240) / 100
    assert table["npsv_pounds"][1] == pytest.approx(expected)
    assert any("sensitivity schedule" in statement.text for statement in by_horizon[60].statements)


def test_who_bears_it_adds_up_to_the_whole(dogs: Callable[..., Dataset]) -> None:
    parts = [*FLOWS, flow("B", 1, "running", 70, borne_by="the council"), flow("B", 2, "running", 30, area_id="E1")]
    result = ANALYSIS.run(dogs(flows=parts), Spec(draws=1_000))
    whole = result.tables["options"].rows["net_cost_pounds"].to_list()
    shared = result.tables["distribution"].rows.group_by("option").agg(pl.col("present_pounds").sum()).sort("option")
    assert shared["present_pounds"].to_list() == pytest.approx(whole)


def test_who_pays_while_others_gain_is_said(dogs: Callable[..., Dataset]) -> None:
    """The council pays £10 in year 0, so that B costs it £10 more than the baseline, whoever else gains."""
    result = ANALYSIS.run(dogs(flows=[*FLOWS, flow("B", 0, "transition", 1_000, borne_by="the council")]), Spec(draws=1_000))
    said = [statement.text for statement in result.statements if "Not everybody gains alike" in statement.text]
    assert len(said) == 1
    assert "the council pays £10.00" in said[0]


def test_the_answer_names_the_edition_and_lists_every_effect(force_data: Dataset) -> None:
    result = ANALYSIS.run(force_data, Spec(draws=2_000))
    text = " ".join(statement.text for statement in result.statements)
    assert "Green Book 2026" in text
    assert "Mott MacDonald 2002" in text
    effects = force_data.query("SELECT effect FROM option_effects")["effect"].to_list()
    assert [effect for effect in effects if effect not in text] == []


def test_a_service_that_is_not_there_is_refused_with_those_that_are(force_data: Dataset) -> None:
    with pytest.raises(SpecError, match="no options for horses") as refused:
        ANALYSIS.run(force_data, Spec(service="horses"))
    assert refused.value.next_step == "Choose one of: dog support."
