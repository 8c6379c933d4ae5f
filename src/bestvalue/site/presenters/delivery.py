"""Delivery in words: what happened on which day, actions with their dates, dates with their slippage, money by year."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bestvalue.record.delivery.slippage import Slip
from bestvalue.site.presenters.tags import Tag


@dataclass(frozen=True, kw_only=True)
class Happened:
    """Something that happened on a day.

    Args:
        on: the day.
        what: in a few words.
        text: what was said.
        who: who said it.
        tag: how it stood from then on; None where that did not change.
    """

    on: date
    what: str
    text: str = ""
    who: str = ""
    tag: Tag | None = None


def newest_first(happened: Iterable[Happened], *, by: date) -> tuple[Happened, ...]:
    """What had happened by a day, the newest first; things of one day in the reverse of the order given."""
    in_order = sorted((one for one in happened if one.on <= by), key=lambda one: one.on)
    return tuple(reversed(in_order))


@dataclass(frozen=True, kw_only=True)
class ActionRow:
    """One action of a plan.

    Args:
        name: "3.1".
        what: what is done.
        lead: who leads it.
        starts: when work begins; None where the plan does not say.
        original: the date set at approval.
        agreed: the date of the newest decision.
        forecast: the lead's date; None without one.
        tag: how it stands.
        is_late: its agreed date has passed and it has not ended.
        waits_for: names of what it waits for.
        address: its page.
    """

    name: str
    what: str
    lead: str
    starts: date | None
    original: date
    agreed: date
    forecast: date | None
    tag: Tag
    is_late: bool
    waits_for: tuple[str, ...]
    address: str

    @property
    def slipped(self) -> str:
        """What the body has granted, and what the lead expects beyond.

        Example:
            >>> slipped_words(granted=91, expected=10)
            'agreed 91 days later, forecast 10 days beyond that'
        """
        return slipped_words(
            granted=(self.agreed - self.original).days,
            expected=(self.forecast - self.agreed).days if self.forecast is not None else None,
        )


def slipped_words(*, granted: int, expected: int | None) -> str:
    """Slippage in words; empty where nothing slipped.

    Example:
        >>> slipped_words(granted=-1, expected=None), slipped_words(granted=0, expected=0)
        ('agreed 1 day sooner', '')
    """
    parts = []
    if granted:
        parts.append(f"agreed {_days(granted)} {'later' if granted > 0 else 'sooner'}")
    if expected:
        parts.append(f"forecast {_days(expected)} {'beyond' if expected > 0 else 'before'} that")
    return ", ".join(parts)


def _days(days: int) -> str:
    return "1 day" if abs(days) == 1 else f"{abs(days)} days"


@dataclass(frozen=True, kw_only=True)
class SlipRow:
    """One line of the series of slippage."""

    on: date
    by: str
    agreed: date
    forecast: date | None
    words: str
    cycles: str
    why: str


def slip_rows(series: Sequence[Slip]) -> tuple[SlipRow, ...]:
    """The series of slippage as rows of a table, the oldest first."""
    return tuple(
        SlipRow(
            on=slip.on,
            by="Decision" if slip.by_decision else "Forecast",
            agreed=slip.agreed,
            forecast=slip.forecast,
            words=slipped_words(granted=slip.agreed_days, expected=slip.forecast_days) or "none",
            cycles=f"{slip.agreed_cycles:.1f}",
            why=slip.why,
        )
        for slip in series
    )


@dataclass(frozen=True, kw_only=True)
class MoneyRow:
    """One financial year: each kind planned and realised, in pounds; realised is empty where nothing is recorded."""

    year: str
    cells: tuple[str, ...]


MONEY_COLUMNS = (
    ("cost", "planned", "Cost planned"),
    ("cost", "realised", "Cost realised"),
    ("cashable", "planned", "Cashable saving planned"),
    ("cashable", "realised", "Cashable saving realised"),
    ("non-cashable", "planned", "Other saving planned"),
    ("non-cashable", "realised", "Other saving realised"),
)
"""Kind, basis and heading of each column."""


def money_rows(entries: Iterable[tuple[int, int, str, str, int]]) -> tuple[MoneyRow, ...]:
    """Money by year with a row of totals.

    Args:
        entries: action, year, kind, basis and pence of each entry, the oldest first; of one action, year, kind and basis the newest counts.

    Example:
        >>> [(row.year, row.cells[:2]) for row in money_rows([(1, 2026, "cost", "planned", 100_00), (1, 2026, "cost", "planned", 120_00)])]
        [('2026/27', ('£120', '')), ('All years', ('£120', ''))]
    """
    newest: dict[tuple[int, int, str, str], int] = {}
    for action, year, kind, basis, pence in entries:
        newest[action, year, kind, basis] = pence
    if not newest:
        return ()
    by_year: Mapping[int, dict[tuple[str, str], int]] = defaultdict(dict)
    totals: dict[tuple[str, str], int] = {}
    for (_, year, kind, basis), pence in newest.items():
        by_year[year][kind, basis] = by_year[year].get((kind, basis), 0) + pence
        totals[kind, basis] = totals.get((kind, basis), 0) + pence
    rows = [MoneyRow(year=f"{year}/{(year + 1) % 100:02}", cells=_pounds(by_year[year])) for year in sorted(by_year)]
    return (*rows, MoneyRow(year="All years", cells=_pounds(totals)))


def _pounds(sums: Mapping[tuple[str, str], int]) -> tuple[str, ...]:
    return tuple(f"£{sums[kind, basis] / 100:,.0f}" if (kind, basis) in sums else "" for kind, basis, _ in MONEY_COLUMNS)
