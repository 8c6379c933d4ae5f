"""For every model and every role: what somebody may not see, they do not find by its key, in a list, a count, a search, a file or the API.

The models come from the registry of apps, the addresses from the site's own list, the paths of the API from its schema: what is added
later is tried as well.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date
from io import BytesIO
from itertools import product
from typing import Any
from zipfile import ZipFile, is_zipfile

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from tests.record.test_architecture import OURS
from tests.site.test_access import OPEN, RESET, every_address
from tests.world import DAY, World

ROLES = ("board_member", "observer", "outsider", "inspector", "nobody")
WORDS = ("text", "title", "notes", "what", "summary", "case", "words", "name", "place")
"""Fields that hold what a row says; the first that a model has is stamped."""
NOT_OF_THE_RECORD = ("account_", "mfa_", "usersessions_", RESET)
COUNTS_EVERYTHING = {"ledger"}
"""The ledger proves that nothing is missing from it, so it counts every entry to all; `test_ledger_reading.py` holds it to the rest."""


def stamped_models() -> list[Any]:
    found = [model for app in OURS for model in apps.get_app_config(app).get_models()]
    return [model for model in found if hasattr(model._default_manager.get_queryset(), "visible_to")]


def stamp(row: Any) -> str:
    """A word that stands nowhere else, written into what the row says; empty where a model has no words of its own."""
    fields = {field.name for field in row._meta.get_fields()}
    field = next((name for name in WORDS if name in fields), None)
    if field is None or row._meta.get_field(field).get_internal_type() not in ("CharField", "TextField"):
        return ""
    word = f"zq{row._meta.model_name}{row.pk}qz"
    setattr(row, field, f"{getattr(row, field)} {word}")
    row.save()
    return word


@pytest.fixture
def hidden_things(world: World) -> World:
    """One sensitive thing of every kind that can be marked, for a group of the manager alone, beside what is there already."""
    from bestvalue.record.delivery.changes import add_action, draft_recommendation
    from bestvalue.record.reviews import changes
    from bestvalue.record.reviews.models import Marking, Tone
    from bestvalue.record.scrutiny import changes as scrutiny
    from bestvalue.record.scrutiny.models import ChallengerKind

    review, by = world.review, world.manager
    group = world.secret.group
    evidence = [world.secret]
    finding = changes.add_finding(review, strand=world.finding.strand, text="Hidden.", tone=Tone.NEGATIVE, evidence=evidence, by=by)
    asked = draft_recommendation(review, text="Hidden too.", findings=[finding], on=DAY, by=by)
    add_action(asked, what="Hide", why="So", how="By", target="Done", lead=by, original_date=date(2027, 3, 31), by=by)
    challenge = scrutiny.raise_challenge(
        review, kind=ChallengerKind.BOARD, challenger="The board", text="Why hide?", raised_on=DAY, finding=finding, by=world.board_member
    )
    option = scrutiny.add_option(world.option.question, text="Hide it.", cost="None.", effect="None.", by=by)
    for row in (finding, asked, challenge, option):
        changes.mark(row, review=review, marking=Marking.SENSITIVE, group=group, by=by)
    meet_in_secret(world)
    return world


def meet_in_secret(world: World) -> Any:
    """A sensitive meeting about the review, of the project board, whose other members are not in the group."""
    from bestvalue.record.bodies.models import Membership
    from bestvalue.record.meetings import changes as meetings
    from bestvalue.record.reviews.models import Marking

    by, board = world.manager, world.question.body
    # Who holds a place in a body, everyone sees; so it is no news where it is there already.
    Membership.objects.get_or_create(person=by, body=board, role="board member", starts=DAY)
    meeting = meetings.call_meeting(board, on=DAY, by=by, place="Elsewhere", marking=Marking.SENSITIVE, group=world.secret.group)
    item = meetings.add_item(meeting, text="Hidden.", about=world.review, by=by)
    meetings.record_attendance(meeting, present=[by], by=by)
    meetings.minute_item(item, text="Hidden.", by=by)
    meetings.add_action_arising(meeting, what="Hide it.", who=by, due=DAY, item=item, by=by)
    return meeting


def person_of_role(world: World, role: str) -> Any:
    from bestvalue.record.bodies.models import Membership, Person, User

    if role != "nobody":
        return getattr(world, role)
    person = Person.objects.create(name="Left", user=User.objects.create_user("left@example.org", "correct horse battery staple"))
    Membership.objects.create(person=person, body=world.review.force, role="analyst", starts="2025-01-01", ends="2025-12-31")
    return person


def everything_asked(browser: Client, keys: list[int], names: dict[str, list[Any]]) -> Iterator[tuple[str, bytes]]:
    """Every answer that a role gets: from each address with each key, and from each path of the API."""
    from bestvalue.site.pages.list_catalogue import LISTS

    for name, sample in every_address().items():
        if name in OPEN or name.startswith(NOT_OF_THE_RECORD) or "_progress" in name:
            continue
        lists = {"name": list(LISTS), "ending": ["csv"]} if name == "list_file" else names
        tried = {argument: keys if argument == "pk" else lists.get(argument, [value]) for argument, value in sample.items()}
        for values in product(*tried.values()):
            try:
                address = reverse(name, kwargs=dict(zip(tried, values, strict=True)))
            except Exception:  # noqa: BLE001, S112 - these arguments make no address
                continue
            yield address, body_of(browser.get(address))
    schema = browser.get("/api/openapi.json")
    for path, methods in (schema.json()["paths"] if schema.status_code == 200 else {}).items():
        if "get" in methods and path != "/api/search":
            for key in keys if "{" in path else [0]:
                address = re.sub(r"\{\w+\}", str(key), path)
                yield address, body_of(browser.get(address))


def body_of(answer: Any) -> bytes:
    said = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if is_zipfile(BytesIO(said)):
        with ZipFile(BytesIO(said)) as archive:
            return b"".join(archive.read(name) for name in archive.namelist())
    return bytes(said)


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
def test_nothing_hidden_is_found_by_key_list_search_file_or_api(
    hidden_things: World, browser_of: Callable[[Any], Client], role: str
) -> None:
    from bestvalue.record.bodies.models import User

    person = person_of_role(hidden_things, role)
    user = User.objects.get(pk=person.user_id)
    hidden: dict[str, Any] = {}
    for model in stamped_models():
        seen = set(model._default_manager.get_queryset().visible_to(user).values_list("pk", flat=True))
        hidden |= {word: row for row in model._default_manager.exclude(pk__in=seen) if (word := stamp(row))}
    assert hidden, "this world hides nothing from this role"
    browser = browser_of(person)
    keys = sorted({row.pk for row in hidden.values() if isinstance(row.pk, int)} | {1})[:12]
    kinds = ["finding", "evidence", "recommendation", "meeting", "arising"]
    names = {"name": ["finding", "evidence", "recommendation", "findings", "challenges", "meetings"], "kind": kinds}
    told = [(word, address) for address, said in everything_asked(browser, keys, names) for word in hidden if word.encode() in said]
    assert told == []
    for word in hidden:
        answer = browser.get("/api/search", {"q": word})
        assert answer.status_code == 403 or answer.json() == {"counts": {}, "items": []}, word


@pytest.mark.slow
@pytest.mark.parametrize("role", ["observer", "outsider", "inspector"])
def test_no_count_changes_when_something_hidden_is_added(world: World, browser_of: Callable[[Any], Client], role: str) -> None:
    from bestvalue.record.bodies.models import Membership
    from bestvalue.record.delivery.changes import draft_recommendation
    from bestvalue.record.reviews import changes
    from bestvalue.record.reviews.models import EvidenceKind, FourC, Marking, Tone

    browser = browser_of(getattr(world, role))
    browser.get(reverse("home"))
    Membership.objects.create(person=world.manager, body=world.question.body, role="board member", starts=DAY)
    before = pages_counted(browser, world)
    common = {"marking": Marking.SENSITIVE, "group": world.secret.group, "by": world.manager}
    evidence = changes.add_evidence(
        world.review,
        title="More that is hidden",
        kind=EvidenceKind.DATA,
        four_cs=[FourC.COMPETE],
        strands=[world.finding.strand],
        effective_date=DAY,
        notes="Hidden.",
        **common,
    )
    finding = changes.add_finding(
        world.review, strand=world.finding.strand, text="Hidden.", tone=Tone.NEGATIVE, evidence=[evidence], by=world.manager
    )
    changes.mark(finding, review=world.review, **common)
    asked = draft_recommendation(world.review, text="Hidden too.", findings=[finding], on=DAY, by=world.manager)
    changes.mark(asked, review=world.review, **common)
    meet_in_secret(world)
    assert Membership.objects.current().filter(person=getattr(world, role)).exists()
    assert pages_counted(browser, world) == before


def pages_counted(browser: Client, world: World) -> dict[str, str]:
    """Every page without arguments, and those of the review, without the tokens that differ each time."""
    addresses = {
        name: reverse(name)
        for name, arguments in every_address().items()
        if not arguments and name not in OPEN | COUNTS_EVERYTHING and not name.startswith(NOT_OF_THE_RECORD)
    }
    of_review = ("review", "review_challenges", "review_options", "review_decisions", "finding_add", "challenge_add")
    addresses |= {name: reverse(name, args=[world.review.pk]) for name in of_review}
    addresses |= {path: f"/api/{path}" for path in ("reviews", "recommendations", f"reviews/{world.review.pk}/findings")}
    secrets = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"|nonce="[^"]+"')
    shown = {}
    for name, address in addresses.items():
        answer = browser.get(address)
        if answer.headers.get("Content-Type", "").startswith(("text/", "application/json")):
            shown[name] = secrets.sub(b"", body_of(answer)).decode(errors="replace")
    return shown


def test_every_model_that_lists_itself_for_somebody_shows_nothing_to_who_holds_no_place(world: World) -> None:
    from bestvalue.record.bodies.models import User

    user = User.objects.get(pk=person_of_role(world, "nobody").user_id)
    shown = {model._meta.label for model in stamped_models() if model._default_manager.get_queryset().visible_to(user).exists()}
    assert shown == set()


def test_whatever_can_be_marked_is_listed_by_the_one_predicate(db: None) -> None:
    """A model that can be marked and does not ask `readable` would show what is sensitive to everyone."""
    import inspect

    from bestvalue.record.reviews.marked_content import MARKED, OF_BODIES
    from bestvalue.record.reviews.models import Marked

    marked = [model for app in OURS for model in apps.get_app_config(app).get_models() if issubclass(model, Marked)]
    assert {model._meta.label for model in marked} == {*MARKED, *OF_BODIES}
    for model in marked:
        assert "readable(user)" in inspect.getsource(type(model._default_manager.get_queryset()).visible_to), model
