"""Does the simulation give back what was recorded? Today's roster on the recorded jobs, with and without meal breaks."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from bestvalue.analysis.challenge.roster_check import Turns, play
from bestvalue.analysis.challenge.roster_jobs import Floats, Work
from bestvalue.analysis.challenge.roster_plan import Wishes, draw, recorded_shares
from bestvalue.analysis.contract import Progress

Breaks = Literal["as seen", "taken", "not taken"]


@dataclass(frozen=True, kw_only=True)
class Validation:
    """Simulated and recorded shares in time of all pools together, by grade.

    Args:
        simulated, recorded: arrays (grades), weighted by the jobs of the pools; NaN without a target.
        jobs: judged jobs of each grade.
        breaks_taken: with breaks the simulation is nearer to the records (or the user says so).
        worst: largest distance of a grade with a hundred jobs or more.
    """

    simulated: Floats
    recorded: Floats
    jobs: Floats
    breaks_taken: bool
    worst: float


FEWEST_JOBS = 100


def validate(
    work: Work, turns: Mapping[str, Turns], pools: tuple[str, ...], *, wishes: Wishes, breaks: Breaks, progress: Progress
) -> Validation | None:
    """Play today's roster; None where no pool has both jobs with a target and turns."""
    ways = [True, False] if breaks == "as seen" else [breaks == "taken"]
    grades = len(work.grades)
    simulated, recorded, weight = np.zeros((len(ways), grades)), np.zeros(grades), np.zeros(grades)
    for done, pool in enumerate(pools):
        progress(done / max(len(pools), 1), f"Playing today's roster of {pool}")
        if pool not in turns or pool not in work.pools:
            continue
        jobs = work.pools[pool]
        judged = np.bincount(jobs.grade[~np.isnan(jobs.in_time)], minlength=grades).astype(np.float64)
        drawn = draw(jobs, work, wishes)
        recorded += np.nan_to_num(recorded_shares(jobs, grades=grades)) * judged
        weight += judged
        for way, taken in enumerate(ways):
            mine = turns[pool] if taken else without_breaks(turns[pool])
            shares = play(mine, drawn, grades=work.grades, confidence=wishes.confidence)
            simulated[way] += np.nan_to_num(shares.mean) * judged
    if weight.sum() == 0:
        return None
    with np.errstate(invalid="ignore"):
        whole = np.where(weight > 0, weight, np.nan)
        distance = np.abs(simulated - recorded).sum(axis=1)
        best = int(np.argmin(distance))
        apart = np.abs(simulated[best] - recorded) / whole
    counted = apart[weight >= FEWEST_JOBS]
    return Validation(
        simulated=simulated[best] / whole,
        recorded=recorded / whole,
        jobs=weight,
        breaks_taken=ways[best],
        worst=float(counted.max()) if len(counted) else 0.0,
    )


def without_breaks(turns: Turns) -> Turns:
    """The same turns when nobody is taken off at a break."""
    return replace(turns, pause=np.zeros_like(turns.pause))
