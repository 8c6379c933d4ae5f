"""Demand: what people ask of the force."""

from bestvalue.dataset.contracts import Column, Kind, Rule, Table

INCIDENTS = Table(
    name="incidents",
    means="One incident that the force was asked to deal with, or that an officer came upon.",
    key=("incident_id",),
    used_for="challenge.demand, challenge.resources, compete.costing, tasking",
    columns=(
        Column(name="incident_id", kind=Kind.TEXT, means="The force's number for it.", required=True, example="CAD-2025-000001"),
        Column(
            name="opened_at",
            kind=Kind.TIME,
            means="When it was reported, by the force's local clock.",
            required=True,
            example="2025-04-01 18:05:00",
        ),
        Column(
            name="time_precision",
            kind=Kind.TEXT,
            means="How exactly opened_at is known; empty means to the second.",
            allowed={
                "second": "to the second or minute",
                "hour": "only the hour is known",
                "day": "only the date is known: opened_at is midnight",
                "month": "only the month is known: opened_at is the first of the month",
            },
            example="second",
        ),
        Column(name="area_id", kind=Kind.TEXT, means="Borough or other area; empty where the place is not known.", example="E09000012"),
        Column(name="area_name", kind=Kind.TEXT, means="Its name, where there is no areas table.", example="Hackney"),
        Column(name="easting_m", kind=Kind.NUMBER, means="Metres east on the force's flat grid.", unit="metres", example="536650"),
        Column(name="northing_m", kind=Kind.NUMBER, means="Metres north on the same grid.", unit="metres", example="185450"),
        Column(name="longitude", kind=Kind.NUMBER, means="Degrees east.", unit="degrees", low=-180, high=180, example="-0.0273"),
        Column(name="latitude", kind=Kind.NUMBER, means="Degrees north.", unit="degrees", low=-90, high=90, example="51.5508"),
        Column(name="grade", kind=Kind.TEXT, means="Response grade, as the force names its grades.", example="immediate"),
        Column(name="kind", kind=Kind.TEXT, means="What it was about.", example="violence"),
        Column(name="place_kind", kind=Kind.TEXT, means="What sort of place or property it was at.", example="Purpose built office"),
        Column(name="source", kind=Kind.TEXT, means="How it came in: emergency call, officer initiated, ...", example="emergency call"),
        Column(name="outcome", kind=Kind.TEXT, means="How it ended.", example="resolved at scene"),
        Column(
            name="first_attendance_seconds",
            kind=Kind.NUMBER,
            means="From sending the first unit to its arrival; empty where nobody was sent.",
            unit="seconds",
            low=0,
            example="312",
        ),
        Column(name="first_station", kind=Kind.TEXT, means="Station or base that the first unit came from.", example="Homerton"),
        Column(
            name="second_attendance_seconds",
            kind=Kind.NUMBER,
            means="The same for the second unit.",
            unit="seconds",
            low=0,
            example="418",
        ),
        Column(name="second_station", kind=Kind.TEXT, means="Station or base that the second unit came from.", example="Stoke Newington"),
        Column(
            name="support_skill",
            kind=Kind.TEXT,
            means="Skill asked for from a support unit (the second wave); empty for none.",
            example="public order",
        ),
        Column(name="closed_at", kind=Kind.TIME, means="When the last unit was done with it.", example="2025-04-01 19:12:00"),
        Column(
            name="incident_count",
            kind=Kind.WHOLE_NUMBER,
            means="How many incidents the row stands for, where the source publishes counts; empty means one.",
            low=0,
            example="1",
        ),
    ),
    rules=(
        Rule(
            breaks="closed_at < opened_at",
            says="closed_at is before opened_at",
            column="closed_at",
            next_step="Correct the row, or leave closed_at empty if the incident is still open.",
        ),
    ),
)

GRADES = Table(
    name="grades",
    means="One response grade, and what the force promises for it.",
    key=("grade",),
    used_for="challenge.demand, challenge.resources, challenge.roster",
    columns=(
        Column(name="grade", kind=Kind.TEXT, means="Its name, as in incidents.", required=True, example="immediate"),
        Column(
            name="priority",
            kind=Kind.WHOLE_NUMBER,
            means="Order in which waiting incidents are answered: 1 goes first.",
            required=True,
            low=1,
            example="1",
        ),
        Column(
            name="target_minutes",
            kind=Kind.NUMBER,
            means="From report to arrival, promised; empty where nobody is sent.",
            unit="minutes",
            low=0,
            example="15",
        ),
        Column(
            name="target_share",
            kind=Kind.NUMBER,
            means="Share of incidents that are to be reached within the target.",
            unit="share (0 to 1)",
            low=0,
            high=1,
            example="0.9",
        ),
        Column(
            name="borrow_after_minutes",
            kind=Kind.NUMBER,
            means="Wait after which a neighbouring area's unit may be sent; empty for never.",
            unit="minutes",
            low=0,
            example="2",
        ),
    ),
)

PLANNED_EVENTS = Table(
    name="planned_events",
    means="One event or operation known beforehand that draws people or units: match, march, carnival.",
    key=("event_id",),
    used_for="challenge.demand, challenge.resources",
    columns=(
        Column(name="event_id", kind=Kind.TEXT, means="The force's number for it.", required=True, example="EV-0001"),
        Column(name="event_name", kind=Kind.TEXT, means="Its name.", required=True, example="Summer carnival"),
        Column(name="kind", kind=Kind.TEXT, means="Sort of event.", required=True, example="carnival"),
        Column(
            name="area_id",
            kind=Kind.TEXT,
            means="Where it is held; empty for the whole force.",
            refers_to="areas.area_id",
            example="E09000020",
        ),
        Column(name="starts_at", kind=Kind.TIME, means="Start, local clock.", required=True, example="2025-08-24 09:00:00"),
        Column(name="ends_at", kind=Kind.TIME, means="End, local clock.", required=True, example="2025-08-25 23:00:00"),
        Column(
            name="expected_attendance",
            kind=Kind.WHOLE_NUMBER,
            means="People expected.",
            unit="people",
            low=0,
            example="250000",
        ),
    ),
    rules=(
        Rule(
            breaks="ends_at <= starts_at",
            says="ends_at is not after starts_at",
            column="ends_at",
            next_step="Correct the times of the event.",
        ),
    ),
)

TABLES = (INCIDENTS, GRADES, PLANNED_EVENTS)
