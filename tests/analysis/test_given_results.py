"""A result of one analysis as a parameter of another."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.analysis.test_store import MADE, a_result

from bestvalue.analysis.contract import AnalysisSpec, GivenResult, read_results, result_parameter, results_in
from bestvalue.analysis.settings import parse_settings
from bestvalue.analysis.store import ResultStore
from bestvalue.errors import SpecError, WorkspaceError


class Spec(AnalysisSpec):
    """Takes a result."""

    earlier: GivenResult | None = result_parameter(of="test.one", title="Earlier", help="An earlier count.")


def test_a_given_result_is_its_digest_in_a_spec() -> None:
    spec = parse_settings(Spec, {"earlier": "ABCDEF0123"})
    assert spec.model_dump(mode="json") == {"seed": 1, "earlier": "abcdef0123"}
    assert parse_settings(Spec, {}).model_dump(mode="json")["earlier"] is None
    assert Spec.model_json_schema()["properties"]["earlier"]["result_of"] == "test.one"


def test_what_is_no_digest_is_refused_in_plain_words() -> None:
    with pytest.raises(SpecError, match="a result is named by the 8 to 64 characters of its digest"):
        parse_settings(Spec, {"earlier": "the last one"})


def test_a_result_that_was_not_read_cannot_be_used() -> None:
    given = results_in(parse_settings(Spec, {"earlier": "abcdef0123"}))["earlier"]
    with pytest.raises(SpecError, match="was not read"):
        _ = given.result


def test_reading_asks_for_the_named_analysis_and_fills_the_spec() -> None:
    asked = []

    def read(of: str, digest: str) -> GivenResult:
        asked.append((of, digest))
        return GivenResult("f" * 64, a_result())

    spec = read_results(parse_settings(Spec, {"earlier": "abcdef0123"}), read)
    assert asked == [("test.one", "abcdef0123")]
    assert results_in(spec)["earlier"].result.title == "Count"
    assert read_results(parse_settings(Spec, {}), read).earlier is None


def test_results_are_listed_by_analysis_the_newest_first(tmp_path: Path) -> None:
    store = ResultStore(tmp_path / "results")
    first, second, other = (
        store.put(a_result(text=text, made=replace(MADE, analysis=analysis, started_at=datetime(2026, 1, day, tzinfo=UTC)))).digest
        for text, analysis, day in (("One.", "test.one", 1), ("Two.", "test.one", 2), ("Three.", "test.other", 3))
    )
    assert [kept.digest for kept in store.kept_of("test.one")] == [second, first]
    assert store.whole_digest(other[:8], of="test.other") == other
    with pytest.raises(WorkspaceError, match=r"No result of test\.one begins with"):
        store.whole_digest(other[:8], of="test.one")


def test_results_of_before_there_were_notes_are_found(tmp_path: Path) -> None:
    import shutil

    store = ResultStore(tmp_path / "results")
    digest = store.put(a_result()).digest
    shutil.rmtree(tmp_path / "results" / "by-analysis")
    assert [kept.digest for kept in store.kept_of("test.one")] == [digest]


def test_a_result_that_builds_on_none_has_the_digest_of_before(tmp_path: Path) -> None:
    store = ResultStore(tmp_path / "results")
    alone, built = store.put(a_result()), store.put(a_result(made=replace(MADE, results={"earlier": "f" * 64})))
    assert "results" not in (tmp_path / "results" / alone.digest[:2] / alone.digest / "result.json").read_text()
    assert store.get(built.digest).result.provenance.results == {"earlier": "f" * 64}
    assert alone.digest != built.digest
