"""`bestvalue audit`: is the record's history whole?"""

from typing import Annotated

import typer

from bestvalue.cli.console import HERE, WorkspaceOption, open_workspace, say
from bestvalue.cli.record import open_record

audit = typer.Typer(help="Prove that nobody has changed the record's history.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.add_typer(audit, name="audit")


@audit.command(
    epilog="Example: `bestvalue audit verify --checkpoint 1042:9f3c...` tests against the checkpoint printed in a published report."
)
def verify(
    workspace: WorkspaceOption = HERE,
    checkpoint: Annotated[str, typer.Option(help="Number and hash from a published report, as NUMBER:HASH.", metavar="NUMBER:HASH")] = "",
) -> None:
    """Check every entry of the audit ledger, and that a published checkpoint is still part of it."""
    open_record(open_workspace(workspace))
    from bestvalue.record.ledger.verify import parse_checkpoint, verify

    verification = verify(checkpoint=parse_checkpoint(checkpoint) if checkpoint else None)
    say(f"The ledger is whole: {verification.entries:,} entries, head {verification.head}")
