"""What the demo's review team reads out of a result: which statement is a strength, which asks for improvement, and why.

Every number in a finding is a number of the result's own statement, quoted whole. What is added is the inference that a
reviewer would draw, and which of the two it is follows from the figure, so that another force gives other findings.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bestvalue.analysis.contract import Figure, Result
from bestvalue.record.reviews.models import Tone


@dataclass(frozen=True, kw_only=True)
class Rule:
    """How one figure of an analysis is read.

    Args:
        analysis: name of the analysis.
        figure: name of the figure, or the words that it begins with.
        statement: words that the statement begins with, where several carry that figure; empty for the first that does.
        is_strength: whether the figure is a strength.
        strength: what is inferred when it is one; empty when nothing is.
        weakness: what is inferred when it is none; empty when nothing is.
        recommendation: what is asked for when it is none; empty when nothing is.
        cost: what the recommendation costs, in words.
        saving: what it saves or gains, in words.
    """

    analysis: str
    figure: str
    is_strength: Callable[[Figure], bool]
    statement: str = ""
    strength: str = ""
    weakness: str = ""
    recommendation: str = ""
    cost: str = ""
    saving: str = ""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A finding that a result gives, and what is recommended because of it (nothing where that is empty), with its cost and saving."""

    text: str
    tone: Tone
    recommendation: str = ""
    cost: str = ""
    saving: str = ""


def read_result(result: Result, *, rules: Sequence[Rule]) -> Iterator[Reading]:
    """The findings that a result gives, in the order of the rules."""
    for rule in rules:
        if rule.analysis != result.provenance.analysis:
            continue
        found = _figure(result, rule)
        if found is None:
            continue
        said, figure = found
        strong = rule.is_strength(figure)
        inferred = rule.strength if strong else rule.weakness
        if not inferred:
            continue
        text = f"{inferred} {said}"
        if strong:
            yield Reading(text=text, tone=Tone.POSITIVE)
        else:
            yield Reading(text=text, tone=Tone.NEGATIVE, recommendation=rule.recommendation, cost=rule.cost, saving=rule.saving)


def _figure(result: Result, rule: Rule) -> tuple[str, Figure] | None:
    """The first statement that carries the figure of a rule, with that figure."""
    for statement in result.statements:
        if not statement.text.startswith(rule.statement):
            continue
        for figure in statement.figures:
            if figure.name.startswith(rule.figure):
                return statement.text, figure
    return None
