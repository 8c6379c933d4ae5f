"""What does each part of the service cost in full? Direct cost, the support it receives, and its part of the overhead.

The three layers stay apart, in whole pence, and what cannot be passed on stays visible as a line of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bestvalue.analysis.compete.costing_ledger import DIRECT, OVERHEAD, SUPPORT, Books
from bestvalue.analysis.compete.costing_support import Method, SupportNetwork, closed_loops, network_of, pass_on
from bestvalue.analysis.pence import pounds, round_to_total, share_out
from bestvalue.dataset.dataset import Dataset
from bestvalue.errors import Fault, TableError, TableFaults

TRACED_AT_MOST = 300
"""Support centres up to which each one's money is followed to where it ends; beyond, only the totals are."""


@dataclass(frozen=True, kw_only=True)
class Layers:
    """Full cost, in whole pence.

    Args:
        direct: cost_centre_id, cost_centre_name, area_id, objective, direct_pence, support_pence, overhead_pence of each cost
            centre that serves the public, in order of id.
        support: from_cost_centre_id, to_cost_centre_id, pence: where the own cost of each support centre came to rest; empty where
            there are too many to trace.
        loaded: cost_centre_id, own_pence, loaded_pence (unrounded) of each support centre.
        unallocated: what, why, pence: what could not be passed on.
    """

    direct: pl.DataFrame
    support: pl.DataFrame
    loaded: pl.DataFrame
    unallocated: pl.DataFrame

    @property
    def allocated_pence(self) -> int:
        """All three layers of all direct cost centres."""
        return int(self.direct.select(pl.sum_horizontal("direct_pence", "support_pence", "overhead_pence").sum()).item())


def read_links(dataset: Dataset) -> pl.DataFrame:
    """Read and check who serves whom: from_cost_centre_id, to_cost_centre_id, driver, quantity; empty where there is no such table.

    Raises:
        TableFaults: a quantity is negative or no number, a centre is unknown or may not give support, or one centre's work is
            counted in two units.
    """
    if "support_links" not in dataset.tables:
        return pl.DataFrame(
            schema={"from_cost_centre_id": pl.String, "to_cost_centre_id": pl.String, "driver": pl.String, "quantity": pl.Float64}
        )
    links = dataset.query("SELECT from_cost_centre_id, to_cost_centre_id, driver, quantity FROM support_links").sort(
        "from_cost_centre_id", "to_cost_centre_id"
    )
    every = dataset.query("SELECT cost_centre_id, layer FROM cost_centres")
    layer = dict(zip(every["cost_centre_id"], every["layer"], strict=True))
    faults = [fault for row in links.iter_rows(named=True) for fault in _faults_of_link(row, layer)]
    faults += _mixed_units(links)
    if faults:
        raise TableFaults(
            faults, total=len(faults), where="support_links", next_step="Correct the rows named, then run the analysis again."
        )
    return links


def layers_of(books: Books, links: pl.DataFrame, *, method: Method = "reciprocal") -> Layers:
    """Work out the three layers.

    Args:
        books: the ledger.
        links: as `read_links` gives them.
        method: how support is passed on.

    Raises:
        TableError: support centres serve only each other or themselves.
    """
    centres = books.centres()
    support = centres.filter(pl.col("layer") == SUPPORT)
    others = centres.filter(pl.col("layer") != SUPPORT)
    landed, loaded = _landed(links, support, others, method)
    received = landed[: len(others)].sum(axis=1)
    stuck = landed[len(others) :].sum(axis=1)
    full, spread = _with_overhead(others.with_columns(received_pence=pl.Series(received, dtype=pl.Int64)))
    return Layers(
        direct=full,
        support=_flows(landed, support, others),
        loaded=support.select("cost_centre_id", own_pence="pence").with_columns(loaded_pence=pl.Series(loaded, dtype=pl.Float64)),
        unallocated=_unallocated(books, support, stuck, spread),
    )


def _landed(
    links: pl.DataFrame, support: pl.DataFrame, others: pl.DataFrame, method: Method
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Whole pence that came to rest, and what each support centre came to before it passed it on.

    Returns:
        array (others, then support centres; support centres whose money it was, or 1 where there are too many to trace), and
        array (support centres,), unrounded.
    """
    own = support["pence"].to_numpy()
    if len(own) == 0:
        return np.zeros((len(others), 0), dtype=np.int64), np.zeros(0)
    network = _network(links, support, others)
    if len(own) > TRACED_AT_MOST:
        passed = pass_on(network, own.astype(np.float64), method=method)
        amounts = np.vstack([passed.received, passed.stuck])[:, 0]
        return round_to_total(amounts, int(own.sum()))[:, None], passed.loaded[:, 0]
    passed = pass_on(network, np.diag(own.astype(np.float64)), method=method)
    shares = np.vstack([passed.received, passed.stuck])
    columns = [_rounded(shares[:, place], int(pence)) for place, pence in enumerate(own)]
    return np.column_stack(columns), passed.loaded.sum(axis=1)


def _rounded(amounts: NDArray[np.float64], total: int) -> NDArray[np.int64]:
    """Whole pence of one centre's money; a centre that spends nothing, or earns more than it spends, divides the same way."""
    weights = np.abs(amounts)
    return share_out(total, weights) if weights.sum() > 0 else np.zeros(len(amounts), dtype=np.int64)


def _network(links: pl.DataFrame, support: pl.DataFrame, others: pl.DataFrame) -> SupportNetwork:
    order = [*support["cost_centre_id"], *others["cost_centre_id"]]
    place = {centre: number for number, centre in enumerate(order)}
    givers = np.array([place[centre] for centre in links["from_cost_centre_id"]], dtype=np.int64)
    takers = np.array([place[centre] for centre in links["to_cost_centre_id"]], dtype=np.int64)
    quantity = links["quantity"].to_numpy().astype(np.float64)
    network = network_of(givers, takers, quantity, support=len(support), others=len(others))
    used = quantity > 0
    only_itself = sorted({*givers[used].tolist()} - {*givers[used & (givers != takers)].tolist()})
    loops = [*([centre] for centre in only_itself), *closed_loops(network)]
    if loops:
        _refuse(loops, support)
    return network


def _refuse(loops: Sequence[Sequence[int]], support: pl.DataFrame) -> None:
    names, pence = support["cost_centre_name"].to_list(), support["pence"].to_list()
    loop = loops[0]
    shown = [f"{names[centre]} ({support['cost_centre_id'][centre]})" for centre in loop[:10]]
    more = f" and {len(loop) - 10} more" if len(loop) > 10 else ""
    said = f"{shown[0]} serves only itself" if len(loop) == 1 else f"{', '.join(shown)}{more} serve only each other"
    rest = f"; there are {len(loops)} such loops" if len(loops) > 1 else ""
    raise TableError(
        f"{said}, so that {pounds(sum(pence[centre] for centre in loop))} has no way out{rest}",
        where="support_links, column to_cost_centre_id",
        next_step="Add what they do for a cost centre outside the loop, or remove their links: then their cost is shown as not allocated.",
    )


def _with_overhead(others: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """The direct centres with their part of the overhead, and the overhead that could not be spread (0 or all of it)."""
    direct = others.filter(pl.col("layer") == DIRECT)
    overhead = others.filter(pl.col("layer") == OVERHEAD).select(pl.sum_horizontal("pence", "received_pence").sum()).item() or 0
    weights = np.maximum(direct["pence"].to_numpy(), 0).astype(np.float64)
    spreads = weights.sum() > 0
    parts = share_out(int(overhead), weights) if spreads else np.zeros(len(direct), dtype=np.int64)
    full = direct.select(
        "cost_centre_id",
        "cost_centre_name",
        "area_id",
        "objective",
        direct_pence="pence",
        support_pence="received_pence",
        overhead_pence=pl.Series(parts, dtype=pl.Int64),
    )
    return full, 0 if spreads else int(overhead)


def _flows(landed: NDArray[np.int64], support: pl.DataFrame, others: pl.DataFrame) -> pl.DataFrame:
    if landed.shape[1] != len(support):  # too many to trace
        landed = landed[:, :0]
    to, source = np.nonzero(landed[: len(others)])
    from_ids, to_ids = support["cost_centre_id"].to_list(), others["cost_centre_id"].to_list()
    return pl.DataFrame(
        {
            "from_cost_centre_id": [from_ids[place] for place in source],
            "to_cost_centre_id": [to_ids[place] for place in to],
            "pence": landed[to, source],
        },
        schema={"from_cost_centre_id": pl.String, "to_cost_centre_id": pl.String, "pence": pl.Int64},
    ).sort("from_cost_centre_id", "to_cost_centre_id")


def _unallocated(books: Books, support: pl.DataFrame, stuck: NDArray[np.int64], overhead: int) -> pl.DataFrame:
    rows = [
        (f"{name} ({centre})", "nobody counts for whom it works: it has no support link that can be followed", int(pence))
        for centre, name, pence in zip(support["cost_centre_id"], support["cost_centre_name"], stuck, strict=True)
        if pence
    ]
    if books.unknown_pence():
        unknown = books.costs().filter(pl.col("layer").is_null())["cost_centre_id"].unique().sort().to_list()
        rows.append((", ".join(unknown), "the table of cost centres does not name it", books.unknown_pence()))
    if overhead:
        rows.append(("Sustaining overhead", "there is no direct cost to spread it on", overhead))
    return pl.DataFrame(rows, schema={"what": pl.String, "why": pl.String, "pence": pl.Int64}, orient="row")


def _faults_of_link(row: dict[str, object], layer: dict[str, str]) -> list[Fault]:
    giver, taker, quantity = str(row["from_cost_centre_id"]), str(row["to_cost_centre_id"]), row["quantity"]
    file = f"support_links, {giver} to {taker}"
    faults = [
        Fault(what=f"{centre} is not in cost_centres", file=file, column=column, next_step="Correct the code, or add the cost centre.")
        for centre, column in ((giver, "from_cost_centre_id"), (taker, "to_cost_centre_id"))
        if centre not in layer
    ]
    if not isinstance(quantity, int | float) or not 0 <= quantity < float("inf"):
        faults.append(
            Fault(what=f"{quantity} is no quantity of a driver", file=file, column="quantity", next_step="Give a number of 0 or more.")
        )
    if layer.get(giver, SUPPORT) != SUPPORT:
        faults.append(
            Fault(
                what=f"{giver} is of the layer {layer[giver]}, which gives no support by a driver",
                file=file,
                column="from_cost_centre_id",
                next_step=f"Make its layer {SUPPORT}, or remove the link.",
            )
        )
    return faults


def _mixed_units(links: pl.DataFrame) -> list[Fault]:
    mixed = links.group_by("from_cost_centre_id").agg(pl.col("driver").unique().sort()).filter(pl.col("driver").list.len() > 1)
    return [
        Fault(
            what=f"The work of {row['from_cost_centre_id']} is counted in {' and in '.join(row['driver'])}, which do not add up",
            file=f"support_links, {row['from_cost_centre_id']}",
            column="driver",
            next_step="Use one driver for one cost centre, or split it in two.",
        )
        for row in mixed.sort("from_cost_centre_id").iter_rows(named=True)
    ]
