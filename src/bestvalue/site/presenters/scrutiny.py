"""Challenges and options in words: was it heard, what did it change, what became of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from bestvalue.record.scrutiny.challenge_steps import Effect, Step
from bestvalue.site.presenters.tags import Tag

STANDING: Mapping[Step | None, Tag] = {
    None: Tag(words="Not answered", colour="red"),
    Step.ANSWERED: Tag(words="Answered", colour="teal"),
    Step.ACCEPTED: Tag(words="Answer accepted", colour="green"),
    Step.REOPENED: Tag(words="Reopened", colour="red"),
    Step.ESCALATED: Tag(words="Escalated", colour="purple"),
}
VERDICT: Mapping[str, Tag] = {
    "": Tag(words="Open", colour="yellow"),
    "chosen": Tag(words="Chosen", colour="green"),
    "written off": Tag(words="Written off", colour="grey"),
}


@dataclass(frozen=True, kw_only=True)
class ChallengeLine:
    """A challenge in the log."""

    name: str
    hint: str
    tag: Tag
    address: str
    is_answered: bool
    is_mine: bool


def challenge_line(
    *,
    reference: str,
    text: str,
    challenger: str,
    raised_on: date,
    about: str,
    standing: Step | None,
    waiting_since: date | None,
    effect: Effect | None,
    is_mine: bool,
    today: date,
    address: str,
) -> ChallengeLine:
    """One challenge in a line: whose, since when, about what, and what the newest answer changed.

    Args:
        reference: "C2".
        text: what was said.
        challenger: who said it.
        raised_on: when.
        about: the strand or finding; empty for the review as a whole.
        standing: its newest step.
        waiting_since: the day since which it waits for the team; None when it is answered.
        effect: what the newest answer changed; None while there is no answer.
        is_mine: whether the reader raised it.
        today: the day on which the line is read.
        address: its page.

    Example:
        >>> line = challenge_line(reference="C1", text="Why not less?", challenger="The panel", raised_on=date(2026, 1, 5), about="",
        ...                       standing=None, waiting_since=date(2026, 1, 5), effect=None, is_mine=False,
        ...                       today=date(2026, 1, 7), address="/")
        >>> line.name, line.hint
        ('C1 Why not less?', 'The panel, 5 January 2026. Waiting for 2 days.')
    """
    parts = [f"{challenger}, {raised_on:%-d %B %Y}.", f"About {about}." if about else ""]
    if waiting_since is None:
        parts.append(f"Effect on the review: {effect.label[:1].lower()}{effect.label[1:]}." if effect else "")
    else:
        days = (today - waiting_since).days
        parts.append(f"Waiting for {days} day{'' if days == 1 else 's'}." if days else "Waiting since today.")
    return ChallengeLine(
        name=f"{reference} {text}",
        hint=" ".join(part for part in parts if part),
        tag=STANDING[standing],
        address=address,
        is_answered=waiting_since is None,
        is_mine=is_mine,
    )


@dataclass(frozen=True, kw_only=True)
class ChallengeLog:
    """The log as one reader sees it: their own first, those that wait before the answered ones."""

    mine: tuple[ChallengeLine, ...]
    unanswered: tuple[ChallengeLine, ...]
    answered: tuple[ChallengeLine, ...]


def challenge_log(lines: Iterable[ChallengeLine]) -> ChallengeLog:
    """The lines in the order in which they are read; within a part they keep the order they come in."""
    lines = list(lines)
    others = [line for line in lines if not line.is_mine]
    return ChallengeLog(
        mine=tuple(sorted((line for line in lines if line.is_mine), key=lambda line: line.is_answered)),
        unanswered=tuple(line for line in others if not line.is_answered),
        answered=tuple(line for line in others if line.is_answered),
    )


def waiting_words(count: int) -> str:
    """How many challenges wait for an answer; empty when none does.

    Example:
        >>> waiting_words(1)
        '1 challenge is not answered'
    """
    if not count:
        return ""
    return "1 challenge is not answered" if count == 1 else f"{count} challenges are not answered"
