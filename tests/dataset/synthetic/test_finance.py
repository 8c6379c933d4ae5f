"""The accounts balance, the true full costs add up, and the activity sample shows the true shares."""

import json
from itertools import pairwise

import duckdb
import numpy as np
import pytest

from bestvalue.dataset.synthetic import SyntheticForce


def test_the_ledger_adds_up_to_the_control_totals_to_the_penny(sql: duckdb.DuckDBPyConnection) -> None:
    different = sql.execute("""
        SELECT financial_year FROM control_totals c
        JOIN (SELECT financial_year, sum(budget_pence) AS budget, sum(outturn_pence) AS outturn FROM ledger GROUP BY ALL)
        USING (financial_year)
        WHERE budget <> c.budget_pence OR outturn <> c.outturn_pence
    """).fetchall()
    assert sql.execute("SELECT count(*) FROM control_totals").fetchall() == [(4,)]
    assert different == []


def test_full_costs_take_up_all_that_was_spent_in_the_last_year(sql: duckdb.DuckDBPyConnection) -> None:
    full = sql.execute("SELECT sum(direct_pence + support_pence + overhead_pence) FROM truth_full_costs").fetchall()[0][0]
    spent = sql.execute("SELECT sum(outturn_pence) FROM ledger WHERE financial_year = '2025/26' AND subjective <> 'income'").fetchall()[0][
        0
    ]
    assert full == pytest.approx(float(spent), rel=1e-12)


def test_full_costs_are_what_passing_support_on_again_and_again_comes_to(sql: duckdb.DuckDBPyConnection) -> None:
    cost = dict(
        sql.execute("""
            SELECT cost_centre_id, CAST(sum(outturn_pence) AS DOUBLE) FROM ledger
            WHERE financial_year = '2025/26' AND subjective <> 'income' GROUP BY ALL
        """).fetchall()
    )
    layer = dict(sql.execute("SELECT cost_centre_id, layer FROM cost_centres").fetchall())
    links = sql.execute("""
        SELECT from_cost_centre_id, to_cost_centre_id, quantity / sum(quantity) OVER (PARTITION BY from_cost_centre_id) FROM support_links
    """).fetchall()
    direct = {centre: pence for centre, pence in cost.items() if layer[centre] == "direct"}
    for _ in range(200):  # what is left in the support centres shrinks by a constant factor each time
        held = {centre: pence for centre, pence in cost.items() if layer[centre] == "business support"}
        cost |= dict.fromkeys(held, 0.0)
        for source, target, share in links:
            cost[target] += held[source] * share
    overhead = sum(pence for centre, pence in cost.items() if layer[centre] == "sustaining overhead")
    expected = {centre: cost[centre] + overhead * pence / sum(direct.values()) for centre, pence in direct.items()}
    found = dict(sql.execute("SELECT cost_centre_id, direct_pence + support_pence + overhead_pence FROM truth_full_costs").fetchall())
    assert found == pytest.approx(expected, rel=1e-9)


def test_overtime_in_the_ledger_is_what_the_duties_paid_at_the_rates_of_rest_days_and_holidays(sql: duckdb.DuckDBPyConnection) -> None:
    rows = sql.execute("""
        SELECT l.outturn_pence, paid FROM ledger l JOIN (
            SELECT cost_centre_id, sum(overtime_paid_minutes * hour_pence * sixths // 360) AS paid FROM (
                SELECT *, CASE WHEN CAST(CASE WHEN duty_kind = 'rostered' THEN planned_end_at ELSE started_at END - INTERVAL 7 HOUR AS DATE)
                    IN ('2025-04-18', '2025-04-21', '2025-05-05', '2025-05-26', '2025-08-25', '2025-12-25', '2025-12-26', '2026-01-01')
                    THEN 12
                    WHEN duty_kind = 'rest day' THEN 9 ELSE 8 END AS sixths
                FROM duties
            ) JOIN staff USING (staff_id) GROUP BY ALL
        ) USING (cost_centre_id) WHERE financial_year = '2025/26' AND subjective = 'overtime'
    """).fetchall()
    assert len(rows) == 40
    assert [row for row in rows if row[0] != row[1]] == []


@pytest.mark.parametrize("level", ["local", "support"])
def test_the_activity_sample_shows_the_true_shares_within_its_error(sql: duckdb.DuckDBPyConnection, level: str) -> None:
    rows = sql.execute(
        """
        SELECT staff_id, activity_id, count(*) FROM activity_samples JOIN staff USING (staff_id) JOIN pools USING (pool_id)
        WHERE level = ? GROUP BY ALL
        """,
        [level],
    ).fetchall()
    people = sorted({row[0] for row in rows})
    activities = [row[0] for row in sql.execute("SELECT activity_id FROM activities ORDER BY 1").fetchall()]
    slots = np.zeros((len(people), len(activities)))
    for person, activity, count in rows:
        slots[people.index(person), activities.index(activity)] = count
    share = slots.sum(axis=0) / slots.sum()
    # A ratio estimate over people: slots of one person are alike, so people are the units that count.
    residual = slots - share * slots.sum(axis=1, keepdims=True)
    error = np.sqrt((residual**2).sum(axis=0) * len(people) / (len(people) - 1)) / slots.sum()
    true = dict(sql.execute("SELECT activity_id, share FROM truth_activity_shares WHERE level = ?", [level]).fetchall())
    distance = (share - np.array([true[activity] for activity in activities])) / error
    assert np.abs(distance).max() < 4.5


def test_the_planted_double_saving_is_on_one_line_for_the_same_hours(sql: duckdb.DuckDBPyConnection) -> None:
    pairs = sql.execute("""
        SELECT a.cost_centre_id = b.cost_centre_id AND a.subjective = b.subjective AND a.hours_a_year = b.hours_a_year
        FROM truth_savings t JOIN savings a ON a.saving_id = t.saving_id JOIN savings b ON b.saving_id = t.counted_twice_with
    """).fetchall()
    assert pairs == [(True,)]


def test_the_rules_of_tasking_are_kept_with_the_truth(force: SyntheticForce) -> None:
    planted = json.loads((force.truth / "tasking.json").read_text())
    assert planted["granted_in_full"] < planted["bids"] == force.rows["bids"]


def test_deployments_of_territorial_support_are_those_sent_to_incidents_and_given_to_bids(sql: duckdb.DuckDBPyConnection) -> None:
    found = sql.execute("""
        SELECT d.area_id, d.volume FROM cost_drivers d JOIN cost_centres c USING (cost_centre_id)
        WHERE c.cost_centre_name = 'Territorial support' AND d.volume > 0 ORDER BY 1
    """).fetchall()
    counted = sql.execute("""
        SELECT area_id, CAST(count(*) AS DOUBLE) FROM (
            SELECT i.area_id FROM deployments d JOIN units u USING (unit_id) JOIN pools p USING (pool_id)
            JOIN incidents i USING (incident_id)
            WHERE p.pool_name = 'Territorial support' AND d.assigned_at >= '2025-04-01'
            UNION ALL
            SELECT b.area_id FROM allocations a JOIN units u USING (unit_id) JOIN pools p USING (pool_id) JOIN bids b USING (bid_id)
            WHERE p.pool_name = 'Territorial support'
        ) GROUP BY ALL ORDER BY 1
    """).fetchall()
    assert found == counted


def test_prices_rise_less_than_spending(sql: duckdb.DuckDBPyConnection) -> None:
    """2% a year against 3%, so that real spending grows by 1.03 / 1.02 - 1."""
    levels = [row[0] for row in sql.execute("SELECT index_level FROM price_indices ORDER BY financial_year").fetchall()]
    assert [later / earlier for earlier, later in pairwise(levels)] == pytest.approx([1.02] * 3, rel=1e-6)
