"""What is a past year's money worth in another year's prices? The GDP deflator, as published or as the force supplies it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from bestvalue.analysis.compete.rates import read_rates
from bestvalue.dataset.dataset import Dataset

GDP_DEFLATOR = "GDP deflator"
PUBLISHED_AS = "HM Treasury publishes it after each budget as “GDP deflators at market prices, and money GDP”."
"""Where a force finds the years that came after the series that bestvalue brings."""


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

    @property
    def covers(self) -> str:
        """Its first and last financial year, in words."""
        years = sorted(year for year in self.levels if "/" in year)
        return f"{years[0]} to {years[-1]}" if years else "no financial year"

    def how_to_extend(self, *years: str) -> str:
        """What whoever supplies the data does so that money of these years can be compared."""
        lacking = [year for year in dict.fromkeys(years) if year not in self.levels]
        lacks = f"; it lacks {_listed(lacking)}" if lacking else ""
        return (
            f"The {self.name} at hand covers {self.covers}{lacks}. Fill in the table price_indices: a row a year with index_name "
            f'"{self.name}", its level and its source, every year on one base; it then takes the place of the one at hand. '
            f"{PUBLISHED_AS} `bestvalue templates DIR` writes a blank table."
        )


def _listed(years: Sequence[str]) -> str:
    return " and ".join([", ".join(years[:-1]), years[-1]]) if len(years) > 1 else years[0]


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
