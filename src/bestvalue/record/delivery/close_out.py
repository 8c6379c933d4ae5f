"""A plan's close-out, gathered from the record."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

from django.conf import settings
from django.db.models import Prefetch

from bestvalue.documents import close_out as content
from bestvalue.record.delivery.life_cycle import ENDED, Cause, State, Status
from bestvalue.record.delivery.models import Action, AgreedDate, Basis, Money, MoneyKind, Recommendation, Verification
from bestvalue.record.delivery.slip_series import slips_of
from bestvalue.record.ledger import ledger
from bestvalue.record.reviews.models import highest

NO_OWNER_CYCLE = 91
"""Days of a board cycle where nobody owns the recommendation: a quarter."""


def close_out_of(plan: Sequence[Recommendation], *, title: str, on: date) -> content.CloseOut:
    """What the close-out of a plan says.

    Args:
        plan: its recommendations, as far as whoever asks may see them, as `in_register_order` reads them of that day; with their
            ownerships, or this asks for them.
        title: of the report that it answers.
        on: the day that it tells of.
    """
    cycles = {one.pk: one.ownership.cycle_days if one.ownership else NO_OWNER_CYCLE for one in plan}
    found = Action.objects.filter(recommendation__in=cycles).in_plan_order(on=on)
    decided = Prefetch("agreed_dates", AgreedDate.objects.select_related("body"))
    verified = Prefetch("verifications", Verification.objects.select_related("by"))
    actions = list(found.prefetch_related(decided, "forecasts", "states", verified))
    statuses = Counter(one.newest_status for one in plan)
    return content.CloseOut(
        title=title,
        issuer=str(plan[0].issuer),
        on=on,
        marking=highest(plan).value,
        checkpoint=str(ledger.head()),
        synthetic=settings.WORKSPACE.settings.synthetic,
        statuses=tuple((status.label, statuses[status.value]) for status in Status if statuses[status.value]),
        actions=tuple(_closed(action, cycles[action.recommendation_id], on) for action in actions),
        slips=tuple(line for action in actions for line in _slips(action, cycles[action.recommendation_id], on)),
        causes=tuple(_causes(actions, on)),
        money=tuple(_money(actions, on)),
    )


def _closed(action: Action, cycle_days: int, on: date) -> content.ClosedAction:
    ended = max((state.on for state in action.states.all() if state.state in ENDED and state.on <= on), default=None)
    late = ((ended or action.agreed_then) - action.original_date).days
    seen = [row for row in action.verifications.all() if row.holds and row.on <= on]
    return content.ClosedAction(
        name=action.name,
        what=action.what,
        lead=str(action.lead),
        state=State(action.state_then).label,
        original=action.original_date,
        agreed=action.agreed_then,
        ended=ended,
        late_days=late,
        cycles=late / cycle_days,
        moves=sum(row.decided_on <= on for row in action.agreed_dates.all()),
        seen="; ".join(f"{row.by} ({row.get_kind_display().partition(':')[0].lower()}, {row.on.day} {row.on:%B %Y})" for row in seen),
    )


def _slips(action: Action, cycle_days: int, on: date) -> Iterator[content.SlipLine]:
    for slip in slips_of(action, on=on, cycle_days=cycle_days):
        to = slip.agreed if slip.by_decision else slip.forecast
        if to is not None:
            days = (to - action.original_date).days
            yield content.SlipLine(
                name=action.name, on=slip.on, by_decision=slip.by_decision, to=to, days=days, cycles=days / cycle_days, why=slip.why
            )


def _causes(actions: Sequence[Action], on: date) -> Iterator[content.CauseLine]:
    days: dict[str, list[int]] = defaultdict(list)
    for action in actions:
        before = action.original_date
        for row in action.agreed_dates.all():
            if row.decided_on <= on:
                days[row.cause].append((row.date - before).days)
                before = row.date
    for cause in sorted(days, key=lambda one: -sum(days[one])):
        yield content.CauseLine(cause=Cause(cause).label, moves=len(days[cause]), days=sum(days[cause]))


def _money(actions: Sequence[Action], on: date) -> Iterator[content.MoneyLine]:
    """Of one action, year, kind and basis the newest entry counts."""
    newest: dict[tuple[int, int, str, str], int] = {}
    for row in Money.objects.filter(action__in=actions, on__lte=on).order_by("id"):
        newest[row.action_id, row.year, row.kind, row.basis] = row.pence
    sums: dict[tuple[int, str, str], int] = defaultdict(int)
    for (_, year, kind, basis), pence in newest.items():
        sums[year, kind, basis] += pence
    for year in sorted({year for year, _, _ in sums}):
        for kind in MoneyKind:
            planned, realised = (sums.get((year, kind.value, basis.value)) for basis in (Basis.PLANNED, Basis.REALISED))
            if planned is not None or realised is not None:
                words = f"{year}/{(year + 1) % 100:02}"
                yield content.MoneyLine(year=words, kind=kind.label, planned=planned, realised=realised)
