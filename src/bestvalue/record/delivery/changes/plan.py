"""Changes to an improvement plan: its actions, what they wait for, what they cost and save."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

from django.db import models, transaction

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Person
from bestvalue.record.delivery.life_cycle import State
from bestvalue.record.delivery.models import (
    Action,
    ActionDependency,
    ActionState,
    Basis,
    Money,
    MoneyKind,
    Recommendation,
    check_answers,
    check_money,
    circle_through,
)
from bestvalue.record.delivery.standing import keep_standing
from bestvalue.record.ledger import ledger

FINANCIAL_YEAR_BEGINS = 4
"""April."""


@transaction.atomic
def add_action(
    recommendation: Recommendation,
    *,
    what: str,
    why: str,
    how: str,
    target: str,
    lead: Person,
    original_date: date,
    by: Person,
    starts: date | None = None,
    measure: str = "",
    measure_unit: str = "",
    baseline: Decimal | None = None,
    target_value: Decimal | None = None,
) -> Action:
    """Add a row to the improvement plan: what is done, why, how, by whom, until when, and by what it will be seen to be done.

    Args:
        recommendation: what it is about.
        what: what is done.
        why: why that helps.
        how: how it is done.
        target: by what it will be seen to be done.
        lead: the one person who leads it.
        original_date: when it is to be complete; set once.
        by: who plans.
        starts: when work begins.
        measure: the target as a measure: "share of bids answered in a week".
        measure_unit: unit of its values.
        baseline: its value when the plan was made.
        target_value: its value when the action is done.

    Raises:
        RuleError: `by` may not, or a part of the row is empty: a plan says all of it.
    """
    recommendation = Recommendation.objects.select_for_update().get(pk=recommendation.pk)
    check_answers(recommendation, by=by)
    for part, text in {"what": what, "why": why, "how": how, "target": target}.items():
        if not text.strip():
            raise RuleError(
                f"The plan does not say {part}", where=part, next_step="Enter it: a plan says what, why, how, who, when and its target."
            )
    if starts is not None and starts >= original_date:
        raise RuleError("The action ends before it starts", where="original_date", next_step="Enter a day after its start.")
    if (baseline is not None or target_value is not None) and not measure.strip():
        raise RuleError("A baseline is the value of a measure", where="measure", next_step="Say what is measured.")
    number: int = recommendation.actions.aggregate(newest=models.Max("number"))["newest"] or 0
    action = Action.objects.create(
        recommendation=recommendation,
        number=number + 1,
        what=what,
        why=why,
        how=how,
        target=target,
        lead=lead,
        original_date=original_date,
        starts=starts,
        measure=measure.strip(),
        measure_unit=measure_unit.strip(),
        baseline=baseline,
        target_value=target_value,
    )
    keep_standing(recommendation)
    ledger.write(
        "action.added", target=action, by=by, payload={"what": what, "lead": lead.pk, "starts": starts, "original_date": original_date}
    )
    return action


@transaction.atomic
def add_dependency(action: Action, *, needs: Action, by: Person) -> ActionDependency:
    """Record that an action cannot begin before another is complete.

    Raises:
        RuleError: `by` may not plan, it waits for that one already, or actions would wait for one another in a circle, which is named.
    """
    # Two who add at once could close a circle that neither sees; so they queue for the plan's first action.
    Action.objects.select_for_update().order_by("pk").first()
    check_answers(action.recommendation, by=by)
    if ActionDependency.objects.filter(action=action, needs=needs).exists():
        raise RuleError(f"It waits for action {needs.name} already", where="needs", next_step="Select another action.")
    waits: dict[int, set[int]] = defaultdict(set)
    for waiting, needed in ActionDependency.objects.values_list("action", "needs"):
        waits[waiting].add(needed)
    circle = circle_through({key: frozenset(value) for key, value in waits.items()}, action=action.pk, added=needs.pk)
    if circle:
        named = Action.objects.select_related("recommendation").in_bulk(circle)
        raise RuleError(
            f"The actions would wait for one another in a circle: {' → '.join(named[pk].name for pk in circle)}",
            where="needs",
            next_step="Take one of these out of the chain.",
        )
    dependency = ActionDependency.objects.create(action=action, needs=needs)
    ledger.write("action.dependency_added", target=action, by=by, payload={"needs": needs.pk})
    return dependency


@transaction.atomic
def drop_dependency(action: Action, *, needs: Action, by: Person) -> Action:
    """Record that an action waits for another no longer.

    Raises:
        RuleError: `by` may not plan, or it does not wait for that one.
    """
    check_answers(action.recommendation, by=by)
    removed, _ = ActionDependency.objects.filter(action=action, needs=needs).delete()
    if not removed:
        raise RuleError(f"It does not wait for action {needs.name}", where="needs", next_step="Nothing is left to do.")
    ledger.write("action.dependency_dropped", target=action, by=by, payload={"needs": needs.pk})
    return action


@transaction.atomic
def set_state(action: Action, *, state: State, on: date, by: Person, note: str = "") -> ActionState:
    """Record how an action stands, as its lead says.

    Raises:
        RuleError: `by` does not lead it, the state does not follow the present one, takes a decision, or is dated before it.
    """
    action = Action.objects.select_for_update(of=("self",)).select_related("recommendation", "lead").get(pk=action.pk)
    action.recommendation.check_under_way()
    action.check_state(to=state, on=on, by=by)
    reached = ActionState.objects.create(action=action, state=state, on=on, note=note.strip(), by=by)
    keep_standing(action.recommendation)
    ledger.write("action.state_set", target=action, by=by, payload={"state": state, "on": on, "note": reached.note})
    return reached


@transaction.atomic
def record_money(action: Action, *, year: int, kind: MoneyKind, basis: Basis, pence: int, on: date, by: Person) -> Money:
    """Record what an action costs or saves in a financial year, as planned or as it came true. The newest entry counts.

    Args:
        action: which.
        year: calendar year in which the financial year begins.
        kind: a cost, or a saving that frees money or does not.
        basis: planned, or realised.
        pence: how much, from 0.
        on: the day of the entry.
        by: who plans.

    Raises:
        RuleError: `by` may not, or it is realised in a year that has not begun.
    """
    check_answers(action.recommendation, by=by)
    check_money(year=year, basis=basis, on_year=on.year if on.month >= FINANCIAL_YEAR_BEGINS else on.year - 1)
    entered = Money.objects.create(action=action, year=year, kind=kind, basis=basis, pence=pence, on=on, by=by)
    ledger.write("action.money_recorded", target=action, by=by, payload={"year": year, "kind": kind, "basis": basis, "pence": pence})
    return entered
