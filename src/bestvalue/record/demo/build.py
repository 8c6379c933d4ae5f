"""Filling the demo's record with the worked review, once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from bestvalue.analysis.contract import Progress, no_progress
from bestvalue.analysis.store import StoredResult
from bestvalue.documents.writing import FORMATS
from bestvalue.record.bodies.models import Person
from bestvalue.record.delivery.changes import add_action, draft_recommendation
from bestvalue.record.demo.after_life import load_after_life
from bestvalue.record.demo.candidates import score_candidates
from bestvalue.record.demo.consultation import ask_the_public
from bestvalue.record.demo.delivery import take_up_at_once, tell_delivery
from bestvalue.record.demo.evidence import grade_what_was_gathered, keep_what_is_sensitive
from bestvalue.record.demo.inspection import describe_what_works, record_inspection
from bestvalue.record.demo.meetings import discuss, measure_aims, record_meetings
from bestvalue.record.demo.people import MEMBERS, Cast, record_cast
from bestvalue.record.demo.reading import Reading, hour_price_of, read_result
from bestvalue.record.demo.rules import RULES
from bestvalue.record.demo.scrutiny import record_scrutiny
from bestvalue.record.demo.sign_ins import SignIn, sign_ins_for
from bestvalue.record.demo.story import AIMS, CONTEXT, METHOD, STRAND_OF, STRANDS, SUMMARY, TITLE
from bestvalue.record.programme.changes import start_programme
from bestvalue.record.reviews.changes import add_evidence, add_finding, add_strand, ask_for_decision, start_review, take_decision
from bestvalue.record.reviews.life_cycle import EDGES, Gate, Outcome
from bestvalue.record.reviews.models import DECIDERS, Evidence, EvidenceKind, FourC, Part, Review
from bestvalue.record.reviews.report import publish
from bestvalue.workspace import Workspace

YEAR, FORTNIGHT = timedelta(days=365), timedelta(days=14)


@dataclass(frozen=True, kw_only=True)
class WorkedReview:
    """What the demo holds: the review's number, its published files and the sign-ins."""

    review: int
    report_files: tuple[Path, ...]
    sign_ins: tuple[SignIn, ...]


def build_worked_review(workspace: Workspace, *, progress: Progress = no_progress) -> WorkedReview:
    """Record the worked review from the results that the workspace keeps, and publish it. What is there already stays.

    Args:
        workspace: the demo's, with Django set up for it and at least one result in its store.
        progress: told how far it is.
    """
    sign_ins = sign_ins_for(workspace, MEMBERS)
    review = Review.objects.filter(title=TITLE, synthetic=True).first()
    if review is None:
        progress(0.0, "Recording the review")
        review = _record(workspace, sign_ins)
    if not review.versions.exists():
        first, second = (Person.objects.get(user__email=sign_ins[name].email) for name in ("Project manager", "Programme manager"))
        publish(review, by=first, confirmed_by=second, formats=FORMATS, progress=lambda share, doing: progress(0.5 + share / 2, doing))
    if not review.groups.exists():
        keep_what_is_sensitive(review, on=timezone.localdate())
    progress(1.0, "The worked review is there")
    return WorkedReview(review=review.pk, report_files=tuple(review.versions.latest("number").paths), sign_ins=tuple(sign_ins.values()))


@transaction.atomic
def _record(workspace: Workspace, sign_ins: Mapping[str, SignIn]) -> Review:
    # One transaction: a demo that is stopped in the middle starts anew, not from half a review.
    today = timezone.localdate()
    cast = record_cast(workspace.settings.name, sign_ins=sign_ins, on=today)
    review = _start(cast, on=today)
    for gate in (Gate.SELECT, Gate.SANCTION):
        _decide(review, gate, cast, on=today)
    _bring_terms_of_reference(review, cast, on=today)
    record_scrutiny(review, cast, on=today)
    for gate in (Gate.SCOPE, Gate.BEGIN):
        _decide(review, gate, cast, on=today)
    results = _in_order(workspace)
    evidence = {result.digest: _bring_result(review, result, cast, on=today) for result in results}
    hour = hour_price_of(result.result for result in results)
    for result in results:
        for reading in read_result(result.result, rules=RULES, hour=hour):
            _draw(review, reading, evidence[result.digest], cast, on=today)
    grade_what_was_gathered(review, cast)
    ask_for_decision(review, gate=Gate.REPORT, due=today + FORTNIGHT, by=cast.people["Project manager"])
    measure_aims(review, cast, on=today)
    record_meetings(review, cast, on=today)
    ask_the_public(review, cast, on=today)
    discuss(review, cast)
    record_inspection(review, cast, on=today)
    describe_what_works(cast, on=today)
    take_up_at_once(review, cast, on=today)
    tell_delivery(cast, on=today)
    load_after_life(by=cast.people["Project manager"])
    return review


def _decide(review: Review, gate: Gate, cast: Cast, *, on: date) -> None:
    """The body that the life cycle names agrees, in the words of its chair."""
    part = EDGES[gate].decided_by
    chair = next(cast.people[name] for name, (body, role) in MEMBERS.items() if body == part and role in DECIDERS)
    decision = ask_for_decision(review, gate=gate, due=on, by=cast.people["Project manager"])
    take_decision(
        decision, outcome=Outcome.AGREED, taken_on=on, minute=f"{decision.body}, {on:%d %B %Y}, item 1", attended=[chair], by=chair
    )


def _in_order(workspace: Workspace) -> list[StoredResult]:
    """The newest result of each analysis that the workspace asks for, in that order."""
    kept = sorted((workspace.store.get(digest) for digest in workspace.store.digests()), key=lambda kept: kept.result.provenance.started_at)
    newest = {stored.result.provenance.analysis: stored for stored in kept}
    return [newest[setting.analysis] for setting in workspace.settings.analyses if setting.analysis in newest]


def _start(cast: Cast, *, on: date) -> Review:
    manager = cast.people["Project manager"]
    programme = start_programme(
        title=f"Best value reviews {on.year}", year=on.year, authority=cast.authority, by=cast.people["Programme manager"]
    )
    candidate = score_candidates(programme, force=cast.force, by=cast.people["Programme manager"])
    review = start_review(
        programme=programme,
        title=TITLE,
        service=candidate.service,
        candidate=candidate,
        force=cast.force,
        bodies=cast.parts,
        on=on,
        by=manager,
        aims=AIMS,
        summary=SUMMARY,
        context=CONTEXT,
        method=METHOD,
        synthetic=True,
    )
    for name, question in STRANDS.items():
        add_strand(review, name=name, question=question, by=manager)
    return review


def _bring_terms_of_reference(review: Review, cast: Cast, *, on: date) -> None:
    add_evidence(
        review,
        title="Terms of reference",
        kind=EvidenceKind.TERMS,
        four_cs=[FourC.CHALLENGE],
        strands=list(review.strands.all()),
        effective_date=on,
        notes="The project board agreed the aims and the four strands of this review as they stand here.",
        by=cast.people["Project manager"],
    )


def _bring_result(review: Review, stored: StoredResult, cast: Cast, *, on: date) -> Evidence:
    question = stored.result.provenance.analysis.partition(".")[0]
    return add_evidence(
        review,
        title=stored.result.title,
        kind=EvidenceKind.RESULT,
        # The service's own questions (cross-border, tasking, deconfliction) challenge why and how the service is provided.
        four_cs=[FourC(question) if question in FourC else FourC.CHALLENGE],
        strands=[review.strands.get(name=STRAND_OF[question])],
        effective_date=on,
        result_digest=stored.digest,
        by=cast.people["Analyst"],
    )


def _draw(review: Review, reading: Reading, evidence: Evidence, cast: Cast, *, on: date) -> None:
    analyst, lead = cast.people["Analyst"], cast.people["Lead for resources"]
    strand = evidence.strands.get()
    finding = add_finding(review, strand=strand, text=reading.text, tone=reading.tone, evidence=[evidence], by=analyst)
    if not reading.recommendation:
        return
    recommendation = draft_recommendation(
        review,
        text=reading.recommendation,
        findings=[finding],
        on=on,
        by=analyst,
        addressed_body=cast.parts[Part.MANAGEMENT_BOARD],
        costing=reading.costing,
    )
    add_action(
        recommendation,
        what=reading.recommendation,
        why=f"Finding {finding.reference}: {reading.text}",
        how=f"The lead brings a proposal to the project board, tested with the same analysis as evidence {evidence.reference}.",
        target=f"The analysis of evidence {evidence.reference}, run again on the year after, no longer gives finding {finding.reference}.",
        lead=lead,
        original_date=on + YEAR,
        by=analyst,
    )
