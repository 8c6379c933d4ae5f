"""Which published values are not to be used, and why: held back, missing, broken, on another scale, or there twice."""

from collections.abc import Sequence

import polars as pl

from bestvalue.analysis.compare.merged import follow_mergers
from bestvalue.dataset.dataset import Dataset

_KEY = ("indicator_id", "force_id", "period_starts")
_SCALE_STEP = (30.0, 300.0)
"""A percentage of 0 to 1 among others of 0 to 100 is about a hundred times smaller than they are."""


def sort_out(raw: pl.DataFrame, dataset: Dataset, *, proportions: Sequence[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Part the values that can be compared from those that cannot.

    Args:
        raw: rows of `indicator_values`, denominators filled in.
        dataset: for `force_changes`.
        proportions: codes of the indicators whose numerator is a part of the denominator.

    Returns:
        Values (with `quotient` and `changed`), one row a key; and the rest, with what was `found` and `why` it cannot be used.
    """
    doubtful = raw.with_columns(why=_why_not(proportions))
    overlapping = _overlaps(doubtful)
    usable = doubtful.filter(pl.col("why").is_null()).join(overlapping, on=_KEY, how="anti")
    mixed = _mixed_scale(usable, proportions)
    usable = usable.join(mixed, on=_KEY, how="anti")
    refused = pl.concat(
        [_listed(doubtful.filter(pl.col("why").is_not_null())), _listed(overlapping), _listed(mixed)],
    )
    values, moved, marks = follow_mergers(usable, dataset)
    values = values.with_columns(quotient=pl.col("numerator") / pl.col("denominator"))
    return (
        values.join(marks, on=_KEY, how="left")
        .with_columns(changed=pl.col("definition_changed").fill_null(value=False) | pl.col("moved").fill_null(value=False))
        .select(*_KEY, "period_ends", "numerator", "denominator", "quotient", "changed")
        .sort(*_KEY),
        pl.concat([refused, moved]).sort(*_KEY),
    )


def _why_not(proportions: Sequence[str]) -> pl.Expr:
    """Why a value cannot be used, taken by itself; null where it can."""
    return (
        pl.when(pl.col("suppressed_as").is_not_null())
        .then(pl.lit("the publisher holds the figure back"))
        .when(pl.col("numerator").is_null())
        .then(pl.lit("the numerator is missing"))
        .when(pl.col("denominator").is_null())
        .then(pl.lit("the denominator is missing"))
        .when(pl.col("denominator") == 0)
        .then(pl.lit("the denominator is zero"))
        .when(pl.col("indicator_id").is_in(list(proportions)) & (pl.col("numerator") > pl.col("denominator")))
        .then(pl.lit("the part is larger than the whole: a percentage of 0 to 100 where others are shares of 0 to 1?"))
    )


def _overlaps(rows: pl.DataFrame) -> pl.DataFrame:
    """Values of a period that begins before an earlier one of the same force and indicator has ended: a year that is there twice."""
    within = ("indicator_id", "force_id")
    before = pl.col("period_ends").shift(1).cum_max().over(*within, order_by="period_starts")
    return (
        rows.filter(pl.col("why").is_null())
        .with_columns(ended=before)
        .filter(pl.col("period_starts") <= pl.col("ended"))
        .with_columns(why=pl.lit("its period overlaps an earlier one: the same time would count twice"))
        .drop("ended")
    )


def _mixed_scale(rows: pl.DataFrame, proportions: Sequence[str]) -> pl.DataFrame:
    """Percentages given as 0 to 1 among others of 0 to 100: a value about a hundred times off the middle of its indicator."""
    ratio = (pl.col("numerator") / pl.col("denominator")) / (pl.col("numerator") / pl.col("denominator")).median().over("indicator_id")
    bare = pl.col("denominator").is_in([1.0, 100.0])
    low, high = _SCALE_STEP
    off = ratio.is_between(1 / high, 1 / low) | ratio.is_between(low, high)
    return rows.filter(pl.col("indicator_id").is_in(list(proportions)) & bare & off).with_columns(
        why=pl.lit("a percentage on another scale than the others: 0 to 1 and 0 to 100 are mixed")
    )


def _listed(rows: pl.DataFrame) -> pl.DataFrame:
    def said(column: str) -> pl.Expr:
        return pl.col(column).cast(pl.String).fill_null("nothing")

    found = pl.coalesce("suppressed_as", pl.format("{} over {}", said("numerator"), said("denominator")))
    return rows.select(*_KEY, found.alias("found"), "why")
