import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bestvalue.analysis.contract import Chart, Figure, Provenance, Result, ResultTable, Statement
from bestvalue.analysis.registry import find_analysis
from bestvalue.analysis.store import RESULT_FILE, ResultStore, digest_of, result_as_json, result_schema
from bestvalue.dataset.dataset import Dataset
from bestvalue.errors import WorkspaceError

MADE = Provenance(
    analysis="test.one",
    analysis_version=1,
    dataset="d",
    tables={"incidents": "t"},
    rows={"incidents": 3},
    sources={"incidents": "a test"},
    spec={"seed": 1},
    synthetic=False,
    engine="local",
    versions={"python": "3.11"},
    started_at=datetime(2026, 1, 1, tzinfo=UTC),
    duration_seconds=0.5,
)


def a_result(*, rows: pl.DataFrame | None = None, text: str = "Three.", made: Provenance = MADE) -> Result:
    figure = Figure(name="incidents", value=3, unit="incidents", base="3 incidents", base_count=3, low=1.0, high=5.5, confidence=0.95)
    return Result(
        question="How many?",
        title="Count",
        statements=(Statement(text=text, figures=(figure,)), Statement(text="Not when.", kind="limit")),
        tables={"counts": ResultTable(title="Counts", rows=pl.DataFrame({"n": [3]}) if rows is None else rows, units={"n": "incidents"})},
        charts={"bars": Chart(title="Bars", spec={"mark": "bar"}, alt="One bar.", table="counts")},
        caveats=("Recorded only.",),
        provenance=made,
    )


@pytest.fixture
def store(tmp_path: Path) -> ResultStore:
    return ResultStore(tmp_path / "results")


TABLES = st.builds(
    lambda numbers, texts: pl.DataFrame({"x": numbers, "t": [texts[place % len(texts)] for place in range(len(numbers))]}),
    st.lists(st.none() | st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=20),
    st.lists(st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=8), min_size=1, max_size=5),
)


@given(rows=TABLES)
def test_a_kept_result_comes_back_as_it_was(rows: pl.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> None:
    store = ResultStore(tmp_path_factory.mktemp("results"))
    kept = store.put(a_result(rows=rows))
    back = store.get(kept.digest).result
    assert back.tables["counts"].rows.equals(rows)
    assert replace(back, tables={}) == replace(kept.result, tables={})


def test_the_digest_does_not_know_engine_versions_or_time() -> None:
    elsewhere = replace(
        MADE, engine="spark://cluster:7077", versions={"python": "3.13"}, started_at=datetime(2027, 1, 1, tzinfo=UTC), duration_seconds=9.0
    )
    assert digest_of(a_result(made=elsewhere)) == digest_of(a_result())


@pytest.mark.parametrize(
    "other",
    [
        a_result(text="Four."),
        a_result(rows=pl.DataFrame({"n": [4]})),
        a_result(rows=pl.DataFrame({"n": [3.0]})),
        a_result(rows=pl.DataFrame({"n": [None]}, schema={"n": pl.Int64})),
        a_result(made=replace(MADE, spec={"seed": 2})),
        a_result(made=replace(MADE, dataset="another")),
        a_result(made=replace(MADE, analysis_version=2)),
    ],
    ids=["statement", "value", "type", "gap", "spec", "dataset", "version"],
)
def test_another_content_has_another_digest(other: Result) -> None:
    assert digest_of(other) != digest_of(a_result())


def test_an_empty_text_and_a_missing_one_differ() -> None:
    empty, missing = (a_result(rows=pl.DataFrame({"t": [value]}, schema={"t": pl.String})) for value in ("", None))
    assert digest_of(empty) != digest_of(missing)


def test_the_first_copy_of_a_content_stays(store: ResultStore) -> None:
    first = store.put(a_result())
    store.put(a_result(made=replace(MADE, duration_seconds=99.0)))
    assert store.get(first.digest).result.provenance.duration_seconds == MADE.duration_seconds
    assert store.digests() == [first.digest]


def test_a_changed_file_is_refused_by_name(store: ResultStore, tmp_path: Path) -> None:
    kept = store.put(a_result())
    place = tmp_path / "results" / kept.digest[:2] / kept.digest
    content = json.loads((place / RESULT_FILE).read_text(encoding="utf-8"))
    content["statements"][0]["text"] = "Thirty."
    (place / RESULT_FILE).write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(WorkspaceError, match="damaged") as error:
        store.get(kept.digest)
    assert kept.digest in error.value.where


def test_a_table_that_cannot_be_read_is_refused_by_name(store: ResultStore, tmp_path: Path) -> None:
    kept = store.put(a_result())
    (tmp_path / "results" / kept.digest[:2] / kept.digest / "counts.parquet").write_bytes(b"PAR1")
    with pytest.raises(WorkspaceError, match="damaged"):
        store.get(kept.digest)


def test_a_kept_answer_is_found_by_dataset_and_spec(store: ResultStore, three_incidents: Dataset) -> None:
    demand = find_analysis("challenge.demand")
    spec, other = demand.Spec(forecast=False), demand.Spec(forecast=False, horizon_years=2)
    kept = store.put(demand.run(three_incidents, spec))
    found = store.find(demand, three_incidents, spec)
    assert found is not None
    assert found.digest == kept.digest
    assert store.find(demand, three_incidents, other) is None


def test_the_json_of_a_result_fits_its_published_schema() -> None:
    printed = json.loads(json.dumps(result_as_json(a_result(), "abc")))
    jsonschema.validate(printed, result_schema())
    assert printed["tables"]["counts"]["rows"] == [{"n": 3}]


def test_a_result_shows_itself_in_a_notebook_and_escapes_what_it_shows() -> None:
    demanding = a_result(text="<script>alert(1)</script>", rows=pl.DataFrame({"n": ["<b>"]}))
    shown = replace(demanding, charts={})._repr_html_()
    assert "&lt;script&gt;" in shown
    assert "<script>" not in shown
    assert "&lt;b&gt;" in shown
