"""Every command helps: what it does, with an example to copy."""

import pytest
import typer.main
from tests.cli.conftest import Command

from bestvalue.cli.main import app

ASKED_FOR = {"new", "check", "run", "publish", "serve", "import-report", "analyses", "templates", "audit verify", "demo"}


def leaves(command: object, name: str = "") -> list[str]:
    """The commands below a command, by the words that a user types."""
    below: dict[str, object] = getattr(command, "commands", {})
    return [leaf for word, each in below.items() for leaf in leaves(each, f"{name} {word}".strip())] if below else [name]


COMMANDS = leaves(typer.main.get_command(app))


def test_every_command_that_was_asked_for_is_there() -> None:
    assert set(COMMANDS) >= ASKED_FOR


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_an_example_of_the_command(command: str, bestvalue: Command) -> None:
    shown = bestvalue(*command.split(), "--help")
    example = " ".join(shown.out.split()).partition("Example")[2]
    assert shown.code == 0
    assert f"bestvalue {command}" in example


@pytest.mark.parametrize("command", ["check", "run", "publish", "serve", "import-report", "audit verify"])
def test_a_command_on_a_workspace_takes_it_by_name(command: str, bestvalue: Command) -> None:
    assert "--workspace" in bestvalue(*command.split(), "--help").out


@pytest.mark.parametrize("command", ["check", "run", "import-report", "analyses"])
def test_an_answer_can_be_had_as_json(command: str, bestvalue: Command) -> None:
    assert "--json" in bestvalue(command, "--help").out


def test_version_is_printed(bestvalue: Command) -> None:
    assert bestvalue("--version").out.startswith("bestvalue ")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nosuch"], "No such command"),
        (["check", "--bogus"], "No such option"),
        (["new"], "Missing argument"),
        (["serve", "--port", "0"], "--port"),
    ],
)
def test_a_command_line_that_cannot_be_read_ends_with_2_and_no_traceback(arguments: list[str], said: str, bestvalue: Command) -> None:
    ended = bestvalue(*arguments)
    assert ended.code == 2
    assert said in ended.err
    assert "Traceback" not in ended.err
    assert ended.out == ""
