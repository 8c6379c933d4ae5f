"""What people think, in sentences that a board can read: every percentage with its interval, base and effective base."""

import math
from typing import TYPE_CHECKING

from bestvalue.analysis.consult.estimation import Estimate
from bestvalue.analysis.contract import Figure, Statement
from bestvalue.analysis.rounding import percent, plain

if TYPE_CHECKING:
    from bestvalue.analysis.consult.estimates import Estimated, Spec

CAVEATS = (
    "Intervals hold the chance of the draw. They do not hold what people who did not answer would have said, nor how a question is put.",
    "Agree means one of the two highest answers. Groups of fewer than ten people are not shown.",
    "Compare groups only if consult.validity finds that the questions mean the same to them.",
)
NAMED_AT_MOST = 3


def figure(name: str, one: Estimate, unit: str, confidence: float) -> Figure:
    """An estimate as a figure: base and effective base beside it."""
    base = f"{one.base:,} people who answered (effective base {one.effective:,.0f})"
    return Figure(name=name, value=one.value, unit=unit, base=base, base_count=one.base, low=one.low, high=one.high, confidence=confidence)


def bases(one: Estimate) -> str:
    """Base and effective base in brackets' words."""
    return f"base {one.base:,}, effective base {one.effective:,.0f}"


def scales(found: "Estimated", settings: "Spec") -> tuple[Statement, ...]:
    """The mean of each scale."""
    said = []
    for one in found.scales:
        mean = figure(f"mean of {one.name}", one.mean, "points", settings.confidence)
        text = f"{one.name.capitalize()}: mean score {one.mean.value:.2f} ({one.mean.low:.2f} to {one.mean.high:.2f}; {bases(one.mean)}), {one.wording}."
        said.append(Statement(text=text, figures=(mean,)))
    return tuple(said)


def questions(found: "Estimated", settings: "Spec") -> tuple[Statement, ...]:
    """What most and fewest agree with."""
    ranked = sorted(found.questions, key=lambda one: -one.agreed[0].value)
    if len(ranked) > 2 * NAMED_AT_MOST:
        chosen = [*((one, "Most agree") for one in ranked[:NAMED_AT_MOST]), *((one, "Fewest agree") for one in ranked[-NAMED_AT_MOST:])]
    else:
        chosen = [(one, "") for one in ranked]
    said = []
    for one, lead in chosen:
        agree, number = one.agreed
        share = figure(f"share who agree with {one.name}", agree, "share", settings.confidence)
        people = figure(f"people who agree with {one.name}", number, "people", settings.confidence)
        text = (
            f"{f'{lead}: ' if lead else ''}{percent(agree.value)} ({percent(agree.low)} to {percent(agree.high)}; {bases(agree)}) agree: "
            f"“{one.wording}” That is {plain(number.value)} people ({plain(number.low)} to {plain(number.high)})."
        )
        said.append(Statement(text=text, figures=(share, people)))
    return tuple(said)


def groups(found: "Estimated", settings: "Spec") -> tuple[Statement, ...]:
    """Which groups differ from everybody else by more than chance, the farthest first; or that none does."""
    every = [(one, column, group, gap, p) for one in found.scales for column, group, gap, p in one.gaps]
    if not every:
        return ()
    apart = sorted((entry for entry in every if entry[4] < 1 - settings.confidence), key=lambda entry: -abs(entry[3].value))
    base = f"{len(every)} comparisons of a group with everybody else"
    count = Figure(name="groups that differ by more than chance", value=len(apart), unit="comparisons", base=base, base_count=len(every))
    if not apart:
        return (
            Statement(text=f"No group differs from everybody else by more than chance in {base} (Holm's correction).", figures=(count,)),
        )
    listed, figures = [], [count]
    for one, column, group, gap, _ in apart[: NAMED_AT_MOST * 2]:
        listed.append(
            f"{one.name} of {group} is {abs(gap.value):.2f} points {'higher' if gap.value > 0 else 'lower'} ({abs_ends(gap.low, gap.high)})"
        )
        figures.append(
            Figure(
                name=f"{one.name}, {group} against everybody else",
                value=gap.value,
                unit="points",
                base=f"{found.made.people.height:,} people who answered, by {column}",
                base_count=found.made.people.height,
                low=gap.low,
                high=gap.high,
                confidence=settings.confidence,
            )
        )
    more = f"; {len(apart) - len(listed)} more are in the table" if len(apart) > len(listed) else ""
    return (
        Statement(
            text=f"In {len(apart)} of {base} the difference is more than chance (Holm's correction): {'; '.join(listed)}{more}.",
            figures=tuple(figures),
        ),
    )


def abs_ends(low: float, high: float) -> str:
    """The ends of a difference without its sign, the smaller first."""
    ends = sorted((abs(low), abs(high)))
    return f"{ends[0]:.2f} to {ends[1]:.2f}"


def precision(found: "Estimated") -> tuple[Statement, ...]:
    """How many people of a simple random sample the answers are worth."""
    shares = [one.agreed[0] for one in found.questions if not math.isnan(one.agreed[0].design_effect)]
    if not shares:
        return ()
    effects = sorted(one.design_effect for one in shares)
    middle = effects[len(effects) // 2]
    answered = found.made.people.height
    said = f"{len(shares)} questions, {answered:,} people who answered"
    figures = (Figure(name="median design effect", value=middle, unit="times the variance", base=said, base_count=answered),)
    text = f"Draw and weights together make the variance of a percentage {middle:.2f} times that of a simple random sample (median of {len(shares)} questions, {effects[0]:.2f} to {effects[-1]:.2f})."
    return (Statement(text=text, figures=figures),)


def limits(found: "Estimated") -> tuple[Statement, ...]:
    """Groups left out, strata of one, margins not met, answers outside the scale."""
    said = []
    if found.small:
        listed = ", ".join(f"{group} ({count})" for _, group, count in found.small[:6])
        said.append(f"{len(found.small)} groups have too few people to be shown: {listed}{' and others' if len(found.small) > 6 else ''}.")
    if found.lonely:
        said.append(
            f"{found.lonely} strata have one answer or cluster only; their variance is taken around the mean of all strata, which is on the safe side."
        )
    if not found.made.raked.met:
        said.append("The weights do not meet all margins (consult.weighting says which), so errors are those of weights taken as given.")
    for counts, what in (
        (found.answers.outside, "lie outside the range of the question"),
        (found.answers.user_missing, "are codes for no answer"),
    ):
        if counts:
            said.append(f"{sum(counts.values()):,} answers to {len(counts)} questions {what} and count as none.")
    return tuple(Statement(kind="limit", text=text) for text in said)
