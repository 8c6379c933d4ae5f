"""Filling the demo's record with the worked review, and a second one that waits, once.

Both stories end on the day on which the demo is made, and days count back from it; the ledger says when each thing was written.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from bestvalue.analysis.contract import Progress, no_progress
from bestvalue.analysis.store import StoredResult
from bestvalue.dataset.last_day import last_day_of_calls, last_day_of_data
from bestvalue.dataset.report import CheckReport
from bestvalue.documents.writing import FORMATS
from bestvalue.record.bodies.models import Person
from bestvalue.record.delivery.changes import add_action, draft_recommendation
from bestvalue.record.demo.after_life import load_after_life
from bestvalue.record.demo.candidates import FLEET, SUPPORT, score_candidates
from bestvalue.record.demo.consultation import ask_the_public
from bestvalue.record.demo.decisions import BEGUN, PROPOSED, RETURNED, SANCTIONED, SCOPED, SECOND_SELECTED, SELECTED, decide
from bestvalue.record.demo.delivery import tell_delivery
from bestvalue.record.demo.evidence import grade_what_was_gathered, keep_what_is_sensitive
from bestvalue.record.demo.inspection import describe_what_works, record_inspection
from bestvalue.record.demo.meetings import discuss, measure_aims, record_meetings
from bestvalue.record.demo.people import MEMBERS, Cast, record_cast
from bestvalue.record.demo.reading import Reading, hour_price_of, read_result
from bestvalue.record.demo.rules import RULES
from bestvalue.record.demo.scrutiny import record_scrutiny
from bestvalue.record.demo.sign_ins import SignIn, sign_ins_for
from bestvalue.record.demo.story import (
    AIMS,
    CONTEXT,
    METHOD,
    SECOND_AIMS,
    SECOND_STRANDS,
    SECOND_TITLE,
    STRAND_OF,
    STRANDS,
    SUMMARY,
    TITLE,
)
from bestvalue.record.programme.changes import start_programme
from bestvalue.record.programme.models import CandidateService, Programme
from bestvalue.record.reviews.changes import add_evidence, add_finding, add_strand, ask_for_decision, start_review
from bestvalue.record.reviews.life_cycle import Gate
from bestvalue.record.reviews.models import Evidence, EvidenceKind, FourC, Part, Review
from bestvalue.record.reviews.report import publish
from bestvalue.workspace import Workspace

YEAR, FORTNIGHT, FOUR_WEEKS = timedelta(days=365), timedelta(days=14), timedelta(days=28)
DRAFTED, PUT, NOT_TAKEN = timedelta(days=-16), timedelta(days=-7), timedelta(days=-23)
"""When the recommendations were drafted, when the report was put to the project board, and when the management board should have said
whether it sanctions the second review, counted from the day of the demo."""


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
    programme, candidates = _start_programme(cast, on=today)
    review = _start(programme, candidates[SUPPORT], cast, on=today)
    for told in (SELECTED, SANCTIONED, RETURNED):
        decide(review, told, cast, on=today)
    _bring_terms_of_reference(review, cast, on=today + timedelta(days=SCOPED.asked))
    record_scrutiny(review, cast, on=today)
    for told in (SCOPED, BEGUN):
        decide(review, told, cast, on=today)
    results, checked = _in_order(workspace), workspace.check()
    evidence = {result.digest: _bring_result(review, result, cast, on=_tells_of(result, checked, today=today)) for result in results}
    hour = hour_price_of(result.result for result in results)
    for result in results:
        for reading in read_result(result.result, rules=RULES, hour=hour):
            _draw(review, reading, evidence[result.digest], cast, on=today + DRAFTED)
    grade_what_was_gathered(review, cast)
    ask_for_decision(review, gate=Gate.REPORT, due=today + FORTNIGHT, on=today + PUT, by=cast.people["Project manager"])
    measure_aims(review, cast, on=today)
    record_meetings(review, cast, on=today)
    ask_the_public(review, cast, on=today)
    discuss(review, cast)
    record_inspection(review, cast, on=today)
    describe_what_works(cast, on=today)
    tell_delivery(cast, on=today)
    load_after_life(by=cast.people["Project manager"])
    _leave_waiting(programme, candidates[FLEET], cast, on=today)
    return review


def _in_order(workspace: Workspace) -> list[StoredResult]:
    """The newest result of each analysis that the workspace asks for, in that order."""
    kept = sorted((workspace.store.get(digest) for digest in workspace.store.digests()), key=lambda kept: kept.result.provenance.started_at)
    newest = {stored.result.provenance.analysis: stored for stored in kept}
    return [newest[setting.analysis] for setting in workspace.settings.analyses if setting.analysis in newest]


def _tells_of(stored: StoredResult, checked: CheckReport, *, today: date) -> date:
    """The last day of the data behind a result; of the force's calls where its own tables have no days, else the day it was made."""
    provenance = stored.result.provenance
    made = timezone.localdate(provenance.started_at)
    return min(last_day_of_data(checked, provenance.tables) or last_day_of_calls(checked) or made, today)


def _start_programme(cast: Cast, *, on: date) -> tuple[Programme, Mapping[str, CandidateService]]:
    manager, year = cast.people["Programme manager"], (on + PROPOSED).year
    programme = start_programme(title=f"Best value reviews {year}", year=year, authority=cast.authority, by=manager)
    return programme, score_candidates(programme, force=cast.force, by=manager)


def _start(programme: Programme, candidate: CandidateService, cast: Cast, *, on: date) -> Review:
    manager = cast.people["Project manager"]
    review = start_review(
        programme=programme,
        title=TITLE,
        service=candidate.service,
        candidate=candidate,
        force=cast.force,
        bodies=cast.parts,
        on=on + PROPOSED,
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


def _leave_waiting(programme: Programme, candidate: CandidateService, cast: Cast, *, on: date) -> None:
    """A second review that the committee selected, and that the management board was asked to sanction and has not taken up."""
    manager, asked = cast.people["Project manager"], timedelta(days=SECOND_SELECTED.asked)
    review = start_review(
        programme=programme,
        title=SECOND_TITLE,
        service=candidate.service,
        candidate=candidate,
        force=cast.force,
        bodies=cast.parts,
        on=on + asked,
        by=manager,
        aims=SECOND_AIMS,
        synthetic=True,
    )
    for name, question in SECOND_STRANDS.items():
        add_strand(review, name=name, question=question, by=manager)
    decide(review, SECOND_SELECTED, cast, on=on)
    ask_for_decision(review, gate=Gate.SANCTION, due=on + NOT_TAKEN, on=on + NOT_TAKEN - FOUR_WEEKS, by=manager)


def _bring_terms_of_reference(review: Review, cast: Cast, *, on: date) -> None:
    add_evidence(
        review,
        title="Terms of reference",
        kind=EvidenceKind.TERMS,
        four_cs=[FourC.CHALLENGE],
        strands=list(review.strands.all()),
        effective_date=on,
        notes="The second version. The project board agreed the aims and the four strands of this review as they stand here.",
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
