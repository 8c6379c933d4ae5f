"""How figures and names are put into the sentences about resources."""

import math
from collections.abc import Sequence

from bestvalue.analysis.challenge.resources_sweep import Estimate, Sweep
from bestvalue.analysis.challenge.resources_tally import REPORTED, SUPPORT, Key
from bestvalue.analysis.contract import Figure
from bestvalue.analysis.rounding import plain


def share_figure(sweep: Sweep, number: int, key: Key, name: str) -> Figure:
    """The share of one key in one scenario, as a figure."""
    return figure_of(name, sweep.estimate(number, key), "share", base_of(sweep, key.grade), count_of(sweep, key.grade), sweep.confidence)


def figure_of(name: str, found: Estimate, unit: str, base: str, count: int, confidence: float) -> Figure:
    """An estimate as a figure; without an interval where it has none."""
    known = math.isfinite(found.low) and math.isfinite(found.high)
    return Figure(
        name=name,
        value=found.value,
        unit=unit,
        base=base,
        base_count=count,
        low=found.low if known else None,
        high=found.high if known else None,
        confidence=confidence if known else None,
    )


def base_of(sweep: Sweep, grade: str) -> str:
    """What a share was counted on, as words."""
    what = "requests for support" if grade == SUPPORT else "simulated incidents"
    return f"{count_of(sweep, grade):,} {what} in {sweep.replications} replications of {sweep.weeks} weeks"


def count_of(sweep: Sweep, grade: str) -> int:
    """Incidents that it was counted on."""
    return sweep.reports(Key(REPORTED, grade))


def target_of(sweep: Sweep, grade: str) -> str:
    """The target of a grade, as words."""
    force = sweep.force
    promised = force.support_target_minutes if grade == SUPPORT else float(force.target_minutes[force.grades.index(grade)])
    return minutes(promised)


def minutes(value: float) -> str:
    """A time in minutes, or in hours from three on."""
    return f"{plain(value / 60)} hours" if value >= 180 else f"{plain(value)} minutes"


def time(found: Estimate) -> str:
    """A time with its interval, in minutes or hours."""
    if not math.isfinite(found.low) or plain(found.low) == plain(found.high):
        return minutes(found.value)
    hour = 60 if found.value >= 180 else 1
    return f"{minutes(found.value)} ({plain(max(found.low, 0.0) / hour)} to {plain(found.high / hour)})"


def share(found: Estimate, base: str = "") -> str:
    """A share with its interval: whole percents, or one decimal where the interval is narrower than a point."""
    digits = 1 if math.isfinite(found.half_width) and found.half_width < 0.005 else 0
    value, low, high = (f"{100 * part:.{digits}f}" for part in (found.value, max(found.low, 0.0), min(found.high, 1.0)))
    if not math.isfinite(found.low) or (low == high and not base):
        return f"{value}%"
    return f"{value}% ({low} to {high}{base})"


def pounds(value: float) -> str:
    """An amount: thousands, or millions."""
    return f"£{plain(value / 1e6)} million" if value >= 999_500 else f"£{plain(round(value, -3))}"


def listed(parts: Sequence[str]) -> str:
    """Parts joined as a sentence lists them."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


def calls(grade: str) -> str:
    """What is reached: calls of a grade, or requests for support."""
    return "requests for support" if grade == SUPPORT else f"{grade} calls"


def between(change: Estimate) -> str:
    """The limits of a change whose direction a verb gives."""
    near, far = (-change.high, -change.low) if change.value < 0 else (change.low, change.high)
    return f"{100 * near:.1f} to {100 * far:.1f}"


def signed(row: dict[str, float]) -> str:
    """A change in points with its limits."""
    return f"{100 * row['change']:+.1f} points ({100 * row['low']:+.1f} to {100 * row['high']:+.1f})"


def lower(said: str, pools: str) -> str:
    """The name of what is scaled, in the middle of a sentence."""
    return said[0].lower() + said[1:] if pools in ("all", "local", "support") else said
