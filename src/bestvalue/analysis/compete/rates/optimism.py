"""By how much do projects of this type come to cost more than was said? Optimism bias, and what managing its causes takes off."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from bestvalue.analysis.compete.rates import read_rates


@dataclass(frozen=True, kw_only=True)
class ProjectType:
    """Starting values for one type of project, as shares of the estimate.

    Args:
        name: as in the table option_flows.
        applies_to: category of money that it raises: "capital" or "running".
        upper, lower: where an appraisal starts, and what well-managed projects come to.
        duration_upper, duration_lower: the same for the time that the works take; None where the source gives none.
    """

    name: str
    applies_to: str
    upper: float
    lower: float
    duration_upper: float | None
    duration_lower: float | None


@cache
def project_types() -> Mapping[str, ProjectType]:
    """The published table, by type of project."""
    found = [
        ProjectType(
            name=entry["name"],
            applies_to=entry["applies_to"],
            upper=entry["upper"],
            lower=entry["lower"],
            duration_upper=entry.get("duration_upper"),
            duration_lower=entry.get("duration_lower"),
        )
        for entry in read_rates("optimism_bias")["types"]
    ]
    return {kind.name: kind for kind in found}


def optimism_source() -> str:
    """Name and source of the table, for the record."""
    table = read_rates("optimism_bias")
    return f"{table['name']} ({table['source']})"


def managed(upper: float, *, managed_share: float) -> float:
    """Optimism bias that is left when a share of its causes is managed: upper x (1 - share).

    Source: HM Treasury, Supplementary Green Book Guidance: Optimism Bias.
    Example: non-standard buildings, 51%, with 92% managed: 4%.
        >>> round(managed(0.51, managed_share=0.92), 2)
        0.04
    """
    return upper * (1 - managed_share)


def mixed(parts: Sequence[tuple[float, float]]) -> float:
    """Optimism bias of a project of several types, weighted by their capital: pairs of capital and bias.

    Example: 30% non-standard (51%) and 70% standard buildings (24%): 32.1%.
        >>> round(mixed([(30, 0.51), (70, 0.24)]), 3)
        0.321
    """
    return sum(capital * bias for capital, bias in parts) / sum(capital for capital, _ in parts)
