"""Make the synthetic force: a London-like police service, invented but for its map, with known truths planted in it.

Everything follows from a seed and a scale: the same two give the same bytes on the same versions of the libraries. The
tables are made in a folder beside the one asked for and moved there at the end, so that an interrupted run leaves nothing.
"""

import shutil
import tempfile
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bestvalue.dataset.synthetic import period
from bestvalue.dataset.synthetic.absences import draw_absences
from bestvalue.dataset.synthetic.accounts import account, pool_centres, write_accounts
from bestvalue.dataset.synthetic.activity import write_activity
from bestvalue.dataset.synthetic.appraisal import write_appraisal
from bestvalue.dataset.synthetic.bids import Bid, decide_bids, tasked, write_bids
from bestvalue.dataset.synthetic.comparison import write_comparison
from bestvalue.dataset.synthetic.crime import record_crimes, write_crimes
from bestvalue.dataset.synthetic.demand import Demand, true_demand
from bestvalue.dataset.synthetic.demand_tables import write_demand, write_incidents
from bestvalue.dataset.synthetic.demand_truth import write_demand_truth
from bestvalue.dataset.synthetic.deployments import Deployments, closing_times, first_wave, second_wave
from bestvalue.dataset.synthetic.establishment import Establishment, establish
from bestvalue.dataset.synthetic.events import Event, planned_events
from bestvalue.dataset.synthetic.incidents import Incidents, report
from bestvalue.dataset.synthetic.operations import plan_operations, write_operations
from bestvalue.dataset.synthetic.parquet import TableWriter
from bestvalue.dataset.synthetic.persons import write_persons
from bestvalue.dataset.synthetic.place_tables import write_places
from bestvalue.dataset.synthetic.plans import write_plans
from bestvalue.dataset.synthetic.resource_tables import write_deployments, write_resources
from bestvalue.dataset.synthetic.survey import draw_sample, write_survey
from bestvalue.dataset.synthetic.truth import FOLDER, Truth
from bestvalue.dataset.synthetic.words import write_words
from bestvalue.dataset.synthetic.workforce import Duties, Staff, employ, work
from bestvalue.dataset.synthetic.workforce_tables import write_workforce
from bestvalue.dataset.tables import TABLES
from bestvalue.errors import SpecError, WorkspaceError

LARGEST_SCALE = 4.0


@dataclass(frozen=True, kw_only=True)
class SyntheticForce:
    """What was made.

    Args:
        folder: holds one Parquet file a table, and `_truth`.
        tables: the file of each table, by the contract's name.
        rows: how many rows each has.
        truth: folder of what was planted; its README.md says what each file holds.
        starts, ends: first day, and the day after the last.
        scale, seed: what it was made from.
    """

    folder: Path
    tables: Mapping[str, Path]
    rows: Mapping[str, int]
    truth: Path
    starts: date
    ends: date
    scale: float
    seed: int


Progress = Callable[[float, str], None]


def _silent(share: float, doing: str) -> None:
    """Report to nobody."""


def make_force(folder: Path, *, scale: float = 0.1, seed: int = 1, progress: Progress = _silent) -> SyntheticForce:
    """Make the tables of a synthetic force.

    Args:
        folder: where they go; it must not exist yet or be empty.
        scale: 1 is 2.5 million incidents a year over four years; 0.01 is enough for a test.
        seed: the same seed and scale give the same bytes.
        progress: told the share done (0 to 1) and what is under way.

    Raises:
        WorkspaceError: the folder has files in it.
        SpecError: scale is not above 0 and at most 4.
    """
    if not 0 < scale <= LARGEST_SCALE:
        raise SpecError(
            f"scale {scale:g} is not above 0 and at most {LARGEST_SCALE:g}",
            where="scale",
            next_step="Choose 0.1, or 1 for the whole force.",
        )
    if folder.exists() and any(folder.iterdir()):
        raise WorkspaceError("the folder has files in it already", where=str(folder), next_step="Choose a new folder, or empty this one.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    making = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        rows = _write_all(making, scale=scale, seed=seed, progress=progress)
        making.chmod(0o755)
        if folder.exists():
            folder.rmdir()
        making.rename(folder)
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        raise
    progress(1.0, "The synthetic force is ready")
    return SyntheticForce(
        folder=folder,
        tables={name: folder / f"{name}.parquet" for name in rows},
        rows=rows,
        truth=folder / FOLDER,
        starts=period.FIRST_DAY,
        ends=period.DAY_AFTER,
        scale=scale,
        seed=seed,
    )


@dataclass(frozen=True, kw_only=True)
class _World:
    """All that happened in the invented force, before any of it is written down."""

    events: tuple[Event, ...]
    demand: Demand
    bids: tuple[Bid, ...]
    establishment: Establishment
    incidents: Incidents
    first: Deployments
    second: Deployments
    staff: Staff
    duties: Duties


def _write_all(folder: Path, *, scale: float, seed: int, progress: Progress) -> dict[str, int]:
    truth = Truth(folder)
    world = _live(scale=scale, seed=seed, progress=progress)
    progress(0.45, "Writing incidents and deployments")
    writers = _write_long_tables(folder, world, seed=seed)
    progress(0.75, "Writing crimes, people and accounts")
    writers += _write_resources_and_money(folder, truth, world, seed=seed)
    writers += _write_crime(folder, truth, world, scale=scale, seed=seed)
    progress(0.95, "Writing the survey and the comparison")
    sample = draw_sample(scale=scale, seed=seed)
    writers += [*write_survey(folder, truth, sample, seed=seed), *write_words(folder, truth, sample, seed=seed)]
    writers += [*write_comparison(folder, truth, seed=seed), *write_plans(folder, truth, seed=seed)]
    truth.close()
    rows = {writer.contract.name: writer.rows for writer in writers}
    return {name: rows[name] for name in TABLES}


def _live(*, scale: float, seed: int, progress: Progress) -> _World:
    """Let four years pass."""
    events = planned_events(seed=seed)
    demand = true_demand(scale=scale, seed=seed, events=events)
    full = establish(demand=demand, scale=scale, seed=seed)
    present = full.taken_by(draw_absences(full, events, seed=seed))
    bids = decide_bids(demand, present, seed=seed)
    establishment = present.taken_by(tasked(bids))
    progress(0.05, "Reporting incidents")
    incidents = report(demand, establishment, seed=seed)
    progress(0.15, "Sending units to them")
    first = first_wave(incidents, establishment)
    second = second_wave(incidents, first, establishment, seed=seed)
    progress(0.40, "Working out overtime")
    staff = employ(establishment)
    return _World(
        events=events,
        demand=demand,
        bids=bids,
        establishment=establishment,
        incidents=incidents,
        first=first,
        second=second,
        staff=staff,
        duties=work(staff, establishment, (first, second), seed=seed),
    )


def _write_long_tables(folder: Path, world: _World, *, seed: int) -> list[TableWriter]:
    closed = closing_times(world.incidents, world.first, world.second, seed=seed)
    with ThreadPoolExecutor(max_workers=2) as workers:  # Arrow lets go of the interpreter while it compresses
        jobs = [
            workers.submit(write_incidents, folder, world.incidents, world.first, world.second, closed, world.establishment),
            workers.submit(write_deployments, folder, world.first, world.second, world.establishment),
        ]
        return [job.result() for job in jobs]


def _write_resources_and_money(folder: Path, truth: Truth, world: _World, *, seed: int) -> list[TableWriter]:
    staff, duties, establishment = world.staff, world.duties, world.establishment
    write_demand_truth(truth, world.demand)
    centres = account(staff, duties, establishment, seed=seed)
    return [
        *write_places(folder),
        *write_demand(folder, world.events),
        *write_resources(folder, establishment, world.events),
        *write_bids(folder, truth, world.bids, establishment),
        *write_workforce(folder, truth, staff, duties, establishment, pool_centres(establishment)),
        *write_accounts(folder, truth, centres, establishment, seed=seed),
        *write_activity(
            folder, truth, staff, duties, establishment, world.incidents, (world.first, world.second), world.bids, centres, seed=seed
        ),
        *write_appraisal(folder, truth, centres, seed=seed),
    ]


def _write_crime(folder: Path, truth: Truth, world: _World, *, scale: float, seed: int) -> list[TableWriter]:
    crimes = record_crimes(world.incidents, seed=seed)
    planned = plan_operations(world.establishment, scale=scale, seed=seed)
    return [
        *write_crimes(folder, truth, crimes, seed=seed),
        *write_persons(folder, truth, crimes, seed=seed),
        *write_operations(folder, truth, planned, world.establishment, seed=seed),
    ]
