"""How long does the search for a shift pattern take, how good is what it finds, and do the targets of challenge.roster hold?

Usage: python benchmarks/roster.py [scale]

First, patterns: the needs of four invented pools, covered by the lines of `roster_cover` and, in the same run and turn by turn, by (a) the
same whole-number programme as scipy.optimize.milp takes it (HiGHS too, without whole units of cost, and with a limit of time in place of
nodes), and (b) the linear programme rounded up, then thinned out: what a planner without a solver for whole numbers does. A small pool is
also enumerated: the least is then known, not proven by a solver.

Then the analysis on a synthetic force: of its pools, in how many does the simulated pattern reach every target, is every hour of the need
covered, and is the gap within what was asked (2%)? With starts at every full hour this takes some minutes.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from itertools import product
from pathlib import Path
from statistics import median

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from bestvalue.analysis.challenge.roster import ANALYSIS, Spec
from bestvalue.analysis.challenge.roster_cover import least_cost
from bestvalue.analysis.challenge.roster_lines import Line, allowed_lines, line_cover
from bestvalue.analysis.working_time import WorkingTimeLimits
from bestvalue.dataset.dataset import Dataset
from bestvalue.dataset.engines.local import LocalEngine
from bestvalue.dataset.load import check_folder
from bestvalue.dataset.synthetic import make_force

ROUNDS, GAP, PEER_SECONDS = 3, 0.02, 60.0
MOST_CREWS = 3
"""Crews on one line that the enumeration tries."""


def main() -> None:
    """Time each way, print seconds, unit-hours and ratios, then what the analysis promises and keeps."""
    limits = WorkingTimeLimits()
    three = allowed_lines(("8x5", "8x6", "12x4"), ("06:00", "14:00", "22:00"), break_minutes=45, limits=limits)
    every = allowed_lines(("8x5", "10x4", "12x4"), (), break_minutes=45, limits=limits)
    print(f"{'need':<28} {'lines':>5} {'ours s':>8} {'milp s':>8} {'ratio':>6} {'ours h':>8} {'milp h':>8} {'rounded h':>9} {'gap':>6}")
    for name, need, lines in (
        ("minimum of 1, all week", np.ones(168, dtype=np.int64), three),
        ("minimum of 2, evenings of 4", _need(2, 2), three),
        ("borough, 8 to 20 units", _need(8, 12), three),
        ("borough, any full hour", _need(8, 12), every),
    ):
        _compare(name, need, lines)
    _enumerate()
    _analysis(float(sys.argv[1]) if len(sys.argv) > 1 else 0.01)


def _need(least: int, more: int) -> np.ndarray:
    """Units by hour of the week: least at five in the morning, most in the evening, a little more at the end of the week."""
    hour = np.arange(168)
    day = 0.5 - 0.5 * np.cos(2 * np.pi * (hour % 24 - 5) / 24)
    return np.ceil(least + more * day * np.where(hour // 24 >= 4, 1.0, 0.85)).astype(np.int64)


def _compare(name: str, need: np.ndarray, lines: tuple[Line, ...]) -> None:
    covers, hours = np.array([line_cover(line) for line in lines]), np.array([line.weekly_hours for line in lines])
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(_seconds(lambda: least_cost(need, lines, gap=GAP)))
        theirs.append(_seconds(lambda: _peer(need, covers, hours)))
    found, peer, rounded = least_cost(need, lines, gap=GAP), _peer(need, covers, hours), _rounded(need, covers, hours)
    print(
        f"{name:<28} {len(lines):>5} {median(ours):>8.3f} {median(theirs):>8.3f} {median(theirs) / median(ours):>6.2f} "
        f"{found.weekly_hours:>8.1f} {float(peer @ hours):>8.1f} {float(rounded @ hours):>9.1f} {found.gap:>6.1%}"
    )


def _peer(need: np.ndarray, covers: np.ndarray, hours: np.ndarray) -> np.ndarray:
    answer = milp(
        hours,
        constraints=LinearConstraint(covers.T, need, np.inf),
        integrality=np.ones(len(hours)),
        bounds=Bounds(0, np.inf),
        options={"mip_rel_gap": GAP, "time_limit": PEER_SECONDS},
    )
    return np.rint(answer.x)


def _rounded(need: np.ndarray, covers: np.ndarray, hours: np.ndarray) -> np.ndarray:
    """The linear programme, rounded up, and crews taken off again, the longest line first, while every hour stays covered."""
    crews = np.ceil(linprog(hours, A_ub=-covers.T, b_ub=-need, method="highs").x - 1e-9)
    for line in np.argsort(-hours):
        while crews[line] > 0 and ((crews @ covers) - covers[line] >= need - 1e-9).all():
            crews[line] -= 1
    return crews


def _enumerate() -> None:
    """A need that every mixture of a few lines can be tried on."""
    lines = allowed_lines(("12x4",), ("07:00", "19:00"), break_minutes=60, limits=WorkingTimeLimits())[:6]
    covers, hours = np.array([line_cover(line) for line in lines]), np.array([line.weekly_hours for line in lines])
    need = np.floor(np.minimum(covers.sum(axis=0), 2.0) + 1e-9).astype(np.int64)
    started = time.perf_counter()
    least = min(
        float(np.array(crews) @ hours)
        for crews in product(range(MOST_CREWS + 1), repeat=len(lines))
        if ((np.array(crews) @ covers) >= need - 1e-9).all()
    )
    enumerated = time.perf_counter() - started
    started = time.perf_counter()
    found = least_cost(need, lines, gap=0.0)
    taken = time.perf_counter() - started
    print(
        f"\nenumerated: {(MOST_CREWS + 1) ** len(lines):,} mixtures of {len(lines)} lines in {enumerated:.2f} s, least {least:.1f} hours; "
        f"ours {found.weekly_hours:.1f} hours in {taken:.4f} s: {enumerated / taken:.0f} times as fast"
    )


def _analysis(scale: float) -> None:
    with tempfile.TemporaryDirectory() as name:
        make_force(Path(name) / "data", scale=scale, seed=1)
        report = check_folder(Path(name) / "data", cache=Path(name) / "cache", time_zone="Europe/London", chosen={})
        engine = LocalEngine()
        dataset = Dataset(report.checked, engine=engine, synthetic=True)
        started = time.perf_counter()
        result = ANALYSIS.run(dataset, Spec())
        taken = time.perf_counter() - started
        engine.close()
    pools, hours = result.tables["pools"].rows, result.tables["hours"].rows
    enough = int(pools["enough"].sum())
    short = int((hours["pattern"] < hours["needed"] - 1e-6).sum())
    print(f"\nchallenge.roster at scale {scale:g}: {pools.height} pools in {taken:.1f} s, {taken / pools.height:.2f} s a pool")
    print(f"  targets reached by the simulated pattern: {enough} of {pools.height} pools (goal: all)")
    print(f"  hours of the week below the need: {short:,} of {hours.height:,} (goal: none)")
    print(f"  widest gap to the least that any pattern can have: {float(pools['gap'].max()):.1%} (goal: {GAP:.0%})")
    print(f"  unit-hours a week: pattern {pools['pattern_hours'].sum():,.0f}, today {pools['today_hours'].sum():,.0f}")
    print(f"  first statement: {result.statements[0].kind}: {result.statements[0].text}")


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
