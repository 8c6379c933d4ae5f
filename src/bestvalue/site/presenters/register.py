"""Recommendations as rows of the register, and one recommendation with all that is known of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from bestvalue.site.presenters.tags import RECOMMENDATION, Tag
from bestvalue.site.presenters.wording import Piece, compare_words, differ


@dataclass(frozen=True, kw_only=True)
class Count:
    """How many recommendations stand so, and where exactly these are listed."""

    words: str
    rows: int
    address: str
    current: bool


def counts(by_status: Mapping[str, int], *, asked: Mapping[str, str]) -> tuple[Count, ...]:
    """All recommendations, then those of each status that there is; the parts add up to the whole.

    Args:
        by_status: how many there are of each, under the other filters.
        asked: the filters of the page, by name.

    Example:
        >>> [(count.words, count.rows, count.address) for count in counts({"made": 3, "draft": 1}, asked={"issuer": "7"})]
        [('All', 4, '?issuer=7'), ('Draft', 1, '?issuer=7&status=draft'), ('Not answered yet', 3, '?issuer=7&status=made')]
    """
    others = {name: value for name, value in asked.items() if value and name not in ("status", "rating", "watch", "page")}
    chosen = asked.get("status", "")
    parts = [
        Count(words=tag.words, rows=by_status[status], address=f"?{urlencode({**others, 'status': status})}", current=chosen == status)
        for status, tag in RECOMMENDATION.items()
        if by_status.get(status)
    ]
    whole = Count(
        words="All",
        rows=sum(by_status.values()),
        address=f"?{urlencode(others)}",
        current=not any(asked.get(name) for name in ("status", "rating", "watch")),
    )
    return (whole, *parts)


def part_counts(rows: Mapping[str, int], *, tags: Mapping[str, str], name: str, asked: Mapping[str, str]) -> tuple[Count, ...]:
    """One count for each part that has rows, with the address of exactly these.

    Args:
        rows: how many there are of each part.
        tags: the words of each part, in the order of the page.
        name: what the filter is called in the address.
        asked: the filters of the page, by name.

    Example:
        >>> [(count.words, count.address) for count in part_counts({"red": 2}, tags={"red": "Red"}, name="rating", asked={"page": "3"})]
        [('Red', '?rating=red')]
    """
    others = {key: value for key, value in asked.items() if value and key not in ("status", "rating", "watch", "page")}
    return tuple(
        Count(words=words, rows=rows[part], address=f"?{urlencode({**others, name: part})}", current=asked.get(name) == part)
        for part, words in tags.items()
        if rows.get(part)
    )


@dataclass(frozen=True, kw_only=True)
class RegisterRow:
    """One line of the register."""

    key: int
    marking: str
    address: str
    number: str
    text: str
    issuer: str
    source: str
    source_address: str
    paragraph: str
    paragraph_address: str
    about: str
    tag: Tag
    since: date | None
    rating: Tag | None = None
    reasons: tuple[str, ...] = ()


PLACES = {"box": "box", "body": "paragraph", "list": "list"}
"""The places of a report that state a recommendation, in the words of the page."""


@dataclass(frozen=True, kw_only=True)
class Stronger:
    """One wording asks for more than another: which, than which, and what shows it."""

    place: str
    than: str
    reasons: tuple[str, ...]


def stronger_places(differences: Iterable[Mapping[str, Any]]) -> tuple[Stronger, ...]:
    """Where a report asks for more in one place than in another, from the differences that its reader noted."""
    return tuple(
        Stronger(
            place=PLACES[noted["stronger"]],
            than=PLACES[noted["second"] if noted["stronger"] == noted["first"] else noted["first"]],
            reasons=tuple(noted["reasons"]),
        )
        for noted in differences
        if noted["stronger"]
    )


@dataclass(frozen=True, kw_only=True)
class Wordings:
    """The wordings of one recommendation: the box that states it, the sentence of the paragraph, the line of the list at the end.

    Args:
        box: the wording of the box.
        body: the sentence in the paragraph that asks for the same; empty where there is none.
        listed: the line of the report's list of recommendations; empty where there is none.
        stronger: where one of two wordings was seen to ask for more than the other.
    """

    box: str
    body: str
    listed: str
    stronger: tuple[Stronger, ...] = ()

    @property
    def body_differs(self) -> bool:
        """Whether paragraph and box say it in other words."""
        return bool(self.body) and differ(self.body, self.box)

    @property
    def from_body_to_box(self) -> tuple[Piece, ...]:
        """What the box leaves out of the paragraph, and what it adds."""
        return compare_words(self.body, self.box)

    @property
    def list_differs(self) -> bool:
        """Whether the list at the end and the box say it in other words."""
        return bool(self.listed) and differ(self.listed, self.box)

    @property
    def from_list_to_box(self) -> tuple[Piece, ...]:
        """What the box leaves out of the list's line, and what it adds."""
        return compare_words(self.listed, self.box)
