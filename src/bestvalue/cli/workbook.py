"""`bestvalue workbook`: the register as a workbook, taken out and brought back without a browser."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bestvalue.cli.console import HERE, WorkspaceOption, open_workspace, say, say_next
from bestvalue.cli.record import open_record
from bestvalue.errors import RuleError, TableFaults, WorkspaceError

if TYPE_CHECKING:
    from bestvalue.record.bodies.models import Person
    from bestvalue.record.delivery.workbook.compare import Change

ByOption = Annotated[str, typer.Option("--by", help="E-mail address of whoever does it: they see, and may, what they do on the site.")]


def add_to(app: typer.Typer) -> None:
    """Add this module's commands."""
    group = typer.Typer(help="Take the register out as an Excel workbook, and bring it back.", no_args_is_help=True)
    group.command(epilog="Example: `bestvalue workbook out plan.xlsx --by lead@example.org --plan operational-support-2026`")(out)
    group.command(epilog="Example: `bestvalue workbook back plan.xlsx --by lead@example.org`, then with --write")(back)
    app.add_typer(group, name="workbook")


def out(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The workbook to write, ending in .xlsx.", dir_okay=False)],
    *,
    by: ByOption,
    workspace: WorkspaceOption = HERE,
    plan: Annotated[str, typer.Option(help="Only the plan of one report or review: its name as it stands in addresses.")] = "",
) -> None:
    """Write the recommendations, actions, updates and dates that somebody sees as a workbook."""
    open_record(open_workspace(workspace))
    from django.contrib.auth.models import AnonymousUser
    from django.utils import timezone

    from bestvalue.record.delivery.models import Recommendation
    from bestvalue.record.delivery.workbook.rows import book_of
    from bestvalue.record.delivery.workbook.write import write_book

    listed = Recommendation.objects.visible_to(_person(by).user or AnonymousUser())
    if plan:
        listed = listed.filter(report_slug=plan)
        if not listed.exists():
            raise RuleError(f"There is no plan {plan} that {by} sees", where="--plan", next_step="Leave it out to take everything.")
    today = timezone.localdate()
    book = book_of(listed, on=today)
    file.write_bytes(write_book(book, title=f"{plan or 'Every recommendation'}, taken out on {today.day} {today:%B %Y}"))
    say(f"Wrote {file}: " + ", ".join(f"{len(rows):,} {name.lower()}" for name, rows in book.sheets.items()))
    say_next(f"bestvalue workbook back {file} --by {by}")


def back(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The workbook that comes back.", dir_okay=False)],
    *,
    by: ByOption,
    workspace: WorkspaceOption = HERE,
    write: Annotated[bool, typer.Option("--write", help="Write the changes; without it they are only shown.")] = False,
    conflicts: Annotated[str, typer.Option(help="Whose words stay where somebody else changed the same: mine or theirs.")] = "",
) -> None:
    """Show what a workbook would change, row by row; with --write, write all of it or nothing."""
    open_record(open_workspace(workspace))
    from django.contrib.auth.models import AnonymousUser
    from django.utils import timezone

    from bestvalue.record.delivery.models import Recommendation
    from bestvalue.record.delivery.workbook.bringing_back import CORRECT, rehearse, take_workbook

    if conflicts not in ("", "mine", "theirs"):
        raise RuleError(f"“{conflicts}” is neither mine nor theirs", where="--conflicts", next_step="Give one of the two.")
    person, today, content = _person(by), timezone.localdate(), _content(file)
    listed = Recommendation.objects.visible_to(person.user or AnonymousUser())
    difference = rehearse(content, name=file.name, listed=listed, on=today, by=person)
    for change in difference.changes:
        say(_words(change))
    if difference.wrong:
        raise TableFaults(difference.wrong, total=len(difference.wrong), where=file.name, next_step=CORRECT)
    if not difference.changes:
        say("The workbook says what the register says: there is nothing to write.")
        return
    if not write:
        met = len(difference.conflicts)
        say(f"{_many(len(difference.changes))}, {met:,} of them also by somebody else. Nothing is written.")
        say_next(f"bestvalue workbook back {file} --by {by} --write" + (" --conflicts theirs" if difference.conflicts else ""))
        return
    choices = {one.name: conflicts for one in difference.conflicts}
    taken = take_workbook(content, name=file.name, listed=listed, choices=choices, on=today, by=person)
    say(f"{_many(taken.changes)} written")
    say_next("bestvalue audit verify")


def _person(email: str) -> "Person":
    from bestvalue.record.bodies.models import Person

    found = Person.objects.filter(user__email__iexact=email.strip()).select_related("user").first()
    if found is None:
        raise WorkspaceError(f"Nobody signs in as {email}", where="--by", next_step="Give the e-mail address of a sign-in.")
    return found


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as cause:
        raise WorkspaceError("The workbook cannot be read", where=str(file), next_step="Check its name.") from cause


def _many(count: int) -> str:
    return f"{count:,} change{'' if count == 1 else 's'}"


def _words(change: "Change") -> str:
    from bestvalue.record.delivery.workbook.layout import SHEETS

    columns = SHEETS[change.sheet]
    said = "; ".join(
        f"{columns.column(key).heading}: {change.before.get(key, '') or 'nothing'} -> {text or 'nothing'}"
        for key, text in change.after.items()
        if text != change.before.get(key, "")
    )
    return f"{change.sheet}, row {change.number}, {change.about}: {said}" + (
        " (somebody else changed it too)" if change.is_conflict else ""
    )
