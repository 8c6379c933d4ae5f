"""`bestvalue qda`: coded words in and out of NVivo, ATLAS.ti and MAXQDA, in the REFI-QDA standard."""

from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from bestvalue.cli.console import HERE, WorkspaceOption, open_workspace, say, say_next
from bestvalue.dataset.questionnaires.data_folder import write_tables
from bestvalue.dataset.refi_qda.project import Code, project_of, tables_of
from bestvalue.dataset.refi_qda.reading import read_codebook, read_project
from bestvalue.dataset.refi_qda.writing import write_codebook, write_project
from bestvalue.errors import TableError

CARRIED = ("open_answers", "codebook", "coded_segments")
PROJECT, CODEBOOK = ".qdpx", ".qdc"


def add_to(app: typer.Typer) -> None:
    """Add this module's commands."""
    group = typer.Typer(help="Coded words in and out of NVivo, ATLAS.ti and MAXQDA (REFI-QDA).", no_args_is_help=True)
    group.command(name="import", epilog="Example: `bestvalue qda import interviews.qdpx --into tables`")(bring_in)
    group.command(name="export", epilog="Example: `bestvalue qda export answers.qdpx`")(take_out)
    app.add_typer(group, name="qda")


def bring_in(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A project (.qdpx) or code book (.qdc).", exists=True, dir_okay=False)],
    *,
    into: Annotated[Path, typer.Option("--into", help="Folder to write the tables into, as CSV.", file_okay=False)],
    question: Annotated[str, typer.Option(help="What was asked; the name of the project when left out.")] = "",
) -> None:
    """Turn a project into the tables open_answers, codebook and coded_segments; a code book into codebook."""
    kind = file.suffix.lower()
    tables: dict[str, list[dict[str, object]]]
    if kind == CODEBOOK:
        codes = read_codebook(file)
        tables = {"codebook": [{"code": code.name, "definition": code.definition or code.name} for code in codes if code.codable]}
    elif kind == PROJECT:
        project = read_project(file)
        tables = tables_of(project, question=question)
        for note in project.notes:
            say(f"Note: {note}")
    else:
        raise TableError(f"Coded words are not read from {kind or 'such a file'}", where=file.name, next_step="Give .qdpx or .qdc.")
    for name, path in write_tables(into, tables).items():
        say(f"- {len(tables[name]):,} rows of {name} in {path}")
    say_next("bestvalue run consult.coding (with the tables in the workspace's data folder)")


def take_out(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The project (.qdpx) or code book (.qdc) to write.", dir_okay=False)],
    *,
    workspace: WorkspaceOption = HERE,
    name: Annotated[str, typer.Option(help="Name of the project.")] = "Open answers",
) -> None:
    """Write the workspace's open answers with their codes as a project for other tools, or the code book alone."""
    checked = open_workspace(workspace).check().checked
    tables = {table: pl.read_parquet(checked[table].parquet) for table in CARRIED if table in checked}
    codebook = list(tables["codebook"].select("code", "definition").iter_rows()) if "codebook" in tables else []
    if file.suffix.lower() == CODEBOOK and codebook:
        write_codebook(tuple(Code(guid=code, name=code, definition=definition) for code, definition in codebook), file)
        say(f"Wrote {file}: {len(codebook):,} codes")
        return
    if file.suffix.lower() != PROJECT or "open_answers" not in tables:
        raise TableError(
            "There is nothing to write" if file.suffix.lower() in (PROJECT, CODEBOOK) else "The file is neither .qdpx nor .qdc",
            where=str(file),
            next_step="Put open_answers, codebook and coded_segments into the data folder, and name a file that ends in .qdpx or .qdc.",
        )
    answers = list(tables["open_answers"].select("open_answer_id", "words").iter_rows())
    segments = list(tables["coded_segments"].select("open_answer_id", "coder", "code").iter_rows()) if "coded_segments" in tables else []
    write_project(project_of(name=name, codebook=codebook, answers=answers, segments=segments), file)
    say(f"Wrote {file}: {len(answers):,} answers, {len(codebook):,} codes, {len(segments):,} codings")
