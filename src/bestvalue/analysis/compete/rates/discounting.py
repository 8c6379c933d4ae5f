"""What is a pound in a later year worth today? Discount factors by the schedules of the Green Book's editions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np
from numpy.typing import NDArray

from bestvalue.analysis.compete.rates import read_rates
from bestvalue.errors import SpecError

STANDARD, SENSITIVITY = "standard", "sensitivity"


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """Yearly rates that fall with the horizon: bands of (first year, last year, rate), both years inclusive."""

    name: str
    means: str
    bands: tuple[tuple[int, int, float], ...]

    def rates(self, years: int) -> NDArray[np.float64]:
        """Rate of each year from 0 to `years`, as a share.

        Raises:
            SpecError: the horizon is longer than the schedule.
        """
        last = self.bands[-1][1]
        if years > last:
            raise SpecError(
                f"Year {years} is beyond the schedule {self.name}, which ends in year {last}", where="option_flows, year_number"
            )
        found = np.empty(years + 1)
        for first, final, rate in self.bands:
            found[first : final + 1] = rate
        return found


@dataclass(frozen=True, kw_only=True)
class Edition:
    """One edition of the guidance, with where it comes from."""

    name: str
    published: date
    source: str
    note: str
    sensitivity_over_years: int
    schedules: Mapping[str, Schedule]


@cache
def editions() -> Mapping[str, Edition]:
    """Every edition by name, in order of publication."""
    found = [_edition(entry) for entry in read_rates("discount_rates")["editions"]]
    return {edition.name: edition for edition in sorted(found, key=lambda edition: edition.published)}


def edition_named(name: str = "") -> Edition:
    """The edition of that name, or the latest.

    Raises:
        SpecError: there is none of that name.
    """
    known = editions()
    if name and name not in known:
        raise SpecError(
            f"There is no edition {name!r} of the discount rates", where="edition", next_step=f"Choose one of: {', '.join(known)}."
        )
    return known[name] if name else list(known.values())[-1]


def discount_factors(schedule: Schedule, *, years: int) -> NDArray[np.float64]:
    """Worth today of a pound in each year from 0 to `years`, in real terms.

    Year 0 is not discounted; year t is year t - 1 divided by 1 + the rate of year t, so that the factor does not jump where the
    rate steps down.

    Source: HM Treasury, The Green Book, discount factor tables: year 10 0.70892, year 30 0.35628, year 31 0.34590.

    Example:
        >>> factors = discount_factors(edition_named().schedules["standard"], years=31)
        >>> [round(float(factors[year]), 5) for year in (0, 10, 30, 31)]
        [1.0, 0.70892, 0.35628, 0.3459]
    """
    growth = 1 + schedule.rates(years)
    growth[0] = 1.0
    return np.asarray(1 / np.cumprod(growth))


def _edition(entry: dict[str, object]) -> Edition:
    schedules = entry["schedules"]
    if not isinstance(schedules, dict) or not isinstance(entry["published"], date):
        raise TypeError(f"discount_rates.toml: {entry['name']} has no schedules or no date")
    return Edition(
        name=str(entry["name"]),
        published=entry["published"],
        source=str(entry["source"]),
        note=str(entry["note"]),
        sensitivity_over_years=int(str(entry["sensitivity_over_years"])),
        schedules={
            name: Schedule(name=name, means=given["means"], bands=tuple((first, last, rate) for first, last, rate in given["bands"]))
            for name, given in schedules.items()
        },
    )
