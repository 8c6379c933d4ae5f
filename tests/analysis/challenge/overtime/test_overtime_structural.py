from collections.abc import Callable
from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.analysis.challenge.overtime.conftest import duty, person

from bestvalue.analysis.challenge.overtime_duties import read_duties
from bestvalue.analysis.challenge.overtime_structural import Structural, mean_run_on_hours, structural
from bestvalue.dataset.dataset import Dataset


def test_the_work_left_at_the_end_of_a_tour_is_half_the_rate_times_the_mean_square_of_a_job() -> None:
    # Poisson arrivals, each job with a unit of its own (M/G/inf): mean work left = rate x E[S^2] / 2. Lognormal, mean 1 hour.
    chance, rate, tours, sigma = np.random.default_rng(5), 4.0, 4_000, 0.6
    begun = chance.poisson(rate * 12, tours).sum()
    job_hours = np.exp(sigma * chance.standard_normal(begun) - sigma**2 / 2)
    left = mean_run_on_hours(job_hours, chance.uniform(0, 12, begun))
    error = np.sqrt(np.sum(left**2)) / tours  # a compound Poisson sum
    assert left.sum() / tours == pytest.approx(rate * np.exp(sigma**2) / 2, abs=3 * error)


@given(job=st.floats(0.1, 12), to_end=st.floats(0.01, 11.9), longest=st.floats(0.5, 6))
def test_spreading_a_start_over_its_hour_is_the_mean_over_that_hour(job: float, to_end: float, longest: float) -> None:
    starts = np.floor(to_end) + (np.arange(20_000) + 0.5) / 20_000
    mean = np.minimum(np.maximum(job - starts, 0), longest).mean()
    assert mean_run_on_hours(np.array([job]), np.array([to_end]), longest_hours=longest)[0] == pytest.approx(mean, abs=1e-4)


def _weeks(weeks: int, *, job_ends: str, told: bool = False) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """One unit of two people on early turns, with one job a day from 14:30."""
    duties, jobs = [], []
    for number in range(7 * weeks):
        day = (datetime.fromisoformat("2025-06-02") + timedelta(days=number)).date()
        told_at = f"{day} 06:00" if told else None
        ends = f"{day} {max(job_ends, '15:00')}"
        duties += [duty(f"{day} 07:00", f"{day} 15:00", staff_id=staff, ended_at=ends, overtime_told_at=told_at) for staff in ("A", "B")]
        jobs.append(
            {
                "deployment_id": f"J{number}",
                "incident_id": "I",
                "unit_id": "U",
                "wave": 1,
                "assigned_at": f"{day} 14:30",
                "cleared_at": f"{day} {job_ends}",
            }
        )
    return duties, jobs


def found_in(small: Callable[..., Dataset], duties: list[dict[str, object]], jobs: list[dict[str, object]]) -> Structural | None:
    dataset = small(duties, [person("A"), person("B")], deployments=jobs)
    read = read_duties(dataset, longest_hours=24)
    assert read is not None
    return structural(dataset, read.rows, confidence=0.95)


def test_every_person_of_a_crew_runs_on(small: Callable[..., Dataset]) -> None:
    found = found_in(small, *_weeks(10, job_ends="15:30"))
    # An hour's job that begins somewhere in the last hour runs on t, spread evenly over 0 to 1. No crew was kept longer than
    # half an hour, so the mean is that of min(t, 1/2): 3/8; for two people, seventy times.
    assert found.longest_hours == 0.5
    assert found.total.hours == pytest.approx(52.5)
    assert found.total.recorded_hours == pytest.approx(70.0)
    assert found.weeks == 10


def test_a_crew_that_was_told_beforehand_is_no_part_of_it(small: Callable[..., Dataset]) -> None:
    found = found_in(small, *_weeks(10, job_ends="15:30", told=True))
    assert (found.total.hours, found.total.recorded_hours) == (0, 0)


def test_too_few_weeks_have_no_answer(small: Callable[..., Dataset]) -> None:
    assert found_in(small, *_weeks(7, job_ends="15:30")) is None


def test_jobs_outside_every_duty_are_counted_and_left_out(small: Callable[..., Dataset]) -> None:
    duties, jobs = _weeks(10, job_ends="15:30")
    stray = dict(jobs[0]) | {"deployment_id": "stray", "unit_id": "elsewhere"}
    found = found_in(small, duties, [*jobs, stray])
    assert found.unmatched_jobs == 1
    assert found.total.jobs == 70
