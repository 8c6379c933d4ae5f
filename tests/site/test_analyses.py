"""Asking a question on the site, following it, reading its answer."""

from collections.abc import Callable
from datetime import date
from importlib import import_module
from typing import Any

import polars as pl
import pytest
from django.test import Client
from django.urls import reverse
from tests.world import World

from bestvalue.analysis import registry
from bestvalue.analysis.contract import Analysis, AnalysisSpec, Answer, Figure, Progress, ResultTable, Statement, parameter
from bestvalue.dataset.dataset import Dataset
from bestvalue.workspace import Workspace


class AreasSpec(AnalysisSpec):
    at_least: int = parameter(0, title="At least", help="Leave out areas with fewer residents.", unit="people", ge=0, le=1000)


def count_areas(dataset: Dataset, spec: AreasSpec, report: Progress) -> Answer:
    rows = dataset.query("SELECT count(*) AS areas FROM areas WHERE resident_population >= :least", least=spec.at_least)
    figure = Figure(name="areas", value=float(rows.item()), unit="areas", base="all areas")
    return Answer(
        statements=(Statement(text=f"There are {rows.item()} such areas.", figures=(figure,)),),
        tables={"areas": ResultTable(title="Areas", rows=pl.DataFrame({"area": ["=Ash"], "areas": [rows.item()]}))},
    )


@pytest.fixture(autouse=True)
def question(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two areas, and one question about them, as if it were installed."""
    import_module("bestvalue.site.urls")  # a page that is imported later would keep the question of this test for good
    (workspace.data_folder / "areas.csv").write_text("area_id,area_name,resident_population\nA,Ash,900\nB,Birch,1100\n")
    analysis = Analysis(name="test.areas", title="Areas", question="How many areas?", needs=("areas",), Spec=AreasSpec, answer=count_areas)
    other = Analysis(name="test.units", title="Units", question="How many units?", needs=("units",), Spec=AreasSpec, answer=count_areas)
    known = {analysis.name: analysis, other.name: other}
    for module in ("bestvalue.site.pages.analyses", "bestvalue.site.presenters.jobs", "bestvalue.site.presenters.results"):
        monkeypatch.setattr(f"{module}.find_analyses", lambda: known)
    monkeypatch.setattr(registry, "find_analyses", lambda: known)


@pytest.fixture
def work() -> Callable[[], None]:
    """Let a worker of the queue do everything that waits."""
    from django_tasks_db.management.commands.db_worker import Worker

    options = {"queue_names": ["default"], "excluded_queue_names": [], "backend_name": "default", "worker_id": "worker of the test"}
    return lambda: Worker(**options, interval=0, batch=True, startup_delay=False, max_tasks=None).run()


def newest_job() -> Any:
    from bestvalue.record.jobs.models import Job

    return Job.objects.latest("pk")


def test_a_question_whose_tables_are_not_there_says_which_and_cannot_be_asked(manager: Client) -> None:
    from bestvalue.record.jobs.models import Job

    page = manager.get(reverse("analysis_run", args=["test.units"])).content.decode()
    assert "This question needs units, which is missing or not sound." in page
    assert "Run the analysis" not in page
    manager.post(reverse("analysis_run", args=["test.units"]), {"at_least": "1"})
    assert not Job.objects.exists()


@pytest.mark.parametrize(("typed", "says"), [("-1", "At least must be 0 or more"), ("1001", "1000 or less"), ("many", "a whole number")])
def test_the_form_that_the_spec_makes_holds_its_bounds(manager: Client, typed: str, says: str) -> None:
    answer = manager.post(reverse("analysis_run", args=["test.areas"]), {"at_least": typed})
    assert answer.status_code == 200
    assert says in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_from_the_form_to_the_answer(client: Client, world: World, work: Callable[[], None]) -> None:
    client.force_login(world.manager.user)
    asked = client.post(reverse("analysis_run", args=["test.areas"]), {"at_least": "1000"})
    job = newest_job()
    assert asked.url == reverse("job", args=[job.pk])
    assert "1000 people" in client.get(asked.url).content.decode()
    work()
    page = client.get(asked.url)
    assert "The answer is ready" in page.content.decode()
    answer = client.get(page.context["job"].result_address).content.decode()
    assert "There are 1 such areas." in answer  # Birch
    assert "At least: 1000 people" in answer
    assert "areas: 2 rows from areas.csv" in answer


@pytest.mark.django_db(transaction=True)
def test_an_answer_becomes_evidence_and_a_finding_cites_it(client: Client, world: World, work: Callable[[], None]) -> None:
    client.force_login(world.manager.user)
    client.post(reverse("analysis_run", args=["test.areas"]), {"at_least": ""})
    work()
    digest = newest_job().result_digest
    offered = client.get(reverse("evidence_add", args=[world.review.pk]), {"result": digest})
    assert offered.context["form"]["result_digest"].value() == digest
    form = {
        "result_digest": digest,
        "title": "Areas",
        "four_cs": ["challenge"],
        "strands": [world.finding.strand_id],
        "marking": "OFFICIAL",
        "effective_date_day": "5",
        "effective_date_month": "1",
        "effective_date_year": "2026",
    }
    client.post(reverse("evidence_add", args=[world.review.pk]), form)
    evidence = world.review.evidence.latest("number")
    assert evidence.result_digest == digest
    assert "There are 2 such areas." in client.get(reverse("evidence", args=[evidence.pk])).content.decode()
    finding = {"strand": world.finding.strand_id, "text": "Few areas.", "tone": "positive"}
    refused = client.post(reverse("finding_add", args=[world.review.pk]), finding)
    assert "Select at least one piece of evidence" in refused.content.decode()
    client.post(reverse("finding_add", args=[world.review.pk]), {**finding, "evidence": [evidence.pk]})
    assert list(world.review.findings.get(text="Few areas.").evidence.all()) == [evidence]


def test_evidence_of_an_answer_is_offered_the_last_day_of_its_data(manager: Client, world: World, workspace: Workspace) -> None:
    calls = "incident_id,opened_at,area_id\nA1,2026-03-30 10:00:00,A\nA2,2026-03-31 23:50:00,B\n"
    (workspace.data_folder / "incidents.csv").write_text(calls)
    analysis = Analysis(
        name="test.areas", title="Areas", question="How many areas?", needs=("areas", "incidents"), Spec=AreasSpec, answer=count_areas
    )
    kept = workspace.run(analysis, AreasSpec(), dataset=workspace.dataset(workspace.check()))
    page = reverse("evidence_add", args=[world.review.pk])
    assert manager.get(page, {"result": kept.digest}).context["form"]["effective_date"].value() == date(2026, 3, 31)
    assert manager.get(page).context["form"]["effective_date"].value() is None


def test_evidence_cannot_cite_a_result_that_is_not_in_the_store(manager: Client, world: World) -> None:
    form = {"result_digest": "f" * 64, "title": "Nothing", "four_cs": ["challenge"], "strands": [world.finding.strand_id]}
    answer = manager.post(reverse("evidence_add", args=[world.review.pk]), form)
    assert answer.status_code == 200
    assert not world.review.evidence.filter(title="Nothing").exists()


def test_a_waiting_job_is_cancelled_at_once_and_a_second_time_says_so(manager: Client) -> None:
    manager.post(reverse("analysis_run", args=["test.areas"]), {"at_least": ""})
    job = newest_job()
    address = reverse("job_cancel", args=[job.pk])
    assert "It was cancelled" in manager.post(address, follow=True).content.decode()
    assert "The job has ended already" in manager.post(address, follow=True).content.decode()


def test_the_part_that_moves_is_answered_to_the_page_alone(manager: Client) -> None:
    manager.post(reverse("analysis_run", args=["test.areas"]), {"at_least": ""})
    job = newest_job()
    address = reverse("job_progress", args=[job.pk])
    assert manager.get(address).status_code == 302  # without script: the whole page
    part = manager.get(address, headers={"X-Fragment": "1"}).content.decode()
    assert "Waiting for its turn" in part
    assert "<html" not in part
    manager.post(reverse("job_cancel", args=[job.pk]))
    assert manager.get(address, headers={"X-Fragment": "1"}).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_a_table_of_an_answer_cannot_run_as_a_formula_in_a_spreadsheet(client: Client, world: World, work: Callable[[], None]) -> None:
    client.force_login(world.manager.user)
    client.post(reverse("analysis_run", args=["test.areas"]), {"at_least": ""})
    work()
    answer = client.get(reverse("result_table", args=[newest_job().result_digest, "areas"]))
    assert answer.content.decode("utf-8-sig").splitlines()[1] == "'=Ash,2"
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_a_chart_is_a_picture_that_can_run_nothing(manager: Client, world: World) -> None:
    answer = manager.get(reverse("result_chart", args=[world.digest, "by_hour"]))
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer.content.startswith(b"<svg")


@pytest.mark.parametrize(
    ("name", "arguments"),
    [("result", ["0" * 64]), ("result_chart", ["{}", "none"]), ("result_table", ["{}", "none"]), ("analysis_run", ["no.such"])],
)
def test_what_is_not_there_is_not_found(manager: Client, world: World, name: str, arguments: list[str]) -> None:
    assert manager.get(reverse(name, args=[part.format(world.digest) for part in arguments])).status_code == 404
