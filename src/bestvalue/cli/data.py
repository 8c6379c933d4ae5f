"""`bestvalue new`, `check` and `templates`: a workspace and the force's tables in it."""

from pathlib import Path
from typing import Annotated, Any

import typer

from bestvalue.analysis.contract import Analysis
from bestvalue.analysis.registry import find_analyses
from bestvalue.cli.console import HERE, JsonOption, WorkspaceOption, open_workspace, progress_bar, say, say_json, say_next
from bestvalue.dataset.report import CheckReport, TableReport
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
    say(f"Put the force's tables into {workspace.data_folder}: CSV, Parquet or Excel, one file a table.")
    say_next(f"bestvalue check --workspace {folder}")


def check(*, workspace: WorkspaceOption = HERE, as_json: JsonOption = False) -> None:
    """Check every table: what is sound, what is wrong and where, and which questions the data can answer."""
    opened = open_workspace(workspace)
    with progress_bar("Checking tables") as progress:
        report = opened.check(progress=progress)
    if as_json:
        say_json(_as_json(report))
    else:
        for loaded in report.tables.values():
            _say_table(loaded.report)
        for warning in report.warnings:
            say(f"Note: {warning}")
        _say_analyses(report)
    report.require_passed()
    if not as_json:
        say_next("bestvalue run" if report.tables else f"put tables into {opened.data_folder}; bestvalue templates DIR writes blank ones")


def templates(folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to write them to.")]) -> None:
    """Write a blank CSV file for every table, and one workbook with a sheet for each."""
    for path in write_templates(folder):
        say(str(path))
    say_next("fill in those that you have, put them into the data folder of a workspace, and type: bestvalue check")


def _say_table(report: TableReport) -> None:
    period = f", {report.first_day:%-d %b %Y} to {report.last_day:%-d %b %Y}" if report.first_day and report.last_day else ""
    verdict = "sound" if report.passed else f"{report.faults_total:,} faults"
    files = ", ".join(report.files)
    say(f"{report.table}: {verdict}. {report.rows_read:,} rows read, {report.rows_used:,} used{period} ({files}; {report.reader})")
    for reason in report.left_out:
        say(f"  left out: {reason.rows:,} rows, {reason.reason} ({'; '.join(reason.examples)})")
    for warning in report.warnings:
        say(f"  note: {warning}")


def _say_analyses(report: CheckReport) -> None:
    say("These data can answer:")
    for analysis in find_analyses().values():
        missing = ", ".join(_missing(analysis, report))
        apart = ", ".join(_at_fault(analysis, report))
        yes = f"yes, without the rows at fault of {apart}, which it counts" if apart else "yes"
        say(f"  {analysis.name}: " + (f"no, it needs {missing}" if missing else yes))


def _missing(analysis: Analysis[Any], report: CheckReport) -> list[str]:
    return list(analysis.missing(report.usable(analysis.accounts_for)))


def _at_fault(analysis: Analysis[Any], report: CheckReport) -> list[str]:
    """Tables that it reads although single rows of them are at fault."""
    read = {*analysis.needs, *analysis.uses} & set(report.usable(analysis.accounts_for))
    return sorted(read - set(report.checked))


def _as_json(report: CheckReport) -> dict[str, Any]:
    return {
        "passed": report.passed,
        "faults_total": report.faults_total,
        "tables": {
            name: {
                "files": list(loaded.report.files),
                "reader": loaded.report.reader,
                "rows_read": loaded.report.rows_read,
                "rows_used": loaded.report.rows_used,
                "rows": loaded.report.rows,
                "left_out": [
                    {"reason": left.reason, "rows": left.rows, "examples": list(left.examples)} for left in loaded.report.left_out
                ],
                "warnings": list(loaded.report.warnings),
                "checks": [{"says": done.says, "broken": done.broken} for done in loaded.report.checks],
                "faults": [
                    {
                        "what": fault.what,
                        "file": fault.file,
                        "row": fault.row,
                        "column": fault.column,
                        "next_step": fault.next_step,
                        "rows": fault.rows,
                    }
                    for fault in loaded.report.faults
                ],
                "faults_total": loaded.report.faults_total,
            }
            for name, loaded in report.tables.items()
        },
        "warnings": list(report.warnings),
        "analyses": {
            name: {"answerable": not _missing(analysis, report), "missing": _missing(analysis, report)}
            for name, analysis in find_analyses().items()
        },
    }
