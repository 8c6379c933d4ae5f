"""What is really saved? Promised savings by rule: cashable or not, once or every year, counted once, and realised or not."""

from datetime import date

import altair as alt
import polars as pl

from bestvalue.analysis.compete import savings_statements as say
from bestvalue.analysis.compete.financial_year import last_day
from bestvalue.analysis.compete.savings_rule import Promises, planned_by, reaching_the_budget, read_promises
from bestvalue.analysis.contract import Analysis, AnalysisSpec, Answer, Chart, Progress, ResultTable, parameter
from bestvalue.analysis.drawing import spec
from bestvalue.analysis.pence import PENCE_A_POUND, pounds
from bestvalue.dataset.dataset import Dataset
from bestvalue.errors import SpecError

WIDTH = 560


class Spec(AnalysisSpec):
    """By when, and against which budget."""

    year: str = parameter(
        "", title="Budget of", help="Financial year whose budget lines the savings fall on; the last in the ledger when empty."
    )
    as_at: date | None = parameter(None, title="As at", help="Day up to which realised savings are known; the end of that year when empty.")
    years: int = parameter(
        4, title="Years ahead", help="How many financial years to show from the first saving on.", unit="years", ge=1, le=10
    )


def answer(dataset: Dataset, spec: Spec, progress: Progress) -> Answer:
    """Judge the savings.

    Raises:
        SpecError: there are no savings, or no day up to which they are known.
    """
    progress(0.1, "Reading the savings")
    promises = read_promises(dataset, year=spec.year)
    if promises.rows.height == 0:
        raise SpecError("There are no savings", where="savings", next_step="Fill in the table savings.")
    on = spec.as_at or _end_of(promises)
    by_year = reaching_the_budget(promises, years=spec.years)
    due = planned_by(promises, on=on)
    progress(0.9, "Writing the answer")
    return Answer(
        statements=(
            say.whole(promises),
            *say.not_cashable(promises),
            *say.counted_twice(promises),
            *say.realised(due, on),
            *say.profile(by_year, promises),
            *say.hours(promises),
            *say.lines_that_are_not_there(promises),
        ),
        tables={
            "savings": _table("Savings, and what the rules say of each", promises.rows, say.base(promises)),
            "bridge": _table("From what was promised to what was realised", _bridge(promises, due), say.base(promises)),
            "budget": _table("When each saving reaches which budget line", by_year, "Cashable savings only; the first year by days."),
            "due": _table("Due and realised", due, f"By {on.isoformat()}."),
        },
        charts={"bridge": _waterfall(_bridge(promises, due))},
        caveats=say.CAVEATS,
    )


def _end_of(promises: Promises) -> date:
    if promises.year:
        return last_day(promises.year)
    raise SpecError(
        "There is no ledger to take the year from", where="as_at", next_step="Give the day up to which realised savings are known."
    )


def _bridge(promises: Promises, due: pl.DataFrame) -> pl.DataFrame:
    """step, pence, kind ("total" or "less"): from the plan of a full year to what releases money, and what is due and realised of it."""
    rows = promises.rows
    planned, cash = int(rows["planned_pence"].sum()), promises.cashable_pence
    not_cash = int(rows.filter(~pl.col("cashable"))["planned_pence"].sum())
    twice = int(rows.filter(pl.col("cashable") & pl.col("counted_twice_with").is_not_null())["planned_pence"].sum())
    planned_now, got = int(due["due_pence"].sum()), int(due["realised_pence"].sum())
    steps = [
        ("Promised, a full year", planned, "total"),
        ("Not cashable", -not_cash, "less"),
        ("Counted twice", -twice, "less"),
        ("Cashable, a full year", cash, "total"),
        ("Due by now", planned_now, "total"),
        ("Not realised", got - planned_now, "less"),
        ("Realised by now", got, "total"),
    ]
    return pl.DataFrame(steps, schema={"step": pl.String, "pence": pl.Int64, "kind": pl.String}, orient="row")


def _waterfall(bridge: pl.DataFrame) -> Chart:
    rows, at = [], 0.0
    for step, pence, kind in bridge.iter_rows():
        start = 0.0 if kind == "total" else at
        at = start + pence / PENCE_A_POUND
        rows.append({"step": step, "from": start, "to": at, "kind": kind})
    drawn = (
        alt.Chart(alt.InlineData(values=rows), width=WIDTH - 160, height=30 * len(rows))
        .mark_bar()
        .encode(
            y=alt.Y("step:N", sort=[str(row["step"]) for row in rows], title=None),
            x=alt.X("from:Q", title="pounds", axis=alt.Axis(format="~s")),
            x2="to:Q",
            color=alt.Color("kind:N", legend=None, sort=["total", "less"]),
        )
    )
    said = {step: pence for step, pence, _ in bridge.iter_rows()}
    return Chart(
        title=f"Of {pounds(said['Promised, a full year'])} promised a year, {pounds(said['Cashable, a full year'])} releases money",
        spec=spec(drawn),
        alt="Waterfall: " + "; ".join(f"{step} {pounds(pence)}" for step, pence in said.items()) + ".",
        table="bridge",
    )


def _table(title: str, rows: pl.DataFrame, note: str) -> ResultTable:
    pence = [name for name in rows.columns if name.endswith("pence")]
    renamed = {name: f"{name.removesuffix('pence')}pounds" for name in pence}
    table = rows.with_columns(pl.col(name) / PENCE_A_POUND for name in pence).rename(renamed)
    units = dict.fromkeys(renamed.values(), "pounds") | ({"hours_a_year": "hours a year"} if "hours_a_year" in rows.columns else {})
    labels = {name: name.removesuffix("pounds").replace("_", " ").strip() or "pounds" for name in renamed.values()}
    return ResultTable(title=title, rows=table, labels=labels, units=units, note=note)


ANALYSIS = Analysis(
    name="compete.savings",
    title="Savings",
    question="Which promised savings release money, when, from which budget line, and which are counted twice or not realised?",
    needs=("savings", "cost_centres"),
    uses=("ledger",),
    Spec=Spec,
    answer=answer,
)
