"""Which stored rows break the contract, and where did each come from?"""

from collections.abc import Callable

import duckdb

from bestvalue.dataset.checks.conditions import Broken, Condition, conditions, count_broken, find_broken
from bestvalue.dataset.checks.keys import Repeat, count_repeats, find_repeats
from bestvalue.dataset.contracts import Table
from bestvalue.dataset.convert.places import Place
from bestvalue.dataset.convert.stored import checking_connection
from bestvalue.dataset.convert.tally import Tally
from bestvalue.dataset.row_checks import says_of_key
from bestvalue.errors import LISTED_EACH, SHOWN_FAULTS, Fault, several


def find_row_faults(table: Table, relation: str, find: Callable[[int], Place], *, tally: Tally, required: bool) -> None:
    """Hold every condition of a contract, and its key, against stored rows; each fault goes to the tally.

    Args:
        table: the contract.
        relation: SQL of the rows, numbered by `place`.
        find: where the row of a number stands in the files.
        tally: takes the faults and the list of checks.
        required: check that required columns have values; False where the texts were checked for that.
    """
    checks = conditions(table, required=required)
    with checking_connection() as connection:
        for check, broken in zip(checks, count_broken(connection, relation, checks), strict=True):
            tally.check(check.says, broken)
            if broken:
                rows = find_broken(connection, relation, check, most=SHOWN_FAULTS, grouped=broken > LISTED_EACH)
                tally.fault((_fault(check, row, find(row.place)) for row in rows), total=broken)
        _find_key_faults(connection, table, relation, find, tally)


def _fault(check: Condition, row: Broken, place: Place) -> Fault:
    return Fault(
        what=check.fault.replace("{value}", str(row.value)) + several(row.rows, place.row),
        file=place.file,
        row=place.row,
        column=check.column,
        next_step=check.next_step,
        rows=row.rows,
    )


def _find_key_faults(
    connection: duckdb.DuckDBPyConnection, table: Table, relation: str, find: Callable[[int], Place], tally: Tally
) -> None:
    repeated = count_repeats(connection, relation, table.key)
    tally.check(says_of_key(table.key), repeated)
    if repeated:
        rows = find_repeats(connection, relation, table.key, most=SHOWN_FAULTS)
        tally.fault((_repeat(table, row, find) for row in rows), total=repeated)


def _repeat(table: Table, row: Repeat, find: Callable[[int], Place]) -> Fault:
    place, first = find(row.place), find(row.first_place)
    other = f"row {first.row:,}" if first.file == place.file else str(first)
    key = ", ".join(f'{name} "{value}"' for name, value in zip(table.key, row.key, strict=True))
    return Fault(
        what=f"{key} is in {other} already",
        file=place.file,
        row=place.row,
        column=", ".join(table.key),
        next_step="Give each row a key of its own, or remove the row that is there twice.",
    )
