"""Changes to the programme."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Body, BodyKind, Person
from bestvalue.record.ledger import ledger
from bestvalue.record.programme.models import (
    CandidateScore,
    CandidateService,
    Programme,
    Weighting,
    check_candidate,
    check_score,
    check_scores,
    check_starts_programmes,
    check_weights,
)
from bestvalue.record.programme.scoring import Criterion
from bestvalue.record.row_versions import Difference, EditedMeanwhileError, hold, keep


@transaction.atomic
def start_programme(*, title: str, year: int, authority: Body, by: Person | None, reviews_a_year: int = 2) -> Programme:
    """Start an authority's programme of a year.

    Raises:
        RuleError: `by` is no programme manager, the body is no authority, or it has a programme of that year.
    """
    check_starts_programmes(by, title=title)
    if authority.kind != BodyKind.AUTHORITY:
        raise RuleError(f"{authority} is not an authority", where=title, next_step="Name the authority that commissions the reviews.")
    if Programme.objects.filter(authority=authority, year=year).exists():
        raise RuleError(f"{authority} has a programme for {year} already", where=title, next_step="Add the review to that programme.")
    programme = Programme.objects.create(title=title, year=year, authority=authority, reviews_a_year=reviews_a_year)
    ledger.write("programme.started", target=programme, by=by, payload={"title": title, "year": year})
    return programme


@transaction.atomic
def add_candidate(programme: Programme, *, service: str, force: Body, case: str, by: Person) -> CandidateService:
    """Propose a service for review in a programme.

    Raises:
        RuleError: `by` may not, there is no case, or the service is a candidate already.
    """
    check_scores(programme, by=by)
    check_candidate(programme, service=service, force=force, case=case)
    candidate = CandidateService.objects.create(
        programme=programme, service=service.strip(), force=force, case=case.strip(), added_at=timezone.now(), added_by=by
    )
    ledger.write(
        "candidate.added", target=candidate, by=by, payload={"programme": programme.pk, "service": candidate.service, "case": case}
    )
    return candidate


@transaction.atomic
def edit_candidate(candidate: CandidateService, *, version: int, mine: Mapping[str, Any], by: Person) -> CandidateService:
    """Change the name of a candidate service, or the case for reviewing it.

    Raises:
        RuleError: `by` may not, it would have no name or no case, or another candidate has the name.
        EditedMeanwhileError: somebody changed the same meanwhile.
    """
    check_scores(candidate.programme, by=by)
    held = hold(candidate, version=version, mine=mine)
    for field in ("service", "case"):
        if not str(mine.get(field, getattr(held, field))).strip():
            raise RuleError(f"A candidate has its {field}", where=field, next_step=f"Enter the {field}.")
    same = held.programme.candidates.filter(service__iexact=mine.get("service", held.service), force=held.force_id)
    if same.exclude(pk=held.pk).exists():
        raise RuleError("Another candidate has this name", where="service", next_step="Score that one.")
    ledger.write("candidate.edited", target=held, by=by, payload={"changed": keep(held, mine=mine)})
    return held


@transaction.atomic
def score_candidate(candidate: CandidateService, *, criterion: Criterion, score: int, reason: str, by: Person) -> CandidateScore:
    """Score a service on a criterion; an earlier score stays in its history.

    Raises:
        RuleError: `by` may not, the score is out of bounds, or has no reason.
    """
    check_scores(candidate.programme, by=by)
    check_score(score=score, reason=reason)
    given = CandidateScore.objects.create(
        candidate=candidate, criterion=criterion, score=score, reason=reason.strip(), at=timezone.now(), by=by
    )
    ledger.write("candidate.scored", target=candidate, by=by, payload={"criterion": criterion, "score": score, "reason": reason})
    return given


@transaction.atomic
def set_weights(
    programme: Programme, *, weights: Mapping[Criterion, int], reason: str, by: Person, read: Mapping[Criterion, int] | None = None
) -> Weighting:
    """Say how much each criterion counts from now on.

    Args:
        programme: which.
        weights: of every criterion.
        reason: why.
        by: a programme manager, or a member of its authority.
        read: the weights that were read; None where nobody else can have set others meanwhile.

    Raises:
        RuleError: `by` may not, the weights are out of bounds or all 0, or have no reason.
        EditedMeanwhileError: somebody set others since.
    """
    check_scores(programme, by=by)
    check_weights(weights, reason=reason)
    programme = Programme.objects.select_for_update().get(pk=programme.pk)
    _check_weights_as_read(programme, weights=weights, read=read)
    weighting = Weighting.objects.create(
        programme=programme,
        risk=weights[Criterion.RISK],
        cost=weights[Criterion.COST],
        public_concern=weights[Criterion.CONCERN],
        performance=weights[Criterion.PERFORMANCE],
        reason=reason.strip(),
        at=timezone.now(),
        by=by,
    )
    ledger.write("programme.weighted", target=programme, by=by, payload={"weights": dict(weights), "reason": reason})
    return weighting


def _check_weights_as_read(programme: Programme, *, weights: Mapping[Criterion, int], read: Mapping[Criterion, int] | None) -> None:
    """Refuse to overrule, unseen, weights that somebody else set.

    Raises:
        EditedMeanwhileError: a weight is another now than was read, and would be set to a third.
    """
    now = programme.weights
    contested = [one for one in Criterion if read is not None and now[one] not in (weights[one], read[one])]
    if contested and read is not None:
        met = [
            Difference(field=one.name.lower(), label=one.label, before=read[one], theirs=now[one], mine=weights[one]) for one in contested
        ]
        raise EditedMeanwhileError(programme, differences=tuple(met))
