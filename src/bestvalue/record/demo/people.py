"""Who is who in the demo: bodies of the synthetic force and its authority, and people named by their role alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from bestvalue.record.bodies import changes
from bestvalue.record.bodies.models import Body, BodyKind, Person, Role
from bestvalue.record.demo.sign_ins import SignIn
from bestvalue.record.reviews.models import Part

MEMBERS: Mapping[str, tuple[Part | None, Role]] = {
    "Programme manager": (Part.TEAM, Role.PROGRAMME_MANAGER),
    "Project manager": (Part.TEAM, Role.PROJECT_MANAGER),
    "Analyst": (Part.TEAM, Role.ANALYST),
    "Financial adviser": (Part.TEAM, Role.FINANCIAL_ADVISER),
    "Lead for resources": (Part.TEAM, Role.LEAD),
    "Chair of the project board": (Part.PROJECT_BOARD, Role.BOARD_MEMBER),
    "Chair of the management board": (Part.MANAGEMENT_BOARD, Role.BOARD_MEMBER),
    "Critical friend": (Part.PANEL, Role.PANEL_MEMBER),
    "Chair of the committee": (Part.COMMITTEE, Role.AUTHORITY_MEMBER),
    "Inspector": (None, Role.INSPECTOR),
    "Second inspector": (None, Role.INSPECTOR),
}
"""Each person, what their body is in the review, and their role in it. The inspectors are of a body outside: they see what is
published, and what they inspect."""


@dataclass(frozen=True, kw_only=True)
class Term:
    """The place of somebody who has no sign-in; days count from the day of the demo, and nobody has said when most terms end."""

    part: Part
    role: Role
    starts: int
    ends: int | None = None


APPOINTED, SUCCEEDED = -420, -149
"""Days from the day of the demo on which its people took their places, and on which one of them followed another."""
OTHERS: Mapping[str, Term] = {
    "Project board member for boroughs": Term(part=Part.PROJECT_BOARD, role=Role.BOARD_MEMBER, starts=APPOINTED),
    "Project board member for finance": Term(part=Part.PROJECT_BOARD, role=Role.BOARD_MEMBER, starts=APPOINTED),
    "Project board member for operations": Term(part=Part.PROJECT_BOARD, role=Role.BOARD_MEMBER, starts=APPOINTED),
    "Management board member for operations": Term(part=Part.MANAGEMENT_BOARD, role=Role.BOARD_MEMBER, starts=APPOINTED),
    "Management board member for resources": Term(part=Part.MANAGEMENT_BOARD, role=Role.BOARD_MEMBER, starts=APPOINTED),
    "Management board member for staff": Term(part=Part.MANAGEMENT_BOARD, role=Role.BOARD_MEMBER, starts=APPOINTED),
    "Critical friend from a business": Term(part=Part.PANEL, role=Role.PANEL_MEMBER, starts=APPOINTED),
    "Critical friend from a charity": Term(part=Part.PANEL, role=Role.PANEL_MEMBER, starts=APPOINTED),
    "Committee member for the north": Term(part=Part.COMMITTEE, role=Role.AUTHORITY_MEMBER, starts=APPOINTED),
    "Committee member for the south": Term(part=Part.COMMITTEE, role=Role.AUTHORITY_MEMBER, starts=APPOINTED),
    "Former committee member for the east": Term(
        part=Part.COMMITTEE, role=Role.AUTHORITY_MEMBER, starts=SUCCEEDED - 1461, ends=SUCCEEDED - 1
    ),
    "Committee member for the east": Term(part=Part.COMMITTEE, role=Role.AUTHORITY_MEMBER, starts=SUCCEEDED),
}
"""The other members of the bodies. One term of office has ended, after four years, and its successor's has begun."""


@dataclass(frozen=True, kw_only=True)
class Cast:
    """The bodies and people of the demo."""

    force: Body
    authority: Body
    inspectorate: Body
    parts: Mapping[Part, Body]
    people: Mapping[str, Person]


def record_cast(force_name: str, *, sign_ins: Mapping[str, SignIn], on: date) -> Cast:
    """Record the bodies, the people, their places and their sign-ins. The operator records them: nobody is there yet.

    Args:
        force_name: name of the synthetic force.
        sign_ins: by name of the person.
        on: the day of the demo.
    """
    force = changes.add_body(name=force_name, kind=BodyKind.FORCE, by=None)
    authority = changes.add_body(name=f"Authority of the {force_name}", kind=BodyKind.AUTHORITY, by=None)
    inspectorate = changes.add_body(name="Synthetic Inspectorate", kind=BodyKind.INSPECTORATE, by=None)
    parts = {
        Part.TEAM: changes.add_body(name="Review Team", kind=BodyKind.UNIT, parent=force, by=None),
        Part.PROJECT_BOARD: changes.add_body(name="Project Board", kind=BodyKind.BOARD, parent=force, by=None),
        Part.MANAGEMENT_BOARD: changes.add_body(name="Management Board", kind=BodyKind.BOARD, parent=force, by=None),
        Part.PANEL: changes.add_body(name="Independent Challenge Panel", kind=BodyKind.PANEL, parent=authority, by=None),
        Part.COMMITTEE: changes.add_body(
            name="Planning, Performance and Review Committee", kind=BodyKind.COMMITTEE, parent=authority, by=None
        ),
    }
    people: dict[str, Person] = {}
    for name, (part, role) in MEMBERS.items():
        people[name] = changes.add_person(name=name, email=sign_ins[name].email, by=None)
        changes.add_membership(
            person=people[name], body=parts[part] if part else inspectorate, role=role, starts=on + timedelta(days=APPOINTED), by=None
        )
        changes.give_sign_in(people[name], password=sign_ins[name].password, by=None)
    # The inspection of 2004 recommended a financial adviser on every project board.
    changes.add_membership(
        person=people["Financial adviser"],
        body=parts[Part.PROJECT_BOARD],
        role=Role.FINANCIAL_ADVISER,
        starts=on + timedelta(days=APPOINTED),
        by=None,
    )
    for name, term in OTHERS.items():
        people[name] = changes.add_person(name=name, by=None)
        starts, ends = on + timedelta(days=term.starts), None if term.ends is None else on + timedelta(days=term.ends)
        changes.add_membership(person=people[name], body=parts[term.part], role=term.role, starts=starts, ends=ends, by=None)
    return Cast(force=force, authority=authority, inspectorate=inspectorate, parts=parts, people=people)
