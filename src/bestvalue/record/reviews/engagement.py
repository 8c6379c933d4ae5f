"""How much a body engages in a review: decisions due and taken, how long it took, who was there, and how often it challenged.

The inspection of 2004 found a management board that had not engaged, and could not show when that began (3.2.5 and 3.2.6).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from statistics import median

from bestvalue.record.reviews.models import Attendance, Decision


@dataclass(frozen=True, kw_only=True)
class Engagement:
    """What one body was asked, and what it did.

    Args:
        body: its name.
        asked: decisions that were put to it; those that lapsed, because the review went another way, are not counted.
        taken: how many of them it took, whatever the outcome.
        overdue: how many are not taken although their day has passed.
        late: how many were taken after their day.
        days: median days from asking to deciding, over those taken; None while there are none.
        attended: places of members at those decisions that were filled.
        places: all places of members at those decisions: the base of attendance.
        interests: how many interests were declared.
        challenges: how many challenges its members raised.
    """

    body: str
    asked: int
    taken: int
    overdue: int
    late: int
    days: float | None
    attended: int
    places: int
    interests: int
    challenges: int = 0

    @property
    def is_silent(self) -> bool:
        """Whether a decision is overdue and the body has not been seen to engage at all: nobody attended, and nobody challenged."""
        return self.overdue > 0 and self.attended == 0 and self.challenges == 0

    @property
    def attended_share(self) -> float | None:
        """Share of the places that were filled, 0 to 1; None while the body took no decision."""
        return self.attended / self.places if self.places else None


def engagement(decisions: Iterable[Decision], *, on: date, raised: Mapping[str, int] | None = None) -> tuple[Engagement, ...]:
    """One line for each body, the silent ones first, then by name.

    Args:
        decisions: with `body` selected and `attendances` prefetched, or this asks for them one by one.
        on: today.
        raised: how many challenges were raised for each body, by its name; such a body has a line even when it was asked nothing.
    """
    raised = raised or {}
    by_body: dict[str, list[Decision]] = {body: [] for body in raised}
    for decision in decisions:
        if decision.lapsed_on is None:
            by_body.setdefault(decision.body.name, []).append(decision)
    lines = [_line(body, asked, on=on, challenges=raised.get(body, 0)) for body, asked in by_body.items()]
    return tuple(sorted(lines, key=lambda line: (not line.is_silent, line.body)))


def _line(body: str, asked: list[Decision], *, on: date, challenges: int) -> Engagement:
    places: list[Attendance] = [place for decision in asked for place in decision.attendances.all()]
    days = [decision.days_taken for decision in asked if decision.days_taken is not None]
    return Engagement(
        body=body,
        asked=len(asked),
        taken=len(days),
        overdue=sum(decision.is_overdue(on=on) for decision in asked),
        late=sum(decision.taken_on is not None and decision.taken_on > decision.due for decision in asked),
        days=median(days) if days else None,
        attended=sum(place.attended for place in places),
        places=len(places),
        interests=sum(bool(place.interest) for place in places),
        challenges=challenges,
    )
