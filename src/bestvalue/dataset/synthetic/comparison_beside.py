"""What stands beside the indicators: people by year, a merger, a moved boundary, and the same figures abroad, all invented."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bestvalue.dataset.synthetic import period
from bestvalue.dataset.synthetic.parquet import TableWriter, write_table
from bestvalue.dataset.tables import comparison

MERGED = ("F44", 39)
"""A force that became part of another (by place) before the first year of the indicators."""

MOVED_BOUNDARY = (24, 4)
"""Force and number of the year in which part of its area moved; its true quotients do not change."""

ABROAD = (
    # comparator, country, people, spending in its currency, currency per pound, how the definition differs
    ("City of Norvale (synthetic)", "Norvalia (synthetic)", 3_400_000, 4.1e9, 13.2, "Pensions are paid by the state and left out."),
    ("Metropolis of Estar (synthetic)", "Estaria (synthetic)", 6_100_000, 1.9e9, 1.35, "Prisons for remand are counted in."),
)


def write_beside(
    folder: Path, ids: Sequence[str], people: dict[str, NDArray[np.int64]], *, spending_id: str, years: int
) -> list[TableWriter]:
    """Write force_populations, force_changes, comparators and force_tiles.

    Args:
        folder: where to.
        ids: the forces.
        people: array (forces) by whom it counts: "resident", "daytime", "night"; the same in every year.
        spending_id: the indicator of spending a head.
        years: how many years there are.
    """
    first = period.DAY_AFTER.year - years
    return [
        _write_populations(folder, ids, people, first=first, years=years),
        _write_changes(folder, ids, first=first),
        _write_comparators(folder, spending_id),
        _write_tiles(folder, ids),
    ]


def _write_populations(folder: Path, ids: Sequence[str], people: dict[str, NDArray[np.int64]], *, first: int, years: int) -> TableWriter:
    each = len(ids) * years
    return write_table(
        comparison.FORCE_POPULATIONS,
        folder,
        {
            "force_id": np.tile(np.repeat(list(ids), years), len(people)),
            "year": np.tile(np.arange(first, first + years), len(ids) * len(people)),
            "counted": np.repeat(list(people), each),
            "people": np.concatenate([np.repeat(counts, years) for counts in people.values()]),
        },
    )


def _write_changes(folder: Path, ids: Sequence[str], *, first: int) -> TableWriter:
    former, into = MERGED
    moved, year = MOVED_BOUNDARY
    return write_table(
        comparison.FORCE_CHANGES,
        folder,
        {
            "force_id": [former, ids[moved]],
            "now_force_id": [ids[into], ids[moved]],
            "changed_on": [date(first, 4, 1), date(first + year, 4, 1)],
            "change": ["merged", "boundary"],
        },
    )


def _write_comparators(folder: Path, spending_id: str) -> TableWriter:
    return write_table(
        comparison.COMPARATORS,
        folder,
        {
            "indicator_id": [spending_id] * len(ABROAD),
            "comparator": [name for name, *_ in ABROAD],
            "country": [country for _, country, *_ in ABROAD],
            "period_starts": [date(period.DAY_AFTER.year - 1, 4, 1)] * len(ABROAD),
            "numerator": [spent for _, _, _, spent, _, _ in ABROAD],
            "denominator": [float(people) for _, _, people, *_ in ABROAD],
            "currency_per_pound": [parity for _, _, _, _, parity, _ in ABROAD],
            "definition_differs": [differs for *_, differs in ABROAD],
            "source": ["invented for this data set"] * len(ABROAD),
        },
    )


def _write_tiles(folder: Path, ids: Sequence[str]) -> TableWriter:
    """A map of an invented country: the squares nearest to the middle of a grid, the own force in the middle."""
    across = int(np.ceil(np.sqrt(2 * len(ids))))
    middle = across // 2
    spots = sorted(
        ((column, row) for column in range(across) for row in range(across)),
        key=lambda spot: ((spot[0] - middle) ** 2 + (spot[1] - middle) ** 2, spot),
    )[: len(ids)]
    west, north = min(column for column, _ in spots), min(row for _, row in spots)
    return write_table(
        comparison.FORCE_TILES,
        folder,
        {
            "force_id": list(ids),
            "tile_column": np.array([column - west for column, _ in spots]),
            "tile_row": np.array([row - north for _, row in spots]),
        },
    )
