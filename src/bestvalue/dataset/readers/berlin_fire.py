"""Berlin Fire Brigade open data: missions one by one, and counts of missions and calls by day."""

from collections import Counter
from collections.abc import Mapping

import polars as pl

from bestvalue.dataset.files.rows import TextRows
from bestvalue.dataset.readers.columns import constant, numbers, only, row_names, texts, times
from bestvalue.dataset.readers.reader import SOURCE_ROW, Reader, Reading, make_reading

_PUBLISHER = "Berliner Feuerwehr"
_DAY = ("%Y-%m-%d",)


def read_missions(batch: TextRows, _time_zone: str) -> Reading:
    """Turn missions into incidents of a day."""
    notes: Counter[str] = Counter()
    opened = times(texts(batch, "mission_date"), _DAY)
    seconds = numbers(batch, "response_time", notes=notes, low=0)
    notes["attendance runs from the mission's creation and holds 2 minutes added by the publisher"] += len(seconds) - seconds.null_count()
    district = texts(batch, "mission_location_district")
    return make_reading(
        batch,
        {
            "incident_id": row_names(batch),
            "opened_at": opened,
            "time_precision": constant(batch, "day"),
            "area_id": district,
            "area_name": district,
            "grade": texts(batch, "dispatchcode_criticality"),
            "kind": texts(batch, "mission_type"),
            "first_attendance_seconds": seconds,
        },
        left_out={"mission_date is not a date": opened.is_null()},
        notes=notes,
    )


def read_daily_missions(batch: TextRows, _time_zone: str) -> Reading:
    """Turn a day's counts of missions into incidents of a count, one row a kind of mission."""
    notes: Counter[str] = Counter()
    kinds = {name: numbers(batch, f"mission_count_{name}", notes=notes, low=0) for name in ("ems", "fire", "technical_rescue")}
    other = numbers(batch, "mission_count_all", notes=notes, low=0) - sum(kinds.values(), start=pl.Series([0.0]))
    counts = {
        "rescue service": kinds["ems"],
        "fire": kinds["fire"],
        "technical rescue": kinds["technical_rescue"],
        "other mission": only(other, other >= 0),
    }
    return _daily(batch, texts(batch, "mission_created_date"), counts, notes)


def read_daily_calls(batch: TextRows, _time_zone: str) -> Reading:
    """Turn a day's counts of calls into incidents of a count, one row a kind of call."""
    notes: Counter[str] = Counter()
    answered, emergency = (numbers(batch, name, notes=notes, low=0) for name in ("call_count", "call_count_112"))
    lost, lost_emergency = (numbers(batch, name, notes=notes, low=0) for name in ("call_count_not_answered", "call_count_112_not_answered"))
    counts = {
        "emergency call (112) answered": emergency,
        "emergency call (112) not answered": lost_emergency,
        "other call answered": only(answered - emergency, answered >= emergency),
        "other call not answered": only(lost - lost_emergency, lost >= lost_emergency),
    }
    return _daily(batch, texts(batch, "calls_received_day"), counts, notes)


def _daily(batch: TextRows, day: pl.Series, counts: Mapping[str, pl.Series], notes: Counter[str]) -> Reading:
    opened = times(day, _DAY)
    wide = pl.DataFrame({"opened_at": opened, SOURCE_ROW: pl.Series(range(len(day)), dtype=pl.Int64()), **counts})
    rows = (
        wide.filter(opened.is_not_null())
        .unpivot(on=list(counts), index=["opened_at", SOURCE_ROW], variable_name="kind", value_name="counted")
        .filter(pl.col("counted").is_not_null())
        .sort(SOURCE_ROW, maintain_order=True)
        .select(
            pl.format("{} {}", pl.col("opened_at").dt.strftime("%Y-%m-%d"), "kind").alias("incident_id"),
            "opened_at",
            pl.lit("day").alias("time_precision"),
            "kind",
            pl.col("counted").cast(pl.Int64).alias("incident_count"),
            SOURCE_ROW,
        )
    )
    used = wide[SOURCE_ROW].is_in(rows[SOURCE_ROW].unique().implode())
    reasons = only(constant(batch, "the day is not a date, or no count can be read"), ~used)
    return Reading(rows=rows, left_out=reasons, notes=notes)


BERLIN_FIRE_MISSIONS = Reader(
    name="berlin-fire-missions",
    version=1,
    title="Berlin Fire Brigade mission data",
    publisher=_PUBLISHER,
    needs=(("mission_date",), ("mission_type",), ("dispatchcode_criticality",), ("mission_location_district",), ("response_time",)),
    read=read_missions,
    repeats="its name stands in an earlier row",
    rules=(
        "Only the day is published: opened_at is midnight and time_precision is day.",
        "The publisher's index starts again in each file, so a row is named after its file and row.",
        "grade is the criticality of the dispatch code; the area is the district.",
        "The response time is as published: from the mission's creation to the first arrival, with 2 minutes added.",
    ),
)
BERLIN_FIRE_DAILY_MISSIONS = Reader(
    name="berlin-fire-daily-missions",
    version=1,
    title="Berlin Fire Brigade missions by day",
    publisher=_PUBLISHER,
    needs=(
        ("mission_created_date",),
        ("mission_count_all",),
        ("mission_count_ems",),
        ("mission_count_fire",),
        ("mission_count_technical_rescue",),
    ),
    read=read_daily_missions,
    repeats="its day and kind stand in an earlier row or file",
    rules=(
        "Each day becomes a row with incident_count for each kind; other missions are all less the three kinds.",
        "Only the day is published: opened_at is midnight and time_precision is day.",
    ),
)
BERLIN_FIRE_DAILY_CALLS = Reader(
    name="berlin-fire-daily-calls",
    version=1,
    title="Berlin Fire Brigade calls by day",
    publisher=_PUBLISHER,
    needs=(("calls_received_day",), ("call_count",), ("call_count_not_answered",), ("call_count_112",), ("call_count_112_not_answered",)),
    read=read_daily_calls,
    repeats="its day and kind stand in an earlier row or file",
    rules=(
        "Each day becomes four rows with incident_count: emergency calls (112) and other calls, answered and not answered.",
        "Only the day is published: opened_at is midnight and time_precision is day.",
    ),
)
