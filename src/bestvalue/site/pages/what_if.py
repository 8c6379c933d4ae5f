"""What if we halve, double or move units? A board or an analyst turns the sliders of a kept result and takes the answer into the review."""

import hashlib
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from bestvalue.analysis.store import StoredResult
from bestvalue.site.pages.access import person_behind, reviews_to_write_in
from bestvalue.site.pages.downloads import text_download
from bestvalue.site.pages.results import drawn_chart, kept_or_404
from bestvalue.site.presenters.results import ChartView, TableView, table_view
from bestvalue.site.presenters.spreadsheet import as_csv
from bestvalue.site.presenters.what_if import (
    ANALYSIS,
    Choice,
    Scenarios,
    asked_for,
    chosen_scenario,
    near,
    presets,
    read_choice,
    scenarios_of,
    sliders,
)
from bestvalue.site.presenters.what_if_answer import WhatIf, what_if_of, work_view
from bestvalue.site.presenters.what_if_charts import what_if_charts


@require_safe
def what_if(request: HttpRequest, digest: str) -> HttpResponse:
    """What happens with half, twice, or another mix of units, who gains and loses, and what does it cost? Then: evidence, or an option."""
    person = person_behind(request)
    kept, scenarios = _played(request, digest)
    choice = read_choice(request.GET, scenarios)
    name = chosen_scenario(choice, scenarios)
    first = kept.result.statements[0]
    context = {
        "breadcrumbs": [("Analyses", reverse("analyses")), (kept.result.title, reverse("result", args=[digest]))],
        "digest": digest,
        "sliders": sliders(choice, scenarios),
        "instead": scenarios.instead,
        "choice": choice,
        "presets": presets(scenarios),
        "failed": first.text if first.kind == "failed" else "",
        "another": _ask_another(kept, choice),
    }
    if name is None:
        return render(request, "analyses/what_if.html", context | {"near": near(choice, scenarios)})
    answer = what_if_of(kept.result, scenario=name, today=scenarios.today)
    changed = name != scenarios.today
    context |= {
        "answer": answer,
        "changed": changed,
        "charts": _chart_views(answer, digest, choice, is_today=not changed),
        "tables": _table_views(answer, digest, choice),
        "reviews": [
            (review, urlencode({"result": digest, "title": f"{kept.result.title}: {name}"}))
            for review in reviews_to_write_in(request.user, person)
        ],
        "as_option": urlencode(answer.as_option) if changed else "",
    }
    return render(request, "analyses/what_if.html", context)


@require_safe
def what_if_chart(request: HttpRequest, digest: str, name: str) -> HttpResponse:
    """A picture of the scenario that the address names."""
    answer, is_today = _answer(request, digest)
    chart = what_if_charts(answer, is_today=is_today).get(name)
    if chart is None:
        raise Http404("no such chart")
    scenario = hashlib.sha256(answer.scenario.encode()).hexdigest()[:16]
    return drawn_chart(chart, name=f"{digest}-what-if-{name}-{scenario}")


@require_safe
def what_if_table(request: HttpRequest, digest: str, name: str) -> HttpResponse:
    """One table of the scenario that the address names, unrounded, for a spreadsheet."""
    answer, _ = _answer(request, digest)
    if name not in answer.tables:
        raise Http404("no such table")
    table = answer.tables[name]
    rows = ((answer.scenario, *row) for row in table.rows.iter_rows())
    header = ["scenario", *(table.labels.get(column, column) for column in table.rows.columns)]
    return text_download(as_csv(header, rows), name=f"what-if-{name}-{digest[:8]}-OFFICIAL.csv")


def _played(request: HttpRequest, digest: str) -> tuple[StoredResult, Scenarios]:
    kept = kept_or_404(request, digest)
    scenarios = scenarios_of(kept.result)
    if scenarios is None:
        raise Http404("no scenarios in this result")
    return kept, scenarios


def _answer(request: HttpRequest, digest: str) -> tuple[WhatIf, bool]:
    kept, scenarios = _played(request, digest)
    name = chosen_scenario(read_choice(request.GET, scenarios), scenarios)
    if name is None:
        raise Http404("this scenario was not worked out")
    return what_if_of(kept.result, scenario=name, today=scenarios.today), name == scenarios.today


def _ask_another(kept: StoredResult, choice: Choice) -> str:
    """The form of the analysis with the settings of this result, and with the scenario that it lacks."""
    asked = {"like": kept.digest}
    if choice.changed:
        asked["together"] = asked_for(choice, kept.result.provenance.spec)
    return f"{reverse('analysis_run', args=[ANALYSIS])}?{urlencode(asked)}"


def _chart_views(answer: WhatIf, digest: str, choice: Choice, *, is_today: bool) -> dict[str, ChartView]:
    return {
        name: ChartView(
            title=chart.title, alt=chart.alt, address=f"{reverse('what_if_chart', args=[digest, name])}?{choice.query}", table=chart.table
        )
        for name, chart in what_if_charts(answer, is_today=is_today).items()
    }


def _table_views(answer: WhatIf, digest: str, choice: Choice) -> dict[str, TableView]:
    found = {}
    for name, table in answer.tables.items():
        download = f"{reverse('what_if_table', args=[digest, name])}?{choice.query}"
        found[name] = (
            work_view(table, download=download)
            if name == "work"
            else table_view(name, table, download=download, rows_shown=table.rows.height)
        )
    return found
