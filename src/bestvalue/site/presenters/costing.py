"""What a recommendation costs and brings, as lines of its page: each figure by itself, what follows from them, and what lacks."""

from dataclasses import dataclass
from decimal import Decimal

from bestvalue.record.delivery.models import Costed, pounds_words
from bestvalue.record.delivery.models.costed import posts_words

NOT_KNOWN = "not known yet"


@dataclass(frozen=True, kw_only=True)
class CostingLines:
    """A costing as a page shows it.

    Args:
        costs: heading and words of each part of the cost.
        benefits: heading and words of each part of the benefit.
        totals: what follows from the figures; empty where a figure lacks.
        measure: the measure of success with its baseline and target; empty without one.
        lacks: what has not been said; empty when all has.
        is_said: anything has been said of it.
        is_costed: it has a cost in figures and a benefit.
    """

    costs: tuple[tuple[str, str], ...]
    benefits: tuple[tuple[str, str], ...]
    totals: tuple[tuple[str, str], ...]
    measure: str
    lacks: str
    is_said: bool
    is_costed: bool


def costing_of(row: Costed) -> CostingLines:
    """The lines of one recommendation.

    Example: nothing is known.
        >>> from bestvalue.record.delivery.models import Recommendation
        >>> lines = costing_of(Recommendation())
        >>> lines.lacks, lines.is_said
        ('a cost in figures, a benefit and a measure of success', False)
    """
    posts = NOT_KNOWN if row.staffing_fte is None else posts_words(row.staffing_fte)
    costs = [("Once", _pounds(row.one_off_cost_pence)), ("Each year", _pounds(row.cost_a_year_pence)), ("Posts", posts)]
    benefits = [("Cashable each year", _pounds(row.cashable_a_year_pence)), ("Not cashable", row.non_cashable_text or NOT_KNOWN)]
    return CostingLines(
        costs=(*costs, *_said("In words", row.cost_text)),
        benefits=(*benefits, *_said("Saving in words", row.saving_text)),
        totals=_totals(row),
        measure=row.measure_words,
        lacks=_listed(row.lacks),
        is_said=any((row.cost_words, row.benefit_words, row.measure_words)),
        is_costed=row.is_costed,
    )


def _totals(row: Costed) -> tuple[tuple[str, str], ...]:
    net = row.net_a_year_pence
    if net is None:
        return ()
    words = f"{pounds_words(abs(net))} {'saved' if net > 0 else 'spent'} on balance" if net else "as much saved as spent"
    lines = [("Cashable saving less cost, each year", words)]
    if row.one_off_cost_pence:
        after = row.pays_back_after_years
        lines.append(("Its saving has paid for what it costs once", "never" if after is None else f"after {years_words(after)}"))
    return tuple(lines)


def years_words(years: Decimal) -> str:
    """Years to one decimal.

    Example:
        >>> years_words(Decimal(2)), years_words(Decimal("0.25")), years_words(Decimal("0.01"))
        ('2 years', '0.3 years', 'less than 0.1 years')
    """
    if years < Decimal("0.1"):
        return "less than 0.1 years"
    shown = f"{years.quantize(Decimal('0.1'), rounding='ROUND_HALF_UP').normalize():f}"
    return f"{shown} year{'' if shown == '1' else 's'}"


def _pounds(pence: int | None) -> str:
    return NOT_KNOWN if pence is None else pounds_words(pence)


def _said(heading: str, words: str) -> tuple[tuple[str, str], ...]:
    return ((heading, words),) if words else ()


def _listed(parts: tuple[str, ...]) -> str:
    return " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))
