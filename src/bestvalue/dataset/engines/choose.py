"""Which engine does a setting name?"""

import re
from pathlib import Path

from bestvalue.dataset.engines.engine import Engine
from bestvalue.dataset.engines.local import LocalEngine
from bestvalue.dataset.engines.spark import SparkEngine
from bestvalue.errors import EngineError

_SPARK_ADDRESS = re.compile(r"spark://[^\s/]+:\d+|local\[(\d+|\*)\]|local-cluster\[\d+,\d+,\d+\]")


def open_engine(setting: str, *, threads: int | None = None, memory_gb: float | None = None, spill: Path | None = None) -> Engine:
    """Open the engine that a setting names. Close it when done.

    Args:
        setting: "local" for DuckDB in this process; "spark://host:port" for a Spark cluster; "local[2]" or
            "local-cluster[2,1,1024]" for Spark on this machine.
        threads: at most so many threads; None for one a core. A Spark cluster has its own.
        memory_gb: at most so much memory in this process; None for the engine's own choice.
        spill: folder for what does not fit in memory.

    Raises:
        EngineError: the setting names no engine, or the engine cannot be started.
    """
    if setting == "local":
        return LocalEngine(threads=threads, memory_gb=memory_gb, spill=spill)
    if _SPARK_ADDRESS.fullmatch(setting):
        return SparkEngine(setting, memory_gb=memory_gb, spill=spill)
    raise EngineError(
        f'"{setting}" names no engine',
        where="setting engine",
        next_step='Write engine = "local" for this machine, or engine = "spark://host:7077" for a Spark cluster.',
    )
