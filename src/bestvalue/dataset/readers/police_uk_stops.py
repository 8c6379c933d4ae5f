"""data.police.uk, stop and search: one row a person or vehicle searched, with the time."""

from collections import Counter

from bestvalue.dataset.checks.values import read_values
from bestvalue.dataset.contracts import Kind
from bestvalue.dataset.files.rows import TextRows
from bestvalue.dataset.readers.columns import constant, numbers, row_names, texts
from bestvalue.dataset.readers.reader import Reader, Reading, make_reading


def read_stops(batch: TextRows, time_zone: str) -> Reading:
    """Turn stops and searches into incidents that an officer came upon."""
    notes: Counter[str] = Counter()
    read = read_values(texts(batch, "Date"), Kind.TIME, time_zone=time_zone)
    notes.update({f"Date holds {says}": rows for says, rows in read.notes.items()})
    notes["every column repeats an earlier row: kept, since each row is one person or vehicle searched"] += (
        batch.frame.height - batch.frame.n_unique()
    )
    return make_reading(
        batch,
        {
            "incident_id": row_names(batch),
            "opened_at": read.values,
            "longitude": numbers(batch, "Longitude", notes=notes, low=-180, high=180),
            "latitude": numbers(batch, "Latitude", notes=notes, low=-90, high=90),
            "kind": texts(batch, "Object of search").fill_null(texts(batch, "Type")),
            "source": constant(batch, "stop and search"),
            "outcome": texts(batch, "Outcome"),
        },
        left_out={"Date is not a time": read.values.is_null()},
        notes=notes,
    )


POLICE_UK_STOPS = Reader(
    name="police-uk-stop-and-search",
    version=1,
    title="data.police.uk stop and search",
    publisher="Home Office, data.police.uk",
    needs=(("Type",), ("Date",), ("Legislation",), ("Object of search",), ("Outcome",)),
    read=read_stops,
    repeats="its name stands in an earlier row",
    rules=(
        'Each row is one person or vehicle searched, and one incident of the source "stop and search".',
        "The publisher's times carry an offset from UTC: they are turned into the force's local clock.",
        "The layout has no numbers: a row is named after its file and row. Rows that are equal in every column are kept and counted.",
        "The layout names no area: area_id is empty, longitude and latitude are kept.",
        "kind is the object of the search; where that is empty, the type of search.",
    ),
)
