# ruff: noqa: DTZ001 - times of a force's clock have no zone
"""One suite for all engines: the same statement gives the same rows, of the same types, on each."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal
from tests.spark import CLUSTER

from bestvalue.dataset.engines.choose import open_engine
from bestvalue.dataset.engines.engine import Engine, Value
from bestvalue.dataset.engines.local import LocalEngine
from bestvalue.errors import EngineError

ENGINES = [pytest.param("local", id="local"), pytest.param(CLUSTER, id="cluster", marks=pytest.mark.slow)]


@pytest.fixture(scope="module")
def parquet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rng = np.random.default_rng(7)
    rows = 400
    start = datetime(2025, 3, 29, 22, 15, 0, 250_000)  # the clocks go forward in the night that follows
    frame = pl.DataFrame(
        {
            "incident_id": [f"I{at:04d}" for at in range(rows)],
            "opened_at": [start + timedelta(minutes=int(minutes)) for minutes in rng.integers(0, 60_000, rows)],
            "day": [date(2025, 1, 1) + timedelta(days=int(days)) for days in rng.integers(0, 700, rows)],
            "area_id": rng.choice(["E1", "E2", "Neukölln"], rows),
            "grade": [None if at % 7 == 0 else f"grade {at % 3}" for at in range(rows)],
            "seconds": [None if at % 5 == 0 else float(value) for at, value in enumerate(rng.exponential(600, rows))],
            "count": rng.integers(0, 2**40, rows),
            "support": rng.random(rows) < 0.2,
        }
    )
    path = tmp_path_factory.mktemp("engines") / "incidents.parquet"
    frame.write_parquet(path)
    return path


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest, parquet: Path) -> Iterator[Engine]:
    engine = open_engine(request.param)
    engine.register("incidents", parquet)
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def local(parquet: Path) -> Iterator[Engine]:
    engine = LocalEngine()
    engine.register("incidents", parquet)
    yield engine
    engine.close()


STATEMENTS: dict[str, tuple[str, dict[str, Value]]] = {
    "every column as it is": ("SELECT * FROM incidents ORDER BY incident_id", {}),
    "words for times": (
        (
            "SELECT incident_id, iso_weekday(opened_at) AS w, hour_of_week(opened_at) AS h, day_of(opened_at) AS d, "
            "month_of(opened_at) AS m, seconds_between(CAST(day AS TIMESTAMP), opened_at) AS s FROM incidents ORDER BY incident_id"
        ),
        {},
    ),
    "a count by hour of week, area and grade": (
        (
            "SELECT hour_of_week(opened_at) AS h, area_id, grade, count(*) AS n, sum(count) AS total, avg(seconds) AS mean "
            "FROM incidents GROUP BY hour_of_week(opened_at), area_id, grade ORDER BY h, area_id, grade NULLS FIRST"
        ),
        {},
    ),
    "values of every kind": (
        (
            "SELECT count(*) AS n FROM incidents WHERE area_id = :area AND opened_at >= :since AND day < :before AND seconds > :least "
            "AND count > :count AND support = :support"
        ),
        {
            "area": "E2",
            "since": datetime(2025, 3, 30, 0, 30),
            "before": date(2026, 6, 1),
            "least": 12.5,
            "count": 5,
            "support": False,
        },
    ),
    "windows": (
        (
            "SELECT incident_id, row_number() OVER (PARTITION BY area_id ORDER BY opened_at, incident_id) AS n FROM incidents "
            "ORDER BY incident_id"
        ),
        {},
    ),
    "decimals and divisions": ("SELECT incident_id, 1.5 AS half, count / 4 AS quarter FROM incidents ORDER BY incident_id", {}),
    "no row": ("SELECT incident_id, opened_at, count FROM incidents WHERE area_id = 'nowhere'", {}),
}


@pytest.mark.parametrize("statement", STATEMENTS)
def test_a_statement_gives_the_same_rows_on_every_engine(engine: Engine, local: Engine, statement: str) -> None:
    sql, values = STATEMENTS[statement]
    assert_frame_equal(engine.query(sql, values), local.query(sql, values), check_exact=False, rel_tol=1e-12)


def test_the_words_for_times_are_those_of_the_calendar(engine: Engine, parquet: Path) -> None:
    found = engine.query("SELECT incident_id, iso_weekday(opened_at) AS w, hour_of_week(opened_at) AS h FROM incidents", {})
    opened = dict(pl.read_parquet(parquet).select("incident_id", "opened_at").iter_rows())
    for incident, weekday, hour in found.iter_rows():
        assert weekday == opened[incident].isoweekday()
        assert hour == opened[incident].weekday() * 24 + opened[incident].hour


def test_a_local_time_in_the_hour_that_the_clock_leaves_out_is_not_moved(engine: Engine) -> None:
    moved = engine.query("SELECT count(*) AS n FROM incidents WHERE incident_id = 'I0000' AND opened_at = :when", {"when": _opened(engine)})
    assert moved["n"].to_list() == [1]


def _opened(engine: Engine) -> datetime:
    when = engine.query("SELECT opened_at FROM incidents WHERE incident_id = 'I0000'", {})["opened_at"][0]
    assert isinstance(when, datetime)
    return when


def test_times_come_back_in_microseconds_without_a_zone(engine: Engine) -> None:
    assert engine.query("SELECT opened_at FROM incidents", {}).schema == {"opened_at": pl.Datetime("us")}


def test_a_refused_statement_names_its_first_line_and_the_reason(engine: Engine) -> None:
    with pytest.raises(EngineError, match="no_such_column") as refused:
        engine.query("SELECT no_such_column\nFROM incidents", {})
    assert refused.value.where == "SELECT no_such_column"


def test_a_text_that_is_no_number_is_refused_and_not_read_as_empty(engine: Engine) -> None:
    with pytest.raises(EngineError, match="refused"):
        engine.query("SELECT CAST(area_id AS INT) AS n FROM incidents", {})


def test_registering_again_replaces_the_table(engine: Engine, tmp_path: Path) -> None:
    for value in (1, 2):
        pl.DataFrame({"n": [value]}).write_parquet(tmp_path / f"{value}.parquet")
        engine.register("replaced", tmp_path / f"{value}.parquet")
    assert engine.query("SELECT n FROM replaced", {})["n"].to_list() == [2]


def test_a_folder_of_parquet_files_is_one_table(engine: Engine, tmp_path: Path) -> None:
    for value in (1, 2):
        pl.DataFrame({"n": [value]}).write_parquet(tmp_path / f"{value}.parquet")
    (tmp_path / "notes.txt").write_text("not a table")
    engine.register("folder", tmp_path)
    assert engine.query("SELECT sum(n) AS n FROM folder", {})["n"].to_list() == [3]


def test_a_folder_may_have_any_name(engine: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "review [2026] {old} 'copy' *"
    folder.mkdir()
    pl.DataFrame({"n": [1]}).write_parquet(folder / "t.parquet")
    for path in (folder, folder / "t.parquet"):
        engine.register("odd", path)
        assert engine.query("SELECT n FROM odd", {})["n"].to_list() == [1]


def test_parquet_that_is_not_there_is_named(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="table lost cannot be registered") as missing:
        engine.register("lost", tmp_path / "lost.parquet")
    assert missing.value.where == str(tmp_path / "lost.parquet")


def test_engines_of_one_setting_do_not_see_each_others_tables(engine: Engine, parquet: Path) -> None:
    other = open_engine(engine.name)
    try:
        other.register("only_here", parquet)
        with pytest.raises(EngineError):
            engine.query("SELECT * FROM only_here", {})
    finally:
        other.close()
    assert engine.query("SELECT count(*) AS n FROM incidents", {})["n"].to_list() == [400]


def test_closing_twice_is_harmless() -> None:
    engine = open_engine("local")
    engine.close()
    engine.close()


@pytest.mark.slow
def test_a_closed_spark_engine_says_so(parquet: Path) -> None:
    engine = open_engine(CLUSTER)
    engine.close()
    engine.close()
    with pytest.raises(EngineError, match="closed"):
        engine.query("SELECT 1 AS one", {})
