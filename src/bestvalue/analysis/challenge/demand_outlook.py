"""The forecast of demand by month and by financial year."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from bestvalue.analysis.contract import Progress
from bestvalue.analysis.forecasting import LEVELS, MONTHS_FOR_FORECAST, Forecast, forecast_months

__all__ = ["MONTHS_FOR_FORECAST", "Outlook", "outlook"]

APRIL = 4


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """A forecast and the tables made from it.

    Args:
        result: what the model says, and its back-test.
        months: (month, forecast, low_80, high_80, low_95, high_95).
        years: (year "2026/27", months_counted, months_forecast, incidents, low_80, high_80, low_95, high_95), financial years with a
            forecast month.
        models: (model, wape, against_repeating, mase, months), best first.
        back_test: (made_after, month, ahead, forecast, came, low, high).
    """

    result: Forecast
    months: pl.DataFrame
    years: pl.DataFrame
    models: pl.DataFrame
    back_test: pl.DataFrame


def outlook(series: pl.DataFrame, *, years: int, progress: Progress) -> Outlook:
    """Forecast a monthly series.

    Without enough months for a season the look ahead is cut to half of what is behind: further out nothing would be known.

    Args:
        series: (month, incidents, days), whole months, none without incidents.
        years: how far to look.
        progress: told how far it is.
    """
    counts, days = (series[column].to_numpy().astype(float) for column in ("incidents", "days"))
    ahead = pl.DataFrame({"month": _months_after(series["month"][-1], 12 * years)})
    ahead = ahead.with_columns(days=pl.col("month").dt.days_in_month())
    result = forecast_months(counts, days, days_ahead=ahead["days"].to_numpy().astype(float), progress=progress)
    kept = ahead.height if result.seasonal else min(ahead.height, result.tested_ahead)
    limits = {
        f"{side}_{level:.0%}".rstrip("%"): values
        for level in LEVELS
        for side, values in (("low", result.low[level]), ("high", result.high[level]))
    }
    months = pl.DataFrame({"month": ahead["month"], "forecast": result.mean, **limits}).head(kept)
    return Outlook(result=result, months=months, years=_years(series, months), models=_models(result), back_test=_back_test(series, result))


def _months_after(month: date, number: int) -> pl.Series:
    first = pl.Series([month]).dt.offset_by("1mo").item()
    last = pl.Series([month]).dt.offset_by(f"{number}mo").item()
    return pl.date_range(first, last, "1mo", eager=True)


def _years(series: pl.DataFrame, months: pl.DataFrame) -> pl.DataFrame:
    """Sums by financial year. A sum of limits is the limit of the sum when months miss together; if they do not, it is too wide."""
    counted = series.select("month", pl.col("incidents").cast(pl.Float64).alias("forecast"), is_forecast=pl.lit(value=False))
    counted = counted.with_columns([pl.col("forecast").alias(name) for name in months.columns[2:]])
    together = pl.concat([counted.select("month", *months.columns[1:], "is_forecast"), months.with_columns(is_forecast=pl.lit(value=True))])
    start = pl.col("month").dt.year() - (pl.col("month").dt.month() < APRIL).cast(pl.Int32)
    return (
        together.with_columns(start=start)
        .group_by("start")
        .agg(
            months_counted=(~pl.col("is_forecast")).sum().cast(pl.Int64),
            months_forecast=pl.col("is_forecast").sum().cast(pl.Int64),
            incidents=pl.col("forecast").sum(),
            **{name: pl.col(name).sum() for name in months.columns[2:]},
        )
        .filter(pl.col("months_forecast") > 0)
        .sort("start")
        .select(
            pl.format("{}/{}", "start", ((pl.col("start") + 1) % 100).cast(pl.String).str.zfill(2)).alias("year"),
            pl.exclude("start", "year"),
        )
    )


def _models(result: Forecast) -> pl.DataFrame:
    return pl.DataFrame(
        [(score.model, score.wape, score.against_repeating, score.mase, score.months) for score in result.scores],
        schema=["model", "wape", "against_repeating", "mase", "months"],
        orient="row",
    )


def _back_test(series: pl.DataFrame, result: Forecast) -> pl.DataFrame:
    month = series["month"].to_list()
    rows = [
        (month[miss.origin - 1], month[miss.origin + miss.ahead - 1], miss.ahead, miss.forecast, miss.came, miss.low, miss.high)
        for miss in result.misses
    ]
    return pl.DataFrame(rows, schema=["made_after", "month", "ahead", "forecast", "came", "low", "high"], orient="row")
