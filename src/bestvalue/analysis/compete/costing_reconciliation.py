"""Does every penny of the ledger come out again? The statement that proves it."""

from dataclasses import dataclass

import polars as pl

from bestvalue.analysis.compete.costing_activities import NOT_SAMPLED, ActivityCosts
from bestvalue.analysis.compete.costing_layers import Layers
from bestvalue.analysis.compete.costing_ledger import LAYERS, Books


@dataclass(frozen=True, kw_only=True)
class Reconciliation:
    """The statement.

    Args:
        lines: step ("ledger", "income", "to activities", "not sampled", "not allocated", "check"), line, pence.
        difference_pence: what the ledger holds and the parts do not: 0, or the analysis has failed.
        control_difference_pence: ledger against control total; 0 where there is none.
    """

    lines: pl.DataFrame
    difference_pence: int
    control_difference_pence: int


def reconcile(books: Books, layers: Layers, activities: ActivityCosts) -> Reconciliation:
    """Add up everything that was worked out, from the smallest parts, and hold it against the ledger."""
    cells = activities.cells.with_columns(sampled=pl.col("activity_id") != NOT_SAMPLED)
    parts = {
        (sampled, layer): int(pence) for sampled, layer, pence in cells.group_by("sampled", "layer").agg(pl.col("pence").sum()).iter_rows()
    }
    rows: list[tuple[str, str, int]] = [("ledger", f"Ledger, {books.basis} of {books.year}, net of income", books.net_pence)]
    if books.income_pence:
        rows.append(("income", "Income, which stands apart from the cost", books.income_pence))
    rows.append(("ledger", "Cost to be allocated", books.cost_pence))
    for sampled, step, words in ((True, "to activities", "To activities"), (False, "not sampled", "Nobody sampled")):
        rows += [(step, f"{words}: {layer}", parts[sampled, layer]) for layer in LAYERS if parts.get((sampled, layer))]
    rows += [
        ("not allocated", f"Not allocated: {row['what']}, for {row['why']}", row["pence"])
        for row in layers.unallocated.iter_rows(named=True)
    ]
    accounted = sum(pence for step, _, pence in rows if step in ("to activities", "not sampled", "not allocated"))
    difference = books.cost_pence - accounted
    rows += [("check", "Accounted for", accounted), ("check", "Difference", difference)]
    control = 0 if books.control_pence is None else books.net_pence - books.control_pence
    if books.control_pence is not None:
        rows += [
            ("check", "Control total: net budget requirement", books.control_pence),
            ("check", "Ledger against control total", control),
        ]
    lines = pl.DataFrame(rows, schema={"step": pl.String, "line": pl.String, "pence": pl.Int64}, orient="row")
    return Reconciliation(lines=lines, difference_pence=difference, control_difference_pence=control)
