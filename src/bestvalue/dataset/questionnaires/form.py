"""What is asked: the questions of a form, with their choices, in each language."""

from collections.abc import Mapping
from dataclasses import dataclass, field

ONE_LANGUAGE = "default"


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One answer to choose: its code, and its words by language."""

    name: str
    words: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question.

    Args:
        name: its code.
        kind: "select one", "select all that apply", "text", "integer", "note", ...
        words: by language.
        hint: by language.
        choices: in order; empty where the answer is free.
        required: it cannot be skipped.
        asked_if: the condition under which it is asked, as the form writes it; empty for always.
        section: names of the groups around it.
        repeats: it stands in a repeat, asked again for each.
    """

    name: str
    kind: str
    words: Mapping[str, str]
    hint: Mapping[str, str] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    required: bool = False
    asked_if: str = ""
    section: tuple[str, ...] = ()
    repeats: bool = False

    @property
    def is_asked(self) -> bool:
        """Somebody has to answer it: no note and nothing that the device fills in."""
        return bool(self.words) and self.kind not in ("note", "calculate", "hidden", "start", "end", "today", "deviceid", "acknowledge")


@dataclass(frozen=True, kw_only=True)
class Form:
    """A form: title, languages, questions in order, and what the reader of XLSForm warns of."""

    title: str
    languages: tuple[str, ...]
    questions: tuple[Question, ...]
    warnings: tuple[str, ...] = ()

    def untranslated(self) -> tuple[tuple[str, str], ...]:
        """(language, question) for every question without words in a language that others have."""
        return tuple(
            (language, question.name)
            for language in self.languages
            for question in self.questions
            if question.words and not question.words.get(language)
        )
