"""What is a past year's money worth in another year's prices? The GDP deflator, as published or as the force supplies it."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from bestvalue.analysis.compete.rates import read_rates
from bestvalue.dataset.dataset import Dataset

GDP_DEFLATOR = "GDP deflator"


@dataclass(frozen=True, kw_only=True)
class PriceIndex:
    """Level of prices by financial year ("2025/26") and by calendar year ("2025"), each on one base.

    Args:
        name: which index.
        source: who published it and when.
        levels: level by year, in its own words.
    """

    name: str
    source: str
    levels: Mapping[str, float]

    def factor(self, *, of: str, into: str) -> float | None:
        """What money of the year `of` is multiplied with to be money of the year `into`; None where a year is not there."""
        if of == into:
            return 1.0
        if of not in self.levels or into not in self.levels:
            return None
        return self.levels[into] / self.levels[of]


def price_index(dataset: Dataset, *, name: str = GDP_DEFLATOR) -> PriceIndex:
    """The index that the force supplies in price_indices, or else the published one.

    A calendar year of a supplied index is taken to be the financial year that begins in it.
    """
    if "price_indices" in dataset.tables:
        rows = dataset.query(
            "SELECT financial_year, index_level, source FROM price_indices WHERE index_name = :name ORDER BY financial_year", name=name
        )
        if rows.height:
            return _supplied(name, rows)
    return published_deflator()


def published_deflator() -> PriceIndex:
    """The GDP deflator that comes with bestvalue.

    A financial year is three quarters of the calendar year that it begins in and one quarter of the next: the published
    financial-year series differs from that by rounding and by the course of the year.
    """
    table = read_rates("gdp_deflators")
    calendar = {int(year): float(level) for year, level in table["calendar_years"].items()}
    financial = {
        f"{year}/{(year + 1) % 100:02d}": 0.75 * level + 0.25 * calendar[year + 1]
        for year, level in calendar.items()
        if year + 1 in calendar
    }
    return PriceIndex(
        name=table["name"],
        source=f"{table['source']}, {table['edition']}",
        levels={**{str(year): level for year, level in calendar.items()}, **financial},
    )


def _supplied(name: str, rows: pl.DataFrame) -> PriceIndex:
    levels = dict(zip(rows["financial_year"], rows["index_level"], strict=True))
    begins = {year.split("/")[0]: level for year, level in levels.items()}
    return PriceIndex(name=name, source="; ".join(sorted(set(rows["source"]))), levels={**begins, **levels})
