"""Asking a question of the data: which there are, the form of one, the job that answers it."""

import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bestvalue.analysis.contract import Analysis
from bestvalue.analysis.registry import find_analyses
from bestvalue.errors import BestValueError, RuleError, WorkspaceError
from bestvalue.record.jobs import changes
from bestvalue.record.jobs.models import Job
from bestvalue.site.forms.rules import add_broken
from bestvalue.site.forms.spec import SpecForm, initial_of
from bestvalue.site.pages.access import person_behind
from bestvalue.site.presenters.data import questions
from bestvalue.site.presenters.jobs import job_view
from bestvalue.site.sign_in import FRAGMENT_HEADER

JOBS_SHOWN = 20


@require_safe
def analyses(request: HttpRequest) -> HttpResponse:
    """Every question, whether the data allow it, and what was asked lately."""
    person_behind(request)
    listed = questions(find_analyses().values(), settings.WORKSPACE.check())
    jobs = [job_view(job) for job in Job.objects.visible_to(request.user).select_related("asked_by").newest_first()[:JOBS_SHOWN]]
    return render(request, "analyses/analyses.html", {"questions": listed, "jobs": jobs})


@require_http_methods(["GET", "POST"])
def analysis_run(request: HttpRequest, name: str) -> HttpResponse:
    """The form of one analysis; sending it asks for a job. An address may fill it: see `_begun_with`."""
    person = person_behind(request)
    analysis = find_analyses().get(name)
    if analysis is None:
        raise Http404("no such analysis")
    (question,) = questions([analysis], settings.WORKSPACE.check())
    form = SpecForm(request.POST or None, spec=analysis.Spec, initial=_begun_with(request.GET, analysis))
    if form.is_valid() and question.answerable:
        try:
            job = changes.ask(analysis=name, settings=form.settings, by=person)
        except BestValueError as fault:
            add_broken(form, fault)
        else:
            return redirect("job", pk=job.pk)
    context = {"breadcrumbs": [("Analyses", reverse("analyses"))], "question": question, "form": form, "analysis": analysis}
    return render(request, "analyses/run.html", context)


def _begun_with(asked: Mapping[str, str], analysis: Analysis[Any]) -> dict[str, Any]:
    """What an address fills into the form: the settings of a kept result (`like`), and single settings by name."""
    found: dict[str, Any] = {}
    if re.fullmatch(r"[0-9a-f]{64}", asked.get("like", "")):
        with suppress(WorkspaceError):
            made = settings.WORKSPACE.store.get(asked["like"]).result.provenance
            found = dict(made.spec) if made.analysis == analysis.name else {}
    found |= {name: value for name, value in asked.items() if name in analysis.Spec.model_fields}
    return initial_of(found, analysis.Spec)


@require_safe
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a job is, how it ended, and what to do then."""
    found = get_object_or_404(Job.objects.visible_to(request.user).select_related("asked_by"), pk=pk)
    context = {"breadcrumbs": [("Analyses", reverse("analyses"))], "job": job_view(found)}
    return render(request, "analyses/job.html", context)


@require_safe
def job_progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of a job's page that moves; once the job has ended, the way to the whole page, which has changed."""
    found = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    if found.has_ended or FRAGMENT_HEADER not in request.headers:
        return redirect("job", pk=pk)
    return render(request, "analyses/job_progress.html", {"job": job_view(found)})


@require_POST
def job_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask a job to stop."""
    person = person_behind(request)
    found = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    try:
        changes.cancel(found, by=person)
        messages.info(request, "The job is being cancelled: it stops at its next step")
    except RuleError as late:
        messages.info(request, late.what)
    return redirect("job", pk=pk)
