"""What halving and doubling save or cost, for what the simulation says that they do, in sentences and as a table."""

from collections.abc import Iterator, Sequence

import polars as pl

from bestvalue.analysis.compete.costing_change import Ratio
from bestvalue.analysis.compete.costing_ledger import Books
from bestvalue.analysis.compete.costing_simulated import Priced
from bestvalue.analysis.compete.costing_spec import Spec
from bestvalue.analysis.compete.costing_statements import base, estimate, money
from bestvalue.analysis.compete.costing_tables import in_pounds
from bestvalue.analysis.contract import Figure, GivenResult, ResultTable, Statement
from bestvalue.analysis.pence import PENCE_A_POUND, pounds
from bestvalue.dataset.dataset import Dataset

SAID = {0.5: "Half", 2.0: "Twice"}
SUPPORT_POOLS, SUPPORT_GRADE, EVERY_GRADE = "support", "support", "every grade"
LABELS = {
    "change_pounds": "by the ledger",
    "service_pounds": "of it for the time that counts",
    "service_low_pounds": "from",
    "service_high_pounds": "to",
    "points": "change within target, points",
    "points_low": "from, points",
    "points_high": "to, points",
    "each_point_pounds": "for each point",
    "each_point_low_pounds": "each from",
    "each_point_high_pounds": "each to",
}


def table(found: Sequence[Priced], given: GivenResult, spec: Spec) -> ResultTable:
    """Every scaled scenario and grade with its price."""
    rows = [
        {
            "scenario": one.scenario,
            "grade": one.grade,
            "change_pence": float(one.change_pence),
            "service_pence": one.service_pence.value,
            "service_low_pence": one.service_pence.low,
            "service_high_pence": one.service_pence.high,
            "points": one.points,
            "points_low": one.points_low,
            "points_high": one.points_high,
            **_each(one.each_point),
        }
        for one in found
    ]
    shown = in_pounds(pl.DataFrame(rows, infer_schema_length=None))
    counted = f"the time on {spec.result_service}" if spec.result_service else "all time, which is no estimate"
    return ResultTable(
        title="What more or fewer units save or cost, for what they do",
        rows=shown,
        labels=LABELS,
        units={name: "pounds" for name in shown.columns if name.endswith("pounds")},
        note=f"Below 0 is a saving. Response by result {given.digest}. Counted: {counted}. No money for a point is given where the change "
        f"cannot be told from chance. Intervals at {spec.confidence:.0%} carry the sample and the simulation together.",
    )


def _each(ratio: Ratio | None) -> dict[str, float | None]:
    names = ("each_point_pence", "each_point_low_pence", "each_point_high_pence")
    values = (None, None, None) if ratio is None else (ratio.value, ratio.low, ratio.high)
    return dict(zip(names, values, strict=True))


def statements(found: Sequence[Priced], given: GivenResult, dataset: Dataset, books: Books, spec: Spec) -> Iterator[Statement]:
    """Half and twice of each set of pools; and what keeps ledger and simulation from being one."""
    if not found:
        yield Statement(
            kind="limit",
            text="What more or fewer units cost cannot be said: no cost centre names the pool of units that it pays for, in the column pool_id.",
        )
        return
    for one in found:
        grade = SUPPORT_GRADE if one.pools == SUPPORT_POOLS else EVERY_GRADE
        if one.factor in SAID and one.grade == grade:
            yield _priced(one, given, books, spec)
    now, then = dataset.tables["pools"].digest, given.result.provenance.tables.get("pools")
    if now != then:
        yield Statement(
            kind="limit",
            text=f"The simulation {given.digest[:12]} was made from other pools of units than those of today. Run it again before money is decided on it.",
        )


def _priced(one: Priced, given: GivenResult, books: Books, spec: Spec) -> Statement:
    said = f"{base(books)}; response by simulation, result {given.digest}"
    change = Figure(name=f"change of cost, {one.scenario}", value=one.change_pence / PENCE_A_POUND, unit="pounds", base=base(books))
    points = Figure(
        name=f"change within target, {one.scenario}, {one.grade}",
        value=one.points,
        unit="percentage points",
        base=f"simulation, result {given.digest}",
        low=one.points_low,
        high=one.points_high,
        confidence=given.result.provenance.spec.get("confidence", spec.confidence),
    )
    verb = "saves" if one.change_pence < 0 else "costs"
    what = f"{SAID[one.factor]} the {'units' if one.pools == 'all' else f'{one.pools} units'}"
    text = (
        f"{what} {verb} {pounds(abs(one.change_pence))} a year by the ledger and moves arrivals within target ({one.grade}) by "
        f"{one.points:+.1f} points ({one.points_low:+.1f} to {one.points_high:+.1f}) by simulation"
    )
    if one.each_point is None:
        return Statement(text=f"{text}, which cannot be told from chance: there is no price of a point.", figures=(change, points))
    each = estimate("money for each point", one.each_point.value, one.each_point.low, one.each_point.high, said, spec.confidence)
    counted = f" of the time on {spec.result_service}" if spec.result_service else ""
    return Statement(text=f"{text}: {money(each)}{counted} for each point.", figures=(change, points, each))
