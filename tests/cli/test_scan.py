"""`bestvalue scan` and `bestvalue index`: they say what is missing before they touch anything, and end with a code for a timer."""

from pathlib import Path

import pytest
from tests.cli.conftest import Command


def settings_of(workspace: Path, scanner: str) -> None:
    settings = workspace / "bestvalue.toml"
    settings.write_text(f"{settings.read_text()}\n[scanner]\n{scanner}\n")


def test_scanning_without_a_scanner_says_where_one_is_named(process: Command, tmp_path: Path) -> None:
    assert process("new", tmp_path / "review").code == 0
    ended = process("scan", cwd=tmp_path / "review")
    assert ended.code == 3
    assert "No scanner is set" in ended.err
    assert "[scanner]" in ended.err


def test_scanning_with_a_scanner_that_is_not_there_changes_nothing(process: Command, tmp_path: Path) -> None:
    assert process("new", tmp_path / "review").code == 0
    settings_of(tmp_path / "review", f'clamd = "{tmp_path / "absent.ctl"}"')
    ended = process("scan", cwd=tmp_path / "review")
    assert ended.code == 3
    assert "The scanner did not answer clearly" in ended.err


@pytest.mark.slow
def test_scanning_counts_what_came_of_it(process: Command, tmp_path: Path) -> None:
    assert process("new", tmp_path / "review").code == 0
    settings_of(tmp_path / "review", 'command = ["true"]\nversion_command = ["echo", "Signatures 27500"]')
    ended = process("scan", cwd=tmp_path / "review")
    assert ended.code == 0
    assert [line.split() for line in ended.out.splitlines()] == [
        ["Scanner:", "Signatures", "27500"],
        ["clean", "0"],
        ["infected", "0"],
        ["in", "quarantine", "0"],
    ]


@pytest.mark.slow
@pytest.mark.parametrize("more", [(), ("--again",)])
def test_the_index_is_made_anew_and_counts_what_can_be_found(process: Command, tmp_path: Path, more: tuple[str, ...]) -> None:
    assert process("new", tmp_path / "review").code == 0
    ended = process("index", *more, cwd=tmp_path / "review")
    assert (ended.code, ended.out.strip()) == (0, "0 files read; 0 rows can be found")
