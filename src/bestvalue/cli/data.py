"""`bestvalue new`, `check` and `templates`: a workspace and the force's tables in it."""

from pathlib import Path
from typing import Annotated

import typer

from bestvalue.analysis.registry import find_analyses
from bestvalue.cli.console import HERE, JsonOption, WorkspaceOption, open_workspace, progress_bar, say, say_json, say_next
from bestvalue.dataset.load import CheckReport
from bestvalue.dataset.templates import write_templates
from bestvalue.workspace import Workspace


def add_to(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command(epilog='Example: `bestvalue new review-2026 --name "Operational support policing"`')(new)
    app.command(epilog="Example: `bestvalue check --workspace review-2026`")(check)
    app.command(epilog="Example: `bestvalue templates blank-tables`")(templates)


def new(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to make; it must not hold anything yet.")],
    name: Annotated[str, typer.Option(help="Name of the force or of the review, as it stands on every page.")] = "Our force",
) -> None:
    """Make an empty workspace."""
    workspace = Workspace.create(folder, name=name)
    say(f"Made the workspace {workspace.root}")
    say(f"Put the force's tables into {workspace.data_folder}: CSV, Parquet or Excel, one a table.")
    say_next(f"bestvalue check --workspace {folder}")
