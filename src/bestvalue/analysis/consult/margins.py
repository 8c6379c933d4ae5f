"""Which margins can a sample be weighted to? Known counts matched with the people who answered, and what does not fit named."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from bestvalue.analysis.consult.raking import Margin
from bestvalue.dataset.dataset import Dataset
from bestvalue.errors import SpecError

MARGINS = "SELECT margin, category, population FROM survey_margins ORDER BY margin, category"


@dataclass(frozen=True, kw_only=True)
class KnownMargins:
    """Margins that fit the sample, and what had to be done for it.

    Args:
        margins: with one common total.
        population: that total.
        unmet: (margin, category, people) with nobody in the sample: the people of the margin's other categories stand for them.
        rescaled: (margin, its total): margins whose total was not that of the first, scaled to it.
        unknown: (margin, category, how many of the sample): categories of the sample that the margin does not know.
    """

    margins: tuple[Margin, ...]
    population: float
    unmet: tuple[tuple[str, str, float], ...]
    rescaled: tuple[tuple[str, float], ...]
    unknown: tuple[tuple[str, str, int], ...]


def read_margins(dataset: Dataset, sample: pl.DataFrame, *, wanted: Sequence[str] = ()) -> KnownMargins:
    """Match survey_margins with the columns of the sample's respondents.

    Raises:
        SpecError: a margin names no column of survey_sample, nothing of a margin is in the sample, or a person's category is not known.
    """
    known = dataset.query(MARGINS)
    names = list(wanted) or known["margin"].unique(maintain_order=True).to_list()
    missing = [name for name in names if name not in known["margin"].to_list() or name not in sample.columns]
    if missing:
        raise SpecError(
            f"There is no margin {missing[0]!r} that survey_sample has a column for",
            where="margins",
            next_step=f"Margins in survey_margins: {', '.join(known['margin'].unique(maintain_order=True))}.",
        )
    return fit_to_sample({name: known.filter(pl.col("margin") == name) for name in names}, sample)


def fit_to_sample(known: dict[str, pl.DataFrame], sample: pl.DataFrame) -> KnownMargins:
    """Make margins of tables with `category` and `population`, and fit them to the people of the sample; see `KnownMargins`."""
    margins, unmet, rescaled, unknown = [], [], [], []
    total = float(next(iter(known.values()))["population"].sum())
    for name, table in known.items():
        categories = tuple(table["category"].to_list())
        place = {category: at for at, category in enumerate(categories)}
        values = sample[name].cast(pl.String).to_list()
        strange = [value for value in values if value not in place]
        unknown += [(name, str(value), strange.count(value)) for value in dict.fromkeys(strange)]
        if strange:
            continue
        codes = np.array([place[value] for value in values], dtype=np.int64)
        targets = table["population"].to_numpy().astype(np.float64)
        if abs(targets.sum() - total) > 1e-9 * total:
            rescaled.append((name, float(targets.sum())))
        empty = (np.bincount(codes, minlength=len(categories)) == 0) & (targets > 0)
        unmet += [(name, categories[at], float(targets[at])) for at in np.flatnonzero(empty)]
        targets = np.where(empty, 0.0, targets)
        margins.append(Margin(name=name, categories=categories, codes=codes, targets=targets * (total / targets.sum())))
    if unknown:
        name, category, count = unknown[0]
        raise SpecError(
            f"{count:,} people of the sample are in {name} = {category}, for which there is no known number",
            where="survey_margins",
            next_step="Add the category to survey_margins, correct its spelling, or leave the margin out.",
        )
    return KnownMargins(margins=tuple(margins), population=total, unmet=tuple(unmet), rescaled=tuple(rescaled), unknown=tuple(unknown))


def crossed(one: Margin, other: Margin, *, population: dict[tuple[str, str], float]) -> Margin:
    """The margin of two columns crossed, for post-stratification to cells.

    Args:
        one: first margin of the cell.
        other: second.
        population: people of each pair of categories.
    """
    pairs = [(a, b) for a in one.categories for b in other.categories]
    return Margin(
        name=f"{one.name} by {other.name}",
        categories=tuple(f"{a}, {b}" for a, b in pairs),
        codes=one.codes * len(other.categories) + other.codes,
        targets=np.array([population.get(pair, 0.0) for pair in pairs]),
    )
