"""What the weights do, in sentences that a board can read."""

import numpy as np
import polars as pl

from bestvalue.analysis.consult.weights import Weighted, WeightingSpec, effective_base
from bestvalue.analysis.contract import Figure, Statement
from bestvalue.analysis.rates import wilson_interval
from bestvalue.analysis.rounding import percent, plain

CAVEATS = (
    "Weights make those who answered look like the population in what is known of it. They cannot make them think like those who did not answer: consult.who_was_not_heard says what that could do.",
    "Weights are right for this population and this survey only; use them in every percentage, or in none.",
)
FAR = 0.005
"""Gaps of a margin below half a percent are not worth a board's time."""


def base(made: Weighted) -> Statement:
    """How many were invited, answered, and whom they stand for."""
    invited, answered = made.invited.height, made.people.height
    interval = wilson_interval(np.array([float(answered)]), whole=np.array([float(invited)]))
    rate = Figure(
        name="response",
        value=answered / invited,
        unit="share",
        base=f"{invited:,} people invited",
        base_count=invited,
        low=float(interval.low[0]),
        high=float(interval.high[0]),
        confidence=0.95,
    )
    stands = Figure(
        name="people stood for", value=float(made.final.sum()), unit="people", base=f"{answered:,} people who answered", base_count=answered
    )
    text = (
        f"{answered:,} of {invited:,} people invited answered ({percent(rate.value)}, {percent(rate.low or 0)} to {percent(rate.high or 0)}); "
        f"weighted, they stand for {plain(stands.value)} people."
    )
    return Statement(text=text, figures=(rate, stands))


def cost(made: Weighted) -> tuple[Statement, ...]:
    """What unequal weights cost in precision."""
    answered, effective = made.people.height, effective_base(made.final)
    said = f"{answered:,} people who answered"
    figures = (
        Figure(name="effective base", value=effective, unit="people", base=said, base_count=answered),
        Figure(name="design effect of weighting", value=answered / effective, unit="times the variance", base=said, base_count=answered),
    )
    text = (
        f"Because some answers count for more than others, the {answered:,} answers say as much as {effective:,.0f} of a simple random sample "
        f"(effective base; design effect {answered / effective:.2f}). Weights run from {plain(float(made.final.min()))} to {plain(float(made.final.max()))} people."
    )
    return (Statement(text=text, figures=figures),)


def fit(made: Weighted, margins: pl.DataFrame) -> tuple[Statement, ...]:
    """Who was under- and over-represented before weighting, and whether the margins are met."""
    there = margins.filter((pl.col("known") > 0) & (pl.col("answered") > 0)).with_columns(ratio=pl.col("as_answered") / pl.col("known"))
    few, many = there.sort("ratio", "category").row(0, named=True), there.sort("ratio", "category").row(-1, named=True)
    said = f"{made.people.height:,} people who answered"
    figures = tuple(
        Figure(
            name=f"share of {row['category']} among answers",
            value=row["as_answered"],
            unit="share",
            base=said,
            base_count=made.people.height,
        )
        for row in (few, many)
    )
    worst = max(made.raked.gap.values())
    met = f"Weighted, every margin is met to within {worst:.0e} of its people." if made.raked.met else ""
    text = (
        f"Least heard before weighting: {few['category']}, {percent(few['known'])} of the population and {percent(few['as_answered'])} of the answers; "
        f"most: {many['category']}, {percent(many['known'])} and {percent(many['as_answered'])}. {met}".strip()
    )
    return (Statement(text=text, figures=figures),)


def response(made: Weighted) -> tuple[Statement, ...]:
    """How the chance to answer differs."""
    if made.propensity is None:
        return ()
    low, high = made.by_class.sort("response").row(0, named=True), made.by_class.sort("response").row(-1, named=True)
    figures = tuple(
        Figure(
            name=f"response of the {what} likely class",
            value=row["response"],
            unit="share",
            base=f"{row['invited']:,} people invited",
            base_count=row["invited"],
        )
        for what, row in (("least", low), ("most", high))
    )
    text = (
        f"From what is known of everybody invited, the least likely fifth answered to {percent(low['response'])} and the most likely to {percent(high['response'])}; "
        "those who answered carry the weight of the others of their class."
        if made.by_class.height == 5
        else f"Response by class of like chance runs from {percent(low['response'])} to {percent(high['response'])}; those who answered carry the weight of the others of their class."
    )
    return (Statement(text=text, figures=figures),)


def limits(made: Weighted, settings: WeightingSpec) -> tuple[Statement, ...]:
    """What could not be met, and what was done instead."""
    said = [
        f"Nobody who answered is in {margin} = {category} ({plain(people)} people): this part of the margin cannot be met. The other categories of {margin} stand for them."
        for margin, category, people in made.known.unmet
    ]
    said += [
        f"The margin {margin} adds up to {plain(total)} people and the first margin to {plain(made.known.population)}: it was scaled to that."
        for margin, total in made.known.rescaled
    ]
    if not made.raked.met:
        unmet = ", ".join(f"{name} (by up to {percent(gap)})" for name, gap in made.raked.gap.items() if gap > 1e-9)
        why = (
            f"{made.raked.bounded} weights stand at their bounds ({settings.lowest:g} to {settings.highest:g} times)"
            if made.raked.bounded
            else "they contradict each other in this sample"
        )
        said.append(f"Not all margins can be met at once: {unmet} remain apart after {made.raked.sweeps} sweeps; {why}.")
    elif made.raked.bounded:
        said.append(
            f"{made.raked.bounded} weights were held at their bounds ({settings.lowest:g} to {settings.highest:g} times); the margins are met all the same."
        )
    if made.silent:
        listed = ", ".join(made.silent[:5]) + (f" and {len(made.silent) - 5} more" if len(made.silent) > 5 else "")
        said.append(f"Nobody answered in {len(made.silent)} strata: {listed}. Others stand for them.")
    if made.merged:
        said.append(f"{made.merged} response classes without an answer were joined with the nearest class.")
    return tuple(Statement(kind="limit", text=text) for text in said)
