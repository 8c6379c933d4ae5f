"""Aims as lines, with whether each is clear and challenging."""

from dataclasses import dataclass

from bestvalue.record.reviews.models import Aim
from bestvalue.site.presenters.tags import Tag

CLEAR = Tag(words="Clear", colour="green")
NOT_YET = Tag(words="Not clear yet", colour="orange")
"""In the words of the inspection of 2004 an aim is to be clear and challenging; the page says so above the list."""


@dataclass(frozen=True, kw_only=True)
class AimLine:
    """An aim in a list: how it is measured, by how much it is to move, and what is missing."""

    aim: Aim
    measured: str
    change: str
    tag: Tag
    weaknesses: tuple[str, ...]


def aim_line(aim: Aim) -> AimLine:
    """An aim with its check in words."""
    share = aim.change_share
    change = f"{share * 100:+.0f} % of its baseline" if share else ""
    return AimLine(aim=aim, measured=aim.as_measured, change=change, tag=NOT_YET if aim.weaknesses else CLEAR, weaknesses=aim.weaknesses)
