"""What a costing says, in sentences that a board can read."""

from collections.abc import Mapping

import polars as pl

from bestvalue.analysis.compete.costing_activities import NOT_SAMPLED
from bestvalue.analysis.compete.costing_capacity import Capacity
from bestvalue.analysis.compete.costing_dispatch import REST
from bestvalue.analysis.compete.costing_layers import Layers
from bestvalue.analysis.compete.costing_ledger import Books
from bestvalue.analysis.compete.costing_reconciliation import Reconciliation
from bestvalue.analysis.compete.costing_sample import TimeShares
from bestvalue.analysis.contract import Figure, Statement
from bestvalue.analysis.pence import PENCE_A_POUND, pounds
from bestvalue.analysis.rounding import percent, plain

CAVEATS = (
    "A cost is what was paid, not what would be saved: an hour saved is money saved only when a post, overtime or a contract ends.",
    "Intervals are those of the activity sample. The ledger, the drivers and the volumes are taken as they are.",
    "Premises, vehicles and supplies of a cost centre follow its people. Overhead is spread in proportion to direct cost, which is a convention and no cause.",
    "The fortnight that was sampled stands for the year: seasons that it missed are not in the intervals.",
)
NAMED_AT_MOST = 3


def base(books: Books) -> str:
    """What was counted, as words."""
    return f"{books.lines.height:,} lines of the ledger, {books.basis} of {books.year}"


def sample_base(shares: TimeShares) -> str:
    """What was sampled, as words."""
    counted = int(shares.pools["people"].sum()), int(shares.pools["person_days"].sum())
    return f"{counted[0]:,} {shares.who} on {counted[1]:,} days of theirs in {shares.source}"


def whole(books: Books, layers: Layers, statement: Reconciliation) -> tuple[Statement, ...]:
    """The three layers, and whether they reconcile."""
    if statement.difference_pence:
        return (
            Statement(
                kind="failed",
                text=f"The parts do not add up to the ledger: {pounds(statement.difference_pence)} is missing. Do not use these figures.",
            ),
        )
    sums = layers.direct.select(pl.col("direct_pence", "support_pence", "overhead_pence").sum()).row(0)
    names = ("direct cost of those who serve the public", "business support", "sustaining overhead")
    figures = tuple(
        _exact(name, pence, books) for name, pence in (("cost to be allocated", books.cost_pence), *zip(names, sums, strict=True))
    )
    income = f", before income of {pounds(-books.income_pence)}" if books.income_pence else ""
    listed = ", ".join(f"{pounds(pence)} {name}" for name, pence in zip(names, sums, strict=True))
    held = (
        f" It reconciles to the penny with the ledger and with the net budget requirement of {pounds(books.net_pence)}."
        if books.control_pence is not None and statement.control_difference_pence == 0
        else " It reconciles to the penny with the ledger."
    )
    return (
        Statement(text=f"In {books.year} the {books.basis} came to {pounds(books.cost_pence)}{income}: {listed}.{held}", figures=figures),
    )


def by_dispatch(shares: TimeShares, activities: pl.DataFrame) -> tuple[Statement, ...]:
    """What dispatch records cannot tell."""
    rest = activities.filter(pl.col("activity_id") == REST)
    if rest.height == 0 or shares.who != "units":
        return ()
    return (
        Statement(
            kind="limit",
            text=f"Time is taken from {shares.source}, which do not say what crews do between incidents: {pounds(rest['total_pence'][0])} of it. An activity sample would. The intervals are those of one year's days and crews against another's.",
        ),
    )


def limits(books: Books, layers: Layers, activities: pl.DataFrame, statement: Reconciliation) -> tuple[Statement, ...]:
    """What could not be allocated, what nobody sampled, and what the ledger was not held against."""
    found = []
    if layers.unallocated.height:
        listed = "; ".join(
            f"{row['what']}, {pounds(row['pence'])}, because {row['why']}" for row in layers.unallocated.iter_rows(named=True)
        )
        found.append(Statement(kind="limit", text=f"{pounds(int(layers.unallocated['pence'].sum()))} could not be allocated: {listed}."))
    rest = activities.filter(pl.col("activity_id") == NOT_SAMPLED)
    if rest.height:
        share = rest["total_pence"][0] / books.cost_pence
        found.append(
            Statement(
                kind="limit",
                text=f"{pounds(rest['total_pence'][0])}, {percent(share)} of the cost, is of people whose time nobody sampled. It stands as a line of its own and is in no activity.",
            )
        )
    if books.control_pence is None:
        found.append(
            Statement(kind="limit", text=f"There is no control total of {books.year}: whether the ledger is complete cannot be said.")
        )
    elif statement.control_difference_pence:
        found.append(
            Statement(
                kind="limit",
                text=f"The ledger and the control total differ by {pounds(abs(statement.control_difference_pence))}, within the tolerance that was allowed.",
            )
        )
    return tuple(found)


def largest(activities: pl.DataFrame, services: pl.DataFrame, books: Books, shares: TimeShares, confidence: float) -> tuple[Statement, ...]:
    """The dearest activities and services."""
    sampled = activities.filter(pl.col("low_pence").is_not_null())
    if sampled.height == 0:
        return (
            Statement(
                kind="limit", text=f"What activities cost cannot be said: there is no activity sample in {books.year} of like staff."
            ),
        )
    found = []
    for what, name, table in (
        ("activity", "activity_name", sampled),
        ("service", "service", services.filter(pl.col("low_pence").is_not_null())),
    ):
        top = table.head(NAMED_AT_MOST)
        figures = tuple(
            estimate(f"cost of {row[name]}", row["total_pence"], row["low_pence"], row["high_pence"], sample_base(shares), confidence)
            for row in top.iter_rows(named=True)
        )
        listed = "; ".join(
            f"{row[name]} {money(figure)}, {percent(row['total_pence'] / books.cost_pence)} of the cost"
            for row, figure in zip(top.iter_rows(named=True), figures, strict=True)
        )
        plural = {"activity": "activities", "service": "services"}[what]
        found.append(Statement(text=f"The dearest {plural}: {listed}.", figures=figures))
    return tuple(found)


def units(table: pl.DataFrame, areas: Mapping[str, str], shares: TimeShares, books: Books, confidence: float) -> tuple[Statement, ...]:
    """What one unit of each driver costs, in all and from the cheapest to the dearest area."""
    found = []
    for row in table.filter((pl.col("area_id") == "") & (pl.col("kind") == "") & pl.col("each_pence").is_not_null()).iter_rows(named=True):
        said = f"{plain(row['volume'], digits=6)} {row['driver']} in {books.year}"
        estimated = row["low_pence"] is not None
        figure = (
            estimate(
                f"cost of {row['what']}, each of the {row['driver']}",
                row["each_pence"],
                row["low_pence"],
                row["high_pence"],
                f"{said}; {sample_base(shares)}",
                confidence,
            )
            if estimated
            else Figure(
                name=f"cost of {row['what']}, each of the {row['driver']}",
                value=row["each_pence"] / PENCE_A_POUND,
                unit="pounds",
                base=said,
            )
        )
        whole_service = {"service": "the whole service of ", "activity": "", "cost centre": ""}[row["of"]]
        text = f"Each of {said} cost {money(figure)} for {whole_service}{row['what']}"
        found.append(Statement(text=f"{text}{_range_of_areas(table, row, areas)}{_range_of_kinds(table, row)}.", figures=(figure,)))
    return tuple(found)


def capacity(found: Capacity | None, books: Books, practical_share: float, confidence: float) -> tuple[Statement, ...]:
    """What the time costs that neither a standard nor the sample explains."""
    if found is None:
        return ()
    last = found.uses.row(-1, named=True)
    said = f"{plain(found.minutes / 60)} hours of practical capacity, {percent(practical_share)} of contracted hours, {books.year}"
    low, high = (last["share"] if end is None else end for end in (found.unused_low, found.unused_high))
    unused = Figure(
        name="share of capacity unused", value=last["share"], unit="share", base=said, low=low, high=high, confidence=confidence
    )
    unexplained = estimate("cost of unused capacity", last["cost_pence"], low * found.cost_pence, high * found.cost_pence, said, confidence)
    hour = Figure(name="cost of an hour of practical capacity", value=found.rate_pence * 60 / PENCE_A_POUND, unit="pounds", base=said)
    start = f"An hour of practical capacity of the sampled staff costs {pounds(found.rate_pence * 60)}. "
    if last["minutes"] < 0:
        text = f"Standard times and the sample come to {percent(-last['share'])} more than there is: the standards, or the practical capacity, do not fit."
    else:
        text = f"Standard times for what was done, and the sample for the rest, leave {percent(last['share'])} ({percent(low)} to {percent(high)}) of it unexplained, which costs {money(unexplained)}: unused capacity, or work without a standard that the standards understate."
    return (Statement(text=start + text, figures=(hour, unexplained, unused)),)


def sample_size(table: pl.DataFrame, shares: TimeShares, target: float, confidence: float) -> tuple[Statement, ...]:
    """How large a sample the dearest activity needs, and how many activities are known well enough."""
    if table.height == 0 or shares.who != "people":
        return ()
    people = int(shares.pools["people"].sum())
    top, enough = table.row(0, named=True), table.filter(pl.col("half_width_share") <= target).height
    said = f"{sample_base(shares)}; intervals at {percent(confidence)}"
    figures = (
        Figure(
            name=f"people to sample for {top['activity_name']}", value=top["people_needed"], unit="people", base=said, base_count=people
        ),
        Figure(
            name="activities known well enough", value=enough, unit="activities", base=f"{table.height} activities", base_count=table.height
        ),
    )
    known = {0: "None", table.height: "All"}.get(enough, str(enough))
    text = (
        f"{people} people were sampled: the cost of {top['activity_name']} is known to within {percent(top['half_width_share'])} either way. To within {percent(target)} takes about {top['people_needed']:,} people over the same days,"
        f" or {top['people_if_two_days']:,} on two days each. {known} of the {table.height} activities {'is' if enough < 2 else 'are'} known that well now."
    )
    return (Statement(text=text, figures=figures),)


def _range_of_areas(table: pl.DataFrame, row: Mapping[str, object], areas: Mapping[str, str]) -> str:
    here = table.filter(
        (pl.col("what") == row["what"])
        & (pl.col("of") == row["of"])
        & (pl.col("driver") == row["driver"])
        & (pl.col("area_id") != "")
        & pl.col("each_pence").is_not_null()
        & (pl.col("each_pence") > 0)
    ).sort("each_pence", "area_id")
    if here.height < 2:
        return ""
    low, high = here.row(0, named=True), here.row(-1, named=True)
    first, last = (areas.get(one["area_id"], one["area_id"]) for one in (low, high))
    return f", from {pounds(low['each_pence'])} in {first} to {pounds(high['each_pence'])} in {last}"


def _range_of_kinds(table: pl.DataFrame, row: Mapping[str, object]) -> str:
    here = table.filter(
        (pl.col("what") == row["what"])
        & (pl.col("of") == row["of"])
        & (pl.col("driver") == row["driver"])
        & (pl.col("kind") != "")
        & (pl.col("each_pence") > 0)
    ).sort("each_pence", "kind")
    if here.height < 2:
        return ""
    low, high = here.row(0, named=True), here.row(-1, named=True)
    return f"; by kind, from {pounds(low['each_pence'])} for {low['kind']} to {pounds(high['each_pence'])} for {high['kind']}"


def _exact(name: str, pence: int, books: Books) -> Figure:
    return Figure(name=name, value=pence / PENCE_A_POUND, unit="pounds", base=base(books), base_count=books.lines.height)


def estimate(name: str, pence: float, low: float, high: float, said: str, confidence: float) -> Figure:
    """A figure in pounds with its interval, from pence."""
    ends = (low / PENCE_A_POUND, high / PENCE_A_POUND)
    return Figure(name=name, value=pence / PENCE_A_POUND, unit="pounds", base=said, low=ends[0], high=ends[1], confidence=confidence)


def money(figure: Figure) -> str:
    """A figure in pounds as words, with its interval where it has one."""
    if figure.low is None or figure.high is None:
        return pounds(figure.value * PENCE_A_POUND)
    return f"{pounds(figure.value * PENCE_A_POUND)} ({pounds(figure.low * PENCE_A_POUND)} to {pounds(figure.high * PENCE_A_POUND)})"
