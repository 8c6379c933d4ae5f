"""The fitted quantities as tables that a person can read, and set otherwise with `overrides`."""

import numpy as np
import polars as pl
from scipy import stats

from bestvalue.analysis.challenge.resources_calibrate import Calibration, unheld_requests
from bestvalue.analysis.challenge.resources_calibrate_force import Force
from bestvalue.analysis.challenge.resources_calibrate_rows import Window
from bestvalue.analysis.challenge.resources_calibrate_times import Times
from bestvalue.analysis.challenge.resources_stations import Brigade, nearest_is_first
from bestvalue.analysis.challenge.resources_stations_engines import HOURS_IN_BAND
from bestvalue.analysis.challenge.resources_stations_records import Records
from bestvalue.analysis.contract import ResultTable

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def of_force(calibration: Calibration, season: float, predicted: Window) -> dict[str, ResultTable]:
    """All tables of a force's calibration."""
    window = calibration.window
    note = f"{window.weeks} whole weeks, {window.starts:%-d %B %Y} to {window.ends:%-d %B %Y}."
    return {
        "rows_used": _account(calibration),
        "arrival_rates": _arrival_rates(calibration.force, note),
        "grades_of_kinds": _grades_of_kinds(calibration.force, note),
        "lengths": _lengths(calibration.times, note),
        "speeds": _speeds(calibration.times),
        "scene_times": _scene_times(calibration.times, note),
        "second_wave": _second_wave(calibration, note),
        "unavailability": _unavailability(calibration, note),
        "roads": _roads(calibration, season, predicted),
    }


def of_brigade(brigade: Brigade, records: Records) -> dict[str, ResultTable]:
    """All tables of a brigade's calibration."""
    note = f"{len(brigade.arrivals):,} first arrivals; whole weeks replayed: {brigade.force.history.weeks}."
    return {
        "rows_used": ResultTable(title="Rows used and left out", rows=records.account, units={"rows": "rows"}),
        "arrival_rates": _arrival_rates(brigade.force, note),
        "grades_of_kinds": _grades_of_kinds(brigade.force, note),
        "stations": _stations(brigade),
        "drive": _drive(brigade, note),
        "errands": _errands(brigade),
        "engines_away": _engines_away(brigade),
    }


def _account(calibration: Calibration) -> ResultTable:
    asked = unheld_requests(calibration.rows, calibration.establishment)
    used = pl.DataFrame(
        {
            "table": ["incidents, of those used"],
            "what": ["ask for a skill that no support unit has"],
            "rows": [asked],
            "rule": ["played without support"],
        },
        schema=calibration.rows.account.schema,
    )
    rows = pl.concat([calibration.rows.account, calibration.establishment.account, used])
    note = "For each table the rows used and left out add up to the rows read; the first reason that fits is the one that counts."
    return ResultTable(title="Rows used and left out", rows=rows, units={"rows": "rows"}, note=note)


def _arrival_rates(force: Force, note: str) -> ResultTable:
    history = force.history
    first = force.measured[history.grade]
    areas = len(force.area_names)
    hour = history.second[first] // 3_600
    count = np.bincount(history.area[first] * 168 + hour, force.growth[first], areas * 168)
    place, hours = np.divmod(np.arange(areas * 168), 168)
    rows = pl.DataFrame(
        {
            "area": [force.area_names[number] for number in place],
            "weekday": [WEEKDAYS[number] for number in hours // 24],
            "hour": hours % 24,
            "incidents": count,
            "an_hour": count / history.weeks,
        }
    ).filter(pl.col("incidents") > 0)
    return ResultTable(
        title="Incidents an hour, by area and hour of the week",
        rows=rows,
        labels={"an_hour": "an hour"},
        units={"incidents": "incidents", "an_hour": "incidents an hour"},
        note=f"{note} The weeks themselves are replayed, so season and events are in them. Set with overrides demand:AREA=FACTOR.",
    )


def _grades_of_kinds(force: Force, note: str) -> ResultTable:
    history = force.history
    kinds, grades = len(force.kinds), len(force.grades)
    count = np.bincount(history.kind * grades + history.grade, minlength=kinds * grades).reshape(kinds, grades)
    total = np.maximum(count.sum(axis=1), 1)
    rows = pl.DataFrame(
        {
            "kind": np.repeat(force.kinds, grades),
            "grade": np.tile(force.grades, kinds),
            "incidents": count.ravel(),
            "share_of_kind": (count / total[:, None]).ravel(),
        }
    )
    units = {"incidents": "incidents", "share_of_kind": "share"}
    return ResultTable(
        title="Grades of each kind of incident", rows=rows, labels={"share_of_kind": "share of the kind"}, units=units, note=note
    )


def _lengths(times: Times, note: str) -> ResultTable:
    named = [
        *(("handling_minutes", grade, spread, 60) for grade, spread in zip(times.grades, times.handling, strict=True)),
        *(("turnout_seconds", grade, spread, 1) for grade, spread in zip(times.grades, times.turnout, strict=True)),
        ("minutes until support is asked for", "support", times.support_asked, 60),
        ("turnout_seconds", "support", times.support_turnout, 1),
    ]
    rows = pl.DataFrame(
        [(quantity, grade, spread.median / unit, spread.ninetieth / unit, spread.base) for quantity, grade, spread, unit in named],
        schema={"quantity": pl.String, "grade": pl.String, "median": pl.Float64, "ninetieth": pl.Float64, "base": pl.Int64},
        orient="row",
    )
    return ResultTable(
        title="From report to a unit on its way",
        rows=rows,
        labels={"ninetieth": "nine in ten are shorter"},
        units={"base": "deployments"},
        note=f"{note} Handling is read from deployments whose unit had been free for a minute: they had not waited for one. "
        "Set with overrides handling_minutes:GRADE or turnout_seconds:GRADE.",
    )


def _speeds(times: Times) -> ResultTable:
    hours = np.arange(24)
    rows = pl.concat(
        [
            pl.DataFrame({"grade": [grade] * 24, "hour": hours, "km_h": 3.6 / times.pace[number], "base": times.pace_base[number]})
            for number, grade in enumerate(times.grades)
        ]
        + [pl.DataFrame({"grade": ["support"] * 24, "hour": hours, "km_h": 3.6 / times.support_pace, "base": np.zeros(24, dtype=np.int64)})]
    )
    return ResultTable(
        title="Speed along the crow's line, by grade and hour of the day",
        rows=rows,
        labels={"km_h": "km/h"},
        units={"km_h": "km/h", "base": "deployments"},
        note="Slope of drive on distance; the detour is in it. All grades share the shape of the day. Set with overrides speed_km_h:GRADE.",
    )


def _scene_times(times: Times, note: str) -> ResultTable:
    kinds, grades = len(times.kinds), len(times.grades)
    rows = pl.DataFrame(
        {
            "kind": np.repeat(times.kinds, grades),
            "grade": np.tile(times.grades, kinds),
            "typical_minutes": times.scene_minutes.ravel(),
            "base": times.scene_base.ravel(),
        }
    )
    return ResultTable(
        title="Minutes from arrival to free again",
        rows=rows,
        labels={"typical_minutes": "typical (geometric mean)"},
        units={"typical_minutes": "minutes", "base": "deployments"},
        note=f"{note} Nine in ten last less than {times.scene_spread.ninetieth:.2f} times the typical. Few deployments are drawn towards "
        "their kind. Set with overrides scene_minutes:KIND.",
    )


def _second_wave(calibration: Calibration, note: str) -> ResultTable:
    incidents, times = calibration.rows.incidents, calibration.times
    asked = (
        incidents.group_by("kind")
        .len()
        .join(incidents.filter(pl.col("support_skill").is_not_null()).group_by("kind", "support_skill").agg(requests=pl.len()), on="kind")
        .sort("kind", "support_skill")
    )
    count, base = asked["requests"].to_numpy(), asked["len"].to_numpy()
    low, high = stats.beta.ppf(0.025, count, base - count + 1), stats.beta.ppf(0.975, count + 1, np.maximum(base - count, 1e-9))
    minutes = dict(zip(times.skills, times.support_minutes, strict=True))
    rows = asked.select("kind", skill="support_skill", incidents="len", requests="requests").with_columns(
        probability=pl.Series(count / base),
        low=pl.Series(np.nan_to_num(low)),
        high=pl.Series(high),
        typical_minutes=pl.col("skill").replace_strict(minutes, default=None, return_dtype=pl.Float64),
    )
    return ResultTable(
        title="How often support is asked for at the scene, and how long it stays",
        rows=rows,
        labels={"typical_minutes": "typical minutes of a support unit"},
        units={"incidents": "incidents", "requests": "requests", "probability": "share", "low": "share", "high": "share"},
        note=f"{note} 95% intervals by Clopper and Pearson. Set with overrides demand:SKILL=FACTOR or support_minutes:SKILL.",
    )


def _unavailability(calibration: Calibration, note: str) -> ResultTable:
    establishment = calibration.establishment
    duty = establishment.duty_hours_a_week() * calibration.window.weeks
    rows = establishment.away_reasons.with_columns(
        share=pl.Series(
            [hours / duty[pool] if duty[pool] else None for pool, _, hours in establishment.away_reasons.iter_rows()], dtype=pl.Float64
        ),
        pool=pl.col("pool").replace_strict(
            {number: pool.name for number, pool in enumerate(establishment.pools)}, default=None, return_dtype=pl.String
        ),
    )
    return ResultTable(
        title="Time for which units were taken away, by pool and reason",
        rows=rows,
        labels={"unit_hours": "unit-hours"},
        units={"unit_hours": "hours", "share": "share"},
        note=f"{note} Replayed with the weeks in which it happened{_but_for(calibration)}. Share of the hours on duty.",
    )


def _but_for(calibration: Calibration) -> str:
    """The reasons that changed for good, in words."""
    told = [change.told(calibration.window.starts) for change in calibration.establishment.away_changes]
    return f", but for what then changed for good: {'; '.join(told)}; the weeks before are played with the absences since" if told else ""


def _roads(calibration: Calibration, season: float, predicted: Window) -> ResultTable:
    rows = _drives(calibration) | {
        "share of first deployments by units of another area": calibration.lent_share,
        f"incidents expected from {predicted.starts:%-d %B %Y} against the weeks before": season,
    }
    return ResultTable(
        title="What ties the simulation to the records",
        rows=pl.DataFrame({"quantity": list(rows), "value": list(rows.values())}),
        note="Drives recorded against those simulated from where each unit's last job ended; lending; the season.",
    )


def _drives(calibration: Calibration) -> dict[str, float]:
    """How the simulated drives are made the recorded ones: on the plane by distance, between areas by the force's travel times."""
    force, (first, support) = calibration.force, calibration.roads
    if len(force.zone_seconds):
        return {
            f"{wave}, {grade}: times the travel time between areas": float(force.pace[row, number, 0])
            for row, wave in enumerate(("first wave", "support"))
            for number, grade in enumerate(force.grades)
        }
    return {
        "first wave: share of the simulated distance": first.along,
        "first wave: metres for each root of a simulated metre": first.root,
        "support: share of the simulated distance": support.along,
        "support: metres for each root of a simulated metre": support.root,
        **{
            f"support, {skill}: minutes more than that": seconds / 60
            for skill, seconds in zip(calibration.times.skills, calibration.times.support_further_seconds.tolist(), strict=True)
            if seconds
        },
    }


def _stations(brigade: Brigade) -> ResultTable:
    arrivals, force = brigade.arrivals, brigade.force
    rows = pl.DataFrame(
        {
            "station": list(arrivals.stations),
            "area": [force.area_names[number] for number in brigade.area_of_station],
            "engines": brigade.engines.engines,
            "easting_m": brigade.attendance.east,
            "northing_m": brigade.attendance.north,
            "ground_factor": brigade.attendance.ground_factor,
            "first_arrivals": np.bincount(arrivals.station, minlength=len(arrivals.stations)),
        }
    )
    return ResultTable(
        title="Stations as inferred: place, engines, and how slow the streets around are",
        rows=rows,
        labels={"ground_factor": "times the usual attendance", "easting_m": "metres east", "northing_m": "metres north"},
        units={"engines": "engines", "first_arrivals": "first arrivals"},
        note="A station stands where its own attendances fit best. "
        f"The nearest one came first in {nearest_is_first(brigade):.0%} of incidents.",
    )


def _drive(brigade: Brigade, note: str) -> ResultTable:
    found, law = brigade.attendance, brigade.attendance.law
    values = {
        "turnout, seconds": law.turnout_seconds,
        "seconds for each root of a metre": law.root_seconds,
        "seconds for each metre": law.cruise_seconds,
        "level, times": brigade.level,
        "spread, power": brigade.spread,
        **{
            f"{kind}, job, median minutes from call to free": minutes
            for kind, minutes in zip(brigade.arrivals.kinds, brigade.engines.job_minutes, strict=True)
        },
        "job, sigma of the logarithm": brigade.engines.job_spread,
    }
    days = ("Monday to Friday", "Saturday and Sunday")
    values |= {
        f"{days[number // 24]}, hour {number % 24} to {number % 24 + 1}, times": factor for number, factor in enumerate(found.hour_factor)
    }
    return ResultTable(
        title="How long an attendance takes, and how long a job",
        rows=pl.DataFrame({"quantity": list(values), "value": [float(value) for value in values.values()]}),
        note=f"{note} Level and spread bring the simulated median and 90th percentile of these weeks to the recorded ones.",
    )


def _errands(brigade: Brigade) -> ResultTable:
    found, arrivals = brigade.attendance, brigade.arrivals
    parts = (
        ("outcome", arrivals.outcomes, arrivals.outcome, found.outcome_factor, found.outcome_power),
        ("place", arrivals.place_kinds, arrivals.place_kind, found.place_factor, found.place_power),
    )
    rows = [
        (what, name, int(base), float(factor), float(power))
        for what, names, of_arrival, factors, powers in parts
        for name, base, factor, power in zip(names, np.bincount(of_arrival, minlength=len(names)), factors, powers, strict=True)
        if base
    ]
    return ResultTable(
        title="How much longer an attendance takes by what it was and what sort of place, and how much luck spreads",
        rows=pl.DataFrame(rows, schema=["what", "name", "base", "times", "power"], orient="row"),
        labels={"power": "spread of luck, power"},
        units={"base": "incidents"},
        note="Drawn towards 1 by how few incidents there were.",
    )


def _engines_away(brigade: Brigade) -> ResultTable:
    engines = brigade.engines
    bands = engines.away_share.shape[1]
    rows = pl.DataFrame(
        {
            "stations_with": np.repeat(["one engine", "two engines"], bands),
            "from_hour": np.tile(np.arange(bands) * HOURS_IN_BAND, 2),
            "away_share": engines.away_share.ravel(),
            "base": engines.away_base.ravel(),
        }
    )
    return ResultTable(
        title="How often an engine is away",
        rows=rows,
        labels={"stations_with": "stations with", "from_hour": "from hour", "away_share": "share away"},
        units={"away_share": "share", "base": "incidents"},
        note="From incidents to which the nearest station by far did not come first, less what its own jobs explain.",
    )
