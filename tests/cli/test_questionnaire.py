"""Forms checked, answers turned into tables, and coded words exchanged, from the command line."""

import json
from pathlib import Path

import polars as pl
from tests.dataset.questionnaires.forms import write_form
from typer.testing import CliRunner

from bestvalue.cli.main import app
from bestvalue.workspace import Workspace

RUN = CliRunner()


def test_a_form_is_checked_and_the_places_that_the_site_cannot_ask_are_named(tmp_path: Path) -> None:
    rows = [("select_one agree", "q1", "Are officers polite and quick?", "?"), ("geopoint", "where", "Where?", "Ble?")]
    file = write_form(tmp_path / "form.xlsx", rows)
    said = RUN.invoke(app, ["questionnaire", "check", str(file)]).stdout
    assert "form.xlsx: 2 questions" in said
    assert "- q1, two questions in one: “and” may join two things" in said
    assert "form.xlsx, sheet survey, row 3, column type: where: the site does not ask for 'geopoint'" in said
    found = json.loads(RUN.invoke(app, ["questionnaire", "check", str(file), "--json"]).stdout)
    assert (found["questions"], found["light"], len(found["site_cannot_ask"])) == (2, "red", 1)


def test_answers_from_elsewhere_become_the_workspaces_survey(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "workspace", name="Tests", synthetic=True)
    file = tmp_path / "answers.csv"
    file.write_text("KEY,q1,q2,note\na,1,5,x\nb,2,4,y\nc,3,3,z\n")
    into = tmp_path / "tables"
    assert "6 rows of survey_answers" in RUN.invoke(app, ["questionnaire", "read", str(file), "--into", str(into)]).stdout
    assert pl.read_csv(into / "survey_items.csv")["item_id"].to_list() == ["q1", "q2"]
    RUN.invoke(app, ["questionnaire", "read", str(file), "--use", "-w", str(workspace.root)])
    assert all(table.report.passed for table in workspace.check().tables.values())


def test_where_the_tables_go_has_to_be_said(tmp_path: Path) -> None:
    file = tmp_path / "answers.csv"
    file.write_text("q1\n1\n2\n")
    assert "It is not said where the tables go" in str(RUN.invoke(app, ["questionnaire", "read", str(file)]).exception)


def test_coded_words_go_out_and_come_back_the_same(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "workspace", name="Tests", synthetic=True)
    words = {"open_answers": "open_answer_id,respondent_id,question,words\nW-1,R-1,Why?,It is dark.\nW-2,R-2,Why?,Too few officers.\n"}
    words |= {"codebook": "code,definition\ndark,Light is missing.\nfew,Officers are missing.\n"}
    words |= {"coded_segments": "open_answer_id,coder,code\nW-1,one,dark\nW-2,one,few\nW-2,two,few\n"}
    for name, text in words.items():
        (workspace.data_folder / f"{name}.csv").write_text(text)
    file = tmp_path / "answers.qdpx"
    said = RUN.invoke(app, ["qda", "export", str(file), "-w", str(workspace.root)])
    assert "2 answers, 2 codes, 3 codings" in said.stdout, said.exception
    RUN.invoke(app, ["qda", "import", str(file), "--into", str(tmp_path / "back"), "--question", "Why?"])
    back = pl.read_csv(tmp_path / "back" / "coded_segments.csv")
    assert back.select("open_answer_id", "coder", "code").rows() == [("W-1", "one", "dark"), ("W-2", "one", "few"), ("W-2", "two", "few")]
    assert pl.read_csv(tmp_path / "back" / "open_answers.csv")["words"].to_list() == ["It is dark.", "Too few officers."]


def test_a_code_book_goes_out_and_comes_back(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "workspace", name="Tests", synthetic=True)
    (workspace.data_folder / "codebook.csv").write_text("code,definition\ndark,Light is missing.\n")
    file = tmp_path / "codes.qdc"
    assert "1 codes" in RUN.invoke(app, ["qda", "export", str(file), "-w", str(workspace.root)]).stdout
    RUN.invoke(app, ["qda", "import", str(file), "--into", str(tmp_path / "back")])
    assert pl.read_csv(tmp_path / "back" / "codebook.csv").rows() == [("dark", "Light is missing.")]


def test_what_is_no_project_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello")
    refused = RUN.invoke(app, ["qda", "import", str(tmp_path / "notes.txt"), "--into", str(tmp_path / "back")])
    assert "Coded words are not read from .txt" in str(refused.exception)
