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
    schema = {**dict.fromkeys(BY, pl.String), "pence": pl.Int64}
    apart = pl.DataFrame([*_not_allocated(done.layers), *_income(done.books)], schema=schema, orient="row")
    rows = pl.concat([_allocated(done).select(*schema), apart])
    return rows.sort(BY)


def _allocated(done: Costing) -> pl.DataFrame:
    """What was allocated, from one array a cost centre and layer: a Python row for each line of a large force would cost seconds."""
    spent = _lines_by_centre(done.books, done.layers)
    cells = done.costs.cells.group_by("cost_centre_id", "layer", "activity_id").agg(pl.col("pence").sum())
    parts: list[tuple[pl.Series, ...]] = []
    for (centre, layer), mine in cells.sort("cost_centre_id", "layer", "activity_id").group_by(
        "cost_centre_id", "layer", maintain_order=True
    ):
        by_activity = mine["pence"].to_numpy()
        lines = _lines(spent, str(centre), str(layer), int(by_activity.sum()))
        split = share_out_both_ways(by_activity, np.array(list(lines.values()), dtype=np.int64))
        at, line = np.nonzero(split)
        same = (pl.Series([str(word)]).new_from_index(0, len(at)) for word in (centre, layer))
        parts.append((*same, mine["activity_id"].gather(at), pl.Series(list(lines)).gather(line), pl.Series(split[at, line])))
    names = ("cost_centre_id", "layer", "activity_id", "line", "pence")
    schema = {**dict.fromkeys(names[:-1], pl.String), "pence": pl.Int64}
    found = pl.DataFrame(
        {name: pl.concat([part[place] for part in parts]) if parts else [] for place, name in enumerate(names)}, schema=schema
    )
    words = done.names.select("activity_id", pl.col("service").fill_null("service not said"), activity="activity_name")
    centres = done.layers.direct.select(
        "cost_centre_id",
        pl.col("objective").fill_null("objective not said"),
        cost_centre=pl.format("{} ({})", "cost_centre_name", "cost_centre_id"),
    )
    return (
        found.join(centres, on="cost_centre_id", how="left")
        .join(words, on="activity_id", how="left")
        .with_columns(pl.col("activity").fill_null(pl.col("activity_id")), pl.col("service").fill_null("service not said"))
    )


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
