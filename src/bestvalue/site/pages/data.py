"""The force's tables: what is there, what is wrong with it, what it can answer; and bringing a table in."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from bestvalue.analysis.registry import find_analyses
from bestvalue.dataset.tables import TABLES
from bestvalue.errors import BestValueError
from bestvalue.site.forms.data import TableUploadForm
from bestvalue.site.forms.rules import add_broken
from bestvalue.site.pages.access import person_behind
from bestvalue.site.presenters.data import questions, table_view
from bestvalue.site.uploads import add_table


@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """Every table with its checks, and the questions that the sound ones answer."""
    person_behind(request)
    report = settings.WORKSPACE.check()
    views = [table_view(loaded.report, TABLES[name]) for name, loaded in report.tables.items()]
    return render(
        request,
        "data/data.html",
        {
            "tables": views,
            "faulty": [view for view in views if view.faults_total],
            "warnings": report.warnings,
            "questions": questions(find_analyses().values(), report),
            "absent": [(name, table.means) for name, table in TABLES.items() if name not in report.tables],
        },
    )


@require_safe
def data_table(request: HttpRequest, name: str) -> HttpResponse:
    """One table: its checks one by one, and every fault that is listed."""
    person_behind(request)
    loaded = settings.WORKSPACE.check().tables.get(name)
    if loaded is None:
        return redirect("data")
    context = {"breadcrumbs": [("Data", reverse("data"))], "table": table_view(loaded.report, TABLES[name])}
    return render(request, "data/table.html", context)


@require_http_methods(["GET", "POST"])
def data_upload(request: HttpRequest) -> HttpResponse:
    """Bring a table in: it is checked first, and put into the data folder only if it is sound."""
    person = person_behind(request)
    form = TableUploadForm(request.POST or None, request.FILES or None)
    rejected = None
    if form.is_valid():
        name = form.cleaned_data["table"]
        try:
            report = add_table(settings.WORKSPACE, table=name, uploads=form.cleaned_data["upload"], by=person, at=timezone.now())
        except BestValueError as fault:
            add_broken(form, fault, at="upload")
        else:
            if report.passed:
                messages.success(request, f"The table {name} is sound and in use: {report.rows:,} rows")
                return redirect("data_table", name=name)
            rejected = table_view(report, TABLES[name])
            form.add_error(
                "upload", f"{name} has {report.faults_total:,} fault{'' if report.faults_total == 1 else 's'}: nothing was changed"
            )
    return render(request, "data/upload.html", {"breadcrumbs": [("Data", reverse("data"))], "form": form, "table": rejected})
