"""Surveys and the consultation log in words: how far a survey is, how its pilot went, and what came of what was said."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

import numpy as np

from bestvalue.analysis.consult.questionnaire_form import FormCheck
from bestvalue.analysis.rates import wilson_interval
from bestvalue.dataset.questionnaires.asked import AskedForm, in_language
from bestvalue.record.consultation.models import Changed, SurveyStep
from bestvalue.site.presenters.tags import Tag

STANDING: Mapping[SurveyStep | None, Tag] = {
    None: Tag(words="Prepared", colour="grey"),
    SurveyStep.PILOT_STARTED: Tag(words="Pilot", colour="purple"),
    SurveyStep.PILOT_ENDED: Tag(words="Pilot ended", colour="grey"),
    SurveyStep.OPENED: Tag(words="Open", colour="green"),
    SurveyStep.EXTENDED: Tag(words="Open", colour="green"),
    SurveyStep.CLOSED: Tag(words="Closed", colour="blue"),
}
CHANGED: Mapping[str, Tag] = {
    "": Tag(words="Not answered", colour="red"),
    Changed.YES: Tag(words="Changed", colour="green"),
    Changed.PART: Tag(words="Changed in part", colour="teal"),
    Changed.NO: Tag(words="Nothing changed", colour="grey"),
}
LIGHT: Mapping[str, Tag] = {
    "red": Tag(words="Look again", colour="red"),
    "amber": Tag(words="Worth a look", colour="orange"),
    "green": Tag(words="Sound", colour="green"),
}


@dataclass(frozen=True, kw_only=True)
class QuestionLine:
    """A question of a form, as the lead reads it before it goes out.

    Args:
        name: its code.
        words: in the first language.
        kind: what it takes.
        asked: when it is asked, and what an answer has to keep to.
        remarks: what the design checks say of it.
    """

    name: str
    words: str
    kind: str
    asked: str
    remarks: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PilotLine:
    """How one question did in the pilot: people who were asked, who left it out with a 95% interval, and the median seconds."""

    name: str
    words: str
    asked: int
    left_out: int
    share: float
    low: float
    high: float
    seconds: float | None


@dataclass(frozen=True, kw_only=True)
class HandedInTimes:
    """What a pilot needs of one response."""

    answered: frozenset[str]
    left_out: frozenset[str]
    seconds: Mapping[str, float]


def question_lines(form: AskedForm, check: FormCheck) -> list[QuestionLine]:
    """Every question with its conditions and the remarks on it."""
    said: dict[str, list[str]] = {}
    for remark in check.remarks:
        said.setdefault(remark.question, []).append(f"{remark.fault}: {remark.why}")
    for language, name in check.untranslated:
        said.setdefault(name, []).append(f"no words in {language}")
    lines = []
    for entry in form.every_entry():
        conditions = []
        if entry.relevant:
            conditions.append(f"asked if {entry.relevant}")
        if entry.constraint:
            conditions.append(f"has to keep {entry.constraint}")
        if entry.required:
            conditions.append("required" if entry.required == "yes" else f"required if {entry.required}")
        lines.append(
            QuestionLine(
                name=entry.name,
                words=in_language(entry.words, ""),
                kind=entry.kind,
                asked="; ".join(conditions) or "asked of everybody",
                remarks=tuple(said.get(entry.name, ())),
            )
        )
    return lines


def pilot_lines(form: AskedForm, responses: Sequence[HandedInTimes]) -> list[PilotLine]:
    """Who left what out, and how long each question took; the one that was left out most comes first. Times of repeats are put together."""
    lines = []
    for entry in form.every_entry():
        if not entry.is_answered:
            continue
        asked = left_out = 0
        seconds: list[float] = []
        for one in responses:
            asked += _count(one.answered, entry.name) + _count(one.left_out, entry.name)
            left_out += _count(one.left_out, entry.name)
            seconds += [value for place, value in one.seconds.items() if place.rpartition("/")[2] == entry.name]
        if not asked:
            continue
        ends = wilson_interval(np.array([float(left_out)]), whole=np.array([float(asked)]))
        lines.append(
            PilotLine(
                name=entry.name,
                words=in_language(entry.words, ""),
                asked=asked,
                left_out=left_out,
                share=left_out / asked,
                low=float(ends.low[0]),
                high=float(ends.high[0]),
                seconds=median(seconds) if seconds else None,
            )
        )
    return sorted(lines, key=lambda line: -line.share)


def _count(places: Iterable[str], name: str) -> int:
    return sum(place.rpartition("/")[2] == name for place in places)


@dataclass(frozen=True, kw_only=True)
class HeardLine:
    """One row of the log.

    Args:
        reference: "H2".
        who: with how many, where that is known.
        when: the day.
        how: the way.
        said: what they said.
        did: the newest answer to it; empty while there is none.
        tag: what came of it.
        about: words and addresses of what it is about.
        address: of its own page.
    """

    reference: str
    who: str
    when: date
    how: str
    said: str
    did: str
    tag: Tag
    about: tuple[tuple[str, str], ...]
    address: str


def who_words(who: str, people: int | None) -> str:
    """Who was heard, and how many.

    Example:
        >>> who_words("Residents", 40)
        'Residents (40 people)'
    """
    if people is None:
        return who
    return f"{who} ({people:,} {'person' if people == 1 else 'people'})"


def waiting_words(count: int) -> str:
    """How many were heard and have no answer yet.

    Example:
        >>> waiting_words(1), waiting_words(0)
        ('1 of them has no answer yet', '')
    """
    if not count:
        return ""
    return "1 of them has no answer yet" if count == 1 else f"{count} of them have no answer yet"
