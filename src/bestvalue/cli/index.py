"""`bestvalue index`: make the index of the search anew, and read the files of evidence for it."""

from typing import Annotated

import typer

from bestvalue.cli.console import HERE, WorkspaceOption, open_workspace, progress_bar, say
from bestvalue.cli.record import open_record


def add_to(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command(epilog="Example: `bestvalue index --again --workspace review`")(index)


def index(
    workspace: WorkspaceOption = HERE,
    *,
    again: Annotated[bool, typer.Option("--again", help="Read every file again, not only those that were not read yet.")] = False,
) -> None:
    """Make the index of the search anew from the record. `bestvalue serve` keeps it up to date by itself; this mends it."""
    open_record(open_workspace(workspace))
    from bestvalue.record.search.file_words import read_words
    from bestvalue.record.search.keeping import rebuild
    from bestvalue.record.search.reading import files_to_read

    files, unread = files_to_read(again=again), []
    with progress_bar("Reading files") as report:
        for place, file in enumerate(files, start=1):
            kept = read_words(file)
            if kept.fault:
                unread.append(f"{file.name}, version {file.number} of {file.evidence.reference}: {kept.fault}")
            report(place / len(files), file.evidence.reference)
    for line in unread:
        say(f"Not read: {line}")
    say(f"{len(files) - len(unread):,} files read; {rebuild():,} rows can be found")
