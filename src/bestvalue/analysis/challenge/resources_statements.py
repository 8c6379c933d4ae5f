"""What more and fewer units do, in sentences that a board can read."""

import math

import polars as pl

from bestvalue.analysis.challenge import resources_effects as effects
from bestvalue.analysis.challenge import resources_wording as wording
from bestvalue.analysis.challenge.resources_scenarios import (
    Scenario,
    hours_below_minimum,
    pounds_a_year,
    said_pools,
    units_in,
    units_named,
)
from bestvalue.analysis.challenge.resources_sources import Source
from bestvalue.analysis.challenge.resources_sweep import Estimate, Sweep
from bestvalue.analysis.challenge.resources_tally import (
    BORROWED,
    LEVEL,
    NINETIETH,
    REPORTED,
    SUPPORT,
    UTILISATION,
    WITHIN,
    Key,
)
from bestvalue.analysis.contract import Figure, Statement
from bestvalue.analysis.rounding import plain

SMALL_CHANGE = 0.015
"""A change below one and a half points is said in points: before and after would read the same."""

NONE, HALF, DOUBLE = 0.0, 0.5, 2.0

FEW_TOGETHER = 3
"""Scenarios of several pools at once that get a sentence each."""


def as_today(sweep: Sweep) -> tuple[Statement, ...]:
    """What the force of today does, by the simulation."""
    said, figures = [], []
    for grade in effects.measured_grades(sweep):
        key = Key(WITHIN, grade)
        if math.isfinite(sweep.estimate(0, key).value):
            figures.append(wording.share_figure(sweep, 0, key, f"{grade} reached within {wording.target_of(sweep, grade)}"))
            said.append(f"{wording.share(sweep.estimate(0, key))} of {grade} calls within {wording.target_of(sweep, grade)}")
    if effects.has_support(sweep):
        key = Key(WITHIN, SUPPORT)
        figures.append(wording.share_figure(sweep, 0, key, f"support there within {wording.target_of(sweep, SUPPORT)}"))
        said.append(
            f"support within {wording.target_of(sweep, SUPPORT)} of the first arrival {wording.share(sweep.estimate(0, key))} of the time"
        )
    units = int(units_in(sweep.force, sweep.scenarios[0]).sum())
    busy = [(level, sweep.estimate(0, Key(UTILISATION, "", LEVEL, level))) for level in ("local", SUPPORT)]
    for level, found in busy:
        if math.isfinite(found.value):
            figures.append(
                wording.figure_of(
                    f"utilisation, {level}", found, "share", wording.base_of(sweep, ""), sweep.reports(Key(REPORTED)), sweep.confidence
                )
            )
    work = ", ".join(f"{level} {wording.share(found)}" for level, found in busy if math.isfinite(found.value))
    if not figures:
        return (
            Statement(kind="limit", text="Nothing can be said about targets: the grades have none. Give targets such as immediate=15."),
        )
    text = (
        f"As things are, {units:,} {sweep.force.unit_word[1]} reach {wording.listed(said)} ({wording.base_of(sweep, '')}). "
        f"Of their time on duty they are on jobs: {work}."
    )
    return (Statement(text=text, figures=tuple(figures)),)


def scaled(sweep: Sweep, pools: str, factor: float) -> tuple[Statement, ...]:
    """What scaling these pools by this factor does; nothing where it was not played."""
    number = effects.scaled_place(sweep, pools, factor)
    if number is None:
        return ()
    scenario = sweep.scenarios[number]
    opening = _opening(sweep, scenario.name)
    force = sweep.force
    only_support = bool(force.is_support[force.unit_pool][units_named(force, pools)].all())
    grades = (
        [SUPPORT]
        if only_support
        else [*effects.measured_grades(sweep), *([SUPPORT] if pools == "all" and effects.has_support(sweep) else [])]
    )
    grades = [grade for grade in grades if math.isfinite(sweep.estimate(0, Key(WITHIN, grade)).value)]
    if not grades:
        return ()
    parts, figures = [], []
    for place, grade in enumerate(grades):
        key = Key(WITHIN, grade)
        before, after, change = sweep.estimate(0, key), sweep.estimate(number, key), sweep.difference(number, key)
        parts.append(_from_to(sweep, grade, before, after, change, first=place == 0))
        figures += [
            wording.share_figure(sweep, 0, key, f"{grade} within target, today"),
            wording.share_figure(sweep, number, key, f"{grade} within target, {scenario.name}"),
            wording.figure_of(
                f"change of {grade} within target",
                change,
                "share",
                wording.base_of(sweep, grade),
                wording.count_of(sweep, grade),
                sweep.confidence,
            ),
        ]
    text = f"{opening} {'; '.join(parts)}."
    text += _far_end(sweep, number, grades[0], figures) + _money(sweep, scenario) + _overtime(sweep, number, figures)
    text += _cover(sweep, scenario, figures)
    return (Statement(text=text, figures=tuple(figures)),)


def _opening(sweep: Sweep, name: str) -> str:
    """How a sentence about a scenario begins."""
    scenario = sweep.scenarios[sweep.place(name)]
    verb = {NONE: "Doing without", HALF: "Halving", DOUBLE: "Doubling"}.get(scenario.factor)
    return (
        f"{verb} {wording.lower(said_pools(sweep.force, scenario.pools), scenario.pools)}" if verb and scenario.kind == "scaled" else name
    )


def _from_to(sweep: Sweep, grade: str, before: Estimate, after: Estimate, change: Estimate, *, first: bool) -> str:
    what = "arrivals of support" if grade == SUPPORT else f"{grade} calls reached"
    within = f"{what} within {wording.target_of(sweep, grade)}"
    base = f", base {wording.count_of(sweep, grade):,}" if first or grade == SUPPORT else ""
    if change.low <= 0 <= change.high and abs(change.value) < 0.02:
        return f"leaves {within} where they were, at {wording.share(before)}"
    verb = "cuts" if change.value < 0 else "raises"
    if abs(change.value) < SMALL_CHANGE:
        points = f"{100 * abs(change.value):.1f} points ({wording.between(change)})"
        return f"{verb} {within} by {points}, from {wording.share(before, base)}"
    return f"{verb} {within} from {wording.share(before, base)} to {wording.share(after)}"


def _far_end(sweep: Sweep, number: int, grade: str, figures: list[Figure]) -> str:
    before, after = (sweep.estimate(place, Key(NINETIETH, grade)) for place in (0, number))
    if not math.isfinite(before.value) or abs(after.value - before.value) < 0.05 * before.value:
        return ""
    if not math.isfinite(after.value):
        return f" One in ten {wording.calls(grade)} is then never reached."
    if not math.isfinite(after.high):
        return f" In some of the replications one in ten {wording.calls(grade)} is then never reached."
    base, count = wording.base_of(sweep, grade), wording.count_of(sweep, grade)
    for place, found in ((0, before), (number, after)):
        name = f"90th percentile of {grade}, {sweep.scenarios[place].name}"
        figures.append(wording.figure_of(name, found, "minutes", base, count, sweep.confidence))
    return f" Nine in ten {wording.calls(grade)} are then reached within {wording.time(after)} instead of {wording.time(before)}."


def _money(sweep: Sweep, scenario: Scenario) -> str:
    pounds = pounds_a_year(sweep.force, scenario) - pounds_a_year(sweep.force, sweep.scenarios[0])
    if not math.isfinite(pounds) or abs(pounds) < 1:
        return ""
    return f" It {'costs' if pounds > 0 else 'saves'} {wording.pounds(abs(pounds))} a year."


def _overtime(sweep: Sweep, number: int, figures: list[Figure]) -> str:
    change = effects.overtime_change(sweep, number)
    if not math.isfinite(change.value) or change.low <= 0 <= change.high:
        return ""
    figures.append(
        wording.figure_of(
            "change of overtime", change, "unit-hours a week", wording.base_of(sweep, ""), sweep.reports(Key(REPORTED)), sweep.confidence
        )
    )
    low, high = sorted((abs(change.low), abs(change.high)))
    size = f"{plain(abs(change.value))} unit-hours a week ({plain(low)} to {plain(high)})"
    return f" Overtime {'rises' if change.value > 0 else 'falls'} by {size}."


def _cover(sweep: Sweep, scenario: Scenario, figures: list[Figure]) -> str:
    """Does the roster then break the minimum that the force itself set?"""
    today, then = (hours_below_minimum(sweep.force, one) for one in (sweep.scenarios[0], scenario))
    if then <= today:
        return ""
    hours = 168 * sum(pool.minimum_units > 0 for pool in sweep.force.pools)
    base = f"{hours:,} hours of the week of the pools that have a minimum"
    figures.append(
        Figure(
            name=f"hours below a pool's minimum, {scenario.name}", value=float(then), unit="pool-hours a week", base=base, base_count=hours
        )
    )
    now = f", {today:,} today" if today else ""
    return f" In {then:,} of the {base}, fewer would be on duty than the force's own minimum{now}."


def fairness(sweep: Sweep, areas: pl.DataFrame) -> tuple[Statement, ...]:
    """Which areas lose and gain most when units are halved and doubled."""
    found = []
    for scenario in areas["scenario"].unique(maintain_order=True):
        mine = areas.filter(pl.col("scenario") == scenario).sort("change", "area")
        if mine.height < 2:
            continue
        least, most = mine.row(0, named=True), mine.row(-1, named=True)
        if abs(least["change"] - most["change"]) < 0.01:
            continue
        figures = tuple(
            Figure(
                name=f"change in {row['area']}, {scenario}",
                value=row["change"],
                unit="share",
                base=f"{wording.base_of(sweep, '')}, those in {row['area']}",
                low=row["low"],
                high=row["high"],
                confidence=sweep.confidence,
            )
            for row in (least, most)
        )
        found.append(
            Statement(
                text=f"{_opening(sweep, scenario)}: from area to area the change runs from {wording.signed(least)} in {least['area']} to {wording.signed(most)} in {most['area']}.",
                figures=figures,
            )
        )
    return tuple(found)


def others(sweep: Sweep) -> tuple[Statement, ...]:
    """What changed rules, moves, turns and demand do; and pools scaled together, where they are few: a grid of them is for its table."""
    found = []
    few = sum(scenario.kind == "together" for scenario in sweep.scenarios) <= FEW_TOGETHER
    for number, scenario in enumerate(sweep.scenarios):
        if scenario.kind not in ("moved", "rule", "turns", "demand") and not (scenario.kind == "together" and few):
            continue
        parts, figures = [], []
        for grade in [*effects.measured_grades(sweep), *([SUPPORT] if effects.has_support(sweep) else [])]:
            change = sweep.difference(number, Key(WITHIN, grade))
            if not math.isfinite(change.value) or change.low <= 0 <= change.high:
                continue
            parts.append(f"{wording.calls(grade)} {100 * change.value:+.1f} points ({100 * change.low:+.1f} to {100 * change.high:+.1f})")
            figures.append(
                wording.figure_of(
                    f"change of {grade} within target",
                    change,
                    "share",
                    wording.base_of(sweep, grade),
                    wording.count_of(sweep, grade),
                    sweep.confidence,
                )
            )
        if figures:
            found.append(
                Statement(text=f"{scenario.name}: within target {wording.listed(parts)} (base {figures[0].base}).", figures=tuple(figures))
            )
        else:
            grade = effects.measured_grades(sweep)[0]
            none = sweep.difference(number, Key(WITHIN, grade))
            figure = wording.figure_of(
                f"change of {grade} within target",
                none,
                "share",
                wording.base_of(sweep, grade),
                wording.count_of(sweep, grade),
                sweep.confidence,
            )
            found.append(
                Statement(text=f"{scenario.name}: no share within target changes beyond chance ({figure.base}).", figures=(figure,))
            )
    return tuple(found)


def lending(source: Source, sweep: Sweep, number: int) -> tuple[Statement, ...]:
    """How much is lent, and what lending by the rules would do."""
    found = []
    share = sweep.estimate(number, Key(BORROWED))
    if math.isfinite(share.value) and share.value > 0:
        figure = wording.share_figure(sweep, number, Key(BORROWED), f"share by units of other areas, {sweep.scenarios[number].name}")
        found.append(
            Statement(
                text=f"{sweep.scenarios[number].name}: {wording.share(share)} of the units sent come from another area ({wording.base_of(sweep, '')}).",
                figures=(figure,),
            )
        )
    elif not source.stations and source.lent_share == 0:
        found.append(
            Statement(
                kind="limit",
                text="No area has lent a unit to another in the weeks that were read, so none does here unless a scenario says so.",
            )
        )
    return tuple(found)
