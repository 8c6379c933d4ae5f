"""Operations: what units plan to do where and when, so that nobody meets by surprise."""

from bestvalue.dataset.contracts import Column, Kind, Rule, Table

OPERATIONS = Table(
    name="operations",
    means="One planned activity of one pool, as it was registered.",
    key=("operation_id",),
    used_for="deconfliction",
    columns=(
        Column(name="operation_id", kind=Kind.TEXT, means="Its number.", required=True, example="OP-00001"),
        Column(name="pool_id", kind=Kind.TEXT, means="Who acts.", required=True, refers_to="pools.pool_id", example="support-SRV"),
        Column(
            name="activity_type",
            kind=Kind.TEXT,
            means="Sort of activity.",
            required=True,
            allowed={
                "warrant": "search of premises",
                "arrest": "planned arrest",
                "surveillance": "watching",
                "test purchase": "covert purchase",
                "search": "search of open ground",
                "patrol": "patrol of a hot spot",
                "checkpoint": "vehicle checks",
            },
            example="warrant",
        ),
        Column(
            name="area_id",
            kind=Kind.TEXT,
            means="Area in which it lies, by its centre.",
            required=True,
            refers_to="areas.area_id",
            example="E09000012",
        ),
        Column(name="starts_at", kind=Kind.TIME, means="From, local clock.", required=True, example="2025-11-20 05:00:00"),
        Column(name="ends_at", kind=Kind.TIME, means="To, local clock.", required=True, example="2025-11-20 09:00:00"),
        Column(name="easting_m", kind=Kind.NUMBER, means="Metres east of its centre.", required=True, unit="metres", example="534800"),
        Column(name="northing_m", kind=Kind.NUMBER, means="Metres north of its centre.", required=True, unit="metres", example="185300"),
        Column(
            name="radius_m",
            kind=Kind.NUMBER,
            means="Within so many metres of the place or route others should know.",
            required=True,
            unit="metres",
            low=0,
            example="290",
        ),
        Column(
            name="outline_wkt",
            kind=Kind.TEXT,
            means="Route or outline on the same grid, as well-known text; empty for a single place.",
            example="LINESTRING (534800 185300, 535200 185600)",
        ),
        Column(
            name="marking",
            kind=Kind.TEXT,
            means="Protective marking.",
            required=True,
            allowed={"OFFICIAL": "any member of the force may know", "OFFICIAL-SENSITIVE": "only those who need to know"},
            example="OFFICIAL-SENSITIVE",
        ),
        Column(name="registered_at", kind=Kind.TIME, means="When it was entered.", required=True, example="2025-11-18 14:20:00"),
        Column(name="area_told_at", kind=Kind.TIME, means="When the area was told of it; empty if never.", example="2025-11-19 09:00:00"),
    ),
    rules=(
        Rule(
            breaks="ends_at <= starts_at",
            says="ends_at is not after starts_at",
            column="ends_at",
            next_step="Correct the times of the operation.",
        ),
    ),
)

OPERATION_TARGETS = Table(
    name="operation_targets",
    means="One person, place or thing that an operation is about.",
    key=(
        "operation_id",
        "target_kind",
        "target_reference",
    ),
    used_for="deconfliction",
    columns=(
        Column(
            name="operation_id",
            kind=Kind.TEXT,
            means="The operation.",
            required=True,
            refers_to="operations.operation_id",
            example="OP-00001",
        ),
        Column(
            name="target_kind",
            kind=Kind.TEXT,
            means="Sort of target.",
            required=True,
            allowed={"person": "a person record", "address": "a place", "vehicle": "a vehicle", "phone": "a number"},
            example="person",
        ),
        Column(
            name="target_reference",
            kind=Kind.TEXT,
            means="Reference by which two operations on one target are recognised.",
            required=True,
            example="person-00042",
        ),
    ),
)

TABLES = (
    OPERATIONS,
    OPERATION_TARGETS,
)
