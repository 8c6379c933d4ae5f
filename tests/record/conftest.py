"""The least valid record. Models are imported inside: this file is read before Django is set up."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from bestvalue.record.bodies.models import Body, Person, User
    from bestvalue.record.programme.models import Programme
    from bestvalue.record.reviews.models import Evidence, Finding, Review, Strand

DAY = date(2026, 1, 5)


@pytest.fixture
def person(db: None) -> "Callable[..., Person]":
    """Makes a person; with a role, one who holds it in a body since a while ago."""
    from bestvalue.record.bodies.models import Membership, Person

    def make(name: str = "Analyst", *, role: str = "", body: "Body | None" = None) -> Person:
        made = Person.objects.create(name=name)
        if body is not None:
            Membership.objects.create(person=made, body=body, role=role, starts=DAY)
        return made

    return make


@pytest.fixture
def body(db: None) -> "Callable[..., Body]":
    """Makes a body."""
    from bestvalue.record.bodies.models import Body

    def make(name: str, kind: str, **rest: Any) -> Body:
        return Body.objects.create(name=name, kind=kind, **rest)

    return make


@pytest.fixture
def sign_in() -> "Callable[[Person], User]":
    """Gives a person a sign-in, and returns the user."""
    from bestvalue.record.bodies.models import User

    def give(someone: "Person") -> User:
        someone.user = User.objects.create_user(f"person{someone.pk}@example.org", "correct horse battery staple")
        someone.save()
        return someone.user

    return give


@pytest.fixture
def authority(body: "Callable[..., Body]") -> "Body":
    return body("Police Authority", "authority")


@pytest.fixture
def programme(authority: "Body") -> "Programme":
    from bestvalue.record.programme.models import Programme

    return Programme.objects.create(title="Programme 2026", year=2026, authority=authority)


@pytest.fixture
def team(body: "Callable[..., Body]") -> "Body":
    return body("Review team", "unit")


@pytest.fixture
def manager(person: "Callable[..., Person]", team: "Body") -> "Person":
    return person("Project manager", role="project manager", body=team)


@pytest.fixture
def second(person: "Callable[..., Person]", team: "Body") -> "Person":
    """The programme manager: the second person of what takes two."""
    return person("Programme manager", role="programme manager", body=team)


@pytest.fixture
def start_review(programme: "Programme", team: "Body", manager: "Person", body: "Callable[..., Body]") -> "Callable[..., Review]":
    """Starts a review of a force."""
    from bestvalue.record.bodies.models import Body
    from bestvalue.record.reviews import changes
    from bestvalue.record.reviews.models import Part

    def start(title: str = "Operational support", **rest: Any) -> "Review":
        force = Body.objects.filter(kind="force").first() or body("Police Force", "force")
        bodies = {Part.TEAM: team}
        return changes.start_review(
            **{
                "programme": programme,
                "title": title,
                "service": "Support",
                "force": force,
                "bodies": bodies,
                "on": DAY,
                "by": manager,
                **rest,
            }
        )

    return start


@pytest.fixture
def review(start_review: "Callable[..., Review]") -> "Review":
    return start_review()


@pytest.fixture
def strand(review: "Review", manager: "Person") -> "Strand":
    from bestvalue.record.reviews import changes

    return changes.add_strand(review, name="Resources", question="Is there enough?", by=manager)


@pytest.fixture
def add_evidence(manager: "Person") -> "Callable[..., Evidence]":
    """Adds a note of an interview to a review."""
    from bestvalue.record.reviews import changes
    from bestvalue.record.reviews.models import EvidenceKind, FourC

    def add(review: "Review", **rest: Any) -> "Evidence":
        least = {"title": "Interview", "kind": EvidenceKind.INTERVIEW, "four_cs": [FourC.CONSULT], "strands": [], "notes": "They said so."}
        return changes.add_evidence(review, **{**least, "effective_date": DAY, "by": manager, **rest})

    return add


@pytest.fixture
def finding(review: "Review", strand: "Strand", manager: "Person", add_evidence: "Callable[..., Evidence]") -> "Finding":
    from bestvalue.record.reviews import changes
    from bestvalue.record.reviews.models import Tone

    return changes.add_finding(review, strand=strand, text="Calls wait.", tone=Tone.NEGATIVE, evidence=[add_evidence(review)], by=manager)
