"""How every command speaks: answers to stdout, progress to stderr, the workspace it works on, the next command to type."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from bestvalue.analysis.contract import Progress as Report
from bestvalue.workspace import Workspace

WorkspaceOption = Annotated[
    Path, typer.Option("--workspace", "-w", help="Folder of the workspace.", envvar="BESTVALUE_WORKSPACE", file_okay=False)
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for another program, and nothing else on stdout.")]

HERE = Path()


def say(text: str = "") -> None:
    """Print one line of the answer."""
    typer.echo(text)


def say_json(value: Mapping[str, Any] | Sequence[Any]) -> None:
    """Print the answer as JSON."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False))


def say_next(command: str) -> None:
    """Print the command that a user would type now."""
    typer.echo(f"Next: {command}", err=True)


@contextmanager
def progress_bar(title: str) -> Iterator[Report]:
    """Show how far long work is: a bar on a terminal, a line each tenth elsewhere (a log wants no thousand lines)."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _Lines(title)
        return
    columns = (
        TextColumn("[bold]{task.fields[title]}"),
        BarColumn(bar_width=30),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=console) as bars:
        task = bars.add_task("", total=1.0, title=title)

        def report(share: float, doing: str) -> None:
            bars.update(task, completed=share, description=doing)

        yield report
        bars.update(task, completed=1.0)


class _Lines:
    def __init__(self, title: str) -> None:
        self._title = title
        self._tenth = -1

    def __call__(self, share: float, doing: str) -> None:
        tenth = int(share * 10)
        if tenth > self._tenth:
            self._tenth = tenth
            print(f"{self._title}: {share:.0%} {doing}", file=sys.stderr, flush=True)  # noqa: T201 - the log of a run without terminal


def open_workspace(folder: Path) -> Workspace:
    """Open the workspace that the user named, or the one in the current folder."""
    return Workspace.open(folder)
