"""How a recommendation and an action stand, as tables: what may follow what. Rules and the published diagram read them."""

from collections.abc import Mapping

from django.db import models


class Status(models.TextChoices):
    """How a recommendation stands."""

    DRAFT = "draft", "Draft"
    MADE = "made", "Made, not answered yet"
    ACCEPTED = "accepted", "Accepted"
    PARTLY_ACCEPTED = "partly accepted", "Accepted in part"
    NOT_ACCEPTED = "not accepted", "Not accepted"
    IN_PROGRESS = "in progress", "In progress"
    EMBEDDING = "embedding", "Done, and being shown to last"
    REQUESTED = "requested complete", "Completion requested"
    COMPLETE = "complete", "Complete"
    CLOSED = "closed not implemented", "Closed, not implemented"
    WITHDRAWN = "withdrawn", "Withdrawn"


NEXT: Mapping[Status, tuple[Status, ...]] = {
    Status.DRAFT: (Status.MADE, Status.WITHDRAWN),
    Status.MADE: (Status.ACCEPTED, Status.PARTLY_ACCEPTED, Status.NOT_ACCEPTED, Status.WITHDRAWN),
    Status.ACCEPTED: (Status.IN_PROGRESS, Status.CLOSED),
    Status.PARTLY_ACCEPTED: (Status.IN_PROGRESS, Status.CLOSED),
    Status.IN_PROGRESS: (Status.EMBEDDING, Status.REQUESTED, Status.CLOSED),
    Status.EMBEDDING: (Status.IN_PROGRESS, Status.REQUESTED, Status.CLOSED),
    Status.REQUESTED: (Status.COMPLETE, Status.IN_PROGRESS),
    Status.COMPLETE: (),
    Status.CLOSED: (),
    Status.NOT_ACCEPTED: (Status.ACCEPTED, Status.PARTLY_ACCEPTED),
    Status.WITHDRAWN: (),
}
"""Not accepted, with a reason, is a lawful answer, and may be thought better of. A completion that is refused goes on."""

BY_REQUEST = (Status.REQUESTED,)
"""Asked for by the lead, with evidence; never just set."""
BY_DECISION = (Status.COMPLETE, Status.CLOSED)
"""Decided by the owning body; never just set."""
NEEDS_REASON = (Status.PARTLY_ACCEPTED, Status.NOT_ACCEPTED, Status.WITHDRAWN, Status.CLOSED)
OPEN = (Status.MADE, Status.ACCEPTED, Status.PARTLY_ACCEPTED, Status.IN_PROGRESS, Status.EMBEDDING, Status.REQUESTED)
"""What somebody still has to act on."""
UNDER_WAY = (Status.ACCEPTED, Status.PARTLY_ACCEPTED, Status.IN_PROGRESS, Status.EMBEDDING, Status.REQUESTED)
"""Answered with yes, and not ended."""
UNANSWERED = (Status.DRAFT, Status.MADE)


def settable_after(status: Status) -> tuple[Status, ...]:
    """What may follow a status by a plain entry: all that follows it, but for what takes a request or a decision.

    Example:
        >>> [status.value for status in settable_after(Status.EMBEDDING)]
        ['in progress']
    """
    if status in BY_REQUEST:
        return ()
    return tuple(after for after in NEXT[status] if after not in (*BY_REQUEST, *BY_DECISION))


class State(models.TextChoices):
    """How an action stands; the values are those of the table `plan_actions`, that the forecast reads."""

    NOT_STARTED = "not started", "Not started"
    IN_PROGRESS = "in progress", "In progress"
    EMBEDDING = "embedding", "Done, and being shown to last"
    REQUESTED = "requested complete", "Completion requested"
    COMPLETE = "complete", "Complete"
    CLOSED = "closed not implemented", "Closed, not implemented"


NEXT_STATE: Mapping[State, tuple[State, ...]] = {
    State.NOT_STARTED: (State.IN_PROGRESS, State.CLOSED),
    State.IN_PROGRESS: (State.EMBEDDING, State.REQUESTED, State.CLOSED),
    State.EMBEDDING: (State.IN_PROGRESS, State.REQUESTED, State.CLOSED),
    State.REQUESTED: (State.COMPLETE, State.IN_PROGRESS),
    State.COMPLETE: (),
    State.CLOSED: (),
}
ENDED = (State.COMPLETE, State.CLOSED)


def settable_after_state(state: State) -> tuple[State, ...]:
    """What the lead may say next of an action; the rest takes a request with evidence, or a decision.

    Example:
        >>> settable_after_state(State.REQUESTED)
        ()
    """
    if state is State.REQUESTED:
        return ()
    return tuple(after for after in NEXT_STATE[state] if after in (State.IN_PROGRESS, State.EMBEDDING))


class Cause(models.TextChoices):
    """Why an agreed date moved. Codes, so that causes can be counted over plans."""

    LEAD_CHANGED = "lead changed", "The lead changed"
    WAITS_FOR_ACTION = "waits for action", "It waits for another action"
    WAITS_FOR_OTHERS = "waits for others", "It waits for another body or a national decision"
    PEOPLE = "people", "People were not there to do it"
    MONEY = "money", "Money was not there"
    TECHNOLOGY = "technology", "Technology was late or failed"
    UNDERESTIMATED = "underestimated", "The work was larger than thought"
    SCOPE = "scope", "What is to be done changed"
    EARLIER = "earlier", "It can be done earlier"
    OTHER = "other", "Another cause"
