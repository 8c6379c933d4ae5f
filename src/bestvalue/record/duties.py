"""What a person has to do, gathered from every app in one place: each thing once, with its day and why it is theirs.

An app adds what it knows by `add_source`, in a module `duties.py` that its AppConfig imports when it is ready. The page "Things I must
do", the home page and the API read `duties_of` and nothing else.

Every source asks for the same columns, so that the database is asked once for all of them, however many apps add theirs.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import CharField, DateField, F, Field, IntegerField, QuerySet, TextField, Value
from django.db.models.functions import Cast

if TYPE_CHECKING:
    from bestvalue.record.bodies.models import Person

COLUMNS: Mapping[str, Field[Any, Any]] = {
    "source": CharField(),
    "key": IntegerField(),
    "number": IntegerField(),
    "word": CharField(),
    "state": CharField(),
    "name": TextField(),
    "text": TextField(),
    "day": DateField(),
    "due": DateField(),
}
"""What a source can ask for, beside the key of its row; what it does not ask for is empty."""


@dataclass(frozen=True, kw_only=True)
class Whose:
    """Whose duties are asked for.

    Args:
        person: who.
        roles: the roles that they hold today in each body, by its key: read once, for all the apps.
    """

    person: "Person"
    roles: Mapping[int, frozenset[str]]

    def bodies(self, *roles: str) -> list[int]:
        """The keys of the bodies in which they hold one of these roles."""
        return [body for body, held in self.roles.items() if held & set(roles)]

    def holds(self, *roles: str) -> bool:
        """Whether they hold one of these roles in any body."""
        return bool(self.bodies(*roles))


@dataclass(frozen=True, kw_only=True)
class Duty:
    """Something that a person has to do.

    Args:
        kind: what it is about, as the ledger names a kind of row: "delivery.action".
        key: its key.
        step: which step of that is due, as addresses name it; empty for its own page.
        what: what is to be done, as an order.
        about: what it is about.
        why: why it is theirs.
        due: by when; None where no day is set.
    """

    kind: str
    key: int
    step: str = ""
    what: str
    about: str
    why: str
    due: date | None

    def is_late(self, *, on: date) -> bool:
        """Whether its day has passed."""
        return self.due is not None and self.due < on


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row of a source: what it asked for of `COLUMNS`."""

    source: str
    key: int
    number: int | None
    word: str
    state: str
    name: str
    text: str
    day: date | None
    due: date | None


@dataclass(frozen=True, kw_only=True)
class Source:
    """What one app knows of duties.

    Args:
        asks: the rows that somebody owes on a day, as `columns` gives them.
        reads: a row as a duty.
    """

    asks: Callable[[Whose, date], QuerySet[Any, Any]]
    reads: Callable[[Row], Duty]


_SOURCES: dict[str, Source] = {}


def add_source(name: str, source: Source) -> None:
    """Let everybody's list know what an app knows; `name` is what its rows call themselves."""
    _SOURCES[name] = source


def columns(rows: QuerySet[Any, Any], source: str, **asked: Any) -> QuerySet[Any, Any]:
    """Rows with exactly the columns that every source has.

    Args:
        rows: what is owed.
        source: the name of the source.
        asked: a column, and where its value comes from: the name of a field, or an expression. `key` defaults to the row's own.
    """
    given = {"source": Value(source), "key": F("pk"), **{name: F(part) if isinstance(part, str) else part for name, part in asked.items()}}
    empty = {name: Value("") if isinstance(kind, CharField | TextField) else Value(None) for name, kind in COLUMNS.items()}
    named = {f"duty_{name}": Cast(given.get(name, empty[name]), output_field=kind) for name, kind in COLUMNS.items()}
    chosen: QuerySet[Any, Any] = rows.order_by().annotate(**named).values_list(*named)
    return chosen


def duties_of(whose: Whose, *, on: date) -> tuple[Duty, ...]:
    """Everything that somebody has to do, the soonest first; what has no day comes last. Each step of each thing stands once.

    Args:
        whose: the person, with their roles.
        on: today.
    """
    first, *others = [source.asks(whose, on) for source in _SOURCES.values()]
    rows = [Row(**dict(zip(COLUMNS, row, strict=True))) for row in first.union(*others, all=True)]
    read = [_SOURCES[row.source].reads(row) for row in rows]
    found = {(duty.kind, duty.key, duty.step): duty for duty in read}
    return tuple(sorted(found.values(), key=lambda duty: (duty.due or date.max, duty.kind, duty.key, duty.step)))


def sources() -> tuple[str, ...]:
    """The names of the sources, for the test that holds that every app is there."""
    return tuple(_SOURCES)
