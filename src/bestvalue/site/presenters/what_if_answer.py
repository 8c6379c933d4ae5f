"""What changes in a scenario of a kept `challenge.resources`: sentences with base and interval first, then who gains and who loses.

Every number stands in the tables of the result; here they are put beside today's and said.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import polars as pl

from bestvalue.analysis.contract import Figure, Result, ResultTable
from bestvalue.documents.numbers import MINUS, figure_words, interval_words, number_words
from bestvalue.site.presenters.results import Cell, Heading, TableView

EVERY, SUPPORT = "every grade", "support"
LOSES, GAINS, NO_CHANGE = "loses", "gains", "no change beyond chance"
NINE_IN_TEN = ("ninetieth_today", "ninetieth_then")

MEASURES = (
    ("Units", "units", "units"),
    ("Cost a year", "pounds_a_year", "pounds"),
    ("Overtime, unit-hours a week", "overtime_hours", "none"),
    ("Time on jobs, local units", "local_utilisation", "share"),
    ("Time on jobs, support units", "support_utilisation", "share"),
    ("Incidents attended by units of other areas", "borrowed", "share"),
    ("Hours of the week below a pool's minimum, all pools together", "hours_below_minimum", "none"),
    ("Growth of the queue, incidents a day", "queue_growth", "none"),
)
"""What is told of cost and work: words, column, unit."""


@dataclass(frozen=True, kw_only=True)
class Said:
    """One sentence, and what it tells."""

    text: str
    tells: Literal["response", "cost", "warning"] = "response"

    @property
    def warns(self) -> bool:
        """Whether it is set apart."""
        return self.tells == "warning"


@dataclass(frozen=True, kw_only=True)
class WhatIf:
    """The answer about one scenario.

    Args:
        scenario: its name.
        sentences: the first is the answer.
        base: what it was counted on.
        fairness: who gains and who loses, as a sentence; "" where the result does not say it by area.
        tables: response, waits, work and, where there are any, areas.
    """

    scenario: str
    sentences: tuple[Said, ...]
    base: str
    fairness: str
    tables: Mapping[str, ResultTable]

    @property
    def as_option(self) -> dict[str, str]:
        """The scenario as an option of a question of scope: what would be done, what it would cost, and what it would change."""
        told = [said.text for said in self.sentences if said.tells == "response"]
        cost = [said.text for said in self.sentences if said.tells == "cost"]
        warned = [said.text for said in self.sentences if said.tells == "warning"]
        effect = [*told, *warned, self.fairness, f"Base: {self.base}."]
        return {"text": self.scenario, "cost": " ".join(cost), "effect": " ".join(part for part in effect if part)}


def what_if_of(result: Result, *, scenario: str, today: str) -> WhatIf:
    """Today and this scenario, side by side."""
    rows = _rows_of(result, "response", scenario)
    before = _rows_of(result, "response", today)
    work = {
        name: _with_overtime(_rows_of(result, "work", which).row(0, named=True)) for name, which in (("today", today), ("then", scenario))
    }
    areas = _areas(result, scenario)
    tables = {
        "response": _response(before, rows, result.tables["response"].note),
        "waits": _waits(before, rows, result.tables["response"].note),
        "work": _work(work["today"], work["then"], result.tables["work"].note),
    }
    if areas is not None:
        tables["areas"] = areas
    return WhatIf(
        scenario=scenario,
        sentences=tuple(_sentences(result, rows, before, work, is_today=scenario == today)),
        base=_base(result, [grade for grade in rows["grade"] if grade != EVERY]),
        fairness=_fairness(areas.rows, _confidence(result)) if areas is not None else "",
        tables=tables,
    )


def work_view(table: ResultTable, *, download: str) -> TableView:
    """The table of cost and work, each line in its own unit."""
    numbers = ("today", "then", "change")
    cells = tuple(
        (
            Cell(words=row["measure"], numeric=False),
            *(Cell(words=number_words(row[name], unit=row["unit"]), numeric=True) for name in numbers),
        )
        for row in table.rows.iter_rows(named=True)
    )
    headings = (Heading(label="Measure", numeric=False), *(Heading(label=name.capitalize(), numeric=True) for name in numbers))
    return TableView(
        name="work", title=table.title, note=table.note, headings=headings, rows=cells, rows_in_all=len(cells), download=download
    )


def change_words(value: float, low: float, high: float) -> str:
    """A difference of shares, in points, the way that it goes said in words.

    Example:
        >>> change_words(-0.159, -0.169, -0.150), change_words(0.0, -0.01, 0.01)
        ('15.9 points fewer (15.0 to 16.9)', 'no change beyond chance (−1.0 to +1.0 points)')
    """
    if low <= 0 <= high:
        return f"no change beyond chance ({_points(low)} to {_points(high)} points)"
    near, far = sorted((abs(low), abs(high)))
    return f"{100 * abs(value):.1f} points {'more' if value > 0 else 'fewer'} ({100 * near:.1f} to {100 * far:.1f})"


def _rows_of(result: Result, table: str, scenario: str) -> pl.DataFrame:
    return result.tables[table].rows.filter(pl.col("scenario") == scenario)


def _with_overtime(row: dict[str, Any]) -> dict[str, Any]:
    known = [row[name] for name in ("local_overtime_hours", "support_overtime_hours") if row.get(name) is not None]
    return row | {"overtime_hours": sum(known) if known else None}


def _sentences(
    result: Result, rows: pl.DataFrame, before: pl.DataFrame, work: Mapping[str, Mapping[str, Any]], *, is_today: bool
) -> Iterator[Said]:
    then = {row["grade"]: row for row in rows.iter_rows(named=True)}
    now = {row["grade"]: row for row in before.iter_rows(named=True)}
    grades = [grade for grade in then if grade != EVERY] or [EVERY]
    for grade in grades:
        yield Said(text=_reached(grade, now[grade], None if is_today else then[grade], _confidence(result)))
    if not is_today:
        yield Said(text=_cost_said(work["today"], work["then"]), tells="cost")
    if not work["then"]["steady"]:
        growth = work["then"].get("queue_growth")
        said = f" It grows by {number_words(growth)} incidents a day." if growth else ""
        yield Said(text=f"The queue has no end in this scenario: fewer are served than ask.{said} No mean wait is given.", tells="warning")
    if (below := work["then"].get("hours_below_minimum")) and below > (work["today"].get("hours_below_minimum") or 0):
        yield Said(
            text=f"In {below:,} hours of the week, all pools counted, fewer units would be on duty than the pool's minimum.",
            tells="warning",
        )


def _reached(grade: str, now: Mapping[str, Any], then: Mapping[str, Any] | None, confidence: float) -> str:
    of = {SUPPORT: "requests for support are answered", EVERY: "incidents are reached"}.get(grade, f"{grade} calls are reached")
    if not all(_is_known(row[name]) for row in (now, then or now) for name in ("within", "change")):
        return f"Of {grade}, none was asked for in the simulation."
    today = _share(now, confidence)
    if then is None:
        return f"{today} of {of} within target."
    if then["low"] == now["low"] and then["change_low"] == then["change_high"] == 0:
        return f"{today} of {of} within target, as today."
    change = change_words(then["change"], then["change_low"], then["change_high"])
    return f"{_share(then, confidence)} of {of} within target, against {today} today: {change}."


def _share(row: Mapping[str, Any], confidence: float) -> str:
    known = _is_known(row["low"]) and row["low"] < row["high"]
    figure = Figure(
        name="within",
        value=row["within"],
        unit="share",
        base="the note",
        low=row["low"] if known else None,
        high=row["high"] if known else None,
        confidence=confidence if known else None,
    )
    return figure_words(figure)


def _cost_said(now: Mapping[str, Any], then: Mapping[str, Any]) -> str:
    units = f"{then['units']:,} units instead of {now['units']:,}" if then["units"] != now["units"] else f"{now['units']:,} units, as today"
    change = then["change_pounds"]
    if change is None:
        money = "what they cost is not given"
    elif change == 0:
        money = "at the same cost"
    else:
        money = f"{number_words(abs(change), unit='pounds')} a year {'more' if change > 0 else 'less'}"
    hours, low, high = (then.get(name) for name in ("overtime_change", "overtime_low", "overtime_high"))
    if hours is None or low is None or high is None:
        return f"{units}; {money}."
    if low <= 0 <= high:
        return f"{units}; {money}. Overtime does not change beyond chance."
    near, far = sorted((abs(low), abs(high)))
    return (
        f"{units}; {money}. Overtime {'rises' if hours > 0 else 'falls'} by {number_words(abs(hours))} unit-hours a week "
        f"({interval_words(near, far)})."
    )


def _response(before: pl.DataFrame, rows: pl.DataFrame, note: str) -> ResultTable:
    today = before.select("grade", today="within", today_low="low", today_high="high")
    then = rows.select(
        "grade", then="within", then_low="low", then_high="high", change="change", change_low="change_low", change_high="change_high"
    )
    shares = [name for name in (*today.columns, *then.columns) if name != "grade"]
    return ResultTable(
        title="Reached within target, before and after",
        rows=today.join(then, on="grade", how="inner", maintain_order="left"),
        labels={
            "grade": "of",
            "today_low": "today from",
            "today_high": "today to",
            "then_low": "then from",
            "then_high": "then to",
            "change_low": "change from",
            "change_high": "change to",
        },
        units=dict.fromkeys(shares, "share"),
        note=note,
    )


def _waits(before: pl.DataFrame, rows: pl.DataFrame, note: str) -> ResultTable:
    asked = {
        "median_minutes": ("half are reached within", "minutes"),
        "ninetieth_minutes": ("nine in ten are reached within", "minutes"),
        "waited": ("waited for a unit", "share"),
        "mean_wait_minutes": ("mean wait for a unit", "minutes"),
        "reached": ("reached at all", "share"),
    }
    there = [name for name in asked if name in rows.columns]
    sides = [
        frame.select("grade", *(pl.col(name).alias(f"{name}_{when}") for name in there))
        for when, frame in (("today", before), ("then", rows))
    ]
    columns = [f"{name}_{when}" for name in there for when in ("today", "then")]
    joined = sides[0].join(sides[1], on="grade", how="inner", maintain_order="left").filter(pl.col("grade") != EVERY)
    return ResultTable(
        title="How long people wait, before and after",
        rows=joined.select("grade", *columns),
        labels={"grade": "of"} | {f"{name}_{when}": f"{asked[name][0]}, {when}" for name in there for when in ("today", "then")},
        units={f"{name}_{when}": asked[name][1] for name in there for when in ("today", "then")},
        note=note,
    )


def _work(now: Mapping[str, Any], then: Mapping[str, Any], note: str) -> ResultTable:
    rows = [
        {"measure": words, "unit": unit, "today": now[column], "then": then[column], "change": then[column] - now[column]}
        for words, column, unit in MEASURES
        if now.get(column) is not None and then.get(column) is not None
    ]
    schema = {"measure": pl.String, "unit": pl.String} | dict.fromkeys(("today", "then", "change"), pl.Float64)
    return ResultTable(title="What it costs, and how hard units work", rows=pl.DataFrame(rows, schema=schema), note=note)


def _areas(result: Result, scenario: str) -> ResultTable | None:
    if "areas" not in result.tables:
        return None
    mine = _rows_of(result, "areas", scenario)
    every = mine.filter(pl.col("grade") == EVERY).sort("change", "area")
    if every.height == 0:
        return None
    grades = [grade for grade in mine["grade"].unique(maintain_order=True) if grade != EVERY]
    columns = ["area", "today", "then", "change", "low", "high"]
    verdict = (
        pl.when(pl.col("high") < 0)
        .then(pl.lit(LOSES))
        .when(pl.col("low") > 0)
        .then(pl.lit(GAINS))
        .otherwise(pl.lit(NO_CHANGE))
        .alias("verdict")
    )
    rows = every.select(*columns, verdict)
    labels = {"today": "today", "low": "change from", "high": "change to", "verdict": "what becomes of it"}
    if grades and set(NINE_IN_TEN) <= set(mine.columns):
        urgent = mine.filter(pl.col("grade") == grades[0]).select("area", *NINE_IN_TEN)
        rows = rows.join(urgent, on="area", how="left", maintain_order="left")
        labels |= {name: f"nine in ten {grades[0]} calls within, {name.removeprefix('ninetieth_')}" for name in NINE_IN_TEN}
    return ResultTable(
        title="Who gains and who loses: incidents reached within target, by area",
        rows=rows,
        labels=labels,
        units=dict.fromkeys(columns[1:], "share") | dict.fromkeys(NINE_IN_TEN, "minutes"),
        note=f"{result.tables['areas'].note} All grades together; the largest loss first.",
    )


def _fairness(areas: pl.DataFrame, confidence: float) -> str:
    lose, gain, same = (areas.filter(pl.col("verdict") == verdict).height for verdict in (LOSES, GAINS, NO_CHANGE))
    least, most = areas.row(0, named=True), areas.row(-1, named=True)
    parts = [_does(lose, "lose"), _does(gain, "gain"), f"{same:,} without a change beyond chance"]
    told = [part for part, count in zip(parts, (lose, gain, same), strict=True) if count]
    counted = f"Of {areas.height} areas: {', '.join(told)} ({confidence:.0%} intervals)."
    ends = " to ".join(
        f"{_points(row['change'])} points ({_points(row['low'])} to {_points(row['high'])}) in {row['area']}" for row in (least, most)
    )
    return f"{counted} From area to area the share reached within target changes by {ends}."


def _base(result: Result, grades: list[str]) -> str:
    """What each grade was counted on, as the statements of the result say it."""
    figures = [
        figure
        for statement in result.statements
        for figure in statement.figures
        if figure.base_count is not None and " within target" in figure.name
    ]
    found = []
    for grade in grades:
        base = next((figure.base for figure in figures if figure.name.startswith(f"{grade} within target")), "")
        if base:
            found.append(f"{grade}: {base}")
    return "; ".join(found) or result.tables["response"].note


def _confidence(result: Result) -> float:
    return float(result.provenance.spec.get("confidence", 0.95))


def _is_known(value: float | None) -> bool:
    return value is not None and math.isfinite(value)


def _points(share: float) -> str:
    return f"{100 * share:+.1f}".replace("-", MINUS)


def _does(count: int, verb: str) -> str:
    return f"{count:,} {verb}{'s' if count == 1 else ''}"
