"""What the coding is worth, in sentences that a board can read."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from bestvalue.analysis.consult.traffic_light import Light
from bestvalue.analysis.contract import Figure, Statement
from bestvalue.analysis.rates import wilson_interval
from bestvalue.analysis.rounding import percent

if TYPE_CHECKING:
    from bestvalue.analysis.consult.coding import Coded, Spec

CAVEATS = (
    "Agreement shows that a code is used alike, not that it is the right code. Talk the disagreements through, mend the codebook, and code a fresh sample.",
    "Those who write in their own words are not everybody: shares are of the answers, and no estimate for the population.",
    "No machine coded an answer. Groups for reading are made by words in common and have no part in any figure.",
)
NAMED_AT_MOST = 4


def overview(found: "Coded", lights: Mapping[str, Light], settings: "Spec") -> Statement:
    """How many codes are green, and agreement on whole sets of codes."""
    base = f"{len(found.twice):,} answers coded by two or more of {len(found.coders)} coders"
    sets = Figure(
        name="alpha of whole sets of codes",
        value=found.sets.value,
        unit="none",
        base=base,
        base_count=len(found.twice),
        low=found.sets.low,
        high=found.sets.high,
        confidence=settings.confidence,
    )
    counts = {colour: [code for code, one in lights.items() if one.colour == colour] for colour in ("green", "amber", "red")}
    parts = "; ".join(f"{len(codes)} {colour} ({', '.join(codes)})" for colour, codes in counts.items() if codes)
    same = len(found.twice) - found.apart.height
    text = (
        f"Would another coder have heard the same? Of {len(lights)} codes: {parts}. Coders gave {same:,} of {base} the same set of codes "
        f"({percent(same / len(found.twice))}); beyond chance that is alpha {found.sets.value:.2f} ({found.sets.low:.2f} to {found.sets.high:.2f})."
    )
    return Statement(text=text, figures=(sets,))


def common(found: "Coded", lights: Mapping[str, Light]) -> tuple[Statement, ...]:
    """What people speak of most; codes that are not reliable are left out and said so."""
    total = found.segments["open_answer_id"].n_unique()
    given = found.segments.select("open_answer_id", "code").unique().group_by("code").len().sort(["len", "code"], descending=[True, False])
    reliable = [(code, count) for code, count in given.iter_rows() if lights[code].colour != "red"]
    if not reliable:
        return ()
    figures, listed = [], []
    for code, count in reliable[:NAMED_AT_MOST]:
        ends = wilson_interval(np.array([float(count)]), whole=np.array([float(total)]))
        figures.append(
            Figure(
                name=f"share that speaks of {code}",
                value=count / total,
                unit="share",
                base=f"{total:,} answers in words",
                base_count=total,
                low=float(ends.low[0]),
                high=float(ends.high[0]),
                confidence=0.95,
            )
        )
        listed.append(f"{code} ({percent(count / total)}, {percent(float(ends.low[0]))} to {percent(float(ends.high[0]))})")
    return (
        Statement(
            text=f"People speak most of {', '.join(listed)}; base {total:,} answers in words, a code counting if any coder gave it.",
            figures=tuple(figures),
        ),
    )


def weak(found: "Coded", lights: Mapping[str, Light], settings: "Spec") -> tuple[Statement, ...]:
    """Each code that is red."""
    said = []
    definition = dict(found.codebook.iter_rows())
    for one in found.codes:
        if lights[one.code].colour != "red" or one.alpha is None or one.gwet is None:
            continue
        base = f"{one.alpha.units:,} answers coded twice"
        figure = Figure(
            name=f"alpha of {one.code}",
            value=one.alpha.value,
            unit="none",
            base=base,
            base_count=one.alpha.units,
            low=one.alpha.low,
            high=one.alpha.high,
            confidence=settings.confidence,
        )
        text = (
            f"Coders do not agree on “{one.code}” (alpha {one.alpha.value:.2f}, {one.alpha.low:.2f} to {one.alpha.high:.2f}; AC1 {one.gwet.value:.2f}; base {base}): "
            f"do not report it until its definition is mended: “{definition[one.code]}”"
        )
        said.append(Statement(text=text, figures=(figure,)))
    return tuple(said)


def disagreements(found: "Coded") -> tuple[Statement, ...]:
    """How many answers to talk about, and the pair most often confused."""
    if found.apart.height == 0:
        return ()
    base = f"{len(found.twice):,} answers coded twice"
    count = Figure(name="answers on which coders differ", value=found.apart.height, unit="answers", base=base, base_count=len(found.twice))
    text = f"{found.apart.height:,} of {base} are in the table of disagreements, to be talked through."
    if found.confused.height:
        top = found.confused.row(0, named=True)
        text += f" Most often confused: {top['code']} with {top['other']} ({top['times']} answers)."
    return (Statement(text=text, figures=(count,)),)


def saturated(found: "Coded") -> Statement:
    """Whether more answers would bring new codes."""
    answers, most = len(found.curve.expected), found.curve.answers_for(0.95)
    base = f"{answers:,} coded answers"
    figures = (
        Figure(name="answers that show 95% of the codes", value=most, unit="answers", base=base, base_count=answers),
        Figure(name="chance that the next answer brings a new code", value=found.curve.unseen, unit="share", base=base, base_count=answers),
    )
    text = (
        f"On average {most:,} answers show 95% of the {found.curve.codes} codes in use; the chance that one more answer brings a new code is about {percent(found.curve.unseen)} "
        f"(base {base})."
    )
    return Statement(text=text, figures=figures)


def limits(found: "Coded") -> tuple[Statement, ...]:
    """Codes that are not in the codebook, answers coded once, consent."""
    said = []
    if found.strange:
        listed = ", ".join(f"{code} ({times})" for code, times in found.strange.items())
        said.append(f"Codes that are not in the codebook were left out: {listed}.")
    once = found.segments["open_answer_id"].n_unique() - len(found.twice)
    if once:
        said.append(f"{once:,} answers were coded by one coder only; agreement says nothing of them.")
    if not found.words["may_be_quoted"].any():
        said.append("No answer may be quoted: nobody is marked as having agreed to it (open_answers, column may_be_quoted).")
    return tuple(Statement(kind="limit", text=text) for text in said)
