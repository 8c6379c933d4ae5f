"""The series of slippage of an action, read from its dates."""

from datetime import date

from bestvalue.record.delivery.life_cycle import Cause
from bestvalue.record.delivery.models import Action
from bestvalue.record.delivery.slippage import Moved, Slip, slippage


def slips_of(action: Action, *, on: date, cycle_days: int) -> tuple[Slip, ...]:
    """The series up to a day.

    Args:
        action: with its dates prefetched (`agreed_dates__body`, `forecasts`), or this asks for them.
        on: the day.
        cycle_days: days from one meeting of the owning body to the next.
    """
    agreed = [
        Moved(on=row.decided_on, to=row.date, why=f"{Cause(row.cause).label}: {row.reason} ({row.body}, {row.minute})", agreed=True)
        for row in action.agreed_dates.all()
    ]
    expected = [Moved(on=row.on, to=row.date, why=row.note, agreed=False) for row in action.forecasts.all()]
    moves = [move for move in (*agreed, *expected) if move.on <= on]
    return slippage(original=action.original_date, moves=moves, cycle_days=cycle_days)
