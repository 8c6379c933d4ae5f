"""Forces that merged or whose boundaries moved: what was several is added up to what it is now, or kept out of the comparison."""

from datetime import date

import polars as pl

from bestvalue.dataset.dataset import Dataset

_KEY = ("indicator_id", "force_id", "period_starts")
CHANGES = "SELECT force_id, now_force_id, changed_on, change FROM force_changes"
PART_ONLY = "the force has since merged, and not all of its parts have a value: part of it would be taken for the whole"
NO_MORE = "the force has merged into another and is no more"


def follow_mergers(rows: pl.DataFrame, dataset: Dataset) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Add the values of merged forces up to the force that they became.

    Args:
        rows: indicator_id, force_id, period_starts, period_ends, numerator, denominator, definition_changed.
        dataset: with `force_changes`, or without: then nothing is done.

    Returns:
        The rows; those kept out (with `found` and `why`); and the keys of the first period after a boundary moved, with `moved`.
    """
    nothing = rows.clear().select(*_KEY, found=pl.lit(""), why=pl.lit(""))
    marks = rows.clear().select(*_KEY, moved=pl.lit(value=True))
    if "force_changes" not in dataset.tables:
        return rows, nothing, marks
    changes = dataset.query(CHANGES).sort("changed_on", "force_id")
    kept_out = [nothing]
    for former, now, on in changes.filter(pl.col("change") == "merged").select("force_id", "now_force_id", "changed_on").iter_rows():
        rows, refused = _merge(rows, former, now, on)
        kept_out.append(refused)
    moved = changes.filter(pl.col("change") == "boundary").select("now_force_id", "changed_on")
    return rows, pl.concat(kept_out), _first_after(rows, moved)


def _merge(rows: pl.DataFrame, former: str, now: str, on: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    if rows.filter(pl.col("force_id") == former).is_empty():
        return rows, rows.clear().select(*_KEY, found=pl.lit(""), why=pl.lit(""))
    before = pl.col("period_starts") < on
    is_former, is_now = pl.col("force_id") == former, pl.col("force_id") == now
    late = rows.filter(is_former & ~before)
    parts = rows.filter((is_former | is_now) & before)
    whole = parts.filter(pl.col("force_id").n_unique().over("indicator_id", "period_starts") == 2)
    alone = parts.join(whole.select(*_KEY), on=_KEY, how="anti")
    summed = whole.group_by("indicator_id", "period_starts").agg(
        pl.lit(now).alias("force_id"),
        pl.col("period_ends").max(),
        pl.col("numerator", "denominator").sum(),
        pl.col("definition_changed").any(),
    )
    rest = rows.filter(~(is_former | (is_now & before)))
    refused = pl.concat([_refused(late, NO_MORE), _refused(alone, PART_ONLY)])
    return pl.concat([rest.drop("why", "suppressed_as", strict=False), summed], how="diagonal"), refused


def _refused(rows: pl.DataFrame, why: str) -> pl.DataFrame:
    return rows.select(*_KEY, pl.format("{} over {}", "numerator", "denominator").alias("found"), pl.lit(why).alias("why"))


def _first_after(rows: pl.DataFrame, moved: pl.DataFrame) -> pl.DataFrame:
    """The keys of the first period of each indicator that begins on or after the day on which a boundary moved."""
    return (
        rows.join(moved, left_on="force_id", right_on="now_force_id")
        .filter(pl.col("period_starts") >= pl.col("changed_on"))
        .group_by("indicator_id", "force_id", "changed_on")
        .agg(pl.col("period_starts").min())
        .select(*_KEY, pl.lit(value=True).alias("moved"))
        .unique(_KEY)
    )
