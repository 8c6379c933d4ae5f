"""What may follow what in a challenge, as one table: the rules of the record and the pages read it and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import TextChoices


class Step(TextChoices):
    """What happened to a challenge after it was raised."""

    ANSWERED = "answered", "Answered by the review team"
    ACCEPTED = "accepted", "Answer accepted"
    REOPENED = "reopened", "Reopened"
    ESCALATED = "escalated", "Escalated"


class Side(TextChoices):
    """Whose turn it is."""

    TEAM = "team", "the review's team"
    CHALLENGER = "challenger", "whoever raised the challenge, or another member of that body"


class Effect(TextChoices):
    """What an answer changed in the review."""

    NONE = "none", "None; the answer says why"
    WORDING = "wording", "The wording was changed"
    EVIDENCE = "evidence", "Evidence was added"
    FINDING = "finding", "A finding was changed"
    OPTION = "option", "An option was added"
    SCOPE = "scope", "The scope was changed"


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One row of the table.

    Args:
        follows: the newest step that it may follow; None stands for a challenge that was only raised.
        side: who may take it.
        order: what somebody does who takes it, for buttons and errors: "answer the challenge".
        says: what its text is, for errors and labels: "The answer".
    """

    follows: tuple[Step | None, ...]
    side: Side
    order: str
    says: str


STEPS: Mapping[Step, Rule] = {
    Step.ANSWERED: Rule(
        follows=(None, Step.REOPENED, Step.ESCALATED), side=Side.TEAM, order="answer the challenge", says="An answer to a challenge"
    ),
    Step.ACCEPTED: Rule(follows=(Step.ANSWERED,), side=Side.CHALLENGER, order="accept the answer", says="A note"),
    Step.REOPENED: Rule(
        follows=(Step.ANSWERED, Step.ACCEPTED), side=Side.CHALLENGER, order="reopen the challenge", says="The reason for reopening"
    ),
    Step.ESCALATED: Rule(
        follows=(None, Step.ANSWERED, Step.REOPENED),
        side=Side.CHALLENGER,
        order="escalate the challenge to a board",
        says="The reason for escalating",
    ),
}
HEARD = (Step.ANSWERED, Step.ACCEPTED)
"""A challenge whose newest step is one of these is answered; any other waits for the team."""


def open_steps(newest: Step | None, *, side: Side) -> tuple[Step, ...]:
    """What one side may do now.

    Example:
        >>> [step.value for step in open_steps(Step.ANSWERED, side=Side.CHALLENGER)]
        ['accepted', 'reopened', 'escalated']
    """
    return tuple(step for step, rule in STEPS.items() if newest in rule.follows and rule.side is side)
