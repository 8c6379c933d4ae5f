"""What changes of a costing say: another year, more or fewer people, and the price of a result, in sentences for a board."""

import polars as pl

from bestvalue.analysis.compete.costing_change import Ratio
from bestvalue.analysis.compete.costing_ledger import Books
from bestvalue.analysis.compete.costing_statements import base, estimate, money
from bestvalue.analysis.compete.rates.deflators import PriceIndex
from bestvalue.analysis.contract import Figure, Statement
from bestvalue.analysis.pence import PENCE_A_POUND, pounds
from bestvalue.analysis.rounding import percent, plain


def change(table: pl.DataFrame, before: str, books: Books, index: PriceIndex) -> Statement:
    """Two years in one year's prices."""
    row = table.row(-1, named=True)
    said = f"{books.basis} of {before} and {books.year}, in {books.year} prices by the {index.name} ({index.source})"
    figures = (
        Figure(name=f"cost in {before} at {books.year} prices", value=row["before_real_pence"] / PENCE_A_POUND, unit="pounds", base=said),
        Figure(name="real change", value=row["change"], unit="share", base=said),
    )
    direction = "more" if row["change"] >= 0 else "less"
    return Statement(
        text=f"In prices of {books.year}, {pounds(row['after_pence'])} in {books.year} is {percent(abs(row['change']))} {direction} than the {pounds(row['before_real_pence'])} of {before} ({pounds(row['before_pence'])} as it was). Prices: {index.name}, {index.source}.",
        figures=figures,
    )


def no_change(before: str, books: Books, index: PriceIndex) -> Statement:
    """The prices of the two years cannot be compared."""
    return Statement(
        kind="limit",
        text=f"{before} and {books.year} are not compared: the {index.name} ({index.source}) does not cover both. {index.how_to_extend(before, books.year)}",
    )


def halved_and_doubled(table: pl.DataFrame, books: Books) -> tuple[Statement, ...]:
    """What half and twice the people would save and cost, for the largest objective and for operational support."""
    if table.height == 0:
        return ()
    parts, figures = [], []
    named = list(dict.fromkeys([table["objective"][0], *(name for name in table["objective"] if name == "Operational support")]))
    for objective in named:
        rows = table.filter(pl.col("objective") == objective).sort("factor")
        said = [f"{_times(row['factor'])} would {_moves(row['change_pence'])}" for row in rows.iter_rows(named=True)]
        parts.append(f"{objective}, people and what goes with them: {', '.join(said)} a year")
        figures += [
            Figure(
                name=f"change of cost at {plain(row['factor'])} times the people of {objective}",
                value=row["change_pence"] / PENCE_A_POUND,
                unit="pounds",
                base=base(books),
            )
            for row in rows.iter_rows(named=True)
        ]
    stays = (
        table.filter(pl.col("objective").is_in(named))
        .unique("objective")
        .select(pl.sum_horizontal("fixed_pence", "allocated_pence").sum())
        .item()
    )
    return (
        Statement(
            text=f"{'; '.join(parts)}. {pounds(stays)} of premises, support and overhead stays until somebody decides otherwise. What it does to the service is for the simulation of response to say.",
            figures=tuple(figures),
        ),
    )


def _times(factor: float) -> str:
    return {0.5: "half", 2.0: "twice"}.get(factor, f"{plain(factor)} times")


def _moves(change_pence: int) -> str:
    return f"{'save' if change_pence < 0 else 'cost'} {pounds(abs(change_pence))}{'' if change_pence < 0 else ' more'}"


def effect_cost(ratio: Ratio, *, name: str, objective: str, factor: float, change_pence: int, source: str, confidence: float) -> Statement:
    """What is paid or saved for each point by which the service changes."""
    said = f"the ledger and {name} by simulation{f', result {source}' if source else ''}"
    figure = estimate(f"money for each percentage point of {name}", ratio.value, ratio.low, ratio.high, said, confidence)
    verb = "saves" if change_pence < 0 else "costs"
    return Statement(
        text=f"{_times(factor).capitalize()} the people of {objective} {verb} {pounds(abs(change_pence))} a year: {money(figure)} for each percentage point of {name}.",
        figures=(figure,),
    )


def result_cost(ratio: Ratio, *, name: str, of: str, source: str, confidence: float) -> Statement:
    """Cost of one unit of a result."""
    said = f"the cost of {of} and {name}{f', result {source}' if source else ''}"
    figure = estimate(f"cost of one of {name}", ratio.value, ratio.low, ratio.high, said, confidence)
    return Statement(
        text=f"Of {name}, each cost {money(figure)} of {of}. The interval carries the uncertainty of both: of the activity sample and of the result.",
        figures=(figure,),
    )
