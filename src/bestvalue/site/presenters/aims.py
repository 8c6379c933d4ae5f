"""Aims as lines, with whether each is clear and challenging."""

from dataclasses import dataclass

from bestvalue.record.reviews.models import Aim
from bestvalue.site.presenters.tags import Tag

CLEAR = Tag(words="Clear and challenging", colour="green")
NOT_YET = Tag(words="Not yet clear and challenging", colour="orange")


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
    change = f"{share * 100:+.0f} % of its baseline" if share is not None else ""
    return AimLine(aim=aim, measured=aim.as_measured, change=change, tag=NOT_YET if aim.weaknesses else CLEAR, weaknesses=aim.weaknesses)
