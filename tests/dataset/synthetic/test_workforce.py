"""Duties follow from shifts and deployments, and what was paid from the regulations, but for the planted errors."""

from collections import defaultdict
from datetime import datetime, timedelta

import duckdb


def test_nobody_is_on_two_duties_at_once(sql: duckdb.DuckDBPyConnection) -> None:
    overlapping = sql.execute("""
        SELECT count(*) FROM (SELECT started_at, lag(ended_at) OVER (PARTITION BY staff_id ORDER BY started_at) AS free_at FROM duties)
        WHERE started_at < free_at
    """).fetchall()
    assert overlapping == [(0,)]


def test_every_crew_has_as_many_people_as_its_pool_says(sql: duckdb.DuckDBPyConnection) -> None:
    different = sql.execute("""
        SELECT count(*) FROM (SELECT unit_id, planned_start_at, count(*) AS people FROM duties WHERE unit_id IS NOT NULL GROUP BY ALL)
        JOIN units USING (unit_id) JOIN pools USING (pool_id) WHERE people <> crew
    """).fetchall()
    assert different == [(0,)]


def test_a_crew_whose_incident_ran_on_stayed_until_it_was_cleared_or_relieved(sql: duckdb.DuckDBPyConnection) -> None:
    different = sql.execute("""
        SELECT count(*) FROM duties JOIN (
            SELECT unit_id, planned_end_at, max(cleared_at) AS cleared_at FROM duties
            JOIN deployments USING (unit_id) WHERE assigned_at >= planned_start_at AND assigned_at < planned_end_at GROUP BY ALL
        ) USING (unit_id, planned_end_at)
        WHERE overtime_reason = 'incident ran on' AND ended_at <> least(cleared_at, planned_end_at + INTERVAL 5 HOUR)
    """).fetchall()
    assert different == [(0,)]


def test_what_was_paid_is_what_the_regulations_give_but_for_the_planted_errors(sql: duckdb.DuckDBPyConnection) -> None:
    rows = sql.execute("""
        SELECT duty_id, staff_id, duty_kind, planned_start_at, planned_end_at, ended_at, overtime_told_at IS NULL, overtime_paid_minutes
        FROM duties ORDER BY staff_id, planned_start_at
    """).fetchall()
    planted = {row[0] for row in sql.execute("SELECT duty_id FROM truth_overtime_errors").fetchall()}
    occasions: dict[tuple[str, datetime], int] = defaultdict(int)
    wrong = set()
    for duty, person, kind, starts, planned_end, ended, untold, paid in rows:
        minutes = int((ended - (planned_end if kind == "rostered" else starts)) / timedelta(minutes=1))
        monday = datetime(starts.year, starts.month, starts.day) - timedelta(days=starts.weekday())  # noqa: DTZ001 - local clock
        if paid != _annex_g(minutes, untold=untold, occasions=occasions, week=(person, monday)):
            wrong.add(duty)
    assert planted
    assert wrong == planted


def _annex_g(minutes: int, *, untold: bool, occasions: dict[tuple[str, datetime], int], week: tuple[str, datetime]) -> int:
    """Minutes to pay: completed quarters; untold, under half an hour nothing, and half an hour dropped on four occasions a week."""
    if untold and minutes < 30:
        return 0
    if untold:
        occasions[week] += 1
        if occasions[week] <= 4:
            minutes -= 30
    return minutes // 15 * 15
