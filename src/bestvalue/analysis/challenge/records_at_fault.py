"""Which faults of single records do the questions about resources answer for, and what do they call such rows?

A force's records hold a few rows that cannot be right. None of these questions hangs on one row, so they are asked of the others, and
every row that is left out is counted under its rule.
"""

from collections.abc import Mapping, Sequence

import polars as pl

from bestvalue.dataset.checks.kinds import FaultKind
from bestvalue.dataset.dataset import Dataset, SetApart
from bestvalue.dataset.row_checks import AccountsFor

ACCOUNT = {"table": pl.String, "what": pl.String, "rows": pl.Int64, "rule": pl.String}
"""Columns of an account of rows: of each table the rows used and left out add up to the rows of its files."""

ADDS_UP = "For each table the rows used and left out add up to the rows of its files; the first reason that fits is the one that counts."

USED = "used"
ORDER = "arrived before it was sent, or cleared before it arrived"
NO_INCIDENT = "incident is not in the table"
NO_UNIT = "unit is not in the table"
TWICE = "same number as an earlier row"
EMPTY = "a value that every row must have is empty"
RANGE = "a value is out of its bounds or not allowed"
_EACH = {FaultKind.EMPTY: EMPTY, FaultKind.RANGE: RANGE, FaultKind.TWICE: TWICE}


def faults_of(table: str, *others: AccountsFor) -> tuple[AccountsFor, ...]:
    """Faults that any table's rows may have, and `others` of its own."""
    return (*others, *(AccountsFor(table=table, kind=kind, counted_as=said) for kind, said in _EACH.items()))


def of_unit(table: str) -> AccountsFor:
    """Rows of a unit that is not in the units table."""
    return AccountsFor(table=table, kind=FaultKind.REFERENCE, columns=("unit_id",), counted_as=NO_UNIT)


DEPLOYMENTS = faults_of(
    "deployments",
    AccountsFor(table="deployments", kind=FaultKind.REFERENCE, columns=("incident_id",), counted_as=NO_INCIDENT),
    of_unit("deployments"),
    AccountsFor(table="deployments", kind=FaultKind.RULE, counted_as=ORDER),
)
INCIDENTS = faults_of(
    "incidents",
    AccountsFor(
        table="incidents",
        kind=FaultKind.RULE,
        columns=("closed_at",),
        counted_as="closed before it was reported: its closing time is not read",
        left_out=False,
    ),
)
SHIFTS = faults_of(
    "shifts", of_unit("shifts"), AccountsFor(table="shifts", kind=FaultKind.RULE, counted_as="its break is as long as the turn")
)
ABSTRACTIONS = faults_of(
    "abstractions",
    of_unit("abstractions"),
    AccountsFor(table="abstractions", kind=FaultKind.RULE, counted_as="ends before it starts"),
    AccountsFor(
        table="abstractions",
        kind=FaultKind.REFERENCE,
        columns=("event_id",),
        counted_as="its event is not in the table: the event is not read",
        left_out=False,
    ),
)
UNIT_SKILLS = faults_of("unit_skills", of_unit("unit_skills"))


def with_set_apart(account: pl.DataFrame, dataset: Dataset, tables: Sequence[str] | None = None) -> pl.DataFrame:
    """An account of rows with those that the analysis did not see, because they broke their table's contract.

    Args:
        account: `ACCOUNT`, of the rows that it saw.
        dataset: that it was asked of.
        tables: whose rows; those of `account` where left out.
    """
    named = set(account["table"]) if tables is None else set(tables)
    left = [one for one in dataset.set_apart if one.left_out and one.table in named]
    extra: Mapping[tuple[str, str], int] = {(one.table, one.counted_as): one.rows for one in left}
    known = account.select("table", "what").rows()
    seen = account.with_columns(
        rows=pl.Series(
            [rows + extra.get(key, 0) for key, rows in zip(known, account["rows"], strict=True)],
            dtype=pl.Int64,
        )
    )
    new = [_line(one) for one in left if (one.table, one.counted_as) not in known]
    whole = pl.concat([seen, pl.DataFrame(new, schema=ACCOUNT, orient="row")])
    order = {name: place for place, name in enumerate(dict.fromkeys(whole["table"]))}
    # A table's rows stay together, and what is used comes where the analysis put it.
    return whole.sort(pl.col("table").replace_strict(order, return_dtype=pl.Int64), maintain_order=True)


def _line(one: SetApart) -> tuple[str, str, int, str]:
    return (one.table, one.counted_as, one.rows, "first one kept" if one.counted_as == TWICE else "left out")
