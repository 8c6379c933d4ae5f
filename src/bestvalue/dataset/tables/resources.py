"""Resources: which units there are, when they are on duty, what takes them away and where they were sent."""

from bestvalue.dataset.contracts import Column, Kind, Rule, Table

POOLS = Table(
    name="pools",
    means="Units that stand in for each other: a borough's response team, or one kind of support unit.",
    key=("pool_id",),
    used_for="challenge.resources, challenge.roster, challenge.overtime, compete.costing, tasking",
    columns=(
        Column(name="pool_id", kind=Kind.TEXT, means="The pool's code.", required=True, example="response-E09000012"),
        Column(name="pool_name", kind=Kind.TEXT, means="Its name.", required=True, example="Hackney response"),
        Column(
            name="level",
            kind=Kind.TEXT,
            means="Whom it serves.",
            required=True,
            allowed={"local": "one area, first wave", "support": "the whole force, second wave and planned operations"},
            example="local",
        ),
        Column(
            name="area_id",
            kind=Kind.TEXT,
            means="The area that it serves; empty for support.",
            refers_to="areas.area_id",
            example="E09000012",
        ),
        Column(
            name="minimum_units",
            kind=Kind.WHOLE_NUMBER,
            means="Units that must be on duty at every hour.",
            required=True,
            unit="units",
            low=0,
            example="6",
        ),
        Column(name="crew", kind=Kind.WHOLE_NUMBER, means="Officers in one unit.", required=True, unit="officers", low=1, example="2"),
        Column(
            name="unit_hour_pence",
            kind=Kind.PENCE,
            means="Cost of one unit on duty for one hour: pay with on-costs, vehicle and equipment.",
            unit="pence an hour",
            low=0,
            example="8650",
        ),
    ),
    rules=(
        Rule(
            breaks="level = 'local' AND area_id IS NULL",
            says="a local pool has no area",
            column="area_id",
            next_step="Give the code of the area that it serves, or make its level support.",
        ),
    ),
)

UNITS = Table(
    name="units",
    means="One unit that can be sent as a whole: a response car, a serial, a dog team.",
    key=("unit_id",),
    used_for="challenge.resources, challenge.roster, tasking",
    columns=(
        Column(name="unit_id", kind=Kind.TEXT, means="Its call sign.", required=True, example="E09000012-E01"),
        Column(
            name="pool_id",
            kind=Kind.TEXT,
            means="The pool that it belongs to.",
            required=True,
            refers_to="pools.pool_id",
            example="response-E09000012",
        ),
        Column(name="base_name", kind=Kind.TEXT, means="Station or base that it starts from.", example="Hackney base"),
        Column(
            name="base_area_id",
            kind=Kind.TEXT,
            means="Area in which the base stands.",
            refers_to="areas.area_id",
            example="E09000012",
        ),
        Column(name="base_easting_m", kind=Kind.NUMBER, means="Metres east of the base.", unit="metres", example="534500"),
        Column(name="base_northing_m", kind=Kind.NUMBER, means="Metres north of the base.", unit="metres", example="185200"),
        Column(
            name="weekly_maximum_taskings",
            kind=Kind.WHOLE_NUMBER,
            means="Bids that it may be given in one week; empty where it is not tasked by bid.",
            low=0,
            example="5",
        ),
    ),
)

UNIT_SKILLS = Table(
    name="unit_skills",
    means="One skill that one unit has.",
    key=("unit_id", "skill"),
    used_for="challenge.resources, tasking",
    columns=(
        Column(
            name="unit_id",
            kind=Kind.TEXT,
            means="The unit.",
            required=True,
            refers_to="units.unit_id",
            example="TSG-E01",
        ),
        Column(name="skill", kind=Kind.TEXT, means="The skill, as in incidents and bids.", required=True, example="public order"),
    ),
)

SHIFTS = Table(
    name="shifts",
    means="One turn of duty that a unit works every week.",
    key=("unit_id", "weekday", "starts_minute"),
    used_for="challenge.resources, challenge.roster, tasking",
    columns=(
        Column(
            name="unit_id",
            kind=Kind.TEXT,
            means="The unit.",
            required=True,
            refers_to="units.unit_id",
            example="E09000012-E01",
        ),
        Column(name="shift_name", kind=Kind.TEXT, means="What the force calls it.", example="early"),
        Column(
            name="weekday",
            kind=Kind.WHOLE_NUMBER,
            means="Day on which it starts: 1 Monday to 7 Sunday.",
            required=True,
            low=1,
            high=7,
            example="1",
        ),
        Column(
            name="starts_minute",
            kind=Kind.WHOLE_NUMBER,
            means="Start, counted from midnight of that day.",
            required=True,
            unit="minutes after midnight",
            low=0,
            high=1439,
            example="420",
        ),
        Column(
            name="length_minutes",
            kind=Kind.WHOLE_NUMBER,
            means="From start to the planned end, breaks included.",
            required=True,
            unit="minutes",
            low=1,
            high=1440,
            example="480",
        ),
        Column(
            name="break_minutes",
            kind=Kind.WHOLE_NUMBER,
            means="Meal break within it.",
            unit="minutes",
            low=0,
            high=240,
            example="45",
        ),
    ),
    rules=(
        Rule(
            breaks="break_minutes >= length_minutes",
            says="the break is as long as the shift",
            column="break_minutes",
            next_step="Give the break in minutes, within the length of the shift.",
        ),
    ),
)

ABSTRACTIONS = Table(
    name="abstractions",
    means="One time for which a unit on duty could not be sent to incidents.",
    key=("abstraction_id",),
    used_for="challenge.resources, challenge.roster, challenge.overtime",
    columns=(
        Column(name="abstraction_id", kind=Kind.TEXT, means="Number of the record.", required=True, example="AB-000001"),
        Column(
            name="unit_id",
            kind=Kind.TEXT,
            means="The unit taken away.",
            required=True,
            refers_to="units.unit_id",
            example="E09000012-E01",
        ),
        Column(
            name="reason",
            kind=Kind.TEXT,
            means="What for.",
            required=True,
            allowed={
                "local aid": "policing elsewhere in the same area",
                "central aid": "policing in another area: a demonstration, a carnival, New Year",
                "training": "training",
                "court": "giving evidence",
                "sickness": "no crew",
                "vehicle": "no vehicle",
                "tasking": "given to a bid",
            },
            example="central aid",
        ),
        Column(
            name="event_id",
            kind=Kind.TEXT,
            means="The planned event that it served, if any.",
            refers_to="planned_events.event_id",
            example="EV-0001",
        ),
        Column(name="starts_at", kind=Kind.TIME, means="From, local clock.", required=True, example="2025-08-24 07:00:00"),
        Column(name="ends_at", kind=Kind.TIME, means="To, local clock.", required=True, example="2025-08-24 15:00:00"),
    ),
    rules=(
        Rule(
            breaks="ends_at <= starts_at",
            says="ends_at is not after starts_at",
            column="ends_at",
            next_step="Correct the times of the record.",
        ),
    ),
)

DEPLOYMENTS = Table(
    name="deployments",
    means="One unit sent to one incident.",
    key=("deployment_id",),
    used_for="challenge.resources, challenge.roster, challenge.overtime, compete.costing",
    columns=(
        Column(name="deployment_id", kind=Kind.TEXT, means="Number of the record.", required=True, example="DEP-2025-0000001"),
        Column(
            name="incident_id",
            kind=Kind.TEXT,
            means="The incident.",
            required=True,
            refers_to="incidents.incident_id",
            example="CAD-2025-0000001",
        ),
        Column(
            name="unit_id",
            kind=Kind.TEXT,
            means="The unit sent.",
            required=True,
            refers_to="units.unit_id",
            example="E09000012-E01",
        ),
        Column(
            name="wave",
            kind=Kind.WHOLE_NUMBER,
            means="1 for the first response, 2 for support that was asked for from the scene.",
            required=True,
            low=1,
            high=2,
            example="1",
        ),
        Column(name="assigned_at", kind=Kind.TIME, means="When it was sent.", required=True, example="2025-04-01 18:06:10"),
        Column(
            name="arrived_at",
            kind=Kind.TIME,
            means="When it came to the scene; empty if it was turned back.",
            example="2025-04-01 18:13:40",
        ),
        Column(name="cleared_at", kind=Kind.TIME, means="When it was free again.", required=True, example="2025-04-01 19:12:00"),
        Column(name="from_easting_m", kind=Kind.NUMBER, means="Metres east of where it was when sent.", unit="metres", example="535100"),
        Column(name="from_northing_m", kind=Kind.NUMBER, means="Metres north of where it was when sent.", unit="metres", example="184900"),
    ),
    rules=(
        Rule(
            breaks="arrived_at < assigned_at",
            says="arrived_at is before assigned_at",
            column="arrived_at",
            next_step="Correct the times, or leave arrived_at empty if the unit was turned back.",
        ),
        Rule(
            breaks="cleared_at < assigned_at OR cleared_at < arrived_at",
            says="cleared_at is before the unit was sent or came",
            column="cleared_at",
            next_step="Correct the times of the record.",
        ),
    ),
)

TABLES = (POOLS, UNITS, UNIT_SKILLS, SHIFTS, ABSTRACTIONS, DEPLOYMENTS)
