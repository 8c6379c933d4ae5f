"""Which survey do the analyses read? Its tables take the place of those of another one, which are kept aside."""

import shutil
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from bestvalue.dataset.contracts import STORED_AS
from bestvalue.dataset.folder import find_tables
from bestvalue.dataset.tables import TABLES
from bestvalue.errors import TableError

REPLACED = "_replaced"
"""Folder for what was replaced; names that begin with an underscore are not read."""

TABLES_OF_A_SURVEY = ("survey_sample", "survey_items", "survey_answers", "open_answers", "codebook", "coded_segments")
"""They name each other's people, questions and answers, so those of two surveys cannot lie side by side."""

Rows = Sequence[Mapping[str, Any]]


def frames(tables: Mapping[str, Rows]) -> dict[str, pl.DataFrame]:
    """Rows as frames with the columns of their tables; a table without rows is left out."""
    return {name: pl.DataFrame(list(rows), schema=_schema(name, rows)) for name, rows in tables.items() if rows}


def write_tables(folder: Path, tables: Mapping[str, Rows], *, as_parquet: bool = False) -> dict[str, Path]:
    """Write each table as a file of its name.

    Raises:
        TableError: a file of that name is there already.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written: dict[str, Path] = {}
    for name, frame in frames(tables).items():
        file = folder / f"{name}.{'parquet' if as_parquet else 'csv'}"
        if file.exists():
            raise TableError("The file is there already", where=str(file), next_step="Name an empty folder.")
        if as_parquet:
            frame.write_parquet(file)
        else:
            frame.write_csv(file)
        written[name] = file
    return written


def replace_survey(data_folder: Path, tables: Mapping[str, Rows], *, at: datetime) -> dict[str, int]:
    """Put the tables of a survey in place of another one's; returns the rows of each.

    Args:
        data_folder: of the workspace.
        tables: rows by table; those of `TABLES_OF_A_SURVEY` that are not among them are set aside too.
        at: now; names the folder that keeps what is set aside.

    Raises:
        TableError: a workbook holds a survey table beside others, and cannot be set aside for it.
    """
    found = find_tables(data_folder).tables
    mixed = [path for name in TABLES_OF_A_SURVEY for path in found.get(name, ()) if _holds_others(path, found)]
    if mixed:
        raise TableError(
            "The workbook holds tables of a survey beside others",
            where=mixed[0].name,
            next_step="Save the tables of the survey in a workbook of their own.",
        )
    kept = data_folder / REPLACED / at.strftime("%Y-%m-%dT%H-%M-%S-%f")
    for path in {path for name in TABLES_OF_A_SURVEY for path in found.get(name, ())}:
        kept.mkdir(parents=True, exist_ok=True)
        shutil.move(path, kept / path.name)
    written = frames(tables)
    for name, frame in written.items():
        frame.write_parquet(data_folder / f"{name}.parquet")
    return {name: frame.height for name, frame in written.items()}


def _holds_others(path: Path, found: Mapping[str, Sequence[Path]]) -> bool:
    return any(path in paths for name, paths in found.items() if name not in TABLES_OF_A_SURVEY)


def _schema(name: str, rows: Rows) -> dict[str, pl.DataType]:
    there = {key for row in rows for key in row}
    return {column.name: STORED_AS[column.kind] for column in TABLES[name].columns if column.name in there}
