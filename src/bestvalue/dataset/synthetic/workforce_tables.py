"""Writes who works in the synthetic force: staff and duties."""

from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bestvalue.dataset.synthetic import period
from bestvalue.dataset.synthetic.establishment import Establishment
from bestvalue.dataset.synthetic.parquet import TableWriter, clock, coded, numbered
from bestvalue.dataset.synthetic.truth import Truth
from bestvalue.dataset.synthetic.workforce import DUTY_KINDS, NOT_TOLD, REASONS, SERGEANT_HOUR_PENCE, Duties, Staff
from bestvalue.dataset.tables import workforce


def write_workforce(
    folder: Path, truth: Truth, staff: Staff, duties: Duties, establishment: Establishment, cost_centres: list[str]
) -> list[TableWriter]:
    """Write staff and duties; `cost_centres` has the code of each pool's cost centre."""
    pools = [pool.pool_id for pool in establishment.pools]
    numbers = np.arange(1, len(staff.unit) + 1)
    with TableWriter(workforce.STAFF, folder) as people:
        people.write(
            {
                "staff_id": staff_ids(numbers - 1),
                "pool_id": coded(staff.pool, pools),
                "cost_centre_id": coded(staff.pool, cost_centres),
                "staff_group": coded((staff.hour_pence == SERGEANT_HOUR_PENCE).astype(np.int32), ["constable", "sergeant"]),
                "overtime_eligible": np.ones(len(numbers), dtype=np.bool_),
                "hour_pence": staff.hour_pence,
                "weekly_hours": np.full(len(numbers), 40.0),
            }
        )
    with TableWriter(workforce.DUTIES, folder) as turns:
        turns.write(
            {
                "duty_id": numbered("DU-", np.arange(1, len(duties.staff) + 1), digits=8),
                "staff_id": staff_ids(duties.staff),
                "unit_id": coded(duties.unit, [unit.unit_id for unit in establishment.units], empty=duties.unit < 0),
                "duty_kind": coded(duties.kind, DUTY_KINDS),
                "planned_start_at": clock(period.ORIGIN, duties.planned_start),
                "planned_end_at": clock(period.ORIGIN, duties.planned_end),
                "started_at": clock(period.ORIGIN, duties.started),
                "ended_at": clock(period.ORIGIN, duties.ended),
                "overtime_reason": coded(duties.reason, REASONS, empty=duties.reason < 0),
                "overtime_told_at": clock(period.ORIGIN, duties.told, empty=duties.told == NOT_TOLD),
                "overtime_paid_minutes": duties.paid_minutes,
            }
        )
    _keep_truth(truth, staff, duties, pools)
    return [people, turns]


def staff_ids(serials: NDArray[np.int64]) -> object:
    """Ids of people by their number, from 0."""
    return numbered("ST-", serials + 1, digits=5)


def _keep_truth(truth: Truth, staff: Staff, duties: Duties, pools: list[str]) -> None:
    frame = pl.DataFrame(
        {
            "pool_id": np.array(pools)[staff.pool[duties.staff]],
            "reason": np.array([*REASONS, "none"])[duties.reason],
            "worked_minutes": (duties.ended - duties.started) // 60,
            "overtime_minutes": duties.overtime_minutes,
            "paid_minutes": duties.paid_minutes,
        }
    )
    by_pool = frame.group_by("pool_id", "reason").agg(pl.len().alias("duties"), pl.exclude("duties").sum()).sort("pool_id", "reason")
    truth.table(
        "overtime", by_pool, means="Duties and minutes by pool and cause in the last year; 'incident ran on' is the structural part."
    )
    wrong = pl.DataFrame({"duty_id": [f"DU-{number + 1:08d}" for number in np.flatnonzero(duties.wrongly_paid)]})
    truth.table("overtime_errors", wrong, means="Duties for which half an hour more was paid than the regulations give.")
