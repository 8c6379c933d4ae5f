"""`bestvalue tick`: what the clock brings, for cron or a systemd timer."""

from datetime import datetime
from typing import Annotated

import typer

from bestvalue.cli.console import HERE, WorkspaceOption, open_workspace, say
from bestvalue.cli.record import open_record


def add_to(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command(epilog="Example: `bestvalue tick --workspace review` once a day, from cron or a systemd timer.")(tick)


def tick(
    workspace: WorkspaceOption = HERE,
    *,
    on: Annotated[datetime | None, typer.Option(help="The day to run for; today when left out.", formats=["%Y-%m-%d"])] = None,
    mail: Annotated[bool, typer.Option("--mail/--no-mail", help="Send what people are to be told.")] = True,
) -> None:
    """Ask for updates that are due, record those that were missed, and tell people: one mail each. Run twice, it does nothing twice."""
    open_record(open_workspace(workspace))
    from django.utils import timezone

    from bestvalue.record.delivery.changes import ask_for_updates, raise_notices, record_missed
    from bestvalue.record.delivery.mail import send_notices

    day = on.date() if on else timezone.localdate()
    asked = ask_for_updates(on=day, by=None)
    missed = record_missed(on=day, by=None)
    raised = raise_notices(on=day, by=None)
    sent = send_notices(by=None) if mail else 0
    say(f"{day:%d %B %Y}")
    for words, count in {
        "updates asked for": len(asked),
        "updates missed": len(missed),
        "notices raised": len(raised),
        "mails sent": sent,
    }.items():
        say(f"  {words:<20}{count:>6,}")
