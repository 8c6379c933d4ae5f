"""No page asks the database more than a dozen times: every address of the table of roles is opened and counted, for who sees most of it.

The session, the user with the person, the places held today, the limit of requests and the frame are counted too. What begins and ends
a transaction asks nothing, and is not. Whoever reads something sensitive also leaves an entry in the ledger: its four statements are a
change of the record, and come on top. So does what a rehearsal writes and takes back.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.site.test_roles import EXPECTED, ROLES, arguments  # noqa: F401 - the fixture with one thing for each address
from tests.world import World

AT_MOST = 12
SEES_MOST = ("manager", "board_member", "inspector")
REHEARSALS = {"tracker_confirm"}
"""They take a file in and take it back, to show exactly what it would change: they ask what that change asks, and more for more rows."""
ALWAYS_SENSITIVE = {"review_survey_answers"}
"""They ask whether the person confirmed lately that it is they, and each reading of them is an entry of the ledger."""
STATEMENTS_OF_AN_ENTRY = 4
ENTRY = ("ledger_head", "ledger_auditevent", "ledger_payload")
UNCOUNTED = ("SAVEPOINT", "RELEASE SAVEPOINT", "BEGIN", "COMMIT", 'DELETE FROM "site_requestcount"')
"""The last one is asked by whichever request comes first in a minute: it sweeps the counts of earlier minutes out."""


def queries(browser: Client, address: str) -> tuple[int, list[str]]:
    """The status of a page, and what it asked; a file is read to its end."""
    with CaptureQueriesContext(connection) as asked:
        answer = browser.get(address)
        if answer.streaming:
            list(answer.streaming_content)
    return answer.status_code, [query["sql"][:200] for query in asked.captured_queries if not query["sql"].startswith(UNCOUNTED)]


def browsers(world: World, browser_of: Callable[[Any], Client]) -> dict[str, Client]:
    opened = {who: browser_of(getattr(world, who)) for who in SEES_MOST}
    for browser in opened.values():
        browser.get(reverse("home"))  # the first page of a session notes when it began
    return opened


def test_every_page_asks_at_most_twelve_times(world: World, request: pytest.FixtureRequest, browser_of: Callable[[Any], Client]) -> None:
    things: dict[str, list[Any]] = request.getfixturevalue("arguments")
    opened, over, pages = browsers(world, browser_of), {}, 0
    for name, expected in EXPECTED.items():
        who = next((who for who in SEES_MOST if expected[who] == 200), ROLES[0])
        status, asked = queries(opened[who], reverse(name, args=things.get(name, [])))
        assert status == expected[who], name
        pages += status == 200
        most = AT_MOST + (STATEMENTS_OF_AN_ENTRY if name in ALWAYS_SENSITIVE else 0)
        if len(asked) > most and name not in REHEARSALS:
            over[name] = len(asked)
    assert pages > 100  # else the table was not read
    assert over == {}


def test_a_page_of_something_sensitive_asks_at_most_twelve_times_beside_the_entry_of_its_reading(
    world: World, browser_of: Callable[[Any], Client]
) -> None:
    from bestvalue.record.delivery.models import Recommendation
    from bestvalue.record.ledger.models import AuditEvent
    from bestvalue.record.reviews.models import Finding
    from bestvalue.record.scrutiny.models import Challenge

    group = world.secret.group
    for model, row in ((Finding, world.finding), (Recommendation, world.ours), (Challenge, world.challenge)):
        model.objects.filter(pk=row.pk).update(marking="OFFICIAL-SENSITIVE", group=group)
    browser, over = browsers(world, browser_of)["manager"], {}
    rows = {"evidence": world.secret, "finding": world.finding, "recommendation": world.ours, "challenge": world.challenge}
    for name, row in rows.items():
        status, asked = queries(browser, reverse(name, args=[row.pk]))
        assert status == 200, name
        entry = [query for query in asked if any(f'"{table}"' in query.partition("WHERE")[0] for table in ENTRY)]
        assert len(entry) == STATEMENTS_OF_AN_ENTRY, name
        if len(asked) - len(entry) > AT_MOST:
            over[name] = len(asked) - len(entry)
    assert AuditEvent.objects.filter(action__endswith=".read").count() == len(rows)
    assert over == {}
