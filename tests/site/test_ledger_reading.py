"""The ledger counts every entry for everyone, and says who did what only to those who see what it was done to."""

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.site.test_hidden import ROLES, hidden_things, person_of_role, stamped_models
from tests.world import World

import bestvalue.record

__all__ = ["hidden_things"]
UNSEEN = "an entry that you may not see"
EVERY_PART = ("who", "what", "about")


def entries_of(browser: Client) -> dict[int, dict[str, str]]:
    """Every entry, as the API gives it."""
    found, page = {}, 1
    while items := browser.get("/api/lists/ledger", {"page": page}).json().get("items", []):
        found |= {item["entry"]: {part: item[part] for part in EVERY_PART} for item in items}
        page += 1
    return found


def hidden_entries(user: Any) -> set[int]:
    """The entries about a row of any model that asks `visible_to`, which the user does not see."""
    from bestvalue.record.ledger.models import AuditEvent

    hidden: set[int] = set()
    for model in stamped_models():
        seen = {str(key) for key in model._default_manager.get_queryset().visible_to(user).values_list("pk", flat=True)}
        about = AuditEvent.objects.filter(object_kind=model._meta.label_lower).exclude(object_id__in=seen)
        hidden |= set(about.values_list("seq", flat=True))
    return hidden


@pytest.mark.parametrize("role", [role for role in ROLES if role != "nobody"])
def test_what_somebody_may_not_see_is_named_by_no_entry_of_page_file_or_api(
    hidden_things: World,
    browser_of: Callable[[Any], Client],
    role: str,
) -> None:
    person = person_of_role(hidden_things, role)
    browser, hidden = browser_of(person), hidden_entries(person.user)
    assert hidden, "this world hides nothing from this role"
    masked = {"who": "", "what": UNSEEN, "about": ""}
    told = entries_of(browser)
    assert {seq: line for seq, line in told.items() if seq in hidden and line != masked} == {}
    rows = csv.DictReader(io.StringIO(browser.get(reverse("list_file", args=["ledger", "csv"])).content.decode("utf-8-sig")))
    from_file = {int(row["Entry"]): {part: row[part.capitalize()] for part in EVERY_PART} for row in rows}
    assert from_file == told
    shown = browser.get(reverse("ledger")).context["changes"]
    assert {line.seq: {"who": line.who, "what": line.what, "about": line.about} for line in shown} == {
        line.seq: told[line.seq] for line in shown
    }


def test_nobody_without_a_place_reads_any_entry(hidden_things: World, browser_of: Callable[[Any], Client]) -> None:
    browser = browser_of(person_of_role(hidden_things, "nobody"))
    assert entries_of(browser) == {}
    assert browser.get(reverse("list_file", args=["ledger", "csv"])).status_code == 403


def test_a_group_and_that_something_sensitive_was_taken_away_are_told_to_the_group_alone(
    world: World, manager: Client, browser_of: Callable[[Any], Client]
) -> None:
    from bestvalue.record.reviews.changes import note_exported

    note_exported([world.secret], by=world.manager, what="Evidence")
    outside = [line["what"] for line in entries_of(browser_of(world.board_member)).values()]
    inside = [line["what"] for line in entries_of(manager).values()]
    for told in ("group made", "sensitive exported"):
        assert told in inside
        assert told not in outside


def test_every_entry_keeps_its_number_and_its_hash_for_everyone(world: World, browser_of: Callable[[Any], Client]) -> None:
    from bestvalue.record.ledger.models import AuditEvent

    items = browser_of(world.outsider).get("/api/lists/ledger").json()["items"]
    assert [(item["entry"], item["hash"]) for item in items] == list(AuditEvent.objects.order_by("-seq").values_list("seq", "hash")[:100])
    assert browser_of(world.outsider).get(reverse("ledger"), {"verify": 1}).context["verification"].entries == AuditEvent.objects.count()


def test_a_page_of_entries_asks_the_database_a_dozen_times_at_most(hidden_things: World, manager: Client) -> None:
    manager.get(reverse("home"))
    with CaptureQueriesContext(connection) as asked:
        assert manager.get(reverse("ledger")).status_code == 200
    assert len(asked) <= 12


def test_every_kind_that_a_change_writes_about_says_who_may_read_it(world: World) -> None:
    """A kind without a rule is read by nobody, which is safe but of no use: whoever adds one says here who reads it."""
    from bestvalue.record.ledger.models import AuditEvent
    from bestvalue.record.ledger_reading import LISTED, SEEN

    assert {kind for kind in AuditEvent.objects.values_list("object_kind", flat=True) if kind not in SEEN} == set()
    assert {model._meta.label_lower for model in stamped_models()} - {"consultation.response"} == set(LISTED)
    nobody = person_of_role(world, "nobody")
    assert {kind for kind, seen in SEEN.items() if seen(nobody.user).exists()} == set()
    assert {kind for kind, seen in SEEN.items() if seen(world.manager.user).model is not apps.get_model(kind)} == set()


def test_only_the_reading_of_the_ledger_decides_what_of_it_is_told() -> None:
    """The site lists the ledger through the one reading; the home page, which asks for itself, leaves out what is not seen."""
    root = Path(bestvalue.record.__file__).parents[1] / "site"
    asking = {path.name for path in root.rglob("*.py") if re.search(r"AuditEvent\.objects", path.read_text(encoding="utf-8"))}
    assert asking == {"home.py"}
