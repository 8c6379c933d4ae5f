"""How do improvement plans go in the synthetic force? Later than planned, by a planted factor, and the dates are moved when they pass."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from bestvalue.dataset.synthetic import period
from bestvalue.dataset.synthetic.chance import stream
from bestvalue.dataset.synthetic.parquet import TableWriter, write_table
from bestvalue.dataset.synthetic.truth import Truth
from bestvalue.dataset.tables import delivery

LOG_FACTOR, SPREAD, PLAN_SPREAD = 0.20, 0.40, 0.12
"""Mean and spread of the logarithm of time taken over time planned, and how far plans differ in that mean."""
GIVEN_UP, WAITS = 0.05, 0.30
PLANS = (
    # plan, what it answers, its actions, day of approval
    ("CUST-2022", "Custody review", 24, date(2022, 5, 1)),
    ("CALL-2022", "Call handling inspection", 18, date(2022, 10, 1)),
    ("ROAD-2023", "Roads policing review", 26, date(2023, 4, 1)),
    ("CRIM-2023", "Crime recording inspection", 16, date(2023, 11, 1)),
    ("DOMV-2024", "Domestic abuse inspection", 22, date(2024, 6, 1)),
    ("SUPP-2025", "Operational support review", 30, date(2025, 4, 1)),
)
CAUSES = ("change of lead", "waiting for another unit", "money not agreed", "more work than thought", "supplier late")
MEETS_EVERY = 30


@dataclass
class _Action:
    number: str
    plan: str
    title: str
    starts: date
    planned_end: date
    waits_for: "_Action | None"
    ends: date
    given_up: bool
    agreed: list[tuple[date, date, str]] = field(default_factory=list)

    @property
    def ended(self) -> bool:
        return self.ends < period.DAY_AFTER

    @property
    def state(self) -> str:
        if self.ended:
            return "closed not implemented" if self.given_up else "complete"
        begun = self.starts if self.waits_for is None else max(self.starts, self.waits_for.ends)
        if begun >= period.DAY_AFTER:
            return "not started"
        nearly = (period.DAY_AFTER - begun) / (self.ends - begun)
        return "requested complete" if nearly > 0.95 else "embedding" if nearly > 0.85 else "in progress"


def write_plans(folder: Path, truth: Truth, *, seed: int) -> list[TableWriter]:
    """Write the plans' actions, dependencies and agreed dates, and what was planted in them."""
    chance = stream(seed, "plans")
    means = {plan: LOG_FACTOR + PLAN_SPREAD * float(chance.standard_normal()) for plan, *_ in PLANS}
    actions: list[_Action] = []
    for plan, what, size, approved in PLANS:
        for action in _plan(plan, what, size, approved, means[plan], chance):
            _move_dates(action, approved, chance)
            actions.append(action)
    truth.facts(
        "plans",
        {"log_factor": LOG_FACTOR, "spread": SPREAD, "plan_spread": PLAN_SPREAD, "log_factor_by_plan": means, "share_given_up": GIVEN_UP},
        means="Time taken over time planned of an action: mean and spread of its logarithm, over all and by plan; share given up.",
    )
    ends = pl.DataFrame({"action_id": [action.number for action in actions], "ends_on": [action.ends for action in actions]})
    truth.table("plan_ends", ends, means="The day on which each action ends, also where that is still ahead.")
    return _write(folder, actions)


def _plan(plan: str, what: str, size: int, approved: date, mean: float, chance: np.random.Generator) -> list[_Action]:
    actions: list[_Action] = []
    for number in range(1, size + 1):
        waits_for = actions[int(chance.integers(len(actions)))] if actions and chance.random() < WAITS else None
        begins = waits_for.planned_end if waits_for else approved + timedelta(days=int(chance.integers(0, 120)))
        planned = int(chance.integers(60, 300))
        begun = max(begins, waits_for.ends) if waits_for else begins
        taken = max(1, round(planned * float(np.exp(mean + SPREAD * chance.standard_normal()))))
        given_up = bool(chance.random() < GIVEN_UP)
        share = float(chance.uniform(0.3, 1.0)) if given_up else 1.0
        actions.append(
            _Action(
                number=f"{plan}-{number:02d}",
                plan=plan,
                title=f"{what}: action {number}",
                starts=begins,
                planned_end=begins + timedelta(days=planned),
                waits_for=waits_for,
                ends=begun + timedelta(days=max(1, round(taken * share))),
                given_up=given_up,
            )
        )
    return actions


def _move_dates(action: _Action, approved: date, chance: np.random.Generator) -> None:
    """The board sets the date once, and moves it at its next meeting each time it has passed."""
    agreed = action.planned_end
    action.agreed.append((approved, agreed, ""))
    while agreed < min(action.ends, period.DAY_AFTER - timedelta(days=MEETS_EVERY)):
        decided = agreed + timedelta(days=int(chance.integers(1, MEETS_EVERY)))
        if decided >= min(action.ends, period.DAY_AFTER):
            return
        agreed = decided + timedelta(days=int(chance.integers(45, 150)))
        action.agreed.append((decided, agreed, CAUSES[int(chance.integers(len(CAUSES)))]))


def _write(folder: Path, actions: list[_Action]) -> list[TableWriter]:
    waiting = [action for action in actions if action.waits_for is not None]
    dates = [(action.number, *moved) for action in actions for moved in action.agreed]
    return [
        write_table(
            delivery.PLAN_ACTIONS,
            folder,
            {
                "action_id": [action.number for action in actions],
                "plan_id": [action.plan for action in actions],
                "title": [action.title for action in actions],
                "lead": [f"Lead {1 + place % 9}" for place in range(len(actions))],
                "starts_on": [action.starts for action in actions],
                "original_end_on": [action.planned_end for action in actions],
                "agreed_end_on": [action.agreed[-1][1] for action in actions],
                "state": [action.state for action in actions],
                "ended_on": [action.ends if action.ended else None for action in actions],
            },
        ),
        write_table(
            delivery.PLAN_DEPENDENCIES,
            folder,
            {
                "action_id": [action.number for action in waiting],
                "needs_action_id": [action.waits_for.number for action in waiting if action.waits_for],
            },
        ),
        write_table(
            delivery.PLAN_DATES,
            folder,
            {
                "action_id": [row[0] for row in dates],
                "decided_on": [row[1] for row in dates],
                "agreed_end_on": [row[2] for row in dates],
                "cause": [row[3] or None for row in dates],
            },
        ),
    ]
