"""Are the contract's columns in the header? Which are missing, which are unknown, and what was probably meant?"""

import difflib
from collections.abc import Sequence

from bestvalue.dataset.contracts import Table
from bestvalue.errors import Fault


def header_faults(header: Sequence[str], table: Table, *, file: str) -> list[Fault]:
    """A fault for each required column that the header lacks, with the header's name that looks like it."""
    missing = [column.name for column in table.columns if column.required and column.name not in header]
    unknown = [name for name in header if name not in table.schema]
    return [
        Fault(
            what=f"the column {name} is missing{did_you_mean(name, unknown)}",
            file=file,
            row=1,
            column=name,
            next_step=f"Add the column: {table.column(name).means}",
        )
        for name in missing
    ]


def header_warnings(header: Sequence[str], table: Table, *, file: str) -> list[str]:
    """A sentence for each column that is not in the contract, with the contract's name that looks like it."""
    absent = [name for name in table.schema if name not in header]
    unknown = [name for name in header if name not in table.schema]
    return [f'{file}: the column "{name}" is not in the contract and is not read{did_you_mean(name, absent)}' for name in unknown]


def did_you_mean(name: str, names: Sequence[str]) -> str:
    """The words that ask whether the nearest of `names` was meant; nothing where none is near."""
    plain = {_plain(other): other for other in names}
    near = difflib.get_close_matches(_plain(name), list(plain), n=1, cutoff=0.7)
    return f'; did you mean "{plain[near[0]]}"?' if near else ""


def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())
