"""The whole answer: what it says, that its numbers agree with each other, and that nothing but the spec changes them."""

import math
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal
from tests.analysis.challenge.resources.conftest import Tables, last_year
from tests.spark import CLUSTER

from bestvalue.analysis.challenge import resources_effects as effects
from bestvalue.analysis.challenge import resources_sweep
from bestvalue.analysis.challenge.resources import ANALYSIS
from bestvalue.analysis.challenge.resources_calibrate import Calibration
from bestvalue.analysis.challenge.resources_calibrate_tables import of_force
from bestvalue.analysis.challenge.resources_changes import moved
from bestvalue.analysis.challenge.resources_charts import tile_places
from bestvalue.analysis.challenge.resources_mix import find_mix
from bestvalue.analysis.challenge.resources_scenarios import (
    Scenario,
    curve,
    hours_below_minimum,
    one_unit,
    pounds_a_year,
    scaled,
    today,
    together,
    units_in,
)
from bestvalue.analysis.challenge.resources_spec import Spec
from bestvalue.analysis.challenge.resources_sweep import Means, Sweep, estimate, sweep
from bestvalue.analysis.challenge.resources_tally import BORROWED, LEVEL, REACHED, UTILISATION, WITHIN, Key
from bestvalue.analysis.contract import Result, no_progress
from bestvalue.dataset.dataset import Dataset
from bestvalue.dataset.engines.choose import open_engine
from bestvalue.dataset.engines.workers import Threads
from bestvalue.dataset.load import check_folder
from bestvalue.dataset.synthetic import SyntheticForce
from bestvalue.errors import Cancelled, SpecError
from bestvalue.site.presenters.what_if import chosen_scenario, read_choice, scenarios_of
from bestvalue.site.presenters.what_if_answer import what_if_of

QUICK = {"weeks": 2, "most_replications": 6, "marginal_pools": 2, "factors": (0.25, 0.5, 1.0, 2.0)}


@pytest.fixture(scope="module")
def answered(synthetic_dataset: Dataset) -> Result:
    return ANALYSIS.run(synthetic_dataset, Spec(**QUICK))


@pytest.fixture(scope="module")
def played(calibrated: Calibration) -> Sweep:
    force = calibrated.force
    scenarios = [*curve(force, ("all", "support"), (0.0, 0.5, 2.0)), one_unit(force, 0, 1), one_unit(force, 0, -1)]
    return play(calibrated, scenarios)


def play(
    calibrated: Calibration, scenarios: list[Scenario], *, threads: int = 2, replications: int = 6, means: Means | None = None
) -> Sweep:
    return sweep(
        calibrated.force,
        scenarios,
        weeks=2,
        half_width=0.0,
        most_replications=replications,
        first=replications,
        confidence=0.95,
        seed=1,
        progress=no_progress,
        means=means or Means(workers=Threads(count=threads)),
    )


def texts(result: Result) -> str:
    return "\n".join(statement.text for statement in result.statements)


def test_the_answer_says_what_halving_and_doubling_do_with_base_and_interval(answered: Result) -> None:
    said = texts(answered)
    for opening in ("Halving all units", "Doubling all units", "Halving local units", "Halving support units", "Doubling support units"):
        assert opening in said
    for statement in answered.statements:
        if statement.text.startswith(("Halving", "Doubling")):
            assert all(figure.base for figure in statement.figures)
            shares = [figure for figure in statement.figures if figure.unit == "share"]
            assert shares
            assert all(figure.low is not None and figure.low <= figure.value <= (figure.high or 0) for figure in shares)


def test_halving_is_worse_and_doubling_better_than_today(answered: Result) -> None:
    rows = answered.tables["response"].rows.filter(pl.col("grade") == "immediate")
    within = dict(rows.filter(pl.col("pools").is_in(["", "all"])).select("scenario", "within").iter_rows())
    assert within["All units x0.25"] < within["All units x0.5"] < within["As today"] < within["All units x2"]


def test_local_units_do_not_bear_on_support_times_nor_support_on_local_ones(answered: Result) -> None:
    rows = answered.tables["response"].rows
    support_halved = rows.filter((pl.col("scenario") == "Support units x0.5") & (pl.col("grade") == "immediate"))
    assert support_halved["change"].to_list() == [0.0]


def test_tables_and_charts_are_there_and_name_each_other(answered: Result) -> None:
    expected = {"validation", "response", "work", "areas", "hours", "pools", "lending", "skills", "marginal", "mix", "rows_used"}
    assert expected <= set(answered.tables)
    assert {"curve", "tiles", "before_after", "lending", "validation"} <= set(answered.charts)
    assert all(chart.table in answered.tables for chart in answered.charts.values())
    assert all(table.rows.height > 0 for table in answered.tables.values())


def test_the_evidence_of_the_least_cost_mix_stands_beside_the_grades_of_each_kind(answered: Result) -> None:
    assert {"local", "support", "pounds_a_year"} <= set(answered.tables["mix"].rows.columns)
    assert {"kind", "share_of_kind"} <= set(answered.tables["grades_of_kinds"].rows.columns)


def test_a_cut_that_breaks_the_forces_own_minimum_says_in_how_many_hours(answered: Result) -> None:
    below = dict(answered.tables["work"].rows.select("scenario", "hours_below_minimum").iter_rows())
    assert below["All units x0.5"] > below["As today"]
    halved = next(one for one in answered.statements if one.text.startswith("Halving all units"))
    assert f"In {below['All units x0.5']:,} of the" in halved.text
    assert [figure.value for figure in halved.figures if figure.name.startswith("hours below a pool's minimum")] == [
        below["All units x0.5"]
    ]
    assert "minimum" not in next(one.text for one in answered.statements if one.text.startswith("Doubling all units"))


def test_every_time_and_utilisation_in_a_sentence_has_its_interval(answered: Result) -> None:
    told = [figure for one in answered.statements for figure in one.figures if figure.unit == "minutes" and figure.name.startswith("90th")]
    told += [figure for one in answered.statements for figure in one.figures if figure.name.startswith("utilisation")]
    assert told
    assert [figure for figure in told if figure.low is None or not figure.low <= figure.value <= (figure.high or 0)] == []


def test_one_unit_more_is_tried_in_local_and_support_pools_in_turn(answered: Result) -> None:
    level = dict(answered.tables["pools"].rows.select("pool", "level").iter_rows())
    assert {level[pool] for pool in answered.tables["marginal"].rows["pool"]} == {"local", "support"}


def test_targets_that_nobody_asked_for_say_where_they_come_from(answered: Result) -> None:
    assert "none were asked for, so what the grades promise; of support, what today's" in texts(answered)


def test_the_price_of_double_is_twice_that_of_today(answered: Result) -> None:
    pounds = dict(answered.tables["work"].rows.filter(pl.col("pools").is_in(["", "all"])).select("factor", "pounds_a_year").iter_rows())
    assert pounds[2.0] == pytest.approx(2 * pounds[1.0])
    assert pounds[0.5] == pytest.approx(pounds[1.0] / 2, rel=0.05)


def test_today_costs_its_hours_on_duty_times_their_price(calibrated: Calibration, synthetic_dataset: Dataset) -> None:
    priced = synthetic_dataset.query(
        "SELECT SUM(s.length_minutes / 60.0 * p.unit_hour_pence) AS pence FROM shifts s JOIN units u ON u.unit_id = s.unit_id "
        "JOIN pools p ON p.pool_id = u.pool_id"
    )["pence"][0]
    assert pounds_a_year(calibrated.force, today(calibrated.force)) == pytest.approx(priced / 100 * 365.25 / 7)


def test_nobody_at_all_reaches_nobody_and_is_called_endless(played: Sweep) -> None:
    nobody = played.place("All units x0")
    assert played.estimate(nobody, Key(REACHED)).value == 0.0
    assert played.estimate(nobody, Key(WITHIN)).value == 0.0
    assert effects.overloaded(played, nobody)
    assert not effects.overloaded(played, 0)
    rows = effects.response(played).filter((pl.col("scenario") == "All units x0") & (pl.col("grade") == "immediate"))
    assert rows["mean_wait_minutes"].to_list() == [None]
    assert rows["median_minutes"].to_list() == [None]


def test_half_the_units_are_twice_as_busy(played: Sweep) -> None:
    busy = [played.estimate(number, Key(UTILISATION, "", LEVEL, "local")).value for number in (0, played.place("All units x0.5"))]
    assert busy[1] / busy[0] == pytest.approx(2.0, rel=0.12)


def test_replications_of_different_scenarios_go_together(calibrated: Calibration) -> None:
    """Common random numbers: a small change is seen with less luck than two separate simulations would need."""
    force = calibrated.force
    near = play(calibrated, [today(force), scaled(force, "local", 1.1)], replications=10)
    key = near.column(Key(WITHIN, "immediate"))
    both = near.values[:, :, key]
    assert np.var(both[1] - both[0], ddof=1) < 0.7 * (np.var(both[0], ddof=1) + np.var(both[1], ddof=1))


def test_the_numbers_do_not_depend_on_threads(calibrated: Calibration) -> None:
    scenarios = [today(calibrated.force), scaled(calibrated.force, "support", 0.5)]
    one, two = (play(calibrated, scenarios, threads=threads, replications=3) for threads in (1, 2))
    assert np.array_equal(one.values, two.values, equal_nan=True)


def test_replications_stop_when_the_interval_is_narrow_enough(calibrated: Calibration) -> None:
    said: list[str] = []
    found = sweep(
        calibrated.force,
        [today(calibrated.force)],
        weeks=2,
        half_width=0.05,
        most_replications=40,
        confidence=0.95,
        seed=1,
        progress=lambda _, doing: said.append(doing),
    )
    assert found.replications == 4
    assert found.estimate(0, Key(WITHIN)).half_width <= 0.05
    assert "incidents, 4 replications" in said[-1]


def test_an_interval_over_replications_is_students() -> None:
    # By hand: mean 5, standard deviation 2, four values; t(0.975, 3) = 3.1824.
    found = estimate(np.array([3.0, 4.0, 6.0, 7.0]), 0.95)
    assert found.value == 5
    assert found.half_width == pytest.approx(3.1824 * math.sqrt(10 / 3) / 2, rel=1e-4)


def test_one_unit_more_and_one_fewer_bear_on_their_own_pool_alone(played: Sweep) -> None:
    rows = effects.marginal(played)
    assert rows["change"].to_list() == [1, -1]
    assert rows["effect"][0] >= 0 >= rows["effect"][1]
    assert rows["pounds_a_year"][0] == pytest.approx(-rows["pounds_a_year"][1])
    other = played.force.area_names[-1]
    more = played.place(f"One unit more in {played.force.pools[0].name}")
    assert played.difference(more, Key(WITHIN, "", "area", other)).value == 0.0


def test_units_that_move_leave_one_pool_and_join_the_other(calibrated: Calibration) -> None:
    force = calibrated.force
    source, target = force.pools[0].name, force.pools[1].name
    scenario = moved(force, f"2 from {source} to {target}")
    change = units_in(force, scenario) - units_in(force, today(force))
    assert change[:2].tolist() == [-2, 2]
    assert not change[2:].any()
    for line, says in (
        ("all of them", "not a move"),
        (f"99 from {source} to {target}", "cannot be moved"),
        ("1 from Nowhere to Hackney response", "no pool"),
    ):
        with pytest.raises(SpecError, match=says):
            moved(force, line)


def test_pools_scaled_together_are_each_scaled_by_their_own_factor(calibrated: Calibration) -> None:
    force = calibrated.force
    both = together(force, "Local x0.5 + support x2")
    assert both.pools == "local x0.5 + support x2"
    assert both.name == "Local units x0.5 + Support units x2"
    assert np.array_equal(
        units_in(force, both),
        np.where(force.is_support, units_in(force, scaled(force, "support", 2.0)), units_in(force, scaled(force, "local", 0.5))),
    )


def test_a_pool_named_after_its_level_goes_before_it(calibrated: Calibration) -> None:
    force = calibrated.force
    name = force.pools[0].name
    units = units_in(force, together(force, f"local x2 + {name} x0"))
    assert units[0] == 0
    assert units[1] == units_in(force, scaled(force, "local", 2.0))[1]


@pytest.mark.parametrize("line", ["local and support", "local x9", "local x0.5 + nowhere x2", ""])
def test_pools_together_that_cannot_be_read_are_refused(calibrated: Calibration, line: str) -> None:
    with pytest.raises(SpecError):
        together(calibrated.force, line)


def test_the_what_if_page_finds_its_sliders_and_their_answers_in_the_tables(answered: Result) -> None:
    found = scenarios_of(answered)
    assert found is not None
    assert list(found.pools) == ["local", "support"]
    for asked in ({}, {"local": "0.5"}, {"local": "0.5", "support": "0.5"}):
        name = chosen_scenario(read_choice(asked, found), found)
        assert name is not None
        told = what_if_of(answered, scenario=name, today=found.today)
        assert "simulated incidents" in told.base
        assert ("areas" in told.tables) == bool(asked)


def test_areas_are_told_for_every_scenario(answered: Result) -> None:
    played = set(answered.tables["response"].rows["scenario"]) - {"As today"}
    assert set(answered.tables["areas"].rows["scenario"]) == played


def test_lending_by_the_grades_rule_makes_areas_help_each_other(answered: Result) -> None:
    rows = answered.tables["lending"].rows
    away = rows.filter(pl.col("area") != pl.col("lender"))
    assert away.height > 0
    assert rows.group_by("area").agg(pl.col("share").sum())["share"].to_list() == pytest.approx([1.0] * rows["area"].n_unique())


def test_the_least_cost_mix_is_the_cheapest_of_those_that_surely_meet_the_targets(calibrated: Calibration) -> None:
    force = calibrated.force
    mix = find_mix(
        force,
        factors=(0.5, 1.0, 2.0),
        wanted={Key(WITHIN, "immediate"): 0.80},
        weeks=2,
        confidence=0.9,
        seed=1,
        progress=no_progress,
        rounds=(4, 8),
    )
    assert mix.best is not None
    assert len(mix.candidates) == 9
    value, low, _ = mix.best.shares[Key(WITHIN, "immediate")]
    assert value > low >= 0.80
    cheaper = [one for one in mix.candidates if one.pounds < mix.best.pounds]
    assert all(not one.meets for one in cheaper)
    assert mix.best.support == 0.5  # nothing was asked of support
    undecided = [one for one in cheaper if one.meets is None]
    assert mix.gap == (1 - undecided[0].pounds / mix.best.pounds if undecided else 0.0)


def test_half_the_units_are_below_the_minimum_in_more_hours(calibrated: Calibration) -> None:
    force = calibrated.force
    below = [hours_below_minimum(force, one) for one in (today(force), scaled(force, "all", 0.5), scaled(force, "all", 0.0))]
    # The synthetic force's minimum is the least that it rosters, so that today no hour is below it.
    assert below[0] == 0
    assert 0 < below[1] < below[2] == 168 * sum(pool.minimum_units > 0 for pool in force.pools)


def test_a_base_can_be_scaled_by_its_name(calibrated: Calibration) -> None:
    force = calibrated.force
    base = next(name for name in force.unit_base if name)
    scenario = scaled(force, base.upper(), 0.0)
    assert [copies for copies, name in zip(scenario.copies, force.unit_base, strict=True) if name == base] == [0] * force.unit_base.count(
        base
    )
    assert scenario.copies.sum() == len(force.unit_base) - force.unit_base.count(base)


def test_targets_out_of_reach_have_no_mix(calibrated: Calibration) -> None:
    mix = find_mix(
        calibrated.force,
        factors=(0.5, 1.0),
        wanted={Key(WITHIN, "immediate"): 0.9999},
        weeks=1,
        confidence=0.9,
        seed=1,
        progress=no_progress,
        rounds=(4,),
    )
    assert mix.best is None
    assert not mix.undecided


def test_meal_breaks_make_more_incidents_wait(small: Callable[..., Dataset]) -> None:
    quick = {"weeks": 2, "most_replications": 4, "marginal_pools": 0, "find_mix": False, "factors": (1.0, 2.0)}
    waited = [
        ANALYSIS.run(small(), Spec(meal_breaks=breaks, **quick)).tables["response"].rows.filter(pl.col("grade") == "now")["waited"][0]
        for breaks in (False, True)
    ]
    assert waited[0] < waited[1]


def test_a_lender_that_keeps_more_lends_less(small: Callable[..., Dataset]) -> None:
    quick = {"weeks": 2, "most_replications": 4, "marginal_pools": 0, "find_mix": False, "factors": (1.0, 2.0), "borrowing": "by grade"}
    lent = [
        ANALYSIS.run(small(), Spec(lender_keeps=keeps, **quick)).tables["work"].rows.filter(pl.col("kind") == "today")["borrowed"][0]
        for keeps in (0, 1, 3)
    ]
    assert lent[0] > lent[1] > lent[2] == 0


def test_a_pool_with_nobody_is_named(small: Callable[..., Dataset]) -> None:
    def leave(tables: Tables) -> None:
        tables["shifts"] = [row for row in tables["shifts"] if row["unit_id"].startswith("A")]

    result = ANALYSIS.run(small(leave), Spec(weeks=1, most_replications=4, marginal_pools=1, find_mix=False))
    said = texts(result)
    assert "1 pools have nobody on duty (Pool B)" in said
    assert "the queue has no limit" in said


def test_growing_demand_later_turns_and_moves_are_scenarios_beside_the_others(small: Callable[..., Dataset]) -> None:
    spec = Spec(
        weeks=1,
        most_replications=4,
        marginal_pools=0,
        find_mix=False,
        factors=(1.0, 2.0),
        demand_growth=(0.5,),
        turns=("60 later", "120 shorter in Pool A"),
        rules=("lend after 1", "lender keeps 2"),
        moves=("1 from Pool A to Pool B",),
    )
    rows = ANALYSIS.run(small(), spec).tables["work"].rows
    names = rows["scenario"].to_list()
    assert {
        "Demand +50%, units as today",
        "Turns 60 minutes later, all units",
        "Turns 120 minutes shorter, Pool A",
        "Rule: lend after 1",
        "1 moved from Pool A to Pool B",
    } <= set(names)
    busy = dict(rows.select("scenario", "local_utilisation").iter_rows())
    assert busy["Demand +50%, units as today"] / busy["As today"] == pytest.approx(1.5, rel=0.08)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"pools": ("helicopters",)}, "no pool or base"),
        ({"factors": (9.0,)}, "from 0 to 8"),
        ({"targets": ("soon=5",)}, "no grade"),
        ({"targets": ("now",)}, "now=12|immediate=12"),
        ({"wanted": ("soon=0.5",)}, "no grade"),
        ({"wanted": ("now=90",)}, "immediate=0.9"),
    ],
)
def test_a_setting_that_does_not_fit_is_refused_with_what_there_is(
    small: Callable[..., Dataset], given: dict[str, object], says: str
) -> None:
    with pytest.raises(SpecError, match=says):
        ANALYSIS.run(small(), Spec(weeks=1, most_replications=2, marginal_pools=0, **given))


def test_the_user_can_stop_it(small: Callable[..., Dataset]) -> None:
    def stop(share: float, doing: str) -> None:
        if share > 0.35:
            raise Cancelled(doing)

    with pytest.raises(Cancelled):
        ANALYSIS.run(small(), Spec(weeks=1, most_replications=8), stop)


@pytest.mark.slow
def test_a_brigades_file_is_answered_by_the_same_analysis(shared: Path, tmp_path: Path) -> None:
    published = shared / "data/lfb/lfb_incidents_2017-01_to_2017-03-15.csv.gz"
    report = check_folder(tmp_path, cache=tmp_path / "cache", chosen={"incidents": ([published], None)})
    engine = open_engine("local")
    spec = Spec(weeks=1, most_replications=4, marginal_pools=1, factors=(0.5, 1.0, 2.0), wanted=("first engine=0.6",))
    result = ANALYSIS.run(Dataset(report.checked, engine=engine), spec)
    engine.close()
    said = texts(result)
    assert "142 engines" in said
    assert "Halving all engines" in said
    assert {"stations", "drive", "engines_away"} <= set(result.tables)
    assert "Cost cannot be said" in said
    assert "least-cost mix" in said


def test_tiles_lie_as_the_places_do_and_no_two_on_one_cell() -> None:
    places = {f"{row}{column}": (10.0 * column, -10.0 * row) for row in range(4) for column in range(5)}
    spots = tile_places(places)
    assert len(set(spots.values())) == len(places)
    for name in places:
        east = [other for other in places if other[0] == name[0] and other[1] > name[1]]
        assert all(spots[other][0] > spots[name][0] for other in east)


@pytest.fixture
def on_cluster(synthetic: SyntheticForce, tmp_path: Path) -> Iterator[Dataset]:
    report = check_folder(synthetic.folder, cache=tmp_path / "cache", time_zone="Europe/London", chosen={})
    dataset = Dataset(report.checked, engine=open_engine(CLUSTER), synthetic=True)
    yield dataset
    dataset.engine.close()


@pytest.mark.slow
def test_a_cluster_gives_the_same_force_to_the_last_bit(calibrated: Calibration, on_cluster: Dataset) -> None:
    again = last_year(on_cluster)
    for name in (field.name for field in fields(calibrated.force.history)):
        assert np.array_equal(getattr(again.force.history, name), getattr(calibrated.force.history, name)), name
    assert of_force(again, 1.0, again.window)["rows_used"].rows.equals(of_force(calibrated, 1.0, again.window)["rows_used"].rows)
    assert np.array_equal(again.times.scene_minutes, calibrated.times.scene_minutes)
    assert np.array_equal(again.force.pace, calibrated.force.pace)
    assert again.roads == calibrated.roads


def test_no_first_deployment_is_lent_in_the_synthetic_force(calibrated: Calibration, played: Sweep) -> None:
    assert calibrated.lent_share == 0.0
    assert played.estimate(0, Key(BORROWED)).value == 0.0
    lent = replace(today(calibrated.force), name="lent", borrow_after_minutes=np.zeros(len(calibrated.force.grades)))
    shared = play(calibrated, [today(calibrated.force), lent], replications=2)
    assert shared.estimate(1, Key(BORROWED)).value > 0.02


@pytest.mark.slow
def test_a_cluster_gives_every_number_that_threads_give(synthetic_dataset: Dataset, on_cluster: Dataset, tmp_path: Path) -> None:
    spec = Spec(weeks=1, most_replications=4, marginal_pools=1, find_mix=False, factors=(0.5, 1.0, 2.0), demand_growth=(0.1,))
    on_cluster.parts = tmp_path / "parts"
    here, there = ANALYSIS.run(synthetic_dataset, spec), ANALYSIS.run(on_cluster, spec)
    assert list(there.tables) == list(here.tables)
    for name, table in here.tables.items():
        assert_frame_equal(there.tables[name].rows, table.rows, check_exact=True)
    assert [statement.text for statement in there.statements] == [statement.text for statement in here.statements]
    assert list((tmp_path / "parts" / "resources").glob("*/*.npy"))  # the executors kept what they finished


def test_a_second_answer_plays_nothing_again(small: Callable[..., Dataset], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec, dataset = Spec(weeks=1, most_replications=4, marginal_pools=1, factors=(0.5, 1.0)), small()
    dataset.parts = tmp_path
    first = ANALYSIS.run(dataset, spec)

    def refuse(*_: object) -> None:
        raise AssertionError("a finished replication was played again")

    monkeypatch.setattr(resources_sweep, "play_replication", refuse)
    second = ANALYSIS.run(dataset, spec)
    for name, table in first.tables.items():
        assert_frame_equal(second.tables[name].rows, table.rows, check_exact=True)
