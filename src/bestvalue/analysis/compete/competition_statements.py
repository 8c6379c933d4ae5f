"""What the offers say, in sentences that a board can read."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from bestvalue.analysis.compete.competition_prices import Compared
from bestvalue.analysis.contract import Figure, Statement
from bestvalue.analysis.pence import PENCE_A_POUND, pounds
from bestvalue.analysis.rounding import percent

CAVEATS = (
    "A price is an offer, and evidence of the market on its day. Quality, risk and what happens when a provider fails are not in it.",
    "What the force's own price holds of support and overhead may stay when the service is bought: only what really ends is saved.",
    "The cost of changing over is that of the option of the same kind in the appraisal, without optimism bias.",
)


def base(found: Compared) -> str:
    """What was compared, as words."""
    return f"{found.rows.height} prices for {found.service}, {found.year} prices"


def every(found: Compared, contract_years: int) -> tuple[Statement, ...]:
    """All statements of one service."""
    return (*cheapest(found, contract_years), *turned(found), *left_out(found))


def cheapest(found: Compared, contract_years: int) -> tuple[Statement, ...]:
    """Who is cheapest in all, and what each costs as offered, like for like and in all."""
    own = found.own
    if own is None:
        return (Statement(kind="limit", text=f"The force gives no price of its own for {found.service}: nobody can be compared with it."),)
    figures, parts = [], []
    for row in found.rows.iter_rows(named=True):
        figures.append(
            Figure(
                name=f"cost of an hour from {row['provider']}, like for like with changing over",
                value=row["whole_hour_pence"] / PENCE_A_POUND,
                unit="pounds",
                base=base(found),
            )
        )
        parts.append(f"{row['provider']} {pounds(row['whole_hour_pence'])}{_against(row)}")
    first = found.rows.row(0, named=True)
    text = (
        f"An hour of {found.service} costs, like for like and with changing over spread over {contract_years} years: {', '.join(parts)}. "
        f"{'The force itself' if first['provider_kind'] == 'own' else first['provider'][0].upper() + first['provider'][1:]} is cheapest of {found.rows.height}."
    )
    return (Statement(text=text, figures=tuple(figures)),)


def turned(found: Compared) -> tuple[Statement, ...]:
    """Offers that are cheaper than the force as offered, and dearer once like is compared with like."""
    if found.own is None:
        return ()
    rows = found.rows.filter((pl.col("offered_against") < 0) & (pl.col("whole_against") >= 0))
    said = []
    for row in rows.iter_rows(named=True):
        figures = tuple(
            Figure(name=f"{row['provider']} against the force, {name}", value=row[column], unit="share", base=base(found))
            for name, column in (("as offered", "offered_against"), ("like for like with changing over", "whole_against"))
        )
        said.append(
            Statement(
                text=f"{row['provider'][0].upper() + row['provider'][1:]} looks {percent(-row['offered_against'])} cheaper than the force and is {percent(row['whole_against'])} dearer once what it leaves out ({row['left_out'] or 'nothing named'}) and changing over are counted.",
                figures=figures,
            )
        )
    return tuple(said)


def left_out(found: Compared) -> tuple[Statement, ...]:
    """What each offer leaves out, and by how much that raises its price."""
    rows = found.rows.filter((pl.col("provider_kind") != "own") & (pl.col("adjustment_pence") > 0))
    if rows.height == 0:
        return ()
    figures = tuple(
        Figure(
            name=f"what the price of {row['provider']} leaves out",
            value=row["adjustment_pence"] / row["price_pence"],
            unit="share",
            base=base(found),
        )
        for row in rows.iter_rows(named=True)
    )
    parts = [
        f"{row['provider']} {row['left_out'] or 'something not named'}, {percent(figure.value)} of its price"
        for row, figure in zip(rows.iter_rows(named=True), figures, strict=True)
    ]
    bare = found.rows.filter((pl.col("provider_kind") != "own") & (pl.col("change_pence") == 0))["provider"].to_list()
    limit = f" No cost of changing to {', '.join(bare)} is in the appraisal." if bare else ""
    return (Statement(text=f"The offers leave out: {'; '.join(parts)}.{limit}", figures=figures),)


def _against(row: Mapping[str, Any]) -> str:
    """In all and as offered, against the force itself; nothing for the force."""
    if row["provider_kind"] == "own":
        return ""
    return f" ({_less(row['whole_against'])} than the force; {_less(row['offered_against'])} as offered)"


def _less(share: float) -> str:
    return f"{percent(abs(share))} {'less' if share < 0 else 'more'}"
