"""Workforce: who is employed, and the turns of duty that each of them worked."""

from bestvalue.dataset.contracts import Column, Kind, Rule, Table

STAFF = Table(
    name="staff",
    means="One person on the pay roll, without a name.",
    key=("staff_id",),
    used_for="challenge.overtime, challenge.roster, compete.costing",
    columns=(
        Column(name="staff_id", kind=Kind.TEXT, means="Number that stands for the person.", required=True, example="ST-00001"),
        Column(
            name="pool_id",
            kind=Kind.TEXT,
            means="The pool that the person crews; empty for others.",
            refers_to="pools.pool_id",
            example="response-E09000012",
        ),
        Column(
            name="cost_centre_id",
            kind=Kind.TEXT,
            means="The cost centre that pays.",
            required=True,
            refers_to="cost_centres.cost_centre_id",
            example="CC-001",
        ),
        Column(
            name="staff_group",
            kind=Kind.TEXT,
            means="Rank or grade, as like staff are costed together.",
            required=True,
            example="constable",
        ),
        Column(
            name="overtime_eligible",
            kind=Kind.YES_NO,
            means="Is paid for overtime: constables and sergeants are, inspectors and above are not.",
            required=True,
            example="true",
        ),
        Column(
            name="hour_pence",
            kind=Kind.PENCE,
            means="Pay for one plain hour, with on-costs.",
            required=True,
            unit="pence an hour",
            low=0,
            example="4150",
        ),
        Column(
            name="weekly_hours",
            kind=Kind.NUMBER,
            means="Contracted hours.",
            required=True,
            unit="hours a week",
            low=0,
            high=80,
            example="40",
        ),
    ),
)

DUTIES = Table(
    name="duties",
    means="One turn of duty that one person worked.",
    key=("duty_id",),
    used_for="challenge.overtime, compete.costing",
    columns=(
        Column(name="duty_id", kind=Kind.TEXT, means="Number of the record.", required=True, example="DU-00000001"),
        Column(name="staff_id", kind=Kind.TEXT, means="The person.", required=True, refers_to="staff.staff_id", example="ST-00001"),
        Column(
            name="unit_id",
            kind=Kind.TEXT,
            means="The unit that the person crewed, if any.",
            refers_to="units.unit_id",
            example="E09000012-E01",
        ),
        Column(
            name="duty_kind",
            kind=Kind.TEXT,
            means="Why the person was on duty.",
            required=True,
            allowed={
                "rostered": "the person's ordinary turn",
                "rest day": "worked on a day off",
                "recall": "called back between two turns",
            },
            example="rostered",
        ),
        Column(
            name="planned_start_at", kind=Kind.TIME, means="Start by the roster, local clock.", required=True, example="2025-04-01 07:00:00"
        ),
        Column(name="planned_end_at", kind=Kind.TIME, means="End by the roster.", required=True, example="2025-04-01 15:00:00"),
        Column(name="started_at", kind=Kind.TIME, means="When it began.", required=True, example="2025-04-01 07:00:00"),
        Column(name="ended_at", kind=Kind.TIME, means="When it ended.", required=True, example="2025-04-01 16:10:00"),
        Column(
            name="overtime_reason",
            kind=Kind.TEXT,
            means="Why it was longer than planned or on a day off; empty where it was not.",
            example="incident ran on",
        ),
        Column(
            name="overtime_told_at",
            kind=Kind.TIME,
            means="When the person was told of the overtime; empty if it was not known beforehand.",
            example="2025-03-31 15:00:00",
        ),
        Column(
            name="overtime_paid_minutes",
            kind=Kind.WHOLE_NUMBER,
            means="Overtime minutes that were paid.",
            required=True,
            unit="minutes",
            low=0,
            example="30",
        ),
    ),
    rules=(
        Rule(
            breaks="planned_end_at <= planned_start_at",
            says="planned_end_at is not after planned_start_at",
            column="planned_end_at",
            next_step="Correct the roster times of the duty.",
        ),
        Rule(
            breaks="ended_at < started_at",
            says="ended_at is before started_at",
            column="ended_at",
            next_step="Correct the times that were worked.",
        ),
    ),
)

TABLES = (
    STAFF,
    DUTIES,
)
