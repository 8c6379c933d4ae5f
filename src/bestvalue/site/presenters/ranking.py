"""The candidate services of a programme in another order than their ranking: by name, or by the score on a criterion."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bestvalue.record.programme.scoring import Criterion, Ranked

NO_SCORE = -1
"""Lower than any score."""


def _by_score(criterion: Criterion) -> Callable[[Ranked], Any]:
    return lambda row: -row.scores.get(criterion, NO_SCORE)


_BY: Mapping[str, Callable[[Ranked], Any]] = {
    "rank": lambda row: (row.rank is None, row.rank or 0),
    "service": lambda row: row.name.casefold(),
    **{criterion.name.lower(): _by_score(criterion) for criterion in Criterion},
}
"""What each column sorts by, as it is first asked for: the first rank and the highest score on top."""


@dataclass(frozen=True, kw_only=True)
class SortHead:
    """The head of a column that sorts the table: its words, where it leads, and how the table is sorted by it now.

    Args:
        words: the heading.
        hint: what stands below it.
        address: the same page in the order that a click asks for.
        sorted: as `aria-sort` says it.
        order: what a click does.
        is_number: whether the column holds numbers.
    """

    words: str
    hint: str
    address: str
    sorted: str
    order: str
    is_number: bool


def sorted_rows(rows: Iterable[Ranked], sort: str) -> list[Ranked]:
    """The rows by a column; with a hyphen before its name, the other way round. Equals stay in their ranking.

    Example:
        >>> common = {"rank": None, "mean": None, "arithmetic": "", "missing": ()}
        >>> rows = [Ranked(pk=1, name="A", scores={Criterion.RISK: 2}, **common), Ranked(pk=2, name="B", scores={}, **common)]
        >>> [row.name for row in sorted_rows(rows, "-risk")]
        ['B', 'A']
    """
    by = _BY.get(sort.removeprefix("-"), _BY["rank"])
    return sorted(rows, key=by, reverse=sort.startswith("-"))


def sort_heads(sort: str, *, weights: Mapping[Criterion, int]) -> tuple[SortHead, ...]:
    """The heads of the columns that sort: rank, service and each criterion with its weight."""
    return (
        _head("rank", "Rank", sort=sort or "rank", is_number=True),
        _head("service", "Service", sort=sort),
        *(_head(one.name.lower(), one.label, sort=sort, hint=f"weight {weights[one]}", is_number=True) for one in Criterion),
    )


def _head(name: str, words: str, *, sort: str, hint: str = "", is_number: bool = False) -> SortHead:
    now = {name: "first", f"-{name}": "turned"}.get(sort, "")
    # The first order of a score is the highest on top.
    falls = name not in ("rank", "service")
    way = {"": "none", "first": "descending" if falls else "ascending", "turned": "ascending" if falls else "descending"}[now]
    asked = f"-{name}" if now == "first" else name
    order = "sort the other way round" if now == "first" else "sort by this"
    return SortHead(words=words, hint=hint, address=f"?sort={asked}#candidates", sorted=way, order=order, is_number=is_number)
