"""What may be asked of a costing: the year, the methods, and how the sample is read."""

from typing import Literal

from bestvalue.analysis.compete.costing_ledger import Basis, Income
from bestvalue.analysis.compete.costing_sample import LikeStaff
from bestvalue.analysis.compete.costing_support import Method
from bestvalue.analysis.contract import AnalysisSpec, GivenResult, parameter, result_parameter

TimeFrom = Literal["activity sample", "dispatch records"]
DISPATCH = "dispatch records"


class Spec(AnalysisSpec):
    """Which year to cost, and how."""

    year: str = parameter("", title="Financial year", help='Such as "2025/26"; the last one in the ledger when left empty.')
    basis: Basis = parameter("outturn", title="Basis", help="What was spent, or what was budgeted.")
    income: Income = parameter("apart", title="Income", help="Leave income apart, or take it off the cost centre that earns it.")
    method: Method = parameter(
        "reciprocal", title="Support by", help="How support centres pass their cost on: reciprocal counts that they serve each other."
    )
    compare_year: str = parameter("", title="Compare with", help="An earlier financial year; the one before when left empty.")
    time_from: TimeFrom = parameter(
        "activity sample",
        title="Time from",
        help="What says how people spend their time: the activity sample, or dispatch records and turns of duty.",
    )
    like_staff: LikeStaff = parameter(
        "across cost centres",
        title="Like staff",
        help="Whether people of one rank stand for each other across cost centres.",
        advanced=True,
    )
    fewest_people: int = parameter(
        5,
        title="Fewest people",
        help="People sampled of one rank for it to be a group of its own.",
        unit="people",
        advanced=True,
        ge=2,
        le=1000,
    )
    draws: int = parameter(
        1_000, title="Draws", help="How often the sample is drawn again.", unit="draws", advanced=True, ge=200, le=20_000
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
    target_share: float = parameter(
        0.05,
        title="Interval wanted",
        help="Half width of an interval, as a share of the cost, that the next sample is to reach.",
        unit="share (0 to 1)",
        gt=0,
        le=1,
    )
    practical_share: float = parameter(
        0.80,
        title="Practical capacity",
        help="Share of contracted hours that people can give; leave, sickness and training take the rest.",
        unit="share (0 to 1)",
        gt=0,
        le=1,
    )
    factors: tuple[float, ...] = parameter((0.5, 2.0), title="Times the people", help="What half or twice the people would save or cost.")
    fixed_subjectives: tuple[str, ...] = parameter(
        ("premises", "third party"), title="Fixed spending", help="Kinds of spending that do not move with the number of people."
    )
    tolerance_pence: int = parameter(
        0, title="Tolerance", help="By how much ledger and control total may differ.", unit="pence", advanced=True, ge=0
    )
    result_name: str = parameter("", title="Result", help='Something that was achieved, such as "burglaries detected", to cost one of.')
    result: float = parameter(0.0, title="How many", help="The result, as counted or estimated.")
    result_low: float = parameter(0.0, title="Result from", help="Lower end of its interval.")
    result_high: float = parameter(0.0, title="Result to", help="Upper end of its interval.")
    result_service: str = parameter(
        "", title="Achieved by", help="Service or activity whose cost is divided by it; all of them when empty."
    )
    result_digest: str = parameter("", title="Result digest", help="Digest of the stored result that the figure is from.", advanced=True)
    resources: GivenResult | None = result_parameter(
        of="challenge.resources",
        title="Simulation of resources",
        help="Digest of a stored result of challenge.resources: what more or fewer units save or cost, for what they do.",
    )
    effect_name: str = parameter(
        "",
        title="Effect",
        help='What another analysis says that half or twice the people do to the service, such as "arrivals within target".',
    )
    effect_objective: str = parameter("Operational support", title="Effect of", help="Objective whose people that is about.")
    effect_factor: float = parameter(0.5, title="Effect at", help="Times the people.", unit="times", gt=0, le=10)
    effect_now: float = parameter(0.0, title="Share now", help="The share as it is.", unit="share (0 to 1)", ge=0, le=1)
    effect_then: float = parameter(0.0, title="Share then", help="The share with so many people.", unit="share (0 to 1)", ge=0, le=1)
    effect_low: float = parameter(0.0, title="Share then, from", help="Lower end of its interval.", unit="share (0 to 1)", ge=0, le=1)
    effect_high: float = parameter(0.0, title="Share then, to", help="Upper end of its interval.", unit="share (0 to 1)", ge=0, le=1)
    effect_digest: str = parameter("", title="Effect digest", help="Digest of the stored result that says so.", advanced=True)
