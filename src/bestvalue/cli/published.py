"""`bestvalue import-report` and `publish`: reports that others wrote come in, ours go out."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bestvalue.cli.console import HERE, JsonOption, WorkspaceOption, open_workspace, progress_bar, say, say_json, say_next
from bestvalue.cli.record import open_record
from bestvalue.cli.saying import person_named
from bestvalue.errors import ReportError

if TYPE_CHECKING:
    from bestvalue.documents.reading import PublishedReport, VersionChange
    from bestvalue.record.reviews.models import PublishedVersion, Review


def add_to(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command(
        "import-report",
        epilog="Example: `bestvalue import-report inspection.txt`, or `bestvalue import-report inspection.txt --json` to see what is in it "
        "without touching a record; `bestvalue import-report final.pdf --against draft.pdf` shows what changed.",
    )(import_report)
    app.command(
        epilog="Example: `bestvalue publish --format pdf` proposes; `bestvalue publish --confirmed-by manager@example.org` publishes what "
        "is proposed; `bestvalue publish --public-register public` writes the public register."
    )(publish)


def import_report(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="The published reports: text, HTML, PDF, Word or OpenDocument, one file each.")
    ],
    *,
    workspace: WorkspaceOption = HERE,
    issuer: Annotated[str, typer.Option(help="Who published it, when the report does not say so itself.")] = "",
    allow_none: Annotated[bool, typer.Option("--allow-none", help="Accept a report that makes no recommendation.")] = False,
    against: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="An earlier version: print what changed since, and touch no record.", dir_okay=False),
    ] = None,
    again: Annotated[
        Path | None,
        typer.Option(
            "--write-again",
            metavar="FILE",
            help="Write the report again as an accessible .html, .pdf or .docx under its own numbers, and touch no record.",
            dir_okay=False,
        ),
    ] = None,
    to_check: Annotated[
        bool, typer.Option("--to-check", help="Leave its recommendations to be checked on the site before they enter the register.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Read somebody else's report into paragraphs, judgements and recommendations, and enter them in the register."""
    from bestvalue.documents.reading import check_importable, compare_versions, report_as_json

    # All are read before the first is entered, so that a bad file among them leaves the record as it was.
    reports = [_read(file, issuer=issuer) for file in files]
    if against is not None:
        earlier = _read(against, issuer=issuer)
        _say_changes([change for report in reports for change in compare_versions(earlier, report)], as_json=as_json)
        return
    if again is not None:
        _write_again(reports, again)
        return
    for report in reports:
        if not allow_none:
            check_importable(report)
    if as_json:
        values = [report_as_json(report) for report in reports]
        if len(values) == 1:
            say_json(values[0])
        else:
            say_json(values)
        return
    opened = open_workspace(workspace)
    open_record(opened)
    from bestvalue.record.delivery.report_import import import_report as enter

    for file, report in zip(files, reports, strict=True):
        entered = enter(report, source=file, by=None, seen=not to_check)
        _say_what_came_in(report)
        say(f"Entered in the record as {entered.slug}")
    if to_check:
        say_next("bestvalue serve, then Library: check what was read, beside its paragraph")
        return
    say_next("bestvalue serve, then Recommendations: confirm or dismiss the findings that ask for something without a recommendation")


def _read(file: Path, *, issuer: str) -> "PublishedReport":
    from bestvalue.documents.reading import read_report

    with progress_bar("Reading the report") as progress:
        return read_report(file, issuer=issuer or None, progress=progress)


def _write_again(reports: "Sequence[PublishedReport]", path: Path) -> None:
    from bestvalue.documents.republished import republished
    from bestvalue.documents.writing import write_report

    if len(reports) != 1:
        raise ReportError("One report is written again at a time", where=str(path), next_step="Name one report.")
    say(f"Wrote {write_report(republished(reports[0]), path)}")


def _say_changes(changes: "Sequence[VersionChange]", *, as_json: bool) -> None:
    if as_json:
        say_json([asdict(change) for change in changes])
        return
    for change in changes:
        say(f"{change.item} {change.number_after or change.number_before}: {change.kind}")
        if change.kind == "renumbered":
            say(f"  it was {change.number_before}")
        for words in change.changes:
            say(f"  “{words.before}” is now “{words.after}”")
    say(f"{len(changes):,} change{'' if len(changes) == 1 else 's'}")


def _say_what_came_in(report: "PublishedReport") -> None:
    say(f"{report.title}, {report.issuer}, {report.published}")
    for judgement in report.judgements:
        say(f"- Judgement: {judgement.question}: {judgement.grade} (paragraph {judgement.paragraph})")
    for recommendation in report.recommendations:
        sure = f"confidence {recommendation.confidence.words}"
        say(f"- Recommendation {recommendation.number} (paragraph {recommendation.paragraph}, {sure}): {recommendation.text}")
    counts = {
        "numbered paragraphs": sum(paragraph.numbered for paragraph in report.paragraphs),
        "strengths": len(report.strengths),
        "areas for development": len(report.areas_for_development),
        "good practice": len(report.good_practice),
        "findings that ask for something without a recommendation": len(report.candidates),
    }
    for what, count in counts.items():
        say(f"- {count} {what}")


def publish(
    review: Annotated[int | None, typer.Argument(metavar="REVIEW", help="Number of the review; the only one when left out.")] = None,
    *,
    workspace: WorkspaceOption = HERE,
    formats: Annotated[
        list[str] | None, typer.Option("--format", "-f", help="html, pdf or docx; all three when left out. May be repeated.")
    ] = None,
    proposed_by: Annotated[
        str, typer.Option(metavar="EMAIL", help="Who proposes it; the operator of this machine when left out.", show_default=False)
    ] = "",
    confirmed_by: Annotated[
        str,
        typer.Option(
            metavar="EMAIL",
            help="The second person, who has read the report and confirms it: then it is published. Left out, it is proposed and waits.",
            show_default=False,
        ),
    ] = "",
    new_word_template: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write the Word template to start from, and publish nothing; put yours into the workspace as templates/report.docx.",
            dir_okay=False,
        ),
    ] = None,
    public_register: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Write the public register into this folder instead: every recommendation that anybody may read, with its dated status, "
            "as a page and as JSON.",
            file_okay=False,
        ),
    ] = None,
) -> None:
    """Propose the review's report as HTML, PDF and Word, and publish it once a second person confirms; or write the public register."""
    if new_word_template is not None:
        from bestvalue.documents.word_template import starter

        new_word_template.write_bytes(starter())
        say(f"Wrote {new_word_template}: change its styles, cover and edges in Word, and leave {{{{ body }}}} last.")
        return
    opened = open_workspace(workspace)
    open_record(opened)
    if public_register is not None:
        _publish_register(public_register)
        return
    from bestvalue.record.reviews.models import Review

    chosen, asked = Review.objects.the_one(review), tuple(formats or ("html", "pdf", "docx"))
    if not confirmed_by:
        _propose(chosen, asked, proposed_by)
        return
    version = _confirm(chosen, asked, proposed_by, confirmed_by)
    for file in version.paths:
        say(str(file))
    say(f"Ledger checkpoint {version.checkpoint}: keep it; `bestvalue audit verify --checkpoint` tests against it.")
    say_next("bestvalue serve")


def _propose(review: "Review", formats: tuple[str, ...], proposed_by: str) -> None:
    from bestvalue.record.reviews.report import propose

    with progress_bar("Writing the report") as progress:
        proposal = propose(
            review, by=person_named(proposed_by, "--proposed-by") if proposed_by else None, formats=formats, progress=progress
        )
    for file in proposal.files:
        say(str(proposal.folder / file["name"]))
    say(f"Version {proposal.number} is proposed, and not published yet: another person reads these files and confirms or refuses them.")
    say_next(f"bestvalue publish {review.pk} --confirmed-by EMAIL, or bestvalue serve: it stands in their list of things to do")


def _confirm(review: "Review", formats: tuple[str, ...], proposed_by: str, confirmed_by: str) -> "PublishedVersion":
    """Confirm what waits; propose it first where nothing does, or where somebody is named who proposes it now."""
    from bestvalue.record.reviews.report import confirm, publish

    second = person_named(confirmed_by, "--confirmed-by")
    waiting = review.proposals.waiting().first()
    if waiting is not None and not proposed_by:
        return confirm(waiting, by=second)
    first = person_named(proposed_by, "--proposed-by") if proposed_by else None
    with progress_bar("Writing the report") as progress:
        return publish(review, by=first, confirmed_by=second, formats=formats, progress=progress)


def _publish_register(folder: Path) -> None:
    from django.utils import timezone

    from bestvalue.record.delivery.public_register import publish_register

    for file in publish_register(folder, on=timezone.localdate()):
        say(str(file))
    say("What is marked OFFICIAL-SENSITIVE, drafted, or of a review that is not published is not in it.")
