"""Finance: what was budgeted and spent, who serves whom inside the force, and what people spend their time on."""

from bestvalue.dataset.contracts import Column, Kind, Rule, Table

COST_CENTRES = Table(
    name="cost_centres",
    means="One cost centre of the force's accounts.",
    key=("cost_centre_id",),
    used_for="compete.costing, compete.savings, challenge.overtime",
    columns=(
        Column(name="cost_centre_id", kind=Kind.TEXT, means="Its code.", required=True, example="CC-001"),
        Column(name="cost_centre_name", kind=Kind.TEXT, means="Its name.", required=True, example="Hackney response"),
        Column(
            name="layer",
            kind=Kind.TEXT,
            means="Which of the three layers of cost it belongs to.",
            required=True,
            allowed={
                "direct": "serves the public",
                "business support": "serves other parts of the force, by a driver",
                "sustaining overhead": "keeps the organisation going, spread on direct cost",
            },
            example="direct",
        ),
        Column(
            name="pool_id",
            kind=Kind.TEXT,
            means="The pool of units that it pays for, if any.",
            refers_to="pools.pool_id",
            example="response-E09000012",
        ),
        Column(
            name="area_id",
            kind=Kind.TEXT,
            means="The area that it serves; empty for the whole force.",
            refers_to="areas.area_id",
            example="E09000012",
        ),
        Column(
            name="objective", kind=Kind.TEXT, means="Heading of the police objective analysis.", required=True, example="Local policing"
        ),
    ),
)

LEDGER = Table(
    name="ledger",
    means="Budget and outturn of one kind of spending in one cost centre and year; income is negative.",
    key=("ledger_line_id",),
    used_for="compete.costing, compete.savings, challenge.overtime",
    columns=(
        Column(name="ledger_line_id", kind=Kind.TEXT, means="Number of the line.", required=True, example="L-000001"),
        Column(name="financial_year", kind=Kind.TEXT, means="April to March.", required=True, example="2025/26"),
        Column(
            name="cost_centre_id",
            kind=Kind.TEXT,
            means="The cost centre.",
            required=True,
            refers_to="cost_centres.cost_centre_id",
            example="CC-001",
        ),
        Column(name="subjective", kind=Kind.TEXT, means="Kind of spending, as the accounts name it.", required=True, example="officer pay"),
        Column(name="budget_pence", kind=Kind.PENCE, means="Budget.", required=True, example="412350000"),
        Column(name="outturn_pence", kind=Kind.PENCE, means="What was spent.", required=True, example="415028871"),
    ),
)

CONTROL_TOTALS = Table(
    name="control_totals",
    means="Net budget requirement of one year, which the ledger must add up to.",
    key=("financial_year",),
    used_for="compete.costing",
    columns=(
        Column(name="financial_year", kind=Kind.TEXT, means="April to March.", required=True, example="2025/26"),
        Column(name="budget_pence", kind=Kind.PENCE, means="Total of the budget.", required=True, example="256760000000"),
        Column(name="outturn_pence", kind=Kind.PENCE, means="Total of what was spent.", required=True, example="257010000000"),
    ),
)

SUPPORT_LINKS = Table(
    name="support_links",
    means="How much of what one support cost centre does goes to another cost centre.",
    key=(
        "from_cost_centre_id",
        "to_cost_centre_id",
    ),
    used_for="compete.costing",
    columns=(
        Column(
            name="from_cost_centre_id",
            kind=Kind.TEXT,
            means="The cost centre that serves.",
            required=True,
            refers_to="cost_centres.cost_centre_id",
            example="CC-080",
        ),
        Column(
            name="to_cost_centre_id",
            kind=Kind.TEXT,
            means="The cost centre that is served; it may serve back.",
            required=True,
            refers_to="cost_centres.cost_centre_id",
            example="CC-001",
        ),
        Column(name="driver", kind=Kind.TEXT, means="What is counted.", required=True, example="people employed"),
        Column(name="quantity", kind=Kind.NUMBER, means="How much of it.", required=True, unit="units of the driver", low=0, example="214"),
    ),
)

ACTIVITIES = Table(
    name="activities",
    means="One thing that people spend working time on.",
    key=("activity_id",),
    used_for="compete.costing",
    columns=(
        Column(name="activity_id", kind=Kind.TEXT, means="Its code.", required=True, example="A01"),
        Column(name="activity_name", kind=Kind.TEXT, means="Its name.", required=True, example="attending incidents"),
        Column(
            name="service",
            kind=Kind.TEXT,
            means="The service to the public, or the support, that it is part of.",
            required=True,
            example="response",
        ),
        Column(
            name="standard_minutes",
            kind=Kind.NUMBER,
            means="Officer minutes that one unit of its driver takes, for time-driven costing.",
            unit="minutes",
            low=0,
            example="95",
        ),
    ),
)

ACTIVITY_SAMPLES = Table(
    name="activity_samples",
    means="What one person was doing in one slot of the activity sample.",
    key=(
        "staff_id",
        "slot_at",
    ),
    used_for="compete.costing",
    columns=(
        Column(name="staff_id", kind=Kind.TEXT, means="The person.", required=True, refers_to="staff.staff_id", example="ST-00001"),
        Column(name="slot_at", kind=Kind.TIME, means="Start of the slot, local clock.", required=True, example="2025-10-06 07:10:00"),
        Column(
            name="slot_minutes",
            kind=Kind.WHOLE_NUMBER,
            means="Length of the slot.",
            required=True,
            unit="minutes",
            low=1,
            high=60,
            example="10",
        ),
        Column(name="activity_id", kind=Kind.TEXT, means="The activity.", required=True, refers_to="activities.activity_id", example="A01"),
        Column(
            name="area_id",
            kind=Kind.TEXT,
            means="The area for which it was done, if for one.",
            refers_to="areas.area_id",
            example="E09000012",
        ),
        Column(name="incident_kind", kind=Kind.TEXT, means="The kind of incident that it was for, if for one.", example="violence"),
    ),
)

COST_DRIVERS = Table(
    name="cost_drivers",
    means="How much of the driver of an activity, or of a whole cost centre, one area or one kind of incident used in one year.",
    key=("cost_driver_id",),
    used_for="compete.costing",
    columns=(
        Column(name="cost_driver_id", kind=Kind.TEXT, means="Number of the record.", required=True, example="CD-00001"),
        Column(
            name="activity_id",
            kind=Kind.TEXT,
            means="The activity; empty where it counts what a whole cost centre does.",
            refers_to="activities.activity_id",
            example="A01",
        ),
        Column(
            name="cost_centre_id",
            kind=Kind.TEXT,
            means="The cost centre whose whole cost is divided by it; empty for an activity's.",
            refers_to="cost_centres.cost_centre_id",
        ),
        Column(name="financial_year", kind=Kind.TEXT, means="April to March.", required=True, example="2025/26"),
        Column(name="driver", kind=Kind.TEXT, means="What is counted.", required=True, example="incidents attended"),
        Column(
            name="area_id", kind=Kind.TEXT, means="The area; empty for the whole force.", refers_to="areas.area_id", example="E09000012"
        ),
        Column(name="incident_kind", kind=Kind.TEXT, means="The kind of incident; empty for all.", example="violence"),
        Column(name="volume", kind=Kind.NUMBER, means="How much of it.", required=True, unit="units of the driver", low=0, example="8411"),
    ),
    rules=(
        Rule(
            breaks="(activity_id IS NULL) = (cost_centre_id IS NULL)",
            says="the driver belongs to an activity or to a cost centre, and to one of them only",
            column="activity_id",
            next_step="Fill in activity_id or cost_centre_id, and leave the other empty.",
        ),
    ),
)

PRICE_INDICES = Table(
    name="price_indices",
    means="The level of prices in one financial year by one index; later than the published series that bestvalue brings along.",
    key=("index_name", "financial_year"),
    used_for="compete.costing, compete.appraisal",
    columns=(
        Column(name="index_name", kind=Kind.TEXT, means="Which index.", required=True, example="GDP deflator"),
        Column(name="financial_year", kind=Kind.TEXT, means="April to March.", required=True, example="2025/26"),
        Column(
            name="index_level",
            kind=Kind.NUMBER,
            means="Its level, one base for all years of the index.",
            required=True,
            low=0.000001,
            example="103.1",
        ),
        Column(
            name="source",
            kind=Kind.TEXT,
            means="Who published it, and when.",
            required=True,
            example="HM Treasury, GDP deflators, June 2026",
        ),
    ),
)

TABLES = (
    COST_CENTRES,
    LEDGER,
    CONTROL_TOTALS,
    SUPPORT_LINKS,
    ACTIVITIES,
    ACTIVITY_SAMPLES,
    COST_DRIVERS,
    PRICE_INDICES,
)
