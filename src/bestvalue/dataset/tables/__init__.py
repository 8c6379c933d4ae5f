"""The tables that a force may supply, by subject. `TABLES` is the one list of contracts."""

from collections.abc import Mapping

from bestvalue.dataset.contracts import Table
from bestvalue.dataset.tables import (
    appraisal,
    comparison,
    crime,
    delivery,
    demand,
    finance,
    operations,
    places,
    resources,
    survey,
    tasking,
    workforce,
)

TABLES: Mapping[str, Table] = {
    table.name: table
    for table in (
        *places.TABLES,
        *demand.TABLES,
        *resources.TABLES,
        *workforce.TABLES,
        *finance.TABLES,
        *appraisal.TABLES,
        *crime.TABLES,
        *operations.TABLES,
        *tasking.TABLES,
        *survey.TABLES,
        *comparison.TABLES,
        *delivery.TABLES,
    )
}
"""Every contract by name, in the order of the documentation."""
