"""`bestvalue analyses` and `run`: the questions that can be asked, and their answers."""

import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any

import typer

from bestvalue.analysis.contract import Analysis, Result
from bestvalue.analysis.registry import find_analyses, find_analysis
from bestvalue.analysis.settings import parse_settings
from bestvalue.analysis.store import StoredResult, result_as_json
from bestvalue.cli.console import HERE, JsonOption, WorkspaceOption, open_workspace, progress_bar, say, say_json, say_next
from bestvalue.dataset.report import CheckReport
from bestvalue.dataset.tables import TABLES
from bestvalue.documents.costing_workbook import write_workbook
from bestvalue.errors import SpecError, TableError
from bestvalue.workspace import SETTINGS_FILE, Workspace

NAME_AND_FILE = "NAME=FILE"
KEY_AND_VALUE = "KEY=VALUE"


def add_to(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command(epilog="Example: `bestvalue analyses`")(analyses)
    app.command(
        epilog="Examples: `bestvalue run` answers every question that bestvalue.toml names; "
        "`bestvalue run challenge.demand --table incidents=2024-01-surrey-street.csv --set horizon_years=2 --json` answers one from a file."
    )(run)


def analyses(*, as_json: JsonOption = False) -> None:
    """List the analyses: the question each answers and the tables it needs."""
    known = find_analyses()
    if as_json:
        say_json(
            [
                {
                    "name": analysis.name,
                    "title": analysis.title,
                    "question": analysis.question,
                    "needs": list(analysis.needs),
                    "one_of": [{"tables": list(way.tables), "columns": dict(way.columns)} for way in analysis.one_of],
                    "uses": list(analysis.uses),
                    "spec": analysis.Spec.model_json_schema(),
                }
                for analysis in known.values()
            ]
        )
        return
    for analysis in known.values():
        say(f"{analysis.name}\n  {analysis.question}\n  needs: {', '.join(analysis.needs_in_words)}")
        if analysis.uses:
            say(f"  better with: {', '.join(analysis.uses)}")
    say_next("bestvalue check, to see which of them your data allow; bestvalue analyses --json has the parameters of each")


def run(
    name: Annotated[str, typer.Argument(metavar="ANALYSIS", help="The analysis; every one that bestvalue.toml names when left out.")] = "",
    *,
    workspace: WorkspaceOption = HERE,
    table: Annotated[
        list[str] | None,
        typer.Option(
            "--table",
            "-t",
            metavar=NAME_AND_FILE,
            help="Read this table from a file or folder instead of the data folder. May be repeated.",
        ),
    ] = None,
    reader: Annotated[str, typer.Option(help="Layout of those files; recognised from their header when left out.")] = "",
    settings: Annotated[
        list[str] | None, typer.Option("--set", "-s", metavar=KEY_AND_VALUE, help="Set a parameter of the analysis. May be repeated.")
    ] = None,
    as_json: JsonOption = False,
    workbook: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the answer as an Excel workbook too: values, totals as formulas, checks.")
    ] = None,
    anew: Annotated[bool, typer.Option("--anew", help="Work it out again even when a kept result would do.")] = False,
    workers: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=1_024,
            help="At most so many threads; as bestvalue.toml says when left out. No figure depends on it. A Spark cluster has its own.",
        ),
    ] = None,
) -> None:
    """Answer the review's questions from its data, or one question."""
    files = _files(table or [])
    values = dict(_split(setting, KEY_AND_VALUE) for setting in settings or [])
    if values and not name:
        raise SpecError("--set belongs to one analysis", where="--set", next_step="Name it: bestvalue run challenge.demand --set ...")
    if workbook is not None and not name:
        raise SpecError("--workbook holds one answer", where="--workbook", next_step="Name the analysis: bestvalue run compete.costing ...")
    with _workspace_or_folder_of_the_day(workspace, named_files=bool(files)) as opened:
        wanted = [(find_analysis(name), parse_settings(find_analysis(name).Spec, values))] if name else opened.analyses()
        stored = []
        with progress_bar("Reading tables") as progress:
            report = opened.check(files=files, reader=reader or None, progress=progress)
        for analysis, _ in wanted:
            _refuse_what_is_wrong(report, analysis)
        dataset = opened.dataset(report, workers=workers, anew=anew)
        try:
            for analysis, spec in wanted:
                with progress_bar(analysis.name) as progress:
                    stored.append(opened.run(analysis, spec, dataset=dataset, progress=progress, anew=anew))
        finally:
            dataset.engine.close()
    kept = workspace != HERE or (HERE / SETTINGS_FILE).exists()
    if workbook is not None:
        write_workbook(stored[0].result, workbook)
    _show(stored, as_json=as_json, one=bool(name), kept=kept)


@contextmanager
def _workspace_or_folder_of_the_day(folder: Path, *, named_files: bool) -> Iterator[Workspace]:
    """The workspace; where there is none but the files are named, one that lasts as long as the command."""
    if named_files and folder == HERE and not (folder / SETTINGS_FILE).exists():
        with tempfile.TemporaryDirectory(prefix="bestvalue-") as made:
            yield Workspace.create(Path(made) / "workspace", name="Files named on the command line")
    else:
        yield open_workspace(folder)


def _files(tables: Sequence[str]) -> dict[str, list[Path]]:
    files: dict[str, list[Path]] = defaultdict(list)
    for named in tables:
        name, file = _split(named, NAME_AND_FILE)
        if name not in TABLES:
            near = get_close_matches(name, TABLES, n=1)
            raise TableError(
                f"There is no table {name!r}",
                where="--table",
                next_step=f"Did you mean {near[0]}?" if near else f"Use one of: {', '.join(TABLES)}.",
            )
        path = Path(file)
        if not path.exists():
            raise TableError("There is no such file or folder", where=file, next_step="Check the name after the equals sign.")
        files[name].append(path.resolve())
    return files


def _split(pair: str, shape: str) -> tuple[str, str]:
    name, equals, value = pair.partition("=")
    if not equals or not name:
        raise SpecError(f"{pair!r} is not of the form {shape}", next_step=f"Write it as {shape}.")
    return name.strip(), value


def _refuse_what_is_wrong(report: CheckReport, analysis: Analysis[Any]) -> None:
    """Stop at a table with faults that the analysis has no rule for: an answer from part of a table would mislead."""
    usable = report.usable(analysis.accounts_for)
    for name in sorted({*analysis.needs, *analysis.uses} & set(report.tables) - set(usable)):
        report.tables[name].checked()


def _show(stored: Sequence[StoredResult], *, as_json: bool, one: bool, kept: bool) -> None:
    if as_json:
        values = [result_as_json(each.result, each.digest) for each in stored]
        if one:
            say_json(values[0])
        else:
            say_json(values)
        return
    for each in stored:
        say_result(each.result, each.digest)
    say_next(
        "bestvalue publish, or bestvalue serve to see the charts and tables"
        if kept
        else "bestvalue new DIR, and put the files into its data folder: there, results are kept and have charts"
    )


def say_result(result: Result, digest: str) -> None:
    """Print the statements of a result, what it cannot tell, and where it came from."""
    say(f"{result.title}: {result.question}")
    if result.provenance.synthetic:
        say("(synthetic data)")
    for statement in result.statements:
        say(f"- {statement.text}")
    for caveat in result.caveats:
        say(f"  Note: {caveat}")
    say(f"Result {digest[:12]}, from {', '.join(f'{rows:,} rows of {name}' for name, rows in result.provenance.rows.items())}")
