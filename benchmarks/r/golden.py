"""What does R say of the same numbers? Run R on them, keep what it says for the tests, and print how far ours is from it on open data.

Usage: python benchmarks/r/golden.py [--keep]

With --keep, tests/analysis/consult/r_numbers.json is written anew. The open data sets (bfi, HolzingerSwineford1939, api) come with R's
packages, which are GPL: they are read here and not kept, but for the covariances of bfi.
"""

import csv
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from tests.analysis.consult import oracle_sample as drawn
from tests.analysis.consult.r_data import answers, ratings

from bestvalue.analysis.consult.estimation import Errors, estimate_mean, estimate_quantile, estimate_ratio, estimate_total
from bestvalue.analysis.consult.linearised import Design
from bestvalue.analysis.consult.raking import Margin, rake

HERE = Path(__file__).parent
KEPT = HERE.parent.parent / "tests" / "analysis" / "consult" / "r_numbers.json"


def main() -> None:
    """Run R, compare the open data, and keep the numbers when asked to."""
    if shutil.which("Rscript") is None:
        print("Skipped: Rscript is not installed here (Debian: r-base-core r-cran-psych r-cran-survey r-cran-lavaan r-cran-psychtools)")
        return
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        write_data(folder)
        subprocess.run(["Rscript", str(HERE / "golden.R"), str(folder)], check=True)
        said = json.loads((folder / "golden.json").read_text())
        print("R " + ", ".join(f"{name} {version}" for name, version in said["versions"].items()))
        compare_api(folder, said["api"])
    if "--keep" in sys.argv:
        KEPT.write_text(json.dumps(said, indent=1, sort_keys=True) + "\n")
        print(f"Kept in {KEPT.name}")


def write_data(folder: Path) -> None:
    """The data made by arithmetic, as CSV."""
    made, group = answers()
    _write(folder / "answers.csv", [f"q{item + 1}" for item in range(made.shape[1])] + ["group"], np.column_stack([made, group]))
    _write(folder / "ratings.csv", ["one", "two", "three", "four"], ratings())
    columns = (drawn.Y, drawn.Z, drawn.A, drawn.B, drawn.DOMAIN, drawn.WEIGHTS, drawn.STRATA, drawn.CLUSTERS)
    _write(folder / "sample.csv", ["y", "z", "a", "b", "domain", "weight", "stratum", "cluster"], np.column_stack(columns))


def compare_api(folder: Path, said: dict[str, list[float]]) -> None:
    """Estimates on the schools of California beside R's."""
    rows = list(csv.DictReader((folder / "api.csv").open(encoding="utf-8")))
    scores, pupils, tested, weights, counts = (
        np.array([float(row[name]) for row in rows]) for name in ("api00", "enroll", "api.stu", "pw", "fpc")
    )
    kinds, kind = np.unique([row["stype"] for row in rows], return_inverse=True)
    _, whole = np.unique([row["sch.wide"] for row in rows], return_inverse=True)
    alone = np.arange(len(rows))
    fraction = np.array([(kind == at).sum() / counts[kind == at][0] for at in range(len(kinds))])
    plain = Errors(design=Design(weights=weights, strata=kind, clusters=alone, fraction=fraction))
    margins = [
        Margin(name="stype", categories=("E", "H", "M"), codes=kind, targets=np.array([4421.0, 755, 1018])),
        Margin(name="sch.wide", categories=("No", "Yes"), codes=whole, targets=np.array([1072.0, 5122])),
    ]
    raked = rake(weights, margins, tolerance=1e-13).weights
    fitted = Errors(design=Design(weights=raked, strata=np.zeros_like(alone), clusters=alone, margins=margins, before=weights))
    ours = {
        "mean": estimate_mean(scores, plain),
        "total": estimate_total(pupils, plain),
        "ratio": estimate_ratio(tested, pupils, plain),
        "raked_mean": estimate_mean(scores, fitted),
        "raked_total": estimate_total(pupils, fitted),
    }
    print("api (200 schools of California, stratified): largest relative difference of estimate and standard error from R's survey")
    for name, one in ours.items():
        value, error = said[name]
        print(f"  {name:12} {abs(one.value / value - 1):.1e}   {abs(one.error / error - 1):.1e}")
    levels = [estimate_quantile(scores, level, plain).value for level in (0.25, 0.5, 0.9)]
    print(f"  quantiles    {levels} beside R's {said['quantiles']}")


def _write(file: Path, names: list[str], rows: np.ndarray) -> None:
    np.savetxt(file, rows, delimiter=",", header=",".join(names), comments="", fmt="%.10g")


if __name__ == "__main__":
    main()
