"""What do people spend their time on, and how sure is that? Shares of time from a small activity sample, with draws of its error.

People are alike to themselves and a day colours everybody's: the slots of one person, and those of one day, are no
independent evidence. So people are drawn again as a whole, and days are drawn again as far as they differ by more than the
chance of the slots.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import stats

from bestvalue.dataset.dataset import Dataset
from bestvalue.errors import SHOWN_FAULTS, Fault, TableFaults

LikeStaff = Literal["across cost centres", "in each cost centre"]

WEIGHTS_AT_ONCE = 2_000_000
"""Weights of person-days that are held at once: those of a whole force and all draws would take gigabytes."""

_SLOTS = """
    SELECT s.staff_id, f.cost_centre_id, f.staff_group, c.objective, day_of(s.slot_at) AS day, s.activity_id,
           COALESCE(s.incident_kind, '') AS kind, CAST(SUM(s.slot_minutes) AS DOUBLE) AS minutes
    FROM activity_samples s JOIN staff f ON s.staff_id = f.staff_id JOIN cost_centres c ON f.cost_centre_id = c.cost_centre_id
    WHERE s.slot_at >= :first AND s.slot_at < :after
    GROUP BY 1, 2, 3, 4, 5, 6, 7
"""

_OVERLAPS = """
    SELECT staff_id, slot_at, slot_minutes, next_at FROM (
        SELECT staff_id, slot_at, slot_minutes, LEAD(slot_at) OVER (PARTITION BY staff_id ORDER BY slot_at) AS next_at FROM activity_samples
    ) AS slots
    WHERE next_at IS NOT NULL AND seconds_between(slot_at, next_at) < slot_minutes * 60
"""


@dataclass(frozen=True, kw_only=True)
class Diary:
    """The sample, a row a person's day.

    Args:
        days: staff_id, cost_centre_id, staff_group, objective, day of each person's day, in order.
        pairs: activity_id, kind (of incident, "" for none): what time was spent on, in order.
        minutes: array (days, pairs).
        who: "people", or "units" where whole crews were followed.
        source: what says so, for the base of a figure.
    """

    days: pl.DataFrame
    pairs: pl.DataFrame
    minutes: NDArray[np.float64]
    who: str = "people"
    source: str = "the activity sample"

    @property
    def people(self) -> int:
        """How many people were sampled."""
        return int(self.days["staff_id"].n_unique())


@dataclass(frozen=True, kw_only=True)
class TimeShares:
    """How groups of like staff divide their time.

    Args:
        pairs: as in the diary.
        pools: pool, people, person_days, minutes: the groups that were sampled.
        share: array (pools, pairs), rows add up to 1.
        draws: array (draws, pools, pairs): the same, drawn again; deviations are widened by Student's t for few people.
        pool_of: pool of a group of staff by (objective, cost centre, staff group), with "" for any; see `pool`.
        who: whom the pools count, and `source`: as in the diary.
    """

    pairs: pl.DataFrame
    pools: pl.DataFrame
    share: NDArray[np.float64]
    draws: NDArray[np.float64]
    pool_of: dict[tuple[str, str, str], int]
    who: str
    source: str

    def pool(self, *, objective: str, cost_centre: str, staff_group: str) -> int:
        """Number of the pool that stands for a group of staff; -1 where nobody like them was sampled."""
        ladder = ((objective, cost_centre, staff_group), (objective, cost_centre, ""), (objective, "", staff_group), (objective, "", ""))
        return next((self.pool_of[key] for key in ladder if key in self.pool_of), -1)


def read_diary(dataset: Dataset, *, first: datetime, after: datetime) -> Diary:
    """Read the sample of a stretch of time.

    Raises:
        TableFaults: slots of one person overlap, so that the activities come to more than all of the time.
    """
    _check_overlaps(dataset)
    slots = dataset.query(_SLOTS, first=first, after=after)
    key = ["staff_id", "cost_centre_id", "staff_group", "objective", "day"]
    days = slots.select(key).unique().sort(key).with_row_index("row")
    pairs = slots.select("activity_id", "kind").unique().sort("activity_id", "kind").with_row_index("pair")
    minutes = np.zeros((days.height, pairs.height))
    placed = slots.join(days, on=key).join(pairs, on=["activity_id", "kind"])
    minutes[placed["row"].to_numpy(), placed["pair"].to_numpy()] = placed["minutes"].to_numpy()
    return Diary(days=days.drop("row"), pairs=pairs.drop("pair"), minutes=minutes)


def time_shares(
    diary: Diary,
    *,
    like_staff: LikeStaff = "across cost centres",
    fewest_people: int = 5,
    draws: int = 1_000,
    confidence: float = 0.95,
    seed: int = 1,
) -> TimeShares:
    """Share of time by what it was spent on, for each group of like staff.

    Like staff are people of one rank or grade under one objective, or in one cost centre. Where one of the ranks was sampled
    with fewer than `fewest_people`, all ranks there stand for each other; where that is still fewer than two people, none does.

    Args:
        diary: the sample.
        like_staff: who stands for whom.
        fewest_people: how many make a group of their own.
        draws: how often the sample is drawn again.
        confidence: level of the intervals that the draws are for.
        seed: starts the chance.
    Source: Rao and Wu (1988), JASA 83, rescaled bootstrap of whole people; days as the second way of clustering as in
        Cameron, Gelbach and Miller (2011), J. Bus. Econ. Stat. 29.
    """
    labels, pool_of = _pools(diary.days, like_staff, fewest_people)
    rows, shares, drawn = [], [], []
    for number, name in enumerate(_names(pool_of)):
        mine = labels == number
        minutes = diary.minutes[mine]
        person = diary.days["staff_id"].to_numpy()[mine]
        day = diary.days["day"].to_numpy()[mine]
        people = len(np.unique(person))
        rows.append((name, people, int(mine.sum()), float(minutes.sum())))
        shares.append(minutes.sum(axis=0) / minutes.sum())
        again = draw_shares(minutes, person=person, day=day, draws=draws, chance=np.random.default_rng([seed, number]))
        widened = stats.t.ppf((1 + confidence) / 2, people - 1) / stats.norm.ppf((1 + confidence) / 2)
        drawn.append(shares[-1] + widened * (again - shares[-1]))
    width = diary.pairs.height
    pools = pl.DataFrame(rows, schema={"pool": pl.String, "people": pl.Int64, "person_days": pl.Int64, "minutes": pl.Float64}, orient="row")
    return TimeShares(
        pairs=diary.pairs,
        pools=pools,
        share=np.array(shares).reshape(len(rows), width),
        draws=np.stack(drawn, axis=1) if drawn else np.zeros((draws, 0, width)),
        pool_of=pool_of,
        who=diary.who,
        source=diary.source,
    )


def draw_shares(
    minutes: NDArray[np.float64], *, person: NDArray[np.object_], day: NDArray[np.generic], draws: int, chance: np.random.Generator
) -> NDArray[np.float64]:
    """Shares of time when the people, and the days as far as they matter, are drawn again.

    Args:
        minutes: array (person-days, kinds of time).
        person: array (person-days,), who it was; at least two different ones.
        day: array (person-days,), which day it was.
        draws: how many.
        chance: where the draws come from.

    Returns:
        array (draws, kinds of time), rows add up to 1.
    """
    _, whose = np.unique(person, return_inverse=True)
    _, when = np.unique(day, return_inverse=True)
    people = _drawn_again(int(whose.max()) + 1, draws, chance)
    days = _drawn_again(int(when.max()) + 1, draws, chance) if when.max() else np.ones((draws, 1))
    days = 1 + np.sqrt(day_part(minutes, when)) * (days - 1)
    total = np.zeros((draws, minutes.shape[1]))
    step = max(1, WEIGHTS_AT_ONCE // len(minutes))
    for start in range(0, draws, step):
        part = slice(start, start + step)
        total[part] = (people[part][:, whose] * days[part][:, when]) @ minutes
    return np.asarray(total / total.sum(axis=1, keepdims=True))


def day_part(minutes: NDArray[np.float64], when: NDArray[np.int64]) -> float:
    """How much of the variance between days is more than the chance of each person's day, 0 to 1.

    Between days the totals vary because days differ and because of each person's own variation, which drawing people again
    already holds: only the first is to be added, V(people) + V(days) - V(people and days).
    """
    days = int(when.max()) + 1
    if days < 2:
        return 0.0
    cell = minutes - minutes.sum(axis=1, keepdims=True) * (minutes.sum(axis=0) / minutes.sum())
    by_day = np.zeros((days, minutes.shape[1]))
    np.add.at(by_day, when, cell)
    both, own = float((by_day**2).sum()) * days / (days - 1), float((cell**2).sum())
    return max(0.0, 1 - own / both) if both > 0 else 0.0


def _drawn_again(size: int, draws: int, chance: np.random.Generator) -> NDArray[np.float64]:
    """How often each of `size` is drawn when one fewer are drawn than there are, scaled to a mean of 1: array (draws, size)."""
    drawn = chance.multinomial(size - 1, np.full(size, 1 / size), size=draws)
    return np.asarray(drawn * (size / (size - 1)), dtype=np.float64)


def _pools(days: pl.DataFrame, like_staff: LikeStaff, fewest: int) -> tuple[NDArray[np.int64], dict[tuple[str, str, str], int]]:
    """Pool of each person's day (-1 for none), and the pools by whom they stand for."""
    people = days.select("staff_id", "objective", "cost_centre_id", "staff_group").unique().sort("staff_id")
    own = pl.col("cost_centre_id") if like_staff == "in each cost centre" else pl.lit("")
    counted = people.with_columns(centre=own).with_columns(
        in_group=pl.len().over("objective", "centre", "staff_group"), in_centre=pl.len().over("objective", "centre")
    )
    # A cost centre with too few people of its own is one of the rest under its objective.
    counted = counted.with_columns(centre=pl.when(pl.col("in_centre") >= max(2, fewest)).then("centre").otherwise(pl.lit("")))
    counted = counted.with_columns(
        in_group=pl.len().over("objective", "centre", "staff_group"), in_all=pl.len().over("objective", "centre")
    )
    counted = counted.with_columns(enough=(pl.col("in_group").min() >= max(2, fewest)).over("objective", "centre"))
    counted = counted.with_columns(group=pl.when("enough").then("staff_group").otherwise(pl.lit("")))
    sampled = counted.filter(pl.col("in_all") >= 2)
    keys = sampled.select("objective", "centre", "group").unique().sort("objective", "centre", "group").rows()
    pool_of = {(str(objective), str(centre), str(group)): number for number, (objective, centre, group) in enumerate(keys)}
    who = {
        row["staff_id"]: pool_of[(row["objective"], row["centre"], row["group"])]
        for row in sampled.select("staff_id", "objective", "centre", "group").iter_rows(named=True)
    }
    return np.array([who.get(person, -1) for person in days["staff_id"]], dtype=np.int64), pool_of


def _names(pool_of: dict[tuple[str, str, str], int]) -> list[str]:
    return [", ".join(part for part in key if part) for key in pool_of]


def _check_overlaps(dataset: Dataset) -> None:
    found = dataset.query(_OVERLAPS).sort("staff_id", "slot_at")
    if found.height:
        faults = [
            Fault(
                what=f"{row['staff_id']} has a slot of {row['slot_minutes']} minutes at {row['slot_at']} and the next at {row['next_at']}: "
                "their activities come to more than all of the time",
                file="activity_samples",
                column="slot_minutes",
                next_step="Shorten the slot, or remove one of the two.",
            )
            for row in found.head(SHOWN_FAULTS).iter_rows(named=True)
        ]
        raise TableFaults(faults, total=found.height, where="activity_samples")
