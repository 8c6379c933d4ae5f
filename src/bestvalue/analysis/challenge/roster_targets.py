"""Which share of each grade is to be reached in how many minutes? From the grades table, with what the user sets in its place."""

import re
from dataclasses import dataclass

import numpy as np
import polars as pl

from bestvalue.analysis.challenge.roster_jobs import SUPPORT, Floats
from bestvalue.dataset.dataset import Dataset
from bestvalue.errors import SpecError

_TARGET = re.compile(r"^\s*(?P<grade>.+?)\s*=\s*(?P<minutes>\d+(?:\.\d+)?)\s*,\s*(?P<share>0?\.\d+)\s*$")


@dataclass(frozen=True, kw_only=True)
class Targets:
    """Minutes from report to arrival and share to be reached, by grade; `order` is most urgent first."""

    order: tuple[str, ...]
    minutes: dict[str, float]
    share: dict[str, float]

    def of(self, grades: tuple[str, ...], *, support_share: float) -> Floats:
        """The share asked of each of these grades, NaN without one.

        Example:
            >>> targets = Targets(order=("urgent",), minutes={"urgent": 15.0}, share={"urgent": 0.9})
            >>> targets.of(("away", "urgent"), support_share=0.8).tolist()
            [nan, 0.9]
        """
        asked = self.share | {SUPPORT: support_share}
        return np.array([asked.get(grade, np.nan) for grade in grades])


def read_targets(dataset: Dataset, lines: tuple[str, ...]) -> Targets:
    """Targets of the grades table, and of the lines in its place.

    Args:
        dataset: with grades, where it has them.
        lines: "immediate=15,0.9" asks that 90% are reached within 15 minutes.

    Raises:
        SpecError: a line cannot be read.
    """
    table = pl.DataFrame(schema={"grade": pl.String, "target_minutes": pl.Float64, "target_share": pl.Float64})
    if "grades" in dataset.tables:
        table = dataset.query("SELECT grade, target_minutes, target_share FROM grades ORDER BY priority, grade")
    promised = table.filter(pl.col("target_minutes").is_not_null())
    minutes = dict(zip(promised["grade"], promised["target_minutes"], strict=True))
    share = {grade: value for grade, value in zip(promised["grade"], promised["target_share"], strict=True) if value is not None}
    order = promised["grade"].to_list()
    for line in lines:
        found = _TARGET.match(line)
        if not found:
            raise SpecError(f"{line!r} is no target", where="targets", next_step="Write grade=minutes,share, for example immediate=15,0.9.")
        grade = found["grade"]
        minutes[grade], share[grade] = float(found["minutes"]), float(found["share"])
        order += [] if grade in order else [grade]
    return Targets(order=tuple(order), minutes=minutes, share=share)


def check_some(asked: Floats, judged: Floats) -> None:
    """Refuse to plan for no target at all.

    Args:
        asked: share of each grade, NaN without a target.
        judged: jobs of each grade that could be judged.

    Raises:
        SpecError: no grade of these jobs has a target.
    """
    if not (np.isfinite(asked) & (judged > 0)).any():
        raise SpecError(
            "No grade of these jobs has a target, so nothing says how many units are enough",
            where="grades: target_minutes, target_share",
            next_step="Fill them in the grades table, or set targets, for example immediate=15,0.9.",
        )
