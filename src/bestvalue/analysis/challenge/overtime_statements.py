"""What the counts of overtime say, in sentences that a board can read."""

from datetime import date
from typing import Any

import numpy as np
import polars as pl
from scipy import stats

from bestvalue.analysis.challenge.overtime_cost import Posts
from bestvalue.analysis.challenge.overtime_counts import CAUSES, total
from bestvalue.analysis.challenge.overtime_duties import Duties
from bestvalue.analysis.challenge.overtime_structural import FEWEST_WEEKS, Estimate, Structural
from bestvalue.analysis.contract import Figure, Statement
from bestvalue.analysis.rounding import percent, plain

CAVEATS = (
    "Overtime is what the duties show: time beyond the plan that nobody entered is not here.",
    "Paid minutes are priced at each person's hourly pay with on-costs, as the staff table gives it. Where on-costs such as pensions are not due on overtime, overtime is cheaper than shown and posts are dearer beside it.",
    "Rest-day rates for a tour that runs on into a rest day are not worked out: which days were rest days is not in the data.",
    "A post gives its hours where it is rostered. Jobs that run past the end of a tour come in odd half-hours, so posts only replace them where shifts overlap; challenge.roster says how.",
    "The checks of working time know duties only. Leave, sickness and compensatory rest are not in them, so the weekly average is a lower bound and a short rest may have been made good.",
)


def day(when: date) -> str:
    """A date as words: 1 April 2025."""
    return f"{when.day} {when:%B %Y}"


def base(duties: Duties) -> str:
    """What was counted, as words."""
    return f"{duties.rows.height:,} duties, {day(duties.first_day)} to {day(duties.last_day)}"


def left_out(duties: Duties) -> tuple[Statement, ...]:
    """How many duties could not be counted; nothing where all could."""
    missing = duties.found - duties.rows.height
    if missing == 0:
        return ()
    figure = Figure(
        name="duties left out", value=missing, unit="duties", base=f"{duties.found:,} duties in the table", base_count=duties.found
    )
    text = f"{missing:,} of {duties.found:,} duties ({percent(missing / duties.found)}) cannot be right and are left out; the table of faults names each rule and the first of them."
    return (Statement(text=text, figures=(figure,)),)


def whole(duties: Duties, rows: pl.DataFrame) -> Statement:
    """How much overtime there was."""
    people, hours = rows["staff_id"].n_unique(), total(rows, "overtime_minutes") / 60
    share, pounds = total(rows, "overtime_minutes") / total(rows, "worked_minutes"), total(rows, "paid_pence") / 100
    said = base(duties)
    figures = (
        Figure(name="overtime hours", value=hours, unit="hours", base=said, base_count=rows.height),
        Figure(name="share of the hours worked", value=share, unit="share", base=said, base_count=rows.height),
        Figure(name="overtime hours a person", value=hours / people, unit="hours a person", base=f"{people:,} people", base_count=people),
        Figure(name="pay for the recorded overtime", value=pounds, unit="pounds", base=said, base_count=rows.height),
    )
    text = (
        f"{plain(hours)} hours of overtime were worked, {percent(share)} of all hours and {plain(hours / people)} hours a person "
        f"({said}, {people:,} people). At the rates of the regulations the minutes that were paid come to £{plain(pounds)}."
    )
    return Statement(text=text, figures=figures)


def causes(duties: Duties, rows: pl.DataFrame) -> tuple[Statement, ...]:
    """How the overtime divides by what the times show; nothing where there is none."""
    counted = rows.filter(pl.col("cause").is_not_null()).group_by("cause").agg(hours=pl.col("overtime_minutes").sum() / 60)
    if counted.height == 0:
        return ()
    counted = counted.with_columns(share=pl.col("hours") / pl.col("hours").sum()).sort("hours", "cause", descending=[True, False])
    figures = tuple(
        Figure(name=f"share of overtime: {CAUSES[cause]}", value=share, unit="share", base=f"{plain(hours)} hours, {base(duties)}")
        for cause, hours, share in counted.iter_rows()
    )
    listed = "; ".join(f"{CAUSES[cause]} {percent(share)}" for cause, _, share in counted.iter_rows())
    return (Statement(text=f"By what the times show: {listed}.", figures=figures),)


def highest_pools(pools: pl.DataFrame) -> tuple[Statement, ...]:
    """Which pools live on overtime."""
    if pools.height < 2:
        return ()
    ends = (pools.row(0, named=True), pools.row(-1, named=True))
    figures = tuple(
        Figure(
            name=f"overtime share of hours, {row['pool']}",
            value=row["share_of_hours"],
            unit="share",
            base=f"{row['duties']:,} duties of {row['people']:,} people",
            base_count=row["duties"],
        )
        for row in ends
    )
    text = (
        f"Of {pools.height} pools {ends[0]['pool']} lives most on overtime, {percent(ends[0]['share_of_hours'])} of its hours and "
        f"{plain(ends[0]['hours_a_person'])} hours a person; {ends[1]['pool']} least, {percent(ends[1]['share_of_hours'])}."
    )
    return (Statement(text=text, figures=figures),)


def structural(found: Structural, all_hours: float, confidence: float) -> tuple[Statement, ...]:
    """The part that demand makes inevitable."""
    total = found.total
    said = f"{total.jobs:,} jobs of units on duty, {found.weeks} weeks"
    figure = _estimate("hours that demand makes inevitable", total, said, confidence)
    share = Figure(
        name="share of all overtime",
        value=total.hours / all_hours,
        unit="share",
        base=f"{plain(all_hours)} hours of overtime",
        low=total.low / all_hours,
        high=total.high / all_hours,
        confidence=confidence,
    )
    recorded = Figure(name="recorded without being told beforehand", value=total.recorded_hours, unit="hours", base=said)
    held = total.low <= total.recorded_hours <= total.high
    text = (
        f"Demand at today's establishment and shift times makes {_range(figure)} of these hours inevitable, {percent(share.value)} of all overtime: "
        f"jobs that are still running when the tour ends. It is worked out from when jobs began and how long they took ({said}), not from the reasons that were written down; "
        f"{plain(total.recorded_hours)} hours were recorded as not told beforehand, {'inside' if held else 'outside'} that interval. The rest follows from plans, events and cover."
    )
    finding = Statement(text=text, figures=(figure, share, recorded))
    if held:
        return (finding,)
    more = total.recorded_hours > total.high
    failed = Statement(
        kind="failed",
        text=f"The overtime that was recorded without being told beforehand, {plain(total.recorded_hours)} hours, is {'more' if more else 'less'} than jobs running past the end of tours explain ({plain(total.low)} to {plain(total.high)} hours). "
        + (
            "Look for crews kept on for other work, or for planned overtime entered without the time of telling."
            if more
            else "Look for deployments that were closed late, or crews that were relieved."
        ),
        figures=(recorded, figure),
    )
    return (failed, finding)


def no_structural(*, deployments: bool) -> Statement:
    """The inevitable part cannot be worked out."""
    why = (
        f"fewer than {FEWEST_WEEKS} weeks of duties have jobs of their units in them"
        if deployments
        else "there is no deployments table, which says when jobs began and ended"
    )
    return Statement(kind="limit", text=f"How much overtime demand makes inevitable cannot be said: {why}.")


def unpaid(rows: pl.DataFrame) -> tuple[Statement, ...]:
    """What the dropped half-hours leave unpaid."""
    casual = rows.filter(pl.col("cause") == "casual")
    if casual.height == 0:
        return ()
    worked, paid = total(casual, "overtime_minutes") / 60, total(casual, "overtime_paid_minutes") / 60
    said = f"{casual.height:,} duties kept on without being told beforehand"
    figure = Figure(
        name="share of such overtime that is not paid", value=1 - paid / worked, unit="share", base=said, base_count=casual.height
    )
    text = (
        f"Of {plain(worked)} hours kept on without being told, {percent(figure.value)} was not paid ({said}): under half an hour earns nothing, "
        "and the first half-hour is dropped four times a week. It costs the force nothing and its people their time."
    )
    return (Statement(text=text, figures=(figure,)),)


def budget(table: pl.DataFrame, year: str) -> tuple[Statement, ...]:
    """Overtime against its budget."""
    if table.height == 0:
        return (
            Statement(
                kind="limit", text=f"Overtime cannot be held against its budget: the ledger has no such lines of the pools in {year}."
            ),
        )
    planned, spent = total(table, "budget_pounds"), total(table, "outturn_pounds")
    recorded = total(table, "recorded_pounds")
    said = f"ledger of {year}, {table.height} pools"
    over = table.filter(pl.col("over_budget_pounds") > 0)
    figures = (
        Figure(name="overtime spent", value=spent, unit="pounds", base=said, base_count=table.height),
        Figure(name="overtime budget", value=planned, unit="pounds", base=said, base_count=table.height),
        Figure(name="recorded overtime at the rates of the regulations", value=recorded, unit="pounds", base=said),
        Figure(name="pools over their overtime budget", value=over.height, unit="pools", base=said, base_count=table.height),
    )
    text = (
        f"In {year} the pools spent £{plain(spent)} on overtime against a budget of £{plain(planned)}, {percent(spent / planned)} of it; "
        f"{over.height} of {table.height} are over. The minutes on the duties come to £{plain(recorded)} ({said})."
    )
    if over.height:
        worst = over.row(0, named=True)
        text += (
            f" Most over is {worst['pool']}: £{plain(worst['over_budget_pounds'])}, {percent(worst['outturn_of_budget'])} of its budget."
        )
    return (Statement(text=text, figures=figures),)


def posts(found: Posts, structural_part: Structural | None, weeks: float, confidence: float) -> tuple[Statement, ...]:
    """What the hours would cost as posts."""
    return tuple(
        _as_posts(row, found, structural_part, weeks, confidence)
        for row in found.causes.filter(pl.col("posts") >= 0.5).iter_rows(named=True)
    )


def _as_posts(row: dict[str, Any], found: Posts, structural_part: Structural | None, weeks: float, confidence: float) -> Statement:
    name = CAUSES[row["cause"]]
    said = f"{plain(row['hours'])} hours a year, from {plain(weeks)} weeks of duties in {found.pools.height} pools"
    low = high = None
    if row["cause"] == "casual" and structural_part is not None and structural_part.total.hours > 0:
        wide = structural_part.total
        low, high = row["posts"] * wide.low / wide.hours, row["posts"] * wide.high / wide.hours
    count = _figure(f"posts for {name}", row["posts"], "posts", said, low, high, confidence)
    figures = (
        count,
        Figure(name=f"cost as posts: {name}", value=row["posts_pounds"], unit="pounds a year", base=said),
        Figure(name=f"cost as overtime: {name}", value=row["overtime_pounds"], unit="pounds a year", base=said),
    )
    cheaper = "dearer" if row["posts_pounds"] > row["overtime_pounds"] else "cheaper"
    with_training = "pay with on-costs and training" if found.training_known else "pay with on-costs; training is not in the data"
    text = (
        f"{name[0].upper()}{name[1:]}: the {plain(row['hours'])} hours a year cost £{plain(row['overtime_pounds'])} as overtime (£{row['hour_as_overtime']:.2f} an hour worked). "
        f"As {_range(count)} posts they would cost £{plain(row['posts_pounds'])} (£{row['hour_as_post']:.2f} an hour: {with_training}), which is {cheaper}."
    )
    return Statement(text=text, figures=figures)


def errors(wrong: pl.DataFrame, rows: pl.DataFrame) -> Statement:
    """Overtime paid otherwise than the regulations give."""
    checked = rows.filter((pl.col("overtime_minutes") > 0) | (pl.col("overtime_paid_minutes") > 0)).height
    said = f"{checked:,} duties with overtime worked or paid"
    over, under = (total(wrong.filter(pl.col("over_minutes") * sign > 0), "over_pounds") * sign for sign in (1, -1))
    figures = (
        Figure(name="duties paid otherwise than due", value=wrong.height, unit="duties", base=said, base_count=checked),
        Figure(name="paid too much", value=over, unit="pounds", base=said, base_count=checked),
        Figure(name="paid too little", value=under, unit="pounds", base=said, base_count=checked),
    )
    text = (
        f"{wrong.height:,} of {said} were paid otherwise than the regulations give: £{plain(over)} too much and £{plain(under)} too little. "
        "The table lists them for the pay office."
        if wrong.height
        else f"All {said} were paid what the regulations give."
    )
    return Statement(text=text, figures=figures)


def events(days: pl.DataFrame, confidence: float) -> tuple[Statement, ...]:
    """Is there more overtime on days with a planned event?"""
    with_event, without = days.filter(pl.col("event")), days.filter(~pl.col("event"))
    if min(with_event.height, without.height) < 2:
        return ()
    said = f"{with_event.height} days with a planned event and {without.height} without"
    figures = []
    for column, name in (("casual_hours", "kept on without being told"), ("other_hours", "all other overtime")):
        test = stats.ttest_ind(with_event[column].to_numpy(), without[column].to_numpy(), equal_var=False)
        interval = test.confidence_interval(confidence)
        mean = float(np.mean(with_event[column].to_numpy()) - np.mean(without[column].to_numpy()))
        figures.append(
            _figure(f"more a day with an event: {name}", mean, "hours a day", said, float(interval.low), float(interval.high), confidence)
        )
    told = " and ".join(
        f"{_signed(figure)} hours of overtime {name}"
        for figure, name in zip(figures, ("not told beforehand", "of other causes"), strict=True)
    )
    text = f"A day with a planned event has {told} than another day ({said}; {percent(confidence)} intervals, Welch)."
    return (Statement(text=text, figures=tuple(figures)),)


def _estimate(name: str, one: Estimate, said: str, confidence: float) -> Figure:
    return Figure(
        name=name, value=one.hours, unit="hours", base=said, base_count=one.jobs, low=one.low, high=one.high, confidence=confidence
    )


def _figure(name: str, value: float, unit: str, said: str, low: float | None, high: float | None, confidence: float) -> Figure:
    return Figure(name=name, value=value, unit=unit, base=said, low=low, high=high, confidence=None if low is None else confidence)


def _range(figure: Figure) -> str:
    if figure.low is None or figure.high is None:
        return plain(figure.value)
    return f"{plain(figure.value)} ({plain(figure.low)} to {plain(figure.high)})"


def _signed(figure: Figure) -> str:
    value, low, high = (("+" if number > 0 else "") + plain(number) for number in (figure.value, figure.low or 0.0, figure.high or 0.0))
    return f"{value} ({low} to {high})"
