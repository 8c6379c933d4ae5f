"""What stands around every page: who is signed in, where one can go, and what the data are."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from bestvalue.record.bodies.models import person_of

NAVIGATION = (
    ("Home", "home", ("home", "duties")),
    ("Reviews", "reviews", ("review", "programme", "evidence", "document", "finding", "publish", "challenge", "option", "scope_question")),
    ("Recommendations", "register", ("register", "recommendation", "action", "plan", "board", "workbook", "tracker", "close_out")),
    ("Analyses", "analyses", ("analys", "job", "result", "cost", "comparison")),
    ("Data", "data", ("data",)),
    ("Inspections", "inspections", ("inspection",)),
    ("Library", "library", ("library", "report", "candidate", "extracted", "practice")),
)
"""Label, name of the page it opens, and how the names of the pages below it begin."""


@dataclass(frozen=True, kw_only=True)
class NavigationItem:
    """One entry of the menu."""

    label: str
    address: str
    current: bool


@dataclass(frozen=True, kw_only=True)
class Frame:
    """The frame of one page."""

    workspace: str
    synthetic: bool
    who: str
    idle_seconds: int
    navigation: tuple[NavigationItem, ...]


def frame(request: HttpRequest) -> dict[str, Frame]:
    """The frame, for every template."""
    person = person_of(request.user) if hasattr(request, "user") else None
    return {
        "frame": Frame(
            workspace=settings.WORKSPACE.settings.name,
            synthetic=settings.WORKSPACE.settings.synthetic,
            who=person.name if person else "Your account",
            idle_seconds=settings.SESSION_IDLE_SECONDS,
            navigation=_navigation(request) if person else (),
        )
    }


def _navigation(request: HttpRequest) -> tuple[NavigationItem, ...]:
    match = request.resolver_match
    here = match.url_name or "" if match else ""
    return tuple(
        NavigationItem(label=label, address=reverse(name), current=here.startswith(beginnings)) for label, name, beginnings in NAVIGATION
    )
