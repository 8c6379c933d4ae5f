"""Which savings release money, and which are promised twice? Rules over the promises, each with its reason."""

from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from bestvalue.analysis.compete.financial_year import name_of, year_of
from bestvalue.dataset.dataset import Dataset

CASHABLE_RESOURCES = ("post", "overtime", "contract")
"""A saving is cashable only when one of these falls: an hour that is freed and stays is paid for as before."""

_SAVINGS = """
    SELECT s.saving_id, s.saving_name, s.owner, s.cost_centre_id, c.cost_centre_name, s.subjective, s.resource, s.hours_a_year,
           s.claimed_cashable, s.recurring, s.starts_on, s.planned_pence, s.realised_pence
    FROM savings s LEFT JOIN cost_centres c ON s.cost_centre_id = c.cost_centre_id
"""

_BUDGETS = """
    SELECT cost_centre_id, subjective, CAST(SUM(budget_pence) AS BIGINT) AS line_pence
    FROM ledger WHERE financial_year = :year GROUP BY 1, 2
"""


@dataclass(frozen=True, kw_only=True)
class Promises:
    """The savings with what the rules say of each.

    Args:
        year: financial year of the ledger whose budget lines they are held against; "" where there is no ledger.
        rows: as in the table savings, and cost_centre_name, line_pence (the budget line, None where there is none), cashable,
            why (the reason for that), counted_twice_with (saving_id of the earlier twin, or None), over_line (the savings on
            the line come to more than it holds), counted_pence (0 for a twin).
    """

    year: str
    rows: pl.DataFrame

    @property
    def cashable_pence(self) -> int:
        """A full year of what releases money, what is promised twice counted once."""
        return int(self.rows.filter("cashable")["counted_pence"].sum())


def read_promises(dataset: Dataset, *, year: str = "") -> Promises:
    """Read the savings and judge each.

    Args:
        dataset: with savings and cost_centres, and the ledger if there is one.
        year: financial year of the budget lines; the last in the ledger when empty.
    """
    rows = dataset.query(_SAVINGS).sort("saving_id")
    chosen, lines = _budget_lines(dataset, year)
    held = rows.join(lines, on=["cost_centre_id", "subjective"], how="left", maintain_order="left")
    judged = held.with_columns(
        cashable=pl.Series([_cashable(row) for row in held.iter_rows(named=True)], dtype=pl.Boolean),
        why=pl.Series([_why(row, chosen) for row in held.iter_rows(named=True)], dtype=pl.String),
        counted_twice_with=pl.Series(_twins(held), dtype=pl.String),
    )
    single = pl.when(pl.col("counted_twice_with").is_null()).then("planned_pence").otherwise(0)
    counted = judged.with_columns(counted_pence=single)
    on_line = pl.col("counted_pence").filter(pl.col("cashable")).sum().over("cost_centre_id", "subjective")
    return Promises(
        year=chosen, rows=counted.with_columns(over_line=pl.col("cashable") & (on_line > pl.col("line_pence")).fill_null(value=False))
    )


def reaching_the_budget(promises: Promises, *, years: int) -> pl.DataFrame:
    """When does each cashable saving reach which budget line? Its part of the first year by days, then the whole.

    A saving that comes once reaches the line in the year in which it starts, and is gone the year after.

    Returns:
        financial_year, saving_id, saving_name, owner, cost_centre_name, subjective, recurring, pence, over `years` from the first
        year in which any starts.
    """
    schema = {
        "financial_year": pl.String,
        "saving_id": pl.String,
        "saving_name": pl.String,
        "owner": pl.String,
        "cost_centre_name": pl.String,
        "subjective": pl.String,
        "recurring": pl.Boolean,
        "pence": pl.Int64,
    }
    cashable = promises.rows.filter("cashable")
    if cashable.height == 0:
        return pl.DataFrame(schema=schema)
    first = min(year_of(day) for day in cashable["starts_on"])
    rows = []
    for begins in range(first, first + years):
        for row in cashable.iter_rows(named=True):
            pence = in_year(row["counted_pence"], row["starts_on"], begins, recurring=row["recurring"])
            if pence:
                rows.append((name_of(begins), *(row[name] for name in list(schema)[1:-1]), pence))
    return pl.DataFrame(rows, schema=schema, orient="row").sort("financial_year", "saving_id")


def in_year(planned_pence: int, starts_on: date, begins: int, *, recurring: bool) -> int:
    """What a saving takes off the budget of the financial year that begins in April of `begins`, in whole pence.

    Example: 365 pounds a year from 1 March: 31 days of the first year; the whole of the next, or nothing if it comes once.
        >>> first = [in_year(36_500, date(2025, 3, 1), 2024, recurring=recurring) for recurring in (True, False)]
        >>> first, [in_year(36_500, date(2025, 3, 1), 2025, recurring=recurring) for recurring in (True, False)]
        ([3100, 36500], [36500, 0])
    """
    start, end = date(begins, 4, 1), date(begins + 1, 4, 1)
    if starts_on >= end or (not recurring and starts_on < start):
        return 0
    if not recurring or starts_on <= start:
        return planned_pence
    return round(planned_pence * (end - starts_on).days / (end - start).days)


def planned_by(promises: Promises, *, on: date) -> pl.DataFrame:
    """What should have been realised by a day, and what was: saving_id, due_pence, realised_pence (0 where nothing is known).

    A saving that comes every year should have released its part of each year by days; one that comes once, all of it from its start.
    """
    rows = []
    for row in promises.rows.filter("cashable").iter_rows(named=True):
        due = _due(row["counted_pence"], row["starts_on"], on + timedelta(days=1), recurring=row["recurring"])
        counted = 0 if row["counted_twice_with"] is not None else row["realised_pence"] or 0
        rows.append((row["saving_id"], row["saving_name"], row["owner"], due, counted))
    schema = {"saving_id": pl.String, "saving_name": pl.String, "owner": pl.String, "due_pence": pl.Int64, "realised_pence": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _due(planned_pence: int, starts_on: date, until: date, *, recurring: bool) -> int:
    """Whole pence that should have been realised before `until`: of each financial year its part by days."""
    if until <= starts_on:
        return 0
    if not recurring:
        return planned_pence
    days = 0.0
    for begins in range(year_of(starts_on), year_of(until) + 1):
        start, end = date(begins, 4, 1), date(begins + 1, 4, 1)
        days += max(0, (min(end, until) - max(start, starts_on)).days) / (end - start).days
    return round(planned_pence * days)


def _budget_lines(dataset: Dataset, year: str) -> tuple[str, pl.DataFrame]:
    schema = {"cost_centre_id": pl.String, "subjective": pl.String, "line_pence": pl.Int64}
    if "ledger" not in dataset.tables:
        return "", pl.DataFrame(schema=schema)
    years = dataset.query("SELECT DISTINCT financial_year FROM ledger ORDER BY financial_year")["financial_year"].to_list()
    chosen = year or (years[-1] if years else "")
    return chosen, dataset.query(_BUDGETS, year=chosen).cast(schema)  # type: ignore[arg-type]  # polars takes classes of types


def _cashable(row: dict[str, object]) -> bool:
    return row["resource"] in CASHABLE_RESOURCES


def _why(row: dict[str, object], year: str) -> str:
    if not _cashable(row):
        return "the hours are freed and stay: no post, overtime or contract falls"
    line = row["line_pence"]
    if year and line is None:
        return f"a {row['resource']} falls, but the ledger of {year} has no such budget line"
    return f"a {row['resource']} falls"


def _twins(rows: pl.DataFrame) -> list[str | None]:
    """For each saving the earlier one that takes the same hours, or the same amount, from the same line."""
    first: dict[tuple[object, ...], str] = {}
    found = []
    for row in rows.iter_rows(named=True):
        amount = ("hours", row["hours_a_year"]) if row["hours_a_year"] is not None else ("pence", row["planned_pence"])
        key = (row["cost_centre_id"], row["subjective"], row["resource"], *amount)
        found.append(first.get(key))
        first.setdefault(key, row["saving_id"])
    return found
