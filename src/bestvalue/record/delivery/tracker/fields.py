"""What can a tracker tell of a recommendation? Its fields, the words by which columns are recognised, and what their words may mean."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from bestvalue.record.delivery.kinds import Kind
from bestvalue.record.delivery.life_cycle import Status


@dataclass(frozen=True, kw_only=True)
class Field:
    """One thing that a tracker can tell.

    Args:
        key: its name in code.
        label: its name on pages.
        looks_like: words in the heading of its column; the first that fits is guessed.
        is_date: its words are dates.
        means: what its words mean: a list of choices, or rows of the register by "body" or "person"; empty for free text.
        needed: without it a row cannot be taken in.
    """

    key: str
    label: str
    looks_like: tuple[str, ...]
    is_date: bool = False
    means: str = ""
    needed: bool = False


FIELDS: tuple[Field, ...] = (
    Field(key="number", label="Number in its report", looks_like=("ref", "number", "no.", "id"), needed=True),
    Field(key="text", label="What is asked", looks_like=("recommendation text", "recommendation", "text", "finding", "title"), needed=True),
    Field(key="issuer", label="Who made it", looks_like=("issuer", "issued by", "inspectorate", "source", "made by"), means="body"),
    Field(key="report", label="Report", looks_like=("report", "publication", "inspection", "review")),
    Field(
        key="made_on",
        label="Day of the report",
        looks_like=("published", "date issued", "report date", "made on"),
        is_date=True,
    ),
    Field(key="kind", label="Kind", looks_like=("kind", "type", "category"), means="kind"),
    Field(key="asked_of", label="Asked of", looks_like=("addressed", "asked of", "force", "for whom"), means="body"),
    Field(key="status", label="Status", looks_like=("status", "state", "progress status", "rag"), means="status"),
    Field(key="status_on", label="Status since", looks_like=("status date", "since", "updated", "date closed"), is_date=True),
    Field(key="owner", label="Owning body", looks_like=("board", "committee", "owning body", "governance"), means="body"),
    Field(key="lead", label="Lead", looks_like=("lead", "owner", "responsible", "assigned"), means="person"),
    Field(key="action", label="What is done about it", looks_like=("action", "response", "what is done")),
    Field(key="due", label="Due", looks_like=("due", "deadline", "target date", "complete by", "completion date"), is_date=True),
    Field(key="comment", label="Newest comment", looks_like=("comment", "update", "progress", "note", "narrative")),
)
FIELD: Mapping[str, Field] = {one.key: one for one in FIELDS}
CHOICES: Mapping[str, type[models.TextChoices]] = {"status": Status, "kind": Kind}
NEW, NOTHING = "new", ""
"""What a word can mean beside a choice: somebody or some body that the register does not know yet, or nothing."""


class DayOrder(models.TextChoices):
    """In which order days are written. Days that begin with the year are always understood."""

    DAY_FIRST = "day first", "Day, month, year: 27/03/2026"
    MONTH_FIRST = "month first", "Month, day, year: 03/27/2026"


@dataclass(frozen=True, kw_only=True)
class Answers:
    """How a tracker is to be read.

    Args:
        source: who keeps it; the answers are remembered by this name.
        sheet: the sheet of a workbook.
        columns: the column of each field, by the field's key; a field without a column is left out.
        issuer: key of the body that made all of them, where no column says it.
        report: title of the report of all of them, where no column says it.
        owner: key of the body that owns all of them, where no column says it.
        days: the order in which days are written.
        values: what the words of a column mean, by the field's key.
    """

    source: str = ""
    sheet: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    issuer: int | None = None
    report: str = ""
    owner: int | None = None
    days: str = DayOrder.DAY_FIRST.value
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """As they are remembered."""
        values = {key: dict(words) for key, words in self.values.items()}
        return {**self.__dict__, "columns": dict(self.columns), "values": values}
