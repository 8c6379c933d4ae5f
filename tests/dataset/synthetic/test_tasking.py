"""Bids are decided by the stated rules, and units given to a bid do nothing else."""

import duckdb
import pytest


def test_a_unit_given_to_a_bid_has_the_skill_and_serves_within_the_window(sql: duckdb.DuckDBPyConnection) -> None:
    wrong = sql.execute("""
        SELECT count(*) FROM allocations a JOIN bids b USING (bid_id)
        LEFT JOIN unit_skills s ON s.unit_id = a.unit_id AND s.skill = b.skill
        WHERE s.skill IS NULL OR a.starts_at < b.window_starts_at OR a.ends_at > b.window_ends_at
    """).fetchall()
    assert wrong == [(0,)]


def test_no_unit_is_tasked_on_two_days_running_or_above_its_weekly_maximum(sql: duckdb.DuckDBPyConnection) -> None:
    too_soon = sql.execute("""
        SELECT count(*) FROM (SELECT starts_at - lag(starts_at) OVER (PARTITION BY unit_id ORDER BY starts_at) AS gap FROM allocations)
        WHERE gap <= INTERVAL 24 HOUR
    """).fetchall()
    too_many = sql.execute("""
        SELECT count(*) FROM (SELECT unit_id, date_trunc('week', starts_at), count(*) AS given FROM allocations GROUP BY ALL)
        JOIN units USING (unit_id) WHERE given > weekly_maximum_taskings
    """).fetchall()
    assert (too_soon, too_many) == ([(0,)], [(0,)])


def test_a_unit_goes_to_no_incident_while_it_serves_a_bid(sql: duckdb.DuckDBPyConnection) -> None:
    sent = sql.execute("""
        SELECT count(*) FROM deployments d JOIN allocations a
        ON d.unit_id = a.unit_id AND d.assigned_at >= a.starts_at AND d.assigned_at < a.ends_at
    """).fetchall()
    assert sent == [(0,)]


@pytest.mark.parametrize(
    ("decision", "fits"),
    [("granted", "given = units_wanted"), ("part granted", "given BETWEEN 1 AND units_wanted - 1"), ("refused", "given = 0")],
)
def test_the_decision_says_how_many_units_were_given(sql: duckdb.DuckDBPyConnection, decision: str, fits: str) -> None:
    counted = sql.execute(
        f"""
        SELECT count(*), count(*) FILTER ({fits}) FROM (
            SELECT bid_id, units_wanted, count(a.unit_id) AS given FROM bids LEFT JOIN allocations a USING (bid_id)
            WHERE decision = ? GROUP BY ALL)
        """,
        [decision],
    ).fetchall()
    asked, right = counted[0]
    assert asked == right > 0


def test_only_bids_for_a_skill_that_nobody_has_are_refused_for_want_of_it(sql: duckdb.DuckDBPyConnection) -> None:
    different = sql.execute("""
        SELECT count(*) FROM bids
        WHERE (decision_reason IS NOT DISTINCT FROM 'no unit has the skill') <> (skill NOT IN (SELECT skill FROM unit_skills))
    """).fetchall()
    assert different == [(0,)]
