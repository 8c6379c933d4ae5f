"""How much is in a review, of what kind? Every number of its front page, for whoever reads, in one question to the database."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, CharField, Count, Exists, F, IntegerField, OuterRef, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import Cast

from bestvalue.record.bodies.models import User
from bestvalue.record.consultation.models import Consultation, Survey
from bestvalue.record.delivery.life_cycle import UNANSWERED
from bestvalue.record.delivery.models import Recommendation
from bestvalue.record.reviews.models import Credibility, Evidence, EvidenceGrade, EvidenceStrand, Finding, Reliability, Review, Strength
from bestvalue.record.reviews.models.evidence_quality import strength_of
from bestvalue.record.scrutiny.models import Challenge, Option, OptionDecision, ScopeQuestion, Verdict
from bestvalue.site.presenters.reviews import Balance, Gathered

COLUMNS: Mapping[str, Any] = {"what": CharField, "strand": IntegerField, "word": TextField, "source": CharField, "content": CharField}
"""What every part of the question gives, beside its number of rows; what a part does not give is empty."""
EVIDENCE, GATHERED, FINDINGS, RECOMMENDATIONS, UNCOSTED = "evidence", "gathered", "findings", "recommendations", "uncosted"
QUESTIONS, HEARD, CHALLENGES = "questions", "heard", "challenges"
STILL = "still"
"""The word of a question without a chosen option, and of a challenge without an answer."""


@dataclass(frozen=True, kw_only=True)
class ReviewCounts:
    """What somebody sees of a review, counted.

    Args:
        evidence: pieces of evidence.
        gathered: what they cover: those alike in strand, 4Cs and grade together.
        findings: how many there are of each balance, as far as the reader sees recommendations that answer them.
        recommendations: how many there are of each status.
        not_costed: how many of them nobody has answered yet, and have no cost in figures or no benefit.
        questions: how many questions had options; `open_questions` of them have none chosen.
        heard: consultations and surveys.
        challenges: how many were raised; `waiting` of them for an answer.
    """

    evidence: int = 0
    gathered: tuple[Gathered, ...] = ()
    findings: Mapping[Balance, int] = field(default_factory=dict)
    recommendations: Mapping[str, int] = field(default_factory=dict)
    not_costed: int = 0
    questions: int = 0
    open_questions: int = 0
    heard: int = 0
    challenges: int = 0
    waiting: int = 0


def counts_of(review: Review, user: User | AnonymousUser) -> ReviewCounts:
    """Everything that the front page of a review counts."""
    evidence = Evidence.objects.visible_to(user).standing().filter(review=review)
    recommendations = Recommendation.objects.visible_to(user).filter(review=review)
    first, *others = (
        _counted(evidence, EVIDENCE),
        _covered(evidence),
        _balance(Finding.objects.visible_to(user).standing().filter(review=review), answered_by=recommendations),
        _counted(recommendations.with_status(), RECOMMENDATIONS, word="newest_status"),
        _counted(recommendations.standing_at(*UNANSWERED).not_costed(), UNCOSTED),
        _questions(review, user),
        _counted(Consultation.objects.visible_to(user).filter(review=review), HEARD),
        _counted(Survey.objects.visible_to(user).filter(review=review), HEARD),
        *_challenges(review, user),
    )
    pieces, gathered, findings, statuses = 0, [], Counter[Balance](), Counter[str]()
    plain: Counter[tuple[str, str]] = Counter()
    for what, strand, word, source, content, rows in first.union(*others, all=True):
        if what == EVIDENCE:
            pieces += rows
        elif what == GATHERED:
            four_cs = frozenset(json.loads(word))
            gathered.append(Gathered(strands=frozenset({strand}), four_cs=four_cs, strength=_strength(source, content), pieces=rows))
        elif what == FINDINGS:
            findings[Balance(strand, word, source == "answered")] += rows
        elif what == RECOMMENDATIONS:
            statuses[word] += rows
        else:
            plain[what, word] += rows
    return ReviewCounts(
        evidence=pieces,
        gathered=tuple(gathered),
        findings=findings,
        recommendations=statuses,
        not_costed=plain[UNCOSTED, ""],
        questions=plain[QUESTIONS, ""] + plain[QUESTIONS, STILL],
        open_questions=plain[QUESTIONS, STILL],
        heard=plain[HEARD, ""],
        challenges=plain[CHALLENGES, ""],
        waiting=plain[CHALLENGES, STILL],
    )


def _counted(rows: QuerySet[Any], what: str, **asked: Any) -> QuerySet[Any, Any]:
    """How many rows there are of each kind that the columns tell apart."""
    given = {"what": Value(what), **{name: F(part) if isinstance(part, str) else part for name, part in asked.items()}}
    empty = {name: Value(None) if kind is IntegerField else Value("") for name, kind in COLUMNS.items()}
    named = {f"count_{name}": Cast(given.get(name, empty[name]), output_field=kind()) for name, kind in COLUMNS.items()}
    counted: QuerySet[Any, Any] = rows.order_by().annotate(**named).values(*named).annotate(rows=Count("pk")).values_list(*named, "rows")
    return counted


def _covered(evidence: QuerySet[Evidence]) -> QuerySet[Any, Any]:
    newest = EvidenceGrade.objects.filter(evidence=OuterRef("evidence")).order_by("-pk")
    return _counted(
        EvidenceStrand.objects.filter(evidence__in=evidence.order_by().values("pk")),
        GATHERED,
        strand="strand__number",
        word="evidence__four_cs",
        source=Subquery(newest.values("reliability")[:1]),
        content=Subquery(newest.values("credibility")[:1]),
    )


def _balance(findings: QuerySet[Finding], *, answered_by: QuerySet[Recommendation]) -> QuerySet[Any, Any]:
    answered = Exists(answered_by.filter(findings=OuterRef("pk")))
    said = Case(When(answered, then=Value("answered")), default=Value(""), output_field=CharField())
    return _counted(findings, FINDINGS, strand="strand__number", word="tone", source=said)


def _questions(review: Review, user: User | AnonymousUser) -> QuerySet[Any, Any]:
    newest = OptionDecision.objects.filter(option=OuterRef("pk")).order_by("-pk").values("verdict")[:1]
    options = Option.objects.visible_to(user).annotate(newest_verdict=Subquery(newest))
    chosen = Exists(options.filter(question=OuterRef("pk"), newest_verdict=Verdict.CHOSEN))
    said = Case(When(chosen, then=Value("")), default=Value(STILL), output_field=CharField())
    return _counted(ScopeQuestion.objects.visible_to(user).filter(review=review), QUESTIONS, word=said)


def _challenges(review: Review, user: User | AnonymousUser) -> tuple[QuerySet[Any, Any], ...]:
    raised = Challenge.objects.visible_to(user).filter(review=review)
    return _counted(raised, CHALLENGES), _counted(raised.unanswered(), CHALLENGES, word=Value(STILL))


def _strength(reliability: str | None, credibility: str | None) -> str:
    if not reliability or not credibility:
        return Strength.UNGRADED.value
    return strength_of(Reliability(reliability), Credibility(credibility)).value
