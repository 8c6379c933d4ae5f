"""How many people should be asked, where, and what does it cost, for answers as sure as they need to be?"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from bestvalue.analysis.consult import sampling_statements as say
from bestvalue.analysis.consult.allocation import Counts, Floats, Method, allocate, margin_of, size_for_change, size_for_margin
from bestvalue.analysis.consult.intervals_chart import bars_with_intervals
from bestvalue.analysis.contract import Analysis, AnalysisSpec, Answer, Chart, Progress, ResultTable, parameter
from bestvalue.analysis.drawing import spec as drawn
from bestvalue.dataset.dataset import Dataset
from bestvalue.errors import SpecError

FRAME = """
SELECT area_id, SUM(population) AS people, SUM(population * interview_pence) / SUM(population) AS pence, COUNT(*) AS cells
FROM survey_frame GROUP BY area_id HAVING SUM(population) > 0 ORDER BY area_id
"""
EMPTY = "SELECT COUNT(*) AS cells FROM (SELECT area_id FROM survey_frame GROUP BY area_id HAVING SUM(population) = 0) AS nobody"
CELLS = "SELECT area_id, age_band, sex, population FROM survey_frame WHERE population > 0 ORDER BY area_id, age_band, sex"
METHODS: tuple[Method, ...] = ("proportional", "power", "equal", "neyman")


class Spec(AnalysisSpec):
    """What the survey has to be able to tell."""

    margin: float = parameter(
        0.03, title="Margin for the whole", help="How far a percentage of everybody may be off.", unit="share (0 to 1)", gt=0, lt=0.5
    )
    area_margin: float = parameter(
        0.12, title="Margin for an area", help="How far a percentage of one area may be off.", unit="share (0 to 1)", gt=0, lt=0.5
    )
    share: float = parameter(
        0.5, title="Expected share", help="What the percentage is expected to be; a half asks for most.", unit="share (0 to 1)", gt=0, lt=1
    )
    change: float = parameter(
        0.05, title="Change to detect", help="A change between two surveys that must not be missed.", unit="share (0 to 1)", gt=0, lt=0.5
    )
    power: float = parameter(0.8, title="Power", help="Chance to find that change if it is there.", unit="share (0 to 1)", ge=0.5, le=0.99)
    design_effect: float = parameter(
        1.2,
        title="Design effect",
        help="How many times the variance of a simple random sample; consult.weighting says what it was last time.",
        ge=1,
        le=10,
    )
    response: float = parameter(
        0.4, title="Expected response", help="Share of people invited who answer.", unit="share (0 to 1)", gt=0, le=1
    )
    allocation: Method = parameter(
        "power", title="Allocation", help="How answers are shared over areas: proportional, power, equal, or Neyman (by spread and cost)."
    )
    least: int = parameter(50, title="Fewest in an area", help="Answers that every area has at least.", unit="answers", ge=0, le=100_000)
    total: int = parameter(
        0,
        title="Answers in all",
        help="Give a number to share it out; 0 works out how many are needed.",
        unit="answers",
        ge=0,
        le=10_000_000,
    )
    confidence: float = parameter(
        0.95, title="Confidence", help="Level of the intervals.", unit="share (0 to 1)", advanced=True, ge=0.5, le=0.999
    )


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A plan of the survey.

    Args:
        areas: ids, array (h,) in order; `people` and `pence` of each.
        answers: array (h,), answers of each area by the chosen allocation.
        invited: array (h,), invitations of each.
        margins: array (h,), of a percentage of each area.
        whole: margin of a percentage of everybody, with the loss by unequal shares.
        for_margin, for_change: answers that the margin, and the change, ask for.
        empty: areas without people in the frame.
        by_method: for each allocation the margin of the whole, the widest margin of an area, and the cost in pence.
    """

    areas: tuple[str, ...]
    people: Floats
    pence: Floats
    answers: Counts
    invited: Counts
    margins: Floats
    whole: float
    for_margin: float
    for_change: float
    empty: int
    by_method: dict[Method, tuple[float, float, float]]

    @property
    def cost_pence(self) -> float:
        """Expected cost of all answers."""
        return float(self.answers @ self.pence)


def answer(dataset: Dataset, spec: Spec, progress: Progress) -> Answer:
    """Plan the sample.

    Raises:
        SpecError: nobody is in the frame, or the least of each area is more than the total.
    """
    progress(0.1, "Reading the frame")
    plan = plan_sample(dataset, spec)
    progress(0.6, "Drawing")
    draw = draw_cells(dataset.query(CELLS), plan, seed=spec.seed)
    names = _names(dataset, plan)
    return Answer(
        statements=(
            say.needed(plan, spec),
            say.whole(plan, spec),
            say.areas(plan, spec, names),
            say.change(plan, spec),
            say.cost(plan),
            *say.limits(plan),
        ),
        tables=_tables(plan, draw, names, spec),
        charts={"areas": _chart(plan, names, spec)},
        caveats=say.CAVEATS,
    )


def plan_sample(dataset: Dataset, spec: Spec) -> Plan:
    """Sizes, allocation, margins and cost."""
    frame = dataset.query(FRAME)
    if frame.height == 0:
        raise SpecError("Nobody is in the frame", where="survey_frame", next_step="Give the population of each cell.")
    people, pence = frame["people"].to_numpy().astype(float), frame["pence"].to_numpy().astype(float)
    for_margin = size_for_margin(
        margin=spec.margin, share=spec.share, confidence=spec.confidence, population=float(people.sum()), design_effect=spec.design_effect
    )
    after = spec.share + spec.change if spec.share + spec.change < 1 else spec.share - spec.change
    for_change = size_for_change(
        before=spec.share, after=after, power=spec.power, confidence=spec.confidence, design_effect=spec.design_effect
    )
    least = np.minimum(np.maximum(spec.least, _for_area_margin(people, spec)), people)
    total = spec.total or int(np.ceil(max(for_margin, for_change, np.ceil(least).sum())))

    def share_out(method: Method) -> Counts:
        return allocate(total, people, method=method, cost=pence, least=least)

    chosen = share_out(spec.allocation)
    by_method = {
        method: (_whole_margin(given, people, spec), float(_area_margins(given, people, spec).max()), float(given @ pence))
        for method, given in ((method, share_out(method)) for method in METHODS)
    }
    return Plan(
        areas=tuple(frame["area_id"]),
        people=people,
        pence=pence,
        answers=chosen,
        invited=np.minimum(np.ceil(chosen / spec.response), people).astype(np.int64),
        margins=_area_margins(chosen, people, spec),
        whole=_whole_margin(chosen, people, spec),
        for_margin=for_margin,
        for_change=for_change,
        empty=int(dataset.query(EMPTY)["cells"][0]),
        by_method=by_method,
    )


def draw_cells(cells: pl.DataFrame, plan: Plan, *, seed: int) -> pl.DataFrame:
    """How many people of each cell are invited: drawn one by one without replacement within each area, by the seed.

    The frame has cells and no names; whoever holds the register draws the people of a cell by the same seed.
    """
    drawn_cells = []
    for area, invited in zip(plan.areas, plan.invited, strict=True):
        here = cells.filter(pl.col("area_id") == area)
        chance = np.random.default_rng([seed, *area.encode()])
        counts = chance.multivariate_hypergeometric(here["population"].to_numpy().astype(np.int64), int(invited), method="marginals")
        drawn_cells.append(here.with_columns(invited=pl.Series(counts)))
    return pl.concat(drawn_cells)


def _for_area_margin(people: Floats, spec: Spec) -> Floats:
    """Answers that the margin of an area asks for in each; none where a total is given that must do."""
    if spec.total:
        return np.zeros_like(people)
    given = {"margin": spec.area_margin, "share": spec.share, "confidence": spec.confidence, "design_effect": spec.design_effect}
    return np.array([size_for_margin(population=float(one), **given) for one in people])


def _area_margins(answers: Counts, people: Floats, spec: Spec) -> Floats:
    return margin_of(
        answers.astype(float), share=spec.share, confidence=spec.confidence, population=people, design_effect=spec.design_effect
    )


def _whole_margin(answers: Counts, people: Floats, spec: Spec) -> float:
    """Of everybody, weighted back: strata that are asked less than their share widen it."""
    weight = people / people.sum()
    return float(np.sqrt((weight**2 * _area_margins(answers, people, spec) ** 2).sum()))


def _names(dataset: Dataset, plan: Plan) -> dict[str, str]:
    if "areas" not in dataset.tables:
        return {area: area for area in plan.areas}
    known = dict(dataset.query("SELECT area_id, area_name FROM areas").iter_rows())
    return {area: known.get(area) or area for area in plan.areas}


def _tables(plan: Plan, draw: pl.DataFrame, names: dict[str, str], spec: Spec) -> dict[str, ResultTable]:
    areas = pl.DataFrame(
        {
            "area": [names[area] for area in plan.areas],
            "people": plan.people,
            "answers": plan.answers,
            "invited": plan.invited,
            "chance": plan.invited / plan.people,
            "margin": plan.margins,
            "pounds": plan.answers * plan.pence / 100,
        }
    )
    methods = pl.DataFrame(
        [(method, *values) for method, values in plan.by_method.items()],
        schema={"allocation": pl.String, "margin": pl.Float64, "widest_area_margin": pl.Float64, "pence": pl.Float64},
        orient="row",
    ).select("allocation", "margin", "widest_area_margin", pounds=pl.col("pence") / 100)
    return {
        "areas": ResultTable(
            title=f"Answers and invitations by area ({spec.allocation} allocation)",
            rows=areas,
            labels={"chance": "chance to be invited", "pounds": "cost"},
            units={"people": "people", "answers": "answers", "invited": "people", "margin": "share", "pounds": "pounds"},
            note=f"Margin of a percentage of {spec.share:.0%} at {spec.confidence:.0%}, design effect {spec.design_effect:g}, "
            f"response {spec.response:.0%}.",
        ),
        "allocations": ResultTable(
            title="What other allocations would give",
            rows=methods,
            labels={"pounds": "cost", "margin": "margin of the whole"},
            units={"margin": "share", "widest_area_margin": "share", "pounds": "pounds"},
            note=f"All share out {int(plan.answers.sum()):,} answers, with the fewest that an area has to have; Neyman by cost.",
        ),
        "draw": ResultTable(
            title="People to invite by cell",
            rows=draw,
            units={"population": "people", "invited": "people"},
            note=f"Drawn by seed {spec.seed} within each area without replacement: the same seed draws the same.",
        ),
    }


def _chart(plan: Plan, names: dict[str, str], spec: Spec) -> Chart:
    rows = pl.DataFrame(
        {
            "area": [names[area] for area in plan.areas],
            "value": np.full(len(plan.areas), spec.share),
            "low": np.maximum(spec.share - plan.margins, 0),
            "high": np.minimum(spec.share + plan.margins, 1),
            "margin": plan.margins,
        }
    ).sort("margin", descending=True)
    return Chart(
        title=f"A percentage of one area is known to within {plan.margins.min():.0%} to {plan.margins.max():.0%}",
        spec=drawn(bars_with_intervals(rows, name="area", title=f"a percentage of {spec.share:.0%} and its interval", percent=True)),
        alt=f"For each of {rows.height} areas, the interval that a percentage of {spec.share:.0%} would have, widest first.",
        table="areas",
    )


ANALYSIS = Analysis(
    name="consult.sampling",
    title="Plan of the survey",
    question="How many people should be asked, where, and what does it cost, for answers as sure as they need to be?",
    needs=("survey_frame",),
    uses=("areas",),
    Spec=Spec,
    answer=answer,
)
