"""What if it were done otherwise? Units moved, turns of duty and rules changed, demand grown: lines of the spec made into scenarios."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from bestvalue.analysis.challenge.resources_calibrate_force import Force
from bestvalue.analysis.challenge.resources_calibrate_units import MINUTES_OF_WEEK
from bestvalue.analysis.challenge.resources_scenarios import Scenario, no_pool, own_name, pool_named, said_pools, today, units_named
from bestvalue.analysis.contract import Result
from bestvalue.errors import SpecError

MONTHS = 12
_MOVE = re.compile(r"^\s*(\d+)\s+from\s+(.+?)\s+to\s+(.+?)\s*$", re.IGNORECASE)


def moved(force: Force, line: str) -> Scenario:
    """Units moved from one pool to another, e.g. "2 from Territorial support to Hackney response".

    Raises:
        SpecError: the line cannot be read, there is no such pool, or it has too few units.
    """
    found = _MOVE.match(line)
    if not found:
        raise SpecError(
            f"{line!r} is not a move", where="moves", next_step="Write for example: 2 from Territorial support to Hackney response"
        )
    count, source, target = int(found[1]), _one_pool(force, found[2]), _one_pool(force, found[3])
    mine = np.flatnonzero(force.unit_pool == source)
    if not 1 <= count <= len(mine):
        raise SpecError(
            f"{count} units cannot be moved: {force.pools[source].name} has {len(mine)}", where="moves", next_step="Move fewer."
        )
    new = force.unit_pool.copy()
    # Evenly along the roster, so that no one shift gives them all.
    new[mine[np.floor((np.arange(count) + 0.5) * len(mine) / count).astype(np.int64)]] = target
    return Scenario(
        name=f"{count} moved from {force.pools[source].name} to {force.pools[target].name}",
        kind="moved",
        copies=np.ones(len(new), dtype=np.int64),
        pool_of_unit=new,
    )


def _one_pool(force: Force, name: str) -> int:
    found = pool_named(force, name)
    if found is None:
        raise no_pool(force, name)
    return found


_TURN = re.compile(r"^\s*(\d+)(?: minutes?)? (later|earlier|longer|shorter)(?: in (.+?))?\s*$", re.IGNORECASE)


def turned(force: Force, line: str) -> Scenario:
    """Turns of duty moved or made longer, e.g. "60 later" or "30 longer in Hackney response".

    Raises:
        SpecError: the line cannot be read, there is no such pool, or a turn would run into the next or have no length.
    """
    found = _TURN.match(line)
    if not found:
        raise SpecError(f"{line!r} is no change of turns", where="turns", next_step="Write for example: 60 later, or: 30 longer in support")
    minutes, word, pools = int(found[1]), found[2].lower(), own_name(force, found[3] or "all")
    turns = force.turns.copy()
    mine = units_named(force, pools)[turns[:, 0]]
    if word in ("later", "earlier"):
        turns[mine, 1] = (turns[mine, 1] + (minutes if word == "later" else -minutes)) % MINUTES_OF_WEEK
    else:
        turns[mine, 2] += minutes if word == "longer" else -minutes
    if (turns[:, 2] <= turns[:, 3]).any() or _overlap(turns):
        raise SpecError(
            f"With turns {minutes} minutes {word} a unit's turns would overlap, or leave it no time", where="turns", next_step="Give less."
        )
    name = f"Turns {minutes} minutes {word}, {said_pools(force, pools).lower() if pools in ('all', 'local', 'support') else pools}"
    return replace(today(force), name=name, kind="turns", turns=turns)


def _overlap(turns: np.ndarray[Any, np.dtype[np.int64]]) -> bool:
    """Does a turn of a unit run into its next one, that of next week included?"""
    unit, start, length = turns[np.lexsort((turns[:, 1], turns[:, 0])), :3].T
    last = np.append(unit[1:] != unit[:-1], True)
    first = np.flatnonzero(np.append(True, last[:-1]))
    follows = np.append(start[1:], 0)
    follows[last] = start[first] + MINUTES_OF_WEEK
    return bool((start + length > follows).any())


_LENDS = re.compile(r"^\s*(?:(.+?) )?lends? after (\d+(?:\.\d+)?)(?: minutes?)?\s*$", re.IGNORECASE)
_KEEPS = re.compile(r"^\s*lenders? keeps? (\d+)\s*$", re.IGNORECASE)
_DIVERTS = re.compile(r"^\s*(.+?) diverts? from (.+?)\s*$", re.IGNORECASE)


def ruled(force: Force, line: str) -> Scenario:
    """Another rule: "never lend", "lend after 5", "immediate lends after 2", "lender keeps 1", "immediate diverts from scheduled".

    Raises:
        SpecError: the line cannot be read, or there is no such grade.
    """
    as_is = replace(today(force), name=f"Rule: {line.strip()}", kind="rule")
    if line.strip().casefold() == "never lend":
        return replace(as_is, borrow_after_minutes=np.full(len(force.grades), np.nan))
    if found := _KEEPS.match(line):
        return replace(as_is, lender_keeps=int(found[1]))
    if found := _LENDS.match(line):
        after = force.borrow_after_minutes.copy()
        after[_grade(force, found[1]) if found[1] else slice(None)] = float(found[2])
        return replace(as_is, borrow_after_minutes=after)
    if found := _DIVERTS.match(line):
        urgent, patient = _grade(force, found[1]), _grade(force, found[2])
        if urgent < patient:
            return replace(as_is, diverts=(urgent, patient))
    raise SpecError(
        f"{line!r} is no rule that can be played",
        where="rules",
        next_step="Write for example: never lend; lend after 5; immediate lends after 2; lender keeps 1; immediate diverts from scheduled",
    )


def _grade(force: Force, name: str) -> int:
    for number, grade in enumerate(force.grades):
        if grade.casefold() == name.strip().casefold():
            return number
    raise SpecError(f"There is no grade {name!r}", where="rules", next_step=f"There are: {', '.join(force.grades)}.")


def changed_rules(force: Force, borrow_by_grade: Sequence[float | None]) -> tuple[Scenario, ...]:
    """Today's units under another rule: areas lend to each other where they do not, and the other way round; and diversion."""
    as_is = today(force)
    lends = bool(np.isfinite(force.borrow_after_minutes).any())
    found = []
    if not lends and force.borrows.any() and any(minutes is not None for minutes in borrow_by_grade):
        after = np.array([np.nan if minutes is None else minutes for minutes in borrow_by_grade])
        found.append(replace(as_is, name="Areas lend to neighbours, as the grades allow", kind="rule", borrow_after_minutes=after))
    if lends and not force.returns:
        found.append(replace(ruled(force, "never lend"), name="No area lends to another"))
    measured = np.flatnonzero(force.measured)
    if len(measured) > 1 and not force.returns:
        ends = int(measured[0]), int(measured[-1])
        name = f"Units under way to {force.grades[ends[1]]} calls are diverted to {force.grades[ends[0]]} ones"
        found.append(replace(as_is, name=name, kind="rule", diverts=ends))
    return tuple(found)


def grown(force: Force, share: float, *, named: str = "") -> Scenario:
    """Today's units with so much more demand."""
    name = f"Demand {share:+.0%}{named}, units as today"
    return replace(today(force), name=name, kind="demand", demand_factor=1 + share)


def forecast_growth(forecast: Result) -> list[tuple[str, float]]:
    """What `challenge.demand` sees ahead, against the last twelve months counted: words and share of growth.

    Each whole year ahead as forecast, and the 80% limits of the last one.

    Raises:
        SpecError: that result holds no forecast, or less than a year of it.
    """
    if not {"months", "forecast"} <= set(forecast.tables):
        raise SpecError("That result holds no forecast", where="demand_forecast", next_step="Give challenge.demand three years or more.")
    counted = forecast.tables["months"].rows.sort("month").tail(MONTHS)
    ahead = forecast.tables["forecast"].rows.sort("month")
    years = ahead.height // MONTHS
    if years == 0 or counted.height < MONTHS:
        raise SpecError("That forecast reaches less than a year ahead", where="demand_forecast", next_step="Set horizon_years=4 there.")
    base = float(counted["incidents"].sum())
    found = []
    for year in range(years):
        months = ahead.slice(year * MONTHS, MONTHS)
        until = f"{months['month'][-1]:%B %Y}"
        found.append((f" in the year to {until} as forecast", _sum(months, "forecast") / base - 1))
    found += [(f" in the year to {until}, {word} forecast", _sum(months, column) / base - 1) for word, column in _LIMITS]
    return found


_LIMITS = (("low end of the 80%", "low_80"), ("high end of the 80%", "high_80"))


def _sum(rows: pl.DataFrame, column: str) -> float:
    return float(rows[column].sum())
