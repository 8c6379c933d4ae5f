"""`bestvalue record …`: aims, evidence, findings and the scores of services from the command line, by the site's rules."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bestvalue.cli.console import HERE, WorkspaceOption, say
from bestvalue.cli.saying import (
    ByOption,
    OnOption,
    ReviewArgument,
    TextOption,
    day_of,
    in_review,
    nobody,
    number_of,
    person_of_address,
    row_seen,
    word_of,
)
from bestvalue.errors import RuleError

if TYPE_CHECKING:
    from bestvalue.record.reviews.models import Review, Strand


def add_to(app: typer.Typer) -> None:
    """Add this module's commands to those of `bestvalue record`, which are there already."""
    said = next(typed for group in app.registered_groups if group.name == "record" and (typed := group.typer_instance))
    say_it = f"--by {'member@example.org'}"
    commands: tuple[tuple[str, Callable[..., None], str], ...] = (
        ("aim", aim, f'aim 1 {say_it} --text "Answer sooner." --measure "calls in time" --unit % --baseline 71 --target 85 --direction up'),
        ("evidence", evidence, f'evidence 1 {say_it} --title "Duty rosters" --kind data --four-c compare --strand 2 --file rosters.csv'),
        ("finding", finding, f'finding 1 {say_it} --strand 2 --tone negative --evidence 7 --text "Half the demand falls at night."'),
        ("score", score, f'score 3 {say_it} --criterion risk --score 4 --reason "Two serious incidents."'),
    )
    for name, command, example in commands:
        said.command(name, epilog=f"Example: `bestvalue record {example}`")(command)


def aim(
    review: ReviewArgument,
    by: ByOption,
    text: TextOption,
    *,
    measure: Annotated[str, typer.Option(help="What is measured to see whether it is reached.")] = "",
    unit: Annotated[str, typer.Option(help="Unit of the measure.")] = "",
    baseline: Annotated[str | None, typer.Option(help="Value of the measure today.", metavar="NUMBER")] = None,
    target: Annotated[str | None, typer.Option(help="Value of the measure when the aim is reached.", metavar="NUMBER")] = None,
    direction: Annotated[str, typer.Option(help="Which way is better: up or down.")] = "",
    due: Annotated[datetime | None, typer.Option(help="By when.", formats=["%Y-%m-%d"])] = None,
    workspace: WorkspaceOption = HERE,
) -> None:
    """Add an aim of a review; what keeps it from being clear and challenging is said."""
    person, found = in_review(workspace, by, review)
    from bestvalue.record.reviews.changes import add_aim
    from bestvalue.record.reviews.models import Direction

    added = add_aim(
        found,
        text=text,
        measure=measure,
        unit=unit,
        baseline=number_of(baseline, "--baseline"),
        target=number_of(target, "--target"),
        direction=word_of(Direction, direction, "--direction") if direction else "",
        due=due.date() if due else None,
        by=person,
    )
    say(f"Aim {added.number} is on record, number {added.pk}")
    for weakness in added.weaknesses:
        say(weakness)


def evidence(
    review: ReviewArgument,
    by: ByOption,
    title: Annotated[str, typer.Option(help="What it is called where it is cited.")],
    kind: Annotated[str, typer.Option(help="document, data, interview, survey, visit, terms of reference or analysis result.")],
    four_c: Annotated[list[str], typer.Option(help="challenge, compare, consult or compete. May be repeated.")],
    *,
    strand: Annotated[list[int] | None, typer.Option(help="Number of a strand in the review that it bears on. May be repeated.")] = None,
    notes: Annotated[str, typer.Option(help="What was said or seen.")] = "",
    file: Annotated[Path | None, typer.Option(help="A file to keep.", exists=True, dir_okay=False)] = None,
    result: Annotated[str, typer.Option(help="Digest of the result of an analysis, as it was printed.")] = "",
    on: OnOption = None,
    workspace: WorkspaceOption = HERE,
) -> None:
    """Add evidence to a review: notes, a file or the result of an analysis. What is sensitive is added on the site."""
    person, found = in_review(workspace, by, review)
    from bestvalue.record.reviews.changes import add_evidence
    from bestvalue.record.reviews.models import EvidenceKind, FourC

    added = add_evidence(
        found,
        title=title,
        kind=word_of(EvidenceKind, kind, "--kind"),
        four_cs=[word_of(FourC, said, "--four-c") for said in dict.fromkeys(four_c)],
        strands=[_strand(found, number) for number in dict.fromkeys(strand or ())],
        effective_date=day_of(on),
        notes=notes,
        result_digest=result,
        file=file,
        file_name=file.name if file else "",
        by=person,
    )
    say(f"Evidence {added.reference} is on record, number {added.pk}")


def finding(
    review: ReviewArgument,
    by: ByOption,
    text: TextOption,
    strand: Annotated[int, typer.Option(help="Number of its strand in the review.")],
    tone: Annotated[str, typer.Option(help="positive or negative: a strength, or something to improve.")],
    *,
    evidence: Annotated[
        list[int] | None, typer.Option(help="Number of evidence in the list of evidence that it rests on. May be repeated.")
    ] = None,
    workspace: WorkspaceOption = HERE,
) -> None:
    """Draw a finding from evidence; one without evidence is refused."""
    person, found = in_review(workspace, by, review)
    from bestvalue.record.reviews.changes import add_finding
    from bestvalue.record.reviews.models import Evidence, Tone

    seen = Evidence.objects.visible_to(person.user or nobody()).filter(review=found)
    drawn = add_finding(
        found,
        strand=_strand(found, strand),
        text=text,
        tone=word_of(Tone, tone, "--tone"),
        evidence=[row_seen(seen, number, "--evidence") for number in dict.fromkeys(evidence or ())],
        by=person,
    )
    say(f"Finding {drawn.reference} is on record, number {drawn.pk}")


def score(
    candidate: Annotated[int, typer.Argument(metavar="SERVICE", help="Number of the candidate service, as its page's address has it.")],
    by: ByOption,
    criterion: Annotated[str, typer.Option(help="risk, cost, public concern or performance.")],
    score: Annotated[int, typer.Option(help="The score; the higher, the more there is to be reviewed.")],
    reason: Annotated[str, typer.Option(help="Why this score.")],
    *,
    workspace: WorkspaceOption = HERE,
) -> None:
    """Score a service of a programme on a criterion; the earlier score stays in its history."""
    person = person_of_address(workspace, by)
    from bestvalue.record.programme.changes import score_candidate
    from bestvalue.record.programme.models import CandidateService, Programme
    from bestvalue.record.programme.scoring import Criterion

    programmes = Programme.objects.visible_to(person.user or nobody())
    found: Any = row_seen(CandidateService.objects.filter(programme__in=programmes), candidate, "SERVICE")
    which = word_of(Criterion, criterion, "--criterion")
    score_candidate(found, criterion=which, score=score, reason=reason, by=person)
    say(f"{found}: {which.label.lower()} is scored {score}")


def _strand(review: "Review", number: int) -> "Strand":
    found: Strand | None = review.strands.filter(number=number).first()
    if found is None:
        there = ", ".join(f"{strand.number} is {strand.name}" for strand in review.strands.all())
        raise RuleError(
            f"The review has no strand {number}", where="--strand", next_step=f"Its strands: {there}." if there else "Add a strand first."
        )
    return found
