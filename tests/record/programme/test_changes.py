from collections.abc import Callable, Mapping

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Body, Person
from bestvalue.record.ledger.models import AuditEvent
from bestvalue.record.programme import changes
from bestvalue.record.programme.models import CandidateScore, CandidateService, Programme
from bestvalue.record.programme.scoring import EQUAL, Criterion, rank
from bestvalue.record.reviews.models import Review

WEIGHTS: Mapping[Criterion, int] = dict(zip(Criterion, (40, 20, 30, 10), strict=True))


@pytest.fixture
def keeper(person: Callable[..., Person], team: Body) -> Person:
    return person("Programme manager", role="programme manager", body=team)


@pytest.fixture
def custody(programme: Programme, body: Callable[..., Body], keeper: Person) -> CandidateService:
    return changes.add_candidate(programme, service="Custody", force=body("Police Force", "force"), case="Deaths in cells rose.", by=keeper)


@pytest.mark.parametrize(
    ("role", "of_the_authority", "may"),
    [
        ("programme manager", False, True),
        ("authority member", True, True),
        ("authority member", False, False),
        ("project manager", False, False),
        ("observer", True, False),
    ],
)
def test_who_scores(
    custody: CandidateService, person: Callable[..., Person], body: Callable[..., Body], role: str, of_the_authority: bool, may: bool
) -> None:
    committee = body("Committee", "committee", parent=custody.programme.authority if of_the_authority else None)
    someone = person("Someone", role=role, body=committee)
    if may:
        assert changes.score_candidate(custody, criterion=Criterion.RISK, score=4, reason="Five near misses.", by=someone).score == 4
    else:
        with pytest.raises(RuleError, match="Someone may not score services"):
            changes.score_candidate(custody, criterion=Criterion.RISK, score=4, reason="Five near misses.", by=someone)


def test_the_newest_score_counts_and_the_earlier_stays_with_its_reason(custody: CandidateService, keeper: Person) -> None:
    changes.score_candidate(custody, criterion=Criterion.RISK, score=2, reason="Quiet.", by=keeper)
    changes.score_candidate(custody, criterion=Criterion.RISK, score=5, reason="A death.", by=keeper)
    assert custody.scored().scores == {Criterion.RISK: 5}
    assert [(score.score, score.reason) for score in custody.scores.all()] == [(5, "A death."), (2, "Quiet.")]
    assert AuditEvent.objects.filter(action="candidate.scored").count() == 2


@pytest.mark.parametrize(("score", "reason", "said"), [(0, "x", "from 1 to 5"), (6, "x", "from 1 to 5"), (3, " ", "needs its reason")])
def test_a_score_out_of_bounds_or_without_a_reason_is_refused(
    custody: CandidateService, keeper: Person, score: int, reason: str, said: str
) -> None:
    with pytest.raises(RuleError, match=said):
        changes.score_candidate(custody, criterion=Criterion.RISK, score=score, reason=reason, by=keeper)


def test_the_database_refuses_a_score_out_of_bounds(custody: CandidateService, keeper: Person) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        CandidateScore.objects.create(candidate=custody, criterion="risk", score=6, reason="x", at=timezone.now(), by=keeper)


def test_weights_are_equal_until_somebody_says_why_they_are_not(programme: Programme, keeper: Person) -> None:
    assert programme.weights == EQUAL
    changes.set_weights(programme, weights=WEIGHTS, reason="The public asked for safety first.", by=keeper)
    assert programme.weights == WEIGHTS


def test_other_weights_rank_otherwise(programme: Programme, custody: CandidateService, keeper: Person) -> None:
    traffic = changes.add_candidate(programme, service="Traffic", force=custody.force, case="Costly.", by=keeper)
    for criterion in Criterion:
        changes.score_candidate(custody, criterion=criterion, score=5 if criterion == Criterion.RISK else 1, reason="As seen.", by=keeper)
        changes.score_candidate(traffic, criterion=criterion, score=3, reason="As seen.", by=keeper)
    services = [custody.scored(), traffic.scored()]
    assert [row.name for row in rank(services, weights=programme.weights)] == ["Traffic", "Custody"]
    changes.set_weights(programme, weights=dict.fromkeys(Criterion, 1) | {Criterion.RISK: 9}, reason="Safety first.", by=keeper)
    assert [row.name for row in rank(services, weights=programme.weights)] == ["Custody", "Traffic"]


@pytest.mark.parametrize(
    ("weights", "reason", "said"),
    [
        (dict.fromkeys(Criterion, 0), "x", "No criterion counts"),
        (WEIGHTS | {Criterion.COST: 101}, "x", "from 0 to 100"),
        (WEIGHTS, "", "need their reason"),
    ],
)
def test_weights_that_cannot_be_are_refused(
    programme: Programme, keeper: Person, weights: dict[Criterion, int], reason: str, said: str
) -> None:
    with pytest.raises(RuleError, match=said):
        changes.set_weights(programme, weights=weights, reason=reason, by=keeper)


def test_a_service_is_a_candidate_once_and_has_its_case(custody: CandidateService, keeper: Person) -> None:
    with pytest.raises(RuleError, match="is a candidate already"):
        changes.add_candidate(custody.programme, service=" custody ", force=custody.force, case="Again.", by=keeper)
    with pytest.raises(RuleError, match="no case"):
        changes.add_candidate(custody.programme, service="Dogs", force=custody.force, case=" ", by=keeper)


def test_a_review_of_a_candidate_is_proposed_once(custody: CandidateService, start_review: Callable[..., Review]) -> None:
    assert start_review(candidate=custody).candidate == custody
    with pytest.raises(RuleError, match="proposed already"):
        start_review("Again", candidate=custody)
