"""What the answer about resources rests on, in sentences: how the test went, where there is no steady state, what was not used."""

import math

import polars as pl

from bestvalue.analysis.challenge import resources_effects as effects
from bestvalue.analysis.challenge import resources_wording as wording
from bestvalue.analysis.challenge.resources_rows_used import OUTSIDE
from bestvalue.analysis.challenge.resources_scenarios import pounds_a_year
from bestvalue.analysis.challenge.resources_sources import Source
from bestvalue.analysis.challenge.resources_sweep import Sweep
from bestvalue.analysis.challenge.resources_tally import (
    BACKLOG,
    MEDIAN,
    NINETIETH,
    REACHED,
    WITHIN,
    Key,
)
from bestvalue.analysis.challenge.resources_validate import INTERVAL
from bestvalue.analysis.contract import Figure, Statement
from bestvalue.analysis.rounding import percent, plain

NAMED_AT_MOST = 4

CAVEATS = (
    "The simulation replays whole weeks that happened. It knows no incident of a kind that has not happened in them.",
    "Demand is taken as given: that more units find more to do, or that people stop calling when nobody comes, is not in it.",
    "Units of today and added ones are taken to be alike: crewed, trained and equipped.",
    "An interval tells how far chance and ordinary weeks reach. It does not hold what the simulation leaves out; for that see the test.",
)
STATION_CAVEATS = (
    "Stations, engines and lengths of jobs are inferred from who came first, not given by the service.",
    "The test plays the incidents of the later weeks as they came: it predicts how fast they are reached, not how many there are.",
    "A station is closed with factor 0 under its name; a new one, at a new place, cannot be played.",
)


def validation(source: Source) -> Statement:
    """How well weeks that were not used were predicted; a failure says so."""
    found, force = source.validation, source.force
    grade = force.grades[0]
    rows = {key: found.row(key) for key in (Key(MEDIAN, grade), Key(NINETIETH, grade), Key(WITHIN, grade))}
    compared = [(key, row) for key, row in rows.items() if row is not None]
    figures = tuple(
        Figure(
            name=f"predicted {key.measure}, {grade}",
            value=row["predicted"],
            unit="share" if key.measure == WITHIN else "minutes",
            base=f"{int(row['base']):,} incidents from {_day(source)}",
            base_count=int(row["base"]),
            low=row["low"],
            high=row["high"],
            confidence=INTERVAL,
        )
        for key, row in compared
    )
    said = [
        f"{_measure(key)} {percent(row['predicted'])} against {percent(row['recorded'])} recorded ({100 * row['error']:+.1f} points)"
        if key.measure == WITHIN
        else f"{_measure(key)} {plain(row['predicted'])} against {plain(row['recorded'])} minutes ({100 * row['error']:+.1f}%)"
        for key, row in compared
    ]
    text = f"For {grade} calls: {', '.join(said)}."
    if found.judged_areas:
        text += (
            f" In {found.judged_areas} areas the 90th percentile is off by {percent(found.area_error)} on average, "
            f"in {found.areas_within_tenth} by less than 10%."
        )
    if math.isfinite(found.coverage):
        text += f" The 90% intervals hold {percent(found.coverage)} of the areas' recorded figures."
    if found.passed:
        return Statement(
            text=f"The simulation was tested on the {found.weeks} weeks from {_day(source)}, which it had not seen. {text}", figures=figures
        )
    return Statement(
        kind="failed",
        text=f"The simulation failed its test on the {found.weeks} weeks from {_day(source)}, which it had not seen: {'; '.join(found.faults)}. "
        f"Take what follows as direction, not as size. {text}",
        figures=figures,
    )


def _measure(key: Key) -> str:
    return {WITHIN: "reached within target", MEDIAN: "median", NINETIETH: "90th percentile"}[key.measure]


def _day(source: Source) -> str:
    return f"{source.split_day:%-d %B %Y}"


def overload(sweep: Sweep) -> tuple[Statement, ...]:
    """Scenarios in which the queue has no end."""
    found = [number for number in range(len(sweep.scenarios)) if effects.overloaded(sweep, number)]
    if not found:
        return ()
    figures: list[Figure] = []
    for number in found:
        name = sweep.scenarios[number].name
        figures.append(wording.share_figure(sweep, number, Key(REACHED), f"share reached, {name}"))
        growth = sweep.estimate(number, Key(BACKLOG))
        figures.append(
            wording.figure_of(
                f"growth of the queue, {name}",
                growth,
                "incidents a day",
                wording.base_of(sweep, ""),
                wording.count_of(sweep, ""),
                sweep.confidence,
            )
        )
    more = f" and {len(found) - NAMED_AT_MOST} more" if len(found) > NAMED_AT_MOST else ""
    return (
        Statement(
            text="Demand is more than the units can serve, so that the queue has no limit: "
            f"{wording.listed([_endless(sweep, number) for number in found[:NAMED_AT_MOST]])}{more}. "
            "No mean wait is given there; who is not reached counts as missing the target.",
            figures=tuple(figures),
        ),
    )


def _endless(sweep: Sweep, number: int) -> str:
    growth = sweep.estimate(number, Key(BACKLOG))
    grows = f", the queue grows by {plain(growth.value)} a day" if growth.low > 0 else ""
    return f"{sweep.scenarios[number].name} ({wording.share(sweep.estimate(number, Key(REACHED)))} reached{grows})"


def limits(source: Source, sweep: Sweep) -> tuple[Statement, ...]:
    """What could not be used or said."""
    found = []
    if source.empty_pools:
        some = ", ".join(source.empty_pools[:3]) + (", ..." if len(source.empty_pools) > 3 else "")
        found.append(
            Statement(
                kind="limit",
                text=f"{len(source.empty_pools)} pools have nobody on duty ({some}); their incidents are reached only by other areas' {sweep.force.unit_word[1]}.",
            )
        )
    if not math.isfinite(pounds_a_year(sweep.force, sweep.scenarios[0])):
        found.append(Statement(kind="limit", text="Cost cannot be said: a pool has no price. Give unit_hour_pence in the pools table."))
    found += [_left_out(table, rows) for table, rows in _read(source) if rows.filter(pl.col("what") != "used")["rows"].sum()]
    return tuple(found)


def _read(source: Source) -> list[tuple[str, pl.DataFrame]]:
    """The account of the rows of the weeks that are replayed, of the tables that tell what happened."""
    account = source.tables["rows_used"].rows.filter(pl.col("what") != OUTSIDE)
    if "table" not in account.columns:
        return [("incidents", account)]
    return [(name, account.filter(pl.col("table") == name)) for name in ("incidents", "deployments")]


def _left_out(table: str, rows: pl.DataFrame) -> Statement:
    left = rows.filter((pl.col("what") != "used") & (pl.col("rows") > 0)).sort("rows", descending=True)
    most = left.row(0, named=True)
    of = f"{int(rows['rows'].sum()):,} {table}"
    return Statement(
        kind="limit",
        text=f"{int(left['rows'].sum()):,} of {of} were not played or not as recorded; most, {most['rows']:,}: {most['what']}. The table of rows used lists them all.",
    )
