"""The options for running a service, compared: over stored results of the appraisal, the offers of others, and the savings."""

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from bestvalue.analysis.store import StoredResult
from bestvalue.site.pages.access import person_behind
from bestvalue.site.pages.downloads import text_download
from bestvalue.site.presenters.option_comparison import headings, option_lines
from bestvalue.site.presenters.results import result_page
from bestvalue.site.presenters.spreadsheet import as_csv

PARTS = {"appraisal": "Appraisal of options", "competition": "Offers of others", "savings": "Savings"}
"""What the page puts beside each other: the last part of the analysis's name, and its label."""

SHOWN = ("options", "criteria")
"""Tables of the appraisal whose charts are on the page."""


class KeptResultsForm(forms.Form):
    """Which stored results to compare; the newest of each when nothing is chosen."""

    def __init__(self, request: HttpRequest) -> None:
        kept = {part: settings.WORKSPACE.store.kept_of(f"compete.{part}") for part in PARTS}
        newest = {part: found[0].digest for part, found in kept.items() if found}
        super().__init__({**newest, **{name: value for name, value in request.GET.items() if value}})
        for part, label in PARTS.items():
            choices = [(one.digest, f"{one.made_at:%-d %B %Y, %H:%M} ({one.digest[:8]})") for one in kept[part]]
            if choices:
                self.fields[part] = forms.ChoiceField(label=label, choices=choices, required=False)

    def read(self) -> dict[str, StoredResult]:
        """The chosen results, by part.

        Raises:
            Http404: one that is asked for is not there.
        """
        if not self.is_valid():
            raise Http404("no such result")
        return {part: settings.WORKSPACE.store.get(digest) for part, digest in self.cleaned_data.items() if digest}


@require_safe
def cost_options(request: HttpRequest) -> HttpResponse:
    """A board opens it to see which way to run the service is worth most, how sure that is and what is not in the money; it decides."""
    person_behind(request)
    form = KeptResultsForm(request)
    chosen = form.read()
    appraisal, competition = chosen.get("appraisal"), chosen.get("competition")
    pages = {part: result_page(kept) for part, kept in chosen.items()}
    context = {
        "breadcrumbs": [("Analyses", reverse("analyses")), ("Costs", reverse("costs"))],
        "form": form,
        "headings": headings(appraisal.result) if appraisal else (),
        "charts": [chart for chart in pages["appraisal"].charts if chart.table in SHOWN] if appraisal else [],
        "lines": option_lines(appraisal.result, competition.result if competition else None) if appraisal else (),
        "results": pages,
        "asked": request.GET.urlencode(),
    }
    return render(request, "costs/options.html", context)


@require_safe
def cost_options_csv(request: HttpRequest) -> HttpResponse:
    """The comparison for a spreadsheet."""
    person_behind(request)
    chosen = KeptResultsForm(request).read()
    if "appraisal" not in chosen:
        raise Http404("no appraisal")
    competition = chosen.get("competition")
    lines = option_lines(chosen["appraisal"].result, competition.result if competition else None)
    rows = [(line.service, line.kind, *line.cells) for line in lines]
    return text_download(as_csv(("Service", "Kind", *headings(chosen["appraisal"].result)), rows), name="options-OFFICIAL.csv")
