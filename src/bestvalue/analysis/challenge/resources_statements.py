"""What more and fewer units do, in sentences that a board can read."""

import math
from collections.abc import Sequence

import polars as pl

from bestvalue.analysis.challenge import resources_effects as effects
from bestvalue.analysis.challenge.resources_mix import Candidate, Mix
from bestvalue.analysis.challenge.resources_scenarios import Scenario, pounds_a_year, said_pools, units_in, units_named
from bestvalue.analysis.challenge.resources_sources import Source
from bestvalue.analysis.challenge.resources_sweep import Estimate, Sweep
from bestvalue.analysis.challenge.resources_tally import (
    BACKLOG,
    BORROWED,
    LEVEL,
    MEDIAN,
    NINETIETH,
    REACHED,
    REPORTED,
    SUPPORT,
    UTILISATION,
    WITHIN,
    Key,
)
from bestvalue.analysis.challenge.resources_validate import INTERVAL
from bestvalue.analysis.contract import Figure, Statement
from bestvalue.analysis.rounding import percent, plain

NAMED_AT_MOST = 4
SMALL_CHANGE = 0.015
"""A change below one and a half points is said in points: before and after would read the same."""

NONE, HALF, DOUBLE = 0.0, 0.5, 2.0

CAVEATS = (
    "The simulation replays whole weeks that happened. It knows no incident of a kind that has not happened in them.",
    "Demand is taken as given: that more units find more to do, or that people stop calling when nobody comes, is not in it.",
    "Units of today and added ones are taken to be alike: crewed, trained and equipped.",
    "An interval tells how far chance and ordinary weeks reach. It does not hold what the simulation leaves out; for that see the test.",
)
STATION_CAVEATS = (
    "Stations, engines and lengths of jobs are inferred from who came first, not given by the service.",
    "A station is closed with factor 0 under its name; a new one, at a new place, cannot be played.",
)


def validation(source: Source) -> Statement:
    """How well weeks that were not used were predicted; a failure says so."""
    found, force = source.validation, source.force
    grade = force.grades[0]
    rows = {key: found.row(key) for key in (Key(MEDIAN, grade), Key(NINETIETH, grade), Key(WITHIN, grade))}
    compared = [(key, row) for key, row in rows.items() if row is not None]
    figures = tuple(
        Figure(
            name=f"predicted {key.measure}, {grade}",
            value=row["predicted"],
            unit="share" if key.measure == WITHIN else "minutes",
            base=f"{int(row['base']):,} incidents from {_day(source)}",
            base_count=int(row["base"]),
            low=row["low"],
            high=row["high"],
            confidence=INTERVAL,
        )
        for key, row in compared
    )
    said = [
        f"{_measure(key)} {percent(row['predicted'])} against {percent(row['recorded'])} recorded ({100 * row['error']:+.1f} points)"
        if key.measure == WITHIN
        else f"{_measure(key)} {plain(row['predicted'])} against {plain(row['recorded'])} minutes ({100 * row['error']:+.1f}%)"
        for key, row in compared
    ]
    text = f"For {grade} calls: {', '.join(said)}."
    if found.judged_areas:
        text += (
            f" In {found.judged_areas} areas the 90th percentile is off by {percent(found.area_error)} on average, "
            f"in {found.areas_within_tenth} by less than 10%."
        )
    if math.isfinite(found.coverage):
        text += f" The 90% intervals hold {percent(found.coverage)} of the areas' recorded figures."
    if found.passed:
        return Statement(
            text=f"The simulation was tested on the {found.weeks} weeks from {_day(source)}, which it had not seen. {text}", figures=figures
        )
    return Statement(
        kind="failed",
        text=f"The simulation failed its test on the {found.weeks} weeks from {_day(source)}, which it had not seen: {'; '.join(found.faults)}. "
        f"Take what follows as direction, not as size. {text}",
        figures=figures,
    )


def _measure(key: Key) -> str:
    return {WITHIN: "reached within target", MEDIAN: "median", NINETIETH: "90th percentile"}[key.measure]


def _day(source: Source) -> str:
    return f"{source.split_day:%-d %B %Y}"


def as_today(sweep: Sweep) -> tuple[Statement, ...]:
    """What the force of today does, by the simulation."""
    said, figures = [], []
    for grade in effects.measured_grades(sweep):
        key = Key(WITHIN, grade)
        if math.isfinite(sweep.estimate(0, key).value):
            figures.append(_figure(sweep, 0, key, f"{grade} reached within {_target(sweep, grade)}"))
            said.append(f"{_share(sweep.estimate(0, key))} of {grade} calls within {_target(sweep, grade)}")
    if effects.has_support(sweep):
        key = Key(WITHIN, SUPPORT)
        figures.append(_figure(sweep, 0, key, f"support there within {_target(sweep, SUPPORT)}"))
        said.append(f"support within {_target(sweep, SUPPORT)} of the first arrival {_share(sweep.estimate(0, key))} of the time")
    units = int(units_in(sweep.force, sweep.scenarios[0]).sum())
    busy = [(level, sweep.estimate(0, Key(UTILISATION, "", LEVEL, level))) for level in ("local", SUPPORT)]
    for level, found in busy:
        if math.isfinite(found.value):
            figures.append(_make(f"utilisation, {level}", found, "share", _base(sweep, ""), sweep.reports(Key(REPORTED)), sweep.confidence))
    work = ", ".join(f"{level} {percent(found.value)}" for level, found in busy if math.isfinite(found.value))
    if not figures:
        return (
            Statement(kind="limit", text="Nothing can be said about targets: the grades have none. Give targets such as immediate=15."),
        )
    text = (
        f"As things are, {units:,} {sweep.force.unit_word[1]} reach {_listed(said)} ({_base(sweep, '')}). "
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
            _figure(sweep, 0, key, f"{grade} within target, today"),
            _figure(sweep, number, key, f"{grade} within target, {scenario.name}"),
            _make(f"change of {grade} within target", change, "share", _base(sweep, grade), _count(sweep, grade), sweep.confidence),
        ]
    text = f"{opening} {'; '.join(parts)}."
    text += _far_end(sweep, number, grades[0]) + _money(sweep, scenario) + _overtime(sweep, number, figures)
    return (Statement(text=text, figures=tuple(figures)),)


def _from_to(sweep: Sweep, grade: str, before: Estimate, after: Estimate, change: Estimate, *, first: bool) -> str:
    what = "arrivals of support" if grade == SUPPORT else f"{grade} calls reached"
    within = f"{what} within {_target(sweep, grade)}"
    base = f", base {_count(sweep, grade):,}" if first or grade == SUPPORT else ""
    if change.low <= 0 <= change.high and abs(change.value) < 0.02:
        return f"leaves {within} where they were, at {_share(before)}"
    verb = "cuts" if change.value < 0 else "raises"
    if abs(change.value) < SMALL_CHANGE:
        points = f"{100 * abs(change.value):.1f} points ({_between(change)})"
        return f"{verb} {within} by {points}, from {_share(before, base)}"
    return f"{verb} {within} from {_share(before, base)} to {_share(after)}"


def _between(change: Estimate) -> str:
    """The limits of a change whose direction a verb gives."""
    near, far = (-change.high, -change.low) if change.value < 0 else (change.low, change.high)
    return f"{100 * near:.1f} to {100 * far:.1f}"


def _far_end(sweep: Sweep, number: int, grade: str) -> str:
    before, after = (sweep.estimate(place, Key(NINETIETH, grade)).value for place in (0, number))
    if not math.isfinite(before) or abs(after - before) < 0.05 * before:
        return ""
    if not math.isfinite(after):
        return f" One in ten {_calls(grade)} is then never reached."
    return f" Nine in ten {_calls(grade)} are then reached within {_minutes(after)} instead of {_minutes(before)}."


def _calls(grade: str) -> str:
    return "requests for support" if grade == SUPPORT else f"{grade} calls"


def _money(sweep: Sweep, scenario: Scenario) -> str:
    pounds = pounds_a_year(sweep.force, scenario) - pounds_a_year(sweep.force, sweep.scenarios[0])
    if not math.isfinite(pounds) or abs(pounds) < 1:
        return ""
    return f" It {'costs' if pounds > 0 else 'saves'} {_pounds(abs(pounds))} a year."


def _overtime(sweep: Sweep, number: int, figures: list[Figure]) -> str:
    change = effects.overtime_change(sweep, number)
    if not math.isfinite(change.value) or change.low <= 0 <= change.high:
        return ""
    figures.append(
        _make("change of overtime", change, "unit-hours a week", _base(sweep, ""), sweep.reports(Key(REPORTED)), sweep.confidence)
    )
    return f" Overtime {'rises' if change.value > 0 else 'falls'} by {plain(abs(change.value))} unit-hours a week."


def overload(sweep: Sweep) -> tuple[Statement, ...]:
    """Scenarios in which the queue has no end."""
    found = [number for number in range(len(sweep.scenarios)) if effects.overloaded(sweep, number)]
    if not found:
        return ()
    figures: list[Figure] = []
    for number in found:
        name = sweep.scenarios[number].name
        figures.append(_figure(sweep, number, Key(REACHED), f"share reached, {name}"))
        growth = sweep.estimate(number, Key(BACKLOG))
        figures.append(
            _make(f"growth of the queue, {name}", growth, "incidents a day", _base(sweep, ""), _count(sweep, ""), sweep.confidence)
        )
    more = f" and {len(found) - NAMED_AT_MOST} more" if len(found) > NAMED_AT_MOST else ""
    return (
        Statement(
            text="Demand is more than the units can serve, so that the queue has no limit: "
            f"{_listed([_endless(sweep, number) for number in found[:NAMED_AT_MOST]])}{more}. "
            "No mean wait is given there; who is not reached counts as missing the target.",
            figures=tuple(figures),
        ),
    )


def _endless(sweep: Sweep, number: int) -> str:
    growth = sweep.estimate(number, Key(BACKLOG))
    grows = f", the queue grows by {plain(growth.value)} a day" if growth.low > 0 else ""
    return f"{sweep.scenarios[number].name} ({_share(sweep.estimate(number, Key(REACHED)))} reached{grows})"


def knees(sweep: Sweep, pools: Sequence[str]) -> tuple[Statement, ...]:
    """Where the curve of each pool bends."""
    found = []
    for name in pools:
        grade = SUPPORT if name == "support" else effects.measured_grades(sweep)[0]
        bend = effects.knee(sweep, name, grade)
        if bend is None:
            continue
        figures = tuple(
            Figure(
                name=f"points for a tenth of today's {_lower(said_pools(sweep.force, name), name)} more, {side} the bend",
                value=value,
                unit="share",
                base=_base(sweep, grade),
                base_count=_count(sweep, grade),
            )
            for side, value in (("below", bend.below), ("above", bend.above))
        )
        found.append(
            Statement(
                text=f"The curve of {_calls(grade)} against {_lower(said_pools(sweep.force, name), name)} bends at {_size(bend.factor)}: below, a tenth of today's units more "
                f"is worth {100 * bend.below:.1f} points; above, {100 * bend.above:.1f}.",
                figures=figures,
            )
        )
    return tuple(found)


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
                base=f"{_base(sweep, '')}, those in {row['area']}",
                low=row["low"],
                high=row["high"],
                confidence=sweep.confidence,
            )
            for row in (least, most)
        )
        found.append(
            Statement(
                text=f"{_opening(sweep, scenario)}: from area to area the change runs from {_signed(least)} in {least['area']} to {_signed(most)} in {most['area']}.",
                figures=figures,
            )
        )
    return tuple(found)


def _opening(sweep: Sweep, name: str) -> str:
    """How a sentence about a scenario begins."""
    scenario = sweep.scenarios[sweep.place(name)]
    verb = {NONE: "Doing without", HALF: "Halving", DOUBLE: "Doubling"}.get(scenario.factor)
    return f"{verb} {_lower(said_pools(sweep.force, scenario.pools), scenario.pools)}" if verb and scenario.kind == "scaled" else name


def _lower(said: str, pools: str) -> str:
    return said[0].lower() + said[1:] if pools in ("all", "local", "support") else said


def _size(factor: float) -> str:
    return "today's size" if factor == 1 else f"{factor:g} times today's size"


def _signed(row: dict[str, float]) -> str:
    return f"{100 * row['change']:+.1f} points ({100 * row['low']:+.1f} to {100 * row['high']:+.1f})"


def lending(source: Source, sweep: Sweep, number: int) -> tuple[Statement, ...]:
    """How much is lent, and what lending by the rules would do."""
    found = []
    share = sweep.estimate(number, Key(BORROWED))
    if math.isfinite(share.value) and share.value > 0:
        figure = _figure(sweep, number, Key(BORROWED), f"share by units of other areas, {sweep.scenarios[number].name}")
        found.append(
            Statement(
                text=f"{sweep.scenarios[number].name}: {_share(share)} of the units sent come from another area ({_base(sweep, '')}).",
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


def others(sweep: Sweep) -> tuple[Statement, ...]:
    """What changed rules, moves, turns and demand do."""
    found = []
    for number, scenario in enumerate(sweep.scenarios):
        if scenario.kind not in ("moved", "rule", "turns", "demand"):
            continue
        parts, figures = [], []
        for grade in [*effects.measured_grades(sweep), *([SUPPORT] if effects.has_support(sweep) else [])]:
            change = sweep.difference(number, Key(WITHIN, grade))
            if not math.isfinite(change.value) or change.low <= 0 <= change.high:
                continue
            parts.append(f"{_calls(grade)} {100 * change.value:+.1f} points ({100 * change.low:+.1f} to {100 * change.high:+.1f})")
            figures.append(
                _make(f"change of {grade} within target", change, "share", _base(sweep, grade), _count(sweep, grade), sweep.confidence)
            )
        if figures:
            found.append(
                Statement(text=f"{scenario.name}: within target {_listed(parts)} (base {figures[0].base}).", figures=tuple(figures))
            )
        else:
            grade = effects.measured_grades(sweep)[0]
            none = sweep.difference(number, Key(WITHIN, grade))
            figure = _make(f"change of {grade} within target", none, "share", _base(sweep, grade), _count(sweep, grade), sweep.confidence)
            found.append(
                Statement(text=f"{scenario.name}: no share within target changes beyond chance ({figure.base}).", figures=(figure,))
            )
    return tuple(found)


def marginal(rows: pl.DataFrame, sweep: Sweep) -> tuple[Statement, ...]:
    """Where one unit more does most, and where one fewer costs most."""
    found = []
    for change, word, order in ((1, "more", True), (-1, "fewer", False)):
        mine = rows.filter(pl.col("change") == change).sort(["effect", "pool"], descending=[order, False])
        if mine.height == 0:
            continue
        top = mine.row(0, named=True)
        pounds = top["pounds_a_year"]
        price = f", for {_pounds(abs(pounds))} a year {'more' if pounds > 0 else 'less'}" if pounds is not None else ""
        figure = Figure(
            name=f"effect of one {word} in {top['pool']}",
            value=top["effect"],
            unit="share",
            base=f"{_base(sweep, '')}, {top['of']}",
            low=top["low"],
            high=top["high"],
            confidence=sweep.confidence,
        )
        found.append(
            Statement(
                text=f"Of the {mine.height} pools tried, one {sweep.force.unit_word[0]} {word} does most in {top['pool']}: {top['of']} within target "
                f"{_signed({'change': top['effect'], 'low': top['low'], 'high': top['high']})}{price}.",
                figures=(figure,),
            )
        )
    return tuple(found)


def least_cost(mix: Mix, sweep: Sweep) -> Statement:
    """The cheapest mix that meets the targets, and how sure that is."""
    wanted = _listed([f"{_calls(key.grade)} {percent(share)}" for key, share in mix.wanted.items()])
    if mix.best is None:
        tried = max((one for one in mix.candidates), key=lambda one: one.units)
        shortest = min(mix.wanted, key=lambda key: tried.shares[key][0] - mix.wanted[key])
        value, low, high = tried.shares[shortest]
        return Statement(
            text=f"No mix that was tried surely meets the targets ({wanted}): with {tried.local:g} times local and {tried.support:g} times support "
            f"{sweep.force.unit_word[1]}, {_calls(shortest.grade)} reach {_share(Estimate(value=value, low=low, high=high))}.",
            figures=(_share_figure(f"{shortest.grade} within target, largest mix", value, low, high, tried, mix),),
        )
    best = mix.best
    cost = _cost(mix, best)
    against = mix.cost(best) / mix.today - 1
    level = "" if all(one.support == best.support for one in mix.candidates) else f" and {best.support:g} times support"
    difference = f"{percent(abs(against))} {'more' if against > 0 else 'less'} than" if abs(against) >= 0.0005 else "as much as"
    text = (
        f"The least-cost mix that meets the targets ({wanted}) is {best.local:g} times local{level} {sweep.force.unit_word[1]}: {cost}, "
        f"{difference} today. "
    )
    cheaper = [one for one in mix.candidates if mix.cost(one) < mix.cost(best)]
    failed = sum(one.meets is False for one in cheaper)
    text += f"Of {len(mix.candidates)} mixes, {len(cheaper)} {'is' if len(cheaper) == 1 else 'are'} cheaper: {failed} of them {'misses' if failed == 1 else 'miss'} a target"
    if mix.undecided:
        text += f"; for {len(mix.undecided)} it cannot be said, and they would save at most {percent(mix.gap)}"
    text += f" ({percent(mix.confidence)} confidence for all together)."
    figures = [_share_figure(f"{key.grade} within target", *best.shares[key], best, mix) for key in mix.wanted]
    unit = "pounds a year" if mix.by_price else sweep.force.unit_word[1]
    figures.append(
        Figure(
            name="cost of the mix", value=mix.cost(best), unit=unit, base=f"{best.units} {sweep.force.unit_word[1]} by their turns of duty"
        )
    )
    return Statement(text=text, figures=tuple(figures))


def _share_figure(name: str, value: float, low: float, high: float, of: Candidate, mix: Mix) -> Figure:
    known = math.isfinite(low)
    return Figure(
        name=name,
        value=value,
        unit="share",
        base=f"{of.replications} replications",
        low=low if known else None,
        high=high if known else None,
        confidence=mix.confidence if known else None,
    )


def _cost(mix: Mix, one: Candidate) -> str:
    return f"{_pounds(one.pounds)} a year" if mix.by_price else f"{one.units} in number"


def limits(source: Source, sweep: Sweep) -> tuple[Statement, ...]:
    """What could not be used or said."""
    found = []
    if source.empty_pools:
        some = ", ".join(source.empty_pools[:3]) + (", ..." if len(source.empty_pools) > 3 else "")
        found.append(
            Statement(
                kind="limit",
                text=f"{len(source.empty_pools)} pools have nobody on duty ({some}); their incidents are reached only by other areas' {sweep.force.unit_word[1]}.",
            )
        )
    if not math.isfinite(pounds_a_year(sweep.force, sweep.scenarios[0])):
        found.append(Statement(kind="limit", text="Cost cannot be said: a pool has no price. Give unit_hour_pence in the pools table."))
    found += [_left_out(table, rows) for table, rows in _read(source) if rows.filter(pl.col("what") != "used")["rows"].sum()]
    return tuple(found)


def _read(source: Source) -> list[tuple[str, pl.DataFrame]]:
    """The account of the rows read, of the tables that tell what happened."""
    account = source.tables["rows_used"].rows
    if "table" not in account.columns:
        return [("incidents", account)]
    return [(name, account.filter(pl.col("table") == name)) for name in ("incidents", "deployments")]


def _left_out(table: str, rows: pl.DataFrame) -> Statement:
    left = rows.filter((pl.col("what") != "used") & (pl.col("rows") > 0)).sort("rows", descending=True)
    most = left.row(0, named=True)
    of = f"{int(rows['rows'].sum()):,} {table}"
    return Statement(
        kind="limit",
        text=f"{int(left['rows'].sum()):,} of {of} were not played or not as recorded; most, {most['rows']:,}: {most['what']}. The table of rows used lists them all.",
    )


def _figure(sweep: Sweep, number: int, key: Key, name: str) -> Figure:
    return _make(name, sweep.estimate(number, key), "share", _base(sweep, key.grade), _count(sweep, key.grade), sweep.confidence)


def _make(name: str, found: Estimate, unit: str, base: str, count: int, confidence: float) -> Figure:
    known = math.isfinite(found.low) and math.isfinite(found.high)
    return Figure(
        name=name,
        value=found.value,
        unit=unit,
        base=base,
        base_count=count,
        low=found.low if known else None,
        high=found.high if known else None,
        confidence=confidence if known else None,
    )


def _base(sweep: Sweep, grade: str) -> str:
    what = "requests for support" if grade == SUPPORT else "simulated incidents"
    return f"{_count(sweep, grade):,} {what} in {sweep.replications} replications of {sweep.weeks} weeks"


def _count(sweep: Sweep, grade: str) -> int:
    return sweep.reports(Key(REPORTED, grade))


def _target(sweep: Sweep, grade: str) -> str:
    force = sweep.force
    minutes = force.support_target_minutes if grade == SUPPORT else float(force.target_minutes[force.grades.index(grade)])
    return _minutes(minutes)


def _minutes(minutes: float) -> str:
    return f"{plain(minutes / 60)} hours" if minutes >= 180 else f"{plain(minutes)} minutes"


def _share(found: Estimate, base: str = "") -> str:
    """A share with its interval: whole percents, or one decimal where the interval is narrower than a point."""
    digits = 1 if math.isfinite(found.half_width) and found.half_width < 0.005 else 0
    value, low, high = (f"{100 * part:.{digits}f}" for part in (found.value, max(found.low, 0.0), min(found.high, 1.0)))
    if not math.isfinite(found.low) or (low == high and not base):
        return f"{value}%"
    return f"{value}% ({low} to {high}{base})"


def _pounds(pounds: float) -> str:
    return f"£{plain(pounds / 1e6)} million" if pounds >= 999_500 else f"£{plain(round(pounds, -3))}"


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""
