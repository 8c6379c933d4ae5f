"""Bodies that decide about a review, with one chair each. Models are imported inside: this file is read before Django is set up."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from bestvalue.record.bodies.models import Body, Person
    from bestvalue.record.reviews.life_cycle import Gate, Part
    from bestvalue.record.reviews.models import Decision, Review

DAY = date(2026, 1, 5)
CHAIRS = {
    "project board": ("board", "board member"),
    "management board": ("board", "board member"),
    "committee": ("committee", "authority member"),
}


@pytest.fixture
def boards(body: "Callable[..., Body]") -> "Mapping[Part, Body]":
    """The three bodies that decide, and the panel."""
    from bestvalue.record.reviews.life_cycle import Part

    made = {Part(part): body(f"The {part}", kind) for part, (kind, _) in CHAIRS.items()}
    return made | {Part.PANEL: body("The panel", "panel")}


@pytest.fixture
def chairs(boards: "Mapping[Part, Body]", person: "Callable[..., Person]") -> "Mapping[Part, Person]":
    """Who decides in each of them."""
    from bestvalue.record.reviews.life_cycle import Part

    return {Part(part): person(f"Chair of the {part}", role=role, body=boards[Part(part)]) for part, (_, role) in CHAIRS.items()}


@pytest.fixture
def governed(
    start_review: "Callable[..., Review]", team: "Body", boards: "Mapping[Part, Body]", chairs: "Mapping[Part, Person]"
) -> "Review":
    """A proposed review in which every body takes part."""
    from bestvalue.record.reviews.life_cycle import Part

    return start_review(bodies={Part.TEAM: team, **boards}, aims=["Faster"])


@pytest.fixture
def ask(manager: "Person") -> "Callable[..., Decision]":
    """Puts a question to the body that decides it."""
    from bestvalue.record.reviews import changes

    def put(review: "Review", gate: "Gate", **rest: Any) -> "Decision":
        return changes.ask_for_decision(review, **{"gate": gate, "due": DAY, "on": DAY, "by": manager, **rest})

    return put


@pytest.fixture
def take(chairs: "Mapping[Part, Person]") -> "Callable[..., Decision]":
    """Takes a decision as the chair of the body does; agrees unless told otherwise."""
    from bestvalue.record.reviews import changes
    from bestvalue.record.reviews.life_cycle import Outcome

    def decide(decision: "Decision", outcome: Outcome = Outcome.AGREED, **rest: Any) -> "Decision":
        chair = chairs[decision.edge.decided_by]
        least = {"taken_on": DAY, "minute": "Item 1", "reason": "So decided.", "attended": [chair], "by": chair}
        if outcome is Outcome.DEFERRED:
            least["deferred_to"] = date(2026, 2, 2)
        return changes.take_decision(decision, outcome=outcome, **{**least, **rest})

    return decide


@pytest.fixture
def finding_for(manager: "Person", add_evidence: "Callable[..., Any]") -> "Callable[[Review, str], None]":
    """Adds a strand with one finding."""
    from bestvalue.record.reviews import changes
    from bestvalue.record.reviews.models import Tone

    def add(review: "Review", strand_name: str) -> None:
        strand = changes.add_strand(review, name=strand_name, question="?", by=manager)
        changes.add_finding(review, strand=strand, text="So it is.", tone=Tone.POSITIVE, evidence=[add_evidence(review)], by=manager)

    return add
