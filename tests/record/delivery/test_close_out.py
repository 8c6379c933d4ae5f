"""The close-out tells what was promised, what came of it, and how far it slipped in days and board cycles."""

from datetime import date

from tests.record.delivery.conftest import Delivering

from bestvalue.documents.close_out import close_out
from bestvalue.record.delivery import changes
from bestvalue.record.delivery.close_out import close_out_of
from bestvalue.record.delivery.life_cycle import Cause, State
from bestvalue.record.delivery.models import Basis, MoneyKind, Outcome, Recommendation, Seen

MARCH, SEPTEMBER = date(2026, 3, 1), date(2026, 9, 29)


def test_a_close_out_prints_slippage_in_days_and_board_cycles_with_its_causes_and_the_money(delivering: Delivering) -> None:
    action = delivering.action()
    open_one = delivering.action(what="Train")
    changes.set_state(action, state=State.IN_PROGRESS, on=MARCH, by=delivering.lead)
    said = {"decided_on": MARCH, "minute": "Minute 4", "cause": Cause.PEOPLE, "reason": "Two posts are empty."}
    changes.move_agreed_date(action, to=SEPTEMBER, by=delivering.member, **said)  # type: ignore[arg-type]  # as the minute has it
    changes.forecast(action, to=date(2026, 10, 9), on=date(2026, 5, 1), by=delivering.lead)
    changes.add_delivery_evidence(action, title="Log", kind=Seen.DOCUMENT, tells_of=SEPTEMBER, text="Done.", by=delivering.lead)
    visit = {"kind": Seen.VISIT, "where": "The desk", "met": "Its sergeant", "seen": "The form in use.", "holds": True}
    changes.verify_delivery(action, on=SEPTEMBER, by=delivering.visitor, **visit)  # type: ignore[arg-type]  # as it was
    request = changes.request_completion(action, text="Done.", on=SEPTEMBER, by=delivering.lead)
    changes.decide_completion(request, outcome=Outcome.ACCEPTED, decided_on=SEPTEMBER, minute="9", by=delivering.member)
    for basis, pence in ((Basis.PLANNED, 100_000_00), (Basis.REALISED, 90_000_50)):
        changes.record_money(action, year=2025, kind=MoneyKind.COST, basis=basis, pence=pence, on=SEPTEMBER, by=delivering.manager)

    content = close_out_of(plan_of(delivering, on=date(2026, 12, 1)), title="Review of 2026", on=date(2026, 12, 1))

    # by hand: from 30 June to 29 September are 91 days, one cycle of a body that meets every 91 days
    closed, still = content.actions
    assert (closed.ended, closed.late_days, closed.cycles, closed.moves) == (SEPTEMBER, 91, 1.0, 1)
    assert closed.seen == "Visitor (a visit, 29 September 2026)"
    assert (still.what, still.ended, still.late_days, still.seen) == (open_one.what, None, 0, "")
    assert [(slip.by_decision, slip.days, round(slip.cycles, 2)) for slip in content.slips] == [(True, 91, 1.0), (False, 101, 1.11)]
    assert [(one.cause, one.moves, one.days) for one in content.causes] == [("People were not there to do it", 1, 91)]
    assert [(one.year, one.planned, one.realised) for one in content.money] == [("2025/26", 100_000_00, 90_000_50)]
    printed = " ".join(str(block) for section in close_out(content).sections for block in section.blocks)
    assert "1 of 2 actions ended, 0 of them by the day set at approval." in printed
    assert "-9,999.50" in printed


def test_as_at_an_earlier_day_the_close_out_knows_nothing_later(delivering: Delivering) -> None:
    action = delivering.action()
    said = {"decided_on": date(2026, 5, 1), "minute": "Minute 4", "cause": Cause.MONEY, "reason": "None."}
    changes.move_agreed_date(action, to=SEPTEMBER, by=delivering.member, **said)  # type: ignore[arg-type]  # as the minute has it
    content = close_out_of(plan_of(delivering, on=MARCH), title="Review of 2026", on=MARCH)
    assert (content.slips, content.causes, content.actions[0].late_days) == ((), (), 0)


def plan_of(delivering: Delivering, *, on: date) -> list[Recommendation]:
    return list(Recommendation.objects.filter(pk=delivering.recommendation.pk).in_register_order(on=on))
