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
from bestvalue.dataset.synthetic.demand import true_demand
from bestvalue.dataset.synthetic.demand_tables import write_demand, write_incidents
from bestvalue.dataset.synthetic.demand_truth import write_demand_truth
from bestvalue.dataset.synthetic.establishment import establish
from bestvalue.dataset.synthetic.events import planned_events
from bestvalue.dataset.synthetic.incidents import closing_times, first_wave, report, second_wave
from bestvalue.dataset.synthetic.place_tables import write_places
from bestvalue.dataset.synthetic.resource_tables import write_deployments, write_resources
from bestvalue.dataset.synthetic.truth import FOLDER, Truth
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


def _write_all(folder: Path, *, scale: float, seed: int, progress: Progress) -> dict[str, int]:
    events = planned_events(seed=seed)
    demand = true_demand(scale=scale, seed=seed, events=events)
    establishment = establish(demand=demand, scale=scale, seed=seed)
    truth = Truth(folder)
    write_demand_truth(truth, demand)
    progress(0.02, "Reporting incidents")
    incidents = report(demand, establishment, seed=seed)
    progress(0.15, "Sending units to them")
    first = first_wave(incidents, establishment)
    second = second_wave(incidents, first, establishment, seed=seed)
    closed = closing_times(incidents, first, second, seed=seed)
    progress(0.40, "Writing incidents and deployments")
    writers = [*write_places(folder), *write_demand(folder, events), *write_resources(folder, establishment, events)]
    with ThreadPoolExecutor(max_workers=2) as workers:  # Arrow lets go of the interpreter while it compresses
        jobs = [
            workers.submit(write_incidents, folder, incidents, first, second, closed, establishment),
            workers.submit(write_deployments, folder, first, second, establishment),
        ]
        writers += [job.result() for job in jobs]
    truth.close()
    return {writer.contract.name: writer.rows for writer in writers}
