"""Green, amber or red, with reasons: how a board is told whether a questionnaire can be trusted."""

from dataclasses import dataclass
from typing import Literal

Colour = Literal["green", "amber", "red"]
ORDER: tuple[Colour, ...] = ("green", "amber", "red")


@dataclass(frozen=True, kw_only=True)
class Light:
    """A colour and why: every reason for a worse colour than green, or the one for green."""

    colour: Colour
    reasons: tuple[str, ...]

    @property
    def said(self) -> str:
        """The reasons as one clause."""
        return "; ".join(self.reasons)


def light(*, red: tuple[str, ...] = (), amber: tuple[str, ...] = (), green: str) -> Light:
    """The worst colour that has a reason.

    Example:
        >>> light(amber=("few people",), green="all is well").colour
        'amber'
    """
    if red:
        return Light(colour="red", reasons=(*red, *amber))
    if amber:
        return Light(colour="amber", reasons=amber)
    return Light(colour="green", reasons=(green,))
