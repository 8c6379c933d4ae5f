"""What would be the effect of halving or doubling the resources?"""

from collections.abc import Mapping
from itertools import zip_longest

import numpy as np

from bestvalue.analysis.challenge import resources_charts as charts
from bestvalue.analysis.challenge import resources_choices_statements as choices
from bestvalue.analysis.challenge import resources_effects as effects
from bestvalue.analysis.challenge import resources_limits_statements as limits
from bestvalue.analysis.challenge import resources_statements as say
from bestvalue.analysis.challenge import resources_tables as tables
from bestvalue.analysis.challenge.records_at_fault import ABSTRACTIONS, DEPLOYMENTS, INCIDENTS, SHIFTS, UNIT_SKILLS
from bestvalue.analysis.challenge.resources_calibrate_overrides import parse_overrides
from bestvalue.analysis.challenge.resources_changes import changed_rules, forecast_growth, grown, moved, ruled, turned
from bestvalue.analysis.challenge.resources_mix import Mix, find_mix
from bestvalue.analysis.challenge.resources_mix_pools import PoolMix, find_pool_mix
from bestvalue.analysis.challenge.resources_scenarios import (
    Scenario,
    curve,
    one_unit,
    own_name,
    said_pools,
    today,
    together,
)
from bestvalue.analysis.challenge.resources_sources import FORCE_TABLES, NEEDS, USES, Settings, Source, prepare
from bestvalue.analysis.challenge.resources_spec import Spec, read_minutes, read_shares
from bestvalue.analysis.challenge.resources_stations_records import STATION_COLUMNS
from bestvalue.analysis.challenge.resources_sweep import Sweep, sweep
from bestvalue.analysis.challenge.resources_tally import POOL, SUPPORT, UTILISATION, WITHIN, Key
from bestvalue.analysis.contract import Analysis, Answer, Chart, Progress
from bestvalue.analysis.ways import Way
from bestvalue.dataset.dataset import Dataset
from bestvalue.errors import SpecError


def answer(dataset: Dataset, spec: Spec, progress: Progress) -> Answer:
    """Calibrate, test, play the scenarios, and say what they do.

    Raises:
        SpecError: a pool, grade, move or quantity that does not exist, or data too short to calibrate and test on.
        Cancelled: the user asked to stop.
    """
    _check(spec)
    wanted = read_shares(spec.wanted)
    source = prepare(dataset, _settings(spec), lambda share, doing: progress(0.3 * share, doing))
    scenarios = _scenarios(source, spec)
    played = _play(source, scenarios, spec, lambda share, doing: progress(0.3 + 0.4 * share, doing))
    extra = _one_unit_each(source, played, spec, lambda share, doing: progress(0.7 + 0.12 * share, doing))
    mix = _mix(source, played, wanted, spec, lambda share, doing: progress(0.82 + 0.08 * share, doing))
    by_pool = _pool_mix(source, played, mix, spec, lambda share, doing: progress(0.9 + 0.07 * share, doing))
    progress(0.98, "Writing the answer")
    shown = _shown(played)
    lending_of = _lending_of(played)
    of_scenarios = tables.of_scenarios(played, shown, lending_of)
    found = {"validation": tables.of_validation(source.validation), **of_scenarios}
    one_more = effects.marginal(extra) if extra is not None else None
    if one_more is not None and extra is not None:
        found["marginal"] = tables.of_marginal(one_more, extra)
    if mix is not None:
        found["mix"] = tables.of_mix(mix)
    if by_pool is not None:
        found["mix_pools"] = tables.of_pool_mix(by_pool)
    found |= source.tables
    pools = _pools(source, spec)
    return Answer(
        statements=(
            limits.validation(source),
            *say.as_today(played),
            *(statement for name in pools for factor in (say.NONE, say.HALF, say.DOUBLE) for statement in say.scaled(played, name, factor)),
            *limits.overload(played),
            *choices.knees(played, pools),
            *(choices.marginal(one_more, extra) if one_more is not None and extra is not None else ()),
            *((choices.least_cost(mix, played, given=bool(spec.wanted)),) if mix is not None else ()),
            *((choices.least_cost_by_pool(by_pool, mix, played),) if by_pool is not None and mix is not None else ()),
            *say.fairness(played, effects.of_every_grade(effects.by_area(played, shown[1:]))),
            *say.others(played),
            *say.lending(source, played, lending_of),
            *limits.limits(source, played),
        ),
        tables=found,
        charts=_charts(source, played, pools, shown, lending_of),
        caveats=limits.CAVEATS + (limits.STATION_CAVEATS if source.stations else ()),
    )


def _check(spec: Spec) -> None:
    for factor in spec.factors:
        if not 0 <= factor <= 8:
            raise SpecError(f"A factor of {factor:g} is not from 0 to 8", where="factors", next_step="Give factors such as 0.5, 1 and 2.")
    for share in spec.demand_growth:
        if not -0.9 <= share <= 3:
            raise SpecError(f"A growth of {share:g} is not from -0.9 to 3", where="demand_growth", next_step="0.1 is a tenth more.")


def _settings(spec: Spec) -> Settings:
    return Settings(
        calibration_weeks=spec.calibration_weeks,
        validation_weeks=spec.validation_weeks,
        split_day=spec.split_day,
        tolerance=spec.tolerance,
        targets=read_minutes(spec.targets),
        support_target_minutes=spec.support_target_minutes,
        borrowing=spec.borrowing,
        lender_keeps=spec.lender_keeps,
        meal_breaks=spec.meal_breaks,
        travel=spec.travel,
        overrides=parse_overrides(spec.overrides),
        seed=spec.seed,
    )


def _pools(source: Source, spec: Spec) -> tuple[str, ...]:
    """The pools to scale: by their own names; support and all, which is the same as local, only where there is support.

    Raises:
        SpecError: there is no such pool.
    """
    has_support = bool(np.isin(source.force.unit_pool, np.flatnonzero(source.force.is_support)).any())
    given = [name for name in spec.pools if has_support or "all" not in spec.pools or name.strip().casefold() not in ("local", "support")]
    return tuple(dict.fromkeys(own_name(source.force, name) for name in given))


def _scenarios(source: Source, spec: Spec) -> list[Scenario]:
    force = source.force
    scenarios = [*curve(force, _pools(source, spec), spec.factors), *(together(force, line) for line in spec.together)]
    scenarios += [moved(force, line) for line in spec.moves]
    scenarios += changed_rules(force, source.borrow_by_grade)
    scenarios += [change(force, line) for change, lines in ((ruled, spec.rules), (turned, spec.turns)) for line in lines]
    scenarios += [grown(force, share) for share in spec.demand_growth]
    if spec.demand_forecast is not None:
        scenarios += [grown(force, share, named=named) for named, share in forecast_growth(spec.demand_forecast.result)]
    return scenarios


def _play(source: Source, scenarios: list[Scenario], spec: Spec, progress: Progress) -> Sweep:
    return sweep(
        source.force,
        scenarios,
        weeks=spec.weeks,
        half_width=spec.half_width,
        most_replications=spec.most_replications,
        confidence=spec.confidence,
        seed=spec.seed,
        progress=progress,
        means=source.means,
        watched=(Key(WITHIN), Key(WITHIN, SUPPORT)),
    )


def _one_unit_each(source: Source, played: Sweep, spec: Spec, progress: Progress) -> Sweep | None:
    """One unit more and one fewer in the busiest pools, local and support in turn."""
    force = source.force
    busy = [(played.estimate(0, Key(UTILISATION, "", POOL, pool.name)).value, -number) for number, pool in enumerate(force.pools)]
    ranked = [-place for value, place in sorted(busy, reverse=True) if np.isfinite(value)]
    levels = [[place for place in ranked if (force.pools[place].area is None) == support] for support in (False, True)]
    in_turn = [place for pair in zip_longest(*levels) for place in pair if place is not None]
    chosen = in_turn[: spec.marginal_pools]
    if not chosen:
        return None
    scenarios = [today(force), *(one_unit(force, pool, change) for pool in chosen for change in (1, -1))]
    return sweep(
        force,
        scenarios,
        weeks=spec.weeks,
        half_width=0.0,
        most_replications=played.replications,
        first=played.replications,
        confidence=spec.confidence,
        seed=spec.seed,
        progress=progress,
        means=source.means,
    )


def _mix(source: Source, played: Sweep, asked: Mapping[str, float], spec: Spec, progress: Progress) -> Mix | None:
    """The least-cost mix for the shares asked for; else for those that the grades promise, with support no worse than today."""
    known = [*effects.measured_grades(played), *([SUPPORT] if effects.has_support(played) else [])]
    for grade in asked:
        if grade not in known:
            raise SpecError(f"There is no grade {grade!r}", where="wanted", next_step=f"There are: {', '.join(known)}.")
    if not spec.find_mix:
        return None
    shares = dict(asked) or {grade: share for grade, share in source.target_shares.items() if grade in known}
    if not shares:
        return None
    if not asked and SUPPORT in known:
        # Today's share less what chance may make of it, in whole hundredths, or today's own support would not meet it.
        least = np.floor(100 * played.estimate(0, Key(WITHIN, SUPPORT)).low) / 100
        shares |= {SUPPORT: float(least)} if least > 0 else {}
    return find_mix(
        source.force,
        factors=[factor for factor in spec.factors if factor > 0],
        wanted={Key(WITHIN, grade): share for grade, share in shares.items()},
        weeks=spec.weeks,
        confidence=spec.confidence,
        seed=spec.seed,
        progress=progress,
        means=source.means,
    )


def _pool_mix(source: Source, played: Sweep, mix: Mix | None, spec: Spec, progress: Progress) -> PoolMix | None:
    """The least-cost mix with a size for each pool; not where any unit goes anywhere at once, so that no pool has calls of its own."""
    force = source.force
    if mix is None or (force.borrow_after_minutes == 0).any():
        return None
    return find_pool_mix(
        force,
        factors=[factor for factor in spec.factors if factor > 0],
        wanted=mix.wanted,
        weeks=spec.weeks,
        replications=played.replications,
        confidence=spec.confidence,
        seed=spec.seed,
        progress=progress,
        means=source.means,
    )


def _shown(played: Sweep) -> list[int]:
    """Today, and the scenarios whose areas and hours are shown: half and double of the first pool that was scaled."""
    scaled = [number for number, one in enumerate(played.scenarios) if one.kind == "scaled"]
    if not scaled:
        return [0]
    first = played.scenarios[scaled[0]].pools
    of_first = {played.scenarios[number].factor: number for number in scaled if played.scenarios[number].pools == first}
    wanted = [of_first[factor] for factor in (say.NONE, say.HALF, say.DOUBLE) if factor in of_first]
    return [0, *(wanted or list(of_first.values())[:2])]


def _lending_of(played: Sweep) -> int:
    """Today's lending; where nobody lends today, that of the rule that lets areas lend."""
    rules = [number for number, one in enumerate(played.scenarios) if one.borrow_after_minutes is not None]
    lends_today = bool(np.isfinite(played.force.borrow_after_minutes).any())
    return 0 if lends_today or not rules else rules[0]


def _charts(source: Source, played: Sweep, pools: tuple[str, ...], shown: list[int], lending_of: int) -> dict[str, Chart]:
    response = effects.response(played)
    drawn = {
        "curve": charts.curve(response, [(name, said_pools(source.force, name)) for name in pools]),
        "before_after": charts.before_after(response, [played.scenarios[number].name for number in shown]),
        "tiles": charts.tiles(effects.of_every_grade(effects.by_area(played, shown[1:])), source.places) if len(shown) > 1 else None,
        "lending": charts.lending(effects.lending(played, lending_of), played.scenarios[lending_of].name),
        "validation": charts.validation(source.validation.rows, source.force.grades[0]),
    }
    return {name: chart for name, chart in drawn.items() if chart is not None}


ANALYSIS = Analysis(
    name="challenge.resources",
    title="More or fewer units",
    question="What would be the effect of halving or doubling the resources?",
    needs=NEEDS,
    uses=USES,
    one_of=(Way(tables=FORCE_TABLES), Way(columns={"incidents": STATION_COLUMNS})),
    Spec=Spec,
    answer=answer,
    accounts_for=(*DEPLOYMENTS, *INCIDENTS, *SHIFTS, *ABSTRACTIONS, *UNIT_SKILLS),
    version=6,
)
