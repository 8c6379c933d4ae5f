"""What the answer about resources lets a board choose, in sentences: where curves bend, what one unit is worth, the least-cost mix."""

import math
from collections.abc import Sequence

import polars as pl

from bestvalue.analysis.challenge import resources_effects as effects
from bestvalue.analysis.challenge import resources_wording as wording
from bestvalue.analysis.challenge.resources_mix import Candidate, Mix
from bestvalue.analysis.challenge.resources_mix_pools import PoolMix
from bestvalue.analysis.challenge.resources_scenarios import said_pools
from bestvalue.analysis.challenge.resources_sweep import Estimate, Sweep
from bestvalue.analysis.challenge.resources_tally import SUPPORT, WITHIN, Key
from bestvalue.analysis.contract import Figure, Statement
from bestvalue.analysis.rounding import percent


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
                name=f"points for a tenth of today's {wording.lower(said_pools(sweep.force, name), name)} more, {side} the bend",
                value=value,
                unit="share",
                base=wording.base_of(sweep, grade),
                base_count=wording.count_of(sweep, grade),
            )
            for side, value in (("below", bend.below), ("above", bend.above))
        )
        found.append(
            Statement(
                text=f"The curve of {wording.calls(grade)} against {wording.lower(said_pools(sweep.force, name), name)} bends at {_size(bend.factor)}: below, a tenth of today's units more "
                f"is worth {100 * bend.below:.1f} points; above, {100 * bend.above:.1f}.",
                figures=figures,
            )
        )
    return tuple(found)


def _size(factor: float) -> str:
    return "today's size" if factor == 1 else f"{factor:g} times today's size"


def marginal(rows: pl.DataFrame, sweep: Sweep) -> tuple[Statement, ...]:
    """Where one unit more does most, and where one fewer costs most; of local and of support pools apart, whose calls are not the same."""
    found = []
    support = {pool.name for pool in sweep.force.pools if pool.area is None}
    for change, word, order, level in [(*way, level) for way in ((1, "more", True), (-1, "fewer", False)) for level in ("local", SUPPORT)]:
        of_level = pl.col("pool").is_in(support) == (level == SUPPORT)
        mine = rows.filter((pl.col("change") == change) & of_level).sort(["effect", "pool"], descending=[order, False])
        if mine.height == 0:
            continue
        top = mine.row(0, named=True)
        pounds = top["pounds_a_year"]
        price = f", for {wording.pounds(abs(pounds))} a year {'more' if pounds > 0 else 'less'}" if pounds is not None else ""
        figure = Figure(
            name=f"effect of one {word} in {top['pool']}",
            value=top["effect"],
            unit="share",
            base=f"{wording.base_of(sweep, '')}, {top['of']}",
            low=top["low"],
            high=top["high"],
            confidence=sweep.confidence,
        )
        found.append(
            Statement(
                text=f"Of the busiest {level} pools ({mine.height} tried), one {sweep.force.unit_word[0]} {word} does most in {top['pool']}: {top['of']} within target "
                f"{wording.signed({'change': top['effect'], 'low': top['low'], 'high': top['high']})}{price}.",
                figures=(figure,),
            )
        )
    return tuple(found)


def least_cost(mix: Mix, sweep: Sweep, *, given: bool) -> Statement:
    """The cheapest mix that meets the targets, and how sure that is; `given` by the user, or taken from the grades and from today."""
    wanted = wording.listed([f"{wording.calls(key.grade)} {percent(share)}" for key, share in mix.wanted.items()])
    if not given:
        today = wording.share(sweep.estimate(0, Key(WITHIN, SUPPORT)))
        as_now = f"; of support, what today's {today} surely reaches" if Key(WITHIN, SUPPORT) in mix.wanted else ""
        wanted += f": none were asked for, so what the grades promise{as_now}"
    if mix.best is None:
        tried = max((one for one in mix.candidates), key=lambda one: one.units)
        shortest = min(mix.wanted, key=lambda key: tried.shares[key][0] - mix.wanted[key])
        value, low, high = tried.shares[shortest]
        return Statement(
            text=f"No mix that was tried surely meets the targets ({wanted}): with {tried.local:g} times local and {tried.support:g} times support "
            f"{sweep.force.unit_word[1]}, {wording.calls(shortest.grade)} reach {wording.share(Estimate(value=value, low=low, high=high))}.",
            figures=(_share_figure(f"{shortest.grade} within target, largest mix", value, low, high, tried, mix),),
        )
    best = mix.best
    cost = _cost(mix, best)
    level = "" if all(one.support == best.support for one in mix.candidates) else f" and {best.support:g} times support"
    text = (
        f"The least-cost mix that meets the targets ({wanted}) is {best.local:g} times local{level} {sweep.force.unit_word[1]}: {cost}, "
        f"{_against(mix.cost(best), mix.today)} today. "
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


def least_cost_by_pool(found: PoolMix, mix: Mix, sweep: Sweep) -> Statement:
    """The cheapest mix with a size for each pool, and the evidence that it is nearly the cheapest there is."""
    words = sweep.force.unit_word
    cost = f"{wording.pounds(found.cost)} a year" if found.by_price else f"{found.cost:,.0f} {words[1]}"
    least = f"{wording.pounds(found.bound)} a year" if found.by_price else f"{found.bound:,.0f} {words[1]}"
    against = [f"{_against(found.cost, found.cost_today)} today"]
    if mix.best is not None:
        against.append(f"{_against(found.cost, mix.cost(mix.best))} with one size for all local and one for all support {words[1]}")
    met = wording.listed(
        [
            f"{wording.calls(key.grade)} {wording.share(Estimate(value=value, low=low, high=high))}"
            for key, (value, low, high) in found.shares.items()
        ]
    )
    text = (
        f"With a size of its own for each pool the least-cost mix that meets the targets is {cost}, {wording.listed(against)}: "
        f"{int((found.factors < 1).sum())} pools smaller than today, {int((found.factors > 1).sum())} larger. On incidents that it was not "
        f"chosen on it reaches {met} within target. No choice of these sizes costs less than {least}, so that it is within "
        f"{percent(found.gap)} of the least cost ({percent(found.confidence)} confidence)."
    )
    if found.lends:
        text += " That bound takes each area's units to answer for their own area."
    base = f"{found.replications} replications, of other incidents"
    figures = [
        Figure(name=f"{key.grade} within target", value=value, unit="share", base=base, low=low, high=high, confidence=found.confidence)
        for key, (value, low, high) in found.shares.items()
    ]
    unit = "pounds a year" if found.by_price else words[1]
    units = f"{int(found.units.sum())} {words[1]} by their turns of duty"
    figures.append(Figure(name="cost of the mix with a size for each pool", value=found.cost, unit=unit, base=units))
    figures.append(Figure(name="least that any choice costs", value=found.bound, unit=unit, base=f"{sweep.replications} replications"))
    return Statement(text=text, figures=tuple(figures))


def _against(cost: float, other: float) -> str:
    change = cost / other - 1
    return f"{percent(abs(change))} {'more' if change > 0 else 'less'} than" if abs(change) >= 0.0005 else "as much as"


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
    return f"{wording.pounds(one.pounds)} a year" if mix.by_price else f"{one.units} in number"
