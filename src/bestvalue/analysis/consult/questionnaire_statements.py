"""What the checks of a questionnaire and its pilot say, in sentences that a board can read."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from bestvalue.analysis.consult.answers import Answers
from bestvalue.analysis.consult.wording import Remark
from bestvalue.analysis.contract import Figure, Statement
from bestvalue.analysis.rates import wilson_interval
from bestvalue.analysis.rounding import percent

if TYPE_CHECKING:
    from bestvalue.analysis.consult.questionnaire import Pilot, Spec

CAVEATS = (
    "The rules know English words, not what they mean: talk a few people through the questions as well (cognitive interviews).",
    "A question can be worded well and still measure nothing: consult.reliability and consult.validity look at that.",
)


def wording(answers: Answers, remarks: Sequence[Remark]) -> Statement:
    """How many questions have a remark, by what."""
    touched = len({remark.question for remark in remarks})
    asked = len(answers.items)
    kinds = Counter(remark.fault for remark in remarks)
    listed = "; ".join(f"{fault} {count}" for fault, count in kinds.most_common())
    figure = Figure(name="questions with a remark", value=touched, unit="questions", base=f"{asked} questions", base_count=asked)
    tail = f": {listed}." if remarks else "."
    return Statement(text=f"{touched} of {asked} questions should be looked at again{tail}", figures=(figure,))


def examples(answers: Answers, remarks: Sequence[Remark]) -> tuple[Statement, ...]:
    """The first remark of each kind, with the question's words."""
    words = {item.item_id: item.wording for item in answers.items}
    said, seen = [], set()
    for remark in remarks:
        if remark.fault not in seen:
            seen.add(remark.fault)
            said.append(Statement(kind="limit", text=f"{remark.question}, {remark.fault}: “{words[remark.question]}” {remark.why}"))
    return tuple(said[:4])


def gaps(pilot: "Pilot", settings: "Spec") -> tuple[Statement, ...]:
    """Which questions people leave out."""
    many = pilot.gaps.filter(pl.col("low") > settings.most_missing)
    base = f"{pilot.people:,} people who answered"
    total = int(pilot.gaps["left_out"].sum()) / int(pilot.gaps["asked"].sum())
    overall = Figure(name="share of answers left out", value=total, unit="share", base=base, base_count=pilot.people)
    text = f"People left out {percent(total)} of the answers"
    figures = [overall]
    for row in many.head(3).iter_rows(named=True):
        figures.append(
            Figure(
                name=f"share who left out {row['question']}",
                value=row["share"],
                unit="share",
                base=base,
                base_count=pilot.people,
                low=row["low"],
                high=row["high"],
                confidence=0.95,
            )
        )
        text += f"; {row['question']} was left out by {percent(row['share'])} ({percent(row['low'])} to {percent(row['high'])}): “{row['wording']}”"
    tail = "" if many.height else f"; no question was left out by clearly more than {percent(settings.most_missing)}"
    return (Statement(text=f"{text}{tail} (base {base}).", figures=tuple(figures)),)


def time(pilot: "Pilot") -> tuple[Statement, ...]:
    """How long it took."""
    if not len(pilot.minutes):
        return (Statement(kind="limit", text="How long people took is not known: survey_sample has no times."),)
    low, middle, high = (float(one) for one in np.quantile(pilot.minutes, [0.1, 0.5, 0.9]))
    base = f"{len(pilot.minutes):,} people whose time is known"
    figures = (Figure(name="median time", value=middle, unit="minutes", base=base, base_count=len(pilot.minutes)),)
    text = f"Half took {middle:.0f} minutes or less; one in ten less than {low:.0f}, one in ten more than {high:.0f} (base {base})."
    return (Statement(text=text, figures=figures),)


def care(pilot: "Pilot") -> tuple[Statement, ...]:
    """Hurried and straight-line answering."""
    ends = wilson_interval(np.array([float(pilot.straight)]), whole=np.array([float(pilot.people)]))
    base = f"{pilot.people:,} people who answered"
    figure = Figure(
        name="share that gave one answer throughout a scale",
        value=pilot.straight / pilot.people,
        unit="share",
        base=base,
        base_count=pilot.people,
        low=float(ends.low[0]),
        high=float(ends.high[0]),
        confidence=0.95,
    )
    text = (
        f"{pilot.straight:,} of {base} ({percent(figure.value)}) gave one and the same answer to all questions of a scale although some are turned round; "
        f"{pilot.hurried:,} took less than a third of the median time."
    )
    return (Statement(text=text, figures=(figure,)),)


def limits(answers: Answers) -> tuple[Statement, ...]:
    """Answers taken as none, and scales in which everything points one way."""
    said = []
    for counts, what in ((answers.outside, "lie outside the range of the question"), (answers.user_missing, "are codes for no answer")):
        if counts:
            said.append(f"{sum(counts.values()):,} answers to {len(counts)} questions {what} and count as left out.")
    one_way = sorted({item.scale for item in answers.items if item.scale} - {item.scale for item in answers.items if item.reversed})
    if one_way:
        said.append(
            f"No question of {', '.join(one_way)} is turned round: people who agree with everything cannot be told from those who mean it."
        )
    return tuple(Statement(kind="limit", text=text) for text in said)
