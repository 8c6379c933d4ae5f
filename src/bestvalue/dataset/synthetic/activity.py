"""What do crews spend their time on? A fortnight's activity sample of one person in ten, and the volumes of what is done."""

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bestvalue.dataset.synthetic import period
from bestvalue.dataset.synthetic.accounts import YEARS, CostCentre
from bestvalue.dataset.synthetic.bids import Bid
from bestvalue.dataset.synthetic.boroughs import BOROUGHS
from bestvalue.dataset.synthetic.chance import pick, stream
from bestvalue.dataset.synthetic.demand import KINDS
from bestvalue.dataset.synthetic.deployments import Deployments
from bestvalue.dataset.synthetic.establishment import Establishment
from bestvalue.dataset.synthetic.incidents import Incidents
from bestvalue.dataset.synthetic.parquet import TableWriter, clock, coded, write_table
from bestvalue.dataset.synthetic.truth import Truth
from bestvalue.dataset.synthetic.workforce import Duties, Staff
from bestvalue.dataset.synthetic.workforce_tables import staff_ids
from bestvalue.dataset.tables import finance

ACTIVITIES = (
    ("attending incidents", "response", 95.0, 0.34, 0.14),
    ("travelling to incidents", "response", None, 0.09, 0.11),
    ("statements and files", "criminal justice", None, 0.16, 0.06),
    ("prisoners", "criminal justice", 180.0, 0.07, 0.01),
    ("visible patrol", "patrol", None, 0.13, 0.12),
    ("planned operations", "operations", None, 0.02, 0.25),
    ("searches and warrants", "operations", 240.0, 0.02, 0.10),
    ("court", "criminal justice", None, 0.02, 0.01),
    ("training", "support", None, 0.04, 0.08),
    ("briefing and meetings", "support", None, 0.05, 0.06),
    ("supervision", "support", None, 0.02, 0.03),
    ("meal breaks", "support", None, 0.04, 0.03),
)
"""Name, service, standard minutes, and the true share of the time of local and of support crews."""

FIRST_SAMPLE_DAY, SAMPLE_DAYS = date(2025, 10, 6), 14
SLOT_SECONDS, SLOTS_A_TURN = 600, 48
SAMPLED_SHARE, FEWEST_SAMPLED = 0.10, 60
STAYS = 0.7
"""Chance that a slot goes on with what the slot before was spent on: neighbouring slots are no independent evidence."""

INCIDENTS_A_WARRANT = 40.0
"""Incidents attended for each warrant that is carried out, by borough."""

SUPPORT_UNIT, MURDER_TEAMS, PEOPLE_A_MURDER_TEAM, WEEKS_A_YEAR = "Territorial support", "Homicide", 12, 52

OWN_HABIT = 40.0
"""Dirichlet concentration: how alike people of one group are."""


def true_shares() -> NDArray[np.float64]:
    """Share of time by activity, array (local or support, activities)."""
    shares = np.array([[local, support] for *_, local, support in ACTIVITIES]).T
    total: NDArray[np.float64] = shares.sum(axis=1, keepdims=True)
    return np.asarray(shares / total)


def write_activity(
    folder: Path,
    truth: Truth,
    staff: Staff,
    duties: Duties,
    establishment: Establishment,
    incidents: Incidents,
    waves: tuple[Deployments, Deployments],
    bids: tuple[Bid, ...],
    centres: tuple[CostCentre, ...],
    *,
    seed: int,
) -> list[TableWriter]:
    """Write activities, activity_samples and cost_drivers."""
    ids = [f"A{number:02d}" for number in range(1, len(ACTIVITIES) + 1)]
    activities = write_table(
        finance.ACTIVITIES,
        folder,
        {
            "activity_id": ids,
            "activity_name": [name for name, *_ in ACTIVITIES],
            "service": [service for _, service, *_ in ACTIVITIES],
            "standard_minutes": [minutes for _, _, minutes, *_ in ACTIVITIES],
        },
    )
    shares = true_shares()
    both = pl.DataFrame({"level": ["local", "support"]}).join(pl.DataFrame({"activity_id": ids}), how="cross")
    truth.table(
        "activity_shares",
        both.with_columns(share=pl.Series(shares.ravel())),
        means="True share of working time by activity, of local and of support crews.",
    )
    sample = _write_sample(folder, ids, staff, duties, establishment, seed)
    return [activities, sample, _write_drivers(folder, ids, incidents, waves, bids, establishment, centres, seed)]


def _write_sample(folder: Path, ids: list[str], staff: Staff, duties: Duties, establishment: Establishment, seed: int) -> TableWriter:
    chance = stream(seed, "activity sample")
    support = np.array([pool.borough is None for pool in establishment.pools])[staff.pool].astype(np.int64)
    size = min(len(staff.unit), max(FEWEST_SAMPLED, round(SAMPLED_SHARE * len(staff.unit))))
    sampled = np.sort(chance.choice(len(staff.unit), size=size, replace=False))
    first = period.day_number(FIRST_SAMPLE_DAY) * period.DAY
    inside = (duties.planned_start >= first) & (duties.planned_start < first + SAMPLE_DAYS * period.DAY) & (duties.kind == 0)
    turns = np.flatnonzero(inside & np.isin(duties.staff, sampled))
    habits = np.array([chance.dirichlet(OWN_HABIT * true_shares()[level]) for level in support[sampled]])
    person = np.repeat(np.searchsorted(sampled, duties.staff[turns]), SLOTS_A_TURN)
    slot = np.tile(np.arange(SLOTS_A_TURN), len(turns))
    fresh = (slot == 0) | (chance.random(len(slot)) >= STAYS)
    drawn = pick(chance, habits, person)
    activity = drawn[np.maximum.accumulate(np.where(fresh, np.arange(len(slot)), 0))]
    area = np.array([-1 if pool.borough is None else pool.borough for pool in establishment.pools])[staff.pool[sampled[person]]]
    attending = activity == 0
    kind = pick(chance, np.array([[one.share for one in KINDS]]), np.zeros(len(slot), dtype=np.int64))
    with TableWriter(finance.ACTIVITY_SAMPLES, folder) as writer:
        writer.write(
            {
                "staff_id": staff_ids(sampled[person]),
                "slot_at": clock(period.ORIGIN, np.repeat(duties.planned_start[turns], SLOTS_A_TURN) + slot * SLOT_SECONDS),
                "slot_minutes": np.full(len(slot), SLOT_SECONDS // 60),
                "activity_id": coded(activity, ids),
                "area_id": coded(area, [borough.code for borough in BOROUGHS], empty=area < 0),
                "incident_kind": coded(kind, [one.name for one in KINDS], empty=~attending),
            }
        )
    return writer


def _write_drivers(
    folder: Path,
    ids: list[str],
    incidents: Incidents,
    waves: tuple[Deployments, Deployments],
    bids: tuple[Bid, ...],
    establishment: Establishment,
    centres: tuple[CostCentre, ...],
    seed: int,
) -> TableWriter:
    """What was done in the last year: incidents attended, warrants, territorial support sent to incidents and bids, murder-team weeks."""
    attended = _volumes(incidents, waves[0], np.ones(len(waves[0].unit), dtype=np.bool_))
    boroughs, kinds = [borough.code for borough in BOROUGHS], [kind.name for kind in KINDS]
    warrants = stream(seed, "warrants").poisson(attended.sum(axis=1) / INCIDENTS_A_WARRANT)
    code = {centre.name: centre.code for centre in centres}
    of_unit = np.array([establishment.pools[unit.pool].name == SUPPORT_UNIT for unit in establishment.units])
    sent = _volumes(incidents, waves[1], of_unit[waves[1].unit]).sum(axis=1)
    np.add.at(sent, [bid.borough for bid in bids for _, unit in bid.given if of_unit[unit]], 1)
    teams = max(1, round(next(centre.people for centre in centres if centre.name == MURDER_TEAMS) / PEOPLE_A_MURDER_TEAM))
    rows: list[tuple[str | None, str | None, str, str | None, str | None, int]] = [
        (ids[0], None, "incidents attended", area, kind, attended[a, k]) for a, area in enumerate(boroughs) for k, kind in enumerate(kinds)
    ]
    rows += [(ids[6], None, "warrants", area, None, number) for area, number in zip(boroughs, warrants, strict=True)]
    rows += [(None, code[SUPPORT_UNIT], "deployments", area, None, number) for area, number in zip(boroughs, sent, strict=True)]
    rows += [(None, code[MURDER_TEAMS], "team weeks", None, None, teams * WEEKS_A_YEAR)]
    columns = ("activity_id", "cost_centre_id", "driver", "area_id", "incident_kind", "volume")
    return write_table(
        finance.COST_DRIVERS,
        folder,
        {
            "cost_driver_id": [f"CD-{number:05d}" for number in range(1, len(rows) + 1)],
            "financial_year": [YEARS[-1]] * len(rows),
            **{column: [row[place] for row in rows] for place, column in enumerate(columns)},
        },
    )


def _volumes(incidents: Incidents, sent: Deployments, counted: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Deployments of the last year that are counted, array (boroughs, kinds)."""
    last_year = counted & (sent.assigned >= period.day_number(period.LAST_YEAR_FIRST_DAY) * period.DAY)
    incident = sent.incident[last_year]
    cell = incidents.borough[incident].astype(np.int64) * len(KINDS) + incidents.kind[incident]
    return np.bincount(cell, minlength=len(BOROUGHS) * len(KINDS)).reshape(len(BOROUGHS), len(KINDS)).astype(np.float64)
