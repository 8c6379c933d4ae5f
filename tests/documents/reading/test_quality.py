"""The goals of quality on the published reports that have an answer key, measured as the benchmark measures them."""

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from bestvalue.documents.reading import read_report

REPOSITORY = Path(__file__).parents[3]
KEYS = sorted((Path(__file__).parent / "keys").glob("*.json"))


@pytest.fixture(scope="module")
def benchmark() -> ModuleType:
    specification = importlib.util.spec_from_file_location("import_quality", REPOSITORY / "benchmarks" / "import_quality.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules["import_quality"] = module  # dataclasses look their module up
    specification.loader.exec_module(module)
    return module


def key_of(path: Path) -> dict[str, Any]:
    key: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return key


@pytest.mark.parametrize("path", KEYS, ids=lambda path: path.stem)
def test_key_says_who_made_it(path: Path) -> None:
    assert "by hand" in key_of(path)["made_by"]


@pytest.mark.parametrize("path", KEYS, ids=lambda path: path.stem)
def test_recommendations_and_paragraphs_meet_the_goal(path: Path, shared: Path, benchmark: ModuleType) -> None:
    key = key_of(path)
    report = read_report(shared / "data" / key["report"])
    quality = benchmark.measure(report, key)
    assert (report.title, report.published) == (key["title"], key["published"])
    assert quality.recall >= 0.95
    assert quality.precision >= 0.90
    assert quality.paragraph_numbers >= 0.98
    assert quality.paragraph_of_recommendation >= 0.95
    assert quality.paragraph_lines == 1


def test_benchmark_counts_a_missed_and_an_invented_recommendation(benchmark: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text(
        "Report on stores\n\nMay 2020\n\n1 Findings\n\n1.1 The stores of the force are full and nobody counts what is in them.\n\n"
        "1.2 I recommend that the stores be counted.\n\n1.3 I recommend that the keys be kept apart.\n",
        encoding="utf-8",
    )
    key = {
        "report": "report.txt",
        "recommendations": [{"number": "1.2", "paragraph": "1.2"}, {"number": "1.9", "paragraph": "1.9"}],
        "last_paragraph_of_section": {"1": 4},
        "paragraph_lines": {"1.1": [7, 7], "1.2": [8, 8]},
    }
    quality = benchmark.measure(read_report(path), key)
    assert (quality.recall, quality.precision) == (0.5, 0.5)
    assert (quality.paragraph_numbers, quality.paragraph_lines) == (0.75, 0.5)
    assert quality.candidate_recall is None


def test_two_rival_series_quoted_in_one_report_stay_apart(shared: Path) -> None:
    report = read_report(shared / "data" / "reports" / "leveson-2012-police-chapter.txt")
    assert len(report.recommendations) == 7
    assert not any("Filkin recommended" in each.text or "HMIC recommended" in each.text for each in report.recommendations)
