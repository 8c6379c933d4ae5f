"""What reliability says, in sentences that a board can read."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from bestvalue.analysis.consult.answers import Answers
from bestvalue.analysis.consult.traffic_light import Light
from bestvalue.analysis.contract import Figure, Statement

if TYPE_CHECKING:
    from bestvalue.analysis.consult.reliability import Scale, Spec

CAVEATS = (
    "Reliable means: free of noise. Whether a scale measures what its name says is another question: consult.validity.",
    "Reliability belongs to these people and these questions; it is counted on people who answered every question of a scale, unweighted.",
    "Alpha assumes that all questions measure equally well and is too low where they do not; omega does not assume it. Both take a scale for one thing.",
)
LISTED_AT_MOST = 6


def overview(found: "Sequence[Scale]", lights: Mapping[str, Light]) -> Statement:
    """How many scales are green, amber and red."""
    counts = {colour: sum(one.colour == colour for one in lights.values()) for colour in ("green", "amber", "red")}
    base = f"{len(found)} scales"
    figures = tuple(
        Figure(name=f"scales that are {colour}", value=count, unit="scales", base=base, base_count=len(found))
        for colour, count in counts.items()
    )
    parts = [
        f"{count} {colour} ({', '.join(name for name, one in lights.items() if one.colour == colour)})"
        for colour, count in counts.items()
        if count
    ]
    return Statement(text=f"Can the scales of the questionnaire be relied on? Of {len(found)}: {'; '.join(parts)}.", figures=figures)


def scale(one: "Scale", its_light: Light, settings: "Spec") -> tuple[Statement, ...]:
    """What one scale is worth, what to change in it, and how it repeats."""
    return (_worth(one, its_light, settings), *_change(one), *_again(one, settings))


def _worth(one: "Scale", its_light: Light, settings: "Spec") -> Statement:
    people = one.alpha.respondents
    base = f"{people:,} people who answered all {one.alpha.items} questions of {one.name}"
    alpha = _figure(f"alpha of {one.name}", one.alpha.alpha, one.alpha.low, one.alpha.high, base, people, settings.confidence)
    figures = [alpha]
    text = f"{one.name.capitalize()} is {its_light.colour}: {its_light.said}. "
    if one.omega:
        has_interval = settings.bootstraps > 0
        omega = (
            _figure(f"omega of {one.name}", one.omega.omega, one.omega.low, one.omega.high, base, people, settings.confidence)
            if has_interval
            else Figure(name=f"omega of {one.name}", value=one.omega.omega, unit="none", base=base, base_count=people)
        )
        figures.insert(0, omega)
        share = f"{omega.value:.0%} of the differences between people's totals come from the one thing that the questions share"
        text += f"{share} (omega {_printed(omega)}; alpha {_printed(alpha)}; base {base})."
    else:
        text += f"Alpha is {_printed(alpha)} (base {base}); a scale of two questions has no omega."
    if one.ordinal:
        text += f" Taking answers as steps of a hidden feeling, omega is {one.ordinal.omega:.2f}."
        figures.append(Figure(name=f"ordinal omega of {one.name}", value=one.ordinal.omega, unit="none", base=base, base_count=people))
    return Statement(text=text, figures=tuple(figures))


def _change(one: "Scale") -> tuple[Statement, ...]:
    """Questions found turned, and a question without which the scale would be better."""
    said = []
    base = f"{one.alpha.respondents:,} people who answered all questions of {one.name}"
    rest = dict(zip(one.answers.ids, one.fit.rest, strict=True))
    wording = {item.item_id: item.wording for item in one.answers.items}
    for item in one.turned:
        figure = Figure(
            name=f"correlation of {item} with the rest", value=float(rest[item]), unit="none", base=base, base_count=one.alpha.respondents
        )
        said.append(
            Statement(
                text=f"{item} (“{wording[item]}”) goes against the rest of {one.name}, {figure.value:.2f}: a high answer seems to mean little of it. "
                "It was left as it is: if it is worded the other way round, mark it as reversed in survey_items and run this again.",
                figures=(figure,),
            )
        )
    for item, without in zip(one.answers.ids, one.fit.alpha_without, strict=True):
        if without > one.alpha.high and item not in one.turned:
            figure = Figure(name=f"alpha without {item}", value=float(without), unit="none", base=base, base_count=one.alpha.respondents)
            said.append(
                Statement(
                    text=f"Without {item} (“{wording[item]}”) the alpha of {one.name} would rise to {without:.2f}: look at its words.",
                    figures=(figure,),
                )
            )
    return tuple(said)


def _again(one: "Scale", settings: "Spec") -> tuple[Statement, ...]:
    if one.again is None:
        return (
            Statement(
                kind="limit", text=f"Whether people would answer {one.name} the same again cannot be said: too few were asked twice."
            ),
        )
    again, agreement = one.again, one.again.forms[1]
    base = f"{again.people:,} people who answered {one.name} in full twice"
    figures = (
        _figure(f"ICC(2,1) of {one.name}", agreement.value, agreement.low, agreement.high, base, again.people, settings.confidence),
        _figure(
            f"change of {one.name} between askings",
            again.change,
            again.change_low,
            again.change_high,
            base,
            again.people,
            settings.confidence,
            "points",
        ),
        Figure(
            name=f"smallest real change of one person, {one.name}",
            value=again.smallest_change,
            unit="points",
            base=base,
            base_count=again.people,
        ),
    )
    text = (
        f"Asked again, people's {one.name} scores agree with ICC(2,1) {_printed(figures[0])} (base {base}). "
        f"The mean moved by {again.change:+.2f} points ({again.change_low:+.2f} to {again.change_high:+.2f}). "
        f"One person's score has to change by {again.smallest_change:.1f} points before it is more than noise."
    )
    return (Statement(text=text, figures=figures),)


def left_out(answers: Answers) -> tuple[Statement, ...]:
    """Answers that were not used, and why."""
    said = []
    for counts, what in (
        (answers.outside, "lie outside the range of the question and were taken as no answer"),
        (answers.user_missing, "are codes for no answer and were taken as such"),
    ):
        if counts:
            listed = ", ".join(f"{item} {count:,}" for item, count in list(counts.items())[:LISTED_AT_MOST])
            more = f" and {len(counts) - LISTED_AT_MOST} more questions" if len(counts) > LISTED_AT_MOST else ""
            said.append(Statement(kind="limit", text=f"{sum(counts.values()):,} answers {what}: {listed}{more}."))
    return tuple(said)


def _figure(name: str, value: float, low: float, high: float, base: str, count: int, confidence: float, unit: str = "none") -> Figure:
    return Figure(name=name, value=value, unit=unit, base=base, base_count=count, low=low, high=high, confidence=confidence)


def _printed(figure: Figure) -> str:
    return f"{figure.value:.2f}" + (f" ({figure.low:.2f} to {figure.high:.2f})" if figure.low is not None else "")
