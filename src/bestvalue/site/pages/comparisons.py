"""One indicator from every side: chosen by a form, worked out at once, and kept, so that it can be cited as it was seen."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from bestvalue.analysis.registry import find_analysis
from bestvalue.analysis.settings import parse_settings
from bestvalue.dataset.dataset import Dataset
from bestvalue.dataset.engines.local import LocalEngine
from bestvalue.errors import SpecError
from bestvalue.site.forms.comparisons import ComparisonForm, choices_of
from bestvalue.site.pages.access import person_behind
from bestvalue.site.presenters.results import ResultPage, result_page

ANALYSIS = "compare.explorer"
ORDER = ("tiles", "ranked", "funnel", "trend", "denominators")
"""Pictures from the plainest to the one that asks whether the denominator decides it."""


@require_safe
def comparisons(request: HttpRequest) -> HttpResponse:
    """An analyst or a board opens it to see how the force does on an indicator, and whether the choice of whom to divide by decides it."""
    person_behind(request)
    report = settings.WORKSPACE.check()
    context: dict[str, Any] = {"breadcrumbs": [("Analyses", reverse("analyses"))], "missing": ""}
    if "indicator_values" not in report.checked:
        return render(request, "comparisons/comparisons.html", context | {"missing": "indicator_values"})
    chosen = settings.WORKSPACE.settings
    # In this process whatever the engine of the settings: a few thousand rows, answered while somebody waits.
    dataset = Dataset(report.checked, engine=LocalEngine(threads=1), synthetic=chosen.synthetic, time_zone=chosen.time_zone)
    try:
        form = ComparisonForm(request.GET or {}, **choices_of(dataset))
        result = _worked_out(form, dataset)
    finally:
        dataset.engine.close()
    charts = sorted(result.charts, key=lambda chart: ORDER.index(chart.address.rpartition("/")[2].removesuffix(".svg"))) if result else []
    tables = {table.name: table for table in result.tables} if result else {}
    shown = [(chart, tables[chart.table]) for chart in charts]
    return render(request, "comparisons/comparisons.html", context | {"form": form, "result": result, "shown": shown})


def _worked_out(form: ComparisonForm, dataset: Dataset) -> ResultPage | None:
    """The answer to what the form asks; None where the form or the data do not allow one, which the form then says."""
    if not form.is_valid():
        return None
    analysis = find_analysis(ANALYSIS)
    try:
        spec = parse_settings(analysis.Spec, form.settings)
        return result_page(settings.WORKSPACE.run(analysis, spec, dataset=dataset))
    except SpecError as wrong:
        form.add_error(wrong.where if wrong.where in form.fields else None, f"{wrong.what}. {wrong.next_step}")
        return None
