"""The tables that a force may supply, by subject. `TABLES` is the one list of contracts."""

from collections.abc import Mapping

from bestvalue.dataset.contracts import Table
from bestvalue.dataset.tables import demand

TABLES: Mapping[str, Table] = {table.name: table for table in (*demand.TABLES,)}
"""Every contract by name, in the order of the documentation."""
