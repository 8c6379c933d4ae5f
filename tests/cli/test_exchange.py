"""Packages of figures made in one workspace and taken in another."""

from pathlib import Path

import pytest
from tests.cli.conftest import Command

from bestvalue.workspace import Workspace

INDICATORS = (
    "indicator_id,indicator_name,numerator,denominator,sort,multiplier,better,definition,source\n"
    "I1,Cats,cats,trees,rate,1000,lower,All cats.,us\n"
)
FORCES = "force_id,force_name,own_force,resident_population\nA,Alpha,{a},10\nB,Beta,{b},10\n"
VALUES = (
    "indicator_id,force_id,period_starts,period_ends,numerator,denominator,definition_changed\nI1,{force},2024-04-01,2025-03-31,4,10,no\n"
)


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, Path]:
    """Two workspaces, of the forces A and B, each with its own value only."""
    folders = []
    for force in "AB":
        workspace = Workspace.create(tmp_path / force, name=force)
        data = workspace.data_folder
        (data / "indicators.csv").write_text(INDICATORS, encoding="utf-8")
        (data / "forces.csv").write_text(FORCES.format(a=force == "A", b=force == "B"), encoding="utf-8")
        (data / "indicator_values.csv").write_text(VALUES.format(force=force), encoding="utf-8")
        folders.append(workspace.root)
    return folders[0], folders[1]


def test_a_package_made_in_one_workspace_is_taken_in_another_and_compared(
    bestvalue: Command, two: tuple[Path, Path], tmp_path: Path
) -> None:
    key, package = tmp_path / "club.key", tmp_path / "a.zip"
    key.write_text("a key that only the club knows\n", encoding="utf-8")
    made = bestvalue("exchange", "make", package, "--workspace", two[0], "--key-file", key)
    assert made.code == 0
    assert "1 value of 1 indicator, by Alpha" in made.out
    taken = bestvalue("exchange", "take", package, "--workspace", two[1], "--key-file", key)
    assert taken.code == 0
    assert "the club's key fits" in taken.out
    assert "1 new row of indicator_values" in taken.out
    compared = bestvalue("run", "compare.indicators", "--workspace", two[1])
    assert "Beta is compared with all 1 other forces" in compared.out


def test_taking_a_package_twice_adds_nothing(bestvalue: Command, two: tuple[Path, Path], tmp_path: Path) -> None:
    package = tmp_path / "a.zip"
    bestvalue("exchange", "make", package, "--workspace", two[0])
    bestvalue("exchange", "take", package, "--workspace", two[1])
    again = bestvalue("exchange", "take", package, "--workspace", two[1])
    assert "Nothing new" in again.out
    assert "not signed" in again.out


def test_another_key_ends_with_an_error_and_writes_nothing(bestvalue: Command, two: tuple[Path, Path], tmp_path: Path) -> None:
    key, other, package = tmp_path / "club.key", tmp_path / "other.key", tmp_path / "a.zip"
    key.write_text("a key that only the club knows", encoding="utf-8")
    other.write_text("a key of another club entirely", encoding="utf-8")
    bestvalue("exchange", "make", package, "--workspace", two[0], "--key-file", key)
    refused = bestvalue("exchange", "take", package, "--workspace", two[1], "--key-file", other)
    assert refused.code == 2
    assert "signature does not fit" in refused.err
    assert not (two[1] / "data" / "indicator_values").exists()
