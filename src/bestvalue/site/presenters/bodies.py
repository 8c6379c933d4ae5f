"""Bodies and places as lines of a page."""

from dataclasses import dataclass
from datetime import date

from bestvalue.site.presenters.tags import Tag


@dataclass(frozen=True, kw_only=True)
class BodyLine:
    """A body in the list."""

    pk: int
    name: str
    kind: str
    parent: str
    places: int


@dataclass(frozen=True, kw_only=True)
class PlaceLine:
    """Somebody's place in a body.

    Example:
        >>> term = {"starts": date(2026, 1, 5), "ends": date(2026, 3, 1)}
        >>> line = PlaceLine(pk=1, person=1, has_sign_in=True, name="Chair", role="Board member", today=date(2026, 3, 2), **term)
        >>> line.tag.words, line.is_current
        ('Ended', False)
    """

    pk: int
    person: int
    name: str
    role: str
    starts: date
    ends: date | None
    has_sign_in: bool
    today: date

    @property
    def is_current(self) -> bool:
        """Whether it runs today."""
        return self.starts <= self.today and (self.ends is None or self.ends >= self.today)

    @property
    def may_end(self) -> bool:
        """Whether there is an end still to set, or one to bring forward."""
        return self.ends is None or self.ends >= self.today

    @property
    def tag(self) -> Tag:
        """How it stands."""
        if self.is_current:
            return Tag(words="In place", colour="green")
        return Tag(words="Not begun", colour="blue") if self.starts > self.today else Tag(words="Ended", colour="grey")
