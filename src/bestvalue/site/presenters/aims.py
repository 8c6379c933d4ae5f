"""Aims as lines, with whether each is clear and challenging."""

from dataclasses import dataclass

from bestvalue.record.reviews.models import Aim
from bestvalue.site.presenters.tags import Tag

CLEAR = Tag(words="Clear", colour="green")
NOT_YET = Tag(words="Not clear yet", colour="orange")
"""In the words of the inspection of 2004 an aim is to be clear and challenging; the page says so above the list."""

SHARES = ("%", "per cent", "percent", "points", "percentage points")
"""Units of which a change is told in points."""


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
    return AimLine(
        aim=aim, measured=aim.as_measured, change=_change(aim), tag=NOT_YET if aim.weaknesses else CLEAR, weaknesses=aim.weaknesses
    )


def _change(aim: Aim) -> str:
    """By how much the target moves the measure: a share by points, since a share of a share would mislead."""
    if aim.baseline is None or aim.target is None or aim.baseline == aim.target:
        return ""
    if aim.unit.strip().lower() in SHARES:
        points = (aim.target - aim.baseline).normalize()
        return f"{points:+f} point{'' if abs(points) == 1 else 's'}"
    share = aim.change_share
    return f"{share * 100:+.0f} % of its baseline" if share else ""
