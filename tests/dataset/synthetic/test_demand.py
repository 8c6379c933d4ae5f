"""The incidents are what the planted rates say."""

import json

import duckdb
import numpy as np
import pytest
from scipy import stats

from bestvalue.dataset.synthetic import SyntheticForce


def test_counts_by_month_borough_and_kind_are_poisson_around_the_planted_rates(sql: duckdb.DuckDBPyConnection) -> None:
    rows = sql.execute("""
        SELECT expected, coalesce(counted, 0) FROM truth_demand_by_month
        LEFT JOIN (SELECT CAST(date_trunc('month', opened_at) AS DATE) AS month, area_id, kind, count(*) AS counted
                   FROM incidents GROUP BY ALL) USING (month, area_id, kind)
    """).fetchall()
    expected, counted = np.array(rows).T
    # Pearson's statistic over all cells: its mean is the number of cells, its variance 2 + 1 / expected a cell.
    statistic = float(((counted - expected) ** 2 / expected).sum())
    spread = float(np.sqrt((2 + 1 / expected).sum()))
    assert abs(statistic - len(rows)) < 4 * spread


def test_counts_by_hour_of_the_week_follow_the_planted_rates(sql: duckdb.DuckDBPyConnection) -> None:
    rows = sql.execute("""
        SELECT sum(expected), any_value(counted) FROM truth_demand_by_hour_of_week
        JOIN (SELECT (isodow(opened_at) - 1) * 24 + hour(opened_at) AS hour_of_week, count(*) AS counted
              FROM incidents GROUP BY ALL) USING (hour_of_week) GROUP BY hour_of_week
    """).fetchall()
    expected, counted = np.array(rows).T
    assert len(rows) == 168
    assert stats.chi2.sf(((counted - expected) ** 2 / expected).sum(), df=168) > 1e-4


def test_the_planted_step_in_welfare_shows_in_the_counts(force: SyntheticForce, sql: duckdb.DuckDBPyConnection) -> None:
    planted = json.loads((force.truth / "demand.json").read_text())
    change = planted["changes"][0]
    yearly = next(kind["yearly_change"] for kind in planted["kinds"] if kind["name"] == change["kind"])
    counted = "SELECT count(*) FROM incidents WHERE kind = $kind AND opened_at >= {0} AND opened_at < {0} + INTERVAL 1 YEAR"
    before, after = (
        sql.execute(counted.format(low), {"kind": change["kind"]}).fetchall()[0][0]
        for low in (f"(TIMESTAMP '{change['on']}' - INTERVAL 1 YEAR)", f"TIMESTAMP '{change['on']}'")
    )
    # A year on each side holds every season once, so only the trend and the step remain.
    ratio = after / before / (1 + yearly)
    spread = ratio * np.sqrt(1 / before + 1 / after)
    assert abs(ratio - change["factor"]) < 4 * spread


def test_nothing_is_reported_in_the_hour_that_no_clock_showed(sql: duckdb.DuckDBPyConnection) -> None:
    skipped = sql.execute("""
        SELECT count(*) FROM incidents
        WHERE month(opened_at) = 3 AND day(opened_at) > 24 AND isodow(opened_at) = 7 AND hour(opened_at) = 1
    """).fetchall()
    assert skipped == [(0,)]


@pytest.mark.parametrize("skill", ["public order", "dog", "collision investigation"])
def test_support_is_asked_for_as_often_as_planted(force: SyntheticForce, sql: duckdb.DuckDBPyConnection, skill: str) -> None:
    kinds = json.loads((force.truth / "demand.json").read_text())["kinds"]
    asked = {kind["name"]: kind["skills"].get(skill, 0.0) for kind in kinds}
    attended = dict(sql.execute("SELECT kind, count(*) FROM incidents WHERE first_attendance_seconds IS NOT NULL GROUP BY kind").fetchall())
    expected = sum(attended[name] * share for name, share in asked.items())
    variance = sum(attended[name] * share * (1 - share) for name, share in asked.items())
    counted = sql.execute("SELECT count(*) FROM incidents WHERE support_skill = ?", [skill]).fetchall()[0][0]
    assert abs(counted - expected) < 4 * np.sqrt(variance)
