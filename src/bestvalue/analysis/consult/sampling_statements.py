"""What the plan of a survey says, in sentences that a board can read."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from bestvalue.analysis.contract import Figure, Statement
from bestvalue.analysis.rounding import percent, plain

if TYPE_CHECKING:
    from bestvalue.analysis.consult.sampling import Plan, Spec

CAVEATS = (
    "A margin holds the chance of the draw. That some will not answer, and answer differently, is not in it: consult.who_was_not_heard.",
    "Expected response and design effect are guesses until a pilot or an earlier survey gives them.",
)


def _base(plan: "Plan") -> str:
    return f"a frame of {plan.people.sum():,.0f} people in {len(plan.areas)} areas"


def needed(plan: "Plan", settings: "Spec") -> Statement:
    """Answers and invitations in all."""
    answers, invited = int(plan.answers.sum()), int(plan.invited.sum())
    figures = tuple(
        Figure(name=name, value=value, unit=unit, base=_base(plan))
        for name, value, unit in (("answers", answers, "answers"), ("invitations", invited, "people"))
    )
    reason = "as asked for" if settings.total else "the most that the margin, the change and the areas ask for"
    return Statement(
        text=f"The plan asks for {answers:,} answers ({reason}), which takes {invited:,} invitations if {percent(settings.response)} answer; base {_base(plan)}.",
        figures=figures,
    )


def whole(plan: "Plan", settings: "Spec") -> Statement:
    """How sure a percentage of everybody is."""
    figure = Figure(name="margin of the whole", value=plan.whole, unit="share", base=_base(plan))
    met = (
        "as asked"
        if plan.whole <= settings.margin * 1.0005
        else f"wider than the {percent(settings.margin)} asked, because areas are not asked by their size: more answers or proportional allocation would close it"
    )
    return Statement(
        text=f"A percentage of everybody will be known to within {100 * plan.whole:.1f} points either way ({settings.confidence:.0%}, design effect {settings.design_effect:g}): {met}.",
        figures=(figure,),
    )


def areas(plan: "Plan", settings: "Spec", names: Mapping[str, str]) -> Statement:
    """How sure a percentage of one area is."""
    widest = int(np.argmax(plan.margins))
    within = int((plan.margins <= settings.area_margin).sum())
    figures = (
        Figure(
            name="areas within the margin asked", value=within, unit="areas", base=f"{len(plan.areas)} areas", base_count=len(plan.areas)
        ),
        Figure(
            name="widest margin of an area",
            value=float(plan.margins[widest]),
            unit="share",
            base=f"{plan.answers[widest]:,} answers in {names[plan.areas[widest]]}",
        ),
    )
    text = (
        f"In {within} of {len(plan.areas)} areas a percentage will be known to within {percent(settings.area_margin)}; "
        f"least surely in {names[plan.areas[widest]]}, {100 * plan.margins[widest]:.1f} points either way on {plan.answers[widest]:,} answers."
    )
    return Statement(text=text, figures=figures)


def change(plan: "Plan", settings: "Spec") -> Statement:
    """Whether a change would be found."""
    enough = plan.answers.sum() >= plan.for_change
    figure = Figure(
        name="answers needed to detect the change",
        value=plan.for_change,
        unit="answers in each survey",
        base=f"a change of {100 * settings.change:g} points from {percent(settings.share)}",
    )
    return Statement(
        text=f"A change of {100 * settings.change:g} points between two such surveys takes {plan.for_change:,.0f} answers in each to be found {settings.power:.0%} of the time: "
        f"this plan {'has' if enough else 'does not have'} them.",
        figures=(figure,),
    )


def cost(plan: "Plan") -> Statement:
    """What it costs, and what other allocations would."""
    pounds = plan.cost_pence / 100
    figure = Figure(
        name="expected cost",
        value=pounds,
        unit="pounds",
        base=f"{int(plan.answers.sum()):,} answers at the frame's cost of one in each area",
    )
    cheapest = min(plan.by_method, key=lambda method: plan.by_method[method][0])
    better = (
        f" {cheapest.capitalize()} allocation of as many would bring the margin of the whole to {100 * plan.by_method[cheapest][0]:.1f} points and the widest of an area to {100 * plan.by_method[cheapest][1]:.1f}."
        if plan.whole - plan.by_method[cheapest][0] > 0.0005
        else ""
    )
    return Statement(text=f"It is expected to cost £{plain(pounds)}.{better}", figures=(figure,))


def limits(plan: "Plan") -> tuple[Statement, ...]:
    """Areas nobody lives in."""
    if not plan.empty:
        return ()
    return (Statement(kind="limit", text=f"{plan.empty} areas of the frame have no people and were left out."),)
