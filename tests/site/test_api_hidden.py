"""Over the API, by whatever method, what one may not see answers exactly like what is not there."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from tests.site.test_api_fuzz import OPERATIONS
from tests.site.test_hidden import hidden_things as hidden_things
from tests.world import World

NOWHERE = 987_654_321
"""The key of no row."""


@pytest.fixture
def keys(hidden_things: World) -> dict[str, int]:
    """The keys of what is hidden from a member of the board, by the name that a path gives them."""
    from bestvalue.record.reviews.models import Marking

    review = hidden_things.review
    first = {
        "evidence": review.evidence.get(marking=Marking.SENSITIVE).pk,
        "finding": review.findings.get(marking=Marking.SENSITIVE).pk,
        "recommendation": review.recommendations.get(marking=Marking.SENSITIVE).pk,
        "action": review.recommendations.get(marking=Marking.SENSITIVE).actions.get().pk,
        "challenge": review.challenges.get(marking=Marking.SENSITIVE).pk,
        "option": hidden_things.option.question.options.get(marking=Marking.SENSITIVE).pk,
        "group": review.groups.get().pk,
    }
    return {f"{name}_id": key for name, key in first.items()}


def paths_of(operation: Any, keys: dict[str, int]) -> list[tuple[str, str]]:
    """The operation's address with the key of something hidden, and with that of nothing; none where it takes no such key."""
    path = operation.path.replace("{what}", "recommendations")
    kind = path.removeprefix("/api/").partition("/")[0].removesuffix("s")
    kind = "finding" if "{kind}" in path else kind
    words = {"thing_id": kind, "row_id": kind}
    found = []
    for part in [part[1:-1] for part in path.split("/") if part.startswith("{")]:
        name = f"{words[part]}_id" if part in words else part
        if name in keys:
            rest = path.replace("{kind}", "finding")
            addresses = [rest.replace(f"{{{part}}}", str(key)) for key in (keys[name], NOWHERE)]
            if not any("{" in address for address in addresses):
                found.append((addresses[0], addresses[1]))
    return found


def differing(browser: Client, operation: Any, *, hidden: str, nowhere: str) -> list[Any]:
    """The answers about what is hidden that are not those about what is not there."""
    told = []

    @trying(max_examples=2, deadline=None, database=None, suppress_health_check=list(HealthCheck), derandomize=True)
    @given(case=operation.as_strategy())
    def ask(case: Any) -> None:
        body = "" if isinstance(case.body, type(schemathesis.core.NOT_SET)) else json.dumps(case.body)
        options: dict[str, Any] = {"content_type": "application/json", "headers": {"If-Match": "1"}}
        answers = [browser.generic(case.method, path, body, **options) for path in (hidden, nowhere)]
        first, second = (answer.status_code for answer in answers)
        if first != second or first not in (404, 422):
            told.append((case.method, hidden, first, second, answers[0].content[:200]))

    ask()
    return told


@pytest.mark.slow
def test_what_is_hidden_answers_like_what_is_not_there(
    hidden_things: World, keys: dict[str, int], browser_of: Callable[[Any], Client]
) -> None:
    browser = browser_of(hidden_things.observer)
    asked = [(operation, *pair) for operation in OPERATIONS.values() for pair in paths_of(operation, keys)]
    assert len(asked) > 40
    told = [differing(browser, operation, hidden=hidden, nowhere=nowhere) for operation, hidden, nowhere in asked]
    assert [one for one in told if one] == []
