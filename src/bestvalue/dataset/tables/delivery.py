"""Delivery: the actions of improvement plans, what each waits for, and how their dates moved."""

from bestvalue.dataset.contracts import Column, Kind, Rule, Table

PLAN_ACTIONS = Table(
    name="plan_actions",
    means="One action of an improvement plan, as it stands on the day of the extract.",
    key=("action_id",),
    used_for="delivery.completion",
    columns=(
        Column(name="action_id", kind=Kind.TEXT, means="Its number.", required=True, example="OSP-2003-05.1"),
        Column(name="plan_id", kind=Kind.TEXT, means="The plan, or the report it answers.", required=True, example="OSP-2003"),
        Column(name="title", kind=Kind.TEXT, means="What is to be done.", required=True, example="Open tasking to all boroughs"),
        Column(
            name="lead",
            kind=Kind.TEXT,
            means="Who leads it: a role, not a name, where the extract leaves the force.",
            example="Head of tasking",
        ),
        Column(name="starts_on", kind=Kind.DATE, means="Day on which work was planned to start.", required=True, example="2025-04-01"),
        Column(
            name="original_end_on",
            kind=Kind.DATE,
            means="Day on which it was to be complete when the plan was approved.",
            required=True,
            example="2025-09-30",
        ),
        Column(
            name="agreed_end_on",
            kind=Kind.DATE,
            means="Day on which it is to be complete by the owning body's last decision.",
            required=True,
            example="2025-12-31",
        ),
        Column(
            name="state",
            kind=Kind.TEXT,
            means="How it stands.",
            required=True,
            allowed={
                "not started": "work has not begun",
                "in progress": "work is under way",
                "embedding": "done, and being shown to last",
                "requested complete": "the lead asks for it to be accepted",
                "complete": "the owning body accepted it",
                "closed not implemented": "given up, with a reason",
            },
            example="complete",
        ),
        Column(name="ended_on", kind=Kind.DATE, means="Day on which the owning body accepted or closed it.", example="2026-01-20"),
    ),
    rules=(
        Rule(
            breaks="original_end_on <= starts_on",
            says="original_end_on is not after starts_on",
            column="original_end_on",
            next_step="Correct the dates of the plan.",
        ),
        Rule(
            breaks="ended_on IS NULL AND state IN ('complete', 'closed not implemented')",
            says="the action has ended but ended_on is empty",
            column="ended_on",
            next_step="Enter the day of the owning body's decision.",
        ),
        Rule(
            breaks="ended_on IS NOT NULL AND state NOT IN ('complete', 'closed not implemented')",
            says="ended_on is given but the action has not ended",
            column="ended_on",
            next_step="Correct the state, or leave ended_on empty.",
        ),
        Rule(
            breaks="ended_on <= starts_on",
            says="ended_on is not after starts_on",
            column="ended_on",
            next_step="Correct the day of the decision, or the planned start.",
        ),
    ),
)

PLAN_DEPENDENCIES = Table(
    name="plan_dependencies",
    means="One action that cannot begin before another is complete.",
    key=("action_id", "needs_action_id"),
    used_for="delivery.completion",
    columns=(
        Column(
            name="action_id",
            kind=Kind.TEXT,
            means="The action that waits.",
            required=True,
            refers_to="plan_actions.action_id",
            example="OSP-2003-05.2",
        ),
        Column(
            name="needs_action_id",
            kind=Kind.TEXT,
            means="The action that it waits for.",
            required=True,
            refers_to="plan_actions.action_id",
            example="OSP-2003-05.1",
        ),
    ),
    rules=(
        Rule(
            breaks="action_id = needs_action_id",
            says="an action waits for itself",
            column="needs_action_id",
            next_step="Take the row out.",
        ),
    ),
)

PLAN_DATES = Table(
    name="plan_dates",
    means="One agreed date of completion, from the day on which it was decided.",
    key=("action_id", "decided_on"),
    used_for="delivery.completion",
    columns=(
        Column(
            name="action_id",
            kind=Kind.TEXT,
            means="The action.",
            required=True,
            refers_to="plan_actions.action_id",
            example="OSP-2003-05.1",
        ),
        Column(name="decided_on", kind=Kind.DATE, means="Day of the owning body's decision.", required=True, example="2025-07-14"),
        Column(
            name="agreed_end_on",
            kind=Kind.DATE,
            means="Day on which it is to be complete from then on.",
            required=True,
            example="2025-12-31",
        ),
        Column(name="cause", kind=Kind.TEXT, means="Why the date moved.", example="change of lead"),
    ),
)

TABLES = (
    PLAN_ACTIONS,
    PLAN_DEPENDENCIES,
    PLAN_DATES,
)
