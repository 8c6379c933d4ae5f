"""One step of a drill through a costing: the way down to it, what it is made of, and that both add up."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

import polars as pl

from bestvalue.analysis.contract import Result

LINES, RECONCILIATION = "lines", "reconciliation"
PENCE_A_POUND = 100

VIEWS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "purpose": ("What it is for", ("service", "activity", "cost_centre", "line")),
    "spender": ("Whose cost it is", ("objective", "cost_centre", "activity", "line")),
}
"""Ways through the same lines: heading, and the levels from the whole down."""

LEVELS = {
    "service": "Service",
    "activity": "Activity",
    "objective": "Objective",
    "cost_centre": "Cost centre",
    "line": "Spent on",
}
BY = {**{level: label.lower() for level, label in LEVELS.items()}, "line": "what it was spent on"}
"""How the parts of a step are said to divide it."""


class NoSuchStep(LookupError):
    """The address names a view, or a part of a step, that the costing does not have."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of the way down: which level, which part of it, how much, and its address."""

    level: str
    name: str
    amount: str
    pence: int
    address: str


@dataclass(frozen=True, kw_only=True)
class Part:
    """One part of the step that is shown; without an address where nothing is below it."""

    name: str
    layer: str
    pence: int
    amount: str
    share: str
    address: str


@dataclass(frozen=True, kw_only=True)
class Explored:
    """What a page of the explorer shows.

    Args:
        view: key of `VIEWS`.
        views: the other ways through: heading, address, whether it is this one.
        steps: the way down; the first is the whole, the last is what is shown.
        level: heading of the parts; `by` is how they divide the step.
        parts: what the last step is made of, the largest first.
        pence: sum of the parts; `reconciles` when it is the step's and the whole is the ledger's.
        chosen: the parameters of this step's address.
    """

    view: str
    views: tuple[tuple[str, str, bool], ...]
    steps: tuple[Step, ...]
    level: str
    by: str
    parts: tuple[Part, ...]
    pence: int
    ledger_pence: int
    chosen: str
    by_layer: bool

    @property
    def here(self) -> Step:
        """The step that is shown."""
        return self.steps[-1]

    @property
    def above(self) -> Step | None:
        """The step above it; None at the whole."""
        return self.steps[-2] if len(self.steps) > 1 else None

    @property
    def amount(self) -> str:
        """Sum of the parts."""
        return in_pounds(self.pence)

    @property
    def ledger(self) -> str:
        """What the ledger holds."""
        return in_pounds(self.ledger_pence)

    @property
    def whole_difference(self) -> str:
        """The whole less the ledger."""
        return in_pounds(self.steps[0].pence - self.ledger_pence)

    @property
    def reconciles(self) -> bool:
        """The parts add up to their step, and the whole to the ledger."""
        return self.pence == self.here.pence and self.steps[0].pence == self.ledger_pence


def explore(result: Result, chosen: Mapping[str, str], *, at: str) -> Explored:
    """One step through the lines of a costing.

    Args:
        result: of compete.costing, with its table of lines.
        chosen: "view", and the part chosen at each level from the top.
        at: address of the explorer.

    Raises:
        NoSuchStep: there is no such view or part, or a level is skipped.
    """
    view = chosen.get("view") or next(iter(VIEWS))
    if view not in VIEWS:
        raise NoSuchStep(view)
    levels = VIEWS[view][1]
    depth = next((place for place, level in enumerate(levels) if not chosen.get(level)), len(levels))
    if depth == len(levels) or any(chosen.get(level) for level in levels[depth:]):
        raise NoSuchStep(str(dict(chosen)))
    rows, steps = result.tables[LINES].rows, []
    way: dict[str, str] = {"view": view}
    steps.append(_step("Total", "The whole cost", rows, at, way))
    for level in levels[:depth]:
        rows = rows.filter(pl.col(level) == chosen[level])
        if rows.is_empty():
            raise NoSuchStep(chosen[level])
        way[level] = chosen[level]
        steps.append(_step(LEVELS[level], chosen[level], rows, at, way))
    by_layer = levels[depth] == "line"
    return Explored(
        view=view,
        views=tuple((heading, f"{at}?{urlencode({'view': name})}", name == view) for name, (heading, _) in VIEWS.items()),
        steps=tuple(steps),
        level=LEVELS[levels[depth]],
        by=BY[levels[depth]],
        parts=_parts(rows, levels[depth], at, way, last=by_layer),
        pence=int(rows["pence"].sum()),
        ledger_pence=ledger_of(result),
        chosen=urlencode(way),
        by_layer=by_layer,
    )


def ledger_of(result: Result) -> int:
    """What the ledger holds, net of income, by the reconciliation of the same result: worked out apart from the lines."""
    lines = result.tables[RECONCILIATION].rows
    return int(lines.filter(pl.col("step") == "ledger")["pence"][0])


def _step(level: str, name: str, rows: pl.DataFrame, at: str, way: Mapping[str, str]) -> Step:
    pence = int(rows["pence"].sum())
    return Step(level=level, name=name, amount=in_pounds(pence), pence=pence, address=f"{at}?{urlencode(way)}")


def _parts(rows: pl.DataFrame, level: str, at: str, way: Mapping[str, str], *, last: bool) -> tuple[Part, ...]:
    by = [level, "layer"] if last else [level]
    table = rows.group_by(by).agg(pl.col("pence").sum()).sort("pence", *by, descending=[True, *[False] * len(by)])
    whole = int(table["pence"].sum())
    return tuple(
        Part(
            name=row[level],
            layer=row.get("layer", ""),
            pence=row["pence"],
            amount=in_pounds(row["pence"]),
            share=f"{row['pence'] / whole:.1%}" if whole else "",
            address="" if last else f"{at}?{urlencode({**way, level: row[level]})}",
        )
        for row in table.iter_rows(named=True)
    )


def in_pounds(pence: int) -> str:
    """An amount to the penny, in whole numbers throughout.

    Example:
        >>> in_pounds(12_770_912_792), in_pounds(-5), in_pounds(0)
        ('£127,709,127.92', '-£0.05', '£0.00')
    """
    whole, rest = divmod(abs(pence), PENCE_A_POUND)
    return f"{'-' if pence < 0 else ''}£{whole:,}.{rest:02d}"
