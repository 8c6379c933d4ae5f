"""How long does reading and checking a year of incidents take, against DuckDB reading the same file with types and no checks?

Usage: python benchmarks/load_incidents.py [rows]

All are measured in one run, so that the ratios hold on a loaded machine too. The lower bounds do no check but the types: DuckDB
stops at the first value that is none, and names neither the others nor the rows that break a rule.
"""

import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from bestvalue.dataset.load import load_table

ROUNDS = 3

MAKE = """
COPY (
    SELECT 'CAD-2025-' || lpad(CAST(i AS VARCHAR), 8, '0') AS incident_id,
        strftime(TIMESTAMP '2025-01-01' + to_seconds(i * 31536000 // {rows}), '%Y-%m-%d %H:%M:%S') AS opened_at,
        'second' AS time_precision,
        'E090000' || lpad(CAST(i % 33 + 1 AS VARCHAR), 2, '0') AS area_id,
        500000 + (i * 7) % 60000 AS easting_m,
        150000 + (i * 11) % 50000 AS northing_m,
        ['immediate', 'significant', 'extended'][i % 3 + 1] AS grade,
        ['violence', 'theft', 'public order', 'antisocial behaviour'][i % 4 + 1] AS kind,
        'emergency call' AS source,
        'resolved at scene' AS outcome,
        (i * 13) % 1800 + 0.5 AS first_attendance_seconds,
        'Homerton' AS first_station,
        CASE WHEN i % 3 = 0 THEN (i * 17) % 2400 END AS second_attendance_seconds,
        strftime(TIMESTAMP '2025-01-01' + to_seconds(i * 31536000 // {rows} + 3600), '%Y-%m-%d %H:%M:%S') AS closed_at,
        1 AS incident_count
    FROM range({rows}) AS t(i)
) TO '{csv}' (HEADER)
"""


def main() -> None:
    """Make the file, read it in each way, and print seconds and ratios."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 2_500_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        csv, parquet, cache = folder / "incidents.csv", folder / "typed.parquet", folder / "cache"
        duckdb.sql(MAKE.format(rows=rows, csv=csv))
        own = _made_ready(csv, folder / "own")
        typed = _best(lambda: duckdb.sql(f"SELECT count(*), max(closed_at), sum(easting_m) FROM read_csv('{csv}')").fetchall())
        written = _best(lambda: duckdb.sql(f"COPY (FROM read_csv('{csv}')) TO '{parquet}'"))
        checked = _best(lambda: load_table("incidents", [csv], cache=cache), before=lambda: shutil.rmtree(cache, ignore_errors=True))
        again = _best(lambda: load_table("incidents", [csv], cache=cache))
        in_place = _best(lambda: load_table("incidents", [own], cache=cache), before=lambda: shutil.rmtree(cache, ignore_errors=True))
        print(f"{rows:,} rows, {csv.stat().st_size / 1e6:,.0f} MB of CSV, best of {ROUNDS}")
        print(f"DuckDB reads with types          {typed:8.2f} s")
        print(f"DuckDB reads and writes Parquet  {written:8.2f} s")
        print(f"read, checked, written, kept     {checked:8.2f} s   {checked / written:5.2f} x writing, {checked / typed:5.2f} x reading")
        print(f"the same again                   {again:8.4f} s   {again / checked:5.4f} x the first time")
        print(f"Parquet in the own layout        {in_place:8.2f} s   {in_place / checked:5.2f} x the CSV")


def _made_ready(csv: Path, cache: Path) -> Path:
    return load_table("incidents", [csv], cache=cache).checked().parquet


def _best(work: Callable[[], object], *, before: Callable[[], object] = lambda: None) -> float:
    taken = []
    for _ in range(ROUNDS):
        before()
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return min(taken)


if __name__ == "__main__":
    main()
