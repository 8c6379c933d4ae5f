"""What if a pool were halved, doubled, or two were changed at once? The sliders of a kept `challenge.resources`, and what they ask.

Nothing is worked out here: every place of the sliders is a scenario that the analysis has played, or one that can be asked for.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from itertools import pairwise
from math import gcd, isfinite, log2
from urllib.parse import urlencode

import polars as pl
from django.utils.text import slugify

from bestvalue.analysis.contract import Result

ANALYSIS = "challenge.resources"
TODAY, SCALED, TOGETHER = "today", "scaled", "together"
ALL, LEVELS = "all", ("local", "support")
INSTEAD = "instead"
"""Name in the address of a scenario that is no matter of sliders: a move, a rule, another demand."""

LEAST_FACTOR, MOST_FACTOR = 0.0, 8.0
"""What the analysis takes."""

NEEDED = {
    "response": {"scenario", "kind", "pools", "factor", "grade", "within", "low", "high", "change", "change_low", "change_high"},
    "work": {"scenario", "units", "pounds_a_year", "change_pounds", "steady"},
}
"""Tables and columns that the page is made from."""


@dataclass(frozen=True, kw_only=True)
class Preset:
    """One press for the questions that are asked most."""

    words: str
    query: str


@dataclass(frozen=True, kw_only=True)
class Slider:
    """One pool: what it is called, where the slider stands, and which places have been worked out.

    Args:
        pool: as the result names it.
        name: in the address and the form.
        label: for people.
        factor: times today's units.
        computed: factors of this pool alone that the result holds, today's among them.
    """

    pool: str
    name: str
    label: str
    factor: float
    computed: tuple[float, ...]

    @property
    def low(self) -> float:
        """The left end."""
        return min(*self.computed, self.factor)

    @property
    def high(self) -> float:
        """The right end."""
        return max(*self.computed, self.factor)

    @property
    def step(self) -> float:
        """So that every factor is a step, whatever the grid.

        Example:
            >>> Slider(pool="all", name="all", label="All units", factor=1.0, computed=(0.25, 0.5, 1.0, 4.0)).step
            0.25
        """
        places = [Fraction(str(factor)) for factor in sorted({*self.computed, self.factor})]
        gaps = [after - before for before, after in pairwise(places)] or [Fraction(1)]
        return float(reduce(_common, gaps))

    @property
    def said(self) -> str:
        """The factor as it stands beside the slider."""
        return f"{self.factor:g}"

    @property
    def places(self) -> str:
        """The computed factors, in words."""
        return ", ".join(f"x{factor:g}" for factor in self.computed)

    @property
    def ticks(self) -> str:
        """The computed factors, for the script that lets the slider rest on them only."""
        return " ".join(f"{factor:g}" for factor in self.computed)


@dataclass(frozen=True, kw_only=True)
class Scenarios:
    """The scenarios of a result.

    Args:
        pools: those with a slider, with the label of each.
        played: name of the scenario by the factors of its pools; what stays as today is not named.
        today: name of the scenario that the others are compared with.
        instead: names of moves, rules and demand.
    """

    pools: Mapping[str, str]
    played: Mapping[frozenset[tuple[str, float]], str]
    today: str
    instead: tuple[str, ...]

    def computed(self, pool: str) -> tuple[float, ...]:
        """Factors of this pool alone that were played."""
        alone = {factor for key in self.played if len(key) == 1 for name, factor in key if name == pool}
        return tuple(sorted({*alone, 1.0}))


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What was asked for.

    Args:
        factors: of every pool with a slider.
        instead: a scenario by name, which goes before the sliders; "" for none.
    """

    factors: Mapping[str, float]
    instead: str = ""

    @property
    def changed(self) -> frozenset[tuple[str, float]]:
        """The pools that are not as today."""
        return frozenset((pool, factor) for pool, factor in self.factors.items() if factor != 1)

    @property
    def line(self) -> str:
        """As the analysis takes it: "local x0.5 + support x2"."""
        return " + ".join(f"{pool} x{factor:g}" for pool, factor in self.factors.items() if factor != 1)

    @property
    def query(self) -> str:
        """As the address says it."""
        if self.instead:
            return urlencode({INSTEAD: self.instead})
        return urlencode({slugify(pool): f"{factor:g}" for pool, factor in self.factors.items()})


def scenarios_of(result: Result) -> Scenarios | None:
    """The scenarios of a result; None where it is no result of the question, or was made before its tables said which pools they scale."""
    if result.provenance.analysis != ANALYSIS:
        return None
    if any(name not in result.tables or not columns <= set(result.tables[name].rows.columns) for name, columns in NEEDED.items()):
        return None
    rows = result.tables["response"].rows.unique("scenario", keep="first", maintain_order=True)
    today = rows.filter(pl.col("kind") == TODAY)
    if today.height != 1:
        return None
    scaled = rows.filter(pl.col("kind") == SCALED)
    labels = {pool: name.removesuffix(f" x{factor:g}") for pool, name, factor in scaled.select("pools", "scenario", "factor").iter_rows()}
    # All is local and support at once: with a slider for each, one for all would say the same a second time, or the contrary.
    pools = {pool: label for pool, label in labels.items() if pool != ALL or not set(LEVELS) <= set(labels)}
    played: dict[frozenset[tuple[str, float]], str] = {frozenset(): str(today["scenario"][0])}
    for row in rows.filter(pl.col("kind").is_in([SCALED, TOGETHER])).iter_rows(named=True):
        factors = {row["pools"]: row["factor"]} if row["kind"] == SCALED else dict(_factors(row["pools"]))
        played.setdefault(_key(factors, pools), row["scenario"])
    others = rows.filter(~pl.col("kind").is_in([TODAY, SCALED, TOGETHER]))
    return Scenarios(pools=pools, played=played, today=str(today["scenario"][0]), instead=tuple(others["scenario"]))


def read_choice(asked: Mapping[str, str], scenarios: Scenarios) -> Choice:
    """What an address asks for; what cannot be read, or is beyond what the analysis takes, is as today."""
    instead = asked.get(INSTEAD, "")
    if instead in scenarios.instead:
        return Choice(factors=dict.fromkeys(scenarios.pools, 1.0), instead=instead)
    return Choice(factors={pool: _factor(asked.get(slugify(pool), "")) for pool in scenarios.pools})


def chosen_scenario(choice: Choice, scenarios: Scenarios) -> str | None:
    """Name of the scenario that was asked for; None where it was not played."""
    return choice.instead or scenarios.played.get(choice.changed)


def sliders(choice: Choice, scenarios: Scenarios) -> tuple[Slider, ...]:
    """One slider a pool."""
    return tuple(
        Slider(pool=pool, name=slugify(pool), label=label, factor=choice.factors[pool], computed=scenarios.computed(pool))
        for pool, label in scenarios.pools.items()
    )


def presets(scenarios: Scenarios) -> tuple[Preset, ...]:
    """Half and double of everything and of each pool, and today: those that were played."""
    found = []
    for words, factor in (("Half", 0.5), ("Double", 2.0)):
        every = Choice(factors=dict.fromkeys(scenarios.pools, factor))
        if len(scenarios.pools) > 1 and every.changed in scenarios.played:
            found.append(Preset(words=f"{words} of everything" if factor < 1 else f"{words} everything", query=every.query))
        for pool, label in scenarios.pools.items():
            alone = Choice(factors={name: factor if name == pool else 1.0 for name in scenarios.pools})
            if alone.changed in scenarios.played:
                of = "of the " if factor < 1 else "the "
                found.append(Preset(words=f"{words} {of}{label[:1].lower()}{label[1:]}", query=alone.query))
    return (*found, Preset(words="As today", query=Choice(factors=dict.fromkeys(scenarios.pools, 1.0)).query))


def near(choice: Choice, scenarios: Scenarios, *, at_most: int = 3) -> tuple[Preset, ...]:
    """Scenarios that were played and are nearest to one that was not: by the ratios of their factors, all pools added up."""
    apart = []
    for key, name in scenarios.played.items():
        other = dict(key)
        ratios = [abs(_log2(choice.factors[pool]) - _log2(other.get(pool, 1.0))) for pool in choice.factors]
        if key and set(other) <= set(choice.factors):
            query = Choice(factors={pool: other.get(pool, 1.0) for pool in choice.factors}).query
            apart.append((sum(ratios), name, query))
    return tuple(Preset(words=name, query=query) for _, name, query in sorted(apart)[:at_most])


def asked_for(choice: Choice, spec: Mapping[str, object]) -> str:
    """The lines of "several pools at once" with which the form asks for this as well as for what was asked before."""
    before = spec.get("together") or ()
    lines = [str(line) for line in before] if isinstance(before, Sequence) and not isinstance(before, str) else []
    return ", ".join(dict.fromkeys([*lines, choice.line]))


def _key(factors: Mapping[str, float], pools: Mapping[str, str]) -> frozenset[tuple[str, float]]:
    spread: dict[str, float] = {}
    for pool, factor in factors.items():
        spread |= dict.fromkeys(LEVELS, factor) if pool == ALL and ALL not in pools else {pool: factor}
    return frozenset((pool, factor) for pool, factor in spread.items() if factor != 1)


def _factors(line: str) -> Iterator[tuple[str, float]]:
    for part in line.split(" + "):
        pool, _, factor = part.rpartition(" x")
        yield pool, float(factor)


def _factor(text: str) -> float:
    try:
        factor = float(text)
    except ValueError:
        return 1.0
    return factor if isfinite(factor) and LEAST_FACTOR <= factor <= MOST_FACTOR else 1.0


def _log2(factor: float) -> float:
    """On the scale on which half and double are equally far from today; none at all is as far as an eighth."""
    return log2(max(factor, 1 / MOST_FACTOR))


def _common(one: Fraction, other: Fraction) -> Fraction:
    """The greatest step of which both are multiples."""
    return Fraction(gcd(one.numerator * other.denominator, other.numerator * one.denominator), one.denominator * other.denominator)
