"""Making the record ready for a command: Django set up for one workspace, its tables up to date."""

import io
import os

from bestvalue.errors import WorkspaceError
from bestvalue.workspace import Workspace


def open_record(workspace: Workspace) -> None:
    """Set Django up for this workspace and bring the record's tables up to date.

    Commands call this before they import anything of `bestvalue.record`: models can be imported only after it.

    Raises:
        WorkspaceError: the database cannot be reached.
    """
    set_up(workspace)
    bring_up_to_date(workspace)


def set_up(workspace: Workspace) -> None:
    """Set Django up for this workspace; its tables are left as they are."""
    os.environ["BESTVALUE_WORKSPACE"] = str(workspace.root)
    os.environ["DJANGO_SETTINGS_MODULE"] = "bestvalue.site.settings"
    import django

    django.setup()


def bring_up_to_date(workspace: Workspace) -> None:
    """Have the record's tables take the steps that they have not taken yet.

    Raises:
        WorkspaceError: the database cannot be reached.
    """
    from django.core.management import call_command
    from django.db import OperationalError

    try:
        call_command("migrate", interactive=False, verbosity=0, stdout=io.StringIO())
    except OperationalError as cause:
        raise WorkspaceError(
            f"The record's database cannot be opened: {cause}",
            where=workspace.database_url.rpartition("@")[2],  # an address may hold a password before the @
            next_step="Check DATABASE_URL, or the setting database_url in bestvalue.toml.",
        ) from cause
