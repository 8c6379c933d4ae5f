"""From a table that the force sends to the answer of a question."""

import csv
import random
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import reverse
from tests.browser.conftest import Arrive
from tests.world import World

from bestvalue.workspace import Workspace

HEADER = ["incident_id", "opened_at", "area_id", "grade"]


@pytest.fixture
def incidents(tmp_path: Path) -> Path:
    """Two years of incidents in three areas, two to five a day."""
    chance = random.Random(1)  # noqa: S311 - no secret
    rows = []
    for day in range(2 * 365):
        for _ in range(chance.randint(2, 5)):
            at = datetime(2022, 1, 1) + timedelta(days=day, minutes=chance.randrange(1440))  # noqa: DTZ001 - local time, as published
            rows.append([len(rows) + 1, at.isoformat(sep=" "), chance.choice("ABC"), chance.choice(["immediate", "priority"])])
    return _write(tmp_path / "incidents.csv", rows)


def _write(path: Path, rows: list[list[object]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([HEADER, *rows])
    return path


def test_a_table_with_faults_is_refused_with_each_fault_by_row_and_column(
    world: World, workspace: Workspace, arrive: Arrive, tmp_path: Path
) -> None:
    spoilt = _write(tmp_path / "spoilt.csv", [[1, "2024-01-05 10:00:00", "A", "immediate"], [1, "2024-13-45 10:00:00", "B", "immediate"]])
    page = arrive(world.manager, at=reverse("data"))
    page.click("Upload a table", role="button")
    page.choose("Which table is it?", "incidents")
    page.attach("Its files", spoilt)
    page.press_button("Check and take in")
    assert page.title.startswith("Error: ")
    text = page.text()
    assert "nothing was changed" in text
    assert "spoilt.csv" in text
    assert "opened_at" in text
    assert not list(workspace.data_folder.glob("[!_]*"))


def test_from_an_upload_to_the_answer(world: World, arrive: Arrive, incidents: Path) -> None:
    # given an analyst who uploads a sound table
    page = arrive(world.manager, at=reverse("data_upload"))
    page.choose("Which table is it?", "incidents")
    page.attach("Its files", incidents)
    page.press_button("Check and take in")
    assert "The table incidents is sound and in use" in page.text()
    # when they ask the question that it answers, with a setting of their own
    page.click("Analyses", exact=True)
    page.click("When and where does demand fall")
    page.check("Forecast", on=False)
    page.press_button("Run the analysis")
    assert "Waiting" in page.text()
    call_command("db_worker", batch=True, interval=0, verbosity=0, startup_delay=False)
    # then the page notices by itself that the answer is ready, and the answer is sentences with their base
    page.wait_for("The answer is ready")
    page.click("Read the result", role="button")
    assert "Forecast: no" in page.text()
    assert f"{len(incidents.read_text().splitlines()) - 1:,} incidents" in page.text()
    assert page.evaluate("[...document.querySelectorAll('figure img')].every(image => image.naturalWidth > 0)")
    # and it becomes evidence of the review
    page.click("Use as evidence in", role="button")
    page.fill("Title", "Demand of two years")
    page.check("Challenge")
    page.check("Demand", exact=True)
    for part, value in (("Day", "5"), ("Month", "1"), ("Year", "2026")):
        page.fill(part, value)
    page.press_button("Add the evidence")
    assert page.heading == "Demand of two years"


def test_progress_is_seen_while_it_runs_and_a_running_job_is_cancelled(world: World, arrive: Arrive, incidents: Path) -> None:
    from bestvalue.record.jobs import progress
    from bestvalue.record.jobs.changes import ask
    from bestvalue.record.jobs.models import Job, State

    # given a job that a worker has taken up
    job = ask(analysis="challenge.demand", settings={}, by=world.manager)
    page = arrive(world.manager, at=reverse("job", args=[job.pk]))
    report = progress.Reporter(progress.start(job))
    report(0.4, "Counting incidents")
    # when it goes on, then the open page says how far it is
    page.wait_for("Counting incidents")
    assert page.attribute("progress", "value") == "40"
    # when somebody cancels it, then it stops at its next step
    page.press_button("Cancel")
    assert "Being cancelled: it stops at its next step." in page.text()
    progress.stop(job)
    page.wait_for("It was cancelled. Nothing was kept of it.")
    assert Job.objects.get(pk=job.pk).state == State.CANCELLED
