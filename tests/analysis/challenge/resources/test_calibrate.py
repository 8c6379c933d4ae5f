"""Calibration finds what is planted in the synthetic force, and names every row that it cannot use."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy import stats
from tests.analysis.challenge.resources.conftest import MONDAY, WEEKS, Tables, last_year

from bestvalue.analysis.challenge.resources_calibrate import Calibration, calibrate
from bestvalue.analysis.challenge.resources_calibrate_force import draw, spread_copies, world_of
from bestvalue.analysis.challenge.resources_calibrate_overrides import parse_overrides
from bestvalue.analysis.challenge.resources_calibrate_rows import Window
from bestvalue.analysis.challenge.resources_calibrate_tables import of_force
from bestvalue.analysis.challenge.resources_calibrate_travel import read_travel_seconds
from bestvalue.analysis.challenge.resources_engine import simulate
from bestvalue.dataset.dataset import Dataset
from bestvalue.dataset.synthetic import SyntheticForce
from bestvalue.errors import SpecError

WINDOW = Window(starts=MONDAY, ends=MONDAY + timedelta(weeks=WEEKS))


@pytest.fixture(scope="module")
def planted(synthetic: SyntheticForce) -> dict[str, Any]:
    return dict(json.loads((synthetic.truth / "response.json").read_text()))


def calibrated_small(dataset: Dataset, *overrides: str, borrowing: str = "as seen") -> Calibration:
    return calibrate(
        dataset,
        WINDOW,
        overrides=parse_overrides(overrides),
        targets={},
        support_target_minutes=30.0,
        borrowing=borrowing,
        seed=1,
    )


def counted(found: Calibration) -> dict[tuple[str, str], int]:
    account = of_force(found, 1.0, WINDOW)["rows_used"].rows
    return {(table, what): rows for table, what, rows in account.select("table", "what", "rows").iter_rows()}


@pytest.mark.parametrize("grade", ["immediate", "significant"])
def test_handling_and_turnout_are_the_planted_medians(calibrated: Calibration, planted: dict[str, Any], grade: str) -> None:
    place = calibrated.times.grades.index(grade)
    assert calibrated.times.handling[place].median == pytest.approx(planted["handling_median_seconds"][grade], rel=0.03)
    assert calibrated.times.turnout[place].median == pytest.approx(planted["turnout_median_seconds"][grade], rel=0.06)


def test_scheduled_visits_are_put_off_by_the_planted_hours(calibrated: Calibration, planted: dict[str, Any]) -> None:
    spread = calibrated.times.handling[calibrated.times.grades.index("scheduled")]
    # An exponential delay and a lognormal handling on top of it: means add up.
    handling = planted["handling_median_seconds"]["scheduled"] * np.exp(planted["turnout_and_handling_sigma"] ** 2 / 2)
    expected = 3_600 * planted["scheduled_delay_mean_hours"] + handling
    assert spread.draw(np.linspace(0, 1, 20_001)).mean() == pytest.approx(expected, rel=0.04)


@pytest.mark.parametrize("grade", ["immediate", "significant", "scheduled"])
def test_speeds_are_the_planted_ones_by_grade_and_hour(calibrated: Calibration, planted: dict[str, Any], grade: str) -> None:
    pace = calibrated.times.pace[calibrated.times.grades.index(grade)]
    speed = planted["detour"] / pace
    expected = planted["speed_metres_a_second"][grade] * np.array(planted["speed_by_hour"])
    assert np.average(speed / expected) == pytest.approx(1.0, abs=0.03)
    assert np.abs(speed / expected - 1).max() < 0.12


def test_work_at_the_scene_is_the_planted_median_of_each_kind(calibrated: Calibration, planted: dict[str, Any]) -> None:
    times = calibrated.times
    for row, kind in enumerate(times.kinds):
        expected = planted["on_scene_median_minutes"][kind]
        base = int(times.scene_base[row].sum())
        # The geometric mean of a lognormal is its median; its error is sigma over the root of the base.
        error = planted["on_scene_sigma"] / np.sqrt(base)
        found = np.exp(np.average(np.log(times.scene_minutes[row]), weights=times.scene_base[row]))
        assert abs(np.log(found / expected)) < 4 * error + 0.02, kind


def test_the_spread_of_work_at_the_scene_is_the_planted_lognormal(calibrated: Calibration, planted: dict[str, Any]) -> None:
    assert calibrated.times.scene_spread.ninetieth == pytest.approx(np.exp(stats.norm.ppf(0.9) * planted["on_scene_sigma"]), rel=0.04)


def test_support_is_asked_for_with_the_planted_probability(calibrated: Calibration, synthetic: SyntheticForce) -> None:
    kinds = json.loads((synthetic.truth / "demand.json").read_text())["kinds"]
    rows = of_force(calibrated, 1.0, calibrated.window)["second_wave"].rows
    inside = [
        low <= kind["skills"][skill] <= high
        for kind in kinds
        for skill, low, high in rows.filter(pl.col("kind") == kind["name"]).select("skill", "low", "high").iter_rows()
    ]
    # Nineteen pairs at 95%: fewer than 15 inside comes by chance less than once in ten thousand.
    assert len(inside) >= 17
    assert sum(inside) >= len(inside) - 4


def test_arrival_rates_are_the_planted_ones_by_area_and_hour_of_the_week(calibrated: Calibration, synthetic: SyntheticForce) -> None:
    rates = of_force(calibrated, 1.0, calibrated.window)["arrival_rates"].rows
    truth = pl.read_parquet(synthetic.truth / "demand_by_hour_of_week.parquet")
    areas = dict(zip(calibrated.force.area_codes, calibrated.force.area_names, strict=True))
    shares = truth.group_by("area_id").agg(pl.col("expected").sum()).with_columns(share=pl.col("expected") / pl.col("expected").sum())
    found = rates.group_by("area").agg(pl.col("incidents").sum())
    both = shares.with_columns(area=pl.col("area_id").replace_strict(areas)).join(found, on="area")
    expected = both["share"].to_numpy() * float(both["incidents"].sum())
    # The planted table holds all grades and all years; a borough's share of attended incidents of the last year is near it.
    assert np.corrcoef(expected, both["incidents"].to_numpy())[0, 1] > 0.97
    hours = truth.group_by("hour_of_week").agg(pl.col("expected").sum()).sort("hour_of_week")["expected"].to_numpy()
    order = {day: number for number, day in enumerate(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"))}
    seen = rates.with_columns(at=24 * pl.col("weekday").replace_strict(order, return_dtype=pl.Int64) + pl.col("hour"))
    by_hour = seen.group_by("at").agg(pl.col("incidents").sum()).sort("at")["incidents"].to_numpy()
    assert np.corrcoef(hours, by_hour)[0, 1] > 0.95


def test_units_are_taken_away_as_often_as_planted(calibrated: Calibration) -> None:
    rows = of_force(calibrated, 1.0, calibrated.window)["unavailability"].rows
    local = {pool.name for pool in calibrated.force.pools if pool.area is not None}
    training = rows.filter(pl.col("pool").is_in(local) & (pl.col("reason") == "training"))
    duty = calibrated.establishment.duty_hours_a_week()[: len(local)].sum() * calibrated.window.weeks
    share = training["unit_hours"].sum() / duty
    # 1.2% of the turns of all units but the first of each turn of duty, who is never taken.
    turns = calibrated.establishment.turns
    units = calibrated.establishment.unit_ids
    never = np.array([units[unit].endswith("01") for unit in turns[:, 0]])
    of_local = np.isin(calibrated.establishment.unit_pool[turns[:, 0]], np.arange(len(local)))
    expected = 0.012 * np.count_nonzero(of_local & ~never) / np.count_nonzero(of_local)
    turns_lost = expected * duty / 8
    assert abs(share - expected) * duty / 8 < 4 * np.sqrt(turns_lost)


def test_rows_read_are_rows_used_and_rows_left_out(calibrated: Calibration, synthetic_dataset: Dataset) -> None:
    account = calibrated.rows.account
    window = calibrated.window
    read = synthetic_dataset.query(
        "SELECT COUNT(*) AS rows FROM incidents WHERE opened_at >= :a AND opened_at < :b", a=window.starts, b=window.ends
    )["rows"][0]
    assert account.filter(pl.col("table") == "incidents")["rows"].sum() == read
    shifts = calibrated.establishment.account.filter(pl.col("table") == "shifts")["rows"].sum()
    assert shifts == synthetic_dataset.query("SELECT COUNT(*) AS rows FROM shifts")["rows"][0]
    away = calibrated.establishment.account.filter(pl.col("table") == "abstractions")["rows"].sum()
    assert away == synthetic_dataset.query("SELECT COUNT(*) AS rows FROM abstractions")["rows"][0]


def unknown_area(tables: Tables) -> None:
    tables["incidents"][0]["area_id"] = None
    tables["incidents"][1]["area_id"] = "elsewhere"


def no_hour(tables: Tables) -> None:
    tables["incidents"][5]["time_precision"] = "day"


def sent_twice(tables: Tables) -> None:
    tables["deployments"].append(tables["deployments"][3] | {"deployment_id": "again"})


def clock_wrong(tables: Tables) -> None:
    tables["deployments"][7]["assigned_at"] = tables["incidents"][7]["opened_at"] - timedelta(minutes=5)


def backwards(tables: Tables) -> None:
    tables["deployments"][9]["cleared_at"] = tables["deployments"][9]["arrived_at"] - timedelta(minutes=1)


def turned_back(tables: Tables) -> None:
    tables["deployments"][11]["arrived_at"] = None


def stranger(tables: Tables) -> None:
    tables["deployments"][13]["unit_id"] = "nobody"


def without_incident(tables: Tables) -> None:
    tables["deployments"].append(tables["deployments"][3] | {"deployment_id": "lost", "incident_id": "none"})


def off_duty(tables: Tables) -> None:
    tables["units"].append(tables["units"][0] | {"unit_id": "spare"})


def two_places(tables: Tables) -> None:
    tables["shifts"].append({"unit_id": "A00", "weekday": 1, "starts_minute": 450, "length_minutes": 60, "break_minutes": 0})


@pytest.mark.parametrize(
    ("spoil", "table", "what", "rows"),
    [
        (unknown_area, "incidents", "outside every area that has a pool", 2),
        (no_hour, "incidents", "no time of day", 1),
        (sent_twice, "deployments", "same unit, incident and time twice", 1),
        (clock_wrong, "deployments", "sent before the incident was reported", 1),
        (backwards, "deployments", "arrived before it was sent, or cleared before it arrived", 1),
        (turned_back, "deployments", "turned back before it arrived, or arrival missing", 1),
        (stranger, "deployments", "unit is not in the table", 1),
        (without_incident, "deployments", "incident is not in the table", 1),
        (off_duty, "units", "no shift", 1),
        (two_places, "shifts", "overlaps the unit's next turn", 1),
    ],
)
def test_a_spoilt_row_is_named_and_counted(
    small: Callable[..., Dataset], spoil: Callable[[Tables], None], table: str, what: str, rows: int
) -> None:
    dataset = small(spoil)
    found = counted(calibrated_small(dataset))
    assert found[table, what] == rows
    in_all = sum(count for (name, _), count in found.items() if name == table)
    assert in_all == dataset.tables[table].rows


def test_deployments_across_a_change_of_the_clock_are_kept_but_not_timed(small: Callable[..., Dataset]) -> None:
    def in_spring(tables: Tables) -> None:  # British clocks went from 01:00 to 02:00 on 30 March 2025
        tables["deployments"][20] |= {
            "assigned_at": MONDAY + timedelta(days=27, minutes=30),
            "arrived_at": MONDAY + timedelta(days=27, minutes=130),
            "cleared_at": MONDAY + timedelta(days=27, hours=3),
        }
        tables["incidents"][20]["opened_at"] = MONDAY + timedelta(days=27, minutes=25)

    found = calibrated_small(small(in_spring))
    assert counted(found)["deployments", "around a change of the clock"] >= 1
    assert "I00020" in found.rows.first["incident_id"].to_list()
    assert not found.rows.first.filter(pl.col("incident_id") == "I00020")["clean"][0]


def test_incidents_without_a_place_stand_at_the_centre_of_their_area(small: Callable[..., Dataset]) -> None:
    def lose(tables: Tables) -> None:
        tables["incidents"][0] |= {"easting_m": None, "northing_m": None, "area_id": "B"}

    found = calibrated_small(small(lose))
    placed = found.rows.incidents.filter(pl.col("incident_id") == "I00000")
    assert placed.select("easting_m", "northing_m").row(0) == (6_000.0, 0.0)


def test_a_second_unit_of_the_first_wave_is_played_as_a_further_unit(small: Callable[..., Dataset]) -> None:
    def pairs(tables: Tables) -> None:
        tables["deployments"] += [
            row
            | {
                "deployment_id": f"{row['deployment_id']}+",
                "unit_id": f"{row['unit_id'][:2]}2",
                "arrived_at": row["arrived_at"] + timedelta(minutes=1),
            }
            for row in tables["deployments"][:200]
            if not row["unit_id"].endswith("2")
        ]

    found = calibrated_small(small(pairs))
    assert found.force.grades == ("now", "further units")
    assert found.force.measured.tolist() == [True, False]
    assert np.count_nonzero(found.force.history.grade == 1) > 100


def test_what_the_user_knows_better_stands_in_place_of_what_was_fitted(small: Callable[..., Dataset]) -> None:
    dataset = small()
    fitted = calibrated_small(dataset)
    given = calibrated_small(dataset, "scene_minutes:theft=50", "handling_minutes:now=3", "speed_km_h:now=36", "demand:Area A=2")
    assert given.times.scene_minutes[0, 0] == 50
    assert given.times.handling[0].median == pytest.approx(180)
    assert np.mean(1 / given.times.pace[0]) == pytest.approx(10.0)
    in_a = given.force.history.area == 0
    assert set(given.force.growth[in_a]) == {2.0}
    assert set(given.force.growth[~in_a]) == {1.0}
    assert fitted.times.scene_minutes[0, 0] == pytest.approx(25, rel=0.05)  # exp(log 1500 s)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("scene_minutes:arson=5", "theft"),
        ("scene:theft=5", "scene_minutes"),
        ("scene_minutes:theft=0", "above zero"),
        ("scene_minutes:theft=long", "number"),
        ("theft=5", "quantity:key=value"),
    ],
)
def test_an_override_that_cannot_be_read_says_what_there_is(small: Callable[..., Dataset], line: str, says: str) -> None:
    with pytest.raises(SpecError) as error:
        calibrated_small(small(), line)
    assert says in f"{error.value} {error.value.next_step}"


def test_more_demand_is_the_same_incidents_and_some_besides(small: Callable[..., Dataset]) -> None:
    force = calibrated_small(small()).force
    as_is = draw(force, weeks=2, demand_factor=1.0, seed=3, replication=0)
    more = draw(force, weeks=2, demand_factor=1.5, seed=3, replication=0)
    less = draw(force, weeks=2, demand_factor=0.5, seed=3, replication=0)
    places = [set(zip(one.demand.x_m.tolist(), one.demand.y_m.tolist(), strict=True)) for one in (less, as_is, more)]
    assert places[0] < places[1] <= places[2]
    assert len(more.demand.time_us) == pytest.approx(1.5 * len(as_is.demand.time_us), rel=0.1)


@pytest.mark.parametrize("factor", [0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 3.0])
def test_a_scaled_force_has_its_share_of_units_in_all_and_nearly_so_in_each_pool(calibrated: Calibration, factor: float) -> None:
    force = calibrated.force
    copies = spread_copies(force, np.full(len(force.unit_pool), factor))
    for level in (True, False):
        mine = force.is_support[force.unit_pool] == level
        assert abs(copies[mine].sum() - factor * np.count_nonzero(mine)) <= 0.5
    here = np.bincount(force.unit_pool, copies, len(force.pools))
    assert np.abs(here - factor * np.bincount(force.unit_pool, minlength=len(force.pools))).max() <= 1.0


def test_a_world_of_twice_the_units_has_twice_the_turns_and_twice_the_absences(calibrated: Calibration) -> None:
    force = calibrated.force
    drawn = draw(force, weeks=2, demand_factor=1.0, seed=1, replication=0)
    once, twice = (
        world_of(force, copies=np.full(len(force.unit_pool), number), drawn=drawn, seed=1, replication=0)[0] for number in (1, 2)
    )
    assert len(twice.unit_pool) == 2 * len(once.unit_pool)
    assert len(twice.shift_unit) == 2 * len(once.shift_unit)
    assert len(twice.away_unit) == 2 * len(once.away_unit) > 0


def test_areas_lend_only_where_the_deployments_show_it(small: Callable[..., Dataset]) -> None:
    def lend(tables: Tables) -> None:
        for row in tables["deployments"][::20]:
            row["unit_id"] = ("B" if row["unit_id"][0] == "A" else "A") + row["unit_id"][1:]

    assert np.isnan(calibrated_small(small()).force.borrow_after_minutes).all()
    lent = calibrated_small(small(lend))
    assert lent.lent_share == pytest.approx(0.05, abs=0.01)
    assert lent.force.borrow_after_minutes.tolist() == [5.0]
    assert calibrated_small(small(), borrowing="by grade").force.borrow_after_minutes.tolist() == [5.0]


def test_travel_times_between_areas_take_the_place_of_the_plane(calibrated: Calibration, synthetic_dataset: Dataset) -> None:
    plane, areas = calibrated.force, last_year(synthetic_dataset, travel_by_area=True).force
    given = synthetic_dataset.query(
        "SELECT travel_minutes FROM area_travel_times WHERE from_area_id = :one AND to_area_id = :other",
        one=plane.area_codes[0],
        other=plane.area_codes[3],
    )["travel_minutes"][0]
    assert areas.zone_seconds[0, 3] == pytest.approx(60 * given)
    replies = []
    for force in (plane, areas):
        drawn = draw(force, weeks=8, demand_factor=1.0, seed=3, replication=0)
        world, rules = world_of(force, copies=np.ones(len(force.unit_pool), np.int64), drawn=drawn, seed=3, replication=0)
        outcome = simulate(world, drawn.demand, rules)
        replies.append(outcome.response_sum_us[:, 0].sum() / outcome.attended[:, 0].sum())
    assert replies[1] == pytest.approx(replies[0], rel=0.1)  # both are fitted to the same drives


def test_a_pair_of_areas_without_a_travel_time_is_named(small: Callable[..., Dataset]) -> None:
    def add(tables: Tables) -> None:
        pairs = [("A", "A"), ("A", "B"), ("B", "B")]
        tables["area_travel_times"] = [{"from_area_id": start, "to_area_id": end, "travel_minutes": 5.0} for start, end in pairs]

    with pytest.raises(SpecError, match="1 of 4 pairs of areas have no travel time, such as B to A"):
        read_travel_seconds(small(add), ("A", "B"))
    with pytest.raises(SpecError, match="no travel times"):
        read_travel_seconds(small(), ("A", "B"))
