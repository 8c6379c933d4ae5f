"""The options for running a service beside each other: money with its interval, what has no price, scores, and what others would charge."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from bestvalue.analysis.contract import Result
from bestvalue.documents.numbers import column_words

WEIGHTED = "all, weighted"
"""Criterion under which an appraisal keeps the weighted score of an option."""

PROVIDERS_OF = {"share": "force", "outsource": "market", "keep": "own"}
"""Kind of provider that each kind of option buys from."""

HEADINGS = (
    "Option",
    "Worth more than keeping it, over the years (NPSV)",
    "Interval of it",
    "Chance of being worth more",
    "Benefit for each pound of cost",
    "Score on the criteria",
    "What has no price",
    "What an hour costs from others, in all",
)


@dataclass(frozen=True, kw_only=True)
class OptionLine:
    """One option as words; `unpriced` and `offers` are lists, because neither may be dropped."""

    service: str
    name: str
    kind: str
    value: str
    interval: str
    better: str
    ratio: str
    score: str
    unpriced: tuple[str, ...]
    offers: tuple[str, ...]

    @property
    def cells(self) -> tuple[str, ...]:
        """The line for a spreadsheet."""
        return (
            self.name,
            self.value,
            self.interval,
            self.better,
            self.ratio,
            self.score,
            "; ".join(self.unpriced),
            "; ".join(self.offers),
        )


def headings(appraisal: Result) -> tuple[str, ...]:
    """Headings of the comparison; the interval names its level."""
    return (HEADINGS[0], HEADINGS[1], f"{appraisal.provenance.spec.get('confidence', 0.9):.0%} interval of it", *HEADINGS[3:])


def option_lines(appraisal: Result, competition: Result | None) -> tuple[OptionLine, ...]:
    """Every option of an appraisal, in its order; with the offers of a competition for the same service."""
    rows = appraisal.tables["options"].rows
    words = {
        name: column_words(rows[name].to_list(), unit=appraisal.tables["options"].units.get(name, ""))
        for name in ("npsv_pounds", "low_pounds", "high_pounds", "better_share", "benefit_cost_ratio")
    }
    scores, effects = _scores(appraisal), appraisal.tables["effects"].rows if "effects" in appraisal.tables else None
    return tuple(
        OptionLine(
            service=row["service"],
            name=row["option"],
            kind=row["kind"],
            value=words["npsv_pounds"][place],
            interval=f"{words['low_pounds'][place]} to {words['high_pounds'][place]}",
            better=words["better_share"][place],
            ratio=words["benefit_cost_ratio"][place],
            score=scores.get((row["service"], row["option"]), "not scored"),
            unpriced=tuple(_unpriced(effects, row)),
            offers=tuple(_offers(competition, row)),
        )
        for place, row in enumerate(rows.iter_rows(named=True))
    )


def _scores(appraisal: Result) -> dict[tuple[str, str], str]:
    if "criteria" not in appraisal.tables:
        return {}
    rows = appraisal.tables["criteria"].rows.filter(pl.col("criterion") == WEIGHTED)
    return {
        (row["service"], row["option"]): words
        for row, words in zip(rows.iter_rows(named=True), column_words(rows["score"].to_list()), strict=True)
    }


def _unpriced(effects: pl.DataFrame | None, row: dict[str, Any]) -> Sequence[str]:
    if effects is None:
        return ()
    mine = effects.filter((pl.col("service") == row["service"]) & (pl.col("option") == row["option"]))
    return [f"{one['direction']}: {one['effect']}" for one in mine.iter_rows(named=True)]


def _offers(competition: Result | None, row: dict[str, Any]) -> Sequence[str]:
    if competition is None:
        return ()
    table = competition.tables["prices"]
    mine = table.rows.filter((pl.col("service") == row["service"]) & (pl.col("provider_kind") == PROVIDERS_OF.get(row["kind"], "")))
    prices = column_words(mine["whole_hour_pounds"].to_list(), unit="pounds")
    return [f"{provider}: {price}" for provider, price in zip(mine["provider"], prices, strict=True)]
