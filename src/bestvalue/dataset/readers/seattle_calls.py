"""Seattle Police Department, call data: one row a call, with when it was queued and when the first officer arrived."""

from collections import Counter

import polars as pl

from bestvalue.dataset.files.rows import TextRows
from bestvalue.dataset.readers.columns import numbers, only, place_names, sentence_case, texts, times
from bestvalue.dataset.readers.reader import Reader, Reading, make_reading

_CLOCK = ("%m/%d/%Y %I:%M:%S %p",)
_NO_TIME_BEFORE = 1901  # the publisher writes 01/01/1900 for no time
_SOURCES = {"911": "emergency call", "ONVIEW": "officer initiated"}


def read_calls(batch: TextRows, _time_zone: str) -> Reading:
    """Turn calls into incidents."""
    notes: Counter[str] = Counter()
    number, call = texts(batch, "CAD Event Number"), texts(batch, "Call Type")
    queued = _known(times(texts(batch, "Original Time Queued"), _CLOCK))
    precinct = place_names(texts(batch, "Precinct"))
    return make_reading(
        batch,
        {
            "incident_id": number,
            "opened_at": queued,
            "area_id": precinct,
            "area_name": precinct,
            "longitude": numbers(batch, "Blurred_Longitude", notes=notes, low=-180, high=-1.1),
            "latitude": numbers(batch, "Blurred_Latitude", notes=notes, low=1, high=90),
            "grade": only("priority " + texts(batch, "Priority"), texts(batch, "Priority").is_not_null()),
            "kind": texts(batch, "Initial Call Type"),
            "source": call.replace_strict(_SOURCES, default=sentence_case(call), return_dtype=pl.String()),
            "outcome": texts(batch, "Event Clearance Description"),
            "first_attendance_seconds": _attendance(batch, call, queued, notes),
        },
        left_out={"Original Time Queued is not a time": queued.is_null(), "there is no CAD Event Number": number.is_null()},
        notes=notes,
    )


def _attendance(batch: TextRows, call: pl.Series, queued: pl.Series, notes: Counter[str]) -> pl.Series:
    """Seconds from queue to arrival of calls that somebody was sent to."""
    arrived = _known(times(texts(batch, "Arrived Time"), _CLOCK))
    seconds = (arrived - queued).dt.total_seconds().cast(pl.Float64)
    onview = (call == "ONVIEW").fill_null(value=False)
    notes["an officer came upon it (ONVIEW): no attendance time"] += int(onview.sum())
    notes["nobody is recorded as arriving: no attendance time"] += int((arrived.is_null() & ~onview).sum())
    notes["the arrival is before the call was queued: no attendance time"] += int(((seconds < 0).fill_null(value=False) & ~onview).sum())
    sent = only(seconds, (seconds >= 0) & ~onview)
    notes["attendance runs from the queueing of the call, not from dispatch: waiting for a free unit is in it"] += (
        len(sent) - sent.null_count()
    )
    return sent


def _known(found: pl.Series) -> pl.Series:
    return only(found, found.dt.year() >= _NO_TIME_BEFORE)


SEATTLE_CALLS = Reader(
    name="seattle-police-calls",
    version=1,
    title="Seattle Police Department call data",
    publisher="City of Seattle",
    needs=(
        ("CAD Event Number",),
        ("Event Clearance Description",),
        ("Call Type",),
        ("Priority",),
        ("Initial Call Type",),
        ("Original Time Queued",),
        ("Arrived Time",),
        ("Precinct",),
    ),
    read=read_calls,
    repeats="its CAD Event Number stands in an earlier row",
    rules=(
        "Times are month/day/year with AM or PM, by Seattle's clock.",
        "grade is the priority; the area is the precinct; kind is the initial call type.",
        "ONVIEW is officer initiated and has no attendance time.",
        "Attendance is Arrived Time less Original Time Queued; where nobody arrived (1900) or arrival is before the call, it is empty.",
        "Positions that the publisher has taken out (0, -1) are empty.",
    ),
)
