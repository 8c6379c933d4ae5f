"""What does an analysis read? Checked tables, behind one engine, each named by the digest of its content."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import polars as pl

from bestvalue.dataset.engines.engine import Engine, Value
from bestvalue.errors import TableError


@dataclass(frozen=True, kw_only=True)
class CheckedTable:
    """A table that passed its contract, as Parquet.

    Args:
        name: the contract's name.
        parquet: the file.
        digest: SHA-256 of what it was made from: the files' bytes, the reader and the contract.
        rows: how many rows it has.
        source: where it came from, as words: file names and reader.
    """

    name: str
    parquet: Path
    digest: str
    rows: int
    source: str


@dataclass(frozen=True, kw_only=True)
class TableAtFault:
    """A table of which single rows break the contract, and nothing else is wrong.

    Args:
        table: with the rows at fault in it.
        broken: how many rows break each check, by what it says.
        place: says where a row of the table stands in the files; rows are numbered from 0.
    """

    table: CheckedTable
    broken: Mapping[str, int]
    place: Callable[[int], str]


@dataclass(frozen=True, kw_only=True)
class SetApart:
    """Rows of a table that broke its contract, under the rule of the analysis that answers for them.

    Args:
        table: its name.
        counted_as: what the analysis calls them.
        rows: how many; of: rows of the table with them.
        first: where the first of them stands.
        left_out: the analysis does not see them; False where it uses them as they are.
    """

    table: str
    counted_as: str
    rows: int
    of: int
    first: str
    left_out: bool


class Dataset:
    """The checked tables of one force, ready to be asked.

    Args:
        tables: checked tables by name.
        engine: what answers the SQL; the same rows come back from each.
        synthetic: the data are invented; every page and report made from them says so.
        time_zone: IANA name of the clock that the times are in.
        parts: folder in which a long analysis keeps the parts of its work that are finished, so that it need not do them again after
            it was stopped; None to keep nothing. No number depends on it.
        at_fault: tables of which single rows are at fault: no analysis is asked of them but one that answers for such rows.
        set_apart: rows at fault that the analysis which is asked answers for.
    """

    def __init__(
        self,
        tables: Mapping[str, CheckedTable],
        *,
        engine: Engine,
        synthetic: bool = False,
        time_zone: str = "Europe/London",
        parts: Path | None = None,
        at_fault: Mapping[str, TableAtFault] = MappingProxyType({}),
        set_apart: tuple[SetApart, ...] = (),
    ) -> None:
        self.tables = dict(tables)
        self.engine = engine
        self.synthetic = synthetic
        self.time_zone = time_zone
        self.parts = parts
        self.at_fault = dict(at_fault)
        self.set_apart = set_apart
        for table in self.tables.values():
            engine.register(table.name, table.parquet)

    def query(self, sql: str, **values: Value) -> pl.DataFrame:
        """The rows that one plain SQL statement returns.

        Args:
            sql: a statement that DuckDB and Spark both take; values come in as `:name`. `engines.words` lists the few
                functions that are spelt alike on both.
            **values: the values for the `:name` places.

        Raises:
            EngineError: the engine refused the statement.
        """
        return self.engine.query(sql, values)

    def require(self, names: Iterable[str], *, by: str) -> None:
        """Check that these tables are here.

        Raises:
            TableError: one is not; the message names all that are missing.
        """
        missing = sorted(set(names) - set(self.tables))
        if missing:
            listed = ", ".join(missing)
            raise TableError(
                f"{by} needs the {'table' if len(missing) == 1 else 'tables'} {listed}, which this dataset does not have",
                where="data",
                next_step=f"Put {missing[0]}.csv, .parquet or a workbook with a sheet {missing[0]} into the data folder, "
                "then type: bestvalue check",
            )

    def digest(self, names: Iterable[str]) -> str:
        """SHA-256 over the digests of these tables: changes when any of their rows does."""
        listed = "\n".join(f"{name} {self.tables[name].digest}" for name in sorted(set(names)))
        return hashlib.sha256(listed.encode()).hexdigest()
