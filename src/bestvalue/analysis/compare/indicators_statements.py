"""What the comparison of indicators says, in sentences that a board can read."""

from collections.abc import Mapping

import polars as pl

from bestvalue.analysis.compare.against import Gap
from bestvalue.analysis.compare.asked import Group, Slice
from bestvalue.analysis.compare.printed import amount, figure_of, position, printed, verdict
from bestvalue.analysis.compare.values import Panel
from bestvalue.analysis.contract import Figure, Statement
from bestvalue.analysis.rounding import plain

CAVEATS = (
    "A difference from a group is a question, not a verdict: forces differ in what they are asked to do and in how they record it.",
    "A group's average is the sum of its numerators over the sum of its denominators, not the mean of its forces' rates.",
    "Intervals hold chance alone; what makes forces differ beyond chance is the subject of compare.funnel.",
)
NAMED_AT_MOST = 4
WORDS_OF_PEOPLE = {"resident": "residents", "daytime": "people there by day", "night": "people there late in the evening"}


def overview(
    panel: Panel, group: Group, found: Mapping[str, Slice], gaps: Mapping[str, Gap], outlier_share: float, *, include_own: bool
) -> tuple[Statement, ...]:
    """How many indicators were compared, with whom, and how the average is made."""
    if not gaps:
        return ()
    out = sum(gap.stands_out for gap in gaps.values())
    base = f"{len(gaps)} indicators, {panel.name(panel.own or '')} and {group.name}"
    figure = Figure(name="indicators on which the force stands out", value=out, unit="indicators", base=base, base_count=len(gaps))
    when = {found[code].when for code in gaps}
    period = next(iter(when)) if len(when) == 1 else f"{len(when)} periods"
    source = f" ({group.source})" if group.source else ""
    return (
        Statement(
            text=f"{panel.name(panel.own or '')} is compared with {group.name}{source} on {len(gaps)} indicators, {period}. It stands out on "
            f"{out}: among the highest or lowest {outlier_share:.0%} and by more than the indicator's least gap. "
            f"Averages are weighted, {'with' if include_own else 'without'} the force itself.",
            figures=(figure,),
        ),
    )


def largest_differences(
    panel: Panel, group: Group, found: Mapping[str, Slice], gaps: Mapping[str, Gap], confidence: float
) -> tuple[Statement, ...]:
    """The largest relative differences, each in rates and in pounds or cases."""
    ranked = sorted(gaps, key=lambda code: -abs(gaps[code].quotient / gaps[code].used - 1) if gaps[code].used else 0.0)
    return tuple(_difference(panel, group, found[code], gaps[code], confidence) for code in ranked[: 2 * NAMED_AT_MOST])


def _difference(panel: Panel, group: Group, one: Slice, gap: Gap, confidence: float) -> Statement:
    indicator, own = one.indicator, panel.name(panel.own or "")
    base = f"{gap.members} forces and {own}, {one.when}"
    rate = figure_of(indicator, gap.quotient, name=f"{indicator.name}, {own}", base=base, low=gap.low, high=gap.high, confidence=confidence)
    average = figure_of(indicator, gap.used, name=f"{indicator.name}, weighted average of {group.name}", base=base)
    known = gap.cases_low is not None and gap.cases_high is not None
    cases = Figure(
        name=f"difference from the average, {indicator.name}",
        value=gap.cases,
        unit=indicator.numerator,
        base=base,
        low=gap.cases_low,
        high=gap.cases_high,
        confidence=confidence if known else None,
    )
    more = gap.quotient > gap.used
    direction = verdict(indicator, more=more)
    interval = f" ({printed(indicator, gap.low)} to {printed(indicator, gap.high)})" if gap.low is not None and gap.high is not None else ""
    text = (
        f"{indicator.name}: {own} has {printed(indicator, gap.quotient)}{interval}, the group {printed(indicator, gap.used)} ({one.when}). "
        f"At the group's rate it would have {amount(indicator, gap.cases, fewer=more)}{_spread(gap)}"
        f"{f'; here that is the {direction} side' if direction else ''}."
    )
    return Statement(text=text, figures=(rate, average, cases))


def _spread(gap: Gap) -> str:
    if gap.cases_low is None or gap.cases_high is None:
        return ""
    if gap.cases_low <= 0 <= gap.cases_high:
        return ", a difference that chance alone may make"
    low, high = sorted((abs(gap.cases_low), abs(gap.cases_high)))
    return f" ({plain(low)} to {plain(high)} by chance)"


def standing_out(panel: Panel, found: Mapping[str, Slice], gaps: Mapping[str, Gap], outlier_share: float) -> tuple[Statement, ...]:
    """Where the force is among the highest or lowest."""
    out = [code for code, gap in gaps.items() if gap.stands_out]
    most = max((gap.of for gap in gaps.values()), default=0)
    if gaps and most * outlier_share < 1:
        return (
            Statement(
                kind="limit",
                text=f"With {most} forces nobody can be among the highest or lowest {outlier_share:.0%}: the outlier rule needs more.",
            ),
        )
    if not out:
        return ()
    figures = tuple(
        Figure(
            name=f"place from the lowest, {found[code].indicator.name}",
            value=gaps[code].place,
            unit="place",
            base=f"{gaps[code].of} forces",
        )
        for code in out
    )
    listed = "; ".join(f"{found[code].indicator.name} ({position(gaps[code].place, gaps[code].of)})" for code in out)
    return (Statement(text=f"{panel.name(panel.own or '')} stands out on: {listed}.", figures=figures),)


def denominators(found: Mapping[str, Slice], people: pl.DataFrame) -> tuple[Statement, ...]:
    """Whether the count of people decides how the force stands."""
    said = []
    for (_code,), rows in people.group_by("indicator_id", maintain_order=True):
        if rows.height < 2:
            continue
        figures = tuple(
            Figure(
                name=f"place from the lowest by {WORDS_OF_PEOPLE[row['counted']]}, {row['indicator']}",
                value=row["place"],
                unit="place",
                base=f"{row['of']} forces",
            )
            for row in rows.iter_rows(named=True)
        )
        listed = ", ".join(
            f"{position(row['place'], row['of'])} by {WORDS_OF_PEOPLE[row['counted']]} ({plain(row['own'])} against {plain(row['group'])})"
            for row in rows.iter_rows(named=True)
        )
        decides = rows["stands_out"].n_unique() > 1
        ending = ": whether the force stands out depends on the denominator" if decides else ""
        said.append((decides, Statement(text=f"{rows['indicator'][0]}, by whom it is counted on: {listed}{ending}.", figures=figures)))
    said.sort(key=lambda pair: not pair[0])
    if not said and any(one.indicator.denominator == "resident population" for one in found.values()):
        return (
            Statement(
                kind="limit",
                text="Only residents are known. Visitors and commuters are not in the denominator, which can make a permanent outlier of a "
                "capital; daytime and night populations in force_populations would show by how much.",
            ),
        )
    return tuple(statement for _, statement in said[:NAMED_AT_MOST])


def best(panel: Panel, group: Group, found: Mapping[str, Slice], gaps: Mapping[str, Gap]) -> tuple[Statement, ...]:
    """Who is best in the group on indicators that say which way is better."""
    listed, figures = [], []
    for code in gaps:
        one = found[code]
        if one.indicator.better == "neither":
            continue
        members = one.rows.filter(pl.col("force_id").is_in([*group.members, panel.own or ""]))
        top = members.sort("quotient", "force_id", descending=[one.indicator.better == "higher", False]).row(0, named=True)
        listed.append(f"{one.indicator.name}: {panel.name(top['force_id'])} ({printed(one.indicator, top['quotient'])})")
        figures.append(
            figure_of(
                one.indicator, top["quotient"], name=f"best in group, {one.indicator.name}", base=f"{members.height} forces, {one.when}"
            )
        )
    if not listed:
        return ()
    return (
        Statement(
            text=f"Best in the group, to learn from: {'; '.join(listed[: 2 * NAMED_AT_MOST])}. The best of many is partly luck: see compare.rank.",
            figures=tuple(figures[: 2 * NAMED_AT_MOST]),
        ),
    )


def elsewhere(panel: Panel, rows: pl.DataFrame) -> tuple[Statement, ...]:
    """Comparators abroad, with what differs."""
    if rows.is_empty():
        return ()
    shown = list(rows.head(NAMED_AT_MOST).iter_rows(named=True))
    figures = tuple(
        Figure(
            name=f"{row['indicator']}, {row['comparator']}",
            value=row["converted"],
            unit="as the indicator is printed, at equal purchasing power",
            base=f"{row['source']}, {row['period']}",
        )
        for row in shown
    )
    listed = "; ".join(f"{row['comparator']} {plain(row['converted'])} ({row['definition_differs'].rstrip('.')})" for row in shown)
    first = shown[0]
    return (
        Statement(
            text=f"Abroad, at equal purchasing power, {first['indicator']}: {listed}; {panel.name(panel.own or '')} {plain(first['own'])}.",
            figures=figures,
        ),
    )


def kept_out(panel: Panel) -> tuple[Statement, ...]:
    """What was not used, by reason."""
    if panel.kept_out.is_empty():
        return ()
    counts = panel.kept_out.group_by("why").len().sort("len", "why", descending=[True, False])
    listed = "; ".join(f"{count:,} because {why}" for why, count in counts.iter_rows())
    total = panel.kept_out.height
    return (
        Statement(
            kind="limit",
            text=f"{total:,} of {total + panel.values.height:,} values are kept out of the arithmetic and listed: {listed}.",
        ),
    )


def not_compared(panel: Panel, found: Mapping[str, Slice], gaps: Mapping[str, Gap]) -> tuple[Statement, ...]:
    """Indicators without a value of the own force, and those whose kind of chance was guessed."""
    said = []
    missing = [one.indicator.name for code, one in found.items() if code not in gaps]
    if missing:
        said.append(
            Statement(
                kind="limit",
                text=f"No comparison, since {panel.name(panel.own or '')} or its whole group has no usable value: {'; '.join(missing)}.",
            )
        )
    guessed = [one for one in panel.indicators.values() if not one.described]
    if guessed:
        said.append(
            Statement(
                kind="limit",
                text=f"{len(guessed)} indicators are not described in a table of indicators: they are printed per 1,000 residents, whole "
                "numbers are taken to vary as counts do, and which way is better is not said.",
            )
        )
    return tuple(said)
