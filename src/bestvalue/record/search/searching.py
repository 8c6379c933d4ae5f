"""Finding by words: only what the person who asks may see is found, counted or quoted."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from bestvalue.record.bodies.models import User, person_of
from bestvalue.record.search.found import SOURCES
from bestvalue.record.search.keeping import rebuild
from bestvalue.record.search.models import Entry, Kind
from bestvalue.record.search.texts import PAGE
from bestvalue.record.search.word_index import ranked, words_of

AROUND = 110
"""Characters of a snippet on each side of the first word that was found."""


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A stretch of a snippet; `hit` where it is a word that was asked for."""

    text: str
    hit: bool


@dataclass(frozen=True, kw_only=True)
class Found:
    """One row that holds the words.

    Args:
        kind: what kind of row it is.
        row: its key.
        heading: its name.
        snippet: its words around the first that was found.
        page: the page of the PDF that this stands on; None where it stands elsewhere.
    """

    kind: Kind
    row: int
    heading: str
    snippet: tuple[Piece, ...]
    page: int | None = None


@dataclass(frozen=True, kw_only=True)
class Results:
    """What was found.

    Args:
        words: the words that were looked for.
        counts: how many rows of each kind, of those that the person sees.
        rows: the rows of the kind that was asked for, or of every kind, the best first.
    """

    words: tuple[str, ...]
    counts: dict[Kind, int]
    rows: tuple[Found, ...]


def search(asked: str, *, user: User | AnonymousUser, kind: Kind | None = None, first: int = 0, most: int = 20) -> Results:
    """Look for words among all that somebody sees.

    Args:
        asked: what they typed; every word must be there, or begin a word that is.
        user: who asks.
        kind: only rows of this kind; None for every kind.
        first: how many rows to leave out, for the next page.
        most: how many rows to return.
    """
    words = words_of(asked)
    if not words or person_of(user) is None:
        return Results(words=words, counts={}, rows=())
    scores = ranked(words)
    if not scores and not Entry.objects.exists():
        rebuild()  # a workspace from before there was a search
        scores = ranked(words)
    seen = Entry.objects.filter(_visible_to(user), pk__in=scores)
    keys = dict(seen.values_list("pk", "kind"))
    chosen = sorted((key for key, its in keys.items() if kind is None or its == kind), key=lambda key: (-scores[key], key))
    shown = Entry.objects.in_bulk(chosen[first : first + most])
    rows = [shown[key] for key in chosen[first : first + most]]
    return Results(
        words=words,
        counts={each: sum(its == each for its in keys.values()) for each in Kind if each in keys.values()},
        rows=tuple(_found(row, words) for row in rows),
    )


def _found(row: Entry, words: Sequence[str]) -> Found:
    snippet, page = snippet_of(row.words, words), page_of(row.words, words)
    return Found(kind=Kind(row.kind), row=row.row, heading=row.heading, snippet=snippet, page=page)


def page_of(text: str, words: Sequence[str]) -> int | None:
    r"""The page that the first word stands on: a form feed begins each.

    Example:
        >>> page_of("Minutes \fThe board met\fand waits", ["wait"])
        2
        >>> page_of("Minutes \fThe board met", ["minutes"]) is None
        True
    """
    first = _hits(words).search(text)
    return (text.count(PAGE, 0, first.start()) or None) if first else None


def snippet_of(text: str, words: Sequence[str]) -> tuple[Piece, ...]:
    """The words of a text around the first that was asked for, with every one of them marked.

    Example:
        >>> [(piece.text, piece.hit) for piece in snippet_of("Calls wait at night", ["wait"])]
        [('Calls ', False), ('wait', True), (' at night', False)]
    """
    plain = " ".join(text.split())
    hits = _hits(words)
    first = hits.search(plain)
    start = max(0, first.start() - AROUND) if first else 0
    end = min(len(plain), (first.end() if first else 0) + AROUND)
    shown = f"{'…' if start else ''}{plain[start:end]}{'…' if end < len(plain) else ''}"
    pieces, at = [], 0
    for hit in hits.finditer(shown):
        pieces += [Piece(text=shown[at : hit.start()], hit=False), Piece(text=hit.group(), hit=True)]
        at = hit.end()
    return tuple(piece for piece in (*pieces, Piece(text=shown[at:], hit=False)) if piece.text)


def _hits(words: Sequence[str]) -> re.Pattern[str]:
    # The index finds by stems ("waiting" finds "waits"), so a word counts as found where it shares most of its beginning.
    begins = "|".join(re.escape(word[: max(3, len(word) - 3)]) for word in words)
    return re.compile(rf"\b(?:{begins})\w*", re.IGNORECASE)


def _visible_to(user: User | AnonymousUser) -> Q:
    """The entries of the rows that somebody sees, by the one question that pages, files and exports ask as well."""
    return reduce(or_, (Q(kind=kind, row__in=source.seen_by(user).order_by().values("pk")) for kind, source in SOURCES.items()))
