"""What it costs: which costings there are, and the drill through one from the ledger down to a line of spending and back."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from bestvalue.analysis.registry import find_analyses
from bestvalue.analysis.store import StoredResult
from bestvalue.site.pages.access import person_behind
from bestvalue.site.pages.downloads import text_download
from bestvalue.site.pages.results import kept_or_404
from bestvalue.site.presenters.cost_explorer import LINES, Explored, NoSuchStep, explore
from bestvalue.site.presenters.results import result_page
from bestvalue.site.presenters.spreadsheet import as_csv

COSTING = "compete.costing"
ANALYSES = (COSTING, "compete.appraisal", "compete.competition", "compete.savings")
CHARTS = ("waterfall", "flows")
"""What the first page of the explorer shows of the result's own pictures: from the ledger to its parts, and where money flows."""

KEPT_SHOWN = 10


@require_safe
def costs(request: HttpRequest) -> HttpResponse:
    """An accountant or a board opens it to find what was worked out about money, the newest first, and goes on to explore or compare it."""
    person_behind(request)
    known = find_analyses()
    kept = [(known[name], settings.WORKSPACE.store.kept_of(name)[:KEPT_SHOWN]) for name in ANALYSES]
    context = {"breadcrumbs": [("Analyses", reverse("analyses"))], "kept": kept, "costing": COSTING}
    return render(request, "costs/costs.html", context)


@require_safe
def cost_explorer(request: HttpRequest, digest: str) -> HttpResponse:
    """An accountant opens it to see what it costs and whether it reconciles, and drills from the whole down to a line and back."""
    kept = _costing(request, digest)
    if LINES not in kept.result.tables:
        messages.info(request, "This costing was made before its lines were kept. Ask the question again to explore it.")
        return redirect("result", digest=digest)
    explored = _explored(request, kept)
    whole = result_page(kept)
    at_the_top = explored.above is None
    context = {
        "breadcrumbs": [("Analyses", reverse("analyses")), ("Costs", reverse("costs"))],
        "result": whole,
        "explored": explored,
        "charts": [chart for chart in whole.charts if at_the_top and chart.address.endswith(tuple(f"/{name}.svg" for name in CHARTS))],
        "tables": {table.name: table for table in whole.tables},
    }
    return render(request, "costs/explorer.html", context)


@require_safe
def cost_explorer_csv(request: HttpRequest, digest: str) -> HttpResponse:
    """The parts of the step that is shown, in whole pence, for a spreadsheet."""
    kept = _costing(request, digest)
    if LINES not in kept.result.tables:
        raise Http404("no lines")
    explored = _explored(request, kept)
    header = [explored.level, *(["Layer"] if explored.by_layer else []), "Pence"]
    rows = [[part.name, *([part.layer] if explored.by_layer else []), part.pence] for part in explored.parts]
    return text_download(as_csv(header, rows), name=f"costs-{digest[:8]}-OFFICIAL.csv")


def _costing(request: HttpRequest, digest: str) -> StoredResult:
    kept = kept_or_404(request, digest)
    if kept.result.provenance.analysis != COSTING:
        raise Http404("no costing")
    return kept


def _explored(request: HttpRequest, kept: StoredResult) -> Explored:
    try:
        return explore(kept.result, request.GET.dict(), at=reverse("cost_explorer", args=[kept.digest]))
    except NoSuchStep as wrong:
        raise Http404("no such part of the costing") from wrong
