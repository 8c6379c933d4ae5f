"""Checking one table that was brought to the site, in a process of its own: it knows the folders, and nothing of the record."""

from collections.abc import Mapping
from pathlib import Path

from bestvalue.dataset.load import Chosen, check_folder
from bestvalue.dataset.report import TableReport


def check_table(table: str, files: Path, *, named: Mapping[str, Chosen], data_folder: Path, cache: Path, time_zone: str) -> TableReport:
    """Check the files of a table in the company of the tables that are there.

    Args:
        table: its name.
        files: the folder that its files were set aside in.
        named: the files of other tables, where the settings of the workspace name them.
        data_folder: the tables that are there.
        cache: folder for what is made ready.
        time_zone: the force's clock.
    """
    return check_folder(data_folder, cache=cache, time_zone=time_zone, chosen={**named, table: ([files], None)}).tables[table].report
