from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from bestvalue.analysis.challenge.roster_jobs import AWAY, SUPPORT, Work, read_work
from bestvalue.dataset.dataset import CheckedTable, Dataset
from bestvalue.dataset.engines.local import LocalEngine
from bestvalue.dataset.tables import TABLES

MONDAY = datetime.fromisoformat("2025-06-02 00:00")


def table(name: str, rows: Sequence[dict[str, Any]]) -> pl.DataFrame:
    schema = TABLES[name].schema
    return pl.DataFrame([{column: row.get(column) for column in schema} for row in rows], schema=schema)


@pytest.fixture
def week(tmp_path: Path) -> Iterator[Callable[..., Work]]:
    """Read jobs given as (opened, sent, arrived, free) in minutes of the week; one more at the end of the week closes it."""
    engines: list[LocalEngine] = []

    def week(
        *jobs: dict[str, Any], spells: Sequence[dict[str, Any]] = (), units: Sequence[str] = ("U", "V", "Z"), monday: datetime = MONDAY
    ) -> Work:
        rows = [*jobs, {"opened": 10_070, "sent": 10_071, "arrived": 10_072, "free": 10_073, "unit": "Z"}]
        incidents, deployments = [], []
        for number, job in enumerate(rows):
            at = {
                name: None if job.get(name) is None else monday + timedelta(minutes=job[name])
                for name in ("opened", "sent", "arrived", "free")
            }
            incident = job.get("incident", f"I{number}")
            incidents.append({"incident_id": incident, "opened_at": at["opened"], "grade": job.get("grade", "urgent")})
            deployments.append(
                {
                    "deployment_id": f"D{number}", "incident_id": incident, "unit_id": job.get("unit", "U"), "wave": job.get("wave", 1),
                    "assigned_at": at["sent"], "arrived_at": at["arrived"], "cleared_at": at["free"],
                }
            )  # fmt: skip
        given = {
            "incidents": [
                one for number, one in enumerate(incidents) if one["incident_id"] not in {i["incident_id"] for i in incidents[:number]}
            ],
            "deployments": deployments,
            "units": [{"unit_id": unit, "pool_id": "P"} for unit in units],
            "shifts": [
                {"unit_id": unit, "weekday": day, "starts_minute": 420, "length_minutes": 480}
                for unit, day in (("U", 7), ("V", 1), ("Z", 6))
            ],
        } | ({"abstractions": list(spells)} if spells else {})
        engine = LocalEngine(threads=1)
        engines.append(engine)
        tables = {}
        for name, content in given.items():
            path = tmp_path / f"{name}-{len(engines)}.parquet"
            table(name, content).write_parquet(path)
            tables[name] = CheckedTable(name=name, parquet=path, digest=name, rows=len(content), source="a test")
        work = read_work(
            Dataset(tables, engine=engine), weeks=4, targets={"urgent": 15.0}, support_target_minutes=30, order=("urgent",), seed=1
        )
        assert work is not None
        return work

    yield week
    for engine in engines:
        engine.close()


def job(opened: int, sent: int, arrived: int | None, free: int, **given: Any) -> dict[str, Any]:
    return {"opened": opened, "sent": sent, "arrived": arrived, "free": free} | given


def test_a_job_that_had_not_waited_is_ready_when_it_was_sent(week: Callable[..., Work]) -> None:
    jobs = week(job(500, 503, 510, 560)).pools["P"]
    assert (jobs.second[0], jobs.busy_seconds[0]) == (503 * 60, 57 * 60)
    assert jobs.allowed_seconds[0] == (15 - 10) * 60  # three minutes of handling and seven of travel
    assert jobs.in_time[0] == 1


def test_a_job_that_had_waited_is_ready_after_a_handling_time_of_its_grade(week: Callable[..., Work]) -> None:
    work = week(job(500, 503, 510, 560), job(520, 560, 570, 600))
    jobs = work.pools["P"]
    # Handling of jobs that had not waited took three minutes, and one minute for the job that closes the week.
    assert jobs.second[1] in (523 * 60, 521 * 60)
    assert jobs.in_time.tolist() == [1, 0, 1]
    assert jobs.allowed_seconds[1] == (15 - 10) * 60 - (jobs.second[1] - 520 * 60)
    assert work.waited == 1


def test_a_unit_sent_as_its_turn_begins_had_a_job_waiting(week: Callable[..., Work]) -> None:
    assert week(job(380, 420, 425, 460, unit="V")).waited == 1
    assert week(job(380, 430, 435, 460, unit="V")).waited == 0


def test_only_the_first_unit_to_arrive_has_a_target(week: Callable[..., Work]) -> None:
    jobs = week(job(500, 503, 510, 560, incident="I"), job(500, 504, 507, 560, unit="V", incident="I")).pools["P"]
    assert np.isnan(jobs.allowed_seconds[:2]).tolist() == [True, False]


def test_absences_come_as_jobs_before_all_grades(week: Callable[..., Work]) -> None:
    spell = {
        "abstraction_id": "A", "unit_id": "U", "reason": "training",
        "starts_at": MONDAY + timedelta(hours=7), "ends_at": MONDAY + timedelta(hours=15),
    }  # fmt: skip
    work = week(job(500, 503, 510, 560), spells=[spell])
    jobs = work.pools["P"]
    assert work.grades == (AWAY, "urgent", SUPPORT)
    assert (jobs.grade[0], jobs.busy_seconds[0], np.isnan(jobs.allowed_seconds[0])) == (0, 8 * 3_600, True)


def test_support_is_judged_from_sending(week: Callable[..., Work]) -> None:
    jobs = week(job(500, 503, 510, 560, incident="I"), job(500, 515, 550, 600, wave=2, unit="V", incident="I")).pools["P"]
    assert jobs.grade[:2].tolist() == [1, 2]
    assert (jobs.allowed_seconds[1], jobs.in_time[1]) == (-5 * 60, 0)


@pytest.mark.parametrize(
    ("bad", "fault"),
    [
        (job(500, 503, 510, 560, unit="nobody"), "The unit is not in the units table"),
        (job(500, 503, 510, 560, grade=None), "The incident has no grade"),
        (job(500, 503, None, 503), "The unit is free again no later than it was sent"),
        (job(505, 503, 510, 560), "The unit was sent before the incident was reported"),
    ],
)
def test_what_cannot_be_right_is_named_and_left_out(week: Callable[..., Work], bad: dict[str, Any], fault: str) -> None:
    work = week(job(600, 603, 610, 660), bad)
    assert work.faults.select("fault", "rows", "first").rows() == [(fault, 1, "D1")]
    assert (work.found, work.used) == (3, 2)


def test_duplicates_are_counted_once_and_overlaps_are_named(week: Callable[..., Work]) -> None:
    one = job(500, 503, 510, 560, incident="I")
    work = week(one, one, job(520, 530, 535, 580))
    assert work.faults.select("fault", "rows").rows() == [
        ("The same unit, incident and time as another row", 1),
        ("The unit was sent before it was free from another job", 1),
    ]
    assert (work.found, work.used) == (4, 3)


def test_units_without_a_shift_are_named(week: Callable[..., Work]) -> None:
    work = week(job(500, 503, 510, 560), units=("U", "V", "W", "Z"))
    assert work.faults.select("fault", "rows", "first").rows() == [("A unit has no shift in the shifts table", 1, "W")]


def test_a_job_during_which_the_clocks_change_has_its_true_length(week: Callable[..., Work]) -> None:
    autumn = datetime.fromisoformat("2025-10-20 00:00")  # the week whose Sunday has an hour twice
    work = week(job(600, 603, 610, 660), job(6 * 1_440 + 30, 6 * 1_440 + 33, 6 * 1_440 + 40, 6 * 1_440 + 153), monday=autumn)
    assert work.pools["P"].busy_seconds.tolist()[1] == 3 * 3_600
    assert work.faults["fault"].to_list() == ["The clocks changed during the job"]
