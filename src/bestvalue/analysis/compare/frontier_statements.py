"""What the frontier says, in sentences that a board can read."""

from typing import TYPE_CHECKING

import numpy as np

from bestvalue.analysis.compare.asked import long_day
from bestvalue.analysis.compare.printed import ordinal
from bestvalue.analysis.compare.values import Panel
from bestvalue.analysis.contract import Figure, Statement
from bestvalue.analysis.rounding import percent, plain

if TYPE_CHECKING:
    from bestvalue.analysis.compare.frontier import Frontier, Spec

CAVEATS = (
    "The frontier is made of other forces' figures: what is left out of inputs and outputs, such as prevention, looks like inefficiency.",
    "Each force is scored with the weights that suit it best, so a score is a generous one.",
    "Bootstrap intervals of such scores are somewhat too narrow: in simulations those at 95% held the truth in 80% to 90% of cases.",
    "Two methods stand side by side because neither is right by itself: where they disagree, use neither figure alone.",
)
NAMED_AT_MOST = 5


def _base(found: "Frontier") -> str:
    units = found.units
    return f"{len(units.ids)} forces, {', '.join(units.input_names)} for {', '.join(units.output_names)}, from {long_day(units.period)}"


def own_score(panel: Panel, found: "Frontier", own: int | None, settings: "Spec") -> tuple[Statement, ...]:
    """The own force's score with its interval."""
    if own is None or not np.isfinite(found.efficiency[own]):
        return ()
    name, score, sampled = panel.name(found.units.ids[own]), float(found.efficiency[own]), found.sampled
    place = int(1 + np.sum(found.efficiency > score + 1e-9))
    figures = [
        Figure(name=f"efficiency of {name}", value=score, unit="share of the frontier", base=_base(found), base_count=len(found.units.ids))
    ]
    doing = "deliver as much with" if settings.orientation == "input" else "deliver with as much"
    gap = f"other forces' practice would {doing} {percent(1 - score)} less" if settings.orientation == "input" else (
        f"other forces' practice would deliver {percent(1 / score - 1)} more with as much"
    )  # fmt: skip
    on = (
        "is on the frontier" if score > 1 - 1e-6 else f"has an efficiency of {score:.1%}, {ordinal(place)} of {len(found.units.ids)}: {gap}"
    )
    text = f"Using {', '.join(found.units.input_names)} for {', '.join(found.units.output_names)}, {name} {on}."
    if sampled is not None:
        corrected, low, high = float(sampled.corrected[own]), float(sampled.low[own]), float(sampled.high[own])
        figures.append(
            Figure(
                name=f"bias-corrected efficiency of {name}",
                value=corrected,
                unit="share of the frontier",
                base=_base(found),
                low=low,
                high=high,
                confidence=settings.confidence,
            )
        )
        text += f" Corrected for the forces that are not there to be seen: {corrected:.1%} ({low:.1%} to {high:.1%}, {settings.confidence:.0%})."
    return (Statement(text=text, figures=tuple(figures)),)


def targets(panel: Panel, found: "Frontier", own: int | None, settings: "Spec") -> tuple[Statement, ...]:
    """What the own force would use on the frontier, and who shows it."""
    if own is None or found.main.status[own] != "solved" or found.efficiency[own] > 1 - 1e-6:
        return ()
    del settings
    units = found.units
    peers = [j for j in np.argsort(-found.main.weights[own], kind="stable") if found.main.weights[own, j] > 0]
    rows = [
        *((name, units.inputs[own, k], float(found.main.weights[own] @ units.inputs[:, k])) for k, name in enumerate(units.input_names)),
        *((name, units.outputs[own, k], float(found.main.weights[own] @ units.outputs[:, k])) for k, name in enumerate(units.output_names)),
    ]
    changed = [(name, now, then) for name, now, then in rows if abs(then / now - 1) > 0.0005]
    figures = tuple(Figure(name=f"target, {name}", value=then, unit=name, base=_base(found)) for name, _, then in changed)
    if not figures:
        return ()
    listed = "; ".join(f"{name} {plain(now)} to {plain(then)}" for name, now, then in changed)
    who = ", ".join(f"{panel.name(units.ids[j])} ({percent(float(found.main.weights[own, j]))})" for j in peers[:NAMED_AT_MOST])
    return (Statement(text=f"Its target on the frontier: {listed}. It is made of {who}.", figures=figures),)


def scale(panel: Panel, found: "Frontier", own: int | None) -> tuple[Statement, ...]:
    """How much of the gap is size."""
    if own is None or not np.isfinite(found.constant[own] / found.variable[own]):
        return ()
    name, share = panel.name(found.units.ids[own]), float(found.constant[own] / found.variable[own])
    figure = Figure(name=f"scale efficiency of {name}", value=share, unit="share", base=_base(found))
    grows = found.growing[own]
    if grows is None:
        return (Statement(text=f"{name} works at the best size: size explains none of the gap.", figures=(figure,)),)
    side = "smaller" if grows else "larger"
    text = (
        f"Size: {name} is {side} than the size at which output for input is best; that explains {percent(1 - share)} "
        f"(scale efficiency {share:.1%})."
    )
    return (Statement(text=text, figures=(figure,)),)


def best(panel: Panel, found: "Frontier", settings: "Spec") -> tuple[Statement, ...]:
    """Who is on the frontier, and how far ahead the furthest is."""
    del settings
    on = [i for i, score in enumerate(found.efficiency) if score > 1 - 1e-6]
    share = Figure(name="forces on the frontier", value=len(on), unit="forces", base=_base(found), base_count=len(found.units.ids))
    known = [i for i in on if np.isfinite(found.super_efficiency[i])]
    known.sort(key=lambda i: (-found.super_efficiency[i], found.units.ids[i]))
    listed = ", ".join(panel.name(found.units.ids[i]) for i in on[: 2 * NAMED_AT_MOST])
    text = f"On the frontier: {len(on)} of {len(found.units.ids)} forces ({listed}{', ...' if len(on) > 2 * NAMED_AT_MOST else ''})."
    figures = [share]
    if known:
        lead = float(found.super_efficiency[known[0]])
        figures.append(
            Figure(name=f"super-efficiency of {panel.name(found.units.ids[known[0]])}", value=lead, unit="share", base=_base(found))
        )
        text += f" Furthest ahead is {panel.name(found.units.ids[known[0]])}: {lead:.2f} times what the others would need."
    return (Statement(text=text, figures=tuple(figures)),)


def limited(panel: Panel, found: "Frontier", own: int | None, settings: "Spec") -> tuple[Statement, ...]:
    """What limits on the weights do to the own score."""
    if found.limited is None:
        return ()
    score = np.where(found.limited.score > 1, 1 / found.limited.score, found.limited.score)
    failed = [panel.name(found.units.ids[i]) for i, status in enumerate(found.limited.status) if status != "solved"]
    said = []
    if own is not None and np.isfinite(score[own]):
        figure = Figure(name="efficiency with limits on weights", value=float(score[own]), unit="share of the frontier", base=_base(found))
        said.append(
            Statement(
                text=f"With every input and output between {settings.lowest_weight:.0%} and {settings.highest_weight:.0%} of a force's weighting, "
                f"{panel.name(found.units.ids[own])} scores {float(score[own]):.1%} instead of {float(found.efficiency[own]):.1%}.",
                figures=(figure,),
            )
        )
    if failed:
        said.append(Statement(kind="limit", text=f"No weights within these limits for {', '.join(failed)}."))
    return tuple(said)


def years(panel: Panel, found: "Frontier") -> tuple[Statement, ...]:
    """Productivity of the own force and of the middle force over the years."""
    if not found.years or panel.own is None:
        return ()
    chains = [change.change[ids.index(panel.own)] for _, _, ids, change in found.years if panel.own in ids]
    caught = [change.catching_up[ids.index(panel.own)] for _, _, ids, change in found.years if panel.own in ids]
    if len(chains) != len(found.years) or not np.isfinite(chains).all():
        return ()
    middle = [float(np.nanmedian(change.change)) for _, _, _, change in found.years]
    first, last = found.years[0][0], found.years[-1][1]
    base = f"{len(found.years)} pairs of years, {long_day(first)} to {long_day(last)}"
    own_a_year, caught_a_year, middle_a_year = (float(np.exp(np.mean(np.log(chain))) - 1) for chain in (chains, caught, middle))
    figures = (
        Figure(name=f"productivity of {panel.name(panel.own)} a year", value=own_a_year, unit="share", base=base),
        Figure(name="of it catching up with the frontier", value=caught_a_year, unit="share", base=base),
        Figure(name="productivity of the middle force a year", value=middle_a_year, unit="share", base=base),
    )
    text = (
        f"Productivity of {panel.name(panel.own)}: {_signed(own_a_year)} a year since {first.year}, of which {_signed(caught_a_year)} is catching up "
        f"with the frontier; the middle force {_signed(middle_a_year)}. Money is at cash prices: rising prices look like falling productivity."
    )
    return (Statement(text=text, figures=figures),)


def around(found: "Frontier", settings: "Spec") -> tuple[Statement, ...]:
    """Which characteristics of places go with inefficiency."""
    if found.around is None:
        return ()
    names, fitted = found.around
    clear = [k for k in range(len(names)) if not fitted.low[k] <= 0 <= fitted.high[k]]
    figures = tuple(
        Figure(
            name=f"1 / efficiency for one standard deviation of {names[k]}",
            value=float(fitted.coefficient[k]),
            unit="times the frontier",
            base=_base(found),
            low=float(fitted.low[k]),
            high=float(fitted.high[k]),
            confidence=settings.confidence,
        )
        for k in (clear or range(len(names)))
    )
    if not clear:
        return (
            Statement(text=f"None of {len(names)} characteristics of places goes with inefficiency by more than chance.", figures=figures),
        )
    listed = "; ".join(f"{'more' if fitted.coefficient[k] > 0 else 'less'} with {names[k]}" for k in clear)
    text = f"Inefficiency goes with the place: {listed}. That part is not the force's doing, and the score does not know it."
    return (Statement(text=text, figures=figures),)


def noisy(panel: Panel, found: "Frontier", own: int | None) -> tuple[Statement, ...]:
    """What the second method says, and where the two disagree."""
    if found.noisy is None:
        return ()
    envelope = found.sampled.corrected if found.sampled else found.efficiency
    known = np.isfinite(envelope)
    places = [np.argsort(np.argsort(-scores[known])) for scores in (envelope, found.noisy.efficiency)]
    order = float(np.corrcoef(places[0], places[1])[0, 1])
    apart = np.abs(places[0] - places[1])
    ids = [code for code, keep in zip(found.units.ids, known, strict=True) if keep]
    figures = [Figure(name="agreement of the order of forces (rank correlation)", value=order, unit="correlation", base=_base(found))]
    text = f"A frontier with noise in it orders the forces {'much the same' if order > 0.8 else 'differently' if order < 0.5 else 'in part the same'} (rank correlation {order:.2f})"
    if found.noisy.p_inefficiency > 0.05:
        text += "; on its own it finds no inefficiency beyond noise"
    if own is not None and np.isfinite(envelope[own]):
        mine = float(found.noisy.efficiency[own])
        figures.append(Figure(name="efficiency by stochastic frontier", value=mine, unit="share of the frontier", base=_base(found)))
        text += f". It gives {panel.name(found.units.ids[own])} {mine:.1%} where envelopment gives {float(envelope[own]):.1%}"
    most = [ids[k] for k in np.argsort(-apart, kind="stable")[:3] if apart[k] >= len(ids) / 4]
    if most:
        text += f". The methods disagree most on {', '.join(panel.name(code) for code in most)}"
    return (Statement(text=text + ".", figures=tuple(figures)),)


def limits_of_data(panel: Panel, found: "Frontier", own: int | None) -> tuple[Statement, ...]:
    """Units without a score, infeasible ones, and too many dimensions."""
    said = []
    if own is None:
        said.append("The own force is not among the forces scored, or nobody says which it is.")
    if found.units.left_out:
        said.append(f"Left out: {'; '.join(f'{name} ({why})' for name, why in found.units.left_out[: 2 * NAMED_AT_MOST])}.")
    unsolved = [
        f"{panel.name(code)} ({status})" for code, status in zip(found.units.ids, found.main.status, strict=True) if status != "solved"
    ]
    if unsolved:
        said.append(f"Undetermined: {', '.join(unsolved)}.")
    infeasible = [panel.name(code) for code, score in zip(found.units.ids, found.super_efficiency, strict=True) if not np.isfinite(score)]
    if infeasible:
        said.append(f"No super-efficiency for {', '.join(infeasible[: 2 * NAMED_AT_MOST])}: nobody else can be combined to match them.")
    lost = sorted({panel.name(ids[i]) for _, _, ids, change in found.years for i in np.flatnonzero(change.undetermined)})
    if lost:
        said.append(f"Productivity over the years is undetermined for {', '.join(lost[: 2 * NAMED_AT_MOST])}.")
    many = 3 * (len(found.units.input_names) + len(found.units.output_names))
    if len(found.units.ids) < many:
        said.append(
            f"{len(found.units.ids)} forces are few for so many inputs and outputs ({many} would be a usual least): scores flatter."
        )
    if found.noisy is None:
        said.append("No stochastic frontier: too few forces for its coefficients, or an output is zero.")
    return tuple(Statement(kind="limit", text=text) for text in said)


def _signed(share: float) -> str:
    text = percent(share)
    return "0%" if text.lstrip("-") == "0.0%" else f"{'+' if share > 0 else ''}{text}"
