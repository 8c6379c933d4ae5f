"""Units are sent as a real control room could: never two places at once, on duty when sent, and at possible speeds."""

import heapq
import json
from dataclasses import dataclass

import duckdb
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bestvalue.dataset.synthetic import SyntheticForce
from bestvalue.dataset.synthetic.dispatch import dispatch
from bestvalue.dataset.synthetic.establishment import SHIFT_SECONDS, turn_start


def test_no_unit_is_in_two_places_at_once(sql: duckdb.DuckDBPyConnection) -> None:
    overlapping = sql.execute("""
        SELECT count(*) FROM (
            SELECT assigned_at, lag(cleared_at) OVER (PARTITION BY unit_id ORDER BY assigned_at, cleared_at) AS free_at FROM deployments)
        WHERE assigned_at < free_at
    """).fetchall()
    assert overlapping == [(0,)]


def test_a_unit_is_sent_only_within_a_shift_that_it_works(sql: duckdb.DuckDBPyConnection) -> None:
    off_duty = sql.execute("""
        SELECT count(*) FROM deployments d ANTI JOIN (
            SELECT unit_id, day + to_minutes(starts_minute) AS starts_at, day + to_minutes(starts_minute + length_minutes) AS ends_at
            FROM shifts JOIN range(TIMESTAMP '2022-03-31', TIMESTAMP '2026-05-01', INTERVAL 1 DAY) days(day) ON isodow(day) = weekday) s
        ON d.unit_id = s.unit_id AND d.assigned_at >= s.starts_at AND d.assigned_at < s.ends_at
    """).fetchall()
    assert off_duty == [(0,)]


def test_a_unit_is_not_sent_while_it_is_away(sql: duckdb.DuckDBPyConnection) -> None:
    sent_while_away = sql.execute("""
        SELECT count(*) FROM deployments d JOIN abstractions a
        ON d.unit_id = a.unit_id AND d.assigned_at >= a.starts_at AND d.assigned_at < a.ends_at
    """).fetchall()
    assert sent_while_away == [(0,)]


def test_incidents_and_deployments_tell_the_same_story(sql: duckdb.DuckDBPyConnection) -> None:
    different = sql.execute("""
        SELECT count(*) FROM incidents i JOIN (
            SELECT incident_id, max(cleared_at) AS cleared_at, max(epoch(arrived_at - assigned_at)) FILTER (wave = 1) AS first_seconds
            FROM deployments GROUP BY incident_id) d USING (incident_id)
        WHERE i.closed_at <> d.cleared_at OR i.first_attendance_seconds <> d.first_seconds
    """).fetchall()
    unanswered = sql.execute("""
        SELECT count(*) FROM incidents ANTI JOIN deployments USING (incident_id) WHERE grade <> 'resolved without attendance'
    """).fetchall()
    assert (different, unanswered) == ([(0,)], [(0,)])


def test_every_request_for_support_sends_a_unit_with_the_skill(sql: duckdb.DuckDBPyConnection) -> None:
    asked = sql.execute("SELECT count(*) FROM incidents WHERE support_skill IS NOT NULL").fetchall()
    answered = sql.execute("""
        SELECT count(*) FROM incidents i JOIN deployments d ON d.incident_id = i.incident_id AND d.wave = 2
        JOIN unit_skills s ON s.unit_id = d.unit_id AND s.skill = i.support_skill
    """).fetchall()
    assert asked == answered


def test_median_speed_on_the_road_is_the_planted_one(force: SyntheticForce, sql: duckdb.DuckDBPyConnection) -> None:
    planted = json.loads((force.truth / "response.json").read_text())
    # Far drives only, so that turnout (a minute) is small beside them; it is taken off at its median.
    rows = sql.execute("""
        SELECT hour(assigned_at), metres, epoch(arrived_at - assigned_at)
        FROM (SELECT *, sqrt(power(from_easting_m - easting_m, 2) + power(from_northing_m - northing_m, 2)) AS metres
              FROM deployments JOIN incidents USING (incident_id) WHERE wave = 1 AND grade = 'immediate') WHERE metres > 3000
    """).fetchall()
    hour, metres, seconds = np.array(rows).T
    on_the_road = seconds - planted["turnout_median_seconds"]["immediate"]
    speed = planted["detour"] * metres / on_the_road / np.array(planted["speed_by_hour"])[hour.astype(int)]
    assert np.median(speed) == pytest.approx(planted["speed_metres_a_second"]["immediate"], rel=0.03)


@dataclass(frozen=True)
class _FixedRoster:
    """Stands in for an establishment: the same units every turn."""

    units: int

    def roster(self, pool: None, turn: int) -> list[int]:  # noqa: ARG002 - the signature is that of Establishment
        return list(range(self.units))


# Jobs that become ready in one second are served in the order given, whatever their grade, so each has its own second here.
JOB = st.tuples(st.integers(0, 3 * SHIFT_SECONDS), st.integers(60, 2 * SHIFT_SECONDS), st.integers(0, 2))


@given(jobs=st.lists(JOB, max_size=30, unique_by=lambda job: job[0]), units=st.integers(1, 4))
def test_dispatch_agrees_with_a_slow_plain_twin(jobs: list[tuple[int, int, int]], units: int) -> None:
    jobs = sorted(jobs)
    ready, busy, grade = (np.array([job[part] for job in jobs], dtype=np.int64) for part in range(3))
    sent = dispatch(None, _FixedRoster(units), ready=ready, busy=busy, grade=grade)  # type: ignore[arg-type] # the roster is all it asks of them
    assert sent.start.tolist() == _plain_dispatch(jobs, units)


def _plain_dispatch(jobs: list[tuple[int, int, int]], units: int) -> list[int]:
    """Second by event: at each moment when something can change, idle units take the most urgent of those waiting."""
    start: dict[int, int] = {}
    turn, free = 0, [turn_start(0)] * units
    moments = sorted({job[0] for job in jobs})
    heapq.heapify(moments)
    while len(start) < len(jobs):
        now = heapq.heappop(moments)
        while turn_start(turn + 1) <= now:
            turn += 1
            free = [turn_start(turn)] * units
        waiting = sorted((job[2], number) for number, job in enumerate(jobs) if number not in start and job[0] <= now)
        for unit, free_at in enumerate(free):
            if waiting and free_at <= now:
                _, number = waiting.pop(0)
                start[number] = now
                free[unit] = now + jobs[number][1]
                heapq.heappush(moments, free[unit])
        heapq.heappush(moments, turn_start(turn + 1))
    return [start[number] for number in range(len(jobs))]
