"""Indicator values vary by chance around the true quotients, and what is planted stands out."""

import json

import duckdb
import numpy as np
import pytest

from bestvalue.dataset.synthetic import SyntheticForce


@pytest.mark.parametrize(("sort", "variance"), [("rate", "d * q"), ("proportion", "d * q * (1 - q)")])
def test_published_numerators_are_binomial_or_poisson_around_the_truth(sql: duckdb.DuckDBPyConnection, sort: str, variance: str) -> None:
    rows = sql.execute(
        f"""
        SELECT (n - d * q) / sqrt({variance}) FROM (
            SELECT v.numerator AS n, v.denominator AS d, quotient AS q
            FROM indicator_values v JOIN indicators i USING (indicator_id)
            JOIN truth_indicator_quotients USING (indicator_id, force_id, period_starts)
            WHERE i.sort = ? AND v.numerator IS NOT NULL)
        """,
        [sort],
    ).fetchall()
    scores = np.array(rows)[:, 0]
    assert abs(scores.mean()) < 4 / np.sqrt(len(scores))
    assert scores.var() == pytest.approx(1.0, abs=4 * np.sqrt(2 / len(scores)))


def test_the_planted_outliers_are_the_farthest_from_the_other_forces(force: SyntheticForce, sql: duckdb.DuckDBPyConnection) -> None:
    planted = json.loads((force.truth / "comparison.json").read_text())["outliers"]
    for outlier in planted:
        logs = dict(
            sql.execute(
                "SELECT force_id, avg(ln(quotient)) FROM truth_indicator_quotients WHERE indicator_id = ? GROUP BY force_id",
                [outlier["indicator_id"]],
            ).fetchall()
        )
        middle = float(np.median(list(logs.values())))
        direction = np.sign(outlier["shift_of_logarithm"])
        assert max(logs, key=lambda name, logs=logs, middle=middle, d=direction: d * (logs[name] - middle)) == outlier["force_id"]


def test_suppressed_values_have_no_numerator_and_say_what_stands_there(sql: duckdb.DuckDBPyConnection) -> None:
    hidden = sql.execute("SELECT count(*), count(*) FILTER (suppressed_as = '*') FROM indicator_values WHERE numerator IS NULL").fetchall()
    assert hidden == [(2, 2)]


def test_every_peer_of_a_force_is_of_its_family(sql: duckdb.DuckDBPyConnection) -> None:
    different = sql.execute("""
        SELECT count(*) FROM peer_lists p JOIN truth_force_families a ON a.force_id = p.force_id
        JOIN truth_force_families b ON b.force_id = p.peer_force_id WHERE a.family <> b.family
    """).fetchall()
    assert different == [(0,)]
