"""Which pools are sent for a skill? Not each that holds it on paper: a boat's crew may be trained to search, and never be asked to.

A simulation that sends the nearest holder would have help that the force does not call on.
"""

from dataclasses import dataclass

import polars as pl
from scipy import stats

from bestvalue.analysis.challenge.resources_calibrate_rows import Window
from bestvalue.dataset.dataset import Dataset

SELDOM_SHARE = 0.01
"""A pool that went to fewer than one request in a hundred for a skill is not sent for it."""

BY_CHANCE = 0.001
"""Nor is one left out whose few calls may be chance: with units picked at random, so few must come less often than this."""

_SENT = """
    SELECT i.support_skill AS skill, u.pool_id, COUNT(*) AS sent
    FROM deployments d JOIN incidents i ON i.incident_id = d.incident_id JOIN units u ON u.unit_id = d.unit_id
    WHERE d.wave = 2 AND i.support_skill IS NOT NULL AND i.opened_at >= :starts AND i.opened_at < :ends
    GROUP BY 1, 2
"""


@dataclass(frozen=True, kw_only=True)
class Holders:
    """Units of one pool that hold a skill: how many hours a week, and how often they were sent for it; `total_` of all pools."""

    skill: str
    pool_id: str
    hours: float
    sent: int
    total_hours: float
    total_sent: int

    @property
    def seldom_sent(self) -> bool:
        """Left out of the requests for this skill, beyond chance."""
        if self.total_hours <= self.hours or self.sent >= SELDOM_SHARE * self.total_sent:
            return False
        return bool(stats.binom.cdf(self.sent, self.total_sent, self.hours / self.total_hours) < BY_CHANCE)


def read_holders(dataset: Dataset, window: Window, held: pl.DataFrame) -> tuple[Holders, ...]:
    """Each pool and skill that it holds, with how often it went.

    Args:
        dataset: with deployments, incidents and units.
        window: weeks that are looked at.
        held: skill, pool_id, hours: one row a unit and skill, hours on duty a week.
    """
    sent = dataset.query(_SENT, starts=window.starts, ends=window.ends)
    pools = held.group_by("skill", "pool_id").agg(pl.col("hours").sum()).join(sent, on=["skill", "pool_id"], how="left")
    # Requests that went to units without the skill tell nothing of those that hold it.
    pools = pools.with_columns(pl.col("sent").fill_null(0)).with_columns(
        total_hours=pl.col("hours").sum().over("skill"), total_sent=pl.col("sent").sum().over("skill")
    )
    return tuple(Holders(**row) for row in pools.sort("skill", "pool_id").iter_rows(named=True))
