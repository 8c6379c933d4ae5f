"""What support really has: units that are free and not only on duty, skills that are called on, absences that last, drives of its own."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest
from tests.analysis.challenge.resources.conftest import MONDAY, WEEKS, Tables
from tests.analysis.challenge.resources.test_calibrate import calibrated_small

from bestvalue.analysis.challenge.resources_calibrate_away import LastingChange, find_step, since_changes
from bestvalue.analysis.challenge.resources_calibrate_roads import further_seconds
from bestvalue.analysis.challenge.resources_calibrate_rows import Rows, Window, read_rows
from bestvalue.analysis.challenge.resources_calibrate_skills import Holders
from bestvalue.analysis.challenge.resources_calibrate_times import spread_of
from bestvalue.analysis.challenge.resources_calibrate_units import read_establishment, read_places
from bestvalue.dataset.dataset import Dataset

WINDOW = Window(starts=MONDAY, ends=MONDAY + timedelta(weeks=WEEKS))


def test_the_longest_of_many_delays_does_not_lengthen_the_rest() -> None:
    # An exponential delay of 5 hours in the mean: 7 in 100,000 last longer than 48, however many were recorded.
    luck = np.random.default_rng(3)
    recorded = luck.exponential(5.0, 400_000)
    drawn = spread_of(recorded).draw(luck.random(400_000))
    beyond, expected = np.count_nonzero(drawn > 48), 400_000 * np.exp(-48 / 5)
    assert abs(beyond - expected) < 5 * np.sqrt(expected)
    assert spread_of(recorded).mean == pytest.approx(recorded.mean(), rel=0.002)
    assert drawn.max() <= recorded.max()


def free_before(rows: Rows, incident: str) -> int | None:
    return rows.first.filter(pl.col("incident_id") == incident)["free_before_seconds"][0]


def sent(tables: Tables, number: int, unit: str, at: datetime) -> None:
    """The deployment of an incident of the first Tuesday is by this unit, sent then, twenty minutes after the report."""
    tables["incidents"][number]["opened_at"] = at - timedelta(minutes=20)
    tables["deployments"][number] |= {
        "unit_id": unit,
        "assigned_at": at,
        "arrived_at": at + timedelta(minutes=5),
        "cleared_at": at + timedelta(minutes=15),
    }


def test_a_unit_that_has_just_come_on_duty_was_not_free_before(small: Callable[..., Dataset]) -> None:
    tuesday = MONDAY + timedelta(days=1)

    def change(tables: Tables) -> None:
        alone = {"A12", "B12"}
        for row in tables["deployments"]:  # these two have nothing to do but what follows
            row["unit_id"] = row["unit_id"][:2] + "1" if row["unit_id"] in alone else row["unit_id"]
        sent(tables, 0, "A12", tuesday + timedelta(hours=8))  # as its turn begins
        sent(tables, 1, "A12", tuesday + timedelta(hours=9))
        sent(tables, 2, "B12", tuesday + timedelta(hours=12))  # as it comes back from court
        tables["abstractions"] = [
            {
                "abstraction_id": "X",
                "unit_id": "B12",
                "reason": "court",
                "starts_at": tuesday + timedelta(hours=8),
                "ends_at": tuesday + timedelta(hours=12),
            }
        ]

    dataset = small(change)
    rows = read_rows(dataset, WINDOW, areas=read_places(dataset), grades=("now",))
    assert [free_before(rows, f"I0000{number}") for number in range(3)] == [0, 45 * 60, 0]


def with_divers(tables: Tables, *, called: int) -> None:
    """Two support pools whose units are trained to search, of which the boat is called to so many of 300 searches."""
    hours = [{"weekday": day, "starts_minute": 0, "length_minutes": 1_440, "break_minutes": 0} for day in range(1, 8)]
    tables["unit_skills"] = []
    for pool, code, skills in (("VAN", "V", ("search",)), ("BOAT", "W", ("search", "water"))):
        tables["pools"].append(tables["pools"][0] | {"pool_id": pool, "pool_name": pool, "level": "support", "area_id": None})
        for number in range(2):
            unit = f"{code}{number}"
            tables["units"].append(tables["units"][0] | {"unit_id": unit, "pool_id": pool})
            tables["shifts"] += [{"unit_id": unit} | turn for turn in hours]
            tables["unit_skills"] += [{"unit_id": unit, "skill": skill} for skill in skills]
    for number, row in enumerate(tables["deployments"][:300]):
        tables["incidents"][number]["support_skill"] = "search"
        came = row["arrived_at"] + timedelta(minutes=20)
        tables["deployments"].append(
            row
            | {
                "deployment_id": f"S{number}",
                "unit_id": "W0" if number < called else f"V{number % 2}",
                "wave": 2,
                "assigned_at": row["arrived_at"] + timedelta(minutes=5),
                "arrived_at": came,
                "cleared_at": came + timedelta(minutes=10),
            }
        )


@pytest.mark.parametrize(("called", "sent_for_it"), [(0, False), (2, False), (30, True)])
def test_a_pool_that_holds_a_skill_and_is_never_called_for_it_is_not_sent(
    small: Callable[..., Dataset], called: int, *, sent_for_it: bool
) -> None:
    dataset = small(lambda tables: with_divers(tables, called=called))
    found = read_establishment(dataset, WINDOW, read_places(dataset))
    search, water = (np.uint64(1) << np.uint64(found.skills.index(skill)) for skill in ("search", "water"))
    can = dict(zip(found.unit_ids, found.unit_skills.tolist(), strict=True))
    assert can["V0"] == can["V1"] == int(search)
    assert can["W0"] == can["W1"] == int(water) + (int(search) if sent_for_it else 0)
    account = found.account.filter(pl.col("table") == "unit_skills")
    assert account["rows"].sum() == dataset.tables["unit_skills"].rows
    on_paper = account.filter(pl.col("what") == "held by a pool that is not sent for it").row(0, named=True)
    assert on_paper["rows"] == (0 if sent_for_it else 2)
    assert (f"BOAT for search ({called} of 300 requests)" in on_paper["rule"]) is not sent_for_it


def test_few_requests_do_not_show_who_is_sent_for_them() -> None:
    half = {"skill": "search", "pool_id": "BOAT", "hours": 100.0, "total_hours": 200.0, "sent": 0}
    assert not Holders(**half, total_sent=9).seldom_sent  # one in 512 by chance
    assert Holders(**half, total_sent=10).seldom_sent  # one in 1,024
    assert not Holders(**(half | {"total_hours": 100.0}), total_sent=10).seldom_sent  # nobody else holds it


def test_a_step_is_found_in_its_week_and_none_in_chance() -> None:
    luck = np.random.default_rng(11)
    steps = [find_step(np.concatenate([luck.poisson(2, 13), luck.poisson(20, 39)]).astype(float)) for _ in range(50)]
    assert np.mean([step == 13 for step in steps]) > 0.9
    flat = [find_step(8.0 * luck.negative_binomial(1, 0.2, 52)) for _ in range(300)]  # more spread than Poisson has
    assert sum(step is not None for step in flat) <= 1
    event = np.zeros(52)
    event[20:23] = 400.0
    assert find_step(event) is None  # it came and went


def test_weeks_before_a_lasting_change_are_played_with_the_absences_since() -> None:
    spells = pl.DataFrame(
        {
            "week": [0, 1, 2, 3, 3],
            "level": ["support"] * 5,
            "reason": ["court", "tasking", "tasking", "tasking", "court"],
            "unit": [1, 2, 3, 4, 5],
        }
    )
    change = LastingChange(level="support", reason="tasking", week=2, before=0.0, after=8.0)
    found = since_changes(spells, (change,), weeks=4)
    assert sorted(found.select("week", "reason", "unit").iter_rows()) == [
        (0, "court", 1),
        (0, "tasking", 3),
        (1, "tasking", 4),
        (2, "tasking", 3),
        (3, "court", 5),
        (3, "tasking", 4),
    ]


def test_tasking_that_began_within_the_year_is_played_in_all_of_it(synthetic_dataset: Dataset) -> None:
    window = Window(starts=datetime(2024, 12, 30), ends=datetime(2025, 12, 29))  # noqa: DTZ001 - the force's clock
    found = read_establishment(synthetic_dataset, window, read_places(synthetic_dataset))
    change = found.away_changes[0]
    assert (len(found.away_changes), change.level, change.reason, change.week, change.before) == (1, "support", "tasking", 13, 0.0)
    assert change.told(window.starts).endswith("since 31 March 2025")
    support = np.array([pool.area is None for pool in found.pools])[found.unit_pool][found.away[:, 1]]
    hours = np.bincount(found.away[support, 0], (found.away[:, 3] - found.away[:, 2])[support] / 3_600, 52)
    assert hours[:13].mean() == pytest.approx(hours[13:].mean(), rel=0.15)
    account = found.account.filter(pl.col("table") == "abstractions")
    assert account["rows"].sum() == synthetic_dataset.tables["abstractions"].rows


def test_what_the_drives_for_a_skill_take_more_is_found() -> None:
    start = MONDAY
    drives = [("dog", 600 + number) for number in range(40)] + [("boat", 900 + number) for number in range(40)] + [("air", 60)]
    recorded: list[dict[str, Any]] = [
        {"support_skill": skill, "assigned_at": start, "arrived_at": start + timedelta(seconds=seconds)} for skill, seconds in drives
    ]
    simulated, skill = np.concatenate([np.arange(40.0) + 600] * 3), np.repeat([0.0, 1.0, 2.0], 40)
    found = further_seconds(pl.DataFrame(recorded), simulated, skill, ("air", "boat", "dog"))
    assert found.tolist() == [0.0, 300.0, 0.0]  # one flight tells nothing


def test_a_speed_of_support_that_the_user_gives_is_not_taken_back_by_what_its_drives_take_more(small: Callable[..., Dataset]) -> None:
    dataset = small(lambda tables: with_divers(tables, called=0))
    fitted, given = calibrated_small(dataset), calibrated_small(dataset, "speed_km_h:support=5")
    slower = given.times.support_pace.mean() / fitted.times.support_pace.mean()
    search = fitted.times.skills.index("search")
    further = [found.times.support_further_seconds[search] for found in (fitted, given)]
    assert slower > 2
    assert further[0] != 0  # enough drives are known to tell
    assert further[1] == pytest.approx(further[0], abs=5)
