import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from bestvalue.cli import main


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a command ended: its exit code, and what it printed to stdout and stderr."""

    code: int
    out: str
    err: str


Command = Callable[..., Ended]


@pytest.fixture(autouse=True)
def _no_workspace_of_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole test run has a workspace in the environment, which would go before the current folder."""
    monkeypatch.delenv("BESTVALUE_WORKSPACE")
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("NO_COLOR", "1")


@pytest.fixture
def bestvalue(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Run the command in this process, as the entry point does. Not for commands that open the record: Django is set up once."""

    def bestvalue(*arguments: str | Path, cwd: Path | None = None) -> Ended:
        monkeypatch.setattr(sys, "argv", ["bestvalue", *map(str, arguments)])
        if cwd is not None:
            monkeypatch.chdir(cwd)
        capsys.readouterr()
        code: int | str | None = 0
        try:
            main.run()
        except SystemExit as ended:
            code = ended.code
        printed = capsys.readouterr()
        return Ended(code=code if isinstance(code, int) else 0, out=printed.out, err=printed.err)

    return bestvalue


def as_process(arguments: Sequence[str | Path]) -> list[str]:
    """The command line of a process of its own."""
    return [sys.executable, "-c", "from bestvalue.cli.main import run; run()", *map(str, arguments)]


def surroundings() -> dict[str, str]:
    """The environment of a user's shell: nothing in it of the tests' own workspace and settings."""
    hidden = {"BESTVALUE_WORKSPACE", "DJANGO_SETTINGS_MODULE", "DATABASE_URL"}
    return {name: value for name, value in os.environ.items() if name not in hidden}


@pytest.fixture(scope="session")
def process() -> Command:
    """Run the command in a process of its own, for what opens the record."""

    def process(*arguments: str | Path, cwd: Path | None = None) -> Ended:
        words = as_process(arguments)
        ended = subprocess.run(words, cwd=cwd, env=surroundings(), capture_output=True, text=True, timeout=300, check=False)  # noqa: S603 - ours
        return Ended(code=ended.returncode, out=ended.stdout, err=ended.stderr)

    return process


@pytest.fixture
def workspace(bestvalue: Command, tmp_path: Path) -> Path:
    """An empty workspace, made by the command."""
    made = tmp_path / "review"
    assert bestvalue("new", made, "--name", "Westshire Police").code == 0
    return made


@pytest.fixture
def incidents(tmp_path: Path) -> Path:
    """Three sound incidents in the contract's layout."""
    path = tmp_path / "some-incidents.csv"
    path.write_text(
        "incident_id,opened_at,area_code,grade\n"
        "1,2024-01-01 10:00:00,E01,immediate\n2,2024-01-01 23:30:00,E01,scheduled\n3,2024-01-02 11:15:00,E02,immediate\n",
        encoding="utf-8",
    )
    return path
