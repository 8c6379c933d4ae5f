"""`bestvalue scan`: have the files of evidence scanned for viruses, those from before there was a scanner too."""

from typing import Annotated

import typer

from bestvalue.cli.console import HERE, WorkspaceOption, open_workspace, progress_bar, say
from bestvalue.cli.record import open_record
from bestvalue.errors import WorkspaceError
from bestvalue.record.reviews.virus_scanner import signatures
from bestvalue.workspace import SETTINGS_FILE


def add_to(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command(epilog="Example: `bestvalue scan --workspace review` once a day, after the signatures were brought up to date.")(scan)


def scan(
    workspace: WorkspaceOption = HERE,
    *,
    every: Annotated[bool, typer.Option("--every", help="Also the files that were scanned with the signatures of today.")] = False,
) -> None:
    """Scan the files that were never scanned, are in quarantine, or were scanned with other signatures than the scanner has now."""
    opened = open_workspace(workspace)
    scanner = opened.settings.scanner
    if scanner is None:
        next_step = "Name one under [scanner]; docs/how-to/server.md says how."
        raise WorkspaceError("No scanner is set", where=SETTINGS_FILE, next_step=next_step)
    # A scanner that is not there fails here, before the first file: nothing that stands as clean goes into quarantine for that.
    known = signatures(scanner)
    open_record(opened)
    from bestvalue.record.reviews.models.file_scan import ScanState
    from bestvalue.record.reviews.scanning import scan_again, to_scan

    files = to_scan(known, every=every)
    say(f"Scanner: {known}")
    counts = dict.fromkeys((ScanState.CLEAN, ScanState.INFECTED, ScanState.QUARANTINED), 0)
    with progress_bar("Scanning") as report:
        for place, (file, noted) in enumerate(scan_again(files, scanner=scanner), start=1):
            counts[ScanState(noted.state)] += 1
            report(place / len(files), file.evidence.reference)
            if noted.state != ScanState.CLEAN:
                said = f"{ScanState(noted.state).label}: {file.name}, version {file.number} of {file.evidence.reference}"
                say(f"{said} in “{file.evidence.review.title}”: {noted.says}")
    for state, count in counts.items():
        say(f"  {state.label.lower():<16}{count:>7,}")
    if counts[ScanState.INFECTED] or counts[ScanState.QUARANTINED]:
        raise typer.Exit(1)
