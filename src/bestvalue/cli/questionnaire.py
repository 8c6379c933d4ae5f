"""`bestvalue questionnaire`: check a form before it goes out, and turn answers into the tables that analyses read."""

from pathlib import Path
from typing import Annotated, Any

import typer

from bestvalue.analysis.consult.questionnaire_form import FormCheck, check_form
from bestvalue.cli.console import HERE, JsonOption, WorkspaceOption, open_workspace, say, say_json, say_next
from bestvalue.cli.record import open_record
from bestvalue.dataset.questionnaires.asked_reading import read_asked
from bestvalue.dataset.questionnaires.data_folder import replace_survey, write_tables
from bestvalue.dataset.questionnaires.published import PUBLISHED, read_published
from bestvalue.dataset.questionnaires.responses import read_responses, survey_rows
from bestvalue.dataset.questionnaires.xlsform import read_form
from bestvalue.errors import TableError, TableFaults

FormArgument = Annotated[Path, typer.Argument(metavar="FILE", help="An XLSForm: .xlsx, .xls or .csv.", exists=True, dir_okay=False)]
IntoOption = Annotated[Path | None, typer.Option("--into", help="Folder to write the tables into, as CSV.", file_okay=False)]
UseOption = Annotated[bool, typer.Option("--use", help="Put the tables into the workspace's data, in place of another survey's.")]


def add_to(app: typer.Typer) -> None:
    """Add this module's commands."""
    group = typer.Typer(help="Check a form before it goes out, and read the answers to one.", no_args_is_help=True)
    group.command(epilog="Example: `bestvalue questionnaire check form.xlsx`")(check)
    group.command(epilog="Example: `bestvalue questionnaire read answers.sav --into tables`")(read)
    group.command(epilog="Example: `bestvalue questionnaire answers 3 --use`")(answers)
    app.add_typer(group, name="questionnaire")


def check(file: FormArgument, *, json: JsonOption = False) -> None:
    """Check the words of a form, its length and its translations, and whether the site can ask it."""
    found = check_form(read_form(file))
    refused = _refused(file)
    if json:
        say_json(_as_json(found, refused))
        return
    say(f"{file.name}: {found.asked:,} questions, about {found.minutes:.0f} minutes: {found.light.colour}, {found.light.said}")
    for remark in found.remarks:
        say(f"- {remark.question}, {remark.fault}: {remark.why}")
    for language, question in found.untranslated:
        say(f"- {question} has no words in {language}")
    for warning in found.warnings:
        say(f"- {warning}")
    if refused:
        say("The site cannot ask it:")
        for fault in refused:
            say(f"- {fault}")
    else:
        say("The site can ask it: prepare a survey under the review's consultation.")


def read(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="Answers: .csv, .xlsx or .sav, an export of ODK or Kobo.", exists=True, dir_okay=False)
    ],
    *,
    workspace: WorkspaceOption = HERE,
    into: IntoOption = None,
    use: UseOption = False,
    respondent: Annotated[str, typer.Option(help="Column that tells people apart; numbered in order when left out.")] = "",
    question: Annotated[list[str] | None, typer.Option(help="Column to take; every one on a scale when left out.")] = None,
    survey: Annotated[str, typer.Option(help=f"Name of a published survey whose layout it has: {', '.join(PUBLISHED)}.")] = "",
) -> None:
    """Turn answers from elsewhere into survey_items and survey_answers."""
    if survey:
        tables = read_published(file, survey=survey)
    else:
        tables = survey_rows(read_responses(file), respondent=respondent, questions=question or ())
    _put(tables, workspace=workspace, into=into, use=use)


def answers(
    survey: Annotated[int, typer.Argument(metavar="SURVEY", help="Number of the survey, as its address on the site ends.")],
    *,
    workspace: WorkspaceOption = HERE,
    into: IntoOption = None,
    use: UseOption = False,
) -> None:
    """Take the answers that were given on the site."""
    opened = open_workspace(workspace)
    open_record(opened)
    from bestvalue.record.consultation.answers_for_analysis import tables_of
    from bestvalue.record.consultation.models import Survey

    found = Survey.objects.filter(pk=survey).first()
    if found is None:
        listed = "; ".join(f"{one.pk} is {one.title}" for one in Survey.objects.order_by("pk")) or "there is none yet"
        raise TableError(f"There is no survey number {survey}", where="SURVEY", next_step=f"Name one by its number: {listed}.")
    _put(tables_of(found), workspace=workspace, into=into, use=use)


def _put(tables: dict[str, list[dict[str, Any]]], *, workspace: Path, into: Path | None, use: bool) -> None:
    from datetime import UTC, datetime

    if into is None and not use:
        raise TableError("It is not said where the tables go", where="--into", next_step="Name a folder with --into, or give --use.")
    if into is not None:
        for name, path in write_tables(into, tables).items():
            say(f"- {len(tables[name]):,} rows of {name} in {path}")
    if use:
        rows = replace_survey(open_workspace(workspace).data_folder, tables, at=datetime.now(UTC))
        for name, count in rows.items():
            say(f"- {count:,} rows of {name} in use")
        say_next("bestvalue run consult.reliability")


def _refused(file: Path) -> list[str]:
    try:
        read_asked(file)
    except TableFaults as faults:
        return [str(fault) for fault in faults.faults]
    return []


def _as_json(found: FormCheck, refused: list[str]) -> dict[str, Any]:
    return {
        "questions": found.asked,
        "minutes": round(found.minutes, 1),
        "light": found.light.colour,
        "reasons": list(found.light.reasons),
        "remarks": [{"question": one.question, "what": one.fault, "why": one.why} for one in found.remarks],
        "untranslated": [{"language": language, "question": question} for language, question in found.untranslated],
        "warnings": list(found.warnings),
        "site_cannot_ask": refused,
    }
