"""What the need for units and the patterns that cover it say, in sentences that a board can read."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import numpy as np

from bestvalue.analysis.challenge.roster_jobs import AWAY, SUPPORT, Work
from bestvalue.analysis.challenge.roster_plan import Plan
from bestvalue.analysis.challenge.roster_validation import Validation
from bestvalue.analysis.contract import Figure, Statement
from bestvalue.analysis.rounding import percent, plain

WEEKS_A_YEAR = 365.25 / 7

NO_GAP = 1e-6
"""Below this the pattern is the best there is."""

CAVEATS = (
    "Each pool is planned on its own: units that pools lend each other are not in it, so a pool that borrows much needs more than its own work shows and one that lends less.",
    "Jobs take the time that they took, travel included. With more units on duty the nearest is nearer, and with fewer it is farther; challenge.resources works that out.",
    "Times for which units were taken away (training, court, sickness, aid, tasking) come as they came, whatever the roster.",
    "A line is worked the same way every week; crews take turns on the lines and change over on days off. Leave and sickness of people need more people than lines.",
    "Target and share of each grade come from the grades table. A roster cannot make good what handling and travel alone take.",
)


def base(work: Work, plans: Sequence[Plan], levels: Mapping[str, str]) -> str:
    """What was counted, as words; `levels`: local or support, by pool."""
    last = work.first + timedelta(weeks=work.weeks) - timedelta(days=1)
    jobs = sum(plan.jobs for plan in plans)
    many = [(level, sum(levels[plan.pool_id] == level for plan in plans)) for level in ("local", "support")]
    pools = " and ".join(f"{count} {level}" for level, count in many if count)
    return f"{jobs:,} jobs of {pools} pool{'' if len(plans) == 1 else 's'}, {_day(work.first)} to {_day(last)}"


def _day(when: object) -> str:
    return f"{when.day} {when:%B %Y}"  # type: ignore[attr-defined]  # a datetime


def validation(found: Validation | None, work: Work, tolerance: float) -> tuple[Statement, ...]:
    """How near the simulation of today's roster is to the records; first where it is not near enough."""
    if found is None:
        return (
            Statement(
                kind="limit", text="The simulation could not be held against the records: no pool has both shifts and jobs with a target."
            ),
        )
    parts, figures = [], []
    for grade, name in enumerate(work.grades):
        if found.jobs[grade] > 0:
            said = f"{int(found.jobs[grade]):,} jobs graded {name}"
            parts.append(f"{name} {percent(found.simulated[grade])} against {percent(found.recorded[grade])}")
            figures.append(
                Figure(name=f"in time with today's roster, simulated: {name}", value=float(found.simulated[grade]), unit="share", base=said)
            )
            figures.append(Figure(name=f"in time, recorded: {name}", value=float(found.recorded[grade]), unit="share", base=said))
    breaks = "taken off at meal breaks" if found.breaks_taken else "sent during meal breaks too"
    text = f"Played on the recorded jobs, with units {breaks}, today's roster reaches in time (simulated against recorded): {'; '.join(parts)}."
    if found.worst > tolerance:
        return (
            Statement(
                kind="failed",
                text=f"The simulation does not give back what was recorded: it is off by {_points(found.worst)}, more than {_points(tolerance)}. Take the needs below as a comparison, not as numbers. {text}",
                figures=tuple(figures),
            ),
        )
    return (Statement(text=f"{text} The largest difference is {_points(found.worst)}.", figures=tuple(figures)),)


def whole_need(plans: Sequence[Plan], said: str) -> Statement:
    """Unit-hours needed, and what today's roster has."""
    needed, today = sum(float(plan.units.sum()) for plan in plans), sum(plan.today_hours for plan in plans)
    over, under = sum(plan.over_hours for plan in plans), sum(plan.under_hours for plan in plans)
    figures = (
        Figure(name="unit-hours needed", value=needed, unit="unit-hours a week", base=said),
        Figure(name="unit-hours on duty today", value=today, unit="unit-hours a week", base=said),
        Figure(name="hours over the need", value=over, unit="unit-hours a week", base=said),
        Figure(name="hours under the need", value=under, unit="unit-hours a week", base=said),
    )
    text = (
        f"The targets need {plain(needed)} unit-hours a week ({said}; found by simulation); today's roster puts {plain(today)} on duty. "
        f"It has {plain(over)} unit-hours a week more than needed in some hours and {plain(under)} fewer in others."
    )
    return Statement(text=text, figures=figures)


def pattern(plans: Sequence[Plan], pence: Mapping[str, float | None], said: str) -> Statement:
    """The cheapest pattern found, its price, and how far it may be from the best."""
    hours, bound = sum(plan.pattern.weekly_hours for plan in plans), sum(plan.pattern.bound_hours for plan in plans)
    today = sum(plan.today_hours for plan in plans)
    crews = int(sum(plan.pattern.crews.sum() for plan in plans))
    gap = 1 - bound / hours if hours else 0.0
    figures = [
        Figure(name="unit-hours of the pattern", value=hours, unit="unit-hours a week", base=said),
        Figure(name="lines, one crew each", value=crews, unit="lines", base=said),
        Figure(name="what a better pattern could save at most", value=gap, unit="share", base=said),
    ]
    text = (
        f"Allowed lines that cover this need at least cost take {plain(hours)} unit-hours a week in {crews:,} lines, {_against(hours, today)} today's. "
        + (
            "No pattern of the allowed lines needs less."
            if gap < NO_GAP
            else f"No pattern of the allowed lines can need less than {plain(bound)}: at most {percent(gap)} better."
        )
    )
    priced = [plan for plan in plans if pence.get(plan.pool_id) is not None]
    if priced:
        cost = sum(pounds_a_year(plan.pattern.weekly_hours, pence[plan.pool_id]) for plan in priced)
        cost_today = sum(pounds_a_year(plan.today_hours, pence[plan.pool_id]) for plan in priced)
        figures.append(Figure(name="cost of the pattern", value=cost, unit="pounds a year", base=f"{len(priced)} pools with a price"))
        figures.append(
            Figure(name="cost of today's roster", value=cost_today, unit="pounds a year", base=f"{len(priced)} pools with a price")
        )
        more = cost - cost_today
        apart = f"£{plain(abs(more))} {'more' if more > 0 else 'less'}" if abs(more) >= 1 else "the same"
        text += f" It costs £{plain(cost)} a year against £{plain(cost_today)}, {apart} ({len(priced)} pools with a price)."
    return Statement(text=text, figures=tuple(figures))


def pounds_a_year(weekly_hours: float, pence: float | None) -> float:
    """Cost of so many unit-hours a week."""
    return 0.0 if pence is None else weekly_hours * pence * WEEKS_A_YEAR / 100


def in_time(plans: Sequence[Plan], work: Work, confidence: float) -> tuple[Statement, ...]:
    """What the pattern reaches in time, simulated on the same weeks as today's roster."""
    found = []
    for grade, name in enumerate(work.grades):
        mine = [plan for plan in plans if np.isfinite(plan.simulated_plan.mean[grade]) and plan.simulated_today is not None]
        if not mine or name == AWAY:
            continue
        weight = np.array([plan.jobs for plan in mine], dtype=np.float64)
        weight /= weight.sum()
        figures = tuple(
            Figure(
                name=f"{name} in time, {which}",
                value=float(weight @ mean),
                unit="share",
                base=f"{len(mine)} pools weighted by their jobs",
                low=max(0.0, float(weight @ mean - half)),
                high=min(1.0, float(weight @ mean + half)),
                confidence=confidence,
            )
            for which, mean, half in (_means(mine, grade, today=False, weight=weight), _means(mine, grade, today=True, weight=weight))
        )
        found.append((f"{name} {_range(figures[0])} against {_range(figures[1])}", figures))
    if not found:
        return ()
    text = f"In time with the pattern against today's roster, simulated on the same weeks ({percent(confidence)} intervals from the replications): {'; '.join(words for words, _ in found)}."
    return (Statement(text=text, figures=tuple(figure for _, figures in found for figure in figures)),)


def _means(mine: Sequence[Plan], grade: int, *, today: bool, weight: np.ndarray) -> tuple[str, np.ndarray, float]:
    shares = [plan.simulated_today if today else plan.simulated_plan for plan in mine]
    mean = np.array([one.mean[grade] for one in shares if one is not None])
    half = np.array([(one.high[grade] - one.low[grade]) / 2 for one in shares if one is not None])
    return ("today" if today else "pattern"), mean, float(np.sqrt(np.sum((weight * np.nan_to_num(half)) ** 2)))


def extremes(plans: Sequence[Plan], names: Mapping[str, str]) -> tuple[Statement, ...]:
    """Which pools have most to spare and which are shortest."""
    if len({plan.over_hours - plan.under_hours for plan in plans}) < 2:
        return ()
    most, least = (
        max(plans, key=lambda plan: plan.over_hours - plan.under_hours),
        max(plans, key=lambda plan: plan.under_hours - plan.over_hours),
    )
    if least.under_hours <= least.over_hours:
        least = most  # nobody is short
    shown = (most,) if least is most else (least, most)
    figures = tuple(
        Figure(
            name=f"today's hours less the need, {names.get(plan.pool_id, plan.pool_id)}",
            value=plan.over_hours - plan.under_hours,
            unit="unit-hours a week",
            base=f"{plan.jobs:,} jobs",
            base_count=plan.jobs,
        )
        for plan in shown
    )
    words = [
        f"{names.get(plan.pool_id, plan.pool_id)} {_signed(figure.value)} unit-hours a week"
        for plan, figure in zip(shown, figures, strict=True)
    ]
    if len(words) == 1:
        return (Statement(text=f"Against its own need no pool is short; the best supplied is {words[0]}.", figures=figures),)
    return (Statement(text=f"Against its own need the shortest pool is {words[0]}, the best supplied {words[1]}.", figures=figures),)


def minimum(plans: Sequence[Plan]) -> tuple[Statement, ...]:
    """In how many hours the rule of minimum cover, and not demand, sets the need."""
    hours = sum(int(((plan.units == plan.least) & (plan.load.mean < plan.least)).sum()) for plan in plans)
    if hours == 0:
        return ()
    share = hours / (168 * len(plans))
    figure = Figure(
        name="hours in which minimum cover sets the need",
        value=share,
        unit="share",
        base=f"168 hours of {len(plans)} pools",
        base_count=168 * len(plans),
    )
    return (
        Statement(
            text=f"In {percent(share)} of the pools' hours the need is the minimum cover that the force has set (168 hours of {len(plans)} pools).",
            figures=(figure,),
        ),
    )


def limits(
    plans: Sequence[Plan], work: Work, names: Mapping[str, str], *, idle: Sequence[str], wished: np.ndarray
) -> tuple[Statement, ...]:
    """What cannot be planned or reached."""
    found = []
    for grade, name in enumerate(work.grades):
        out = [plan for plan in plans if np.isfinite(plan.wanted[grade]) and plan.wanted[grade] < wished[grade] - 1e-9]
        if out:
            worst = min(out, key=lambda plan: plan.reachable[grade])
            found.append(
                f"In {len(out)} of {len(plans)} pools no roster reaches the target for {name if name != SUPPORT else 'support'}: even without any wait fewer than asked are in time, "
                f"in {names.get(worst.pool_id, worst.pool_id)} {percent(worst.reachable[grade])} against {percent(wished[grade])}. Handling and travel take the rest; the need is for what can be reached."
            )
    short, worse = (
        [names.get(one.pool_id, one.pool_id) for one in plans if not one.enough and one.today_enough is today] for today in (False, True)
    )
    if worse:
        found.append(
            f"For {_listed(worse)} today's roster is enough, but the pattern that was found is not in the simulation: its turns and breaks lie otherwise. "
            "Keep today's roster there, or allow other lines."
        )
    if short:
        found.append(
            f"For {_listed(short)} three times the formula's margin was still not enough in the simulation; the need shown is for that margin."
        )
    if idle:
        found.append(
            f"No need is worked out for {_listed([names.get(pool, pool) for pool in idle])}: no unit of theirs was sent in these weeks."
        )
    return tuple(Statement(kind="limit", text=text) for text in found)


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:3])
    return shown if len(names) <= 3 else f"{shown} and {len(names) - 3} more"


def _against(value: float, other: float) -> str:
    if other == 0:
        return "where nothing is on duty as"
    change = value / other - 1
    return f"{percent(abs(change))} {'more' if change > 0 else 'less'} than" if abs(change) >= 0.0005 else "the same as"


def _range(figure: Figure) -> str:
    return f"{_share(figure.value)} ({_share(figure.low or 0.0)} to {_share(figure.high or 0.0)})"


def _share(value: float) -> str:
    return f"{value:.1%}"


def _points(share: float) -> str:
    return f"{100 * share:.1f} points"


def _signed(value: float) -> str:
    return f"{'+' if value > 0 else ''}{plain(value)}"
