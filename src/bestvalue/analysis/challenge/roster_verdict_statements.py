"""Is today's roster enough, what does more of it buy, and what does the rule itself cost? In sentences that a board can read."""

from collections.abc import Mapping, Sequence

import numpy as np

from bestvalue.analysis.challenge.roster_jobs import SUPPORT, Work
from bestvalue.analysis.challenge.roster_judge import Gain, gain, together
from bestvalue.analysis.challenge.roster_plan import Plan
from bestvalue.analysis.challenge.roster_statements import pounds_a_year
from bestvalue.analysis.contract import Figure, Statement
from bestvalue.analysis.rounding import percent, plain

BARELY_POUNDS = 1.0


def support(plans: Sequence[Plan], work: Work, *, minutes: float, share: float) -> tuple[Statement, ...]:
    """What support pools are planned for, where there are any."""
    number = work.grades.index(SUPPORT)
    mine = [plan for plan in plans if np.isfinite(plan.wanted[number])]
    if not mine:
        return ()
    figure = Figure(
        name="support within its target, asked", value=share, unit="share", base=f"{_pools(len(mine))}, {plain(minutes)} minutes"
    )
    text = (
        f"What is asked for at the scene is planned for {percent(share)} within {plain(minutes)} minutes of sending ({_pools(len(mine))} with such jobs). "
        "Both are settings; records do not say when support was asked for, so waits before sending are not in it."
    )
    return (Statement(text=text, figures=(figure,)),)


def today(plans: Sequence[Plan], said: str, *, confidence: float, at_all_times: bool) -> tuple[Statement, ...]:
    """In how many pools today's roster is enough by the rule that the need is found with."""
    mine = [plan for plan in plans if plan.simulated_today is not None]
    if not mine:
        return ()
    enough = sum(plan.today_enough for plan in mine)
    rule = "the targets are met over the week"
    if at_all_times:
        rule += f", and no quarter of the day misses them by more than chance ({percent(confidence)}, shared by all quarters and grades)"
    figure = Figure(name="pools in which today's roster is enough", value=enough, unit="pools", base=said, base_count=len(mine))
    text = f"Today's roster is enough in {enough} of {len(mine)} pools, by the rule that the need is found with: {rule}."
    if enough:
        text += " There no hour is called short, but for the minimum cover."
    return (Statement(text=text, figures=(figure,)),)


def no_gain(
    plans: Sequence[Plan], work: Work, pence: Mapping[str, float | None], names: Mapping[str, str], confidence: float
) -> tuple[Statement, ...]:
    """What the pattern costs above today's where nothing that could be measured is gained for it, by one pool or by all of them together."""
    dearer = [plan for plan in plans if plan.simulated_today is not None and _more(plan, pence) > BARELY_POUNDS]
    idle = [plan for plan in dearer if not _gain((plan,), confidence).beyond_chance.any()]
    if not idle:
        return ()
    pounds, found = sum(_more(plan, pence) for plan in idle), _gain(idle, confidence)
    if found.beyond_chance.any():
        return ()
    grade = int(np.flatnonzero(found.jobs > 0)[0]) if (found.jobs > 0).any() else None
    named = ", ".join(names.get(plan.pool_id, plan.pool_id) for plan in idle[:3]) + (f" and {len(idle) - 3} more" if len(idle) > 3 else "")
    figures = [Figure(name="cost without a measurable gain", value=pounds, unit="pounds a year", base=_pools(len(idle)))]
    text = f"In {named} the pattern costs £{plain(pounds)} a year more than today's roster and buys no gain that can be told from chance"
    if grade is not None:
        jobs = int(found.jobs[grade])
        figures.append(
            Figure(
                name=f"{work.grades[grade]} in time, pattern less today",
                value=float(found.mean[grade]),
                unit="share",
                base=f"{jobs:,} simulated jobs graded {work.grades[grade]}",
                base_count=jobs,
                low=float(found.low[grade]),
                high=float(found.high[grade]),
                confidence=confidence,
            )
        )
        text += f": {work.grades[grade]} in time {_points(found.mean[grade])} ({_points(found.low[grade])} to {_points(found.high[grade])}) points, {jobs:,} simulated jobs"
    return (Statement(text=f"{text}. That money is better kept, or spent on other hours.", figures=tuple(figures)),)


def price_of_quarters(plans: Sequence[Plan], pence: Mapping[str, float | None], said: str) -> tuple[Statement, ...]:
    """What it takes to ask for the targets in each quarter of the day and not only over the week."""
    hours = sum(plan.price_hours for plan in plans)
    priced = [plan for plan in plans if pence.get(plan.pool_id) is not None]
    pounds = sum(pounds_a_year(plan.price_hours, pence[plan.pool_id]) for plan in priced)
    figures = (
        Figure(name="price of asking each quarter of the day", value=hours, unit="unit-hours a week", base=said),
        Figure(name="price of asking each quarter of the day in money", value=pounds, unit="pounds a year", base=_pools(len(priced))),
    )
    if hours < 0.5:
        text = f"Asking for the targets in each quarter of the day, and not only over the week, takes no unit-hours more ({said})."
    else:
        text = (
            f"Asking for the targets in each quarter of the day, and not only over the week, takes {plain(hours)} unit-hours a week "
            f"of the need ({said}): £{plain(pounds)} a year ({_pools(len(priced))} with a price). The setting 'Targets at all times' leaves it out."
        )
    return (Statement(text=text, figures=figures),)


def _more(plan: Plan, pence: Mapping[str, float | None]) -> float:
    """Pounds a year by which the pattern costs more than today's roster."""
    return pounds_a_year(plan.pattern.weekly_hours - plan.today_hours, pence.get(plan.pool_id))


def _gain(plans: Sequence[Plan], confidence: float) -> Gain:
    """Of the pattern over today's roster, in all these pools together; they meet the same weeks."""
    old = [plan.simulated_today.tally for plan in plans if plan.simulated_today is not None]
    return gain(together([plan.simulated_plan.tally for plan in plans]), together(old), confidence=confidence)


def _points(share: float) -> str:
    return f"{100 * share:+.1f}"


def _pools(count: int) -> str:
    return f"{count} pool{'' if count == 1 else 's'}"
