"""What did people answer? Closed answers as one array, with what had to be left out named."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bestvalue.dataset.dataset import Dataset
from bestvalue.errors import SpecError

Floats = NDArray[np.float64]

ITEMS = "SELECT item_id, wording, COALESCE(scale_name, '') AS scale, lowest, highest, reversed FROM survey_items ORDER BY scale, item_id"
ANSWERS = "SELECT respondent_id, item_id, answer FROM survey_answers WHERE round = :round ORDER BY respondent_id, item_id"


@dataclass(frozen=True, kw_only=True)
class Item:
    """One closed question: its code, words, scale, lowest and highest answer, and whether it is declared as reversed."""

    item_id: str
    wording: str
    scale: str
    lowest: int
    highest: int
    reversed: bool


@dataclass(frozen=True, kw_only=True)
class Answers:
    """The answers of one round.

    Args:
        people: respondent ids, in order.
        items: the questions, in the order of the columns.
        scores: array (people, items); NaN where there is no usable answer; declared reversed questions are turned, so that a high
            score means much of what the scale measures.
        no_answer: by item, people without an answer.
        user_missing: by item, answers that are codes for "no answer" (such as 9 or 99): taken as none.
        outside: by item, answers outside the question's range and not such a code: taken as none.
    """

    people: NDArray[np.str_]
    items: tuple[Item, ...]
    scores: Floats
    no_answer: Mapping[str, int]
    user_missing: Mapping[str, int]
    outside: Mapping[str, int]

    def of_scale(self, scale: str) -> "Answers":
        """The same people, the questions of one scale only."""
        return self.of_items([item.item_id for item in self.items if item.scale == scale])

    def of_items(self, ids: Sequence[str]) -> "Answers":
        """The same people, these questions only, in the order of the table."""
        kept = [at for at, item in enumerate(self.items) if item.item_id in set(ids)]
        return Answers(
            people=self.people,
            items=tuple(self.items[at] for at in kept),
            scores=self.scores[:, kept],
            no_answer=self.no_answer,
            user_missing=self.user_missing,
            outside=self.outside,
        )

    @property
    def complete(self) -> NDArray[np.bool_]:
        """Which people answered every question here."""
        return np.asarray(~np.isnan(self.scores).any(axis=1), dtype=np.bool_)

    @property
    def ids(self) -> list[str]:
        """Codes of the questions."""
        return [item.item_id for item in self.items]


def read_answers(dataset: Dataset, *, answer_round: int = 1, missing_codes: Sequence[int] = ()) -> Answers:
    """Read one round of answers as an array.

    Args:
        dataset: with survey_items and survey_answers.
        answer_round: 1, or 2 where the same people were asked again.
        missing_codes: codes that stand for "no answer"; one that lies inside a question's range is an answer there.

    Raises:
        SpecError: nobody answered in that round.
    """
    items = tuple(Item(**{**row, "item_id": row["item_id"]}) for row in dataset.query(ITEMS).iter_rows(named=True))
    rows = dataset.query(ANSWERS, round=answer_round)
    if rows["answer"].drop_nulls().is_empty():
        raise SpecError(
            f"Nobody answered a question in round {answer_round}",
            where="survey_answers",
            next_step="Check the column round: the first asking is 1.",
        )
    return answers_from(rows, items, missing_codes=missing_codes)


def answers_from(rows: pl.DataFrame, items: Sequence[Item], *, missing_codes: Sequence[int] = ()) -> Answers:
    """Make the array from rows of respondent_id, item_id, answer; see `read_answers`."""
    people = rows["respondent_id"].unique().sort()
    known = rows.filter(pl.col("item_id").is_in([item.item_id for item in items]))
    raw = np.full((len(people), len(items)), np.nan)
    row_of = known["respondent_id"].cast(pl.Enum(people)).to_physical().to_numpy()
    column_of = known["item_id"].replace_strict({item.item_id: at for at, item in enumerate(items)}, return_dtype=pl.Int64).to_numpy()
    raw[row_of, column_of] = known["answer"].cast(pl.Float64).fill_null(np.nan).to_numpy()
    low, high = (np.array([getattr(item, end) for item in items], dtype=float) for end in ("lowest", "highest"))
    bad = (raw < low) | (raw > high)
    as_none = bad & np.isin(raw, np.asarray(missing_codes, dtype=float))
    scores = np.where(bad, np.nan, raw)
    turned = np.array([item.reversed for item in items])
    return Answers(
        people=people.to_numpy().astype(np.str_),
        items=tuple(items),
        scores=np.where(turned, low + high - scores, scores),
        no_answer=_counts(items, np.isnan(raw)),
        user_missing=_counts(items, as_none),
        outside=_counts(items, bad & ~as_none),
    )


def scales_of(answers: Answers, wanted: Sequence[str]) -> list[str]:
    """The scales to look at: those asked for, else every scale of two questions or more.

    Raises:
        SpecError: a scale that was asked for is not in the table, or there is none.
    """
    sizes: dict[str, int] = {}
    for item in answers.items:
        if item.scale:
            sizes[item.scale] = sizes.get(item.scale, 0) + 1
    unknown = [name for name in wanted if name not in sizes]
    if unknown:
        raise SpecError(
            f"There is no scale {unknown[0]!r}", where="scales", next_step=f"Scales in survey_items: {', '.join(sizes) or 'none'}."
        )
    found = list(wanted) or [name for name, size in sizes.items() if size >= 2]
    if not found:
        raise SpecError(
            "No scale has two questions or more", where="survey_items, column scale_name", next_step="Name the scale of each question."
        )
    return found


def _counts(items: Sequence[Item], marked: NDArray[np.bool_]) -> dict[str, int]:
    counted = marked.sum(axis=0)
    return {item.item_id: int(counted[at]) for at, item in enumerate(items) if counted[at]}
