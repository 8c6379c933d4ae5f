from bestvalue.dataset.readers import READERS
from bestvalue.dataset.reference import readers_page, tables_page
from bestvalue.dataset.tables import TABLES


def test_the_page_names_every_table_column_and_allowed_value() -> None:
    page = tables_page()
    for table in TABLES.values():
        section = page.split(f"\n## {table.name}\n")[1].split("\n## ")[0]
        for column in table.columns:
            (line,) = [line for line in section.splitlines() if line.startswith(f"| `{column.name}` |")]
            assert column.means in line
            assert all(f"`{value}`" in line for value in column.allowed or {})


def test_every_line_of_a_table_has_the_same_number_of_cells() -> None:
    lines = [line for line in tables_page().splitlines() if line.startswith("|")]
    assert {line.replace("\\|", "").count("|") for line in lines} <= {3, 5}


def test_the_page_states_the_rules_of_every_reader() -> None:
    page = readers_page()
    for reader in READERS.values():
        assert f"`{reader.name}`" in page
        assert all(f"- {rule}" in page for rule in reader.rules)
