"""Days that things are due, as iCalendar (RFC 5545)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

LONGEST = 75
"""Octets of a line; what is longer goes on in a line that begins with a space."""


@dataclass(frozen=True, kw_only=True)
class Due:
    """One thing that is due on a day; its key stays the same when the day moves."""

    key: str
    on: date
    words: str


def feed(due: Iterable[Due], *, name: str, made_at: datetime, host: str) -> str:
    r"""A calendar of whole days.

    Args:
        due: what is due.
        name: of the calendar.
        made_at: when it was made.
        host: whose keys they are: with it they are unique everywhere.

    Example:
        >>> day = Due(key="action-1", on=date(2026, 6, 30), words="Action 1.1, and more")
        >>> text = feed([day], name="Due", made_at=datetime(2026, 1, 5, tzinfo=UTC), host="example.org")
        >>> [line for line in text.splitlines() if line.startswith(("DTSTART", "DTEND", "SUMMARY"))]
        ['DTSTART;VALUE=DATE:20260630', 'DTEND;VALUE=DATE:20260701', 'SUMMARY:Action 1.1\\, and more']
    """
    stamp = made_at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//bestvalue//delivery//EN", f"X-WR-CALNAME:{_escaped(name)}"]
    for one in due:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{one.key}@{host}",
            f"DTSTAMP:{stamp}",
            f"DTSTART;VALUE=DATE:{one.on:%Y%m%d}",
            f"DTEND;VALUE=DATE:{one.on + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_escaped(one.words)}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _escaped(words: str) -> str:
    return words.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\r", "").replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    rest = line
    first = True
    while rest:
        room, piece = LONGEST - (0 if first else 1), ""
        while rest and len((piece + rest[0]).encode()) <= room:
            piece, rest = piece + rest[0], rest[1:]
        yield piece if first else f" {piece}"
        first = False
