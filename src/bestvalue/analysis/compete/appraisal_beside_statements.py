"""What stands beside the money of an appraisal: effects without a price, criteria, and who bears it, in sentences for a board."""

import polars as pl

from bestvalue.analysis.compete.appraisal_case import Case
from bestvalue.analysis.contract import Figure, Statement
from bestvalue.analysis.pence import PENCE_A_POUND, pounds
from bestvalue.analysis.rounding import percent, plain


def unpriced(case: Case) -> tuple[Statement, ...]:
    """What has no price, for every option."""
    if case.effects.height == 0:
        return (Statement(kind="limit", text=f"Nothing without a price is listed for {case.flows.service}: that is seldom so."),)
    parts = []
    for option in case.flows.names:
        mine = case.effects.filter(pl.col("option") == option)
        if mine.height:
            parts.append(
                f"{option}: {', '.join(f'{effect} ({direction})' for effect, direction in mine.select('effect', 'direction').iter_rows())}"
            )
    return (Statement(kind="limit", text=f"Not in the money, and to be weighed beside it: {'; '.join(parts)}."),)


def criteria(case: Case) -> tuple[Statement, ...]:
    """Which option scores highest, how steadily, and whether money agrees."""
    scores = case.scores
    if scores is None:
        return ()
    names, total = case.flows.names, scores.total
    leader = int(total.argmax())
    said = f"scores of {len(names)} options on {len(scores.criteria)} criteria"
    figures = (
        Figure(name=f"weighted score of {names[leader]}", value=float(total[leader]), unit="points", base=said),
        Figure(name=f"share of all weights for which {names[leader]} leads", value=float(case.first[leader]), unit="share", base=said),
    )
    tipping = [
        f"{criterion} below {percent(low)}" if low > 0 else f"{criterion} above {percent(high)}"
        for criterion, (low, high) in zip(scores.criteria, case.steady, strict=True)
        if low > 0 or high < 1
    ]
    steady = f"it leads unless a weight goes: {', '.join(tipping)}" if tipping else "it leads whatever the weight of any one criterion"
    agrees = "Money says the same." if leader == case.best else f"Money says otherwise: {names[case.best]} is worth most."
    scaled = (
        ""
        if abs(scores.weights_given - 1) < 1e-9
        else f" The weights added up to {plain(scores.weights_given)} and were made to add up to 1."
    )
    return (
        Statement(
            text=f"On the criteria {names[leader]} scores highest, {plain(float(total[leader]))} of 100, and for {percent(float(case.first[leader]))} of all possible weights; {steady}. {agrees}{scaled}",
            figures=figures,
        ),
    )


def borne(case: Case) -> tuple[Statement, ...]:
    """Who gains and who pays by each option that falls on more than one body or area."""
    parts, figures = [], []
    for option in case.flows.names[1:]:
        rows = case.distribution.filter((pl.col("option") == option) & (pl.col("change_pence").abs() > 0)).sort("change_pence")
        if rows.height < 2:
            continue
        ends = [rows.row(0, named=True), rows.row(-1, named=True)]
        said = []
        for row in ends:
            who = f"{row['borne_by']}{' in ' + row['area_id'] if row['area_id'] else ''}"
            said.append(f"{who} {'gains' if row['change_pence'] < 0 else 'pays'} {pounds(abs(row['change_pence']))}")
            figures.append(
                Figure(
                    name=f"net present cost of {option} to {who}, against the baseline",
                    value=row["change_pence"] / PENCE_A_POUND,
                    unit="pounds",
                    base=f"the flows of {len(case.flows.names)} options for {case.flows.service}",
                )
            )
        parts.append(f"by {option} {' and '.join(said)}{'' if rows.height == 2 else f', the most of {rows.height}'}")
    if not parts:
        return ()
    return (Statement(text=f"Not everybody gains alike, in present value: {'; '.join(parts)}.", figures=tuple(figures)),)
