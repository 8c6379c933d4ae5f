"""The lines of the start page."""

from dataclasses import dataclass

from bestvalue.site.presenters.tags import Tag


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """Something that waits for a decision."""

    words: str
    address: str

    @classmethod
    def candidates(cls, *, count: int, report: str, address: str) -> "Waiting":
        """Findings of an imported report that ask for something although it makes no recommendation of them.

        Example:
            >>> Waiting.candidates(count=1, report="Inspection 2004", address="/").words
            '1 finding of “Inspection 2004” asks for something without a recommendation: take it up or set it aside'
        """
        subject, them = ("1 finding", "it") if count == 1 else (f"{count} findings", "each")
        verb = "asks" if count == 1 else "ask"
        return cls(
            words=f"{subject} of “{report}” {verb} for something without a recommendation: take {them} up or set it aside", address=address
        )

    @classmethod
    def answers(cls, *, count: int, address: str) -> "Waiting":
        """Recommendations that nobody has accepted or declined.

        Example:
            >>> Waiting.answers(count=4, address="/").words
            '4 recommendations are not answered yet'
        """
        return cls(
            words="1 recommendation is not answered yet" if count == 1 else f"{count} recommendations are not answered yet", address=address
        )


@dataclass(frozen=True, kw_only=True)
class JobLine:
    """A job that has not ended."""

    words: str
    address: str
    tag: Tag


@dataclass(frozen=True, kw_only=True)
class ReviewLine:
    """A review and where it is."""

    title: str
    force: str
    address: str
    tag: Tag
