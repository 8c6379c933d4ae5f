"""data.police.uk, street-level crime: one row a crime or an anti-social behaviour incident, by month and map point."""

from collections import Counter

from bestvalue.dataset.files.rows import TextRows
from bestvalue.dataset.readers.columns import constant, numbers, only, row_names, texts, times
from bestvalue.dataset.readers.reader import Reader, Reading, make_reading

_AREA_CODE = r"\s+\d{3}[A-Z]$"  # "Camden 027B" is a statistical area of Camden


def read_street_crime(batch: TextRows, _time_zone: str) -> Reading:
    """Turn rows of street-level crime into incidents."""
    notes: Counter[str] = Counter()
    opened = times(texts(batch, "Month") + "-01", ("%Y-%m-%d",))
    numbered = texts(batch, "Crime ID")
    area = texts(batch, "LSOA name").str.replace(_AREA_CODE, "")
    notes["there is no Crime ID (anti-social behaviour has none), so the row is named after its file"] += numbered.null_count()
    notes["there is no LSOA, so the area is not known"] += area.null_count()
    return make_reading(
        batch,
        {
            "incident_id": numbered.fill_null(row_names(batch)),
            "opened_at": opened,
            "time_precision": constant(batch, "month"),
            "area_id": area,
            "area_name": area,
            "longitude": numbers(batch, "Longitude", notes=notes, low=-180, high=180),
            "latitude": numbers(batch, "Latitude", notes=notes, low=-90, high=90),
            "kind": texts(batch, "Crime type"),
            "source": only("recorded by " + texts(batch, "Falls within"), texts(batch, "Falls within").is_not_null()),
            "outcome": texts(batch, "Last outcome category"),
        },
        left_out={"Month is not a year and a month": opened.is_null()},
        notes=notes,
    )


POLICE_UK_STREET = Reader(
    name="police-uk-street",
    version=1,
    title="data.police.uk street-level crime",
    publisher="Home Office, data.police.uk",
    needs=(("Crime ID",), ("Month",), ("Falls within",), ("LSOA name",), ("Crime type",), ("Last outcome category",)),
    read=read_street_crime,
    repeats="its Crime ID stands in an earlier row: one crime is published again for each further outcome or map point",
    rules=(
        "Only the month is published: opened_at is the first of the month and time_precision is month.",
        "The area is the district in the LSOA's name, without its trailing code; rows outside the force's area are kept.",
        'source is "recorded by" and the force of the column Falls within.',
        "Anti-social behaviour has no Crime ID: such a row is named after its file and row.",
        "A Crime ID that stands in several rows is one crime: the first row is used, the others are left out.",
    ),
)
