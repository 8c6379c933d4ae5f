"""How much the pages over stored results ask of the database: who asks, and nothing a result, a table or a row."""

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.compared import write_comparison
from tests.kept import keep_appraisal, keep_costing, keep_offers, keep_savings

from bestvalue.workspace import Workspace

AT_MOST = 12


def test_pages_over_stored_results_ask_little_of_the_database(manager: Client, workspace: Workspace) -> None:
    write_comparison(workspace.data_folder)
    costing = keep_costing(workspace)
    keep_appraisal(workspace)
    keep_offers(workspace)
    keep_savings(workspace)
    manager.get(reverse("home"))  # the first page of a session notes when it began
    asked = {}
    for address in (
        reverse("costs"),
        reverse("cost_explorer", args=[costing]),
        reverse("cost_explorer", args=[costing]) + "?view=purpose&service=response&activity=attending",
        reverse("cost_explorer_csv", args=[costing]),
        reverse("cost_options"),
        reverse("cost_options_csv"),
        reverse("comparisons"),
        reverse("result_workbook", args=[costing]),
        reverse("data_template", args=["areas"]),
    ):
        with CaptureQueriesContext(connection) as queries:
            assert manager.get(address).status_code == 200
        asked[address] = len(queries)
    assert {address: count for address, count in asked.items() if count > AT_MOST} == {}
