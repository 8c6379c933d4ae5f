"""Two people change the same record: nothing is lost, and the second sees what the first wrote.

A row that can be edited carries a version that each change of it raises. Whoever edits says which version they read. The change holds
the row, and where somebody meanwhile wrote another value into a field that is edited, it stops and tells the difference: what the
field said before, what it says now, and what it would say. Changes of other fields do not meet, so they do not stop anybody.

Rows that are only ever added (statuses, decisions, steps, updates) cannot be overwritten, and have no version.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import models
from django.utils.encoding import force_str

from bestvalue.errors import RuleError
from bestvalue.record.links import Links, name_others, named_at, named_now


class Versioned(models.Model):
    """A record that two people can edit; every such model keeps its history, which says what it read at each version."""

    row_version = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    class Meta:
        abstract = True


Row = TypeVar("Row", bound=Versioned)


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One field in which what somebody else wrote meanwhile is not what this side would write.

    Args:
        field: its name.
        label: its name in words.
        before: what it said when it was read; None where the history does not tell.
        theirs: what it says now.
        mine: what it would say.
    """

    field: str
    label: str
    before: Any
    theirs: Any
    mine: Any

    @property
    def is_theirs_alone(self) -> bool:
        """Whether only the other side changed it."""
        return bool(self.mine == self.before)


class EditedMeanwhileError(RuleError):
    """Somebody else changed the same record since it was read.

    Args:
        row: the record as it is now.
        differences: the fields that would undo what the other wrote.
        version: what the next attempt names as read; the record's own version where none is given.
    """

    def __init__(self, row: models.Model, *, differences: tuple[Difference, ...], version: int | None = None) -> None:
        names = ", ".join(difference.label for difference in differences)
        super().__init__(
            f"Somebody else changed this meanwhile: {names}",
            where=force_str(row._meta.verbose_name),
            next_step="Compare what they wrote with what you wrote, and choose.",
        )
        self.row = row
        self.differences = differences
        self.version: int = getattr(row, "row_version", 0) if version is None else version


def hold(row: Row, *, version: int, mine: Mapping[str, Any], links: Sequence[Links] = ()) -> Row:
    """The row as it is now, locked until the change commits.

    Args:
        row: what is edited.
        version: the version that was read; a version that never was is refused too.
        mine: the fields that are edited, and what they are to say.
        links: the sets of other records that it is to name.

    Raises:
        EditedMeanwhileError: a field of these says something else now than at that version.
    """
    now = type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
    if version == now.row_version:
        return now
    before = _as_read(now, version=version)
    met = [_difference(now, field, before=before, mine=value) for field, value in mine.items()]
    contested = [one for one in met if one.theirs != one.mine and (before is None or one.theirs != one.before)]
    sets = [_difference_of_links(now, one, version=version) for one in links]
    contested += [one for one in sets if one.theirs not in (one.mine, one.before)]
    if contested:
        raise EditedMeanwhileError(now, differences=tuple(contested))
    return now


def hold_unchanged(row: Row, *, version: int, fields: Sequence[str]) -> Row:
    """The row as it is now, locked, for a change that rests on what it says: nothing is done to words that nobody has read.

    Args:
        row: what is changed.
        version: the version that was read.
        fields: those that must say what they said at that version.

    Raises:
        EditedMeanwhileError: one of these says something else now, or there never was such a version.
    """
    read = _as_read(row, version=version)
    return hold(row, version=version, mine={field: getattr(read, field) if read else None for field in fields})


def check_as_read(row: models.Model, *, read: Mapping[str, Any] | None, mine: Mapping[str, Any]) -> None:
    """Refuse to overwrite, in a record without a version, what somebody else wrote since it was read.

    Args:
        row: the record as it is now, held.
        read: what its fields said when it was read, other records by their keys; None where nobody asks.
        mine: the fields that are edited, and what they are to say.

    Raises:
        EditedMeanwhileError: a field of these says something else now, and would be overwritten.
    """
    if read is None:
        return
    contested = []
    for field, value in mine.items():
        theirs = getattr(row, field)
        if _told(theirs) not in (_told(value), read.get(field)):
            related: Any = row._meta.get_field(field).related_model
            before = related._default_manager.filter(pk=read.get(field)).first() if related else read.get(field)
            label = force_str(row._meta.get_field(field).verbose_name)  # type: ignore[union-attr]  # a field of the row, never a relation to it
            contested.append(Difference(field=field, label=label, before=before, theirs=theirs, mine=value))
    if contested:
        raise EditedMeanwhileError(row, differences=tuple(contested))


def check_newest(row: models.Model, *, field: str, label: str, texts: Sequence[models.Model], read: int | None, mine: str) -> None:
    """Refuse to add to a series of texts by somebody who has not read the newest of it.

    What was written before stays in the series; but the newest counts, and nobody is to be overruled unseen.

    Args:
        row: whose series it is, held.
        field: what a form calls the text.
        label: what a reader calls it.
        texts: the series, the oldest first; each says its `text`.
        read: the key of the newest that was read, 0 where there was none; None where nobody asks.
        mine: what would be added.

    Raises:
        EditedMeanwhileError: another was added since, which says something else.
    """
    said: dict[int, str] = {text.pk: getattr(text, field) for text in texts}
    newest = max(said, default=0)
    if read is None or read == newest or said.get(newest) == mine:
        return
    difference = Difference(field=field, label=label, before=said.get(read, ""), theirs=said[newest], mine=mine)
    raise EditedMeanwhileError(row, differences=(difference,), version=newest)


def keep(row: Row, *, mine: Mapping[str, Any], links: Sequence[Links] = ()) -> dict[str, dict[str, Any]]:
    """Write fields into a row that is held, and raise its version.

    Returns:
        Of each field that changed what it said before and what it says now, as the ledger tells it; of a set what was added and dropped.
    """
    told: dict[str, dict[str, Any]] = {}
    for field, value in mine.items():
        present = getattr(row, field)
        if present != value:
            told[field] = {"from": _told(present), "to": _told(value)}
            setattr(row, field, value)
    for one in links:
        if changed := name_others(row, one):
            told[one.field] = {**changed, "version": row.row_version + 1}
    if told:
        row.row_version += 1
        row.save()
    return told


def _as_read(row: Versioned, *, version: int) -> models.Model | None:
    """The row as its history has it at a version; the newest entry of that version where there are several."""
    history: models.QuerySet[Any] = row.history.filter(row_version=version)  # type: ignore[attr-defined]  # simple-history adds it
    found: models.Model | None = history.order_by("-history_id").first()
    return found


def _difference(now: Versioned, field: str, *, before: models.Model | None, mine: Any) -> Difference:
    label = force_str(now._meta.get_field(field).verbose_name)  # type: ignore[union-attr]  # a field of the row, never a relation to it
    read = None if before is None else getattr(before, field)
    return Difference(field=field, label=label, before=read, theirs=getattr(now, field), mine=mine)


def _difference_of_links(now: Versioned, links: Links, *, version: int) -> Difference:
    label = force_str(now._meta.get_field(links.field).verbose_name)  # type: ignore[union-attr]  # a many-to-many field of the row
    read = named_at(now, links, version=version)
    before = None if read is None else sorted(read)
    return Difference(field=links.field, label=label, before=before, theirs=sorted(named_now(now, links)), mine=sorted(links.mine))


def _told(value: Any) -> Any:
    return value.pk if isinstance(value, models.Model) else value
