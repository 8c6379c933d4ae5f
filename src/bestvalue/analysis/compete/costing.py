"""What does the service cost, by activity, service, area and kind of incident, and what does one of each cost?"""

from bestvalue.analysis.compete import costing_sections as sections
from bestvalue.analysis.compete.costing_spec import Spec
from bestvalue.analysis.compete.costing_statements import CAVEATS
from bestvalue.analysis.compete.costing_work import work_out
from bestvalue.analysis.contract import Analysis, Answer, Progress
from bestvalue.dataset.dataset import Dataset


def answer(dataset: Dataset, spec: Spec, progress: Progress) -> Answer:
    """Cost one year of the ledger.

    Raises:
        SpecError: there is no such year, or the result asked for cannot be divided by.
        TableError: ledger and control total differ, support centres serve only each other, or rows of a table are wrong.
    """
    done = work_out(dataset, spec, progress)
    progress(0.6, "Working out unit costs")
    parts = [
        sections.whole(done, spec),
        sections.units(dataset, done, spec),
        sections.change(dataset, done, spec),
        *sections.simulated(dataset, done, spec),
        *sections.result(done, spec),
    ]
    return Answer(
        statements=tuple(statement for part in parts for statement in part.statements),
        tables={name: table for part in parts for name, table in part.tables.items()},
        charts={name: chart for part in parts for name, chart in part.charts.items()},
        caveats=CAVEATS,
    )


ANALYSIS = Analysis(
    name="compete.costing",
    title="Costing",
    question="What does the service cost by activity, service, area and kind of incident, and what does one of each cost?",
    needs=("ledger", "cost_centres", "activities", "staff"),
    uses=(
        "activity_samples",
        "duties",
        "control_totals",
        "support_links",
        "cost_drivers",
        "price_indices",
        "areas",
        "deployments",
        "units",
        "pools",
        "incidents",
        "allocations",
        "bids",
    ),
    Spec=Spec,
    answer=answer,
    version=2,
)
