"""The pages of the register that a board opens: its pack, the colours, the downloads; and the register that everybody reads."""

from datetime import date
from pathlib import Path

import pytest
from django.urls import reverse
from tests.browser.chromium import Browser
from tests.browser.conftest import Arrive
from tests.world import DAY, World

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def owned(world: World) -> World:
    """The inspectorate's recommendation is accepted, owned by the project board, and has an action whose date has passed."""
    from bestvalue.record.delivery import changes
    from bestvalue.record.delivery.life_cycle import Status

    for status in (Status.ACCEPTED, Status.IN_PROGRESS):
        changes.set_status(world.theirs, status=status, on=DAY, note="It will be done.", by=world.manager)
    board = world.board_member.memberships.get().body
    changes.own(world.theirs, body=board, lead=world.manager, on=DAY, by=world.manager)
    said = {"what": "Publish the costs", "why": "Nobody knows them.", "how": "Each quarter.", "target": "All units."}
    changes.add_action(world.theirs, lead=world.manager, original_date=date(2026, 6, 30), by=world.manager, **said)
    return world


@pytest.mark.parametrize("width", [1280, 320])
def test_the_board_pack_and_the_colours_break_no_rule_of_accessibility(owned: World, arrive: Arrive, width: int) -> None:
    # given a member of the board
    page = arrive(owned.board_member, width=width)
    pack = reverse("board_pack", args=[owned.question.body_id])
    plan = reverse("plan", args=[owned.theirs.issuer_id, owned.theirs.report_slug])
    found, wide = {}, {}
    # when they open the pages of the register
    for path in (pack, reverse("register_colours"), plan, reverse("register") + "?rating=red", reverse("register") + "?watch=late"):
        assert page.go(path) == 200
        if faults := page.faults(TAGS):
            found[path] = faults
        if beyond := page.evaluate(SIDEWAYS):
            wide[path] = beyond
    # then none breaks a rule, nor scrolls sideways
    assert (found, wide) == ({}, {})
    # and the pack says what is missing, where it is missing, and breaks none then
    page.go(pack)
    for part in ("Day", "Month", "Year"):
        page.fill(part, "")
    page.press_button("Make the pack")
    assert page.title.startswith("Error: ")
    assert page.faults(TAGS) == []


def test_a_list_is_taken_away_as_csv_and_as_a_workbook(owned: World, arrive: Arrive) -> None:
    page = arrive(owned.manager, at=reverse("register") + "?status=in+progress")
    for name, begins in (("CSV of recommendations", b"\xef\xbb\xbfKey,"), ("Excel of recommendations", b"PK")):
        file, written = page.download(name)
        assert file.startswith("recommendations-")
        assert "-OFFICIAL." in file
        assert written.startswith(begins)


@pytest.mark.parametrize("width", [1280, 320])
def test_the_public_register_breaks_no_rule_and_needs_no_script(owned: World, browser: Browser, tmp_path: Path, width: int) -> None:
    from bestvalue.record.delivery.public_register import publish_register

    page_file, _ = publish_register(tmp_path / "public", on=date(2026, 11, 25))
    page = browser.open(page_file.parent.as_uri(), width=width)
    page.go(f"/{page_file.name}")
    assert page.heading == "Recommendations and what became of them"
    assert owned.theirs.text in page.text()
    assert page.faults(TAGS) == []
    assert page.evaluate(SIDEWAYS) == 0
    assert page.complaints() == []
    page.close()
