"""The page of the docs about the life of a review says what the table says."""

from pathlib import Path

from bestvalue.record.reviews.life_cycle import Gate, diagram, table_rows

PAGE = Path(__file__).parents[3] / "docs/explanation/life-of-a-review.md"


def test_the_published_diagram_is_the_one_of_the_table() -> None:
    assert f"```mermaid\n{diagram()}\n```" in PAGE.read_text(encoding="utf-8")


def test_the_published_table_has_every_gate_as_the_code_has_it() -> None:
    published = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    rows = ["| " + " | ".join(row) + " |" for row in table_rows()]
    assert published[-len(rows) :] == rows
    assert len(rows) == len(Gate)
