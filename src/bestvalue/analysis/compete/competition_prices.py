"""What would others do it for? Prices of providers, like for like: with what they leave out and what changing over costs."""

from dataclasses import dataclass

import polars as pl

from bestvalue.analysis.compete.appraisal_flows import ONCE
from bestvalue.analysis.compete.rates.deflators import PriceIndex
from bestvalue.analysis.compete.rates.discounting import Schedule, discount_factors
from bestvalue.dataset.dataset import Dataset
from bestvalue.errors import Fault, TableFaults

OPTION_OF = {"force": "share", "market": "outsource"}
"""Kind of option that buying from each kind of provider is."""

_PRICES = """
    SELECT provider_price_id, service, provider, provider_kind, financial_year, volume, price_pence, left_out, adjustment_pence,
        evidence_id
    FROM provider_prices
"""

_CHANGES = """
    SELECT o.service, o.kind, f.year_number, f.category, CAST(SUM(f.amount_pence) AS DOUBLE) AS pence
    FROM option_flows f JOIN options o ON f.option_id = o.option_id
    GROUP BY 1, 2, 3, 4
"""


@dataclass(frozen=True, kw_only=True)
class Compared:
    """Offers for one service.

    Args:
        service: the service.
        year: financial year of the prices.
        rows: provider_price_id, provider, provider_kind, volume, price_pence and adjustment_pence (in the year's prices), left_out,
            evidence_id (number of the item of evidence that holds the offer; None where none is cited), change_pence (of changing
            over, an equal amount a year), offered_hour_pence, like_hour_pence, whole_hour_pence, and the three as shares against the
            force itself: offered_against, like_against, whole_against (None where it has no price).
    """

    service: str
    year: str
    rows: pl.DataFrame

    @property
    def own(self) -> dict[str, object] | None:
        """The force's own price, if there is one."""
        own = self.rows.filter(pl.col("provider_kind") == "own")
        return own.row(0, named=True) if own.height else None


def compare_prices(dataset: Dataset, *, index: PriceIndex, schedule: Schedule, contract_years: int) -> list[Compared]:
    """Compare the offers for each service.

    The price of an hour as offered is the price over the hours; like for like it is with what the price leaves out; in all it
    is with the cost of changing over (capital, transition and exit of the option of that kind), spread over the contract.

    Args:
        dataset: with provider_prices, and options and option_flows where there are any.
        index: puts prices of other years into the latest one's.
        schedule: of discount rates, for spreading.
        contract_years: over how many years.

    Raises:
        TableFaults: an offer has no hours, or prices of a year that the index does not cover.
    """
    prices = dataset.query(_PRICES).sort("service", "provider_price_id")
    changes = _changes(dataset, schedule, contract_years)
    found = []
    for (service,), rows in prices.group_by("service", maintain_order=True):
        year = str(rows["financial_year"].sort()[-1])
        found.append(Compared(service=str(service), year=year, rows=_like_for_like(rows, year, index, changes)))
    return found


def _changes(dataset: Dataset, schedule: Schedule, contract_years: int) -> dict[tuple[str, str], float]:
    """Cost of changing over by service and kind of option, as an equal amount a year."""
    if not {"options", "option_flows"} <= set(dataset.tables):
        return {}
    rows = dataset.query(_CHANGES).filter(pl.col("category").is_in(ONCE))
    factors = discount_factors(schedule, years=max(contract_years, int(rows["year_number"].to_numpy().max(initial=0))))
    annuity = float(factors[1 : contract_years + 1].sum())
    spread: dict[tuple[str, str], float] = {}
    for service, kind, year, _, pence in rows.sort("service", "kind", "year_number", "category").iter_rows():
        spread[service, kind] = spread.get((service, kind), 0.0) + pence * float(factors[year]) / annuity
    return spread


def _like_for_like(rows: pl.DataFrame, year: str, index: PriceIndex, changes: dict[tuple[str, str], float]) -> pl.DataFrame:
    _check(rows, year, index)
    factor = pl.Series([index.factor(of=of, into=year) for of in rows["financial_year"]], dtype=pl.Float64)
    change = [changes.get((service, OPTION_OF.get(kind, "")), 0.0) for service, kind in rows.select("service", "provider_kind").iter_rows()]
    priced = rows.with_columns(
        price_pence=pl.col("price_pence") * factor,
        adjustment_pence=pl.col("adjustment_pence") * factor,
        change_pence=pl.Series(change, dtype=pl.Float64),
    )
    hours = pl.col("volume")
    like = pl.col("price_pence") + pl.col("adjustment_pence")
    each = priced.with_columns(
        offered_hour_pence=pl.col("price_pence") / hours,
        like_hour_pence=like / hours,
        whole_hour_pence=(like + pl.col("change_pence")) / hours,
    )
    own = each.filter(pl.col("provider_kind") == "own")
    names = ("offered", "like", "whole")
    against = [
        pl.col(f"{name}_hour_pence") / own[f"{name}_hour_pence"][0] - 1 if own.height else pl.lit(None, pl.Float64) for name in names
    ]
    shares = [share.alias(f"{name}_against") for name, share in zip(names, against, strict=True)]
    return each.with_columns(shares).drop("service", "financial_year").sort("whole_hour_pence", "provider")


def _check(rows: pl.DataFrame, year: str, index: PriceIndex) -> None:
    faults = [
        Fault(
            what=f"{row['provider']} offers {row['volume']:g} hours",
            file=f"provider_prices, {row['provider_price_id']}",
            column="volume",
            next_step="Give the hours of service that the price buys in a year.",
        )
        for row in rows.filter(~(pl.col("volume") > 0)).iter_rows(named=True)
    ]
    faults += [
        Fault(
            what=f"the price of {row['provider']} is of {row['financial_year']}, which the {index.name} does not put into {year}",
            file=f"provider_prices, {row['provider_price_id']}",
            column="financial_year",
            next_step=f"Ask for prices of one year, or extend the index. {index.how_to_extend(row['financial_year'], year)}",
        )
        for row in rows.iter_rows(named=True)
        if index.factor(of=row["financial_year"], into=year) is None
    ]
    if faults:
        raise TableFaults(faults, total=len(faults), where="provider_prices")
