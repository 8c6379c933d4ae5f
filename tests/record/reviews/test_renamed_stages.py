"""Reviews recorded before the record kept decisions: their stages get the new names, and no decision is invented."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

OLD, NEW = [("reviews", "0002_version_marking")], [("reviews", "0005_stages_decided")]
STAGES = ("scope", "evidence", "findings", "approval", "delivery", "closed")


def migrate(to: list[tuple[str, str]]) -> Any:
    executor = MigrationExecutor(connection)
    executor.migrate(to)
    return MigrationExecutor(connection).loader.project_state(to).apps


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_stages_are_renamed_and_marked_and_can_be_named_back() -> None:
    newest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    try:
        old = migrate(OLD)
        _record(old)
        new = migrate(NEW)
        reached = list(new.get_model("reviews", "ReviewStage").objects.order_by("pk").values_list("stage", "note", "before_decisions"))
        assert reached == [
            ("sanctioned", "", True),
            ("in review", "Gathering evidence", True),
            ("in review", "Drawing findings", True),
            ("reported", "Sent to the boards", True),
            ("in delivery", "", True),
            ("closed", "", True),
        ]
        assert not new.get_model("reviews", "Decision").objects.exists()
        back = migrate(OLD).get_model("reviews", "ReviewStage").objects.order_by("pk")
        assert list(back.values_list("stage", flat=True)) == ["scope", "evidence", "evidence", "approval", "delivery", "closed"]
    finally:
        MigrationExecutor(connection).migrate(newest)


def _record(apps: Any) -> None:
    body, person = apps.get_model("bodies", "Body"), apps.get_model("bodies", "Person").objects.create(name="Manager")
    force, authority = body.objects.create(name="Force", kind="force"), body.objects.create(name="Authority", kind="authority")
    programme = apps.get_model("programme", "Programme").objects.create(title="2026", year=2026, authority=authority)
    review = apps.get_model("reviews", "Review").objects.create(
        programme=programme, title="Review", service="Support", force=force, authority=authority
    )
    for day, stage in enumerate(STAGES, start=1):
        apps.get_model("reviews", "ReviewStage").objects.create(
            review=review, stage=stage, on=date(2026, 1, day), note="Sent to the boards" if stage == "approval" else "", by=person
        )
