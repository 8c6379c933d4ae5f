"""Answering questions from the command line: in a workspace, or from files alone."""

import json
from pathlib import Path

import jsonschema
import pytest
from tests.cli.conftest import Command

from bestvalue.analysis.store import result_schema

BERLIN = "data/berlin_fire/Mission_Data/mission_data_set_open_data_2025_first_500_lines.csv"
PUBLISHED = {
    "police street crime, Surrey": ("data/police_uk_surrey_street/2020-08/2020-08-surrey-street.csv.gz", 8912),
    "fire incidents, London": ("data/lfb/lfb_incidents_sample_first_500.csv", 500),
    "police calls, Seattle": ("data/seattle_police_call_data/db_call_data_2018-2023.csv", 222),
    "fire missions, Berlin": (BERLIN, 500),
}


@pytest.mark.parametrize("source", PUBLISHED)
def test_demand_is_answered_from_data_as_they_are_published(source: str, bestvalue: Command, shared: Path, tmp_path: Path) -> None:
    file, rows = PUBLISHED[source]
    ended = bestvalue(
        "run", "challenge.demand", "--table", f"incidents={shared / file}", "--set", "horizon_years=1", "--json", cwd=tmp_path
    )
    assert ended.code == 0, ended.err
    result = json.loads(ended.out)
    jsonschema.validate(result, result_schema())
    assert result["provenance"]["rows"]["incidents"] == rows
    assert result["provenance"]["spec"]["horizon_years"] == 1
    assert f"{rows:,} incidents were recorded" in result["statements"][0]["text"]
    assert list(tmp_path.iterdir()) == []


def test_one_question_from_one_file_prints_sentences_and_says_where_results_are_kept(
    bestvalue: Command, shared: Path, tmp_path: Path
) -> None:
    ended = bestvalue("run", "challenge.demand", "--table", f"incidents={shared / BERLIN}", cwd=tmp_path)
    assert ended.code == 0
    assert "- 500 incidents were recorded" in ended.out
    assert "challenge.demand: " in ended.err  # progress
    assert "bestvalue new DIR" in ended.err


def test_two_files_of_one_table_are_read_together(bestvalue: Command, incidents: Path, tmp_path: Path) -> None:
    more = tmp_path / "more.csv"
    more.write_text("incident_id,opened_at,area_code,grade\n4,2024-01-03 10:00:00,E01,immediate\n", encoding="utf-8")
    ended = bestvalue("run", "challenge.demand", "-t", f"incidents={incidents}", "-t", f"incidents={more}", "--json", cwd=tmp_path)
    assert ended.code == 0, ended.err
    assert json.loads(ended.out)["provenance"]["rows"]["incidents"] == 4


def test_a_workspace_keeps_its_result_and_reuses_it(bestvalue: Command, workspace: Path, incidents: Path) -> None:
    incidents.rename(workspace / "data" / "incidents.csv")
    first, again = (json.loads(bestvalue("run", "challenge.demand", "--json", cwd=workspace).out) for _ in range(2))
    assert again == first
    assert "Kept from an earlier run" in bestvalue("run", "challenge.demand", cwd=workspace).err
    anew = json.loads(bestvalue("run", "challenge.demand", "--json", "--anew", cwd=workspace).out)
    assert anew["digest"] == first["digest"]


def test_run_without_a_name_answers_what_the_settings_name(bestvalue: Command, workspace: Path, incidents: Path) -> None:
    incidents.rename(workspace / "data" / "incidents.csv")
    results = json.loads(bestvalue("run", "--json", cwd=workspace).out)
    assert [each["analysis"] for each in results] == ["challenge.demand"]


def test_a_file_goes_before_the_table_of_the_workspace(bestvalue: Command, workspace: Path, incidents: Path, tmp_path: Path) -> None:
    (workspace / "data" / "incidents.csv").write_text("incident_id,opened_at\n9,2024-01-01 10:00:00\n", encoding="utf-8")
    ended = bestvalue("run", "challenge.demand", "--workspace", workspace, "--table", f"incidents={incidents}", "--json", cwd=tmp_path)
    assert json.loads(ended.out)["provenance"]["rows"]["incidents"] == 3


BAD = {
    "an analysis misspelt": (["challenge.demnd"], "Did you mean challenge.demand?"),
    "an analysis unknown": (["nothing.like.it"], "bestvalue analyses"),
    "a setting unknown": (["challenge.demand", "--set", "nosuch=1"], "There is no parameter 'nosuch'"),
    "a setting that is no number": (["challenge.demand", "--set", "horizon_years=abc"], "horizon_years"),
    "a setting out of bounds": (["challenge.demand", "--set", "horizon_years=99"], "horizon_years"),
    "a setting without value": (["challenge.demand", "--set", "horizon_years"], "KEY=VALUE"),
    "settings without analysis": (["--set", "horizon_years=1"], "Name it"),
    "a table misspelt": (["challenge.demand", "--table", "incidnts=x.csv"], "Did you mean incidents?"),
    "a table unknown": (["challenge.demand", "--table", "zzz=x.csv"], "Use one of: areas"),
    "a file absent": (["challenge.demand", "--table", "incidents=absent.csv"], "absent.csv: There is no such file or folder"),
    "a table without file": (["challenge.demand", "--table", "incidents"], "NAME=FILE"),
    "tables that are needed and absent": (["challenge.demand"], "needs the table incidents"),
}


@pytest.mark.parametrize("case", BAD)
def test_ends_with_2_the_fault_and_the_next_step(case: str, bestvalue: Command, workspace: Path) -> None:
    arguments, said = BAD[case]
    ended = bestvalue("run", *arguments, cwd=workspace)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err
    assert "What to do:" in ended.err
    assert list((workspace / "results").rglob("*.json")) == []


def test_a_needed_table_with_faults_gives_no_answer(bestvalue: Command, tmp_path: Path) -> None:
    faulty = tmp_path / "incidents.csv"
    faulty.write_text("incident_id,opened_at\n1,2024-01-01 10:00:00\n1,2024-01-01 11:00:00\n", encoding="utf-8")
    ended = bestvalue("run", "challenge.demand", "--table", f"incidents={faulty}", cwd=tmp_path)
    assert (ended.code, ended.out) == (2, "")
    assert "row 3" in ended.err


def test_without_workspace_or_file_there_is_nothing_to_run_on(bestvalue: Command, tmp_path: Path) -> None:
    assert bestvalue("run", "challenge.demand", cwd=tmp_path).code == 3


def test_ctrl_c_ends_with_130_and_says_that_the_command_can_be_given_again(
    bestvalue: Command, incidents: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("bestvalue.workspace.Workspace.check", interrupt)
    ended = bestvalue("run", "challenge.demand", "--table", f"incidents={incidents}", cwd=tmp_path)
    assert (ended.code, ended.out) == (130, "")
    assert "Stopped" in ended.err
    assert "Traceback" not in ended.err


def test_a_bug_shows_its_traceback(bestvalue: Command, incidents: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("bestvalue.workspace.Workspace.check", fail)
    with pytest.raises(ZeroDivisionError):
        bestvalue("run", "challenge.demand", "--table", f"incidents={incidents}", cwd=tmp_path)
