"""The lines that every format is brought to."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of a report.

    `heading` is the level of a heading where the format says so (Word, HTML), else None. `cells` are a table row's. `joined` says that
    the format gave a whole paragraph, so that no line after it can continue it.
    """

    number: int
    text: str
    page: int | None = None
    heading: int | None = None
    cells: tuple[str, ...] = ()
    joined: bool = False

    @property
    def blank(self) -> bool:
        """Whether nothing is written on it."""
        return not self.text.strip()


@dataclass(frozen=True, kw_only=True)
class Extract:
    """What a file's reader found: lines, pages (None where the format has none), a title that the file's properties give, and remarks."""

    lines: tuple[Line, ...]
    pages: int | None = None
    title: str = ""
    notes: tuple[str, ...] = ()
