"""A workbook that waits: looked at once, shown as often as somebody likes, and taken in only as it was shown."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from bestvalue.errors import SHOWN_FAULTS, TableFaults
from bestvalue.record.bodies.models import Person
from bestvalue.record.delivery.models import FileKind, ImportedFile, RecommendationQuerySet, WaitingFile, set_waiting
from bestvalue.record.delivery.workbook.bringing_back import LookAgainError, rehearse, take_workbook
from bestvalue.record.delivery.workbook.compare import Change, Difference


def look_at(content: bytes, *, name: str, listed: RecommendationQuerySet, on: date, by: Person) -> WaitingFile:
    """Keep a workbook with what it would change and what is wrong in it. Nothing of the record changes.

    Raises:
        TableError: it is no workbook of this register.
    """
    rehearsed = rehearse(content, name=name, listed=listed, on=on, by=by)
    return set_waiting(by, kind=FileKind.WORKBOOK, name=name, content=content, answers=_told(rehearsed))


def take_in(waiting: WaitingFile, *, choices: Mapping[str, str], listed: RecommendationQuerySet, on: date, by: Person) -> ImportedFile:
    """Take in a workbook that was looked at.

    Raises:
        LookAgainError: the register changed since: what would be written is not what was shown. It has been looked at anew.
        TableFaults: a row breaks a rule, or a conflict is not decided.
    """
    content, name, seen = waiting.bytes, waiting.name, waiting.answers["digest"]
    try:
        taken = take_workbook(content, name=name, listed=listed, choices=choices, on=on, by=by, seen=seen)
    except LookAgainError:
        look_at(content, name=name, listed=listed, on=on, by=by)
        raise
    except TableFaults as broken:
        waiting.answers = {**waiting.answers, "faults": [asdict(fault) for fault in broken.faults], "total": broken.total}
        waiting.save()
        raise
    waiting.delete()
    return taken


def _told(rehearsed: Difference) -> dict[str, Any]:
    return {
        "digest": rehearsed.digest,
        "changes": [_of_change(one) for one in rehearsed.changes],
        "faults": [asdict(fault) for fault in rehearsed.wrong[:SHOWN_FAULTS]],
        "total": len(rehearsed.wrong),
        "missing": rehearsed.missing,
        "stale": rehearsed.stale,
    }


def _of_change(change: Change) -> dict[str, Any]:
    told = asdict(change)
    return {**told, "name": change.name, "is_conflict": change.is_conflict}
