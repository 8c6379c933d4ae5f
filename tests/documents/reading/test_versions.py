"""Two versions of one report: what was added, removed, reworded, and what only got another number."""

from pathlib import Path

import pytest

from bestvalue.documents.reading import PublishedReport, VersionChange, compare_versions, read_report

DRAFT = """Inspection of the cells of Westshire Police

May 2021

1 Cells

1.1 The force has 12 cells, of which three have no bell to call the sergeant.

1.2 Staff were kind to those in their care and kept good records of each visit.

1.3 HM Inspector recommends that the force consider fitting bells where appropriate.

1.4 HM Inspector judged that custody is Good.
"""


def read(text: str, tmp_path: Path) -> PublishedReport:
    path = tmp_path / "report.txt"
    path.write_text(text, encoding="utf-8")
    return read_report(path)


def changes(after: str, tmp_path: Path) -> list[VersionChange]:
    return list(compare_versions(read(DRAFT, tmp_path), read(after, tmp_path)))


def test_a_version_differs_in_nothing_from_itself(tmp_path: Path) -> None:
    assert changes(DRAFT, tmp_path) == []


def test_other_capitals_stops_and_line_ends_are_no_change(tmp_path: Path) -> None:
    assert changes(DRAFT.replace("kind to those", "kind\nto those").replace("good records", "Good records,"), tmp_path) == []


def test_a_corrected_figure_is_shown_word_for_word(tmp_path: Path) -> None:
    (change,) = changes(DRAFT.replace("12 cells", "14 cells"), tmp_path)
    assert (change.item, change.kind, change.number_after) == ("paragraph", "changed", "1.1")
    assert [(words.before, words.after) for words in change.changes] == [("12", "14")]


def test_a_firmer_recommendation_changes_it_and_its_paragraph(tmp_path: Path) -> None:
    firmer = DRAFT.replace("consider fitting bells where appropriate", "fit bells to every cell")
    assert {(each.item, each.kind) for each in changes(firmer, tmp_path)} == {("recommendation", "changed"), ("paragraph", "changed")}


def test_an_inserted_paragraph_renumbers_the_rest_and_rewords_none(tmp_path: Path) -> None:
    after = DRAFT.replace("1.4 HM", "1.5 HM").replace("1.3 HM", "1.4 HM").replace("1.2 Staff", "1.3 Staff")
    after = after.replace("1.3 Staff", "1.2 A nurse comes on weekdays from nine until five and is called at other times.\n\n1.3 Staff")
    found = {(each.number_before, each.number_after, each.kind) for each in changes(after, tmp_path) if each.item == "paragraph"}
    assert found == {("1.2", "1.3", "renumbered"), ("1.3", "1.4", "renumbered"), ("1.4", "1.5", "renumbered"), ("", "1.2", "added")}


def test_a_paragraph_taken_out_is_shown_with_its_words(tmp_path: Path) -> None:
    judgement, paragraph = changes(DRAFT.replace("1.4 HM Inspector judged that custody is Good.\n", ""), tmp_path)
    assert (judgement.kind, paragraph.kind) == ("removed", "removed")
    assert (paragraph.number_before, paragraph.before) == ("1.4", "HM Inspector judged that custody is Good.")


def test_another_grade_is_a_changed_judgement(tmp_path: Path) -> None:
    first = changes(DRAFT.replace("custody is Good", "custody is Fair"), tmp_path)[0]
    assert (first.item, first.kind, first.before, first.after) == ("judgement", "changed", "Good", "Fair")


@pytest.mark.parametrize("name", ["select-committee.txt", "thematic-inspection.txt"])
def test_reading_twice_gives_no_change(name: str) -> None:
    report = read_report(Path(__file__).parent / "habits" / name)
    assert compare_versions(report, report) == ()
