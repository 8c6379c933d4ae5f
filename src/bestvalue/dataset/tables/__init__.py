"""The tables that a force may supply, by subject. `TABLES` is the one list of contracts."""

from collections.abc import Mapping

from bestvalue.dataset.contracts import Table
from bestvalue.dataset.tables import demand, places, resources

TABLES: Mapping[str, Table] = {
    table.name: table
    for table in (
        *places.TABLES,
        *demand.TABLES,
        *resources.TABLES,
    )
}
"""Every contract by name, in the order of the documentation."""
