"""Rules of the record that no single test of a part can hold: read from the code itself."""

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

import bestvalue.record
from bestvalue.record.inspections import models as inspections
from bestvalue.record.reviews import models as reviews

RECORD = Path(bestvalue.record.__path__[0])
OURS = (
    "ledger",
    "bodies",
    "programme",
    "reviews",
    "scrutiny",
    "inspections",
    "delivery",
    "assessment",
    "practice",
    "meetings",
    "discussion",
    "consultation",
    "search",
    "jobs",
)
WHERE_CHANGES_ARE = [
    *sorted(RECORD.glob("*/changes.py")),
    *sorted(RECORD.glob("*/changes/*.py")),
    RECORD / "jobs/progress.py",
    RECORD / "reviews/file_scans.py",
    RECORD / "delivery/report_import.py",
    RECORD / "delivery/workbook/bringing_back.py",
    RECORD / "delivery/tracker/taking_in.py",
]
IN_LAYERS = [
    "ledger",
    "bodies",
    "jobs",
    "programme",
    "reviews",
    "scrutiny",
    "inspections",
    "delivery",
    "assessment",
    "practice",
    "meetings",
    "discussion",
    "search",
]
NO_CHANGE = {"heartbeat", "difference_of", "rehearse", "rehearse_tracker", "check_may_take", "remembered", "answers_of"}
"""Public names in those modules that change nothing of the record: how far a job is, is not history, and reading is no change."""


def public_changes() -> Iterator[tuple[str, ast.FunctionDef]]:
    for path in WHERE_CHANGES_ARE:
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and node.name not in NO_CHANGE:
                yield f"{'.'.join(path.relative_to(RECORD).with_suffix('').parts)}.{node.name}", node


CHANGES = dict(public_changes())


def calls(function: ast.FunctionDef, name: str) -> list[ast.Call]:
    return [node for node in ast.walk(function) if isinstance(node, ast.Call) and ast.unparse(node.func) == name]


def test_there_are_changes_to_look_at() -> None:
    assert {"reviews.changes.evidence.add_finding", "delivery.changes.register.take_up", "jobs.progress.finish"} <= set(CHANGES)


@pytest.mark.parametrize("name", CHANGES)
def test_every_change_is_atomic_and_writes_one_entry_of_the_ledger(name: str) -> None:
    function = CHANGES[name]
    assert "transaction.atomic" in [ast.unparse(decorator) for decorator in function.decorator_list]
    assert len(calls(function, "ledger.write")) == 1
    loops = [node for node in ast.walk(function) if isinstance(node, ast.For | ast.While)]
    assert not [loop for loop in loops if "ledger.write" in ast.unparse(loop)]


@pytest.mark.parametrize("name", [name for name in CHANGES if not name.startswith("jobs.progress.")])
def test_every_change_names_its_options_and_says_by_whom(name: str) -> None:
    options = [argument.arg for argument in CHANGES[name].args.kwonlyargs]
    assert len(CHANGES[name].args.args) <= 1
    assert "by" in options


@pytest.mark.parametrize("path", sorted(RECORD.rglob("*.py")), ids=lambda path: str(path.relative_to(RECORD)))
def test_no_row_with_a_history_is_changed_behind_its_back(path: Path) -> None:
    """Django's update and bulk methods write no history; only jobs, which have none, may use `update`."""
    text = path.read_text(encoding="utf-8")
    assert "bulk_update(" not in text
    if path != RECORD / "jobs/progress.py":
        assert ".update(" not in text


KEPT = [model for label in OURS for model in apps.get_app_config(label).get_models(include_auto_created=True)]
"""Every table of the record; rows of history outlive what they tell of, and are no reference."""


@pytest.mark.parametrize("model", [model for model in KEPT if not hasattr(model, "history_id")], ids=lambda model: model.__name__)
def test_nothing_that_is_referenced_can_be_deleted(model: type[models.Model]) -> None:
    for field in model._meta.get_fields():
        if isinstance(field, models.ForeignKey):
            assert field.remote_field.on_delete is models.PROTECT, field.name


@pytest.mark.parametrize("app", IN_LAYERS)
def test_an_app_imports_only_apps_below_it(app: str) -> None:
    above = IN_LAYERS[IN_LAYERS.index(app) + 1 :]
    for path in (RECORD / app).rglob("*.py"):
        if "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            module = node.module if isinstance(node, ast.ImportFrom) and node.module else ""
            assert not any(module.startswith(f"bestvalue.record.{upper}") for upper in above), f"{path}: {module}"


@pytest.mark.parametrize("kind", [inspections.PublishedReport, inspections.Candidate, reviews.Review, reviews.Evidence, reviews.Finding])
def test_what_pages_list_can_be_narrowed_to_what_somebody_may_see(kind: type[models.Model]) -> None:
    assert list(inspect.signature(kind._default_manager.get_queryset().visible_to).parameters) == ["user"]


def test_the_migrations_say_what_the_models_say(db: None) -> None:
    from django.core.management import call_command

    call_command("makemigrations", *OURS, check=True, dry_run=True, verbosity=0)
