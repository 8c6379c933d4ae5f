"""Appraisal: the options for a service, what each costs and gains, and the savings that were promised."""

from bestvalue.dataset.contracts import Column, Kind, Rule, Table

OPTIONS = Table(
    name="options",
    means="One way to run a service.",
    key=("option_id",),
    used_for="compete.appraisal",
    columns=(
        Column(name="option_id", kind=Kind.TEXT, means="Its code.", required=True, example="OPT-2"),
        Column(name="service", kind=Kind.TEXT, means="The service under review.", required=True, example="dog support"),
        Column(name="option_name", kind=Kind.TEXT, means="Its name.", required=True, example="Share with a neighbouring force"),
        Column(
            name="kind",
            kind=Kind.TEXT,
            means="Sort of option.",
            required=True,
            allowed={
                "keep": "as it is",
                "stop": "no longer provide it",
                "share": "with another force",
                "outsource": "buy it",
                "civilianise": "staff in place of officers",
                "invest": "spend now to save later",
            },
            example="share",
        ),
        Column(
            name="baseline", kind=Kind.YES_NO, means="The others are compared with this one; one a service.", required=True, example="false"
        ),
    ),
)

OPTION_FLOWS = Table(
    name="option_flows",
    means="One stream of money of one option in one year; costs positive, gains negative.",
    key=("option_flow_id",),
    used_for="compete.appraisal",
    columns=(
        Column(name="option_flow_id", kind=Kind.TEXT, means="Number of the record.", required=True, example="OF-0001"),
        Column(name="option_id", kind=Kind.TEXT, means="The option.", required=True, refers_to="options.option_id", example="OPT-2"),
        Column(
            name="year_number",
            kind=Kind.WHOLE_NUMBER,
            means="Years from the decision; 0 is not discounted.",
            required=True,
            unit="years",
            low=0,
            high=100,
            example="1",
        ),
        Column(
            name="category",
            kind=Kind.TEXT,
            means="Sort of money.",
            required=True,
            allowed={
                "capital": "bought or built once",
                "transition": "cost of the change",
                "exit": "cost of leaving",
                "running": "every year's cost",
                "cashable": "money that leaves a budget line",
                "non-cashable": "value of time or quality that stays",
            },
            example="running",
        ),
        Column(
            name="project_type",
            kind=Kind.TEXT,
            means="For the optimism bias of capital.",
            allowed={
                "standard buildings": "ordinary construction",
                "non-standard buildings": "unusual site or use",
                "standard civil engineering": "roads, services",
                "non-standard civil engineering": "unusual ground or structure",
                "equipment or development": "vehicles, information technology",
                "outsourcing": "service contracts",
            },
            example="equipment or development",
        ),
        Column(name="borne_by", kind=Kind.TEXT, means="The body that pays or gains.", required=True, example="the force"),
        Column(
            name="area_id",
            kind=Kind.TEXT,
            means="The area where it falls; empty for the whole force.",
            refers_to="areas.area_id",
            example="E09000012",
        ),
        Column(name="amount_pence", kind=Kind.PENCE, means="Central estimate, real prices.", required=True, example="125000000"),
        Column(name="low_pence", kind=Kind.PENCE, means="Low estimate (1 in 10 is lower).", example="110000000"),
        Column(name="high_pence", kind=Kind.PENCE, means="High estimate (1 in 10 is higher).", example="160000000"),
        Column(
            name="price_year",
            kind=Kind.WHOLE_NUMBER,
            means="Calendar year of the prices.",
            required=True,
            low=1990,
            high=2100,
            example="2026",
        ),
    ),
    rules=(
        Rule(
            breaks="low_pence > amount_pence OR high_pence < amount_pence",
            says="the central estimate is not between low and high",
            column="amount_pence",
            next_step="Order the three estimates; a gain is negative, so its low is the larger gain.",
        ),
    ),
)

OPTION_EFFECTS = Table(
    name="option_effects",
    means="One effect of one option that has no price.",
    key=("option_effect_id",),
    used_for="compete.appraisal",
    columns=(
        Column(name="option_effect_id", kind=Kind.TEXT, means="Number of the record.", required=True, example="OE-01"),
        Column(name="option_id", kind=Kind.TEXT, means="The option.", required=True, refers_to="options.option_id", example="OPT-2"),
        Column(
            name="effect", kind=Kind.TEXT, means="What changes, in words.", required=True, example="Longer travel to the east of the city"
        ),
        Column(
            name="direction",
            kind=Kind.TEXT,
            means="For better or worse.",
            required=True,
            allowed={"better": "a gain", "worse": "a loss"},
            example="worse",
        ),
    ),
)

OPTION_SCORES = Table(
    name="option_scores",
    means="How well one option does on one criterion, beside money.",
    key=(
        "option_id",
        "criterion",
    ),
    used_for="compete.appraisal",
    columns=(
        Column(name="option_id", kind=Kind.TEXT, means="The option.", required=True, refers_to="options.option_id", example="OPT-2"),
        Column(name="criterion", kind=Kind.TEXT, means="What it is judged by.", required=True, example="resilience"),
        Column(name="score", kind=Kind.NUMBER, means="0 worst to 100 best.", required=True, unit="points", low=0, high=100, example="65"),
        Column(
            name="weight",
            kind=Kind.NUMBER,
            means="Weight of the criterion, the same for every option of a service.",
            required=True,
            unit="share (0 to 1)",
            low=0,
            high=1,
            example="0.3",
        ),
    ),
)

SAVINGS = Table(
    name="savings",
    means="One saving that was promised.",
    key=("saving_id",),
    used_for="compete.savings",
    columns=(
        Column(name="saving_id", kind=Kind.TEXT, means="Its number.", required=True, example="SV-01"),
        Column(name="saving_name", kind=Kind.TEXT, means="What is saved, in words.", required=True, example="Two kennels become one"),
        Column(name="owner", kind=Kind.TEXT, means="Role of the person who answers for it.", required=True, example="Head of operations"),
        Column(
            name="cost_centre_id",
            kind=Kind.TEXT,
            means="Budget that falls.",
            required=True,
            refers_to="cost_centres.cost_centre_id",
            example="CC-034",
        ),
        Column(name="subjective", kind=Kind.TEXT, means="Kind of spending that falls.", required=True, example="premises"),
        Column(
            name="resource",
            kind=Kind.TEXT,
            means="What is no longer used.",
            required=True,
            allowed={
                "post": "a post ends",
                "overtime": "paid overtime falls",
                "contract": "a contract line falls",
                "officer time": "hours are freed and stay",
            },
            example="contract",
        ),
        Column(name="hours_a_year", kind=Kind.NUMBER, means="Hours that it frees.", unit="hours a year", low=0, example="1650"),
        Column(name="claimed_cashable", kind=Kind.YES_NO, means="Its owner calls it cashable.", required=True, example="true"),
        Column(name="recurring", kind=Kind.YES_NO, means="Every year, not once.", required=True, example="true"),
        Column(name="starts_on", kind=Kind.DATE, means="When it reaches the budget line.", required=True, example="2026-10-01"),
        Column(name="planned_pence", kind=Kind.PENCE, means="Planned, a full year.", required=True, low=0, example="18000000"),
        Column(name="realised_pence", kind=Kind.PENCE, means="Realised so far; empty before the start.", example="9000000"),
    ),
)

PROVIDER_PRICES = Table(
    name="provider_prices",
    means="What one provider asks for a service.",
    key=("provider_price_id",),
    used_for="compete.appraisal",
    columns=(
        Column(name="provider_price_id", kind=Kind.TEXT, means="Number of the record.", required=True, example="PP-01"),
        Column(name="service", kind=Kind.TEXT, means="The service.", required=True, example="dog support"),
        Column(name="provider", kind=Kind.TEXT, means="Who offers it.", required=True, example="own force"),
        Column(
            name="provider_kind",
            kind=Kind.TEXT,
            means="Sort of provider.",
            required=True,
            allowed={"own": "the force itself", "force": "another force", "market": "a company"},
            example="own",
        ),
        Column(name="financial_year", kind=Kind.TEXT, means="Prices of.", required=True, example="2025/26"),
        Column(
            name="volume", kind=Kind.NUMBER, means="Hours of service in a year.", required=True, unit="hours a year", low=0, example="52000"
        ),
        Column(name="price_pence", kind=Kind.PENCE, means="Price of that volume.", required=True, low=0, example="310000000"),
        Column(name="left_out", kind=Kind.TEXT, means="What the price leaves out, in words.", example="vehicles and kennels"),
        Column(
            name="adjustment_pence",
            kind=Kind.PENCE,
            means="Cost of what is left out, to compare like with like.",
            required=True,
            low=0,
            example="42000000",
        ),
        Column(
            name="evidence_id",
            kind=Kind.WHOLE_NUMBER,
            means="Number of the item of evidence of the record that holds the offer, as in the address of its page.",
            low=1,
            example="12",
        ),
    ),
)

TABLES = (
    OPTIONS,
    OPTION_FLOWS,
    OPTION_EFFECTS,
    OPTION_SCORES,
    SAVINGS,
    PROVIDER_PRICES,
)
