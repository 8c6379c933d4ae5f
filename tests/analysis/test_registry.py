from collections.abc import Iterator
from pathlib import Path

import pytest

from bestvalue.analysis.registry import PluginWarning, find_analyses, find_analysis
from bestvalue.errors import SpecError

PLUGIN = """
from bestvalue.analysis.contract import Analysis, AnalysisSpec, Answer, Figure, ResultTable, Statement
import polars as pl

def answer(dataset, spec, progress):
    figure = Figure(name="one", value=1, unit="none", base="nothing")
    table = ResultTable(title="One", rows=pl.DataFrame({"a": [1]}))
    return Answer(statements=(Statement(text="One.", figures=(figure,)),), tables={"one": table})

ANALYSIS = Analysis(name="%s", title="One", question="Is it one?", needs=("incidents",), Spec=AnalysisSpec, answer=answer)
"""


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    """Install a package that names one entry point in our group."""

    def install(code: str, *, point: str = "ANALYSIS", package: str = "plugged") -> None:
        (tmp_path / f"{package}.py").write_text(code, encoding="utf-8")
        information = tmp_path / f"{package}-1.0.dist-info"
        information.mkdir()
        (information / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n", encoding="utf-8")
        (information / "entry_points.txt").write_text(f"[bestvalue.analyses]\none = {package}:{point}\n", encoding="utf-8")
        monkeypatch.syspath_prepend(str(tmp_path))
        find_analyses.cache_clear()

    yield install
    find_analyses.cache_clear()


def test_our_own_analyses_are_found_by_walking_the_packages() -> None:
    assert find_analysis("challenge.demand").needs == ("incidents",)


def test_another_package_adds_an_analysis_by_its_entry_point(install) -> None:
    install(PLUGIN % "plugged.one")
    assert find_analysis("plugged.one").question == "Is it one?"


def test_a_plug_in_that_cannot_be_loaded_is_named_and_the_others_still_work(install) -> None:
    install("raise RuntimeError('no database')", package="broken")
    with pytest.warns(PluginWarning, match=r"one of broken could not be loaded.*no database"):
        assert "challenge.demand" in find_analyses()


def test_a_plug_in_that_is_no_analysis_is_left_out_by_name(install) -> None:
    install("THING = 3", point="THING", package="odd")
    with pytest.warns(PluginWarning, match="one of odd is no Analysis"):
        find_analyses()


def test_a_plug_in_cannot_take_the_name_of_ours(install) -> None:
    install(PLUGIN % "challenge.demand", package="rival")
    with pytest.warns(PluginWarning, match="offers challenge.demand, which is there already"):
        assert find_analysis("challenge.demand").title == "Demand"


def test_a_name_that_is_nearly_right_is_answered_with_the_right_one() -> None:
    with pytest.raises(SpecError) as error:
        find_analysis("chalenge.demands")
    assert error.value.next_step == "Did you mean challenge.demand?"
