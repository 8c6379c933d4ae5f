"""Which force is compared with which others, on what, and when? The parameters that every comparison shares."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from bestvalue.analysis.compare.values import Indicator, Panel
from bestvalue.analysis.contract import AnalysisSpec, parameter
from bestvalue.dataset.dataset import Dataset
from bestvalue.errors import SpecError

ALL_FORCES = "all"
NAMED_AT_MOST = 4
"""A group of more forces is called by its number."""


class CompareSpec(AnalysisSpec):
    """Whom to compare with whom."""

    own_force: str = parameter(
        "", title="Own force", help="Code or name of the force under review; as the forces table says when left empty."
    )
    indicators: tuple[str, ...] = parameter((), title="Indicators", help="Codes or names of the indicators; every one when left empty.")
    group: str = parameter(
        ALL_FORCES,
        title="Group",
        help="Whom to compare with: all for every force, the name of a list in peer_lists, or names of forces joined by semicolons.",
    )
    confidence: float = parameter(
        0.95,
        title="Confidence",
        help="Level of the intervals: 0.95 means that 19 in 20 hold.",
        unit="share (0 to 1)",
        advanced=True,
        ge=0.5,
        le=0.999,
    )


def period_parameter() -> Any:
    """The field for the period that is compared."""
    return parameter(
        None,
        title="Period",
        help="First day of the period to compare; the last that at least half of the forces have when left empty.",
    )


@dataclass(frozen=True, kw_only=True)
class Group:
    """The forces that the own force is compared with.

    Args:
        name: "all 43 forces", "the 7 forces of families 2025 (1 April 2025)".
        members: their codes, the own force not among them.
        source: who made the list, and when.
    """

    name: str
    members: tuple[str, ...]
    source: str = ""


def read_group(dataset: Dataset, panel: Panel, said: str) -> Group:
    """The group that a person named.

    Raises:
        SpecError: there is no such list or force, or the list has nobody for the own force.
    """
    others = tuple(sorted(set(panel.values["force_id"].unique()) - {panel.own or ""}))
    if said.strip().lower() in ("", ALL_FORCES):
        return Group(name=f"all {len(others)} other forces" if panel.own else f"all {len(others)} forces", members=others)
    if "peer_lists" in dataset.tables:
        listed = dataset.query("SELECT list_name, force_id, peer_force_id, listed_on, source FROM peer_lists").sort(
            "listed_on", "peer_force_id"
        )
        rows = listed.filter(pl.col("list_name").str.to_lowercase() == said.strip().lower())
        if rows.height:
            return _of_list(rows, panel)
    named = _named(panel, said)
    names = [panel.name(code) for code in named]
    few = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)
    return Group(name=few if len(names) <= NAMED_AT_MOST else f"{len(named)} named forces", members=named)


def _of_list(rows: pl.DataFrame, panel: Panel) -> Group:
    own = rows.filter(pl.col("force_id") == (panel.own or ""))
    own = own.filter(pl.col("listed_on") == pl.col("listed_on").max())
    if own.is_empty():
        raise SpecError(
            f"The list {rows['list_name'][0]!r} has no peer of {panel.name(panel.own or 'the own force')}",
            where="group",
            next_step="Choose another list, or add its peers to the table peer_lists.",
        )
    first = own.row(0, named=True)
    members = tuple(own["peer_force_id"].unique().sort())
    return Group(
        name=f"the {len(members)} forces of {first['list_name']}",
        members=members,
        source=f"{first['source']}, {long_day(first['listed_on'])}",
    )


def _named(panel: Panel, said: str) -> tuple[str, ...]:
    present = panel.values["force_id"].unique().sort()
    codes = {word.lower(): code for code in present for word in (code, panel.name(code))}
    found = []
    for word in said.split(";"):
        if word.strip().lower() not in codes:
            raise SpecError(
                f"There is no list and no force {word.strip()!r}",
                where="group",
                next_step=f"Write all, a list's name, or names such as {panel.name(present[0])}; {panel.name(present[-1])}.",
            )
        found.append(codes[word.strip().lower()])
    return tuple(sorted(set(found) - {panel.own or ""}))


@dataclass(frozen=True, kw_only=True)
class Slice:
    """One indicator in one period: force_id, numerator, denominator, quotient of every force with a usable value."""

    indicator: Indicator
    period: date
    ends: date
    rows: pl.DataFrame

    @property
    def when(self) -> str:
        """The period as words: "year to 31 March 2025", "30 September 2018"."""
        return period_words(self.period, self.ends)


def slices(panel: Panel, *, period: date | None) -> Mapping[str, Slice]:
    """Each indicator in the period asked for, or its latest; indicators without a value then are left out.

    Raises:
        SpecError: no indicator has a value in the period.
    """
    found = {}
    for code, indicator in panel.indicators.items():
        starts = period or panel.latest(code)
        rows = panel.values.filter((pl.col("indicator_id") == code) & (pl.col("period_starts") == starts))
        if rows.height:
            found[code] = Slice(indicator=indicator, period=starts, ends=rows["period_ends"].max(), rows=rows.drop("indicator_id"))  # type: ignore[arg-type]
    if not found:
        starts_known = panel.values["period_starts"].unique().sort().to_list()
        raise SpecError(
            f"No indicator has a value for the period that begins on {period}",
            where="period",
            next_step=f"Periods begin on {', '.join(str(day) for day in starts_known[-4:])}.",
        )
    return found


def period_words(starts: date, ends: date) -> str:
    """A period in words."""
    days = (ends - starts).days + 1
    if days == 1:
        return long_day(starts)
    if days in (365, 366):
        return f"year to {long_day(ends)}"
    if starts.day == 1 and starts.month == ends.month and days >= 28:
        return f"{starts:%B %Y}"
    return f"{long_day(starts)} to {long_day(ends)}"


def long_day(day: date) -> str:
    """A day as people write it: 1 April 2025."""
    return f"{day.day} {day:%B %Y}"
