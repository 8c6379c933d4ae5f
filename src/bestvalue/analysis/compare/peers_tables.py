"""Tables of the peers: how like every force is, everybody's peers, and what the own force is like."""

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bestvalue.analysis.compare.likeness import Likeness
from bestvalue.analysis.contract import ResultTable

Floats = NDArray[np.float64]


def tables_of(names: Sequence[str], at: int, found: Likeness, columns: Mapping[str, Floats], standard: Floats) -> dict[str, ResultTable]:
    """Every table of the answer.

    Args:
        names: of the forces.
        at: place of the own force among them.
        found: distances, nearest and stability.
        columns: values by characteristic.
        standard: the same, standardised, array (forces, characteristics).
    """
    return {
        "own_peers": _own(names, at, found),
        "all_peers": _everybody(names, found),
        "characteristics": _characteristics(names, at, found, columns, standard),
    }


def _own(names: Sequence[str], at: int, found: Likeness) -> ResultTable:
    order = found.nearest
    others = sorted((j for j in range(len(names)) if j != at), key=lambda j: (found.distance[at, j], names[j]))
    rows = [(names[j], float(found.distance[at, j]), float(found.stability[at, j]), j in order[at], at in order[j]) for j in others]
    schema = {"force": pl.String, "distance": pl.Float64, "chosen_in": pl.Float64, "peer": pl.Boolean, "sees_own_as_peer": pl.Boolean}
    return ResultTable(
        title=f"How like {names[at]} every force is",
        rows=pl.DataFrame(rows, schema=schema, orient="row"),
        labels={"chosen_in": "among the nearest in", "sees_own_as_peer": "has the own force among its peers"},
        units={"chosen_in": "share"},
        note=f"Correlation shrunk by {found.shrinkage:.0%}. Distances have no unit: 0 is the same in every characteristic.",
    )


def _everybody(names: Sequence[str], found: Likeness) -> ResultTable:
    order = found.nearest
    rows = [
        (names[i], names[j], rank + 1, float(found.distance[i, j]), float(found.stability[i, j]), i in order[j])
        for i in range(len(names))
        for rank, j in enumerate(order[i])
    ]
    schema = {"force": pl.String, "peer": pl.String, "nearness": pl.Int64, "distance": pl.Float64, "chosen_in": pl.Float64}
    return ResultTable(
        title="Every force's peers",
        rows=pl.DataFrame(rows, schema={**schema, "mutual": pl.Boolean}, orient="row"),
        labels={"chosen_in": "among the nearest in"},
        units={"chosen_in": "share"},
        note="A group belongs to one force: a peer need not have that force among its own peers.",
    )


def _characteristics(names: Sequence[str], at: int, found: Likeness, columns: Mapping[str, Floats], standard: Floats) -> ResultTable:
    peers = found.nearest[at]
    rows = [
        (name, float(values[at]), float(values[peers].mean()), float(standard[at, k]), float(standard[peers, k].mean()))
        for k, (name, values) in enumerate(columns.items())
    ]
    schema = {"characteristic": pl.String, "own": pl.Float64, "peers": pl.Float64, "own_sigma": pl.Float64, "peers_sigma": pl.Float64}
    return ResultTable(
        title=f"What {names[at]} is like",
        rows=pl.DataFrame(rows, schema=schema, orient="row"),
        labels={
            "peers": "mean of its peers",
            "own_sigma": "own, in standard deviations from the mean",
            "peers_sigma": "mean of its peers, likewise",
        },
    )
