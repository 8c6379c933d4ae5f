"""Who was not heard, in sentences that a board can read."""

from typing import TYPE_CHECKING

import polars as pl

from bestvalue.analysis.contract import Figure, Statement
from bestvalue.analysis.rounding import percent

if TYPE_CHECKING:
    from bestvalue.analysis.consult.who_was_not_heard import Heard, Spec

CAVEATS = (
    "Representative by area, age and sex does not mean representative in what people think.",
    "The R-indicator knows only what is known of everybody invited; with more known it can only fall.",
    "People who were never in the frame (no fixed address, under 16, in institutions) are not among those asked.",
)


def least_heard(heard: "Heard", settings: "Spec") -> tuple[Statement, ...]:
    """By each column, the group that answered least, against the most."""
    said = []
    for column in settings.by:
        rows = heard.groups.filter(pl.col("by") == column)
        if rows.height < 2:
            continue
        ranked = rows.sort("response", "group")
        low, high = ranked.row(0, named=True), ranked.row(-1, named=True)
        figures = tuple(
            Figure(
                name=f"response of {row['group']}",
                value=row["response"],
                unit="share",
                base=f"{row['invited']:,} people invited",
                base_count=row["invited"],
                low=row["low"],
                high=row["high"],
                confidence=settings.confidence,
            )
            for row in (low, high)
        )
        parts = [
            f"{row['group']} {percent(row['response'])} ({percent(row['low'])} to {percent(row['high'])}; {row['answered']:,} of {row['invited']:,})"
            for row in (low, high)
        ]
        said.append(
            Statement(
                text=f"By {'borough' if column == 'area_id' else column.replace('_', ' ')}, least heard: {parts[0]}; most: {parts[1]}.",
                figures=figures,
            )
        )
    return tuple(said)


def representative(heard: "Heard", settings: "Spec") -> tuple[Statement, ...]:
    """The R-indicator, and the bias it allows."""
    found = heard.found
    if found is None:
        return (Statement(kind="limit", text="Everybody who was invited answered: there is nobody who was not heard."),)
    invited = heard.made.invited.height
    base = f"{invited:,} people invited"
    figures = (
        Figure(
            name="R-indicator",
            value=found.indicator,
            unit="none",
            base=base,
            base_count=invited,
            low=found.low,
            high=found.high,
            confidence=settings.confidence,
        ),
        Figure(name="largest bias of a percentage", value=found.largest_bias, unit="share", base=base, base_count=invited),
    )
    text = (
        f"Representativeness (R-indicator) is {found.indicator:.2f} ({found.low:.2f} to {found.high:.2f}; 1 is a mirror of those asked; base {base}), by {', '.join(settings.response_by).replace('_', ' ')}. "
        f"Without weights, what is known of those who did not answer could move a percentage near 50% by up to {100 * found.largest_bias:.0f} points."
    )
    return (Statement(text=text, figures=figures),)


def headline(heard: "Heard", settings: "Spec") -> tuple[Statement, ...]:
    """What weighting did to the headline, and what those not heard could do at worst."""
    if heard.question is None or heard.seen is None or heard.bounds is None:
        return (Statement(kind="limit", text="What this could do to the headline cannot be said: the answers are not in the data."),)
    seen, bounds = heard.seen, heard.bounds
    base = f"{seen.base:,} people who answered (effective base {seen.effective:,.0f})"
    figure = Figure(
        name=f"share who agree with {heard.question[0]}",
        value=seen.value,
        unit="share",
        base=base,
        base_count=seen.base,
        low=seen.low,
        high=seen.high,
        confidence=settings.confidence,
    )
    worst = (
        Figure(name="the headline if nobody else agreed", value=bounds.none, unit="share", base=base, base_count=seen.base),
        Figure(name="the headline if everybody else agreed", value=bounds.all_, unit="share", base=base, base_count=seen.base),
    )
    text = (
        f"Headline “{heard.question[1]}”: {percent(seen.value)} agree ({percent(seen.low)} to {percent(seen.high)}; base {seen.base:,}, effective base {seen.effective:,.0f}); unweighted it is {percent(heard.unweighted)}. "
        f"If nobody who did not answer agreed it would be {percent(bounds.none)} of everybody, if all did {percent(bounds.all_)}"
    )
    if bounds.others_for_half is not None:
        side = "more" if seen.value < 0.5 else "fewer"
        text += (
            f"; for a half of everybody to agree, {percent(bounds.others_for_half)} of those not heard would have to ({side} than of those heard)"
            if abs(seen.value - 0.5) > 0.005
            else ""
        )
    return (Statement(text=f"{text}.", figures=(figure, *worst)),)


def limits(heard: "Heard") -> tuple[Statement, ...]:
    """Strata and categories in which nobody answered."""
    said = []
    if heard.made.silent:
        said.append(f"Nobody at all was heard in {', '.join(heard.made.silent[:8])}{' and others' if len(heard.made.silent) > 8 else ''}.")
    said += [f"Nobody was heard of {margin} = {category} ({people:,.0f} people)." for margin, category, people in heard.made.known.unmet]
    return tuple(Statement(kind="limit", text=text) for text in said)
