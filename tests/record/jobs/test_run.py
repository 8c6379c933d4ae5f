"""Jobs from asking to their end, run by a real worker of the queue."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from bestvalue.analysis import registry
from bestvalue.analysis.contract import Analysis, AnalysisSpec, Answer, Figure, Progress, ResultTable, Statement, parameter
from bestvalue.dataset.dataset import Dataset
from bestvalue.errors import RuleError, SpecError, TableError
from bestvalue.record.bodies.models import Body, Person
from bestvalue.record.jobs import changes, progress
from bestvalue.record.jobs.models import STALE_AFTER, Job, State
from bestvalue.record.ledger.models import AuditEvent
from bestvalue.workspace import Workspace

pytestmark = pytest.mark.django_db(transaction=True)

Register = Callable[[Callable[[Dataset, Any, Progress], Answer]], None]


class AreasSpec(AnalysisSpec):
    at_least: int = parameter(0, title="At least", help="Leave out areas with fewer residents.", unit="people", ge=0)


def count_areas(dataset: Dataset, spec: AreasSpec, report: Progress) -> Answer:
    report(0.5, "Counting areas")
    rows = dataset.query("SELECT count(*) AS areas FROM areas WHERE resident_population >= :least", least=spec.at_least)
    figure = Figure(name="areas", value=float(rows.item()), unit="areas", base="all areas")
    return Answer(
        statements=(Statement(text="So many areas.", figures=(figure,)),),
        tables={"areas": ResultTable(title="Areas", rows=pl.DataFrame(rows))},
    )


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A workspace with three areas, two of them with more than 1,000 residents."""
    made = Workspace.create(tmp_path / "workspace", name="Jobs", synthetic=True)
    (made.data_folder / "areas.csv").write_text("area_id,area_name,resident_population\nA,Ash,900\nB,Birch,1100\nC,Cedar,1200\n")
    monkeypatch.setattr(settings, "WORKSPACE", made)
    return made


@pytest.fixture
def register(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Iterator[Register]:
    """Makes an analysis known under the name test.areas."""
    import_module("bestvalue.site.urls")  # a page that is imported later would keep the question of a test for good
    monkeypatch.setattr(progress, "REPORT_SECONDS", 0.0)

    def add(answer: Callable[[Dataset, Any, Progress], Answer]) -> None:
        analysis = Analysis(name="test.areas", title="Areas", question="How many areas?", needs=("areas",), Spec=AreasSpec, answer=answer)
        monkeypatch.setattr(registry, "find_analyses", lambda: {"test.areas": analysis})

    return add


@pytest.fixture
def analyst() -> Person:
    return Person.objects.create(name="Analyst")


def work() -> None:
    """Let a worker of the queue do everything that waits."""
    worker = Worker(
        queue_names=["default"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="worker of the test",
        excluded_queue_names=[],
    )
    worker.run()


def test_a_job_ends_with_its_result_in_the_store(register: Register, workspace: Workspace, analyst: Person) -> None:
    register(count_areas)
    job = changes.ask(analysis="test.areas", settings={"at_least": "1000"}, by=analyst)
    assert job.state == State.QUEUED
    work()
    job.refresh_from_db()
    assert (job.state, job.share) == (State.FINISHED, 1.0)
    assert workspace.store.get(job.result_digest).result.statements[0].figures[0].value == 2.0  # Birch and Cedar


def test_asking_and_ending_are_in_the_ledger_for_whoever_asked(register: Register, analyst: Person) -> None:
    register(count_areas)
    job = changes.ask(analysis="test.areas", settings={}, by=analyst)
    work()
    assert [(event.action, event.actor_name) for event in AuditEvent.objects.about(job)] == [
        ("job.asked", "Analyst"),
        ("job.started", "Analyst"),
        ("job.finished", "Analyst"),
    ]


def test_a_job_and_its_place_in_the_queue_are_saved_together_or_not_at_all(register: Register, analyst: Person) -> None:
    register(count_areas)
    with transaction.atomic():
        changes.ask(analysis="test.areas", settings={}, by=analyst)
        transaction.set_rollback(True)
    assert (Job.objects.count(), DBTaskResult.objects.count()) == (0, 0)


def test_a_parameter_out_of_bounds_is_refused_before_anything_is_saved(register: Register, analyst: Person) -> None:
    register(count_areas)
    with pytest.raises(SpecError, match="At least"):
        changes.ask(analysis="test.areas", settings={"at_least": "-1"}, by=analyst)
    assert not Job.objects.exists()


def test_while_it_runs_a_job_says_how_far_it_is(register: Register, analyst: Person) -> None:
    seen: list[tuple[str, float, str]] = []

    def look(dataset: Dataset, spec: AreasSpec, report: Progress) -> Answer:
        report(0.5, "Looking")
        job = Job.objects.get()
        seen.append((job.state, job.share, job.doing))
        return count_areas(dataset, spec, report)

    register(look)
    changes.ask(analysis="test.areas", settings={}, by=analyst)
    work()
    # Reading the tables is the first fifth of the bar, so half of the analysis is at 0.2 + 0.8 / 2.
    assert seen == [(State.RUNNING, pytest.approx(0.6), "Looking")]


def test_what_went_wrong_is_kept_with_the_place_and_the_next_step(register: Register, analyst: Person) -> None:
    def refuse(dataset: Dataset, spec: AreasSpec, report: Progress) -> Answer:
        raise TableError("There are no incidents in 2026", where="incidents", next_step="Bring a later file.")

    register(refuse)
    job = changes.ask(analysis="test.areas", settings={}, by=analyst)
    work()
    job.refresh_from_db()
    assert (job.state, job.fault_what, job.fault_where) == (State.FAILED, "There are no incidents in 2026", "incidents")
    assert job.fault_next_step == "Bring a later file."


def test_a_fault_of_the_program_ends_the_job_and_leaves_its_traceback_in_the_queue(register: Register, analyst: Person) -> None:
    def stumble(dataset: Dataset, spec: AreasSpec, report: Progress) -> Answer:
        raise ZeroDivisionError("division by zero")

    register(stumble)
    job = changes.ask(analysis="test.areas", settings={}, by=analyst)
    work()
    job.refresh_from_db()
    assert (job.state, "ZeroDivisionError: division by zero" in job.fault_what) == (State.FAILED, True)
    assert "in stumble" in DBTaskResult.objects.get().traceback


def test_a_running_job_stops_when_it_is_cancelled(register: Register, analyst: Person) -> None:
    def be_cancelled(dataset: Dataset, spec: AreasSpec, report: Progress) -> Answer:
        changes.cancel(Job.objects.get(), by=analyst)
        report(0.9, "Going on")
        raise AssertionError("the report of progress did not stop it")

    register(be_cancelled)
    job = changes.ask(analysis="test.areas", settings={}, by=analyst)
    work()
    job.refresh_from_db()
    assert (job.state, job.result_digest) == (State.CANCELLED, "")


def test_a_waiting_job_that_is_cancelled_is_never_run(register: Register, analyst: Person) -> None:
    register(count_areas)
    job = changes.cancel(changes.ask(analysis="test.areas", settings={}, by=analyst), by=analyst)
    work()
    job.refresh_from_db()
    assert (job.state, job.started_at) == (State.CANCELLED, None)


def test_a_job_that_has_ended_cannot_be_cancelled(register: Register, analyst: Person) -> None:
    register(count_areas)
    job = changes.ask(analysis="test.areas", settings={}, by=analyst)
    work()
    with pytest.raises(RuleError, match="ended already: finished"):
        changes.cancel(job, by=analyst)


def test_a_job_whose_worker_fell_silent_is_given_up_by_the_next_worker(register: Register, analyst: Person) -> None:
    register(count_areas)
    lost = progress.start(changes.ask(analysis="test.areas", settings={}, by=analyst))
    lost.heard_at = timezone.now() - STALE_AFTER - timedelta(seconds=1)
    lost.save()
    later = changes.ask(analysis="test.areas", settings={}, by=analyst)
    work()
    lost.refresh_from_db()
    later.refresh_from_db()
    assert (lost.state, later.state) == (State.FAILED, State.FINISHED)
    assert "The worker stopped in the middle" in lost.fault_what


def test_a_job_that_was_heard_of_lately_is_not_given_up(register: Register, analyst: Person) -> None:
    register(count_areas)
    job = progress.start(changes.ask(analysis="test.areas", settings={}, by=analyst))
    with pytest.raises(RuleError, match="heard of lately"):
        progress.give_up(job, at=timezone.now())


def test_a_heartbeat_is_heard_while_the_analysis_says_nothing(register: Register, analyst: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    register(count_areas)
    monkeypatch.setattr(progress, "HEARTBEAT_SECONDS", 0.01)
    job = progress.start(changes.ask(analysis="test.areas", settings={}, by=analyst))
    first = job.heard_at
    with progress.heartbeat(job):
        for _ in range(1000):
            if Job.objects.get().heard_at != first:
                break
            time.sleep(0.01)
    assert Job.objects.get().heard_at > first


def test_jobs_are_seen_by_those_who_hold_a_place(register: Register, analyst: Person, sign_in: Callable[[Person], Any]) -> None:
    register(count_areas)
    changes.ask(analysis="test.areas", settings={}, by=analyst)
    user = sign_in(analyst)
    assert not Job.objects.visible_to(user).exists()
    analyst.memberships.create(body=Body.objects.create(name="Team", kind="unit"), role="analyst", starts="2026-01-05")
    assert Job.objects.visible_to(type(user).objects.get(pk=user.pk)).exists()  # the next request reads the user anew
