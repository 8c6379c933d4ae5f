"""`bestvalue record …`: decisions, challenges, options, recommendations from the command line, by the site's rules; and every list.

What a review gathers, aims, evidence, findings and scores of services, is in gathering.py.
"""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from bestvalue.analysis.pence import PENCE_A_POUND
from bestvalue.cli.console import HERE, WorkspaceOption, open_workspace, say
from bestvalue.cli.record import open_record
from bestvalue.errors import RuleError

if TYPE_CHECKING:
    from bestvalue.record.bodies.models import Body, Person
    from bestvalue.record.reviews.models import Review

ByOption = Annotated[str, typer.Option("--by", help="Who says it: the e-mail address that they sign in with.")]
ReviewArgument = Annotated[int, typer.Argument(metavar="REVIEW", help="Number of the review.")]
TextOption = Annotated[str, typer.Option(help="What is said.")]
OnOption = Annotated[datetime | None, typer.Option(help="The day; today when left out.", formats=["%Y-%m-%d"])]
BodyOption = Annotated[int | None, typer.Option(help="Number of the body.")]
PoundsOption = Annotated[str | None, typer.Option(help="In pounds; 0 if it is nothing, left out if nobody knows.", metavar="POUNDS")]
LARGEST_NUMBER = 10**12
Word = TypeVar("Word", bound=Enum)


def add_to(app: typer.Typer) -> None:
    """Add this module's commands."""
    said = typer.Typer(no_args_is_help=True, help="Put what a review gathers and decides on record, or list what is there.")
    say_it = f"--by {'member@example.org'}"
    for name, command, example in (
        ("list", list_rows, "list evidence --by analyst@example.org --where review=1"),
        ("challenge", challenge, f'challenge 1 {say_it} --kind union --challenger "The union" --text "Who asked staff?"'),
        ("answer", step, f'answer 3 {say_it} --step answered --effect none --text "We did, in May."'),
        ("question", question, f'question 1 {say_it} --kind scope --text "Is the air support in scope?"'),
        ("option", option, f'option 2 {say_it} --text "Leave it out." --cost None. --effect "A review of its own."'),
        ("option-decision", option_decision, f'option-decision 4 {say_it} --verdict chosen --body 3 --reason "It is large enough."'),
        (
            "recommendation",
            recommendation,
            f'recommendation 1 {say_it} --finding 4 --text "Put two units on nights." --cost-once 12000 --brings "Shorter waits."',
        ),
        ("ask", ask, f"ask 1 {say_it} --gate report --due 2026-06-30"),
        (
            "decision",
            decision,
            f'decision 5 {say_it} --outcome agreed --minute "Minute 7" --attended 2 --attended 9 --interest "9: Owns shares."',
        ),
    ):
        said.command(name, epilog=f"Example: `bestvalue record {example}`")(command)
    app.add_typer(said, name="record")


def list_rows(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Which list: evidence, findings, challenges, recommendations …")],
    by: ByOption,
    *,
    workspace: WorkspaceOption = HERE,
    where: Annotated[list[str] | None, typer.Option("--where", help="Narrow it: review=3. May be repeated.")] = None,
) -> None:
    """Print a list of the record as CSV, as far as somebody may see it."""
    person = person_of_address(workspace, by)
    from django.http import HttpRequest, QueryDict

    from bestvalue.record.reviews.changes import note_exported
    from bestvalue.record.reviews.models import Marked
    from bestvalue.site.pages.list_catalogue import LISTS, rows_of
    from bestvalue.site.presenters.spreadsheet import as_csv

    if name not in LISTS:
        raise RuleError(f"There is no list {name!r}", where="NAME", next_step=f"Choose from {', '.join(sorted(LISTS))}.")
    request = HttpRequest()
    request.method, request.user = "GET", person.user  # type: ignore[assignment]  # found by the address of the sign-in
    request.GET = QueryDict("&".join(where or ()))
    listed, rows = LISTS[name], list(rows_of(LISTS[name], request))
    note_exported([kept for row in rows if isinstance(kept := listed.marked(row), Marked)], by=person, what=listed.title)
    typer.echo(as_csv(listed.header, map(listed.cells, rows)).lstrip("\ufeff"), nl=False)


def challenge(
    review: ReviewArgument,
    by: ByOption,
    kind: Annotated[str, typer.Option(help="Whose challenge it is: panel, member, board, union, staff …")],
    challenger: Annotated[str, typer.Option(help="Who said it, as they are called.")],
    text: TextOption,
    *,
    on: OnOption = None,
    workspace: WorkspaceOption = HERE,
) -> None:
    """Put a challenge on record."""
    person, found = in_review(workspace, by, review)
    from bestvalue.record.scrutiny import changes
    from bestvalue.record.scrutiny.models import ChallengerKind

    whose = word_of(ChallengerKind, kind, "--kind")
    raised = changes.raise_challenge(found, kind=whose, challenger=challenger, text=text, raised_on=day_of(on), by=person)
    say(f"Challenge {raised.reference} is on record, number {raised.pk}")


def step(
    challenge_number: Annotated[int, typer.Argument(metavar="CHALLENGE", help="Number of the challenge in the list of challenges.")],
    by: ByOption,
    step: Annotated[str, typer.Option(help="answered, accepted, reopened or escalated.")],
    *,
    text: TextOption = "",
    effect: Annotated[str, typer.Option(help="What an answer changed: none, wording, evidence, finding, option or scope.")] = "",
    board: BodyOption = None,
    on: OnOption = None,
    workspace: WorkspaceOption = HERE,
) -> None:
    """Answer a challenge, accept the answer, reopen or escalate it."""
    person = person_of_address(workspace, by)
    from bestvalue.record.scrutiny import changes
    from bestvalue.record.scrutiny.models import Challenge, Effect, Step

    found = row_seen(Challenge.objects.visible_to(person.user or nobody()).select_related("review"), challenge_number, "CHALLENGE")
    what = word_of(Effect, effect, "--effect") if effect else None
    to = _body(board) if board is not None else None
    changes.take_step(found, step=word_of(Step, step, "--step"), text=text, on=day_of(on), effect=what, escalated_to=to, by=person)
    say(f"Challenge {found.reference}: {step}")


def question(
    review: ReviewArgument,
    by: ByOption,
    text: TextOption,
    *,
    kind: Annotated[str, typer.Option(help="scope or problem.")] = "scope",
    workspace: WorkspaceOption = HERE,
) -> None:
    """Record a question that can be settled in more than one way."""
    person, found = in_review(workspace, by, review)
    from bestvalue.record.scrutiny import changes
    from bestvalue.record.scrutiny.models import QuestionKind

    added = changes.add_scope_question(found, kind=word_of(QuestionKind, kind, "--kind"), text=text, by=person)
    say(f"Question {added.number} is on record, number {added.pk}")


def option(
    question_number: Annotated[int, typer.Argument(metavar="QUESTION", help="Number of the question, as it was printed.")],
    by: ByOption,
    text: TextOption,
    cost: Annotated[str, typer.Option(help="What it would cost, in words.")],
    effect: Annotated[str, typer.Option(help="What it would change, in words.")],
    *,
    blue_sky: Annotated[bool, typer.Option("--blue-sky", help="It is thought beyond today's means.")] = False,
    workspace: WorkspaceOption = HERE,
) -> None:
    """Record one way to settle a question; it is kept whatever becomes of it."""
    person = person_of_address(workspace, by)
    from bestvalue.record.scrutiny import changes
    from bestvalue.record.scrutiny.models import ScopeQuestion

    found = row_seen(ScopeQuestion.objects.visible_to(person.user or nobody()).select_related("review"), question_number, "QUESTION")
    added = changes.add_option(found, text=text, cost=cost, effect=effect, is_blue_sky=blue_sky, by=person)
    say(f"Option {added.reference} is on record, number {added.pk}")


def option_decision(
    option_number: Annotated[int, typer.Argument(metavar="OPTION", help="Number of the option in the list of options.")],
    by: ByOption,
    verdict: Annotated[str, typer.Option(help="chosen or written off.")],
    body: Annotated[int, typer.Option(help="Number of the body that decided.")],
    reason: Annotated[str, typer.Option(help="Why.")],
    *,
    on: OnOption = None,
    workspace: WorkspaceOption = HERE,
) -> None:
    """Record that a body chose an option, or wrote it off."""
    person = person_of_address(workspace, by)
    from bestvalue.record.scrutiny import changes
    from bestvalue.record.scrutiny.models import Option, Verdict

    found = row_seen(Option.objects.visible_to(person.user or nobody()).select_related("question__review"), option_number, "OPTION")
    said = word_of(Verdict, verdict, "--verdict")
    changes.decide_option(found, verdict=said, body=_body(body), on=day_of(on), reason=reason, by=person)
    say(f"Option {found.reference}: {said.label.lower()}")


def recommendation(
    review: ReviewArgument,
    by: ByOption,
    text: TextOption,
    finding: Annotated[list[int], typer.Option(help="Number of a finding in the list of findings that it rests on. May be repeated.")],
    *,
    to: Annotated[int | None, typer.Option(help="Number of the body that is to act.")] = None,
    cost_once: PoundsOption = None,
    cost_a_year: PoundsOption = None,
    posts: Annotated[str | None, typer.Option(help="Full-time posts more; below 0 for fewer.", metavar="NUMBER")] = None,
    cashable_a_year: PoundsOption = None,
    cost: Annotated[str, typer.Option(help="What there is to say about the cost.")] = "",
    saving: Annotated[str, typer.Option(help="What there is to say about the saving.")] = "",
    brings: Annotated[str, typer.Option(help="What it brings that is no money.")] = "",
    measure: Annotated[str, typer.Option(help="What is measured to see that it worked; with --unit and --target.")] = "",
    unit: Annotated[str, typer.Option(help="Unit of the measure.")] = "",
    baseline: Annotated[str | None, typer.Option(help="Value of the measure today.", metavar="NUMBER")] = None,
    target: Annotated[str | None, typer.Option(help="Value of the measure when it has worked.", metavar="NUMBER")] = None,
    workspace: WorkspaceOption = HERE,
) -> None:
    """Draft a recommendation of a review from its findings, with what it costs and brings."""
    person, found = in_review(workspace, by, review)
    from django.utils import timezone

    from bestvalue.record.delivery.changes import draft_recommendation
    from bestvalue.record.delivery.models import Costing
    from bestvalue.record.reviews.models import Finding

    seen = Finding.objects.visible_to(person.user or nobody()).filter(review=found)
    costing = Costing(
        cost_text=cost,
        saving_text=saving,
        one_off_cost_pence=_pence(cost_once, "--cost-once"),
        cost_a_year_pence=_pence(cost_a_year, "--cost-a-year"),
        staffing_fte=number_of(posts, "--posts"),
        cashable_a_year_pence=_pence(cashable_a_year, "--cashable-a-year"),
        non_cashable_text=brings,
        measure=measure,
        measure_unit=unit,
        baseline=number_of(baseline, "--baseline"),
        target_value=number_of(target, "--target"),
    )
    drafted = draft_recommendation(
        found,
        text=text,
        findings=[row_seen(seen, number, "--finding") for number in dict.fromkeys(finding)],
        addressed_body=_body(to) if to is not None else None,
        costing=costing,
        on=timezone.localdate(),
        by=person,
    )
    say(f"Recommendation {drafted.number} is drafted, number {drafted.pk}")
    if drafted.lacks:
        say(f"It lacks {', '.join(drafted.lacks)}")


def ask(
    review: ReviewArgument,
    by: ByOption,
    gate: Annotated[str, typer.Option(help="What is to be decided: report, approve, close …")],
    due: Annotated[datetime, typer.Option(help="By when.", formats=["%Y-%m-%d"])],
    *,
    workspace: WorkspaceOption = HERE,
) -> None:
    """Put a question to the body that the life cycle names."""
    person, found = in_review(workspace, by, review)
    from bestvalue.record.reviews import changes
    from bestvalue.record.reviews.life_cycle import Gate

    asked = changes.ask_for_decision(found, gate=word_of(Gate, gate, "--gate"), due=due.date(), by=person)
    say(f"{asked.body} is asked, decision number {asked.pk}, due {asked.due:%d %B %Y}")


def decision(
    number: Annotated[int, typer.Argument(metavar="DECISION", help="Number of the decision, as it was printed.")],
    by: ByOption,
    outcome: Annotated[str, typer.Option(help="agreed, returned, refused or deferred.")],
    minute: Annotated[str, typer.Option(help="Where the minute stands.")],
    *,
    attended: Annotated[list[int] | None, typer.Option(help="Number of a member who was there. May be repeated.")] = None,
    interest: Annotated[
        list[str] | None,
        typer.Option(help="An interest that a member declared, with their number before it. May be repeated.", metavar="PERSON: WORDS"),
    ] = None,
    reason: Annotated[str, typer.Option(help="Why; needed unless it was agreed.")] = "",
    deferred_to: Annotated[datetime | None, typer.Option(help="Until when it is put off.", formats=["%Y-%m-%d"])] = None,
    on: OnOption = None,
    workspace: WorkspaceOption = HERE,
) -> None:
    """Record what a body decided; only its members may."""
    person = person_of_address(workspace, by)
    from bestvalue.record.reviews import changes
    from bestvalue.record.reviews.life_cycle import Outcome
    from bestvalue.record.reviews.models import Decision

    seen = Decision.objects.visible_to(person.user or nobody()).select_related("review", "body")
    found = row_seen(seen, number, "DECISION")
    members = {member.pk: member for member in found.members_on(day_of(on))}
    interests = dict(_interest(said) for said in interest or ())
    for where, named in (("--attended", set(attended or ())), ("--interest", set(interests))):
        if unknown := named - members.keys():
            listed = "; ".join(f"{pk} is {member}" for pk, member in members.items())
            raise RuleError(
                f"No member of that day has the number {min(unknown)}", where=where, next_step=f"Members of {found.body}: {listed}."
            )
    taken = changes.take_decision(
        found,
        outcome=word_of(Outcome, outcome, "--outcome"),
        taken_on=day_of(on),
        minute=minute,
        reason=reason,
        attended=[members[pk] for pk in attended or ()],
        interests={members[pk]: words for pk, words in interests.items()},
        deferred_to=deferred_to.date() if deferred_to else None,
        by=person,
    )
    say(f"{taken.body} decided: {taken.get_outcome_display().lower()}")


def _interest(said: str) -> tuple[int, str]:
    number, colon, words = said.partition(":")
    if not colon or not number.strip().isdecimal() or not words.strip():
        raise RuleError(
            f"{said!r} does not say whose interest it is, and which", where="--interest", next_step='Write it as "9: Owns shares.".'
        )
    return int(number), words.strip()


def person_of_address(workspace: Any, email: str) -> "Person":
    """Who signs in with an address, in the record that this opens.

    Raises:
        RuleError: nobody who holds a place today.
    """
    open_record(open_workspace(workspace))
    return person_named(email, "--by")


def person_named(email: str, where: str) -> "Person":
    """Who signs in with an address, in the record that is open.

    Raises:
        RuleError: nobody who holds a place today; `where` names the option.
    """
    from bestvalue.record.bodies.models import User, person_of

    user = User.objects.filter(email__iexact=email.strip()).first()
    person = person_of(user) if user is not None else None
    if person is None:
        raise RuleError(f"Nobody who signs in as {email} holds a place today", where=where, next_step="Name the address of a member.")
    return person


def nobody() -> Any:
    """Somebody who is not signed in: they see nothing."""
    from django.contrib.auth.models import AnonymousUser

    return AnonymousUser()


def in_review(workspace: Any, email: str, number: int) -> "tuple[Person, Review]":
    """Who speaks, and a review that they see.

    Raises:
        RuleError: there is no such person or review.
    """
    person = person_of_address(workspace, email)
    from bestvalue.record.reviews.models import Review

    return person, Review.objects.visible_to(person.user or nobody()).the_one(number)


def row_seen(rows: Any, number: int, where: str) -> Any:
    """The row of a number among those that somebody sees.

    Raises:
        RuleError: there is none.
    """
    found = rows.filter(pk=number).first()
    if found is None:
        raise RuleError(f"There is no number {number} that you see", where=where, next_step="`bestvalue record list` prints the numbers.")
    return found


def _body(number: int) -> "Body":
    from bestvalue.record.bodies.models import Body

    found: Body = row_seen(Body.objects.all(), number, "body")
    return found


def number_of(typed: str | None, where: str) -> Decimal | None:
    """A number as it was typed; None where it was left out.

    Raises:
        RuleError: it is no number that can be kept.
    """
    if typed is None:
        return None
    try:
        number = Decimal(typed.strip().replace(",", ""))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) >= LARGEST_NUMBER or number != round(number, 4):
        raise RuleError(
            f"{typed!r} is no number that can be kept", where=where, next_step="Enter it in digits with at most four decimals, such as 4.5."
        )
    return number


def _pence(typed: str | None, where: str) -> int | None:
    pounds = number_of(typed.replace("£", "") if typed is not None else None, where)
    if pounds is None:
        return None
    if pounds != round(pounds, 2):
        raise RuleError(f"{typed!r} is no amount in pounds and pence", where=where, next_step="Enter at most two decimals.")
    return int(pounds * PENCE_A_POUND)


def day_of(on: datetime | None) -> date:
    """The day that was given, else today."""
    from django.utils import timezone

    return on.date() if on else timezone.localdate()


def word_of(words: "Callable[[str], Word]", said: str, where: str) -> "Word":
    """One of the words of an enumeration.

    Raises:
        RuleError: it is none of them.
    """
    try:
        return words(said)
    except ValueError as cause:
        known = ", ".join(str(word.value) for word in words)  # type: ignore[attr-defined]  # an enumeration is called and walked through
        raise RuleError(f"{said!r} is none of the words", where=where, next_step=f"Choose from {known}.") from cause
