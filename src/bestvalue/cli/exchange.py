"""`bestvalue exchange`: packages of figures with their definitions, which forces of a benchmark club swap."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from bestvalue.cli.console import HERE, WorkspaceOption, open_workspace, say, say_next
from bestvalue.dataset.exchange import CARRIED, merge_new, read_package, write_package
from bestvalue.dataset.report import CheckReport
from bestvalue.errors import TableError, WorkspaceError

KeyOption = Annotated[
    Path | None,
    typer.Option("--key-file", help="File with the club's shared key; without it nothing is signed or verified.", dir_okay=False),
]


def add_to(app: typer.Typer) -> None:
    """Add this module's commands."""
    group = typer.Typer(help="Swap figures with other forces: packages with definitions, signed with the club's key.", no_args_is_help=True)
    group.command(epilog="Example: `bestvalue exchange make capital-2026.zip --key-file club.key`")(make)
    group.command(epilog="Example: `bestvalue exchange take northshire-2026.zip --key-file club.key`")(take)
    app.add_typer(group, name="exchange")


def make(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The package to write.")],
    *,
    workspace: WorkspaceOption = HERE,
    key_file: KeyOption = None,
    force: Annotated[list[str] | None, typer.Option(help="Code of a force whose values go in; the own force when left out.")] = None,
    made_on: Annotated[str, typer.Option(help="Day to put on it, year-month-day; today when left out.")] = "",
) -> None:
    """Write the force's indicator values and their definitions as a package for others."""
    opened = open_workspace(workspace)
    tables = _tables(opened.check())
    if len(tables) < len(CARRIED):
        missing = next(name for name in CARRIED if name not in tables)
        raise TableError(f"The workspace has no table {missing}", where="data", next_step=f"Put {missing} into the data folder.")
    wanted = force or tables["forces"].filter(pl.col("own_force"))["force_id"].to_list()
    values = tables["indicator_values"].filter(pl.col("force_id").is_in(wanted))
    if values.is_empty():
        raise TableError(
            f"There is no value of {', '.join(wanted) or 'the own force'}", where="indicator_values", next_step="Name another --force."
        )
    names = tables["forces"].filter(pl.col("force_id").is_in(wanted))["force_name"].sort()
    manifest = write_package(
        file,
        values=values,
        indicators=tables["indicators"],
        forces=tables["forces"],
        made_by=", ".join(names),
        made_on=date.fromisoformat(made_on) if made_on else datetime.now(UTC).date(),
        key=_key(key_file),
    )
    values_in, indicators_in = manifest.rows["indicator_values"], manifest.rows["indicators"]
    say(f"Wrote {file}: {_many(values_in, 'value')} of {_many(indicators_in, 'indicator')}, by {manifest.made_by}")
    say("Signed with the club's key." if manifest.signature else "Not signed: whoever reads it cannot know that you made it.")
    say_next(f"bestvalue exchange take {file.name} (in the other force's workspace)")


def take(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The package to take in.", exists=True, dir_okay=False)],
    *,
    workspace: WorkspaceOption = HERE,
    key_file: KeyOption = None,
) -> None:
    """Check a package and add its rows to the workspace's tables."""
    opened = open_workspace(workspace)
    package = read_package(file, key=_key(key_file))
    fresh = merge_new(package, _tables(opened.check()))
    written = {name: _add(opened.data_folder, name, rows, file.stem) for name, rows in fresh.items() if rows.height}
    seal = {
        "signed": "the club's key fits",
        "not checked": "signed, but not checked: no key was given",
        "unsigned": "not signed: it is whole, but nothing shows who made it",
    }
    say(f"{package.made_by}, {package.made_on}: {seal[package.seal]}")
    for name, path in written.items():
        say(f"- {_many(fresh[name].height, 'new row')} of {name} in {path.relative_to(opened.root)}")
    if not written:
        say("Nothing new: every row is here already.")
    say_next("bestvalue run compare.indicators")


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _tables(report: CheckReport) -> dict[str, pl.DataFrame]:
    return {name: pl.read_parquet(table.parquet) for name, table in report.checked.items() if name in CARRIED}


def _key(file: Path | None) -> bytes | None:
    if file is None:
        return None
    try:
        return file.read_bytes().strip()
    except OSError as cause:
        raise WorkspaceError("The key file cannot be read", where=str(file), next_step="Check its name.") from cause


def _add(folder: Path, table: str, rows: pl.DataFrame, stem: str) -> Path:
    """The rows as a file of their own in the table's folder, beside whatever file the table has."""
    target = folder / table / f"club-{stem}.parquet"
    target.parent.mkdir(exist_ok=True)
    rows.write_parquet(target)
    return target
