"""From the ledger down to a line of spending and back; options beside each other; an indicator from every side."""

import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from tests.browser.conftest import Arrive
from tests.browser.test_accessibility import PHONE, SIDEWAYS, TAGS
from tests.compared import HERE, write_comparison
from tests.kept import keep_appraisal, keep_costing, keep_offers, keep_savings
from tests.world import World

from bestvalue.workspace import Workspace

PICTURES_SHOWN = "[...document.querySelectorAll('figure img')].every(image => image.naturalWidth > 0)"


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_an_accountant_drills_from_the_ledger_to_a_line_and_back(
    world: World, workspace: Workspace, arrive: Arrive, *, script: bool
) -> None:
    # given a costing that was worked out
    keep_costing(workspace)
    page = arrive(world.manager, at=reverse("analyses"), script=script)
    # when an accountant looks for what it costs
    page.click("Explore what was worked out about costs")
    page.click("Explore the cost")
    # then the total is the ledger
    assert page.heading == "The whole cost: £10,000.00"
    assert "It is the ledger, net of income, to the penny." in page.text()
    assert page.evaluate(PICTURES_SHOWN)
    # when they go down, each step adds up
    for part, heading in (("Response", "£9,500.00"), ("Attending", "£9,500.00"), ("Hackney response (CC-1)", "£6,500.01")):
        page.click(part, exact=True)
        assert page.heading.endswith(heading)
        assert "add up to it to the penny" in page.text()
    assert "Officer pay" in page.text()
    # and the way leads back up
    page.click("Back up to attending")
    page.click("The whole cost")
    page.click("Whose cost it is")
    assert "Local policing" in page.text()
    # and the workbook is theirs to audit
    name, content = page.download("Download the workbook for accountants")
    assert name.endswith("OFFICIAL.xlsx")
    assert "Checks" in load_workbook(io.BytesIO(content)).sheetnames


def test_a_board_compares_options_and_sees_what_has_no_price(world: World, workspace: Workspace, arrive: Arrive) -> None:
    for keep in (keep_appraisal, keep_offers, keep_savings):
        keep(workspace)
    page = arrive(world.manager, at=reverse("costs"))
    page.click("Compare the options for running a service")
    text = page.text()
    assert "Worse: Less say over training" in text
    assert "Company B: £55.78" in text
    assert page.evaluate(PICTURES_SHOWN)


def test_an_analyst_sees_whether_the_denominator_makes_the_outlier(world: World, workspace: Workspace, arrive: Arrive) -> None:
    # given twelve forces, the own one far above the others over residents
    write_comparison(workspace.data_folder)
    page = arrive(world.manager, at=reverse("analyses"))
    page.click("Compare the force with others on one indicator")
    assert f"{HERE[0]} 500" in page.text()
    # when the analyst divides by people by day
    page.choose("Over whom", "People by day")
    page.press_button("Compare")
    # then it is in the middle, and the page says that the denominator alone decides
    assert f"{HERE[0]} 50.5" in page.text()
    assert "The denominator alone makes it a permanent outlier, or none." in page.text()
    assert page.evaluate(PICTURES_SHOWN)
    # and what was seen can be cited
    page.click("How do we know, and use it as evidence")
    assert page.heading == "One indicator from every side"


@pytest.mark.parametrize("width", [1280, PHONE])
def test_pages_about_money_and_comparison_break_no_rule_and_do_not_scroll_sideways(
    world: World, workspace: Workspace, arrive: Arrive, width: int
) -> None:
    costing = keep_costing(workspace)
    for keep in (keep_appraisal, keep_offers, keep_savings):
        keep(workspace)
    write_comparison(workspace.data_folder)
    page = arrive(world.manager, width=width)
    found, wide = {}, {}
    for path in (
        reverse("costs"),
        reverse("cost_explorer", args=[costing]),
        reverse("cost_explorer", args=[costing])
        + "?view=purpose&service=response&activity=attending&cost_centre=Hackney+response+%28CC-1%29",
        reverse("cost_options"),
        reverse("comparisons"),
        reverse("comparisons") + "?indicator=nothing",
        reverse("result", args=[costing]),
    ):
        page.go(path)
        if faults := page.faults(TAGS):
            found[path] = faults
        if beyond := page.evaluate(SIDEWAYS):
            wide[path] = beyond
    assert found == {}
    assert wide == {}
