"""What validity says, in sentences that a board can read."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from bestvalue.analysis.consult.graded_response import NODES
from bestvalue.analysis.consult.traffic_light import Light
from bestvalue.analysis.contract import Figure, Statement

if TYPE_CHECKING:
    from bestvalue.analysis.consult.validity import Spec, Validated

CAVEATS = (
    "That questions go together does not show what they are about: whether the words mean what the scale's name says is for people to judge.",
    "Answers are taken as numbers on an even scale. With five answers or more that is usual; ordered models would change loadings a little.",
    "The cut-offs of fit are conventions. They were found for clear-cut cases and are no test.",
)


PRECISE = 0.8
"""Reliability at which a scale is said to measure somebody well."""


def base(found: "Validated") -> str:
    """Whom the models rest on, as words."""
    return f"{len(found.complete):,} people who answered all {len(found.belongs)} questions"


def _figure(found: "Validated", name: str, value: float, unit: str = "none", **ends: float) -> Figure:
    return Figure(name=name, value=value, unit=unit, base=base(found), base_count=len(found.complete), **ends)


def overview(found: "Validated", lights: Mapping[str, Light]) -> Statement:
    """The colours of the model and of each scale."""
    counts = {colour: [name for name in found.scales if lights[name].colour == colour] for colour in ("green", "amber", "red")}
    parts = "; ".join(f"{len(names)} {colour} ({', '.join(names)})" for colour, names in counts.items() if names)
    figure = Figure(
        name="scales that are green",
        value=len(counts["green"]),
        unit="scales",
        base=f"{len(found.scales)} scales",
        base_count=len(found.scales),
    )
    return Statement(
        text=f"Do the scales measure what they are meant to? The questionnaire as a whole is {lights['model'].colour}; of {len(found.scales)} scales: {parts}.",
        figures=(figure,),
    )


def exploration(found: "Validated") -> tuple[Statement, ...]:
    """Is there structure, and does it have as many factors as there are scales?"""
    meant, seen = len(found.scales), found.parallel.factors
    agrees = "as many as the questionnaire has scales" if seen == meant else f"while the questionnaire has {meant} scales"
    grade = "well" if found.adequacy >= 0.8 else "fairly" if found.adequacy >= 0.6 else "poorly"
    strays = (
        f" {', '.join(found.strays)} would rather go with another scale."
        if found.strays
        else " Every question goes with its own scale."
        if seen == meant and meant > 1
        else ""
    )
    text = f"Left to themselves the answers show {seen} factors ({agrees}); the questions suit such an analysis {grade} (KMO {found.adequacy:.2f}, base {base(found)}).{strays}"
    return (Statement(text=text, figures=(_figure(found, "factors above chance", seen, "factors"), _figure(found, "KMO", found.adequacy))),)


def model(found: "Validated", its_light: Light) -> Statement:
    """How the scales as meant fit the answers."""
    one = found.indices
    figures = (
        _figure(found, "CFI", one.cfi),
        _figure(found, "RMSEA", one.rmsea, low=one.rmsea_low, high=one.rmsea_high, confidence=0.9),
        _figure(found, "SRMR", one.srmr),
    )
    text = (
        f"The scales as they were meant fit the answers: {its_light.colour}, {its_light.said} "
        f"(chi-square {one.chi_square:,.1f} on {one.freedom}; CFI {one.cfi:.3f}, TLI {one.tli:.3f}, RMSEA {one.rmsea:.3f} ({one.rmsea_low:.3f} to {one.rmsea_high:.3f}), "
        f"SRMR {one.srmr:.3f}; base {base(found)})."
    )
    if its_light.colour == "red":
        text = text.replace(
            "The scales as they were meant fit the answers: red,", "The scales as they were meant do not fit the answers: red,"
        )
    return Statement(text=text, figures=figures)


def scales(found: "Validated", lights: Mapping[str, Light], settings: "Spec") -> tuple[Statement, ...]:  # noqa: ARG001 - one shape for all
    """Each scale: convergence and separation."""
    said = []
    for at, name in enumerate(found.scales):
        extracted = float(found.apart.variance_extracted[at])
        figures = [
            _figure(found, f"average variance extracted of {name}", extracted, "share"),
            _figure(found, f"composite reliability of {name}", float(found.apart.composite[at])),
        ]
        text = f"{name.capitalize()} is {lights[name].colour}: {lights[name].said} (average variance extracted {extracted:.2f}, composite reliability {figures[1].value:.2f}"
        others = [other for other in range(len(found.scales)) if other != at]
        if others:
            nearest = max(others, key=lambda other: found.apart.ratios[at, other])
            figures.append(_figure(found, f"HTMT of {name} and {found.scales[nearest]}", float(found.apart.ratios[at, nearest])))
            text += f"; nearest to {found.scales[nearest]}, HTMT {found.apart.ratios[at, nearest]:.2f}"
        said.append(Statement(text=f"{text}).", figures=tuple(figures)))
    return tuple(said)


def precise(found: "Validated") -> tuple[Statement, ...]:
    """For whom each scale measures well."""
    said = []
    for name, one in found.graded.items():
        reliable = NODES[one.reliability_at(NODES) >= PRECISE]
        best = float(NODES[one.information.sum(axis=0).argmax()])
        figure = _figure(found, f"feeling at which {name} measures best", best, "standard deviations from the average")
        if not len(reliable):
            text = f"{name.capitalize()} measures nobody with a reliability of {PRECISE:g}; best are people {best:+.1f} standard deviations from the average."
        else:
            text = (
                f"{name.capitalize()} measures people between {reliable.min():+.1f} and {reliable.max():+.1f} standard deviations from the average with a reliability of {PRECISE:g} "
                f"or more, best at {best:+.1f}; beyond, its answers run out."
            )
        if not one.converged:
            text += " (The model did not settle; take it as a sketch.)"
        said.append(Statement(text=text, figures=(figure,)))
    return tuple(said)


def between(found: "Validated") -> tuple[Statement, ...]:
    """May means be compared between groups?"""
    said = []
    for column, invariance in found.between.items():
        people = {name: one.people for name, one in zip(invariance.groups, invariance.rungs[0].fitted.moments, strict=True)}
        listed = ", ".join(f"{name} {count:,}" for name, count in people.items())
        total = sum(people.values())
        scalar = invariance.rungs[2]
        figures = (
            Figure(
                name=f"CFI lost at the scalar step, {column}",
                value=scalar.cfi_lost,
                unit="none",
                base=f"{total:,} people ({listed})",
                base_count=total,
            ),
        )
        by = column.replace("_", " ")
        if invariance.means_comparable:
            text = f"Groups by {by} may be compared: the questions mean the same to them ({invariance.reached} invariance; CFI changes by {-scalar.cfi_lost:+.3f} at the scalar step; base {listed})."
        else:
            failed = next(rung.step for rung in invariance.rungs if not rung.holds)
            text = f"Means of groups by {by} should not be compared: the {failed} step does not hold (base {listed}). Look for the question that a group reads differently."
        said.append(Statement(text=text, figures=figures))
    return tuple(said)


def known(found: "Validated", settings: "Spec") -> tuple[Statement, ...]:
    """Do groups that are known to differ differ on the scale?"""
    said = []
    for one in found.known:
        expected = one.expected
        people = f"{expected.higher} {one.people_higher:,}, {expected.lower} {one.people_lower:,}"
        figure = Figure(
            name=f"{expected.scale}, {expected.higher} less {expected.lower}",
            value=one.difference,
            unit="steps of the answers",
            base=f"{one.people_higher + one.people_lower:,} people ({people})",
            base_count=one.people_higher + one.people_lower,
            low=one.low,
            high=one.high,
            confidence=settings.confidence,
        )
        verdict = "as was expected" if one.holds else ("the other way round" if one.high < 0 else "which is too little to be sure of")
        text = (
            f"On {expected.scale}, {expected.higher} scored {one.difference:+.2f} steps ({one.low:.2f} to {one.high:.2f}) against "
            f"{expected.lower}, {verdict} (Hedges' g {one.effect:.2f}; base {people})."
        )
        said.append(Statement(text=text, figures=(figure,)))
    return tuple(said)


def limits(found: "Validated") -> tuple[Statement, ...]:
    """What was left out."""
    said = []
    gaps = len(found.answers.people) - len(found.complete)
    if gaps:
        said.append(f"{gaps:,} people who left a question out are not in these models.")
    if found.constant:
        said.append(f"Everybody gave the same answer to {', '.join(found.constant)}: left out.")
    if found.dropped:
        said.append(
            f"{', '.join(found.dropped)} {'has' if len(found.dropped) == 1 else 'have'} fewer than three usable questions: left out."
        )
    if found.explored.heywood.any():
        items = ", ".join(found.answers.ids[at] for at in found.explored.heywood.nonzero()[0])
        said.append(f"The exploratory factors explain {items} in full (a Heywood case): its own variance was held at 0.005.")
    if found.too_small:
        said.append(f"Too few people, or a question that everybody answers alike, in {', '.join(found.too_small[:5])}: not compared.")
    for counts, what in (
        (found.answers.outside, "lie outside the range of the question"),
        (found.answers.user_missing, "are codes for no answer"),
    ):
        if counts:
            said.append(f"{sum(counts.values()):,} answers {what} and count as none.")
    return tuple(Statement(kind="limit", text=text) for text in said)
