"""How long does the whole of challenge.demand take without its forecast, and what of it is the counting?

Usage: python benchmarks/demand.py [scale]

Goals, at scale 0.25 (2.5 million incidents over four years): under 5 s in all, and the counting within 1.5 times the same three
aggregations written by hand for DuckDB alone. All are measured in one run, turn by turn, so that the ratios hold on a loaded machine.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import duckdb

from bestvalue.analysis.challenge.demand import ANALYSIS, Spec
from bestvalue.analysis.challenge.demand_cube import Slice, count
from bestvalue.dataset.dataset import Dataset
from bestvalue.dataset.engines.local import LocalEngine
from bestvalue.dataset.load import check_folder
from bestvalue.dataset.synthetic import make_force

ROUNDS = 5

BY_HAND = (
    """
    SELECT date_trunc('month', opened_at)::DATE AS month, area_id, grade, kind, time_precision, sum(incident_count)::BIGINT AS incidents,
        count(*) AS row_count, max(area_name) AS area_name, min(opened_at)::DATE AS first_day, max(opened_at)::DATE AS last_day
    FROM incidents GROUP BY ALL ORDER BY ALL
    """,
    """
    SELECT opened_at::DATE AS day, hour(opened_at) AS hour, time_precision, sum(incident_count)::BIGINT AS incidents
    FROM incidents WHERE time_precision <> 'month' GROUP BY ALL ORDER BY ALL
    """,
    """
    SELECT (isodow(opened_at) - 1) * 24 + hour(opened_at) AS hour_of_week, area_id, grade, sum(incident_count)::BIGINT AS incidents
    FROM incidents WHERE time_precision NOT IN ('month', 'day') GROUP BY ALL ORDER BY ALL
    """,
)


def main() -> None:
    """Make the incidents, time each way in turn, and print seconds and ratios."""
    scale = float(sys.argv[1]) if len(sys.argv) > 1 else 0.25
    with tempfile.TemporaryDirectory() as name:
        force = make_force(Path(name) / "data", scale=scale, seed=1)
        report = check_folder(Path(name) / "data", cache=Path(name) / "cache", time_zone="Europe/London", chosen={})
        tables = {table: report.checked[table] for table in ("incidents", "areas")}
        connection = duckdb.connect(":memory:")
        connection.execute(f"CREATE VIEW incidents AS SELECT * FROM read_parquet('{tables['incidents'].parquet}')").fetchall()
        engine = LocalEngine()
        dataset = Dataset(tables, engine=engine, synthetic=True)
        ways = {
            "by hand": lambda: [connection.sql(statement).pl() for statement in BY_HAND],
            "counting": lambda: count(dataset, Slice()),
            "whole": lambda: ANALYSIS.run(dataset, Spec(forecast=False)),
        }
        taken = _in_turn(ways)
        engine.close()
        print(f"{force.rows['incidents']:,} incidents, median of {ROUNDS} rounds, the first left out")
        against_hand = taken["counting"] / taken["by hand"]
        print(f"aggregations written by hand      {taken['by hand']:7.2f} s")
        print(f"the counting of challenge.demand  {taken['counting']:7.2f} s   {against_hand:5.2f} x by hand (goal 1.5)")
        print(f"the whole without the forecast    {taken['whole']:7.2f} s   {taken['whole'] / 5:5.2f} of the goal of 5 s")


def _in_turn(ways: dict[str, Callable[[], object]]) -> dict[str, float]:
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS + 1):
        for name, work in ways.items():
            started = time.perf_counter()
            work()
            seconds[name].append(time.perf_counter() - started)
    return {name: median(times[1:]) for name, times in seconds.items()}


if __name__ == "__main__":
    main()
