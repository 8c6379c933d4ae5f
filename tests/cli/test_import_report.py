"""`bestvalue import-report`: printed without a record, or entered in one, all of it or nothing."""

import json
import shutil
import sqlite3
from pathlib import Path

import jsonschema
import pytest
from tests.cli.conftest import Command

from bestvalue.documents.reading import report_schema

HABITS = Path(__file__).parents[1] / "documents" / "reading" / "habits"


@pytest.fixture(scope="module")
def source(shared: Path) -> Path:
    return shared / "data" / "inspection-report" / "operational-support-policing-2004.txt"


@pytest.fixture(scope="module")
def filled(process: Command, source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in whose record the 2004 report stands."""
    workspace = tmp_path_factory.mktemp("filled") / "review"
    assert process("new", workspace).code == 0
    entered = process("import-report", source, "--workspace", workspace)
    assert entered.code == 0, entered.err
    return workspace


def count(workspace: Path, table: str) -> int:
    with sqlite3.connect(workspace / "record.sqlite3") as connection:
        counted: int = connection.execute(f"select count(*) from {table}").fetchone()[0]
    connection.close()
    return counted


def test_json_needs_no_workspace_and_fits_its_schema(bestvalue: Command, source: Path, tmp_path: Path) -> None:
    ended = bestvalue("import-report", source, "--json", cwd=tmp_path)
    found = json.loads(ended.out)
    assert ended.code == 0
    jsonschema.validate(found, report_schema())
    assert [each["number"] for each in found["recommendations"]] == ["1", "2", "3", "4"]
    assert found.keys() >= {
        "title", "issuer", "published", "judgements", "paragraphs", "recommendations", "strengths", "areas_for_development",
        "good_practice", "candidates",
    }  # fmt: skip
    assert list(tmp_path.iterdir()) == []


def test_progress_goes_to_stderr(bestvalue: Command, source: Path, tmp_path: Path) -> None:
    assert "Reading the report: 100%" in bestvalue("import-report", source, "--json", cwd=tmp_path).err


def test_an_issuer_that_the_report_does_not_name_can_be_given(bestvalue: Command, tmp_path: Path) -> None:
    ended = bestvalue("import-report", HABITS / "strategic-review.txt", "--issuer", "Home Office", "--json", cwd=tmp_path)
    assert json.loads(ended.out)["recommendations"][0]["key"].startswith("home-office/")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.txt", b"", "empty"),
        ("cut.pdf", b"%PDF-1.7\n1 0 obj\n", "damaged or cut short"),
        ("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(99), "cannot be read"),
    ],
)
def test_a_bad_file_ends_with_2_names_itself_and_touches_no_record(
    name: str, content: bytes, said: str, bestvalue: Command, workspace: Path, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    ended = bestvalue("import-report", tmp_path / name, cwd=workspace)
    assert (ended.code, ended.out) == (2, "")
    assert f"{name}: " in ended.err
    assert said in ended.err
    assert "What to do:" in ended.err
    assert not (workspace / "record.sqlite3").exists()


def test_a_folder_ends_with_2(bestvalue: Command, workspace: Path) -> None:
    ended = bestvalue("import-report", workspace, cwd=workspace)
    assert ended.code == 2
    assert "folder" in ended.err


def test_a_report_without_recommendations_is_refused_unless_it_is_allowed(bestvalue: Command, workspace: Path) -> None:
    path = HABITS / "no-recommendations.txt"
    refused = bestvalue("import-report", path, cwd=workspace)
    assert refused.code == 2
    assert "--allow-none" in refused.err
    assert bestvalue("import-report", path, "--allow-none", "--json", cwd=workspace).code == 0


def test_outside_a_workspace_nothing_is_entered(bestvalue: Command, source: Path, tmp_path: Path) -> None:
    assert bestvalue("import-report", source, cwd=tmp_path).code == 3
    assert list(tmp_path.iterdir()) == []


def test_the_2004_report_stands_in_the_record_whole(filled: Path) -> None:
    assert count(filled, "inspections_paragraph") == 101
    assert count(filled, "inspections_judgement") == 2
    assert count(filled, "delivery_recommendation") == 4
    assert count(filled, "inspections_goodpractice") == 3
    assert count(filled, "inspections_candidate") >= 7


def test_the_same_report_is_not_entered_twice(filled: Path, source: Path, process: Command) -> None:
    before = (count(filled, "delivery_recommendation"), count(filled, "ledger_auditevent"))
    ended = process("import-report", source, cwd=filled)
    assert ended.code == 5
    assert "already" in ended.err
    assert (count(filled, "delivery_recommendation"), count(filled, "ledger_auditevent")) == before


def test_the_ledger_of_an_import_verifies_and_a_changed_entry_is_found(filled: Path, process: Command, tmp_path: Path) -> None:
    whole = process("audit", "verify", cwd=filled)
    assert whole.code == 0, whole.err
    assert "The ledger is whole" in whole.out
    spoilt = tmp_path / "spoilt"
    shutil.copytree(filled, spoilt)
    with sqlite3.connect(spoilt / "record.sqlite3") as connection:
        for (name,) in connection.execute("select name from sqlite_master where type = 'trigger'").fetchall():
            connection.execute(f'drop trigger "{name}"')
        connection.execute("update ledger_auditevent set action = 'nothing.happened' where rowid = 1")
    connection.close()
    found = process("audit", "verify", "--workspace", spoilt)
    assert found.code == 6
    assert "What to do:" in found.err


def test_a_checkpoint_that_was_never_in_the_ledger_is_found(filled: Path, process: Command) -> None:
    ended = process("audit", "verify", "--checkpoint", f"1:{'0' * 64}", cwd=filled)
    assert ended.code == 6
    assert "Traceback" not in ended.err


def test_publish_without_a_review_ends_with_5_and_writes_nothing(filled: Path, process: Command) -> None:
    ended = process("publish", cwd=filled)
    assert (ended.code, ended.out) == (5, "")
    assert list((filled / "reports").iterdir()) == []


def test_several_reports_are_read_at_once(bestvalue: Command, tmp_path: Path) -> None:
    found = json.loads(bestvalue("import-report", HABITS / "scotland.txt", HABITS / "short-labels.txt", "--json", cwd=tmp_path).out)
    assert [each["source_name"] for each in found] == ["scotland.txt", "short-labels.txt"]


def test_a_bad_file_among_good_ones_leaves_the_record_as_it_was(bestvalue: Command, workspace: Path) -> None:
    (workspace / "empty.txt").write_bytes(b"")
    ended = bestvalue("import-report", HABITS / "scotland.txt", "empty.txt", cwd=workspace)
    assert (ended.code, ended.out) == (2, "")
    assert not (workspace / "record.sqlite3").exists()


def test_an_earlier_version_shows_what_changed_without_a_workspace(bestvalue: Command, tmp_path: Path) -> None:
    draft = tmp_path / "draft.txt"
    draft.write_text((HABITS / "scotland.txt").read_text(encoding="utf-8").replace("4,000 incidents", "3,000 incidents"), encoding="utf-8")
    ended = bestvalue("import-report", HABITS / "scotland.txt", "--against", draft, cwd=tmp_path)
    assert ended.code == 0
    assert ended.out.splitlines() == ["paragraph 3: changed", "  “3,000” is now “4,000”", "1 change"]
