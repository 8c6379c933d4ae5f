"""Twelve forces on one indicator over six years, as files of a workspace."""

import csv
from pathlib import Path

from bestvalue.dataset.readers.force_names import FORCES

HERE = FORCES[:12]


def write_comparison(folder: Path) -> None:
    """Write indicator_values, indicators, forces and force_populations; the first force is the own, and far above the others."""
    rows = [
        ("I1", name, f"{year}-04-01", f"{year + 1}-03-31", 50_000 if name == HERE[0] else 5_000 + 10 * place, 100_000, "false")
        for place, name in enumerate(HERE)
        for year in range(2019, 2025)
    ]
    _write(
        folder / "indicator_values.csv",
        "indicator_id,force_id,period_starts,period_ends,numerator,denominator,definition_changed",
        rows,
    )
    _write(
        folder / "indicators.csv",
        "indicator_id,indicator_name,numerator,denominator,sort,multiplier,better,definition,source",
        [("I1", "Crime per 1,000 residents", "crimes", "resident population", "rate", 1000, "lower", "All crimes.", "a test")],
    )
    _write(
        folder / "forces.csv",
        "force_id,force_name,own_force,resident_population",
        [(name, name, str(name == HERE[0]).lower(), 100_000) for name in HERE],
    )
    _write(
        folder / "force_populations.csv",
        "force_id,year,counted,people",
        [
            (name, 2020, counted, 990_000 if name == HERE[0] and counted == "daytime" else 100_000)
            for name in HERE
            for counted in ("resident", "daytime", "night")
        ],
    )


def _write(path: Path, header: str, rows: list[tuple[object, ...]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        lines = csv.writer(file)
        lines.writerow(header.split(","))
        lines.writerows(rows)
