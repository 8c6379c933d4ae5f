"""Places: the areas that the force polices, and which of them can help each other."""

from bestvalue.dataset.contracts import Column, Kind, Rule, Table

AREAS = Table(
    name="areas",
    means="One borough, division or other area that has its own local response.",
    key=("area_id",),
    used_for="challenge.*, compete.costing, compare.indicators, consult.*, crossborder.*, tasking, deconfliction",
    columns=(
        Column(name="area_id", kind=Kind.TEXT, means="The area's code.", required=True, example="E09000012"),
        Column(name="area_name", kind=Kind.TEXT, means="Its name, as reports print it.", required=True, example="Hackney"),
        Column(name="area_group", kind=Kind.TEXT, means="Larger group that it is compared within.", example="Inner"),
        Column(
            name="resident_population",
            kind=Kind.WHOLE_NUMBER,
            means="People who live there.",
            unit="people",
            low=0,
            example="294312",
        ),
        Column(
            name="daytime_population",
            kind=Kind.WHOLE_NUMBER,
            means="People who are there on a working day.",
            unit="people",
            low=0,
            example="271000",
        ),
        Column(
            name="night_population",
            kind=Kind.WHOLE_NUMBER,
            means="People who are there late on a Friday or Saturday evening.",
            unit="people",
            low=0,
            example="318000",
        ),
        Column(name="area_km2", kind=Kind.NUMBER, means="Land area.", unit="square kilometres", low=0, example="19.0"),
        Column(name="centroid_easting_m", kind=Kind.NUMBER, means="Metres east of its centre.", unit="metres", example="534372"),
        Column(name="centroid_northing_m", kind=Kind.NUMBER, means="Metres north of its centre.", unit="metres", example="185486"),
    ),
    rules=(
        Rule(
            breaks="area_km2 <= 0",
            says="area_km2 is not above zero",
            column="area_km2",
            next_step="Give the land area in square kilometres, or leave it empty.",
        ),
    ),
)

AREA_NEIGHBOURS = Table(
    name="area_neighbours",
    means="One area that may borrow units from another; a pair that helps both ways has two rows.",
    key=("area_id", "neighbour_id"),
    used_for="challenge.resources, crossborder.partnership",
    columns=(
        Column(
            name="area_id",
            kind=Kind.TEXT,
            means="The area that borrows.",
            required=True,
            refers_to="areas.area_id",
            example="E09000012",
        ),
        Column(
            name="neighbour_id",
            kind=Kind.TEXT,
            means="The area that lends.",
            required=True,
            refers_to="areas.area_id",
            example="E09000019",
        ),
    ),
    rules=(
        Rule(
            breaks="area_id = neighbour_id",
            says="an area is its own neighbour",
            column="neighbour_id",
            next_step="Remove the row: an area needs no leave to use its own units.",
        ),
    ),
)

AREA_TRAVEL_TIMES = Table(
    name="area_travel_times",
    means="How long an ordinary drive takes from the centre of one area to the centre of another.",
    key=("from_area_id", "to_area_id"),
    used_for="challenge.resources, tasking",
    columns=(
        Column(
            name="from_area_id",
            kind=Kind.TEXT,
            means="Where the drive starts.",
            required=True,
            refers_to="areas.area_id",
            example="E09000012",
        ),
        Column(
            name="to_area_id",
            kind=Kind.TEXT,
            means="Where it ends.",
            required=True,
            refers_to="areas.area_id",
            example="E09000019",
        ),
        Column(name="travel_minutes", kind=Kind.NUMBER, means="Duration.", required=True, unit="minutes", low=0, example="14.5"),
    ),
)

TABLES = (AREAS, AREA_NEIGHBOURS, AREA_TRAVEL_TIMES)
