"""`bestvalue tick` says what the clock brought."""

from pathlib import Path

import pytest
from tests.cli.conftest import Command

pytestmark = pytest.mark.slow


def test_tick_says_the_day_and_what_it_brought(process: Command, workspace: Path) -> None:
    ended = process("tick", "--workspace", workspace, "--on", "2026-01-05")
    assert ended.code == 0, ended.err
    assert ended.out.splitlines()[0] == "05 January 2026"
    assert [line.split()[-1] for line in ended.out.splitlines()[1:]] == ["0", "0", "0", "0"]


def test_tick_refuses_what_is_no_day(process: Command, workspace: Path) -> None:
    assert process("tick", "--workspace", workspace, "--on", "tomorrow").code == 2
