"""What a person has to do, gathered from every app in one place: each thing once, with its day and why it is theirs.

An app adds what it knows by `@owed`, in a module `duties.py` that its AppConfig imports when it is ready. The page "Things I must do",
the home page and the API read `duties_of` and nothing else.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bestvalue.record.bodies.models import Person


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
        """The keys of the bodies in which they hold one of these roles; any role where none is named."""
        return [body for body, held in self.roles.items() if not roles or held & set(roles)]


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


Source = Callable[[Whose, date], Iterable[Duty]]
_SOURCES: dict[str, Source] = {}


def owed(source: Source) -> Source:
    """Add what an app knows of duties. It asks the database at most once or twice, whatever there is."""
    _SOURCES[f"{source.__module__}.{source.__name__}"] = source
    return source


def duties_of(whose: Whose, *, on: date) -> tuple[Duty, ...]:
    """Everything that somebody has to do, the soonest first; what has no day comes last. Each step of each thing stands once.

    Args:
        whose: the person, with their roles.
        on: today.
    """
    found = {(duty.kind, duty.key, duty.step): duty for source in _SOURCES.values() for duty in source(whose, on)}
    return tuple(sorted(found.values(), key=lambda duty: (duty.due or date.max, duty.kind, duty.key, duty.step)))


def sources() -> tuple[str, ...]:
    """The names of the sources, for the test that holds that every app is there."""
    return tuple(_SOURCES)
