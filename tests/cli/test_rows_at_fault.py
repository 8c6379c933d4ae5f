"""A force's records with rows that cannot be right, asked through the command: the others are asked, and every row is accounted for."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.analysis.challenge.resources.conftest import Tables, small_force, table
from tests.cli.conftest import Command

SMALL = [
    f"--set={setting}" for setting in ("factors=0.5,1", "weeks=2", "most_replications=2", "marginal_pools=0", "find_mix=false", "seed=3")
]
EARLY, STRAY, UNTIMED, NEGATIVE, TWICE, AGAIN = 202, 12, 5, 4, 6, 3


def spoil(tables: Tables) -> None:
    """Rows that cannot be right, after the sound ones."""
    deployments, shifts = tables["deployments"], tables["shifts"]
    sound = list(deployments)
    for at in range(EARLY):
        deployments.append(sound[at] | {"deployment_id": f"early {at}", "arrived_at": sound[at]["assigned_at"] - timedelta(minutes=3)})
    deployments.extend(sound[at] | {"deployment_id": f"stray {at}", "unit_id": "TSG-E01"} for at in range(STRAY))
    deployments.extend(sound[at] | {"deployment_id": f"untimed {at}", "assigned_at": None} for at in range(UNTIMED))
    deployments.extend(sound[at] for at in range(TWICE))  # the same number twice
    deployments.extend(sound[at] | {"deployment_id": f"zz again {at}"} for at in range(AGAIN))  # the same job under two numbers
    shifts.extend(shifts[at] | {"starts_minute": -5} for at in range(NEGATIVE))


Ask = Callable[..., dict[str, Any]]


@pytest.fixture
def force(tmp_path: Path, bestvalue: Command) -> Callable[..., Path]:
    """Make a workspace of a small force, after `change` has spoilt its rows."""

    def force(name: str, change: Callable[[Tables], None] | None = None) -> Path:
        folder = tmp_path / name
        bestvalue("new", folder)
        tables = small_force()
        if change is not None:
            change(tables)
        for named, rows in tables.items():
            table(named, rows).write_csv(folder / "data" / f"{named}.csv", datetime_format="%Y-%m-%d %H:%M:%S")
        return folder

    return force


@pytest.mark.slow
def test_rows_that_cannot_be_right_change_no_other_number_and_every_row_of_a_file_is_accounted_for(
    force: Callable[..., Path], bestvalue: Command
) -> None:
    sound, spoilt = force("sound"), force("spoilt", spoil)
    ended = [bestvalue("run", "challenge.resources", *SMALL, "--json", "--workspace", folder) for folder in (sound, spoilt)]
    assert [one.code for one in ended] == [0, 0], ended[1].err
    clean, found = (json.loads(one.out) for one in ended)
    assert {name for name in clean["tables"] if clean["tables"][name] != found["tables"][name]} == {"rows_used"}
    account = pl.DataFrame(found["tables"]["rows_used"]["rows"])
    for named in ("incidents", "deployments", "shifts", "units", "pools"):
        rows = pl.read_csv(spoilt / "data" / f"{named}.csv").height
        assert account.filter(pl.col("table") == named)["rows"].sum() == rows, named
    counted = {(row["table"], row["what"]): row["rows"] for row in account.iter_rows(named=True)}
    assert counted["deployments", "arrived before it was sent, or cleared before it arrived"] == EARLY
    assert counted["deployments", "unit is not in the table"] == STRAY
    assert counted["deployments", "a value that every row must have is empty"] == UNTIMED
    assert counted["deployments", "same number as an earlier row"] == TWICE
    assert counted["deployments", "same unit, incident and time twice"] == AGAIN
    assert counted["deployments", "around a change of the clock"] > 0  # 30 March 2025 is among the weeks
    assert counted["shifts", "a value is out of its bounds or not allowed"] == NEGATIVE
    said = found["statements"][1]
    assert said["kind"] == "limit"
    assert "202 of 2,748 deployments (arrived before it was sent" in said["text"]
    assert "first: deployments.csv, row 2,522" in said["text"]


def test_the_check_still_reports_every_such_row_and_groups_those_of_one_value(force: Callable[..., Path], bestvalue: Command) -> None:
    ended = bestvalue("check", "--workspace", force("spoilt", spoil))
    assert ended.code == 2
    assert "challenge.resources: yes, without the rows at fault of deployments, shifts, which it counts" in ended.out
    assert 'unit_id "TSG-E01" is not in units.unit_id: 12 rows, first at row 2,724' in ended.err
    assert "arrived_at is before assigned_at: 202 rows, first at row 2,522" in ended.err
    assert f"{EARLY + STRAY + UNTIMED + TWICE + NEGATIVE} faults found" in ended.err
    assert "more like these" not in ended.err


def a_unit_twice(tables: Tables) -> None:
    for row in tables["deployments"][:3]:
        row["wave"] = 7
    tables["units"].append(dict(tables["units"][0]))


def test_a_fault_that_the_question_has_no_rule_for_still_refuses_it(force: Callable[..., Path], bestvalue: Command) -> None:
    twice = bestvalue("run", "challenge.resources", *SMALL, "--workspace", force("twice", a_unit_twice))
    assert twice.code == 2
    assert 'unit_id "A00" is in row 2 already' in twice.err
    folder = force("shape")
    path = folder / "data" / "deployments.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("assigned_at", "sent", 1), encoding="utf-8")
    shape = bestvalue("run", "challenge.resources", *SMALL, "--workspace", folder)
    assert shape.code == 2
    assert "the column assigned_at is missing" in shape.err
