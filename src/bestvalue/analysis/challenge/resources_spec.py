"""What can be asked of `challenge.resources`: its parameters, each with its default, unit, bounds and help."""

from datetime import date
from typing import Literal

from bestvalue.analysis.challenge.resources_calibrate_overrides import QUANTITIES
from bestvalue.analysis.contract import AnalysisSpec, GivenResult, parameter, result_parameter
from bestvalue.errors import SpecError

FACTORS = (0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0)


class Spec(AnalysisSpec):
    """Which scenarios to play, how long, and on which weeks to calibrate and to test."""

    pools: tuple[str, ...] = parameter(
        ("all", "local", "support"),
        title="Pools",
        help="What to scale: all, local, support, or pools, bases or stations by name.",
        min_length=1,
    )
    factors: tuple[float, ...] = parameter(
        FACTORS,
        title="Factors",
        help="Times today's units, from 0 to 8; 0.5 is half and 2 is double.",
        unit="times",
        min_length=1,
        max_length=20,
    )
    moves: tuple[str, ...] = parameter(
        (), title="Moves", help="Units moved between pools, such as: 2 from Territorial support to Hackney response."
    )
    together: tuple[str, ...] = parameter(
        (),
        title="Several pools at once",
        help="Pools scaled together in one scenario, such as: local x0.5 + support x2.",
    )
    rules: tuple[str, ...] = parameter(
        (),
        title="Rules",
        help="Today's units under another rule, such as: lend after 5; never lend; lender keeps 1; immediate diverts from scheduled.",
    )
    turns: tuple[str, ...] = parameter(
        (), title="Turns", help="Today's units with other turns of duty, such as: 60 later; 30 longer in Hackney response."
    )
    demand_growth: tuple[float, ...] = parameter(
        (), title="Growth of demand", help="Today's units with so much more demand: 0.1 is a tenth more.", unit="share"
    )
    demand_forecast: GivenResult | None = result_parameter(
        of="challenge.demand", title="Forecast of demand", help="Today's units with the demand of each year that this result forecasts."
    )
    targets: tuple[str, ...] = parameter(
        (),
        title="Targets",
        help="Minutes from report to arrival by grade, such as immediate=12; those of the grades table when left empty.",
    )
    support_target_minutes: float = parameter(
        30.0, title="Target of support", help="From the first arrival to that of the support unit.", unit="minutes", gt=0, le=2_880
    )
    wanted: tuple[str, ...] = parameter(
        (),
        title="Shares wanted",
        help="Share to be reached within target, such as immediate=0.9 or support=0.5, for the least-cost mix. "
        "When left empty: those of the grades table, and support no worse than today.",
    )
    find_mix: bool = parameter(
        default=True, title="Least-cost mix", help="Search the cheapest mix of local and support units that meets the shares wanted."
    )
    marginal_pools: int = parameter(
        6,
        title="Pools for one unit more",
        help="Try one unit more and one fewer in so many of the busiest pools, local and support in turn.",
        unit="pools",
        ge=0,
        le=200,
    )
    borrowing: Literal["as seen", "by grade", "never"] = parameter(
        "as seen",
        title="Lending between areas",
        help="as seen: areas lend if the deployments show it. by grade: after the wait that the grades table allows. never: not at all.",
    )
    lender_keeps: int = parameter(
        0,
        title="A lender keeps",
        help="An area lends only while more than so many of its units are idle.",
        unit="units",
        advanced=True,
        ge=0,
        le=50,
    )
    meal_breaks: bool = parameter(
        default=False,
        title="Meal breaks",
        help="Take units away for the breaks of their turns; leave it off where units are called from their meals.",
        advanced=True,
    )
    travel: Literal["plane", "areas"] = parameter(
        "plane",
        title="Travel",
        help="plane: the straight line, with the detours that the deployments show. areas: the table area_travel_times, by area.",
        advanced=True,
    )
    overrides: tuple[str, ...] = parameter(
        (),
        title="Known better",
        help=f"Quantities to set, such as scene_minutes:violence=70. There are: {', '.join(QUANTITIES)}.",
        advanced=True,
    )
    weeks: int = parameter(4, title="Weeks", help="Weeks that are counted in each replication.", unit="weeks", ge=1, le=52)
    half_width: float = parameter(
        0.005,
        title="Narrow enough",
        help="Stop when half of the interval of the shares within target, of calls and of support, is within this: 0.005 is half a point.",
        unit="share (0 to 1)",
        gt=0,
        le=0.5,
    )
    most_replications: int = parameter(
        20, title="Most replications", help="Stop after so many in any case.", unit="replications", ge=2, le=1_000
    )
    confidence: float = parameter(
        0.95,
        title="Confidence",
        help="Level of the intervals: 0.95 means that 19 in 20 hold.",
        unit="share (0 to 1)",
        advanced=True,
        ge=0.5,
        le=0.999,
    )
    calibration_weeks: int = parameter(
        52, title="Weeks to calibrate on", help="The last so many weeks are read and replayed.", unit="weeks", advanced=True, ge=1, le=520
    )
    validation_weeks: int = parameter(
        13,
        title="Weeks to predict",
        help="The last so many weeks, a third at most, are kept back for the test.",
        unit="weeks",
        advanced=True,
        ge=1,
        le=104,
    )
    split_day: date | None = parameter(
        None,
        title="Test from",
        help="Calibrate on what was before this day and predict what came after; by weeks when left empty.",
        advanced=True,
    )
    tolerance: float = parameter(
        0.10,
        title="Tolerance of the test",
        help="The test fails if a median or the utilisation is off by more than this, a 90th percentile by half as much again.",
        unit="share",
        advanced=True,
        gt=0,
        le=1,
    )


def read_minutes(lines: tuple[str, ...]) -> dict[str, float]:
    """Minutes by grade, from lines such as immediate=12.

    Raises:
        SpecError: a line of another form.
    """
    return _pairs(lines, "targets", "immediate=12", most=100_000.0)


def read_shares(lines: tuple[str, ...]) -> dict[str, float]:
    """Shares by grade, from lines such as immediate=0.9.

    Raises:
        SpecError: a line of another form, or a share that is not above 0 and at most 1.

    Example:
        >>> read_shares(("immediate=0.9", "support=0.5"))
        {'immediate': 0.9, 'support': 0.5}
    """
    return _pairs(lines, "wanted", "immediate=0.9", most=1.0)


def _pairs(lines: tuple[str, ...], where: str, example: str, *, most: float) -> dict[str, float]:
    found = {}
    for line in lines:
        name, equals, value = line.rpartition("=")
        try:
            number = float(value)
        except ValueError:
            number = float("nan")
        if not equals or not name.strip() or not 0 < number <= most:
            raise SpecError(f"{line!r} is not of the form {example}", where=where, next_step=f"Write for example {example}")
        found[name.strip()] = number
    return found
