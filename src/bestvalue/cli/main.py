"""The `bestvalue` command: one group of subcommands, one way of saying what went wrong."""

import sys
from importlib.metadata import version
from typing import Annotated

import typer
from rich.console import Console

from bestvalue.cli import (
    analyses,
    audit,
    backup,
    bundle,
    data,
    demo,
    exchange,
    gathering,
    index,
    published,
    qda,
    questionnaire,
    saying,
    scan,
    serve,
    tick,
    workbook,
)
from bestvalue.errors import BestValueError, Cancelled

app = typer.Typer(
    name="bestvalue",
    help="Run a service improvement review: from the data to the delivered, inspected improvement.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)
for module in (
    data,
    analyses,
    published,
    demo,
    serve,
    audit,
    exchange,
    tick,
    scan,
    index,
    workbook,
    saying,
    gathering,
    questionnaire,
    qda,
    bundle,
    backup,
):
    module.add_to(app)


def _print_version(*, wanted: bool) -> None:
    if wanted:
        typer.echo(f"bestvalue {version('bestvalue')}")
        raise typer.Exit


@app.callback()
def _about(
    *,
    show_version: Annotated[
        bool,
        typer.Option("--version", help="Print the version and stop.", callback=lambda wanted: _print_version(wanted=wanted), is_eager=True),
    ] = False,
) -> None:
    """Start with `bestvalue demo`, or `bestvalue new DIR` for a review of your own."""


def run() -> None:
    """Run the command; end with 0, or with the exit code of what went wrong. A command line that cannot be read ends with 2."""
    try:
        app()
    except BestValueError as cause:
        sys.exit(_explain(cause))
    except SystemExit as ended:
        if ended.code == Cancelled.exit_code:  # Ctrl+C
            _explain(Cancelled("Stopped; what was finished is kept", next_step="The same command goes on from there."))
        raise


def _explain(error: BestValueError) -> int:
    # Markup is off: file names and values hold square brackets of their own.
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    console.print(f"Error: {error}", markup=False, style="bold red" if console.is_terminal else None)
    if error.next_step:
        console.print(f"What to do: {error.next_step}", markup=False)
    return error.exit_code
