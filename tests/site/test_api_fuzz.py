"""Whatever its schema allows, the API is asked, and never answers that it broke."""

import json
from typing import Any

import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from tests.world import World

from bestvalue.site.api import api

EXAMPLES = 6
"""Of each operation, by the generator; enough to meet each kind of odd value, and few enough for a minute in all."""
SCHEMA = schemathesis.openapi.from_dict(json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/"), default=str)))
OPERATIONS = {f"{found.ok().method.upper()} {found.ok().path}": found.ok() for found in SCHEMA.get_all_operations()}


@pytest.fixture
def keys(world: World) -> dict[str, Any]:
    """Of rows that are there, so that the questions reach further than “not found”."""
    question = world.option.question_id
    of_rows = {"review_id": world.review.pk, "challenge_id": world.challenge.pk, "option_id": world.option.pk, "question_id": question}
    of_more = {"recommendation_id": world.theirs.pk, "decision_id": world.question.pk, "programme_id": world.review.programme_id}
    of_evidence = {"finding_id": world.finding.pk, "evidence_id": world.note.pk, "row_id": 1, "thing_id": world.ours.pk}
    of_others = {"body_id": world.question.body_id, "candidate_id": world.service.pk, "extracted_id": world.extracted.pk}
    of_plan = {"issuer_id": world.ours.issuer_id, "slug": world.ours.report_slug, "action_id": _action(world)}
    return {**of_rows, **of_more, **of_evidence, **of_others, **of_plan, "digest": world.digest}


def _action(world: World) -> int:
    from bestvalue.record.bodies.models import Membership
    from bestvalue.record.delivery.changes import add_action, own, set_status
    from bestvalue.record.delivery.life_cycle import Status

    by, day = world.manager, world.ours.statuses.get().on
    Membership.objects.create(person=by, body=by.memberships.get().body, role="programme manager", starts=day)
    for status in (Status.MADE, Status.ACCEPTED):
        set_status(world.ours, status=status, on=day, by=by)
    own(world.ours, body=world.question.body, lead=by, on=day, by=by)
    plan = {"what": "Do", "why": "So", "how": "By", "target": "Done"}
    return int(add_action(world.ours, lead=by, original_date=day.replace(year=2199), by=by, **plan).pk)


def ask(browser: Client, case: Any, keys: dict[str, Any]) -> Any:
    found = {
        name: keys.get(name, value) if isinstance(value, int) or name == "slug" else value
        for name, value in (case.path_parameters or {}).items()
    }
    path = case.operation.path
    for name, value in found.items():
        path = path.replace(f"{{{name}}}", str(value))
    body = "" if isinstance(case.body, type(schemathesis.core.NOT_SET)) else json.dumps(case.body)
    query = {name: value for name, value in (case.query or {}).items() if value is not None}
    return browser.generic(case.method, path, body, content_type="application/json", query_params=query)


def test_no_question_that_the_schema_allows_breaks_the_api(manager: Client, world: World, keys: dict[str, Any]) -> None:
    manager.raise_request_exception = False
    broken = []
    for operation in OPERATIONS.values():

        @trying(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck), derandomize=True)
        @given(case=operation.as_strategy())
        def asked(case: Any) -> None:
            answer = ask(manager, case, keys)
            if answer.status_code >= 500:
                broken.append((case.method, case.path, case.body, case.query, answer.content[:300]))

        asked()
    assert broken == []


@pytest.mark.parametrize("key", [0, -1, 2**63, 2**80])
def test_a_key_beyond_any_row_is_not_found(manager: Client, key: int) -> None:
    manager.raise_request_exception = False
    answers = {}
    for name, operation in OPERATIONS.items():
        path = operation.path
        for part in [part[1:-1] for part in path.split("/") if part.startswith("{") and part.endswith("_id}")]:
            path = path.replace(f"{{{part}}}", str(key))
        if path != operation.path and "{" not in path:
            answers[name] = manager.generic(name.split()[0], path, "{}", content_type="application/json").status_code
    assert answers
    assert set(answers.values()) <= {404, 422, 428}


def test_a_text_with_a_null_character_is_refused_before_a_database_meets_it(manager: Client, world: World) -> None:
    said = json.dumps({"kind": "problem", "text": "a\x00b"})
    answer = manager.post(f"/api/reviews/{world.review.pk}/questions", said, content_type="application/json")
    assert answer.status_code == 400
