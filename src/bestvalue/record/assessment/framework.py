"""What is judged, on which scale, and how do grades of criteria make the grade of a question? A framework, which is data.

A framework is a TOML file: those of the package lie in the folder `frameworks`, a workspace adds its own in its folder of that
name. An inspection keeps the whole framework as it was on the day it was planned: a later edition changes no judgement.
"""

import tomllib
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from bestvalue.errors import WorkspaceError

KEY = r"^[a-z0-9][a-z0-9-]*$"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Rule(_Strict):
    """How the grades below make the grade above. Stated on the face of every judgement.

    Args:
        reached_by_share: the proposed grade is the best that at least this share of the graded items reach (0 to 1).
        above_lowest: and no more than this many steps above the lowest of them.
        no_data_share: more items than this share without data, and no grade is proposed (0 to 1).
    """

    reached_by_share: float = Field(default=0.5, gt=0, le=1)
    above_lowest: int = Field(default=1, ge=0)
    no_data_share: float = Field(default=0.34, ge=0, le=1)

    @property
    def words(self) -> str:
        """The rule in a sentence."""
        step = "step" if self.above_lowest == 1 else "steps"
        steps = "the lowest among them" if not self.above_lowest else f"{self.above_lowest} {step} above the lowest among them"
        return (
            f"The proposed grade is the best that at least {self.reached_by_share:.0%} of what is graded below it reaches, "
            f"and no higher than {steps}; no grade is proposed when more than {self.no_data_share:.0%} has no data."
        )


class Criterion(_Strict):
    """One thing that an inspector grades, and what to look for."""

    key: str = Field(pattern=KEY)
    text: str = Field(min_length=1)
    look_for: tuple[str, ...] = ()


class Question(_Strict):
    """A question of a judgement, answered by its criteria."""

    key: str = Field(pattern=KEY)
    text: str = Field(min_length=1)
    criteria: tuple[Criterion, ...] = Field(min_length=1)


class Grade(_Strict):
    """A grade of a scale, and what it means."""

    name: str = Field(min_length=1)
    means: str = ""


class JudgementFrame(_Strict):
    """A judgement: its question, its scale from best to worst, and the questions that lead to it."""

    key: str = Field(pattern=KEY)
    text: str = Field(min_length=1)
    scale: tuple[Grade, ...] = Field(min_length=2)
    questions: tuple[Question, ...] = Field(min_length=1)

    @property
    def grades(self) -> tuple[str, ...]:
        """The names of the scale, best first."""
        return tuple(grade.name for grade in self.scale)


class Framework(_Strict):
    """A framework: where it comes from, whether it is a house framework, its rule and its judgements."""

    key: str = Field(pattern=KEY)
    title: str = Field(min_length=1)
    edition: str = Field(min_length=1)
    source: str = Field(min_length=1)
    notice: str = Field(default="", description="Stands on the face of every judgement.")
    rule: Rule = Rule()
    judgements: tuple[JudgementFrame, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _keys_are_unique(self) -> Self:
        keys = [*self.keys()]
        double = sorted({key for key in keys if keys.count(key) > 1})
        if double:
            raise ValueError(f"the keys {', '.join(double)} stand more than once")
        return self

    def keys(self) -> Iterator[str]:
        """The keys of judgements, questions and criteria, in reading order."""
        for judgement in self.judgements:
            yield judgement.key
            for question in judgement.questions:
                yield question.key
                yield from (criterion.key for criterion in question.criteria)

    def questions(self) -> Iterator[tuple[JudgementFrame, Question]]:
        """Every question with its judgement, in reading order."""
        return ((judgement, question) for judgement in self.judgements for question in judgement.questions)

    def criteria(self) -> Iterator[tuple[JudgementFrame, Question, Criterion]]:
        """Every criterion with its question and its judgement, in reading order."""
        return ((judgement, question, criterion) for judgement, question in self.questions() for criterion in question.criteria)

    def place_of(self, key: str) -> tuple[JudgementFrame, str] | None:
        """The judgement whose scale grades this judgement, question or criterion, and what it says; None for an unknown key."""
        for judgement in self.judgements:
            if judgement.key == key:
                return judgement, judgement.text
        for judgement, question in self.questions():
            if question.key == key:
                return judgement, question.text
        return next(((judgement, criterion.text) for judgement, _, criterion in self.criteria() if criterion.key == key), None)


def read_framework(text: str, *, where: str) -> Framework:
    """A framework from its TOML.

    Args:
        text: the file's text.
        where: the file, for errors.

    Raises:
        WorkspaceError: it is no TOML, or no framework; the message says where.
    """
    try:
        return Framework.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as fault:
        raise WorkspaceError(f"The framework is no TOML: {fault}", where=where, next_step="Correct the file.") from fault
    except ValidationError as fault:
        first = fault.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the whole"
        raise WorkspaceError(
            f"The framework is not complete: {first['msg']}", where=f"{where}, {place}", next_step="Compare it with the framework “blank”."
        ) from fault


def frameworks(folder: Path) -> dict[str, Framework]:
    """Every framework by its key: those of the package, and those of a workspace's folder, which may not take a key of the package.

    Raises:
        WorkspaceError: a file is no framework, or two have one key.
    """
    found: dict[str, Framework] = {}
    sources: list[Traversable | Path] = sorted(
        (each for each in files(__package__).joinpath("frameworks").iterdir() if each.name.endswith(".toml")), key=lambda each: each.name
    )
    sources += sorted(folder.glob("*.toml"))
    for source in sources:
        framework = read_framework(source.read_text(encoding="utf-8"), where=source.name)
        if framework.key in found:
            raise WorkspaceError(f"Two frameworks have the key {framework.key!r}", where=source.name, next_step="Give one another key.")
        found[framework.key] = framework
    return found
