"""Every status has one wording and one colour, wherever it stands. The words alone say it; the colour only helps to find it."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Tag:
    """A status in a few words, with the name of a GOV.UK tag colour."""

    words: str
    colour: str


STAGE: Mapping[str, Tag] = {
    "scope": Tag(words="Setting the scope", colour="grey"),
    "evidence": Tag(words="Gathering evidence", colour="blue"),
    "findings": Tag(words="Drawing findings", colour="teal"),
    "approval": Tag(words="With the boards", colour="purple"),
    "delivery": Tag(words="Delivering", colour="yellow"),
    "closed": Tag(words="Closed", colour="green"),
}
JOB: Mapping[str, Tag] = {
    "queued": Tag(words="Waiting", colour="grey"),
    "running": Tag(words="Running", colour="blue"),
    "finished": Tag(words="Finished", colour="green"),
    "failed": Tag(words="Failed", colour="red"),
    "cancelled": Tag(words="Cancelled", colour="yellow"),
}
RECOMMENDATION: Mapping[str, Tag] = {
    "draft": Tag(words="Draft", colour="grey"),
    "made": Tag(words="Not answered yet", colour="yellow"),
    "accepted": Tag(words="Accepted", colour="teal"),
    "partly accepted": Tag(words="Accepted in part", colour="teal"),
    "not accepted": Tag(words="Not accepted", colour="red"),
    "in progress": Tag(words="In progress", colour="blue"),
    "withdrawn": Tag(words="Withdrawn", colour="grey"),
}
TONE: Mapping[str, Tag] = {
    "positive": Tag(words="Strength", colour="green"),
    "negative": Tag(words="To improve", colour="orange"),
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
