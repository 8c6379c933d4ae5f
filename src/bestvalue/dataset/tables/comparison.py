"""Comparison: forces, what makes them alike, and their indicators."""

from bestvalue.dataset.contracts import Column, Kind, Rule, Table

FORCES = Table(
    name="forces",
    means="One police force.",
    key=("force_id",),
    used_for="compare.*",
    columns=(
        Column(name="force_id", kind=Kind.TEXT, means="Its code.", required=True, example="F01"),
        Column(name="force_name", kind=Kind.TEXT, means="Its name.", required=True, example="Capital"),
        Column(name="own_force", kind=Kind.YES_NO, means="The force under review.", required=True, example="true"),
        Column(
            name="resident_population",
            kind=Kind.WHOLE_NUMBER,
            means="People who live there.",
            required=True,
            unit="people",
            low=0,
            example="8900000",
        ),
        Column(
            name="daytime_population",
            kind=Kind.WHOLE_NUMBER,
            means="People there on a working day.",
            unit="people",
            low=0,
            example="10200000",
        ),
        Column(
            name="night_population",
            kind=Kind.WHOLE_NUMBER,
            means="People there late on a Friday or Saturday evening.",
            unit="people",
            low=0,
            example="9400000",
        ),
    ),
)

FORCE_CHARACTERISTICS = Table(
    name="force_characteristics",
    means="One thing that makes places alike or different, for one force.",
    key=(
        "force_id",
        "characteristic",
    ),
    used_for="compare.peers, compare.frontier",
    columns=(
        Column(name="force_id", kind=Kind.TEXT, means="The force.", required=True, refers_to="forces.force_id", example="F01"),
        Column(name="characteristic", kind=Kind.TEXT, means="What it is.", required=True, example="people per hectare"),
        Column(
            name="year", kind=Kind.WHOLE_NUMBER, means="Calendar year of the figure.", required=True, low=1990, high=2100, example="2025"
        ),
        Column(name="value", kind=Kind.NUMBER, means="The figure.", required=True, example="56.2"),
    ),
)

PEER_LISTS = Table(
    name="peer_lists",
    means="One force that another is compared with, by a published list.",
    key=(
        "list_name",
        "force_id",
        "peer_force_id",
    ),
    used_for="compare.peers",
    columns=(
        Column(name="list_name", kind=Kind.TEXT, means="The list.", required=True, example="most similar forces 2025"),
        Column(name="force_id", kind=Kind.TEXT, means="The force.", required=True, refers_to="forces.force_id", example="F01"),
        Column(
            name="peer_force_id",
            kind=Kind.TEXT,
            means="Its peer; the other way round is another row.",
            required=True,
            refers_to="forces.force_id",
            example="F07",
        ),
        Column(name="listed_on", kind=Kind.DATE, means="When the list was published.", required=True, example="2025-04-01"),
        Column(name="source", kind=Kind.TEXT, means="Who published it.", required=True, example="invented for this data set"),
    ),
    rules=(Rule(breaks="force_id = peer_force_id", says="a force is its own peer", column="peer_force_id", next_step="Remove the row."),),
)

INDICATORS = Table(
    name="indicators",
    means="One indicator: what is divided by what.",
    key=("indicator_id",),
    used_for="compare.*",
    columns=(
        Column(name="indicator_id", kind=Kind.TEXT, means="Its code.", required=True, example="I01"),
        Column(name="indicator_name", kind=Kind.TEXT, means="Its name.", required=True, example="Recorded crime per 1,000 residents"),
        Column(name="numerator", kind=Kind.TEXT, means="What is counted.", required=True, example="recorded crimes"),
        Column(name="denominator", kind=Kind.TEXT, means="What it is divided by.", required=True, example="resident population"),
        Column(
            name="sort",
            kind=Kind.TEXT,
            means="How it varies by chance.",
            required=True,
            allowed={
                "proportion": "a part of the denominator (binomial)",
                "rate": "a count over an exposure (Poisson)",
                "ratio": "an amount over an amount, such as money a head",
            },
            example="rate",
        ),
        Column(name="multiplier", kind=Kind.NUMBER, means="The quotient is printed times this.", required=True, low=0, example="1000"),
        Column(
            name="better",
            kind=Kind.TEXT,
            means="Which way is better.",
            required=True,
            allowed={"higher": "more is better", "lower": "less is better", "neither": "it depends"},
            example="lower",
        ),
        Column(
            name="definition",
            kind=Kind.TEXT,
            means="What counts, in one sentence.",
            required=True,
            example="All crimes recorded in the year, whenever committed.",
        ),
        Column(name="source", kind=Kind.TEXT, means="Who publishes it.", required=True, example="invented for this data set"),
        Column(
            name="theme",
            kind=Kind.TEXT,
            means="Where it stands in a profile.",
            allowed={
                "spending": "what the service costs",
                "workforce": "who provides it",
                "demand": "what it is asked to do",
                "results": "what comes of it",
            },
            example="demand",
        ),
        Column(
            name="outlier_gap",
            kind=Kind.NUMBER,
            means="How far from the group's average a force must be to stand out, as the indicator is printed; any gap when empty.",
            low=0,
            example="1",
        ),
    ),
)

INDICATOR_VALUES = Table(
    name="indicator_values",
    means="One indicator's parts for one force and period.",
    key=(
        "indicator_id",
        "force_id",
        "period_starts",
    ),
    used_for="compare.*",
    columns=(
        Column(
            name="indicator_id", kind=Kind.TEXT, means="The indicator.", required=True, refers_to="indicators.indicator_id", example="I01"
        ),
        Column(name="force_id", kind=Kind.TEXT, means="The force.", required=True, refers_to="forces.force_id", example="F01"),
        Column(name="period_starts", kind=Kind.DATE, means="First day.", required=True, example="2024-04-01"),
        Column(name="period_ends", kind=Kind.DATE, means="Last day.", required=True, example="2025-03-31"),
        Column(
            name="numerator",
            kind=Kind.NUMBER,
            means="What was counted; empty where it was not published.",
            low=0,
            marks_into="suppressed_as",
            example="845210",
        ),
        Column(
            name="denominator",
            kind=Kind.NUMBER,
            means="What it is divided by; where it is empty, residents are taken from force_populations or forces.",
            low=0,
            marks_into="suppressed_as",
            example="8900000",
        ),
        Column(name="suppressed_as", kind=Kind.TEXT, means="What stands in the publication in place of a small number.", example="<5"),
        Column(
            name="definition_changed",
            kind=Kind.YES_NO,
            means="The definition is not that of the period before.",
            required=True,
            example="false",
        ),
    ),
    rules=(
        Rule(
            breaks="period_ends < period_starts",
            says="period_ends is before period_starts",
            column="period_ends",
            next_step="Correct the period.",
        ),
    ),
)

FORCE_POPULATIONS = Table(
    name="force_populations",
    means="The people of one force or area in one year, by where they are counted.",
    key=("force_id", "year", "counted"),
    used_for="compare.*",
    columns=(
        Column(name="force_id", kind=Kind.TEXT, means="The force.", required=True, refers_to="forces.force_id", example="F01"),
        Column(name="year", kind=Kind.WHOLE_NUMBER, means="Calendar year.", required=True, low=1900, high=2100, example="2024"),
        Column(
            name="counted",
            kind=Kind.TEXT,
            means="Whom it counts.",
            required=True,
            allowed={"resident": "people who live there", "daytime": "people there by day", "night": "people there late in the evening"},
            example="resident",
        ),
        Column(name="people", kind=Kind.WHOLE_NUMBER, means="How many.", required=True, unit="people", low=0, example="8900000"),
    ),
)

FORCE_CHANGES = Table(
    name="force_changes",
    means="A force that merged into another, or whose boundary moved.",
    key=("force_id", "changed_on"),
    used_for="compare.*",
    columns=(
        Column(name="force_id", kind=Kind.TEXT, means="The force as it was.", required=True, example="F44"),
        Column(name="now_force_id", kind=Kind.TEXT, means="The force that it is now part of.", required=True, example="F07"),
        Column(name="changed_on", kind=Kind.DATE, means="First day of the new force or boundary.", required=True, example="2020-04-01"),
        Column(
            name="change",
            kind=Kind.TEXT,
            means="What changed.",
            required=True,
            allowed={"merged": "the whole force became part of the other", "boundary": "part of its area moved"},
            example="merged",
        ),
    ),
)

COMPARATORS = Table(
    name="comparators",
    means="One indicator's value elsewhere: the best known, or a police service abroad.",
    key=("indicator_id", "comparator", "period_starts"),
    used_for="compare.indicators",
    columns=(
        Column(
            name="indicator_id", kind=Kind.TEXT, means="The indicator.", required=True, refers_to="indicators.indicator_id", example="I10"
        ),
        Column(name="comparator", kind=Kind.TEXT, means="The other body.", required=True, example="City of Example (invented)"),
        Column(name="country", kind=Kind.TEXT, means="Its country.", required=True, example="Examplia"),
        Column(name="period_starts", kind=Kind.DATE, means="First day.", required=True, example="2024-04-01"),
        Column(
            name="numerator", kind=Kind.NUMBER, means="What was counted, in its own currency if money.", required=True, low=0, example="9e8"
        ),
        Column(name="denominator", kind=Kind.NUMBER, means="What it is divided by.", required=True, low=0, example="3500000"),
        Column(
            name="currency_per_pound",
            kind=Kind.NUMBER,
            means="Units of its currency that buy what one pound buys here (purchasing power parity); empty where it is no money.",
            low=0,
            example="1.42",
        ),
        Column(
            name="definition_differs",
            kind=Kind.TEXT,
            means="How its definition differs from the indicator's.",
            required=True,
            example="Pensions are left out.",
        ),
        Column(name="source", kind=Kind.TEXT, means="Who publishes it.", required=True, example="invented for this data set"),
    ),
)

FORCE_TILES = Table(
    name="force_tiles",
    means="Where the square of one force or area stands on a tile map; known for the forces of England and Wales and London's boroughs.",
    key=("force_id",),
    used_for="compare.explorer",
    columns=(
        Column(name="force_id", kind=Kind.TEXT, means="The force.", required=True, refers_to="forces.force_id", example="F01"),
        Column(name="tile_column", kind=Kind.WHOLE_NUMBER, means="From the west.", required=True, low=0, high=60, example="5"),
        Column(name="tile_row", kind=Kind.WHOLE_NUMBER, means="From the north.", required=True, low=0, high=60, example="6"),
    ),
)

TABLES = (
    FORCES,
    FORCE_POPULATIONS,
    FORCE_CHANGES,
    FORCE_CHARACTERISTICS,
    PEER_LISTS,
    INDICATORS,
    INDICATOR_VALUES,
    COMPARATORS,
    FORCE_TILES,
)
