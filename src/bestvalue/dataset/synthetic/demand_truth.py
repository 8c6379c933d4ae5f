"""What is true of demand and response in the synthetic force, for the truth folder."""

from dataclasses import asdict

import numpy as np
import polars as pl

from bestvalue.dataset.synthetic import period, response
from bestvalue.dataset.synthetic.boroughs import BOROUGHS
from bestvalue.dataset.synthetic.demand import CHANGES, EVENT_KINDS, GRADES, KINDS, Demand
from bestvalue.dataset.synthetic.establishment import SUPPORT
from bestvalue.dataset.synthetic.events import Event
from bestvalue.dataset.synthetic.truth import Truth


def write_demand_truth(truth: Truth, demand: Demand) -> None:
    """Keep the expected numbers of incidents, how they change, and how long things take."""
    months, weeks = _expected(demand)
    by_month = "Expected incidents of each month, borough and kind, events included; the number reported is Poisson."
    truth.table("demand_by_month", months, means=by_month)
    by_week = "Expected incidents of the whole period by borough and hour of the week (0 is Monday 00:00)."
    truth.table("demand_by_hour_of_week", weeks, means=by_week)
    facts = "Yearly change, season, grades and skills by kind; lasting changes of the rate; effect of events."
    truth.facts("demand", _facts(demand.events), means=facts)
    truth.facts("response", _times(), means="Medians, spreads and speeds from which times of response are drawn.")


def _expected(demand: Demand) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Expected incidents by month, borough and kind, and by borough and hour of the week."""
    by_month = np.empty((len(period.MONTHS), len(BOROUGHS), len(KINDS)))
    by_week = np.zeros((168, len(BOROUGHS)))
    for month in range(len(period.MONTHS)):
        rates = demand.hourly(month)
        by_month[month] = rates.sum(axis=0)
        first_day = int(np.argmax(month == period.MONTH_OF_DAY))
        hour_of_week = (np.arange(len(rates)) + 24 * period.WEEKDAYS[first_day]) % 168
        np.add.at(by_week, hour_of_week, rates.sum(axis=2))
    codes, kinds = [borough.code for borough in BOROUGHS], [kind.name for kind in KINDS]
    months = pl.DataFrame(
        {
            "month": np.repeat(period.MONTHS.astype("datetime64[D]"), len(codes) * len(kinds)),
            "area_id": np.tile(np.repeat(codes, len(kinds)), len(period.MONTHS)),
            "kind": np.tile(kinds, len(period.MONTHS) * len(codes)),
            "expected": by_month.ravel(),
        }
    )
    hours = np.repeat(np.arange(168), len(codes))
    weeks = pl.DataFrame({"hour_of_week": hours, "area_id": np.tile(codes, 168), "expected": by_week.ravel()})
    return months, weeks


def _facts(events: tuple[Event, ...]) -> dict[str, object]:
    return {
        "kinds": [asdict(kind) | {"grades": dict(zip(GRADES, kind.grades, strict=True))} for kind in KINDS],
        "changes": [asdict(change) | {"on": change.on.isoformat()} for change in CHANGES],
        "event_kinds": list(EVENT_KINDS),
        "event_factors": {event.name: event.factor for event in events},
    }


def _times() -> dict[str, object]:
    grades = GRADES[: response.ATTENDED_GRADES]
    return {
        "detour": response.DETOUR,
        "speed_metres_a_second": dict(zip(grades, response.SPEED_METRES_A_SECOND.tolist(), strict=True)),
        "speed_by_hour": response.hour_speed(np.arange(24)).tolist(),
        "turnout_median_seconds": dict(zip(grades, response.TURNOUT_MEDIAN_SECONDS.tolist(), strict=True)),
        "handling_median_seconds": dict(zip(grades, response.HANDLING_MEDIAN_SECONDS.tolist(), strict=True)),
        "scheduled_delay_mean_hours": response.SCHEDULED_DELAY_HOURS,
        "turnout_and_handling_sigma": response.SPREAD,
        "on_scene_median_minutes": {kind.name: kind.on_scene_minutes for kind in KINDS},
        "on_scene_sigma": response.ON_SCENE_SPREAD,
        "support_on_scene_median_minutes": {support.code: support.on_scene_minutes for support in SUPPORT},
        "support_turnout_median_seconds": response.SUPPORT_TURNOUT_MEDIAN_SECONDS,
        "support_speed_metres_a_second": response.SUPPORT_SPEED_METRES_A_SECOND,
        "breaks": "no meal break takes a unit away",
        "borrowing": "no borough lends a unit to another",
    }
