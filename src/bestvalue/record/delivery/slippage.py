"""How far have the dates of an action slipped? A series, in days and in cycles of the body that decides."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True)
class Moved:
    """A date that was set: the agreed one by decision, or the forecast by the lead.

    Args:
        on: day on which it was set.
        to: the date.
        why: the cause and reason of a decision, or the lead's note.
        agreed: it is the agreed date; else the forecast.
    """

    on: date
    to: date
    why: str
    agreed: bool


@dataclass(frozen=True, kw_only=True)
class Slip:
    """How the dates stood after one was set.

    Args:
        on: the day.
        agreed: agreed date from then on.
        forecast: the lead's date; None while there was none.
        agreed_days: agreed less original: what the body has granted.
        forecast_days: forecast less agreed: what the lead expects beyond that; None without a forecast.
        agreed_cycles: `agreed_days` in cycles of the body.
        why: what was said when it was set.
        by_decision: the agreed date was set; else the forecast.
    """

    on: date
    agreed: date
    forecast: date | None
    agreed_days: int
    forecast_days: int | None
    agreed_cycles: float
    why: str
    by_decision: bool


def slippage(*, original: date, moves: Iterable[Moved], cycle_days: int) -> tuple[Slip, ...]:
    """The series of slippage, in the order in which dates were set.

    Args:
        original: the date set once, at approval.
        moves: every later date.
        cycle_days: days from one meeting of the owning body to the next, at least 1.

    Example: granted 91 days with meetings every 91, then expected ten days later still.
        >>> moves = [
        ...     Moved(on=date(2026, 3, 1), to=date(2026, 9, 29), why="money", agreed=True),
        ...     Moved(on=date(2026, 5, 1), to=date(2026, 10, 9), why="", agreed=False),
        ... ]
        >>> [(slip.agreed_days, slip.agreed_cycles, slip.forecast_days) for slip in
        ...  slippage(original=date(2026, 6, 30), moves=moves, cycle_days=91)]
        [(91, 1.0, None), (91, 1.0, 10)]
    """
    agreed, forecast, series = original, None, list[Slip]()
    for move in sorted(moves, key=lambda move: move.on):
        if move.agreed:
            agreed = move.to
        else:
            forecast = move.to
        series.append(
            Slip(
                on=move.on,
                agreed=agreed,
                forecast=forecast,
                agreed_days=(agreed - original).days,
                forecast_days=(forecast - agreed).days if forecast is not None else None,
                agreed_cycles=(agreed - original).days / cycle_days,
                why=move.why,
                by_decision=move.agreed,
            )
        )
    return tuple(series)


def days_slipped(series: Sequence[Slip]) -> int:
    """Days granted beyond the original date, by the newest entry; 0 before the first."""
    return series[-1].agreed_days if series else 0
