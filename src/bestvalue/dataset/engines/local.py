"""DuckDB inside this process: the engine of a single machine."""

import re
from collections.abc import Mapping
from pathlib import Path

import duckdb
import polars as pl

from bestvalue.dataset.engines.engine import Value
from bestvalue.dataset.engines.rows import plain_rows
from bestvalue.dataset.engines.words import DUCKDB_WORDS
from bestvalue.dataset.engines.workers import Threads
from bestvalue.errors import EngineError

_NAMED_PLACE = re.compile(r"(?<!:):([a-z_][a-z0-9_]*)")


class LocalEngine:
    """Answers SQL with DuckDB, in memory.

    Args:
        threads: at most so many threads, of queries and of other work; None for one a core.
        memory_gb: at most so much memory before spilling to `spill`.
        spill: folder for what does not fit; DuckDB does not spill from an in-memory database unless it is told where.
    """

    name = "local"

    def __init__(self, *, threads: int | None = None, memory_gb: float | None = None, spill: Path | None = None) -> None:
        config: dict[str, str | bool | int | float | list[str]] = {"preserve_insertion_order": "true"}
        if threads is not None:
            config["threads"] = threads
        if memory_gb is not None:
            config["memory_limit"] = f"{memory_gb}GB"
        if spill is not None:
            config["temp_directory"] = str(spill)
        self.workers = Threads(count=threads)
        self._connection = duckdb.connect(":memory:", config=config)
        for word in DUCKDB_WORDS:
            self._connection.execute(word).fetchall()

    def register(self, name: str, parquet: Path) -> None:
        """Make a Parquet file, or every Parquet file of a folder, known as table `name`."""
        # Listed one by one: a folder whose name holds [ or * would be taken for a pattern.
        files = sorted(parquet.glob("*.parquet")) if parquet.is_dir() else [parquet]
        quoted = ", ".join("'" + str(file).replace("'", "''") + "'" for file in files)
        try:
            self._connection.execute(f"CREATE OR REPLACE VIEW {name} AS SELECT * FROM read_parquet([{quoted}])").fetchall()
        except duckdb.Error as cause:
            raise EngineError(f"The table {name} cannot be registered: {cause}", where=str(parquet)) from cause

    def query(self, sql: str, values: Mapping[str, Value]) -> pl.DataFrame:
        """Run one statement; see `Engine.query`."""
        named = set(_NAMED_PLACE.findall(sql))
        try:
            # A cursor a query: DuckDB 2 leaves a result open on its connection until it is read to the end.
            with self._connection.cursor() as cursor:
                answer = cursor.sql(_NAMED_PLACE.sub(r"$\1", sql), params={name: values[name] for name in named})
                return plain_rows(answer.to_arrow_table())
        except duckdb.Error as cause:
            raise EngineError(f"The query was refused: {cause}", where=sql.strip().splitlines()[0]) from cause

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()
