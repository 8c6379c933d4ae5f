"""What the demo's review team reads out of a result: which statement is a strength, which asks for improvement, and why.

Every number in a finding is a number of the result's own statement, quoted whole. What is added is the inference that a
reviewer would draw, and which of the two it is follows from the figure, so that another force gives other findings.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bestvalue.analysis.contract import Figure, Result
from bestvalue.record.reviews.models import Tone

EVEN_HOURS = 84
"""Hours of the week that hold half of a demand that is spread evenly: half of 168."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """How one figure of an analysis is read.

    Args:
        analysis: name of the analysis.
        figure: name of the figure.
        is_strength: whether the figure is a strength.
        strength: what is inferred when it is one; empty when nothing is.
        weakness: what is inferred when it is none; empty when nothing is.
        recommendation: what is asked for when it is none; empty when nothing is.
    """

    analysis: str
    figure: str
    is_strength: Callable[[Figure], bool]
    strength: str = ""
    weakness: str = ""
    recommendation: str = ""


RULES: Sequence[Rule] = (
    Rule(
        analysis="challenge.demand",
        figure="incidents a day",
        is_strength=lambda figure: figure.value > 0,
        strength="The force records what is asked of it, so demand can be planned for from evidence.",
    ),
    Rule(
        analysis="challenge.demand",
        figure="error against repeating the past",
        is_strength=lambda figure: figure.value < 1,
        strength="Demand can be forecast well enough to plan the support units' year.",
        weakness="Demand cannot be forecast better than by repeating the past, so plans need room to change.",
    ),
    Rule(
        analysis="challenge.demand",
        figure="hours that hold half of the demand",
        is_strength=lambda figure: figure.value >= EVEN_HOURS,
        strength="Demand is spread evenly over the week, as shifts of equal strength are.",
        weakness="Demand is bunched into part of the week, so support of equal strength at all hours is not where it is needed.",
        recommendation="The Management Board should match the hours of the support units to the hours in which demand falls, "
        "and report the match to the committee each quarter.",
    ),
    Rule(
        analysis="challenge.demand",
        figure="change a year",
        is_strength=lambda figure: figure.low is None or figure.low <= 0,
        strength="Demand is not outgrowing the support units.",
        weakness="Demand grows, so units of the same strength will answer a smaller part of it each year.",
        recommendation="The Management Board should decide each year, from the forecast of demand, what strength of support units "
        "it calls for.",
    ),
)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A finding that a result gives, and what is recommended because of it (nothing where that is empty)."""

    text: str
    tone: Tone
    recommendation: str = ""


def read_result(result: Result) -> Iterator[Reading]:
    """The findings that a result gives, in the order of the rules."""
    for rule in RULES:
        if rule.analysis != result.provenance.analysis:
            continue
        for statement in result.statements:
            figure = next((figure for figure in statement.figures if figure.name == rule.figure), None)
            if figure is None:
                continue
            strong = rule.is_strength(figure)
            inferred = rule.strength if strong else rule.weakness
            if inferred:
                tone = Tone.POSITIVE if strong else Tone.NEGATIVE
                yield Reading(text=f"{inferred} {statement.text}", tone=tone, recommendation="" if strong else rule.recommendation)
