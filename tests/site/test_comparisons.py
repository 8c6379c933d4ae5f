"""The page on which one indicator is looked at from every side."""

from html import unescape

from django.test import Client
from django.urls import reverse
from tests.compared import HERE, write_comparison

from bestvalue.workspace import Workspace


def read(browser: Client, query: str = "") -> str:
    answer = browser.get(reverse("comparisons") + query)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def test_without_values_the_page_says_what_is_missing(manager: Client) -> None:
    assert "This needs the table indicator_values" in read(manager)


def test_the_page_shows_every_picture_with_its_table_and_its_rows_as_csv(manager: Client, workspace: Workspace) -> None:
    write_comparison(workspace.data_folder)
    page = read(manager)
    (kept,) = workspace.store.kept_of("compare.explorer")
    for name, table in {
        "tiles": "tiles",
        "ranked": "forces",
        "funnel": "funnel",
        "trend": "series",
        "denominators": "denominators",
    }.items():
        assert reverse("result_chart", args=[kept.digest, name]) in page
        assert f'id="table-{table}"' in page
        assert reverse("result_table", args=[kept.digest, table]) in page
    assert f"{HERE[0]} 500" in page


def test_the_address_chooses_denominator_group_and_period(manager: Client, workspace: Workspace) -> None:
    write_comparison(workspace.data_folder)
    page = read(manager, "?indicator=I1&counted=daytime&group=all&period=2022-04-01")
    assert f"Crime per 1,000 people by day, year to 31 March 2023: {HERE[0]} 50.5" in page
    assert "The denominator alone makes it a permanent outlier, or none." in page


def test_the_same_choice_is_worked_out_once(manager: Client, workspace: Workspace) -> None:
    write_comparison(workspace.data_folder)
    read(manager)
    read(manager, "?indicator=I1")
    read(manager, "?counted=night")
    assert len(workspace.store.kept_of("compare.explorer")) == 3  # the first indicator by default, and by name, and another denominator


def test_what_is_not_on_the_lists_is_said_beside_its_field(manager: Client, workspace: Workspace) -> None:
    write_comparison(workspace.data_folder)
    assert "Choose an indicator from the list" in read(manager, "?indicator=I9")


def test_a_fault_of_the_choice_is_said_and_nothing_is_shown(manager: Client, workspace: Workspace) -> None:
    write_comparison(workspace.data_folder)
    (workspace.data_folder / "forces.csv").unlink()
    assert "Which force is under review?" in read(manager)
