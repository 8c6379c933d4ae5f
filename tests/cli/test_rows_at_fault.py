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
    for at in range(AGAIN):  # the same job under two numbers, the second with another end
        deployments.append(sound[at] | {"deployment_id": f"zz again {at}", "cleared_at": sound[at]["cleared_at"] + timedelta(hours=9)})
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


@pytest.mark.slow
def test_a_roster_is_the_same_without_such_rows_and_accounts_for_every_row(force: Callable[..., Path], bestvalue: Command) -> None:
    sound, spoilt = force("sound"), force("spoilt", spoil)
    few = ["--set=lines=8x5", "--set=weeks_each=2", "--set=replications=2"]
    ended = [bestvalue("run", "challenge.roster", *few, "--json", "--workspace", folder) for folder in (sound, spoilt)]
    assert [one.code for one in ended] == [0, 0], ended[1].err
    clean, found = (json.loads(one.out) for one in ended)
    same = set(clean["tables"]) - {"rows_used", "faults"}
    assert {name for name in same if clean["tables"][name] != found["tables"][name]} == set()
    account = pl.DataFrame(found["tables"]["rows_used"]["rows"])
    for named in ("incidents", "deployments", "shifts", "units"):
        assert account.filter(pl.col("table") == named)["rows"].sum() == pl.read_csv(spoilt / "data" / f"{named}.csv").height, named
    left = {what: rows for name, what, rows in account.select("table", "what", "rows").iter_rows() if name == "deployments"}
    assert left["arrived before it was sent, or cleared before it arrived"] == EARLY
    assert left["The same unit, incident and time as another row"] == AGAIN


DUTIES = [
    "D1,A,U,rostered,2025-06-02 07:00,2025-06-02 15:00,2025-06-02 07:00,2025-06-02 16:30,90",
    "D2,A,U,rostered,2025-06-03 07:00,2025-06-03 15:00,2025-06-03 07:00,2025-06-03 15:00,0",
]
CANNOT_BE_RIGHT = [
    "D3,nobody,U,rostered,2025-06-04 07:00,2025-06-04 15:00,2025-06-04 07:00,2025-06-04 15:00,0",
    "D4,A,U,rostered,2025-06-04 07:00,2025-06-04 15:00,2025-06-04 07:00,2025-06-04 06:00,0",
    "D5,A,U,rostered,2025-06-04 07:00,2025-06-04 07:00,2025-06-04 07:00,2025-06-04 15:00,0",
    "D6,A,U,rostered,2025-06-04 07:00,2025-06-04 15:00,,2025-06-04 15:00,0",
    "D7,A,U,rostered,2025-06-04 07:00,2025-06-04 15:00,2025-06-04 07:00,2025-06-04 15:00,-15",
    "D1,A,U,rostered,2025-06-05 07:00,2025-06-05 15:00,2025-06-05 07:00,2025-06-05 15:00,0",
    "D8,A,U,rostered,2025-06-02 07:00,2025-06-02 15:00,2025-06-02 07:00,2025-06-02 16:30,90",
]


def of_duties(folder: Path, rows: list[str]) -> None:
    header = "duty_id,staff_id,unit_id,duty_kind,planned_start_at,planned_end_at,started_at,ended_at,overtime_paid_minutes"
    (folder / "data" / "duties.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    people = "staff_id,pool_id,cost_centre_id,staff_group,overtime_eligible,hour_pence,weekly_hours\n"
    (folder / "data" / "staff.csv").write_text(people + "A,P,C,constable,yes,4000,40\nB,P,C,constable,yes,4000,40\n", encoding="utf-8")


def test_overtime_is_the_same_without_such_duties_and_accounts_for_every_row(bestvalue: Command, tmp_path: Path) -> None:
    answers = []
    for name, rows in (("sound", DUTIES), ("spoilt", DUTIES + CANNOT_BE_RIGHT)):
        bestvalue("new", tmp_path / name)
        of_duties(tmp_path / name, rows)
        ended = bestvalue("run", "challenge.overtime", "--json", "--workspace", tmp_path / name)
        assert ended.code == 0, ended.err
        answers.append(json.loads(ended.out)["tables"])
    clean, found = answers
    assert {name for name in clean if name != "rows_used" and clean[name] != found[name]} == set()
    account = pl.DataFrame(found["rows_used"]["rows"])
    assert account.filter(pl.col("table") == "staff").select("what", "rows").rows() == [("used", 1), ("no duty that is counted", 1)]
    of_each = {what: rows for name, what, rows in account.select("table", "what", "rows").iter_rows() if name == "duties" and rows}
    assert of_each == {
        "used": 2,
        "The same person, plan and times as another duty": 1,
        "The person is not in the staff table": 1,
        "The duty ends before it starts": 1,
        "The planned end is not after the planned start": 1,
        "a value that every row must have is empty": 1,
        "a value is out of its bounds or not allowed": 1,
        "same number as an earlier row": 1,
    }
    assert sum(of_each.values()) == len(DUTIES + CANNOT_BE_RIGHT)


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
