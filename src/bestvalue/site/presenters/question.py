"""One question as a page shows it: its words in the chosen language, its fields with what was answered, and what is wrong with it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bestvalue.dataset.questionnaires.answering import in_words
from bestvalue.dataset.questionnaires.asked import Entry, in_language
from bestvalue.dataset.questionnaires.filling import NO, YES, Filling, Stop

FIELD = "answer"
PARTS = (("day", "Day", 2), ("month", "Month", 2), ("year", "Year", 4))
SHAPES = {
    "choose one": "radios",
    "choose several": "checkboxes",
    "whole number": "number",
    "number": "number",
    "date": "date",
    "time": "time",
    "acknowledge": "tick",
    "note": "note",
}
CODE = re.compile(r"\(([a-z]{2,3}(?:-[A-Za-z]{2,4})?)\)\s*$")


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One radio button or checkbox."""

    id: str
    value: str
    words: str
    chosen: bool


@dataclass(frozen=True, kw_only=True)
class Box:
    """One box of a date."""

    id: str
    name: str
    label: str
    width: int
    value: str


@dataclass(frozen=True, kw_only=True)
class QuestionView:
    """A question on its page.

    Args:
        shape: which fields it has: "radios", "checkboxes", "text", "lines", "number", "date", "time", "tick" or "note".
        caption: the section that it stands in.
        heading: the question; it is the heading of the page.
        hint: what helps to answer.
        fault: what is wrong with the answer; empty where nothing is.
        value: what was answered before, for a single field.
        choices, boxes: its fields, where it has several.
        optional: it can be left out.
        language: code of the language of its words, for screen readers.
    """

    shape: str
    caption: str
    heading: str
    hint: str
    fault: str
    value: str
    choices: tuple[Choice, ...]
    boxes: tuple[Box, ...]
    optional: bool
    language: str

    @property
    def first_field(self) -> str:
        """Id of the field that the summary of errors leads to."""
        if self.choices:
            return self.choices[0].id
        return self.boxes[0].id if self.boxes else FIELD


@dataclass(frozen=True, kw_only=True)
class AnswerLine:
    """One row of the page that shows all answers."""

    question: str
    answer: str
    place: str


def question_view(filling: Filling, stop: Stop, *, language: str, given: Sequence[str] | None = None, fault: str = "") -> QuestionView:
    """The page of a question.

    Args:
        filling: the form with the answers so far.
        stop: which page.
        language: of the form.
        given: what was just sent and refused; else what was answered before is shown.
        fault: why it was refused.
    """
    kept = filling.answers.get(stop.place)
    if stop.entry is None:
        return _another(filling, stop, language=language, kept=kept or "", fault=fault)
    entry = stop.entry
    typed = list(given) if given is not None else _fields_of(entry, entry.default if kept is None else kept)
    shape = "lines" if entry.kind == "text" and entry.long else SHAPES.get(entry.kind, "text")
    boxes = [*typed, "", "", ""][:3]
    return QuestionView(
        shape=shape,
        caption=_caption(filling, stop, language),
        heading=filling.words(entry.words, language, time=stop.time),
        hint=filling.words(entry.hint, language, time=stop.time),
        fault=fault,
        value=typed[0] if typed else "",
        choices=tuple(
            Choice(id=f"{FIELD}-{at}", value=option.name, words=in_language(option.words, language), chosen=option.name in typed)
            for at, option in enumerate(filling.options(stop))
        )
        if shape in ("radios", "checkboxes")
        else (),
        boxes=tuple(
            Box(id=f"{FIELD}-{part}", name=f"{FIELD}_{part}", label=label, width=width, value=boxes[at])
            for at, (part, label, width) in enumerate(PARTS)
        )
        if shape == "date"
        else (),
        optional=entry.is_answered and not entry.required,
        language=language_code(language),
    )


def answer_lines(filling: Filling, *, language: str) -> list[AnswerLine]:
    """Every question with its answer in words, for the page to check them on."""
    lines = []
    for stop in filling.stops():
        kept = filling.answers.get(stop.place, "")
        if stop.entry is None:
            view = _another(filling, stop, language=language, kept=kept, fault="")
            lines.append(AnswerLine(question=view.heading, answer=kept.capitalize(), place=stop.place))
        elif stop.entry.is_answered:
            words = filling.words(stop.entry.words, language, time=stop.time)
            caption = _caption(filling, stop, language)
            question = f"{caption}: {words}" if stop.block else words
            lines.append(AnswerLine(question=question, answer=in_words(stop.entry, kept, language=language), place=stop.place))
    return lines


def language_code(language: str) -> str:
    """The code of a language of a form, as XLSForm writes it behind the name; English where there is none.

    Example:
        >>> language_code("Cymraeg (cy)"), language_code("default")
        ('cy', 'en')
    """
    found = CODE.search(language)
    return found.group(1) if found else "en"


def _another(filling: Filling, stop: Stop, *, language: str, kept: str, fault: str) -> QuestionView:
    name = filling.words(stop.block.words, language) or stop.block.name if stop.block else ""
    heading = f"{name}: is there another one to add?" if stop.time else f"{name}: is there one to add?"
    return QuestionView(
        shape="radios",
        caption="",
        heading=heading,
        hint="",
        fault=fault,
        value="",
        choices=tuple(
            Choice(id=f"{FIELD}-{at}", value=value, words=value.capitalize(), chosen=kept == value) for at, value in enumerate((YES, NO))
        ),
        boxes=(),
        optional=False,
        language=language_code(language),
    )


def _caption(filling: Filling, stop: Stop, language: str) -> str:
    if stop.block is None:
        return ""
    return f"{filling.words(stop.block.words, language) or stop.block.name} {stop.time}"


def _fields_of(entry: Entry, kept: str) -> list[str]:
    """A kept answer as the fields show it."""
    if entry.kind == "date":
        return [part.lstrip("0") for part in reversed(kept.split("-"))] if kept else []
    return kept.split() if entry.kind == "choose several" else [kept]
