"""`bestvalue bundle`: a review as one file that another copy of bestvalue takes in with nothing lost."""

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from bestvalue.cli.console import HERE, WorkspaceOption, open_workspace, say, say_next
from bestvalue.cli.record import open_record


def add_to(app: typer.Typer) -> None:
    """Add this module's commands."""
    group = typer.Typer(
        help="Hand a whole review over: its rows, files, results and reports in one file with a manifest (RO-Crate).", no_args_is_help=True
    )
    group.command(epilog="Example: `bestvalue bundle make support-review.zip`")(make)
    group.command(epilog="Example: `bestvalue bundle take support-review.zip --workspace elsewhere`")(take)
    app.add_typer(group, name="bundle")


def make(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The bundle to write, a .zip.")],
    review: Annotated[int | None, typer.Argument(metavar="REVIEW", help="Number of the review; the only one when left out.")] = None,
    *,
    workspace: WorkspaceOption = HERE,
) -> None:
    """Write everything that belongs to a review into one file, whatever its marking: handle the file as its marking says."""
    opened = open_workspace(workspace)
    open_record(opened)
    from bestvalue.record.bundle.making import make_bundle
    from bestvalue.record.reviews.models import Review
    from bestvalue.record.reviews.scanning import closed_files

    chosen = Review.objects.the_one(review)
    manifest = make_bundle(chosen, file.resolve())
    say(f"Wrote {file}: {sum(manifest.rows.values()):,} rows and {len(manifest.parts):,} files of “{manifest.name}”")
    for left in closed_files(chosen):
        say(f"Left out, {left.scan_state.label.lower()}: {left.name} of {left.evidence.reference}")
    say(f"Marked {manifest.marking}. Ledger checkpoint {manifest.checkpoint}.")
    say_next(f"bestvalue bundle take {file.name} (in the other workspace)")


def take(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The bundle to take in.", exists=True, dir_okay=False)],
    *,
    workspace: WorkspaceOption = HERE,
) -> None:
    """Check a bundle file by file, and take its review in: all of it or nothing. Nobody who is here gets a place or a right by it."""
    opened = open_workspace(workspace)
    open_record(opened)
    from bestvalue.record.bundle.changes import take_in
    from bestvalue.record.bundle.opening import open_bundle

    with tempfile.TemporaryDirectory(dir=opened.root, prefix=".bundle-") as folder, open_bundle(file, folder=Path(folder)) as bundle:
        review = take_in(bundle, by=None)
    say(f"Took in “{review.title}”, review number {review.pk}, with {len(bundle.manifest.parts):,} files")
    say_next("bestvalue serve, then Bodies: give its people their sign-ins and places")
