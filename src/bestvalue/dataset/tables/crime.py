"""Crime: what was recorded where, and the person records that each area keeps about those involved."""

from bestvalue.dataset.contracts import Column, Kind, Rule, Table

OFFENCES = Table(
    name="offences",
    means="One offence of the force's list, with its weight of harm.",
    key=("offence",),
    used_for="crossborder.*, tasking",
    columns=(
        Column(name="offence", kind=Kind.TEXT, means="Its name.", required=True, example="burglary of a home"),
        Column(
            name="harm_days",
            kind=Kind.NUMBER,
            means="Weight: days of a starting-point sentence, or another published scale.",
            required=True,
            unit="days",
            low=0,
            example="20",
        ),
        Column(name="serious_organised", kind=Kind.YES_NO, means="On the list of level 3 offences.", required=True, example="false"),
    ),
)

CRIMES = Table(
    name="crimes",
    means="One recorded crime.",
    key=("crime_id",),
    used_for="crossborder.*, tasking",
    columns=(
        Column(name="crime_id", kind=Kind.TEXT, means="The force's number.", required=True, example="CR-0000001"),
        Column(
            name="incident_id",
            kind=Kind.TEXT,
            means="The incident that it was recorded from.",
            refers_to="incidents.incident_id",
            example="INC-00000001",
        ),
        Column(
            name="area_id", kind=Kind.TEXT, means="Where it was committed.", required=True, refers_to="areas.area_id", example="E09000012"
        ),
        Column(
            name="offence", kind=Kind.TEXT, means="What it was.", required=True, refers_to="offences.offence", example="burglary of a home"
        ),
        Column(
            name="committed_from",
            kind=Kind.TIME,
            means="Earliest time that it can have been committed.",
            required=True,
            example="2025-11-03 08:30:00",
        ),
        Column(name="committed_to", kind=Kind.TIME, means="Latest time.", required=True, example="2025-11-03 17:45:00"),
        Column(name="recorded_on", kind=Kind.DATE, means="When it was recorded.", required=True, example="2025-11-03"),
        Column(name="easting_m", kind=Kind.NUMBER, means="Metres east.", unit="metres", example="535210"),
        Column(name="northing_m", kind=Kind.NUMBER, means="Metres north.", unit="metres", example="185001"),
        Column(name="premises", kind=Kind.TEXT, means="Sort of place.", example="terraced house"),
        Column(name="entry_method", kind=Kind.TEXT, means="How the offender got in or approached.", example="forced rear door"),
        Column(name="property_taken", kind=Kind.TEXT, means="What was taken.", example="jewellery"),
        Column(name="offenders_seen", kind=Kind.WHOLE_NUMBER, means="How many offenders were seen.", low=0, example="2"),
    ),
    rules=(
        Rule(
            breaks="committed_to < committed_from",
            says="committed_to is before committed_from",
            column="committed_to",
            next_step="Correct the times of the crime.",
        ),
    ),
)

NOMINALS = Table(
    name="nominals",
    means="One person record as one area keeps it; the same person may have several.",
    key=("nominal_id",),
    used_for="crossborder.*",
    columns=(
        Column(name="nominal_id", kind=Kind.TEXT, means="Number of the record.", required=True, example="N-0000001"),
        Column(
            name="area_id", kind=Kind.TEXT, means="The area that keeps it.", required=True, refers_to="areas.area_id", example="E09000012"
        ),
        Column(name="recorded_on", kind=Kind.DATE, means="When it was made.", required=True, example="2025-11-04"),
        Column(name="given_name", kind=Kind.TEXT, means="As written.", example="Zorbrin"),
        Column(name="family_name", kind=Kind.TEXT, means="As written.", example="Quilvexton"),
        Column(name="birth_date", kind=Kind.DATE, means="As given.", example="1994-02-17"),
        Column(
            name="sex",
            kind=Kind.TEXT,
            means="As recorded.",
            allowed={"female": "female", "male": "male", "other": "another", "unknown": "not recorded"},
            example="male",
        ),
        Column(name="postcode", kind=Kind.TEXT, means="Home postcode.", example="ZZ12 4QX"),
        Column(
            name="home_area_id",
            kind=Kind.TEXT,
            means="Area of the home, where it is inside the force.",
            refers_to="areas.area_id",
            example="E09000025",
        ),
        Column(name="phone", kind=Kind.TEXT, means="As given.", example="0999 5550123"),
    ),
)

INVOLVEMENTS = Table(
    name="involvements",
    means="One person record's part in one crime.",
    key=(
        "crime_id",
        "nominal_id",
    ),
    used_for="crossborder.*",
    columns=(
        Column(name="crime_id", kind=Kind.TEXT, means="The crime.", required=True, refers_to="crimes.crime_id", example="CR-0000001"),
        Column(
            name="nominal_id",
            kind=Kind.TEXT,
            means="The person record.",
            required=True,
            refers_to="nominals.nominal_id",
            example="N-0000001",
        ),
        Column(
            name="role",
            kind=Kind.TEXT,
            means="The part.",
            required=True,
            allowed={"suspect": "suspected", "charged": "charged", "victim": "harmed", "witness": "saw or knows something"},
            example="suspect",
        ),
    ),
)

TABLES = (
    OFFENCES,
    CRIMES,
    NOMINALS,
    INVOLVEMENTS,
)
