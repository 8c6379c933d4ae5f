"""Every status has one wording and one colour, wherever it stands. The words alone say it; the colour only helps to find it."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Tag:
    """A status in a few words, with the name of a GOV.UK tag colour."""

    words: str
    colour: str


STAGE: Mapping[str, Tag] = {
    "proposed": Tag(words="Proposed", colour="grey"),
    "selected": Tag(words="Selected", colour="blue"),
    "sanctioned": Tag(words="Setting the scope", colour="blue"),
    "scoped": Tag(words="Scope approved", colour="blue"),
    "in review": Tag(words="In review", colour="teal"),
    "reported": Tag(words="With the boards", colour="purple"),
    "approved": Tag(words="Approved", colour="purple"),
    "in delivery": Tag(words="Delivering", colour="yellow"),
    "closed": Tag(words="Closed", colour="green"),
    "withdrawn": Tag(words="Withdrawn", colour="red"),
}
OUTCOME: Mapping[str, Tag] = {
    "agreed": Tag(words="Agreed", colour="green"),
    "returned": Tag(words="Returned", colour="orange"),
    "refused": Tag(words="Refused", colour="red"),
    "deferred": Tag(words="Deferred", colour="yellow"),
}
JOB: Mapping[str, Tag] = {
    "queued": Tag(words="Waiting", colour="grey"),
    "running": Tag(words="Running", colour="blue"),
    "finished": Tag(words="Finished", colour="green"),
    "failed": Tag(words="Failed", colour="red"),
    "cancelled": Tag(words="Cancelled", colour="yellow"),
}
SCAN: Mapping[str, Tag] = {
    "unscanned": Tag(words="Not scanned", colour="grey"),
    "quarantined": Tag(words="In quarantine", colour="yellow"),
    "clean": Tag(words="Scanned, clean", colour="green"),
    "infected": Tag(words="Infected", colour="red"),
}
RECOMMENDATION: Mapping[str, Tag] = {
    "draft": Tag(words="Draft", colour="grey"),
    "made": Tag(words="Not answered yet", colour="yellow"),
    "accepted": Tag(words="Accepted", colour="teal"),
    "partly accepted": Tag(words="Accepted in part", colour="teal"),
    "not accepted": Tag(words="Not accepted", colour="red"),
    "in progress": Tag(words="In progress", colour="blue"),
    "embedding": Tag(words="Embedding", colour="turquoise"),
    "requested complete": Tag(words="Completion requested", colour="purple"),
    "complete": Tag(words="Complete", colour="green"),
    "closed not implemented": Tag(words="Closed, not implemented", colour="grey"),
    "withdrawn": Tag(words="Withdrawn", colour="grey"),
}
ACTION: Mapping[str, Tag] = {
    "not started": Tag(words="Not started", colour="grey"),
    **{state: RECOMMENDATION[state] for state in ("in progress", "embedding", "requested complete", "complete", "closed not implemented")},
}
RATING: Mapping[str, Tag] = {
    "red": Tag(words="Red", colour="red"),
    "amber": Tag(words="Amber", colour="orange"),
    "green": Tag(words="Green", colour="green"),
    "no date": Tag(words="No date agreed", colour="grey"),
    "unanswered": Tag(words="Not answered", colour="yellow"),
    "ended": Tag(words="Ended", colour="grey"),
}
TONE: Mapping[str, Tag] = {
    "positive": Tag(words="Strength", colour="green"),
    "negative": Tag(words="To improve", colour="orange"),
}
STRENGTH: Mapping[str, Tag] = {
    "strong": Tag(words="Strong", colour="green"),
    "fair": Tag(words="Fair", colour="yellow"),
    "weak": Tag(words="Weak", colour="orange"),
    "ungraded": Tag(words="Not graded", colour="grey"),
}
CANDIDATE: Mapping[str, Tag] = {
    "offered": Tag(words="To decide", colour="yellow"),
    "confirmed": Tag(words="Taken up", colour="green"),
    "dismissed": Tag(words="Set aside", colour="grey"),
}
TABLE: Mapping[str, Tag] = {
    "sound": Tag(words="Sound", colour="green"),
    "faulty": Tag(words="Has faults", colour="red"),
    "missing": Tag(words="Not supplied", colour="grey"),
}
