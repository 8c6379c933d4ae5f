"""How much a body engages in a review: decisions due and taken, how long it took, who was there, and how often it challenged.

The inspection of 2004 found a management board that had not engaged, and could not show when that began (3.2.5 and 3.2.6).
One function counts it, wherever it shows: on the pages of a review and of a programme, and in the pack for inspectors.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any, NamedTuple

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Sum, TextField, Value, When
from django.db.models.functions import Cast

from bestvalue.record.bodies.models import User
from bestvalue.record.reviews.models import Attendance, Decision, Review

DECISIONS, MEETINGS, CHALLENGES = "decisions", "meetings", "challenges"
MEMBERS = ("present", "apologies", "absent")
"""How the members of a body stand in the record of a meeting; who was there in attendance holds no place in it."""


@dataclass(frozen=True, kw_only=True)
class Engagement:
    """What one body was asked, and what it did.

    Args:
        body: its name.
        key: its key.
        asked: decisions that were put to it; those that lapsed, because the review went another way, are not counted.
        taken: how many of them it took, whatever the outcome.
        overdue: how many are not taken although their day has passed.
        late: how many were taken after their day.
        days: median days from asking to deciding, over those taken; None while there are none.
        attended: places of members at those decisions that were filled.
        places: all places of members at those decisions: the base of attendance.
        interests: how many interests were declared at them.
        met: places of members that were filled at its other meetings with the review on the agenda.
        met_places: all places of members at those meetings.
        challenges: how many challenges were raised for it.
    """

    body: str
    key: int = 0
    asked: int
    taken: int
    overdue: int
    late: int
    days: float | None
    attended: int
    places: int
    interests: int
    met: int = 0
    met_places: int = 0
    challenges: int = 0

    @property
    def is_silent(self) -> bool:
        """Whether a decision is overdue and the body was not seen to engage: nobody attended a decision or a meeting, nobody challenged."""
        return self.overdue > 0 and self.taken == 0 and self.attended == 0 and self.met == 0 and self.challenges == 0

    @property
    def attended_share(self) -> float | None:
        """Share of the places that were filled, 0 to 1; None while the body took no decision."""
        return self.attended / self.places if self.places else None


class _Seen(NamedTuple):
    """What was seen of a body in one way: how many filled places, of how many, and how many interests."""

    filled: int = 0
    places: int = 0
    interests: int = 0


def engagement(reviews: Iterable[Review], decisions: Iterable[Decision], *, user: User | AnonymousUser, on: date) -> tuple[Engagement, ...]:
    """One line for each body that was asked, met or challenged, the silent ones first, then by name; in one question.

    Args:
        reviews: in which.
        decisions: all of these reviews, with `body` selected, or this asks for it one by one.
        user: who reads; a meeting or a challenge that is hidden from them is not counted.
        on: today.
    """
    asked: dict[int, list[Decision]] = defaultdict(list)
    names: dict[int, str] = {}
    for decision in decisions:
        if decision.lapsed_on is None:
            asked[decision.body_id].append(decision)
            names[decision.body_id] = decision.body.name
    seen: dict[int, dict[str, _Seen]] = defaultdict(dict)
    for how, body, name, filled, places, interests in _seen_to_engage([review.pk for review in reviews], user):
        seen[body][how] = _Seen(filled, places, interests)
        names[body] = name
    lines = [_line(body, name, asked[body], seen[body], on=on) for body, name in names.items()]
    return tuple(sorted(lines, key=lambda line: (not line.is_silent, line.body)))


def _seen_to_engage(reviews: list[int], user: User | AnonymousUser) -> QuerySet[Any, Any]:
    """By which body, and in which way: filled places, places and interests."""
    # By name: meetings and challenges belong to apps above this one.
    meetings: Any = apps.get_model("meetings.Meeting")._default_manager.get_queryset()
    items: Any = apps.get_model("meetings.AgendaItem")._default_manager.all()
    presences: Any = apps.get_model("meetings.Presence")._default_manager.all()
    challenges: Any = apps.get_model("scrutiny.Challenge")._default_manager.get_queryset()
    about = items.filter(Q(review__in=reviews) | Q(decision__review__in=reviews) | Q(recommendation__review__in=reviews))
    # Who attended a decision that was taken at a meeting stands in that decision, and is not counted twice.
    decided = items.filter(decision__review__in=reviews).exclude(decision__outcome="").order_by().values("meeting")
    met = meetings.visible_to(user).filter(pk__in=about.order_by().values("meeting")).exclude(pk__in=decided).order_by().values("pk")
    present = presences.filter(meeting__in=met, was__in=MEMBERS)
    decided_by = Attendance.objects.filter(decision__review__in=reviews)
    raised = challenges.visible_to(user).filter(review__in=reviews, body__isnull=False)
    return _by_body(decided_by, DECISIONS, body="decision__body", filled=Q(attended=True), interests=~Q(interest="")).union(
        _by_body(present, MEETINGS, body="meeting__body", filled=Q(was="present"), interests=Q(pk__in=[])),
        _by_body(raised, CHALLENGES, body="body", filled=Q(pk__in=[]), interests=Q(pk__in=[])),
        all=True,
    )


def _by_body(rows: QuerySet[Any], how: str, *, body: str, filled: Q, interests: Q) -> QuerySet[Any, Any]:
    def counted(condition: Q) -> Sum:
        return Sum(Case(When(condition, then=Value(1)), default=Value(0), output_field=IntegerField()))

    named = {"seen_how": Cast(Value(how), TextField()), "seen_body": F(body), "seen_name": F(f"{body}__name")}
    kept = rows.order_by().annotate(**named).values(*named)
    found: QuerySet[Any, Any] = kept.annotate(
        seen_filled=counted(filled), seen_places=Count("pk"), seen_interests=counted(interests)
    ).values_list(*named, "seen_filled", "seen_places", "seen_interests")
    return found


def _line(key: int, name: str, asked: list[Decision], seen: Mapping[str, _Seen], *, on: date) -> Engagement:
    days = [decision.days_taken for decision in asked if decision.days_taken is not None]
    decided, met = seen.get(DECISIONS, _Seen()), seen.get(MEETINGS, _Seen())
    return Engagement(
        body=name,
        key=key,
        asked=len(asked),
        taken=len(days),
        overdue=sum(decision.is_overdue(on=on) for decision in asked),
        late=sum(decision.taken_on is not None and decision.taken_on > decision.due for decision in asked),
        days=median(days) if days else None,
        attended=decided.filled,
        places=decided.places,
        interests=decided.interests,
        met=met.filled,
        met_places=met.places,
        challenges=seen.get(CHALLENGES, _Seen()).places,
    )
