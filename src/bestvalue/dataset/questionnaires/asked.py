"""What is asked on the site: a form as entries and blocks, kept as JSON, so that no workbook is read while somebody answers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import TypeAdapter

from bestvalue.dataset.questionnaires.form import Choice, Form, Question

Kind = Literal["choose one", "choose several", "text", "whole number", "number", "date", "time", "acknowledge", "note", "calculation"]
LONG_TEXT = "multiline"


@dataclass(frozen=True, kw_only=True)
class Option:
    """One answer to choose: its code, its words by language, and its further columns, by which a filter chooses."""

    name: str
    words: Mapping[str, str]
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing that is asked, told or calculated. Conditions are expressions of XLSForm; empty ones always hold.

    Args:
        name: its code, unique in the form.
        kind: what kind of answer it takes.
        words, hint: by language.
        options: to choose from, in order.
        relevant: whether it is asked.
        constraint, constraint_message: what an answer has to keep to, and what is said where it does not, by language.
        required: "yes", an expression, or empty for an answer that may be left out.
        required_message: said where it is left out all the same, by language.
        calculation: of a calculation.
        choice_filter: which options are offered.
        lowest, highest, step: of a number that is chosen on a range.
        long: the answer may have many lines.
        default: stands in the field at first.
    """

    name: str
    kind: Kind
    words: Mapping[str, str] = field(default_factory=dict)
    hint: Mapping[str, str] = field(default_factory=dict)
    options: tuple[Option, ...] = ()
    relevant: str = ""
    constraint: str = ""
    constraint_message: Mapping[str, str] = field(default_factory=dict)
    required: str = ""
    required_message: Mapping[str, str] = field(default_factory=dict)
    calculation: str = ""
    choice_filter: str = ""
    lowest: float | None = None
    highest: float | None = None
    step: float | None = None
    long: bool = False
    default: str = ""

    @property
    def is_answered(self) -> bool:
        """Whether somebody answers it."""
        return self.kind not in ("note", "calculation")

    @property
    def is_shown(self) -> bool:
        """Whether somebody sees it."""
        return self.kind != "calculation"


@dataclass(frozen=True, kw_only=True)
class Block:
    """Entries that belong together.

    Args:
        name: its code.
        words: by language.
        entries: in order; a repeat holds no other repeat.
        relevant: whether any of it is asked.
        repeats: it is asked again for each.
        times: how often, as an expression; empty where the person says whether there is another.
    """

    name: str
    words: Mapping[str, str] = field(default_factory=dict)
    entries: tuple["Entry | Block", ...] = ()
    relevant: str = ""
    repeats: bool = False
    times: str = ""


@dataclass(frozen=True, kw_only=True)
class AskedForm:
    """A form that the site can ask: title, languages in the order of the form, and what is asked. `notes` say what was left out."""

    title: str
    languages: tuple[str, ...]
    entries: tuple[Entry | Block, ...]
    notes: tuple[str, ...] = ()

    def every_entry(self) -> Iterator[Entry]:
        """All entries in their order, out of their blocks."""
        yield from _flat(self.entries)

    def every_block(self) -> Iterator[Block]:
        """All blocks, the outer before the inner."""
        yield from _blocks(self.entries)


_ADAPTER: TypeAdapter[AskedForm] = TypeAdapter(AskedForm)


def as_json(form: AskedForm) -> dict[str, Any]:
    """The form as JSON, without what is empty."""
    kept: dict[str, Any] = _ADAPTER.dump_python(form, mode="json", exclude_defaults=True)
    return kept


def from_json(kept: Mapping[str, Any]) -> AskedForm:
    """The form that `as_json` kept. Words stand in the order of the form's languages, also when a database ordered them otherwise.

    Example: PostgreSQL puts the keys of JSON in an order of its own.
        >>> kept = {"title": "T", "languages": ["English", "Cymraeg"], "entries": [], "notes": []}
        >>> entry = {"name": "age", "kind": "text", "words": {"Cymraeg": "Oed", "English": "Age"}}
        >>> list(from_json(kept | {"entries": [entry]}).entries[0].words)
        ['English', 'Cymraeg']
    """
    return _ADAPTER.validate_python(_in_order(kept, tuple(kept["languages"])))


def _in_order(value: Any, languages: tuple[str, ...]) -> Any:
    if isinstance(value, Mapping):
        by_language = bool(value) and set(value) <= set(languages)
        names = [language for language in languages if language in value] if by_language else list(value)
        return {name: _in_order(value[name], languages) for name in names}
    return [_in_order(each, languages) for each in value] if isinstance(value, list) else value


def in_language(words: Mapping[str, str], language: str) -> str:
    """Words in a language; in the form's first one where they are missing there.

    Example:
        >>> in_language({"English (en)": "Age"}, "Cymraeg (cy)")
        'Age'
    """
    return words.get(language) or next(iter(words.values()), "")


def _flat(entries: tuple[Entry | Block, ...]) -> Iterator[Entry]:
    for one in entries:
        if isinstance(one, Block):
            yield from _flat(one.entries)
        else:
            yield one


def _blocks(entries: tuple[Entry | Block, ...]) -> Iterator[Block]:
    for one in entries:
        if isinstance(one, Block):
            yield one
            yield from _blocks(one.entries)


def for_design_checks(form: AskedForm) -> Form:
    """The same questions as the design checks read them."""
    kinds = {"choose one": "select one", "choose several": "select all that apply", "calculation": "calculate"}
    return Form(
        title=form.title,
        languages=form.languages,
        questions=tuple(
            Question(
                name=entry.name,
                kind=kinds.get(entry.kind, entry.kind),
                words=entry.words,
                hint=entry.hint,
                choices=tuple(Choice(name=option.name, words=option.words) for option in entry.options),
                required=entry.required == "yes",
                asked_if=entry.relevant,
            )
            for entry in form.every_entry()
        ),
        warnings=form.notes,
    )
