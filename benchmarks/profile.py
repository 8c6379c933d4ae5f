"""How fast is the profile of 43 forces x 60 indicators x 10 years, and the choice of peers with 10,000 resamples?

Usage: python benchmarks/profile.py
"""

import os
import resource
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from bestvalue.analysis.compare import funnel, peers, profile, rank
from bestvalue.analysis.contract import AnalysisSpec
from bestvalue.dataset.dataset import CheckedTable, Dataset
from bestvalue.dataset.engines.local import LocalEngine

FORCES, INDICATORS, YEARS, CHARACTERISTICS = 43, 60, 10, 8
ROUNDS = 3


def main() -> None:
    """Make the tables, ask each question, and print seconds."""
    with tempfile.TemporaryDirectory() as name:
        dataset = _dataset(Path(name))
        print(f"{FORCES} forces x {INDICATORS} indicators x {YEARS} years, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
        for module, spec in (
            (profile, profile.Spec(own_force="F00")),
            (rank, rank.Spec(own_force="F00")),
            (funnel, funnel.Spec(own_force="F00")),
            (peers, peers.Spec(own_force="F00")),
        ):
            seconds, processor = _best(lambda module=module, spec=spec: _ask(module, dataset, spec))
            print(f"{module.ANALYSIS.name:18} {seconds:6.2f} s on the clock, {processor:6.2f} s of processor")
        dataset.engine.close()


def _ask(module: object, dataset: Dataset, spec: AnalysisSpec) -> None:
    module.ANALYSIS.run(dataset, spec)  # type: ignore[attr-defined]


def _dataset(folder: Path) -> Dataset:
    chance = np.random.default_rng(1)
    keys = [(i, f, y) for i in range(INDICATORS) for f in range(FORCES) for y in range(YEARS)]
    people = np.exp(chance.normal(13.8, 0.5, FORCES))
    level = np.exp(chance.normal(-6, 1.5, INDICATORS))
    differ = np.exp(chance.normal(0, 0.15, (INDICATORS, FORCES)))
    sorts = ["rate"] * 40 + ["proportion"] * 20
    base = [people[f] if sorts[i] == "rate" else np.round(people[f] * 0.01) for i, f, _ in keys]
    share = [min(level[i] * differ[i, f], 0.9) if sorts[i] == "rate" else min(0.5 * differ[i, f], 0.95) for i, f, _ in keys]
    counts = [
        chance.poisson(b * s) if sorts[i] == "rate" else chance.binomial(int(b), s)
        for (i, _, _), b, s in zip(keys, base, share, strict=True)
    ]
    values = pl.DataFrame(
        {
            "indicator_id": [f"I{i:02d}" for i, _, _ in keys],
            "force_id": [f"F{f:02d}" for _, f, _ in keys],
            "period_starts": [date(2015 + y, 4, 1) for _, _, y in keys],
            "period_ends": [date(2016 + y, 3, 31) for _, _, y in keys],
            "numerator": np.array(counts, dtype=float),
            "denominator": np.array(base, dtype=float),
            "suppressed_as": pl.Series([None] * len(keys), dtype=pl.String),
            "definition_changed": [False] * len(keys),
        }
    )
    described = pl.DataFrame(
        {
            "indicator_id": [f"I{i:02d}" for i in range(INDICATORS)],
            "indicator_name": [f"Indicator {i}" for i in range(INDICATORS)],
            "numerator": "cases",
            "denominator": "people",
            "sort": sorts,
            "multiplier": 1000.0,
            "better": "lower",
            "definition": "Invented.",
            "source": "benchmark",
            "theme": [("spending", "workforce", "demand", "results")[i % 4] for i in range(INDICATORS)],
            "outlier_gap": 0.0,
        }
    )
    traits = pl.DataFrame(
        [(f"F{f:02d}", f"c{c}", 2024, float(v)) for f in range(FORCES) for c, v in enumerate(chance.lognormal(size=CHARACTERISTICS))],
        schema=["force_id", "characteristic", "year", "value"],
        orient="row",
    )
    tables = {}
    for name, rows in (("indicator_values", values), ("indicators", described), ("force_characteristics", traits)):
        rows.write_parquet(folder / f"{name}.parquet")
        tables[name] = CheckedTable(name=name, parquet=folder / f"{name}.parquet", digest=name, rows=rows.height, source="benchmark")
    return Dataset(tables, engine=LocalEngine())


def _best(run: Callable[[], None]) -> tuple[float, float]:
    """The least of several times on the clock and of processor: other work on the machine only ever adds."""
    clocks, used = [], []
    for _ in range(ROUNDS):
        before, clock = _processor(), time.perf_counter()
        run()
        clocks.append(time.perf_counter() - clock)
        used.append(_processor() - before)
    return min(clocks), min(used)


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
