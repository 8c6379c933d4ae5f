"""What must a data engine do? Hold Parquet tables by name and answer plain SQL with the same rows as the other one."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

import polars as pl

from bestvalue.dataset.engines.workers import Workers

Value = str | int | float | bool | date | datetime
"""What may stand for a `:name` in a statement."""


class Engine(Protocol):
    """Answers SQL over registered tables."""

    @property
    def name(self) -> str:
        """How results name it: "local" or the address of a Spark cluster."""
        ...

    @property
    def workers(self) -> Workers:
        """Who does the work that is not SQL: threads beside a local engine, executors of a cluster."""
        ...

    def register(self, name: str, parquet: Path) -> None:
        """Make the Parquet file or folder known as table `name`; a second time replaces the first."""
        ...

    def query(self, sql: str, values: Mapping[str, Value]) -> pl.DataFrame:
        """Run one statement, with `values` for its `:name` places.

        Raises:
            EngineError: the engine refused it; the message holds the statement's first line and the engine's reason.
        """
        ...

    def close(self) -> None:
        """Let go of connections and sessions; harmless the second time."""
        ...
