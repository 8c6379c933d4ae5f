"""How many units does each pool need in each hour of the week, which shifts cover that at least cost, and what of today's roster?"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

import numpy as np

from bestvalue.analysis.challenge import roster_charts as charts
from bestvalue.analysis.challenge import roster_statements as say
from bestvalue.analysis.challenge import roster_tables as tables
from bestvalue.analysis.challenge import roster_verdict_statements as verdicts
from bestvalue.analysis.challenge.records_at_fault import ABSTRACTIONS, DEPLOYMENTS, INCIDENTS, SHIFTS
from bestvalue.analysis.challenge.roster_check import Turns
from bestvalue.analysis.challenge.roster_jobs import Floats, Work, read_work
from bestvalue.analysis.challenge.roster_lines import allowed_lines
from bestvalue.analysis.challenge.roster_plan import Plan, Wishes, plan, turns_today
from bestvalue.analysis.challenge.roster_rows_used import rows_used
from bestvalue.analysis.challenge.roster_targets import Targets, check_some, read_targets
from bestvalue.analysis.challenge.roster_validation import Validation, validate, without_breaks
from bestvalue.analysis.contract import Analysis, AnalysisSpec, Answer, Progress, parameter
from bestvalue.analysis.working_time import WorkingTimeLimits
from bestvalue.dataset.dataset import Dataset
from bestvalue.errors import SpecError

USUAL_BREAK_MINUTES, USUAL_TURN_MINUTES = 45, 480


class Spec(AnalysisSpec):
    """Which pools to plan, for which targets, with which shifts."""

    pools: tuple[str, ...] = parameter(
        (), title="Pools", help="Codes of the pools to plan; every pool, local and support, when left empty."
    )
    weeks: int = parameter(
        52, title="Weeks", help="So many whole weeks before the last deployment are planned for.", unit="weeks", ge=4, le=520
    )
    targets: tuple[str, ...] = parameter(
        (),
        title="Targets",
        help="In place of the grades table: grade=minutes,share; immediate=15,0.9 asks that 90% are reached within 15 minutes.",
    )
    lines: tuple[str, ...] = parameter(
        ("8x5", "10x4", "12x3"),
        title="Kinds of line",
        help="Hours of a turn x turns in a row each week. A kind that breaks the limits of working time is left out.",
        min_length=1,
    )
    starts: tuple[str, ...] = parameter(
        ("06:00", "07:00", "10:00", "14:00", "15:00", "18:00", "22:00", "23:00"),
        title="Starts",
        help="Times at which turns may start; every full hour when left empty, which takes longer to solve.",
    )
    give_share: float = parameter(
        0.01,
        title="Give",
        help="Where even without any wait fewer are in time than the target asks, the roster is planned for so much less than that share.",
        unit="share (0 to 1)",
        advanced=True,
        gt=0,
        le=0.5,
    )
    at_all_times: bool = parameter(
        default=True,
        title="Targets at all times",
        help="No quarter of the day, from midnight, may miss a target by more than chance; else a quiet night may pay for the evening.",
    )
    support_target_minutes: float = parameter(
        30.0, title="Support target", help="From sending a support unit to its arrival.", unit="minutes", advanced=True, gt=0, le=1_440
    )
    support_target_share: float = parameter(
        0.9,
        title="Share of support in time",
        help="Share that is to be within the support target.",
        unit="share (0 to 1)",
        advanced=True,
        gt=0,
        lt=1,
    )
    keep_minimum: bool = parameter(
        default=True, title="Keep the minimum cover", help="Never fewer units than the pools table asks for at every hour."
    )
    breaks: Literal["as seen", "taken", "not taken"] = parameter(
        "as seen",
        title="Meal breaks",
        help="Do breaks take units away from jobs? As seen: whichever gives back the recorded shares in time better.",
        advanced=True,
    )
    gap: float = parameter(
        0.02,
        title="Optimality gap",
        help="The search for a pattern may stop when no pattern can be better by more than this.",
        unit="share (0 to 1)",
        advanced=True,
        ge=0,
        le=0.2,
    )
    weeks_each: int = parameter(
        13, title="Weeks in a replication", help="Weeks played in each replication.", unit="weeks", advanced=True, ge=2, le=52
    )
    replications: int = parameter(
        10,
        title="Replications",
        help="How often the simulation is repeated with other weeks.",
        unit="replications",
        advanced=True,
        ge=2,
        le=1_000,
    )
    confidence: float = parameter(
        0.95,
        title="Confidence",
        help="Level of the intervals: 0.95 means that 19 in 20 hold.",
        unit="share (0 to 1)",
        advanced=True,
        ge=0.5,
        le=0.999,
    )
    tolerance: float = parameter(
        0.03,
        title="Tolerance of the validation",
        help="The simulation of today's roster may be off the recorded share in time by so much.",
        unit="share (0 to 1)",
        advanced=True,
        gt=0,
        le=0.5,
    )


def answer(dataset: Dataset, spec: Spec, progress: Progress) -> Answer:
    """Work out the need, check it by simulation, cover it with lines, and hold today's roster against it.

    Raises:
        SpecError: no pool has a job, no grade a target, a target, kind or start cannot be read, or the allowed lines cannot cover an hour.
    """
    progress(0.02, "Reading jobs")
    promised = read_targets(dataset, spec.targets)
    work = _work(dataset, spec, promised)
    pools = _chosen(dataset, spec)
    wanted_pools = tuple(pool for pool in pools if pool in work.pools and (work.pools[pool].grade > 0).any())
    if not wanted_pools:
        raise SpecError("No unit of these pools was sent to an incident", where="pools", next_step="Check the codes of the pools.")
    turns = turns_today(dataset)
    targets = promised.of(work.grades, support_share=spec.support_target_share)
    check_some(targets, _judged(work, wanted_pools))
    wishes = _wishes(spec, targets, turns)
    progress(0.1, "Playing today's roster")
    checked = validate(
        work, turns, wanted_pools, wishes=wishes, breaks=spec.breaks, progress=lambda share, doing: progress(0.1 + 0.2 * share, doing)
    )
    if checked is not None and not checked.breaks_taken:
        turns = {pool: without_breaks(mine) for pool, mine in turns.items()}
        wishes = replace(wishes, break_minutes=0, break_share=0.0)
    plans = []
    names = {pool: row["pool_name"] for pool, row in pools.items()}
    for done, pool in enumerate(wanted_pools):
        progress(0.3 + 0.65 * done / len(wanted_pools), f"Planning {names[pool]}")
        least = int(str(pools[pool]["minimum_units"] or 0)) if spec.keep_minimum else 0
        plans.append(plan(work.pools[pool], work, turns.get(pool), least=least, wishes=wishes))
    progress(0.97, "Writing the answer")
    jobs = {pool: int((mine.grade > 0).sum()) for pool, mine in work.pools.items()}
    accounted = {"rows_used": rows_used(dataset, work.account, jobs=jobs, planned=wanted_pools)}
    found = _answer(plans, work, pools, checked, targets, spec)
    return replace(found, tables={**found.tables, **accounted})


def _answer(
    plans: list[Plan], work: Work, pools: Mapping[str, dict[str, object]], checked: Validation | None, targets: Floats, spec: Spec
) -> Answer:
    names = {pool: str(row["pool_name"]) for pool, row in pools.items()}
    pence = {pool: None if row["unit_hour_pence"] is None else float(str(row["unit_hour_pence"])) for pool, row in pools.items()}
    said = say.base(work, plans, {pool: str(row["level"]) for pool, row in pools.items()})
    found = tables.all_tables(plans, work, names, pence, said, spec.confidence)
    idle = [pool for pool in pools if pool not in {one.pool_id for one in plans}]
    drawn = {"week": charts.week(found["force_hours"].rows), "pools": charts.pools(found["pools"].rows)}
    if found["in_time"].rows.height:
        drawn["in_time"] = charts.in_time(found["in_time"].rows, str(found["in_time"].rows["grade"][0]))
    return Answer(
        statements=(
            *say.validation(checked, work, spec.tolerance),
            say.whole_need(plans, said),
            *verdicts.support(plans, work, minutes=spec.support_target_minutes, share=spec.support_target_share),
            *verdicts.today(plans, said, confidence=spec.confidence, at_all_times=spec.at_all_times),
            say.pattern(plans, pence, said),
            *say.in_time(plans, work, spec.confidence),
            *verdicts.no_gain(plans, work, pence, names, spec.confidence),
            *(verdicts.price_of_quarters(plans, pence, said) if spec.at_all_times else ()),
            *say.extremes(plans, names),
            *say.minimum(plans),
            *say.limits(plans, work, names, idle=idle, wished=targets),
        ),
        tables=found,
        charts=drawn,
        caveats=say.CAVEATS,
    )


def _work(dataset: Dataset, spec: Spec, targets: Targets) -> Work:
    work = read_work(
        dataset,
        weeks=spec.weeks,
        targets=targets.minutes,
        support_target_minutes=spec.support_target_minutes,
        order=targets.order,
        seed=spec.seed,
    )
    if work is None or not work.pools:
        raise SpecError(
            "There is not one whole week of deployments",
            where="deployments",
            next_step="Load more weeks; a roster is planned from four or more.",
        )
    return work


def _chosen(dataset: Dataset, spec: Spec) -> dict[str, dict[str, object]]:
    """The pools to plan, in order of code."""
    rows = dataset.query("SELECT pool_id, pool_name, level, minimum_units, unit_hour_pence FROM pools ORDER BY pool_id").to_dicts()
    known = {str(row["pool_id"]): row for row in rows}
    unknown = sorted(set(spec.pools) - set(known))
    if unknown:
        raise SpecError(f"There is no pool {unknown[0]!r}", where="pools", next_step=f"There are: {', '.join(list(known)[:6])}, ...")
    return {pool: row for pool, row in known.items() if pool in spec.pools or not spec.pools}


def _judged(work: Work, pools: tuple[str, ...]) -> Floats:
    """Jobs of each grade that could be judged, array (grades)."""
    by_pool = [
        np.bincount(work.pools[pool].grade[~np.isnan(work.pools[pool].allowed_seconds)], minlength=len(work.grades)) for pool in pools
    ]
    return np.asarray(np.sum(by_pool, axis=0, dtype=np.float64))


def _wishes(spec: Spec, targets: Floats, turns: Mapping[str, Turns]) -> Wishes:
    pauses = np.concatenate([mine.pause for mine in turns.values()]) if turns else np.zeros(0)
    lengths = np.concatenate([mine.length for mine in turns.values()]) if turns else np.zeros(0)
    known = pauses > 0
    break_minutes = round(float(np.median(pauses[known]))) if known.any() else USUAL_BREAK_MINUTES
    turn_minutes = float(np.median(lengths[known])) if known.any() else USUAL_TURN_MINUTES
    return Wishes(
        targets=targets,
        give_share=spec.give_share,
        at_all_times=spec.at_all_times,
        break_minutes=break_minutes,
        break_share=break_minutes / turn_minutes,
        lines=allowed_lines(spec.lines, spec.starts, break_minutes=break_minutes, limits=WorkingTimeLimits()),
        gap=spec.gap,
        weeks_each=spec.weeks_each,
        replications=spec.replications,
        confidence=spec.confidence,
        seed=spec.seed,
    )


ANALYSIS = Analysis(
    name="challenge.roster",
    title="Rosters",
    question="How many units does each pool need in each hour of the week, and which shifts cover that at least cost?",
    needs=("pools", "units", "shifts", "incidents", "deployments"),
    uses=("grades", "abstractions"),
    Spec=Spec,
    answer=answer,
    version=3,
    accounts_for=(*DEPLOYMENTS, *INCIDENTS, *SHIFTS, *ABSTRACTIONS),
)
