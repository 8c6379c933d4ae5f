"""A plan as bars over time. The table beside it says the same in words, for the keyboard and the screen reader."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bestvalue.site.presenters.delivery import ActionRow

WIDTH, LABEL, ROW, HEAD = 960, 250, 34, 30
"""In units of the drawing: its width, the room for names on the left, the height of a row, and of the years above."""


@dataclass(frozen=True, kw_only=True)
class Tick:
    """A month's beginning on the axis."""

    x: float
    words: str


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One action: a bar from its start to its agreed date, a mark at the original date, another at the forecast."""

    y: float
    text_y: float
    mark_y: float
    label: str
    x: float
    width: float
    original_x: float
    forecast_x: float | None
    kind: str


@dataclass(frozen=True, kw_only=True)
class Gantt:
    """The drawing of a plan."""

    width: int
    height: int
    today_x: float | None
    ticks: tuple[Tick, ...]
    bars: tuple[Bar, ...]
    left: int
    finding: str


def gantt(rows: Sequence[ActionRow], *, on: date, critical: frozenset[str]) -> Gantt | None:
    """The drawing of a plan, None of a plan without actions.

    Args:
        rows: the actions; one without a start is drawn from 30 days before its original date.
        on: the day that is marked.
        critical: names of the actions on the critical path.
    """
    if not rows:
        return None
    starts = [row.starts or date.fromordinal(row.original.toordinal() - 30) for row in rows]
    ends = [max(day for day in (row.original, row.agreed, row.forecast) if day is not None) for row in rows]
    first, last = min(starts), max(ends)
    scale = (WIDTH - LABEL - 20) / max((last - first).days, 1)

    def at(day: date) -> float:
        return round(LABEL + (day - first).days * scale, 1)

    bars = tuple(
        Bar(
            y=HEAD + place * ROW + 8,
            text_y=HEAD + place * ROW + 22,
            mark_y=HEAD + place * ROW + 4,
            label=_label(row),
            x=at(start),
            width=max(round((row.agreed - start).days * scale, 1), 2),
            original_x=at(row.original),
            forecast_x=at(row.forecast) if row.forecast is not None else None,
            kind="late" if row.is_late else "critical" if row.name in critical else "plain",
        )
        for place, (row, start) in enumerate(zip(rows, starts, strict=True))
    )
    return Gantt(
        width=WIDTH,
        height=HEAD + len(rows) * ROW + 10,
        today_x=at(on) if first <= on <= last else None,
        ticks=tuple(Tick(x=at(day), words=day.strftime("%b %Y")) for day in _months(first, last)),
        bars=bars,
        left=LABEL,
        finding=_finding(rows, last),
    )


def _label(row: ActionRow) -> str:
    words = f"{row.name} {row.what}"
    return words if len(words) <= 34 else f"{words[:33]}…"


def _months(first: date, last: date) -> list[date]:
    """Beginnings of months, at most eight of them."""
    months = (last.year - first.year) * 12 + last.month - first.month
    step = max(1, -(-months // 8))
    found = []
    for after in range(1, months + 1, step):
        year, month = divmod(first.year * 12 + first.month - 1 + after, 12)
        found.append(date(year, month + 1, 1))
    return found


def _finding(rows: Sequence[ActionRow], last: date) -> str:
    late = sum(row.is_late for row in rows)
    slipped = sum(row.agreed > row.original for row in rows)
    actions = "1 action" if len(rows) == 1 else f"{len(rows)} actions"
    end = f"{actions}, the last to be complete by {last.day} {last:%B %Y}"
    return f"{end}; {late} past the agreed date, {slipped} agreed later than first planned"
