"""Tasking: what areas ask support units for, and what they were given."""

from bestvalue.dataset.contracts import Column, Kind, Rule, Table

BIDS = Table(
    name="bids",
    means="One area's request for support units.",
    key=("bid_id",),
    used_for="tasking",
    columns=(
        Column(name="bid_id", kind=Kind.TEXT, means="Its number.", required=True, example="BID-00001"),
        Column(name="area_id", kind=Kind.TEXT, means="Who asks.", required=True, refers_to="areas.area_id", example="E09000012"),
        Column(name="submitted_at", kind=Kind.TIME, means="When.", required=True, example="2025-11-10 11:00:00"),
        Column(name="purpose", kind=Kind.TEXT, means="What for.", required=True, example="street crime"),
        Column(name="skill", kind=Kind.TEXT, means="Skill wanted.", required=True, example="public order"),
        Column(
            name="units_wanted", kind=Kind.WHOLE_NUMBER, means="How many units.", required=True, unit="units", low=1, high=50, example="2"
        ),
        Column(name="together", kind=Kind.YES_NO, means="They are wanted in one and the same shift.", required=True, example="true"),
        Column(
            name="window_starts_at",
            kind=Kind.TIME,
            means="From when they are of use, local clock.",
            required=True,
            example="2025-11-21 15:00:00",
        ),
        Column(name="window_ends_at", kind=Kind.TIME, means="Until when.", required=True, example="2025-11-23 07:00:00"),
        Column(
            name="harm_days",
            kind=Kind.NUMBER,
            means="Harm that it is to prevent, on the scale of the offences table.",
            required=True,
            unit="days",
            low=0,
            example="340",
        ),
        Column(
            name="decision",
            kind=Kind.TEXT,
            means="What became of it; empty while it is open.",
            allowed={"granted": "all units given", "part granted": "fewer units given", "refused": "none given"},
            example="granted",
        ),
        Column(name="decision_reason", kind=Kind.TEXT, means="Why, where it was not granted in full.", example="weekly maximum"),
        Column(name="decided_at", kind=Kind.TIME, means="When it was decided.", example="2025-11-17 10:00:00"),
    ),
    rules=(
        Rule(
            breaks="window_ends_at <= window_starts_at",
            says="window_ends_at is not after window_starts_at",
            column="window_ends_at",
            next_step="Correct the window of the bid.",
        ),
    ),
)

ALLOCATIONS = Table(
    name="allocations",
    means="One unit given to one bid for one shift.",
    key=("allocation_id",),
    used_for="tasking, compete.costing",
    columns=(
        Column(name="allocation_id", kind=Kind.TEXT, means="Number of the record.", required=True, example="AL-00001"),
        Column(name="bid_id", kind=Kind.TEXT, means="The bid.", required=True, refers_to="bids.bid_id", example="BID-00001"),
        Column(name="unit_id", kind=Kind.TEXT, means="The unit.", required=True, refers_to="units.unit_id", example="TSG-L02"),
        Column(name="starts_at", kind=Kind.TIME, means="From, local clock.", required=True, example="2025-11-21 15:00:00"),
        Column(name="ends_at", kind=Kind.TIME, means="To, local clock.", required=True, example="2025-11-21 23:00:00"),
    ),
    rules=(
        Rule(
            breaks="ends_at <= starts_at",
            says="ends_at is not after starts_at",
            column="ends_at",
            next_step="Correct the times of the allocation.",
        ),
    ),
)

TABLES = (
    BIDS,
    ALLOCATIONS,
)
