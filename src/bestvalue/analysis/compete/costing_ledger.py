"""What was spent, by whom and on what? One year of the ledger, checked against its control total."""

from dataclasses import dataclass
from typing import Literal

import polars as pl

from bestvalue.analysis.pence import pounds
from bestvalue.dataset.dataset import Dataset
from bestvalue.errors import SpecError, TableError

Basis = Literal["outturn", "budget"]
Income = Literal["apart", "netted"]

DIRECT, SUPPORT, OVERHEAD = "direct", "business support", "sustaining overhead"
LAYERS = (DIRECT, SUPPORT, OVERHEAD)
UNKNOWN_CENTRE = "cost centre not in cost_centres"

_LINES = """
    SELECT l.ledger_line_id, l.cost_centre_id, c.cost_centre_name, c.layer, c.area_id, c.objective, l.subjective, l.{basis}_pence AS pence
    FROM ledger l LEFT JOIN cost_centres c ON l.cost_centre_id = c.cost_centre_id
    WHERE l.financial_year = :year
"""


@dataclass(frozen=True, kw_only=True)
class Books:
    """One year of the ledger, on budget or on outturn.

    Args:
        year: financial year, "2025/26".
        basis: "outturn" or "budget".
        income: "apart" leaves income out of the cost and shows it as a line of its own; "netted" takes it off its cost centre.
        lines: ledger_line_id, cost_centre_id, cost_centre_name, layer (one of `LAYERS`, or nothing where the cost centre is not
            known), area_id, objective, subjective, pence.
        control_pence: net budget requirement of the year; None where no control total is given.
    """

    year: str
    basis: Basis
    income: Income
    lines: pl.DataFrame
    every_centre: pl.DataFrame
    control_pence: int | None

    @property
    def net_pence(self) -> int:
        """All lines, income taken off."""
        return int(self.lines["pence"].sum())

    @property
    def income_pence(self) -> int:
        """Income that stands apart from the cost: zero or negative."""
        return int(self.lines.filter(pl.col("pence") < 0)["pence"].sum()) if self.income == "apart" else 0

    @property
    def cost_pence(self) -> int:
        """What is to be allocated."""
        return self.net_pence - self.income_pence

    def costs(self) -> pl.DataFrame:
        """The lines that are to be allocated: without income where it stands apart."""
        return self.lines.filter(pl.col("pence") >= 0) if self.income == "apart" else self.lines

    def centres(self) -> pl.DataFrame:
        """Every cost centre in order of id, with its pence: 0 where it spent nothing. Columns as in `every_centre`, and pence."""
        spent = self.costs().group_by("cost_centre_id").agg(pl.col("pence").sum())
        return (
            self.every_centre.join(spent, on="cost_centre_id", how="left").with_columns(pl.col("pence").fill_null(0)).sort("cost_centre_id")
        )

    def unknown_pence(self) -> int:
        """Cost of cost centres that the table of cost centres does not name."""
        return int(self.costs().filter(pl.col("layer").is_null())["pence"].sum())


def open_books(dataset: Dataset, *, year: str = "", basis: Basis = "outturn", income: Income = "apart", tolerance_pence: int = 0) -> Books:
    """Read one year of the ledger.

    Args:
        dataset: with ledger and cost_centres, and control_totals where there are any.
        year: financial year; the last one in the ledger when empty.
        basis: what was spent or what was budgeted.
        income: whether income stands apart or is taken off the cost.
        tolerance_pence: by how much the ledger may differ from the control total; the difference is shown as a line.

    Raises:
        SpecError: the ledger has no such year.
        TableError: the ledger does not add up to its control total.
    """
    years = dataset.query("SELECT DISTINCT financial_year FROM ledger ORDER BY financial_year")["financial_year"].to_list()
    if not years or (year and year not in years):
        raise SpecError(
            f"The ledger has no year {year or 'at all'}",
            where="year",
            next_step=f"Choose one of {', '.join(years)}." if years else "Fill in the table ledger.",
        )
    chosen = year or years[-1]
    lines = dataset.query(_LINES.format(basis=basis), year=chosen).sort("cost_centre_id", "subjective", "ledger_line_id")
    centres = dataset.query("SELECT cost_centre_id, cost_centre_name, layer, area_id, objective FROM cost_centres").sort("cost_centre_id")
    control = _control(dataset, chosen, basis)
    books = Books(year=chosen, basis=basis, income=income, lines=lines, every_centre=centres, control_pence=control)
    _check_balance(books, tolerance_pence)
    return books


def objective_by_subjective(books: Books) -> pl.DataFrame:
    """The police objective analysis: pence by objective (rows) and subjective (columns), with the total of each row, income included.

    The sum of the totals is the net budget requirement. A cost centre that is not known has the objective "cost centre not in
    cost_centres".
    """
    named = books.lines.with_columns(pl.col("objective").fill_null(UNKNOWN_CENTRE))
    subjectives = sorted(named["subjective"].unique().to_list(), key=lambda name: (-_size(named, name), name))
    wide = named.pivot(on="subjective", index="objective", values="pence", aggregate_function="sum").fill_null(0)
    return (
        wide.select("objective", *subjectives)
        .with_columns(total_pence=pl.sum_horizontal(subjectives))
        .sort("total_pence", "objective", descending=[True, False])
    )


def _size(lines: pl.DataFrame, subjective: str) -> int:
    return int(lines.filter(pl.col("subjective") == subjective)["pence"].sum())


def _control(dataset: Dataset, year: str, basis: Basis) -> int | None:
    if "control_totals" not in dataset.tables:
        return None
    found = dataset.query(f"SELECT {basis}_pence AS pence FROM control_totals WHERE financial_year = :year", year=year)
    return None if found.height == 0 else int(found["pence"][0])


def _check_balance(books: Books, tolerance_pence: int) -> None:
    if books.control_pence is None:
        return
    difference = books.net_pence - books.control_pence
    if abs(difference) > tolerance_pence:
        more = "more" if difference > 0 else "less"
        raise TableError(
            f"The {books.basis} of the ledger adds up to {_exactly(books.net_pence)}, {_exactly(abs(difference))} {more} than the control "
            f"total of {_exactly(books.control_pence)}",
            where=f"control_totals, financial_year {books.year}, column {books.basis}_pence",
            next_step="Find the lines of the ledger that are missing or counted twice, or correct the control total; "
            "a difference that you accept can be allowed for under Tolerance.",
        )


def _exactly(pence: int) -> str:
    """To the penny, for a difference is looked for to the penny."""
    return f"£{pence / 100:,.2f}" if abs(pence) < 10**13 else pounds(pence)
