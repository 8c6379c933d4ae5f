"""Making, checking and filling a workspace from the command line."""

import json
from pathlib import Path

from tests.cli.conftest import Command


def test_new_makes_a_workspace_and_says_what_to_type_next(bestvalue: Command, tmp_path: Path) -> None:
    ended = bestvalue("new", tmp_path / "review", "--name", "Westshire Police")
    assert ended.code == 0
    assert 'name = "Westshire Police"' in (tmp_path / "review" / "bestvalue.toml").read_text(encoding="utf-8")
    assert ended.err.startswith("Next: bestvalue check --workspace")


def test_new_refuses_a_workspace_that_is_there_and_leaves_it_alone(bestvalue: Command, workspace: Path) -> None:
    before = {path: path.read_bytes() for path in workspace.rglob("*") if path.is_file()}
    ended = bestvalue("new", workspace)
    assert (ended.code, ended.out) == (3, "")
    assert "There is a workspace here already" in ended.err
    assert "What to do:" in ended.err
    assert {path: path.read_bytes() for path in workspace.rglob("*") if path.is_file()} == before


def test_check_works_in_the_current_folder_and_with_its_name(bestvalue: Command, workspace: Path, tmp_path: Path) -> None:
    inside, named = bestvalue("check", cwd=workspace), bestvalue("check", "--workspace", workspace, cwd=tmp_path)
    assert inside.code == named.code == 0
    assert inside.out == named.out
    assert "challenge.demand: no, it needs incidents" in inside.out


def test_check_outside_a_workspace_says_how_to_make_one(bestvalue: Command, tmp_path: Path) -> None:
    ended = bestvalue("check", cwd=tmp_path)
    assert ended.code == 3
    assert "bestvalue new DIR" in ended.err


def test_check_says_which_questions_sound_tables_answer(bestvalue: Command, workspace: Path, incidents: Path) -> None:
    incidents.rename(workspace / "data" / "incidents.csv")
    ended = bestvalue("check", cwd=workspace)
    assert ended.code == 0
    assert "incidents: sound. 3 rows read, 3 used" in ended.out
    assert "challenge.demand: yes" in ended.out


def test_check_names_file_row_and_column_of_a_fault_and_ends_with_2(bestvalue: Command, workspace: Path) -> None:
    faulty = workspace / "data" / "incidents.csv"
    faulty.write_text("incident_id,opened_at\n1,2024-01-01 10:00:00\n2,the other day\n", encoding="utf-8")
    ended = bestvalue("check", cwd=workspace)
    assert ended.code == 2
    assert "incidents.csv, row 3, column opened_at" in ended.err
    assert "the other day" in ended.err


def test_check_as_json_says_the_same_to_a_program(bestvalue: Command, workspace: Path, incidents: Path) -> None:
    incidents.rename(workspace / "data" / "incidents.csv")
    found = json.loads(bestvalue("check", "--json", cwd=workspace).out)
    assert found["passed"] is True
    assert found["tables"]["incidents"]["rows_used"] == 3
    assert found["analyses"]["challenge.demand"] == {"answerable": True, "missing": []}


def test_faulty_tables_are_printed_as_json_too_and_end_with_2(bestvalue: Command, workspace: Path) -> None:
    (workspace / "data" / "incidents.csv").write_text("incident_id,opened_at\n1,soon\n", encoding="utf-8")
    ended = bestvalue("check", "--json", cwd=workspace)
    fault = json.loads(ended.out)["tables"]["incidents"]["faults"][0]
    assert ended.code == 2
    assert (fault["file"], fault["row"], fault["column"]) == ("incidents.csv", 2, "opened_at")


def test_blank_tables_can_be_filled_in_and_checked(bestvalue: Command, workspace: Path, tmp_path: Path) -> None:
    ended = bestvalue("templates", tmp_path / "blank")
    blank = tmp_path / "blank" / "incidents.csv"
    assert ended.code == 0
    assert str(blank) in ended.out.splitlines()
    header = blank.read_text(encoding="utf-8-sig").splitlines()[0].split(",")
    row = {"incident_id": "1", "opened_at": "2024-01-01 10:00:00"}
    filled = f"{','.join(header)}\n{','.join(row.get(name, '') for name in header)}\n"
    (workspace / "data" / "incidents.csv").write_text(filled, encoding="utf-8")
    assert "incidents: sound. 1 rows read" in bestvalue("check", cwd=workspace).out


def test_analyses_are_listed_with_their_question_and_tables(bestvalue: Command) -> None:
    shown = bestvalue("analyses").out
    listed = json.loads(bestvalue("analyses", "--json").out)
    demand = next(each for each in listed if each["name"] == "challenge.demand")
    assert demand["needs"] == ["incidents"]
    assert demand["spec"]["properties"]["horizon_years"]["default"] == 4
    for each in listed:
        assert each["name"] in shown
        assert each["question"] in shown


def test_check_says_what_would_do_where_incidents_alone_do_not(bestvalue: Command, workspace: Path, incidents: Path) -> None:
    incidents.rename(workspace / "data" / "incidents.csv")
    said = bestvalue("check", cwd=workspace).out
    assert "challenge.demand: yes" in said
    assert "challenge.resources: no, it needs either the tables pools, units, shifts and deployments or incidents with first_stat" in said
