"""What the ranking says, in sentences that a board can read."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import polars as pl

from bestvalue.analysis.compare.asked import Group
from bestvalue.analysis.compare.printed import ordinal, printed
from bestvalue.analysis.compare.values import Panel
from bestvalue.analysis.contract import Figure, Statement

if TYPE_CHECKING:
    from bestvalue.analysis.compare.rank import Ranking

CAVEATS = (
    "A place says nothing about distance: forces far apart in the table may differ by little.",
    "The interval of a place holds chance alone: it does not allow for what forces record differently.",
)
NAMED_AT_MOST = 12


def places(panel: Panel, rankings: "Mapping[str, Ranking]", group: Group) -> tuple[Statement, ...]:
    """The own force's place on each indicator, with its interval."""
    said = []
    for ranking in list(rankings.values())[:NAMED_AT_MOST]:
        own = ranking.rows.filter(pl.col("force_id") == (panel.own or ""))
        if own.is_empty():
            continue
        row, indicator, of = own.row(0, named=True), ranking.one.indicator, ranking.rows.height
        base = f"{of} forces ({group.name}), {ranking.one.when}"
        known = ranking.ranks is not None
        figure = Figure(
            name=f"place from the lowest, {indicator.name}",
            value=row["place"],
            unit="place",
            base=base,
            base_count=of,
            low=row["low"] if known else None,
            high=row["high"] if known else None,
            confidence=ranking.ranks.confidence if ranking.ranks is not None else None,
        )
        reach = f", between {ordinal(row['low'])} and {ordinal(row['high'])} once chance is allowed for" if known else ""
        if known and row["low"] == row["high"]:
            reach = ", and chance does not move it"
        text = (
            f"{indicator.name}: {panel.name(panel.own or '')} is {ordinal(row['place'])} from the lowest of {of} "
            f"({printed(indicator, row['quotient'])}, {ranking.one.when}){reach}."
        )
        said.append(Statement(text=text, figures=(figure,)))
    if not said:
        said.append(Statement(kind="limit", text="The own force has no value on these indicators, or nobody says which force is the own."))
    return tuple(said)


def separable(rankings: "Mapping[str, Ranking]") -> tuple[Statement, ...]:
    """How much of the league table is chance."""
    widths = [
        (ranking.one.indicator.name, float((ranking.rows["high"] - ranking.rows["low"] + 1).median() or 0.0), ranking.rows.height)  # type: ignore[arg-type]
        for ranking in rankings.values()
        if ranking.ranks is not None
    ]
    if not widths:
        return ()
    widths.sort(key=lambda entry: (-entry[1] / entry[2], entry[0]))
    name, width, of = widths[0]
    best_name, best_width, best_of = widths[-1]
    figures = tuple(
        Figure(name=f"places that the middle force could take, {indicator}", value=places_wide, unit="places", base=f"{forces} forces")
        for indicator, places_wide, forces in (widths[0], widths[-1])
    )
    text = f"The least certain table is {name}: the middle force could take any of {width:.0f} of {of} places."
    if len(widths) > 1:
        text += f" The most certain is {best_name}: {best_width:.0f} of {best_of}."
    return (Statement(text=text, figures=figures),)


def no_chance(rankings: "Mapping[str, Ranking]") -> tuple[Statement, ...]:
    """Indicators whose numerator is an amount have no interval."""
    names = [ranking.one.indicator.name for ranking in rankings.values() if ranking.ranks is None]
    if not names:
        return ()
    return (
        Statement(
            kind="limit",
            text=f"No interval of places for {'; '.join(names[:6])}{' and others' if len(names) > 6 else ''}: amounts such as money and "
            "full-time equivalents do not vary as counts do.",
        ),
    )
