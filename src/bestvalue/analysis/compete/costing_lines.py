"""From the whole of the ledger down to one line of spending: the table that the cost explorer drills through.

Every row is so much of one service and activity, of one cost centre, spent on one thing. All rows add up to the ledger, net of
income, to the penny; so every step of a drill adds up to the step above it.
"""

from collections.abc import Iterator, Mapping

import numpy as np
import polars as pl

from bestvalue.analysis.compete.costing_layers import Layers
from bestvalue.analysis.compete.costing_ledger import DIRECT, SUPPORT, Books
from bestvalue.analysis.compete.costing_work import Costing
from bestvalue.analysis.contract import ResultTable
from bestvalue.analysis.pence import share_out_both_ways

NOT_ALLOCATED, INCOME = "not allocated", "income"
BY = ("service", "activity", "objective", "cost_centre", "layer", "line")

Row = tuple[str, str, str, str, str, str, int]


def lines_table(done: Costing) -> ResultTable:
    """The table with its heading."""
    return ResultTable(
        title="Every line of the costing, from the ledger down",
        rows=lines_of(done),
        labels={"cost_centre": "cost centre", "line": "spent on"},
        units={"pence": "pence"},
        note="Whole pence; all rows add up to the ledger, net of income. What a cost centre spends divides between its activities as its "
        "people's time does; support shows whose it is, as far as it can be traced.",
    )


def lines_of(done: Costing) -> pl.DataFrame:
    """service, activity, objective, cost_centre, layer, line, pence: in order of these, without rows of nothing.

    What could not be allocated and, where it stands apart, income have rows of their own under these names.
    """
    rows = [*_allocated(done), *_not_allocated(done.layers), *_income(done.books)]
    schema = {**dict.fromkeys(BY, pl.String), "pence": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row").group_by(BY).agg(pl.col("pence").sum()).filter(pl.col("pence") != 0).sort(BY)


def _allocated(done: Costing) -> Iterator[Row]:
    words = {row["activity_id"]: (row["service"] or "service not said", row["activity_name"]) for row in done.names.iter_rows(named=True)}
    centres = {row["cost_centre_id"]: row for row in done.layers.direct.iter_rows(named=True)}
    spent = _lines_by_centre(done.books, done.layers)
    cells = done.costs.cells.group_by("cost_centre_id", "layer", "activity_id").agg(pl.col("pence").sum())
    for (centre, layer), mine in cells.sort("cost_centre_id", "layer", "activity_id").group_by(
        "cost_centre_id", "layer", maintain_order=True
    ):
        by_activity = mine["pence"].to_numpy()
        lines = _lines(spent, str(centre), str(layer), int(by_activity.sum()))
        split = share_out_both_ways(by_activity, np.array(list(lines.values()), dtype=np.int64))
        row = centres[str(centre)]
        whose = row["objective"] or "objective not said", f"{row['cost_centre_name']} ({centre})"
        for place, activity in enumerate(mine["activity_id"]):
            service, name = words.get(activity, ("service not said", activity))
            for line, pence in zip(lines, split[place].tolist(), strict=True):
                yield service, name, *whose, str(layer), line, pence


def _lines(spent: Mapping[tuple[str, str], Mapping[str, int]], centre: str, layer: str, pence: int) -> Mapping[str, int]:
    """What a layer of one cost centre was spent on; one line of the layer's name where that cannot be traced."""
    found = spent.get((centre, layer), {})
    return found if sum(found.values()) == pence else {layer: pence}


def _lines_by_centre(books: Books, layers: Layers) -> dict[tuple[str, str], dict[str, int]]:
    """Pence by subjective of each direct cost centre, and by the support centre that its support came from."""
    found: dict[tuple[str, str], dict[str, int]] = {}
    own = books.costs().filter(pl.col("layer") == DIRECT).group_by("cost_centre_id", "subjective").agg(pl.col("pence").sum())
    for centre, subjective, pence in own.sort("cost_centre_id", "subjective").iter_rows():
        found.setdefault((centre, DIRECT), {})[subjective] = pence
    names = dict(books.every_centre.select("cost_centre_id", "cost_centre_name").iter_rows())
    for giver, taker, pence in layers.support.iter_rows():
        found.setdefault((taker, SUPPORT), {})[f"from {names.get(giver, giver)} ({giver})"] = pence
    return found


def _not_allocated(layers: Layers) -> Iterator[Row]:
    for what, why, pence in layers.unallocated.select("what", "why", "pence").iter_rows():
        yield NOT_ALLOCATED, NOT_ALLOCATED, NOT_ALLOCATED, what, NOT_ALLOCATED, why, pence


def _income(books: Books) -> Iterator[Row]:
    if books.income != "apart":
        return
    for row in books.lines.filter(pl.col("pence") < 0).iter_rows(named=True):
        centre = f"{row['cost_centre_name'] or 'cost centre not known'} ({row['cost_centre_id']})"
        yield INCOME, INCOME, row["objective"] or NOT_ALLOCATED, centre, INCOME, row["subjective"], row["pence"]
