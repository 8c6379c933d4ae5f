"""What the savings come to, in sentences that a board can read."""

from datetime import date

import polars as pl

from bestvalue.analysis.compete.savings_rule import Promises
from bestvalue.analysis.contract import Figure, Statement
from bestvalue.analysis.pence import PENCE_A_POUND, pounds
from bestvalue.analysis.rounding import percent, plain

CAVEATS = (
    "A saving is cashable only if a post, overtime or a contract line falls. Freed hours that stay are worth having, and pay no bill.",
    "Two savings are taken for one when they take the same hours, or the same amount, from the same budget line: the later one is not counted.",
    "What is due is a full year's plan by days from its start. A plan that builds up more slowly looks late.",
)


def base(promises: Promises) -> str:
    """What was looked at, as words."""
    held = f", held against the budget of {promises.year}" if promises.year else ""
    return f"{promises.rows.height} savings{held}"


def whole(promises: Promises) -> Statement:
    """What was promised, and what of it releases money once each line is counted once."""
    rows = promises.rows
    planned, claimed = int(rows["planned_pence"].sum()), int(rows.filter("claimed_cashable")["planned_pence"].sum())
    cash = promises.cashable_pence
    recurring = int(rows.filter(pl.col("cashable") & pl.col("recurring"))["counted_pence"].sum())
    figures = tuple(
        Figure(name=name, value=pence / PENCE_A_POUND, unit="pounds", base=base(promises), base_count=rows.height)
        for name, pence in (
            ("planned", planned),
            ("claimed cashable", claimed),
            ("cashable by the rule", cash),
            ("of that, every year", recurring),
        )
    )
    return Statement(
        text=f"{rows.height} savings were promised, {pounds(planned)} in a full year, and {pounds(claimed)} of that called cashable. By the rule {pounds(cash)} is: {pounds(recurring)} of it every year, {pounds(cash - recurring)} once.",
        figures=figures,
    )


def not_cashable(promises: Promises) -> tuple[Statement, ...]:
    """Savings that are called cashable and release no money."""
    wrong = promises.rows.filter(pl.col("claimed_cashable") & ~pl.col("cashable")).sort(
        "planned_pence", "saving_id", descending=[True, False]
    )
    if wrong.height == 0:
        return ()
    amount = int(wrong["planned_pence"].sum())
    listed = "; ".join(
        f"{row['saving_name']} ({row['saving_id']}, {row['owner']}), {pounds(row['planned_pence'])}: {row['why']}"
        for row in wrong.head(3).iter_rows(named=True)
    )
    more = f"; and {wrong.height - 3} more" if wrong.height > 3 else ""
    figure = Figure(
        name="called cashable and not", value=amount / PENCE_A_POUND, unit="pounds", base=base(promises), base_count=wrong.height
    )
    return (Statement(text=f"{pounds(amount)} is called cashable and is not: {listed}{more}.", figures=(figure,)),)


def counted_twice(promises: Promises) -> tuple[Statement, ...]:
    """Savings that take what another has taken already, and lines that hold less than is taken from them."""
    rows = promises.rows
    twice = rows.filter(pl.col("counted_twice_with").is_not_null())
    found = []
    if twice.height:
        amount = int(twice["planned_pence"].sum())
        names = dict(zip(rows["saving_id"], rows["saving_name"], strict=True))
        listed = "; ".join(
            f"{row['saving_name']} ({row['saving_id']}) takes the same from {row['subjective']} of {row['cost_centre_name']} as {names[row['counted_twice_with']]} ({row['counted_twice_with']})"
            for row in twice.iter_rows(named=True)
        )
        figure = Figure(name="counted twice", value=amount / PENCE_A_POUND, unit="pounds", base=base(promises), base_count=twice.height)
        found.append(Statement(text=f"{pounds(amount)} is counted twice: {listed}.", figures=(figure,)))
    over = rows.filter("over_line").unique(["cost_centre_id", "subjective"], keep="first", maintain_order=True)
    for row in over.iter_rows(named=True):
        mine = rows.filter(
            (pl.col("cost_centre_id") == row["cost_centre_id"]) & (pl.col("subjective") == row["subjective"]) & pl.col("cashable")
        )
        taken = int(mine["counted_pence"].sum())
        figure = Figure(
            name=f"taken from {row['subjective']} of {row['cost_centre_name']}",
            value=taken / PENCE_A_POUND,
            unit="pounds",
            base=base(promises),
        )
        found.append(
            Statement(
                text=f"{', '.join(mine['saving_id'])} {'takes' if mine.height == 1 else 'take'} {pounds(taken)} from {row['subjective']} of {row['cost_centre_name']}, whose budget is {pounds(row['line_pence'])}: more than there is.",
                figures=(figure,),
            )
        )
    return tuple(found)


def lines_that_are_not_there(promises: Promises) -> tuple[Statement, ...]:
    """Cashable savings whose budget line the ledger does not have."""
    if not promises.year:
        return (Statement(kind="limit", text="There is no ledger, so no saving is held against a budget line."),)
    lost = promises.rows.filter(pl.col("cashable") & pl.col("line_pence").is_null())
    if lost.height == 0:
        return ()
    listed = ", ".join(
        f"{row['saving_id']} ({row['subjective']} of {row['cost_centre_name'] or row['cost_centre_id']})"
        for row in lost.iter_rows(named=True)
    )
    return (
        Statement(
            kind="limit", text=f"The ledger of {promises.year} has no budget line for {listed}: whether these release money cannot be said."
        ),
    )


def profile(by_year: pl.DataFrame, promises: Promises) -> tuple[Statement, ...]:
    """When the money reaches the budget."""
    if by_year.height == 0:
        return ()
    sums = by_year.group_by("financial_year").agg(pl.col("pence").sum()).sort("financial_year")
    figures = tuple(
        Figure(name=f"off the budget of {year}", value=pence / PENCE_A_POUND, unit="pounds", base=base(promises))
        for year, pence in sums.iter_rows()
    )
    listed = ", ".join(f"{pounds(pence)} in {year}" for year, pence in sums.iter_rows())
    return (Statement(text=f"The cashable savings take off the budget: {listed}.", figures=figures),)


def realised(due: pl.DataFrame, on: date) -> tuple[Statement, ...]:
    """What was realised of what should have been by a day, and who is furthest behind."""
    planned, got = int(due["due_pence"].sum()), int(due["realised_pence"].sum())
    if planned == 0:
        return ()
    said = f"{due.height} cashable savings, each counted once, by {on.day} {on:%B %Y}"
    figures = (
        Figure(name="due", value=planned / PENCE_A_POUND, unit="pounds", base=said, base_count=due.height),
        Figure(name="realised", value=got / PENCE_A_POUND, unit="pounds", base=said, base_count=due.height),
        Figure(name="share realised", value=got / planned, unit="share", base=said, base_count=due.height),
    )
    behind = (
        due.with_columns(behind=pl.col("due_pence") - pl.col("realised_pence"))
        .filter(pl.col("behind") > 0)
        .sort("behind", "saving_id", descending=[True, False])
    )
    worst = "; ".join(f"{row['saving_name']} ({row['owner']}) {pounds(row['behind'])}" for row in behind.head(2).iter_rows(named=True))
    rest = f" Furthest behind: {worst}." if worst else ""
    return (
        Statement(
            text=f"By {on.day} {on:%B %Y}, {pounds(got)} of {pounds(planned)} that was due was realised ({percent(got / planned)}).{rest}",
            figures=figures,
        ),
    )


def hours(promises: Promises) -> tuple[Statement, ...]:
    """Hours that are freed and stay: an efficiency gain, not money."""
    stay = promises.rows.filter(~pl.col("cashable") & pl.col("hours_a_year").is_not_null() & pl.col("counted_twice_with").is_null())
    if stay.height == 0:
        return ()
    total = float(stay["hours_a_year"].sum())
    figure = Figure(name="hours freed", value=total, unit="hours a year", base=f"{stay.height} savings of time", base_count=stay.height)
    return (
        Statement(
            text=f"{plain(total)} hours a year are freed and stay with the service: what they are used for is to be said, or they are no gain.",
            figures=(figure,),
        ),
    )
