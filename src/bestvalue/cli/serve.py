"""`bestvalue serve`: the site, and the worker that runs its background jobs."""

import signal
import subprocess
import sys
from typing import Annotated

import typer

from bestvalue.cli.console import HERE, WorkspaceOption, open_workspace, say
from bestvalue.cli.record import open_record
from bestvalue.workspace import Workspace


def add_to(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command(epilog="Example: `bestvalue serve --port 8080`")(serve)


def serve(
    workspace: WorkspaceOption = HERE,
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 for every address of the machine.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = 8000,
) -> None:
    """Open the site on this machine. Stop it with Ctrl+C."""
    serve_workspace(open_workspace(workspace), host=host, port=port)


def serve_workspace(workspace: Workspace, *, host: str = "127.0.0.1", port: int = 8000) -> None:
    """Serve the site and run its jobs until stopped."""
    open_record(workspace)
    from granian.constants import Interfaces
    from granian.server import Server

    from bestvalue.record.search.reading import read_unread

    read_unread.enqueue()
    # Files are scanned and read by one of their own: none of them waits for an analysis that takes an hour.
    workers = [
        subprocess.Popen([sys.executable, "-m", "django", "db_worker", "--queue-name", queue, "--interval", "0.5", "-v", "0"])  # noqa: S603
        for queue in ("default", "files")
    ]
    say(f"The site is on http://{host}:{port} (stop it with Ctrl+C)")
    try:
        Server(
            "bestvalue.site.wsgi:application", address=host, port=port, interface=Interfaces.WSGI, blocking_threads=8, log_enabled=False
        ).serve()
    finally:
        for worker in workers:
            worker.send_signal(signal.SIGTERM)
        for worker in workers:
            worker.wait(timeout=30)
