"""`bestvalue demo`: from nothing to a published review, and a second time from what is there."""

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Command, Ended

from bestvalue.errors import RuleError

pytestmark = pytest.mark.slow
REVIEW = "1"
"""The worked review; the demo has a second one, so that which to publish has to be said."""
SECOND = "chair.of.the.project.board@demo.example"
BY_TWO = ("--proposed-by", "project.manager@demo.example")


@pytest.fixture(scope="module")
def demo(process: Command, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ended]:
    """One tiny demo for all tests of this module, and how the command ended."""
    folder = tmp_path_factory.mktemp("demo") / "demo"
    return folder, process("demo", folder, "--scale", "0.005", "--no-serve")


def test_demo_writes_the_report_in_three_formats_and_says_where(demo: tuple[Path, Ended]) -> None:
    folder, ended = demo
    assert ended.code == 0, ended.err
    assert sorted(path.suffix for path in (folder / "reports").iterdir()) == [".docx", ".html", ".pdf"]
    for path in (folder / "reports").iterdir():
        assert str(path) in ended.out
        assert path.stat().st_size > 10_000


def test_demo_prints_sign_ins_and_the_next_command(demo: tuple[Path, Ended]) -> None:
    folder, ended = demo
    assert SECOND in ended.out
    assert f"bestvalue serve --workspace {folder}" in ended.err


def test_demo_says_that_its_data_are_synthetic(demo: tuple[Path, Ended]) -> None:
    assert "(synthetic data)" in demo[1].out


def test_a_second_demo_works_nothing_out_again(demo: tuple[Path, Ended], process: Command) -> None:
    folder, _ = demo
    before = {path: path.stat().st_mtime_ns for path in (folder / "results").rglob("*") if path.is_file()}
    again = process("demo", folder, "--scale", "0.005", "--no-serve")
    assert again.code == 0, again.err
    assert "Kept from an earlier run" in again.err
    assert {path: path.stat().st_mtime_ns for path in (folder / "results").rglob("*") if path.is_file()} == before


def test_a_demo_of_another_size_is_refused(demo: tuple[Path, Ended], process: Command) -> None:
    ended = process("demo", demo[0], "--scale", "0.01", "--no-serve")
    assert ended.code == 3
    assert "scale 0.005 and seed 1" in ended.err


def test_the_review_is_published_again_in_one_format(demo: tuple[Path, Ended], process: Command) -> None:
    proposed = process("publish", REVIEW, "--format", "html", "--workspace", demo[0])
    assert "is proposed, and not published yet" in proposed.out, proposed.err
    same = process("publish", REVIEW, *BY_TWO, "--confirmed-by", BY_TWO[1], "--workspace", demo[0])
    assert (same.code, "needs two people" in same.err) == (RuleError.exit_code, True), same.err
    ended = process("publish", REVIEW, "--confirmed-by", SECOND, "--workspace", demo[0])
    assert ended.code == 0, ended.err
    (file,) = [Path(line) for line in ended.out.splitlines() if line.endswith(".html")]
    assert "Synthetic" in file.read_text(encoding="utf-8")
    checkpoint = ended.out.partition("Ledger checkpoint ")[2].partition(":")[0]
    assert checkpoint.isdigit()


def test_a_published_checkpoint_is_part_of_the_ledger(demo: tuple[Path, Ended], process: Command) -> None:
    published = process("publish", REVIEW, "--format", "html", *BY_TWO, "--confirmed-by", SECOND, "--workspace", demo[0])
    checkpoint = published.out.partition("Ledger checkpoint ")[2].split(": ")[0]
    verified = process("audit", "verify", "--checkpoint", checkpoint, cwd=demo[0])
    assert verified.code == 0, verified.err


def test_an_unknown_format_is_refused_by_name(demo: tuple[Path, Ended], process: Command) -> None:
    before = set((demo[0] / "reports").iterdir())
    ended = process("publish", REVIEW, "--format", "rtf", cwd=demo[0])
    assert ended.code == RuleError.exit_code
    assert "rtf" in ended.err
    assert set((demo[0] / "reports").iterdir()) == before


def test_every_listed_analysis_of_the_settings_answers_on_the_demo(demo: tuple[Path, Ended], process: Command) -> None:
    results = json.loads(process("run", "--json", cwd=demo[0]).out)
    assert all(result["provenance"]["synthetic"] for result in results)
    assert all(result["statements"] for result in results)
