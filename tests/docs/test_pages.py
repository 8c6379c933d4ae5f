"""The pages of the documentation are true: their code runs, their commands exist, and each is in the contents."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import typer

from bestvalue.cli.main import app

REPOSITORY = Path(__file__).resolve().parents[2]
DOCS = REPOSITORY / "docs"
PAGES = sorted(page for page in [*DOCS.rglob("*.md"), REPOSITORY / "README.md"])
GENERATED = {"commands.md", "tables.md", "analyses.md", "settings.md", "result-json.md", "report-json.md"}


def blocks(page: Path, *languages: str) -> Iterator[str]:
    for language, text in re.findall(r"^```(\w+)[^\n]*\n(.*?)^```", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE):
        if language in languages:
            yield text


def python_blocks() -> list[pytest.param]:
    return [pytest.param(text, id=f"{page.name}-{place}") for page in PAGES for place, text in enumerate(blocks(page, "python"), start=1)]


def commands() -> list[pytest.param]:
    found = []
    for page in PAGES:
        for text in blocks(page, "console", "bash", "text"):
            lines = [line.removeprefix("$ ").split("#")[0].strip() for line in text.splitlines()]
            found += [pytest.param(line, id=f"{page.name}: {line}") for line in lines if line.startswith("bestvalue ")]
    return found


@pytest.mark.parametrize("code", python_blocks())
def test_the_python_of_a_page_runs(code: str) -> None:
    exec(compile(code, "page", "exec"), {"__name__": "page"})  # noqa: S102 - our own pages


@pytest.mark.parametrize("line", commands())
def test_a_command_of_a_page_is_one_that_bestvalue_takes(line: str) -> None:
    words = shlex.split(line)[1:]
    command = typer.main.get_command(app)
    while words and isinstance(command, click.Group) and words[0] in command.commands:
        command = command.commands[words.pop(0)]
    # Parsed as typed, run not at all: an option that is gone or a missing argument raises.
    command.make_context("bestvalue", [word for word in words if word != "..."], resilient_parsing=False)


def test_every_page_is_in_the_contents() -> None:
    listed = set(re.findall(r"[\w/-]+\.md", (REPOSITORY / "mkdocs.yml").read_text(encoding="utf-8")))
    decisions = {
        f"decisions/{name}" for name in re.findall(r"\((\d{4}-[\w-]+\.md)\)", (DOCS / "decisions" / "index.md").read_text(encoding="utf-8"))
    }
    there = {page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md")}
    assert there - listed - decisions == set()
    assert {page for page in listed if Path(page).name not in GENERATED} - there == set()
