"""The pages about money: the drill through a costing, the options beside each other, and the workbooks."""

import io
import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from tests.kept import LEDGER_PENCE, LINES, keep_appraisal, keep_costing, keep_offers, keep_savings
from tests.world import World

from bestvalue.dataset.tables import TABLES
from bestvalue.workspace import Workspace

TOTAL = "£10,000.00"


def read(browser: Client, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200, address
    return unescape(answer.content.decode())


def test_links_lead_down_to_every_line_and_each_page_shows_that_the_whole_is_the_ledger(manager: Client, workspace: Workspace) -> None:
    start = reverse("cost_explorer", args=[keep_costing(workspace)])
    seen, ahead = set[str](), [start]
    while ahead:
        address = ahead.pop()
        if address in seen:
            continue
        seen.add(address)
        page = read(manager, address)
        assert page.count(TOTAL) >= 2, address  # the ledger and the lines
        assert "do not add up" not in page
        ahead += [link for link in re.findall(r'href="([^"]+)"', page) if link.startswith(f"{start}?")]
    assert any("CC-1" in address for address in seen)
    assert len(seen) > len(LINES)


def test_a_line_of_spending_stands_with_its_layer_and_to_the_penny(manager: Client, workspace: Workspace) -> None:
    way = {"view": "purpose", "service": "response", "activity": "attending", "cost_centre": "Hackney response (CC-1)"}
    answer = manager.get(reverse("cost_explorer", args=[keep_costing(workspace)]), way)
    page = unescape(answer.content.decode())
    assert "£6,000.01" in page
    assert "From Finance (CC-9)" in page
    assert "Back up to attending, £9,500.00" in page


def test_the_parts_of_a_step_are_a_csv_in_whole_pence(manager: Client, workspace: Workspace) -> None:
    answer = manager.get(reverse("cost_explorer_csv", args=[keep_costing(workspace)]), {"view": "purpose"})
    rows = answer.content.decode("utf-8-sig").splitlines()
    assert rows[0] == "Service,Pence"
    assert sum(int(row.rsplit(",", 1)[1]) for row in rows[1:]) == LEDGER_PENCE


@pytest.mark.parametrize("query", ["?view=sideways", "?service=opera", "?activity=attending"])
def test_a_step_that_is_not_there_is_not_found(manager: Client, workspace: Workspace, query: str) -> None:
    assert manager.get(reverse("cost_explorer", args=[keep_costing(workspace)]) + query).status_code == 404


def test_only_a_costing_can_be_explored(manager: Client, world: World) -> None:
    assert manager.get(reverse("cost_explorer", args=[world.digest])).status_code == 404


def test_the_list_names_what_was_worked_out_and_asks_for_what_was_not(manager: Client, workspace: Workspace) -> None:
    digest = keep_costing(workspace)
    page = read(manager, reverse("costs"))
    assert reverse("cost_explorer", args=[digest]) in page
    assert reverse("analysis_run", args=["compete.savings"]) in page


def test_options_stand_beside_each_other_with_interval_effects_scores_and_offers(manager: Client, workspace: Workspace) -> None:
    keep_appraisal(workspace)
    keep_offers(workspace)
    keep_savings(workspace)
    page = read(manager, reverse("cost_options"))
    assert "90% interval of it" in page
    assert re.search(r"Buy.*£6,153,284.*99\.1%.*13\.3.*40\.8.*Worse: Less say over training.*Company B: £55\.78", page, re.DOTALL)
    assert "Savings: £10,000." in page


def test_options_without_an_appraisal_lead_to_the_question(manager: Client, workspace: Workspace) -> None:
    assert reverse("analysis_run", args=["compete.appraisal"]) in read(manager, reverse("cost_options"))
    assert manager.get(reverse("cost_options_csv")).status_code == 404


def test_another_appraisal_can_be_chosen_and_one_that_is_not_there_is_not_found(manager: Client, workspace: Workspace) -> None:
    first = keep_appraisal(workspace, confidence=0.8)
    keep_appraisal(workspace)
    assert "80% interval of it" in read(manager, f"{reverse('cost_options')}?appraisal={first}")
    assert manager.get(reverse("cost_options"), {"appraisal": "f" * 64}).status_code == 404


def test_the_comparison_is_a_csv_with_what_has_no_price(manager: Client, workspace: Workspace) -> None:
    keep_appraisal(workspace)
    rows = manager.get(reverse("cost_options_csv")).content.decode("utf-8-sig").splitlines()
    assert len(rows) == 3
    assert "worse: Less say over training" in rows[2]


def test_the_workbook_of_a_costing_has_a_sheet_a_table_and_its_checks(manager: Client, workspace: Workspace) -> None:
    answer = manager.get(reverse("result_workbook", args=[keep_costing(workspace)]))
    assert answer.headers["Content-Disposition"].endswith('-OFFICIAL.xlsx"')
    assert {"Statements", "Checks", "lines", "reconciliation"} <= set(load_workbook(io.BytesIO(answer.content)).sheetnames)


def test_a_blank_table_comes_as_excel_and_is_read_again(manager: Client, workspace: Workspace) -> None:
    answer = manager.get(reverse("data_template", args=["areas"]))
    assert load_workbook(io.BytesIO(answer.content)).sheetnames == ["areas", "allowed values"]
    (workspace.data_folder / "areas.xlsx").write_bytes(answer.content)
    assert workspace.check().tables["areas"].report.rows == 1
    whole = manager.get(reverse("data_templates"))
    assert set(load_workbook(io.BytesIO(whole.content), read_only=True).sheetnames) == {*TABLES, "allowed values"}


def test_a_blank_table_of_no_contract_is_not_found(manager: Client) -> None:
    assert manager.get(reverse("data_template", args=["nowhere"])).status_code == 404


def test_an_offer_leads_to_the_evidence_that_it_cites(manager: Client, world: World, workspace: Workspace) -> None:
    page = read(manager, reverse("result", args=[keep_offers(workspace, evidence=world.note.pk)]))
    assert f'href="{reverse("evidence", args=[world.note.pk])}"' in page


def test_a_form_offers_the_kept_results_of_the_analysis_that_it_builds_on(workspace: Workspace) -> None:
    from bestvalue.analysis.compete.costing import Spec
    from bestvalue.site.forms.spec import SpecForm

    field = SpecForm(spec=Spec).fields["resources"]
    assert field.choices == [("", "None")]
    assert "run challenge.resources first" in field.help_text
