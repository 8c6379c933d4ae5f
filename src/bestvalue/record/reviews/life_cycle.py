"""The life cycle of a review, as one table: which body decides what, what must exist first, and where it leads.

The rules of the record, the pages, the API, the command line and the diagram in the docs all read this table and nothing else.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import TextChoices


class Stage(TextChoices):
    """Where a review is."""

    PROPOSED = "proposed", "Proposed"
    SELECTED = "selected", "Selected for the programme"
    SANCTIONED = "sanctioned", "Sanctioned: setting the scope"
    SCOPED = "scoped", "Scoped: terms of reference approved"
    IN_REVIEW = "in review", "In review"
    REPORTED = "reported", "Reported, awaiting approval"
    APPROVED = "approved", "Approved"
    IN_DELIVERY = "in delivery", "In delivery"
    CLOSED = "closed", "Closed"
    WITHDRAWN = "withdrawn", "Withdrawn"


FIRST = Stage.PROPOSED
ENDED = (Stage.CLOSED, Stage.WITHDRAWN)
"""Nothing follows these, and nothing is added to a review that reached one."""

NOT_SELECTED = (Stage.PROPOSED, Stage.WITHDRAWN)
"""What does not count as a review of the year."""


class Part(TextChoices):
    """How a body takes part in a review."""

    TEAM = "team", "Review team"
    PROJECT_BOARD = "project board", "Project board"
    PANEL = "panel", "Challenge panel"
    MANAGEMENT_BOARD = "management board", "Management board"
    COMMITTEE = "committee", "Committee of the authority"


class Outcome(TextChoices):
    """What a body decided."""

    AGREED = "agreed", "Agreed"
    RETURNED = "returned", "Returned for more work"
    REFUSED = "refused", "Refused: it stays where it is"
    DEFERRED = "deferred", "Deferred to another day"


class Need(TextChoices):
    """What must exist before a body may agree; the label says what is missing while it does not."""

    TEAM = "team", "no review team takes part"
    PROJECT_BOARD = "project board", "no project board takes part"
    TERMS = "terms of reference", "there is no evidence of the kind “Terms of reference”"
    AIMS = "aims", "the review has no aims"
    STRANDS = "strands", "the review has no strands"
    PANEL = "panel", "no challenge panel takes part"
    FINDINGS = "findings", "a strand has no finding"
    PUBLISHED = "published report", "no report is published since the review began"
    ENDORSED = "endorsement", "the management board has not endorsed the report"
    PLAN = "plan", "a recommendation has no action in the plan"
    ENDED = "delivery", "a recommendation is still open"


class Gate(TextChoices):
    """A question that a body decides about a review; the label completes “The committee decides whether to …”."""

    SELECT = "select", "select the review for the programme"
    SANCTION = "sanction", "sanction the project"
    SCOPE = "scope", "approve the terms of reference"
    BEGIN = "begin", "begin the review"
    REPORT = "report", "put the report forward"
    ENDORSE = "endorse", "endorse the report"
    APPROVE = "approve", "approve the report"
    DELIVER = "deliver", "begin delivery"
    CLOSE = "close", "close the review"
    RESCOPE = "rescope", "set the scope anew"
    WITHDRAW = "withdraw", "withdraw the review"


@dataclass(frozen=True, kw_only=True)
class Edge:
    """One row of the table.

    Args:
        gate: what is decided.
        starts: the stages that it may be decided at.
        to: where it leads when the body agrees; None where the review stays and the decision alone counts.
        decided_by: what the deciding body is in the review.
        needs: what must exist before the body may agree. It may return, refuse or defer without.
        returns_to: where it leads when the body returns it; None where the review stays.
        needs_reason: whether agreeing needs a reason too; every other outcome needs one always.
    """

    gate: Gate
    starts: tuple[Stage, ...]
    to: Stage | None
    decided_by: Part
    needs: tuple[Need, ...] = ()
    returns_to: Stage | None = None
    needs_reason: bool = False

    def leads_to(self, outcome: Outcome) -> Stage | None:
        """Where the review goes with an outcome; None when it stays where it is.

        Example:
            >>> EDGES[Gate.APPROVE].leads_to(Outcome.RETURNED).value
            'in review'
        """
        return {Outcome.AGREED: self.to, Outcome.RETURNED: self.returns_to}.get(outcome)


BEFORE_DELIVERY = (Stage.PROPOSED, Stage.SELECTED, Stage.SANCTIONED, Stage.SCOPED, Stage.IN_REVIEW, Stage.REPORTED, Stage.APPROVED)

TABLE: tuple[Edge, ...] = (
    Edge(gate=Gate.SELECT, starts=(Stage.PROPOSED,), to=Stage.SELECTED, decided_by=Part.COMMITTEE),
    Edge(
        gate=Gate.SANCTION,
        starts=(Stage.SELECTED,),
        to=Stage.SANCTIONED,
        decided_by=Part.MANAGEMENT_BOARD,
        needs=(Need.TEAM, Need.PROJECT_BOARD),
        returns_to=Stage.PROPOSED,
    ),
    Edge(
        gate=Gate.SCOPE,
        starts=(Stage.SANCTIONED,),
        to=Stage.SCOPED,
        decided_by=Part.PROJECT_BOARD,
        needs=(Need.TERMS, Need.AIMS, Need.STRANDS),
    ),
    Edge(
        gate=Gate.BEGIN,
        starts=(Stage.SCOPED,),
        to=Stage.IN_REVIEW,
        decided_by=Part.PROJECT_BOARD,
        needs=(Need.PANEL,),
        returns_to=Stage.SANCTIONED,
    ),
    Edge(
        gate=Gate.REPORT,
        starts=(Stage.IN_REVIEW,),
        to=Stage.REPORTED,
        decided_by=Part.PROJECT_BOARD,
        needs=(Need.FINDINGS, Need.PUBLISHED),
    ),
    Edge(gate=Gate.RESCOPE, starts=(Stage.IN_REVIEW,), to=Stage.SANCTIONED, decided_by=Part.PROJECT_BOARD, needs_reason=True),
    Edge(gate=Gate.ENDORSE, starts=(Stage.REPORTED,), to=None, decided_by=Part.MANAGEMENT_BOARD, returns_to=Stage.IN_REVIEW),
    Edge(
        gate=Gate.APPROVE,
        starts=(Stage.REPORTED,),
        to=Stage.APPROVED,
        decided_by=Part.COMMITTEE,
        needs=(Need.ENDORSED,),
        returns_to=Stage.IN_REVIEW,
    ),
    Edge(
        gate=Gate.DELIVER,
        starts=(Stage.APPROVED,),
        to=Stage.IN_DELIVERY,
        decided_by=Part.MANAGEMENT_BOARD,
        needs=(Need.PLAN,),
    ),
    Edge(gate=Gate.CLOSE, starts=(Stage.IN_DELIVERY,), to=Stage.CLOSED, decided_by=Part.COMMITTEE, needs=(Need.ENDED,)),
    Edge(gate=Gate.WITHDRAW, starts=BEFORE_DELIVERY, to=Stage.WITHDRAWN, decided_by=Part.COMMITTEE, needs_reason=True),
)
"""Nothing is skipped, a closed review stays closed, and what is being delivered is closed, not withdrawn."""

EDGES: Mapping[Gate, Edge] = {edge.gate: edge for edge in TABLE}


def edges_from(stage: Stage) -> tuple[Edge, ...]:
    """What may be decided at a stage.

    Example:
        >>> [edge.gate.value for edge in edges_from(Stage.REPORTED)]
        ['endorse', 'approve', 'withdraw']
    """
    return tuple(edge for edge in TABLE if stage in edge.starts)


def way_to(stage: Stage) -> tuple[Gate, ...]:
    """The gates that lead straight from the first stage to a stage: without them no review is there.

    Example:
        >>> [gate.value for gate in way_to(Stage.SCOPED)]
        ['select', 'sanction', 'scope']
    """
    way: list[Gate] = []
    at = FIRST
    while at != stage:
        onward = next(edge for edge in TABLE if at in edge.starts and edge.to is not None and edge.gate != Gate.WITHDRAW)
        if stage == Stage.WITHDRAWN:
            onward = EDGES[Gate.WITHDRAW]
        if Need.ENDORSED in onward.needs:
            way.append(Gate.ENDORSE)
        way.append(onward.gate)
        at = onward.to or at
    return tuple(way)


def why_not(edge: Edge, *, stage: Stage, met: Collection[Need], takes_part: bool) -> tuple[str, ...]:
    """Why a body cannot agree now: "cannot start yet, because …". Empty when it can.

    Args:
        edge: what is to be decided.
        stage: where the review is.
        met: what exists of what the edge needs.
        takes_part: whether the review has a body to decide it.

    Example:
        >>> why_not(EDGES[Gate.SCOPE], stage=Stage.SANCTIONED, met={Need.AIMS, Need.STRANDS}, takes_part=True)
        ('there is no evidence of the kind “Terms of reference”',)
    """
    reasons = []
    if stage not in edge.starts:
        reasons.append(f"the review stands at “{stage.label}”, and this is decided at {_either(edge.starts)}")
    if not takes_part:
        reasons.append(f"no {edge.decided_by.label.lower()} takes part, and it decides this")
    reasons += [need.label for need in edge.needs if need not in met]
    return tuple(reasons)


def diagram() -> str:
    """The table as a state diagram in Mermaid; what every stage before delivery may come to, withdrawal, is said in one line."""
    name = {stage: stage.name.lower() for stage in Stage}
    lines = ["stateDiagram-v2", f"    [*] --> {name[FIRST]}"]
    for edge in TABLE:
        if edge.gate == Gate.WITHDRAW:
            continue
        for start in edge.starts:
            lines.append(f"    {name[start]} --> {name[edge.to or start]}: {edge.gate.value} ({edge.decided_by.value})")
            if edge.returns_to:
                lines.append(f"    {name[start]} --> {name[edge.returns_to]}: {edge.gate.value} returned")
    withdraw = EDGES[Gate.WITHDRAW]
    lines += [f"    {name[start]} --> {name[Stage.WITHDRAWN]}" for start in withdraw.starts]
    lines += [f"    {name[stage]} --> [*]" for stage in ENDED]
    return "\n".join(lines)


def table_rows() -> tuple[tuple[str, str, str, str, str], ...]:
    """The table in words, for the docs: what, from, to, who decides, what must exist."""
    return tuple(
        (
            edge.gate.label.capitalize(),
            ", ".join(start.value for start in edge.starts),
            (edge.to.value if edge.to else "stays") + (f"; returned: {edge.returns_to.value}" if edge.returns_to else ""),
            edge.decided_by.label,
            ", ".join(need.value for need in edge.needs) + ("a reason" if edge.needs_reason else ""),
        )
        for edge in TABLE
    )


def _either(stages: tuple[Stage, ...]) -> str:
    return " or ".join(f"“{stage.label}”" for stage in stages)
