"""What a file that was brought in would change, in words: each row before and after, each fault with its place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bestvalue.record.delivery.workbook.layout import SHEETS

MOST_SHOWN = 500
"""Rows of one page; the count says how many there are."""


@dataclass(frozen=True, kw_only=True)
class Said:
    """One cell before and after, with its heading."""

    heading: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One change of one row.

    Args:
        place: sheet and row.
        about: the row in words.
        said: each cell that is other than it was.
        is_new: the row is new.
    """

    place: str
    about: str
    said: tuple[Said, ...]
    is_new: bool


def shown(changes: Sequence[Mapping[str, Any]]) -> list[Shown]:
    """Changes as lines of a page; those that somebody has to choose about are asked elsewhere.

    Example:
        >>> change = {"sheet": "Actions", "number": 2, "about": "1.1", "key": "7", "before": {"how": "So."}, "after": {"how": "Thus."}}
        >>> shown([{**change, "is_conflict": False}])[0].said
        (Said(heading='How', before='So.', after='Thus.'),)
    """
    return [
        Shown(
            place=f"{one['sheet']}, row {one['number']}",
            about=one["about"],
            said=tuple(
                Said(heading=SHEETS[one["sheet"]].column(key).heading, before=one["before"].get(key, ""), after=text)
                for key, text in one["after"].items()
                if text != one["before"].get(key, "")
            ),
            is_new=not one["key"],
        )
        for one in changes
        if not one["is_conflict"]
    ][:MOST_SHOWN]
