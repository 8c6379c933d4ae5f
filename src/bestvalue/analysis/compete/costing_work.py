"""One year of the ledger, costed: every step in its turn."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from bestvalue.analysis.compete.costing_activities import ActivityCosts, activity_costs, staff_groups
from bestvalue.analysis.compete.costing_dispatch import TABLES as DISPATCH_TABLES
from bestvalue.analysis.compete.costing_dispatch import dispatch_diary, named_by_the_force
from bestvalue.analysis.compete.costing_layers import Layers, layers_of, read_links
from bestvalue.analysis.compete.costing_ledger import Books, open_books
from bestvalue.analysis.compete.costing_places import hours_by_area
from bestvalue.analysis.compete.costing_reconciliation import Reconciliation, reconcile
from bestvalue.analysis.compete.costing_sample import Diary, TimeShares, read_diary, time_shares
from bestvalue.analysis.compete.costing_spec import DISPATCH, Spec
from bestvalue.analysis.compete.costing_views import activity_names
from bestvalue.analysis.compete.financial_year import moments
from bestvalue.analysis.contract import Progress
from bestvalue.dataset.dataset import Dataset


@dataclass(frozen=True, kw_only=True)
class Costing:
    """One year's costing: what the statements, tables and charts of it are made from.

    Args:
        books: the ledger.
        layers: full cost of the cost centres that serve the public.
        diary: how people spend their time.
        costs: cost by activity.
        statement: the reconciliation.
        names: activities, with service and standard minutes.
        areas: names of areas by code.
    """

    books: Books
    layers: Layers
    diary: Diary
    costs: ActivityCosts
    statement: Reconciliation
    names: pl.DataFrame
    areas: Mapping[str, str]

    @property
    def shares(self) -> TimeShares:
        """The shares of time that the costs rest on."""
        return self.costs.shares


def work_out(dataset: Dataset, spec: Spec, progress: Progress) -> Costing:
    """Take one year of the ledger through support, overhead and the sample to activities, areas and kinds.

    Raises:
        SpecError: the ledger has no such year.
        TableError: ledger and control total differ, support centres serve only each other, or nothing says how time is spent.
        TableFaults: rows of a table are wrong.
    """
    progress(0.02, "Reading the ledger")
    books = open_books(dataset, year=spec.year, basis=spec.basis, income=spec.income, tolerance_pence=spec.tolerance_pence)
    layers = layers_of(books, read_links(dataset), method=spec.method)
    progress(0.2, "Drawing the activity sample again")
    first, after = moments(books.year)
    names = activity_names(dataset)
    diary = _diary(dataset, spec, names, first, after)
    shares = time_shares(
        diary,
        like_staff=spec.like_staff,
        fewest_people=spec.fewest_people,
        draws=spec.draws,
        confidence=spec.confidence,
        seed=spec.seed,
    )
    progress(0.4, "Taking the cost to activities")
    costs = activity_costs(layers, staff=staff_groups(dataset), shares=shares, hours=hours_by_area(dataset, first=first, after=after))
    return Costing(
        books=books,
        layers=layers,
        diary=diary,
        costs=costs,
        statement=reconcile(books, layers, costs),
        names=names,
        areas=_areas(dataset),
    )


def _diary(dataset: Dataset, spec: Spec, names: pl.DataFrame, first: datetime, after: datetime) -> Diary:
    """How people spend their time: by the sample, or by dispatch records where there is no sample or they are asked for."""
    dispatched = all(table in dataset.tables for table in DISPATCH_TABLES)
    sampled = "activity_samples" in dataset.tables
    if spec.time_from == DISPATCH and not dispatched:
        dataset.require(DISPATCH_TABLES, by="compete.costing by dispatch records")
    if spec.time_from == DISPATCH or (not sampled and dispatched):
        return named_by_the_force(dispatch_diary(dataset, first=first, after=after), names)
    dataset.require(("activity_samples",), by="compete.costing by an activity sample")
    return read_diary(dataset, first=first, after=after)


def _areas(dataset: Dataset) -> dict[str, str]:
    if "areas" not in dataset.tables:
        return {}
    rows = dataset.query("SELECT area_id, area_name FROM areas ORDER BY area_id")
    return dict(zip(rows["area_id"], rows["area_name"], strict=True))
