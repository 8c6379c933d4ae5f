"""London Fire Brigade incident records, in both layouts that they are published in."""

from collections import Counter
from collections.abc import Callable, Mapping

import polars as pl

from bestvalue.dataset.files.rows import TextRows
from bestvalue.dataset.readers.columns import numbers, only, place_names, texts, times
from bestvalue.dataset.readers.reader import Reader, Reading, make_reading

_NOT_CODED = "E00000000"
_DAYS = ("%Y-%m-%d", "%d %b %Y", "%d-%b-%Y", "%d-%b-%y", "%d/%m/%Y")

_BIGQUERY = {
    "number": "incident_number",
    "group": "incident_group",
    "stop_code": "stop_code_description",
    "service": "special_service_type",
    "area_code": "borough_code",
    "area_name": "borough_name",
    "easting": "easting_m",
    "northing": "northing_m",
    "easting_rounded": "easting_rounded",
    "northing_rounded": "northing_rounded",
    "first_seconds": "first_pump_arriving_attendance_time",
    "first_station": "first_pump_arriving_deployed_from_station",
    "second_seconds": "second_pump_arriving_attendance_time",
    "second_station": "second_pump_arriving_deployed_from_station",
}

_DATASTORE = {
    "number": "IncidentNumber",
    "group": "IncidentGroup",
    "stop_code": "StopCodeDescription",
    "service": "SpecialServiceType",
    "area_code": "IncGeo_BoroughCode",
    "area_name": "IncGeo_BoroughName",
    "easting": "Easting_m",
    "northing": "Northing_m",
    "easting_rounded": "Easting_rounded",
    "northing_rounded": "Northing_rounded",
    "first_seconds": "FirstPumpArriving_AttendanceTime",
    "first_station": "FirstPumpArriving_DeployedFromStation",
    "second_seconds": "SecondPumpArriving_AttendanceTime",
    "second_station": "SecondPumpArriving_DeployedFromStation",
}

_PROPERTY = ("property_type", "PropertyType")
"""Its name in either layout; files that were cut down to fewer columns are read without it."""


def read_bigquery(batch: TextRows, _time_zone: str) -> Reading:
    """Turn rows of the BigQuery table into incidents."""
    return _read(batch, _BIGQUERY, texts(batch, "date_of_call"), texts(batch, "time_of_call"))


def read_datastore(batch: TextRows, _time_zone: str) -> Reading:
    """Turn rows of the London Datastore's file into incidents."""
    return _read(batch, _DATASTORE, texts(batch, "DateOfCall"), texts(batch, "TimeOfCall"))


def _read(batch: TextRows, names: Mapping[str, str], day: pl.Series, time: pl.Series) -> Reading:
    notes: Counter[str] = Counter()
    # Some editions write the day as a time at midnight.
    opened = times(day.str.replace(r"[ T]00:00:00$", "") + " " + time, [f"{form} %H:%M:%S" for form in _DAYS])
    number = texts(batch, names["number"])
    coded = (texts(batch, names["area_code"]) != _NOT_CODED).fill_null(value=False)
    notes["the place is not geo-coded, so the area is not known"] += int((~coded).sum())

    def metres(exact: str, rounded: str) -> pl.Series:
        return numbers(batch, names[exact], notes=notes).fill_null(numbers(batch, names[rounded], notes=notes))

    return make_reading(
        batch,
        {
            "incident_id": number,
            "opened_at": opened,
            "area_id": only(texts(batch, names["area_code"]), coded),
            "area_name": only(place_names(texts(batch, names["area_name"])), coded),
            "easting_m": metres("easting", "easting_rounded"),
            "northing_m": metres("northing", "northing_rounded"),
            "kind": texts(batch, names["group"]),
            "place_kind": texts(batch, *_PROPERTY),
            "outcome": texts(batch, names["service"]).fill_null(texts(batch, names["stop_code"])),
            "first_attendance_seconds": numbers(batch, names["first_seconds"], notes=notes, low=0),
            "first_station": texts(batch, names["first_station"]),
            "second_attendance_seconds": numbers(batch, names["second_seconds"], notes=notes, low=0),
            "second_station": texts(batch, names["second_station"]),
        },
        left_out={"the date or time of call cannot be read": opened.is_null(), "there is no incident number": number.is_null()},
        notes=notes,
    )


def _reader(
    *, name: str, title: str, columns: Mapping[str, str], when: tuple[str, str], read: Callable[[TextRows, str], Reading]
) -> Reader:
    return Reader(
        name=name,
        version=2,
        title=title,
        publisher="London Fire Brigade",
        needs=tuple((column,) for column in (*when, *columns.values())),
        read=read,
        repeats="its incident number stands in an earlier row",
        rules=(
            "kind is the incident group; outcome is the special service type, or else the stop code; place_kind is the property type.",
            "Places are exact where published, else rounded to 50 metres (the publisher rounds dwellings).",
            "A place that is not geo-coded (over the border) has no area.",
            "Attendance times run from mobilisation to arrival, as published.",
        ),
    )


LONDON_FIRE_BIGQUERY = _reader(
    name="london-fire-bigquery",
    title="London Fire Brigade incidents (BigQuery table)",
    columns=_BIGQUERY,
    when=("date_of_call", "time_of_call"),
    read=read_bigquery,
)
LONDON_FIRE_DATASTORE = _reader(
    name="london-fire-datastore",
    title="London Fire Brigade incidents (London Datastore)",
    columns=_DATASTORE,
    when=("DateOfCall", "TimeOfCall"),
    read=read_datastore,
)
