"""Which lines cover the need at least cost? A whole-number programme, solved by HiGHS, with how far it is from the best there can be."""

from dataclasses import dataclass

import highspy
import numpy as np

from bestvalue.analysis.challenge.roster_jobs import Floats, Integers
from bestvalue.analysis.challenge.roster_lines import Line, line_cover
from bestvalue.analysis.highs import QuietHighs
from bestvalue.errors import SpecError

MOST_NODES = 100
"""A limit in nodes, not in seconds: the same on every machine."""


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """Lines, and how many crews work each.

    Args:
        lines, crews: those with a crew; crews is an array (lines).
        on_duty: units on duty by hour of the week, array (168).
        weekly_hours: unit-hours on duty in a week.
        bound_hours: no pattern of the allowed lines needs fewer, whatever it looks like.
    """

    lines: tuple[Line, ...]
    crews: Integers
    on_duty: Floats
    weekly_hours: float
    bound_hours: float

    @property
    def gap(self) -> float:
        """How much of its hours a better pattern could save at most, share."""
        return 0.0 if self.weekly_hours == 0 else max(0.0, 1 - self.bound_hours / self.weekly_hours)


def least_cost(need: Integers, lines: tuple[Line, ...], *, gap: float, seed: int = 0) -> Pattern:
    """The cheapest lines that put at least the needed units on duty in every hour of the week.

    An hour on duty costs the same in each line of a pool, so the cheapest pattern is the one with fewest hours. Set covering over
    a ring of hours: Dantzig (1954), Operations Research 2, with weeks of work for his turns.

    Args:
        need: array (168).
        lines: allowed lines.
        gap: relative gap at which the search may stop.
        seed: of the solver; the answer is the same on every machine.

    Raises:
        SpecError: the lines cannot cover an hour that needs somebody.

    Example: one unit on weekdays from 9 to 17 is one line of five turns of eight hours.
        >>> from bestvalue.analysis.challenge.roster_lines import allowed_lines
        >>> from bestvalue.analysis.working_time import WorkingTimeLimits
        >>> lines = allowed_lines(("8x5",), (), break_minutes=45, limits=WorkingTimeLimits())
        >>> office_hours = np.array([9 <= hour % 24 < 17 and hour < 120 for hour in range(168)]).astype(np.int64)
        >>> [line.words for line in least_cost(office_hours, lines, gap=0.0).lines]
        ['5 turns of 8 hours from 09:00, beginning on Monday']
    """
    covers = np.array([line_cover(line) for line in lines])
    uncovered = (need > 0) & (covers.max(axis=0) <= 0)
    if uncovered.any():
        hour = int(np.flatnonzero(uncovered)[0])
        raise SpecError(
            f"No allowed turn covers hour {hour} of the week, which needs {need[hour]} units",
            where="lines, starts",
            next_step="Allow more starts or longer turns.",
        )
    if need.max(initial=0) == 0:
        return Pattern(lines=(), crews=np.zeros(0, dtype=np.int64), on_duty=np.zeros(len(need)), weekly_hours=0.0, bound_hours=0.0)
    hours = np.array([line.weekly_hours for line in lines])
    crews, bound = _solve(covers, need, hours, gap=gap, seed=seed)
    chosen = np.flatnonzero(crews)
    return Pattern(
        lines=tuple(lines[number] for number in chosen),
        crews=crews[chosen],
        on_duty=crews @ covers,
        weekly_hours=float(crews @ hours),
        bound_hours=bound,
    )


def _solve(covers: Floats, need: Integers, hours: Floats, *, gap: float, seed: int) -> tuple[Integers, float]:
    """Whole crews for each line, and the least hours that any answer can have."""
    # In units of what every line's hours are a multiple of: then the cost of each pattern is a whole number, and bounds round up.
    unit = _common_unit(hours)
    solver = QuietHighs()  # type: ignore[no-untyped-call]  # the library gives its constructor no types
    options: dict[str, float | str] = {
        "threads": 1,
        "parallel": "off",
        "random_seed": seed,
        "mip_rel_gap": gap,
        "mip_max_nodes": MOST_NODES,
    }
    for name, value in options.items():
        solver.setOptionValue(name, value)
    count = len(hours)
    columns = np.arange(count, dtype=np.int32)
    solver.addVars(count, np.zeros(count), np.full(count, highspy.kHighsInf))
    solver.changeColsCost(count, columns, hours / unit)
    solver.changeColsIntegrality(count, columns, np.array([highspy.HighsVarType.kInteger] * count))
    starts, indices, values = _rows(covers)
    rows = len(need)
    solver.addRows(rows, need.astype(np.float64), np.full(rows, highspy.kHighsInf), len(values), starts, indices, values)
    solver.run()
    crews = np.rint(np.array(solver.getSolution().col_value)).astype(np.int64)
    if len(crews) != count or ((crews @ covers) < need - 1e-6).any():
        raise RuntimeError(f"the solver ended without a pattern: {solver.modelStatusToString(solver.getModelStatus())}")
    return crews, unit * float(np.ceil(solver.getInfo().mip_dual_bound - 1e-6))


def _common_unit(hours: Floats) -> float:
    """The largest number of hours of which all are whole multiples; minutes at least."""
    return float(np.gcd.reduce(np.rint(60 * hours).astype(np.int64))) / 60


def _rows(covers: Floats) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The cover of each hour by each line, row by row, without its zeros."""
    hour, line = np.nonzero(covers.T)
    starts = np.searchsorted(hour, np.arange(covers.shape[1])).astype(np.int32)
    return starts, line.astype(np.int32), covers.T[hour, line]
