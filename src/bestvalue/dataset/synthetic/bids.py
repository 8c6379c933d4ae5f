"""Which bids for support units are made, and what is given? First come, first served, as the tasking of the past was.

Every week of the last year boroughs ask for support units; the bids are decided in the order in which they came, within the
rules of duty. A turn that a unit gives to a bid is a turn in which it goes to no incident.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

from bestvalue.dataset.synthetic import period
from bestvalue.dataset.synthetic.boroughs import BOROUGHS
from bestvalue.dataset.synthetic.chance import stream
from bestvalue.dataset.synthetic.demand import KINDS, Demand
from bestvalue.dataset.synthetic.establishment import SHIFT_MINUTES, TURNS, Absence, Establishment, turn_shift, turn_start, turn_weekday
from bestvalue.dataset.synthetic.parquet import TableWriter, write_table
from bestvalue.dataset.synthetic.truth import Truth
from bestvalue.dataset.tables import tasking

BIDS_A_WEEK = 90
REST_TURNS = 3
"""A unit is not tasked on the day before or after another tasking."""

UNHELD_SKILL = "explosives search"
"""A skill that boroughs ask for and no unit has."""

PURPOSES: dict[str, tuple[tuple[str, float], ...]] = {
    "street crime": (("public order", 0.8), ("surveillance", 0.2)),
    "drugs": (("search", 0.5), ("dog", 0.3), ("surveillance", 0.2)),
    "gun crime": (("firearms", 1.0),),
    "burglary": (("surveillance", 0.6), ("dog", 0.4)),
    "crowds": (("crowd horses", 0.5), ("public order", 0.5)),
    "road safety": (("collision investigation", 1.0),),
    "missing people": (("air search", 0.7), ("marine", 0.3)),
    "suspect device": ((UNHELD_SKILL, 1.0),),
}
PURPOSE_SHARES = (0.34, 0.18, 0.10, 0.14, 0.08, 0.07, 0.07, 0.02)


@dataclass(frozen=True, kw_only=True)
class Bid:
    """One bid with what it was given: pairs of turn and unit."""

    borough: int
    submitted_at: datetime
    purpose: str
    skill: str
    units_wanted: int
    together: bool
    first_turn: int
    last_turn: int
    harm_days: float
    given: tuple[tuple[int, int], ...] = ()
    reason: str | None = None


def decide_bids(demand: Demand, establishment: Establishment, *, seed: int) -> tuple[Bid, ...]:
    """Draw the bids of the last year and decide them in the order in which they were submitted."""
    wanted = sorted(_ask(demand, seed), key=lambda bid: bid.submitted_at)
    taken: dict[int, set[int]] = {number: set() for number in range(len(establishment.units))}
    return tuple(_decide(bid, establishment, taken) for bid in wanted)


def tasked(bids: tuple[Bid, ...]) -> tuple[Absence, ...]:
    """The turns that units gave to bids, as absences."""
    return tuple(Absence(unit=unit, turn=turn, reason="tasking", event=None) for bid in bids for turn, unit in bid.given)


def write_bids(folder: Path, truth: Truth, bids: tuple[Bid, ...], establishment: Establishment) -> list[TableWriter]:
    """Write bids and allocations."""
    ids = [f"BID-{number:05d}" for number in range(1, len(bids) + 1)]
    written = write_table(
        tasking.BIDS,
        folder,
        {
            "bid_id": ids,
            "area_id": [BOROUGHS[bid.borough].code for bid in bids],
            "submitted_at": [bid.submitted_at for bid in bids],
            "purpose": [bid.purpose for bid in bids],
            "skill": [bid.skill for bid in bids],
            "units_wanted": [bid.units_wanted for bid in bids],
            "together": [bid.together for bid in bids],
            "window_starts_at": [_moment(bid.first_turn) for bid in bids],
            "window_ends_at": [_moment(bid.last_turn + 1) for bid in bids],
            "harm_days": [bid.harm_days for bid in bids],
            "decision": [_decision(bid) for bid in bids],
            "decision_reason": [bid.reason for bid in bids],
            "decided_at": [bid.submitted_at + timedelta(hours=2) for bid in bids],
        },
    )
    pairs = [(bid_id, turn, unit) for bid_id, bid in zip(ids, bids, strict=True) for turn, unit in bid.given]
    allocations = write_table(
        tasking.ALLOCATIONS,
        folder,
        {
            "allocation_id": [f"AL-{number:05d}" for number in range(1, len(pairs) + 1)],
            "bid_id": [bid_id for bid_id, _, _ in pairs],
            "unit_id": [establishment.units[unit].unit_id for _, _, unit in pairs],
            "starts_at": [_moment(turn) for _, turn, _ in pairs],
            "ends_at": [_moment(turn) + timedelta(minutes=SHIFT_MINUTES) for _, turn, _ in pairs],
        },
    )
    rules = {
        "order": "first come, first served",
        "unheld_skill": UNHELD_SKILL,
        "rest": "no unit is tasked on the day before or after another tasking",
        "reserve": "the first unit of each kind and shift is never tasked",
        "bids": len(bids),
        "granted_in_full": sum(bid.reason is None for bid in bids),
    }
    truth.facts("tasking", rules, means="How bids were decided, and a skill that is asked for and nobody has.")
    return [written, allocations]


def _ask(demand: Demand, seed: int) -> list[Bid]:
    chance = stream(seed, "bids")
    harmful = [index for index, kind in enumerate(KINDS) if kind.name in ("violence", "robbery", "burglary", "drugs", "public order")]
    harm = demand.by_day[:, :, harmful].sum(axis=(0, 2))
    first_turn = period.day_number(period.LAST_YEAR_FIRST_DAY) * 3 + 1
    bids = []
    for week in range(52):
        for _ in range(int(chance.poisson(BIDS_A_WEEK))):
            purpose = str(chance.choice(list(PURPOSES), p=PURPOSE_SHARES))
            skills, shares = zip(*PURPOSES[purpose], strict=True)
            start = first_turn + week * 21 + int(chance.integers(0, 21))
            wanted = int(chance.choice([1, 2, 3], p=[0.6, 0.3, 0.1]))
            ahead = timedelta(minutes=int(chance.integers(2 * 24 * 60, 12 * 24 * 60)))
            bids.append(
                Bid(
                    borough=int(chance.choice(len(BOROUGHS), p=harm / harm.sum())),
                    submitted_at=_moment(start) - ahead,
                    purpose=purpose,
                    skill=str(chance.choice(skills, p=shares)),
                    units_wanted=wanted,
                    together=bool(wanted > 1 and chance.random() < 0.5),
                    first_turn=start,
                    last_turn=min(start + int(chance.integers(0, 6)), TURNS - 1),
                    harm_days=round(float(np.exp(chance.normal(4.6, 1.0))), 1),
                )
            )
    return bids


def _decide(bid: Bid, establishment: Establishment, taken: dict[int, set[int]]) -> Bid:
    """Give the bid the earliest turns that are free, and say why if they are fewer than wanted."""
    holders = _holders(bid.skill, establishment)
    on_duty = [(turn, unit) for turn in range(bid.first_turn, bid.last_turn + 1) for unit in holders if _on_duty(establishment, unit, turn)]
    refusals: set[str] = set()
    by_turn: dict[int, list[tuple[int, int]]] = {}
    for turn, unit in on_duty:
        obstacle = _obstacle(establishment, unit, turn, taken[unit])
        if obstacle:
            refusals.add(obstacle)
        else:
            by_turn.setdefault(turn, []).append((turn, unit))
    given = _choose(bid, list(by_turn.values()))
    for turn, unit in given:
        taken[unit].add(turn)
    reason = None
    if len(given) < bid.units_wanted:
        order = ("given to an earlier bid", "rest between taskings", "weekly maximum")
        reason = (
            "no unit has the skill"
            if not holders
            else "no unit is available in the window"
            if not on_duty
            else next((text for text in order if text in refusals), "not enough units")
        )
    return Bid(**{**vars(bid), "given": tuple(given), "reason": reason})


def _choose(bid: Bid, turns: list[list[tuple[int, int]]]) -> list[tuple[int, int]]:
    if bid.together:
        return next((pairs[: bid.units_wanted] for pairs in turns if len(pairs) >= bid.units_wanted), [])
    chosen: list[tuple[int, int]] = []
    for pairs in turns:
        # A unit serves one bid once: a second turn of the same unit would fall under its own rest.
        fresh = [pair for pair in pairs if pair[1] not in {unit for _, unit in chosen}]
        chosen += fresh[: bid.units_wanted - len(chosen)]
    return chosen


def _holders(skill: str, establishment: Establishment) -> list[int]:
    pools = {number for number, pool in enumerate(establishment.pools) if pool.support is not None and skill in pool.support.skills}
    return [number for number, unit in enumerate(establishment.units) if unit.pool in pools]


def _on_duty(establishment: Establishment, number: int, turn: int) -> bool:
    unit = establishment.units[number]
    works = unit.shift == turn_shift(turn) and unit.rank < establishment.pools[unit.pool].on_duty[unit.shift, turn_weekday(turn)]
    return bool(works and unit.rank > 0 and number not in establishment.away.get(turn, ()))


def _obstacle(establishment: Establishment, number: int, turn: int, taken: set[int]) -> str:
    """What stands against one more tasking of this unit in this turn; nothing if it is free."""
    support = establishment.pools[establishment.units[number].pool].support
    maximum = support.weekly_maximum if support else 0
    monday = turn - 3 * turn_weekday(turn) - turn_shift(turn)
    if turn in taken:
        return "given to an earlier bid"
    if any(abs(turn - other) <= REST_TURNS for other in taken):
        return "rest between taskings"
    if sum(monday <= other < monday + 21 for other in taken) >= maximum:
        return "weekly maximum"
    return ""


def _decision(bid: Bid) -> str:
    if bid.reason is None:
        return "granted"
    return "part granted" if bid.given else "refused"


def _moment(turn: int) -> datetime:
    return period.ORIGIN + timedelta(seconds=turn_start(turn))
