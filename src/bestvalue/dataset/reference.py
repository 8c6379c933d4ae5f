"""The reference pages on tables and readers, written from the contracts and the readers themselves."""

from bestvalue.dataset.checks.conditions import EARLIEST_YEAR, LATEST_YEAR
from bestvalue.dataset.checks.values import HOW_TO_WRITE
from bestvalue.dataset.contracts import Column, Kind, Table
from bestvalue.dataset.files.source import READABLE
from bestvalue.dataset.readers import READERS
from bestvalue.dataset.readers.reader import Reader, called
from bestvalue.dataset.tables import TABLES


def tables_page() -> str:
    """The page on every table that a force may supply, as Markdown."""
    parts = [
        "# Tables",
        (
            "Each table is a file of its name in the data folder (`incidents.csv`, `incidents.parquet`), a folder of its name with "
            "several files, or a sheet of its name in a workbook. No table is needed by every analysis: `bestvalue check` says which "
            "analyses the tables that are there allow."
        ),
        (
            f"Files are {READABLE}. CSV is UTF-8, with comma, semicolon, tab or bar between the fields. Columns may stand in any "
            "order; a column that the contract does not have is named and not read."
        ),
        "## How values are written",
        _table(("kind", "how"), [(kind.value, HOW_TO_WRITE[kind]) for kind in Kind]),
        (
            "Times are those of the force's own clock. A time with an offset from UTC (`2025-07-01T17:05:00Z`) is turned into it. "
            f"Dates lie in the years {EARLIEST_YEAR} to {LATEST_YEAR}. Days are never month first: only the readers that know a layout "
            "read those."
        ),
        *(_table_section(table) for table in TABLES.values()),
    ]
    return "\n\n".join(parts) + "\n"


def readers_page() -> str:
    """The page on every published layout that is read, as Markdown."""
    parts = [
        "# Readers of published data",
        (
            "A file in one of these layouts is recognised by its header; `--reader NAME` names it where you know better. Files may be "
            "given one by one, packed with gzip, or as a folder of monthly folders."
        ),
        (
            "A row that cannot be used is left out for a stated reason. The check lists each reason with its count and first places, "
            "and rows read are always rows used and rows left out."
        ),
        *(_reader_section(reader) for reader in READERS.values()),
    ]
    return "\n\n".join(parts) + "\n"


def _table_section(table: Table) -> str:
    lines = [
        f"## {table.name}",
        f"{table.means} Key: {', '.join(f'`{name}`' for name in table.key)}. Used for: {table.used_for}.",
        _table(("column", "kind", "required", "means"), [_column_row(column) for column in table.columns]),
    ]
    if table.rules:
        lines.append("\n".join(f"- Not allowed: {rule.says}. {rule.next_step}" for rule in table.rules))
    return "\n\n".join(lines)


def _column_row(column: Column) -> tuple[str, str, str, str]:
    means = [column.means]
    if column.allowed:
        means.append("One of: " + "; ".join(f"`{value}` ({meaning})" for value, meaning in column.allowed.items()) + ".")
    if column.low is not None or column.high is not None:
        bounds = [
            f"at least {column.low:g}" if column.low is not None else "",
            f"at most {column.high:g}" if column.high is not None else "",
        ]
        means.append(f"{', '.join(bound for bound in bounds if bound).capitalize()}.")
    if column.refers_to:
        means.append(f"Refers to `{column.refers_to}`.")
    if column.example:
        means.append(f"Example: `{column.example}`.")
    unit = f", {column.unit}" if column.unit else ""
    return f"`{column.name}`", f"{column.kind.value}{unit}", "yes" if column.required else "no", " ".join(means)


def _reader_section(reader: Reader) -> str:
    needs = ", ".join(" or ".join(f"`{called(name)}`" for name in names) for names in reader.needs)
    return "\n\n".join(
        (
            f"## {reader.title}",
            f"`{reader.name}`, published by {reader.publisher}; fills the table `{reader.table}`. Recognised by the columns {needs}.",
            "\n".join(f"- {rule}" for rule in reader.rules),
        )
    )


def _table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [heads, tuple("---" for _ in heads), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
