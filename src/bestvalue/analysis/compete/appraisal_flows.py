"""What does each option cost and gain, year by year, in the prices of one year and with optimism bias? Read, checked, put together."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bestvalue.analysis.compete.rates.deflators import PriceIndex, price_index
from bestvalue.analysis.compete.rates.optimism import managed, project_types
from bestvalue.dataset.dataset import Dataset
from bestvalue.errors import SHOWN_FAULTS, Fault, TableError, TableFaults

CATEGORIES = ("capital", "transition", "exit", "running", "cashable", "non-cashable")
"""Sorts of money, in the order of the arrays."""

ONCE = ("capital", "transition", "exit")
"""What is spent to make the change; the rest comes every year."""

_FLOWS = """
    SELECT f.option_flow_id, f.option_id, f.year_number, f.category, f.project_type, f.borne_by, COALESCE(f.area_id, '') AS area_id,
           f.amount_pence, COALESCE(f.low_pence, f.amount_pence) AS low_pence, COALESCE(f.high_pence, f.amount_pence) AS high_pence,
           CASE WHEN f.low_pence IS NULL AND f.high_pence IS NULL THEN 0 ELSE 1 END AS ranged, f.price_year
    FROM option_flows f JOIN options o ON f.option_id = o.option_id
    WHERE o.service = :service
"""


@dataclass(frozen=True, kw_only=True)
class Flows:
    """The options of one service with their money.

    Args:
        service: the service under review.
        options: option_id, option_name, kind, baseline; the baseline first, the others in order of id.
        rows: a flow a row, in pence of `price_year`: option_id, year_number, category, project_type, borne_by, area_id, estimate
            (without optimism bias), uplift (share), amount, low, high (with it), ranged.
        price_year: calendar year of the prices.
        index: what put other years' prices into them.
    """

    service: str
    options: pl.DataFrame
    rows: pl.DataFrame
    price_year: int
    index: PriceIndex

    @property
    def horizon_years(self) -> int:
        """The last year with money in it."""
        return int(self.rows["year_number"].to_numpy().max(initial=0))

    @property
    def names(self) -> list[str]:
        """Names of the options, in their order."""
        return [str(name) for name in self.options["option_name"]]

    def money(self, column: str = "amount") -> NDArray[np.float64]:
        """Array (options, `CATEGORIES`, years from 0): the sum of `column`, costs positive."""
        return self._tensor(self.rows, column)

    def money_of(self, rows: pl.DataFrame) -> NDArray[np.float64]:
        """The same for a part of the rows."""
        return self._tensor(rows, "amount")

    def _tensor(self, rows: pl.DataFrame, column: str) -> NDArray[np.float64]:
        order = {option: place for place, option in enumerate(self.options["option_id"])}
        money = np.zeros((len(order), len(CATEGORIES), self.horizon_years + 1))
        option = np.array([order[one] for one in rows["option_id"]], dtype=np.int64)
        category = np.array([CATEGORIES.index(one) for one in rows["category"]], dtype=np.int64)
        np.add.at(money, (option, category, rows["year_number"].to_numpy()), rows[column].to_numpy())
        return money


def services(dataset: Dataset) -> Sequence[str]:
    """The services with options, in order of name."""
    return [str(name) for name in dataset.query("SELECT DISTINCT service FROM options ORDER BY service")["service"]]


def read_flows(dataset: Dataset, service: str, *, price_year: int = 0, managed_share: float = 0.0) -> Flows:
    """Read the options of a service, put their money into one year's prices, and raise it by optimism bias.

    Args:
        dataset: with options and option_flows, and price_indices where prices of later years are mixed.
        service: as in the table options.
        price_year: calendar year of the prices; the latest in the flows when 0.
        managed_share: share of the causes of optimism bias that is managed, 0 to 1.

    Raises:
        TableError: the service has no baseline or two, or nothing has money.
        TableFaults: prices of a year that the index does not cover, or estimates out of order.
    """
    rows = dataset.query(
        "SELECT option_id, option_name, kind, baseline FROM options WHERE service = :service ORDER BY option_id", service=service
    )
    _check_baseline(rows, service)
    options = rows.sort(~pl.col("baseline"), "option_id", maintain_order=True)
    flows = dataset.query(_FLOWS, service=service).sort("option_flow_id")
    if flows.height == 0:
        raise TableError(
            f"No option of {service} has any money", where="option_flows", next_step="Fill in what each option costs and gains."
        )
    _check_order(flows)
    into = price_year or int(flows["price_year"].to_numpy().max())
    index = price_index(dataset)
    real = _in_prices_of(flows, into, index)
    return Flows(service=service, options=options, rows=_uplifted(real, managed_share), price_year=into, index=index)


def _check_baseline(options: pl.DataFrame, service: str) -> None:
    baselines = options.filter(pl.col("baseline"))["option_id"].to_list()
    if len(baselines) != 1:
        found = f"it has {', '.join(baselines)}" if baselines else "it has none"
        raise TableError(
            f"{service} must have one baseline that the other options are compared with; {found}",
            where="options, column baseline",
            next_step="Set baseline to true for one option, as a rule for keeping the service as it is.",
        )


def _check_order(flows: pl.DataFrame) -> None:
    wrong = flows.filter((pl.col("low_pence") > pl.col("amount_pence")) | (pl.col("high_pence") < pl.col("amount_pence")))
    if wrong.height:
        faults = [
            Fault(
                what=f"{row['amount_pence']} is not between the low estimate {row['low_pence']} and the high one {row['high_pence']}",
                file=f"option_flows, {row['option_flow_id']}",
                column="amount_pence",
                next_step="Order the three estimates; a gain is negative, so its low is the larger gain.",
            )
            for row in wrong.head(SHOWN_FAULTS).iter_rows(named=True)
        ]
        raise TableFaults(faults, total=wrong.height, where="option_flows")


def _in_prices_of(flows: pl.DataFrame, into: int, index: PriceIndex) -> pl.DataFrame:
    factors = {year: index.factor(of=str(year), into=str(into)) for year in flows["price_year"].unique().sort().to_list()}
    wrong = flows.filter(pl.col("price_year").is_in([year for year, factor in factors.items() if factor is None]))
    if wrong.height:
        faults = [
            Fault(
                what=f"prices of {row['price_year']} cannot be put into those of {into}: the {index.name} does not cover both years",
                file=f"option_flows, {row['option_flow_id']}",
                column="price_year",
                next_step="State all flows in the prices of one year, or extend the index. "
                + index.how_to_extend(str(row["price_year"]), str(into)),
            )
            for row in wrong.head(SHOWN_FAULTS).iter_rows(named=True)
        ]
        raise TableFaults(faults, total=wrong.height, where="option_flows")
    factor = pl.col("price_year").replace_strict(factors, return_dtype=pl.Float64)
    money = [pl.col(f"{name}_pence") * factor for name in ("amount", "low", "high")]
    return flows.with_columns(money[0].alias("estimate"), money[1].alias("low"), money[2].alias("high"))


def _uplifted(flows: pl.DataFrame, managed_share: float) -> pl.DataFrame:
    """Costs of a type of project raised by its optimism bias; receipts are not."""
    types = project_types()
    uplift = [
        managed(types[kind].upper, managed_share=managed_share)
        if kind in types and types[kind].applies_to == category and estimate > 0
        else 0.0
        for kind, category, estimate in flows.select("project_type", "category", "estimate").iter_rows()
    ]
    raised = flows.with_columns(uplift=pl.Series(uplift, dtype=pl.Float64))
    grown = 1 + pl.col("uplift")
    return raised.select(
        "option_flow_id",
        "option_id",
        "year_number",
        "category",
        "project_type",
        "borne_by",
        "area_id",
        "estimate",
        "uplift",
        amount=pl.col("estimate") * grown,
        low=pl.col("low") * grown,
        high=pl.col("high") * grown,
        ranged=pl.col("ranged") == 1,
    )
