"""What the demo's review team reads out of a result: which statement is a strength, which asks for improvement, and why.

Every number in a finding is a number of the result's own statement, quoted whole. What is added is the inference that a
reviewer would draw, and which of the two it is follows from the figure, so that another force gives other findings.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from bestvalue.analysis.contract import Figure, Result
from bestvalue.analysis.pence import PENCE_A_POUND
from bestvalue.record.delivery.models import UNKNOWN, Costing
from bestvalue.record.reviews.models import Tone

COSTING_ANALYSIS, HOUR_OF_CAPACITY = "compete.costing", "cost of an hour of practical capacity"
"""Which result prices an hour of people's time, and what it calls that figure."""


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
        hours: how many hours of people's time it takes once; None where nobody can say. They are priced with an hour of the costing.
        times: name of the figure of the result, or the words that it begins with, that these hours are taken times; empty for once.
        brings: what it brings that is no money, in words.
        measure: the figure as the measure of its success, in words; empty where it is none.
        target: of that measure, in the unit of the figure: from which value on the figure is a strength.
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
    hours: float | None = None
    times: str = ""
    brings: str = ""
    measure: str = ""
    target: float | None = None


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A finding that a result gives, and what is recommended because of it (nothing where that is empty), with its costing."""

    text: str
    tone: Tone
    recommendation: str = ""
    costing: Costing = UNKNOWN


@dataclass(frozen=True, kw_only=True)
class HourPrice:
    """What an hour of people's time costs, and the result that says so."""

    pounds: float
    result: str


def hour_price_of(results: Iterable[Result]) -> HourPrice | None:
    """The price of an hour of practical capacity, from the costing among these results; None where none of them says it."""
    for result in results:
        if result.provenance.analysis != COSTING_ANALYSIS:
            continue
        for figure in (figure for statement in result.statements for figure in statement.figures):
            if figure.name == HOUR_OF_CAPACITY:
                return HourPrice(pounds=figure.value, result=result.title)
    return None


def read_result(result: Result, *, rules: Sequence[Rule], hour: HourPrice | None = None) -> Iterator[Reading]:
    """The findings that a result gives, in the order of the rules.

    Args:
        result: the answer that is read.
        rules: how.
        hour: what an hour costs; without it what people's time costs is told in words alone.
    """
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
            costing = _costing(rule, figure, result=result, hour=hour)
            yield Reading(text=text, tone=Tone.NEGATIVE, recommendation=rule.recommendation, costing=costing)


def _costing(rule: Rule, figure: Figure, *, result: Result, hour: HourPrice | None) -> Costing:
    """What is said of cost and benefit: figures that follow from results, and words that name these; what does not follow stays open."""
    cost, pence = rule.cost, None
    taken = _figure(result, replace(rule, figure=rule.times)) if rule.times else None
    if rule.hours is not None and hour is not None and (taken or not rule.times):
        hours = rule.hours * (taken[1].value if taken else 1)
        pence = round(hours * hour.pounds * PENCE_A_POUND)
        price = f"£{hour.pounds:.2f}, the cost of an hour of practical capacity in the result “{hour.result}”"
        people = f" ({taken[1].value:,.0f} {taken[1].unit} by the result “{result.title}”)" if taken else ""
        cost = f"{cost}{people}: {hours:,.0f} hours at {price}"
    costing = Costing(cost_text=cost, saving_text=rule.saving, one_off_cost_pence=pence, non_cashable_text=rule.brings)
    if not rule.measure or rule.target is None:
        return costing
    # A share is read in per cent; the value is the one that the result says, to the decimals that the record keeps.
    factor, unit = (100, "%") if figure.unit == "share" else (1, figure.unit)
    baseline, target = (Decimal(repr(value * factor)).quantize(Decimal("0.01")) for value in (figure.value, rule.target))
    measure = f"{rule.measure} (result “{result.title}”)"
    return replace(costing, measure=measure, measure_unit=unit, baseline=baseline, target_value=target)


def _figure(result: Result, rule: Rule) -> tuple[str, Figure] | None:
    """The first statement that carries the figure of a rule, with that figure."""
    for statement in result.statements:
        if not statement.text.startswith(rule.statement):
            continue
        for figure in statement.figures:
            if figure.name.startswith(rule.figure):
                return statement.text, figure
    return None
