"""A survey for whoever leads the consultation: bring its form in, try it out, open it, see how it goes, take the answers away."""

import io
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from bestvalue.analysis.consult.questionnaire_form import check_form
from bestvalue.dataset.questionnaires.asked import for_design_checks
from bestvalue.dataset.questionnaires.asked_reading import read_asked
from bestvalue.errors import BestValueError, RuleError, TableFaults
from bestvalue.record.confined import FIELD, confined
from bestvalue.record.consultation import changes
from bestvalue.record.consultation.answers_for_analysis import wide_answers
from bestvalue.record.consultation.models import Access, Survey, SurveyStep
from bestvalue.record.consultation.survey_steps import FORM_CAN_CHANGE, STEPS
from bestvalue.record.reading_bounds import document_bounds
from bestvalue.record.reviews.life_cycle import ENDED
from bestvalue.record.reviews.models import Marking, Review
from bestvalue.site.confirming import check_may_take
from bestvalue.site.forms.consultation import InviteForm, SurveyAddForm, SurveyFileForm, SurveyStepForm
from bestvalue.site.forms.rules import add_broken
from bestvalue.site.pages.access import person_behind
from bestvalue.site.pages.downloads import bytes_download, text_download
from bestvalue.site.presenters.consultation import LIGHT, STANDING, HandedInTimes, pilot_lines, question_lines
from bestvalue.site.presenters.spreadsheet import as_csv

ADDRESSES = {
    "pilot": SurveyStep.PILOT_STARTED,
    "end-pilot": SurveyStep.PILOT_ENDED,
    "open": SurveyStep.OPENED,
    "extend": SurveyStep.EXTENDED,
    "close": SurveyStep.CLOSED,
}
"""What a step is called in the address of its form."""

FEWEST_SHOWN = 5
"""How a pilot went is shown to all readers of the review once so many took part: of fewer, somebody could tell who left what out."""


@require_http_methods(["GET", "POST"])
def review_survey_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Whoever leads the consultation brings a questionnaire in; what the site cannot ask is named at once."""
    person = person_behind(request)
    review = get_object_or_404(Review.objects.visible_to(request.user), pk=pk)
    review.check_editable(by=person)
    form = SurveyAddForm(request.POST or None, request.FILES or None, review=review)
    faults: tuple[str, ...] = ()
    if form.is_valid():
        said = dict(form.cleaned_data)
        file = said.pop("upload")
        try:
            with _set_aside(file) as path:
                confined(read_asked, document_bounds(), path)  # before the record is held
                survey = changes.prepare_survey(review, file=path, file_name=file.name or "form.xlsx", by=person, **said)
        except BestValueError as broken:
            faults = _told(form, broken)
        else:
            messages.success(request, f"Survey {survey.reference} is prepared; nobody is asked yet")
            return redirect("review_survey", pk=survey.pk)
    context = {"heading": "Prepare a survey", "button": "Check the form and prepare the survey", "caption": review.title}
    crumbs = [*_crumbs(review), ("Consultation", reverse("review_consultation", args=[review.pk]))]
    return render(request, "consultation/bring_form.html", context | {"breadcrumbs": crumbs, "form": form, "faults": faults})


@require_http_methods(["GET", "POST"])
def review_survey_form(request: HttpRequest, pk: int) -> HttpResponse:
    """Bring another form in, before anybody is asked or between pilots."""
    person, survey = person_behind(request), _seen(request, pk)
    survey.check_form_can_change(by=person)
    form = SurveyFileForm(request.POST or None, request.FILES or None)
    faults: tuple[str, ...] = ()
    if form.is_valid():
        file = form.cleaned_data["upload"]
        try:
            with _set_aside(file) as path:
                confined(read_asked, document_bounds(), path)
                changes.replace_form(survey, file=path, file_name=file.name or "form.xlsx", by=person)
        except BestValueError as broken:
            faults = _told(form, broken)
        else:
            messages.success(request, "The form is replaced")
            return redirect("review_survey", pk=survey.pk)
    context = {"heading": "Replace the form", "button": "Check and replace the form", "caption": str(survey)}
    return render(request, "consultation/bring_form.html", context | {"breadcrumbs": _below(survey), "form": form, "faults": faults})


@require_safe
def review_survey(request: HttpRequest, pk: int) -> HttpResponse:
    """Whoever leads the consultation asks: is the form sound, who has answered, and what do I do next?"""
    person, survey = person_behind(request), _seen(request, pk)
    asked = survey.form.asked
    check = check_form(for_design_checks(asked))
    writes = survey.review.stage not in ENDED and survey.review.is_editable_by(person)
    counts = _counts(survey)
    offered = [(STEPS[step].order.capitalize(), _step_address(survey, step)) for step in survey.steps_open_to(person)]
    return render(
        request,
        "consultation/survey.html",
        {
            "breadcrumbs": [*_crumbs(survey.review), ("Consultation", reverse("review_consultation", args=[survey.review_id]))],
            "marking": Marking.OFFICIAL,
            "survey": survey,
            "form_now": survey.form,
            "tag": STANDING[survey.standing],
            "newest": survey.newest,
            "address": request.build_absolute_uri(reverse("survey_start", args=[survey.key])),
            "anonymous": survey.access == Access.ANONYMOUS,
            "light": LIGHT[check.light.colour],
            "reasons": check.light.reasons,
            "check": check,
            "notes": asked.notes,
            "questions": question_lines(asked, check),
            "counts": counts,
            "share": counts["answered"] / counts["invited"] if counts["invited"] else None,
            "pilot": _pilot(survey) if counts["pilot"] >= FEWEST_SHOWN or (counts["pilot"] and survey.is_read_by(person)) else [],
            "offered": offered,
            "may_replace": writes and survey.standing in FORM_CAN_CHANGE,
            "may_invite": writes and survey.access == Access.INVITED and survey.standing is not SurveyStep.CLOSED,
            "may_read": survey.is_read_by(person),
            "may_log": writes,
        },
    )


@require_http_methods(["GET", "POST"])
def review_survey_step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Start or end a pilot, open the survey, move its last day, or close it."""
    person, survey = person_behind(request), _seen(request, pk)
    if name not in ADDRESSES:
        raise Http404(name)
    step = ADDRESSES[name]
    survey.check_open_to(person, step=step)
    check = check_form(for_design_checks(survey.form.asked))
    form = SurveyStepForm(request.POST if request.method == "POST" else None, step=step, initial={"opens": timezone.localdate()})
    # A step without days has an empty form, which is sent all the same.
    if request.method == "POST" and form.is_valid():
        days: dict[str, date] = form.cleaned_data
        try:
            changes.take_survey_step(survey, step=step, by=person, **days)
        except RuleError as broken:
            add_broken(form, broken)
        else:
            messages.success(request, f"Survey {survey.reference}: {step.label.lower()}")
            return redirect("review_survey", pk=survey.pk)
    context = {
        "breadcrumbs": _below(survey),
        "survey": survey,
        "form": form,
        "heading": STEPS[step].order.capitalize(),
        "light": LIGHT[check.light.colour] if STEPS[step].answers else None,
        "reasons": check.light.reasons,
        "warning": _WARNINGS.get(step, ""),
    }
    return render(request, "consultation/step.html", context)


@require_http_methods(["GET", "POST"])
def review_survey_invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Make links for the people of a sample; they are shown in a file, once."""
    person, survey = person_behind(request), _seen(request, pk)
    survey.review.check_editable(by=person)
    form = InviteForm(request.POST or None)
    if form.is_valid():
        check_may_take(request, Marking.SENSITIVE)
        try:
            tokens = changes.invite(survey, respondents=form.cleaned_data["respondents"], by=person)
        except RuleError as broken:
            add_broken(form, broken)
        else:
            links = (
                (number, request.build_absolute_uri(reverse("survey_invited", args=[survey.key, token])))
                for number, token in tokens.items()
            )
            return text_download(as_csv(("number", "link"), links), name=f"links-{survey.reference}-{Marking.SENSITIVE}.csv")
    context = {"breadcrumbs": _below(survey), "survey": survey, "form": form, "marking": Marking.SENSITIVE}
    return render(request, "consultation/invite.html", context)


@require_safe
def review_survey_answers(request: HttpRequest, pk: int) -> HttpResponse:
    """Every answer as it was given, as CSV or Parquet; each reading is in the ledger."""
    person = person_behind(request)
    asked = Survey.objects.visible_to(request.user).select_related("review", "readers").prefetch_related("forms")
    survey = get_object_or_404(asked, pk=pk)
    check_may_take(request, Marking.SENSITIVE)
    pilot, as_parquet = request.GET.get("pilot") == "1", request.GET.get("format") == "parquet"
    changes.note_reading(survey, what=f"{'pilot, ' if pilot else ''}{'Parquet' if as_parquet else 'CSV'}", by=person)
    wide = wide_answers(survey, pilot=pilot)
    name = f"answers-{survey.reference}{'-pilot' if pilot else ''}-{Marking.SENSITIVE}"
    if as_parquet:
        held = io.BytesIO()
        wide.write_parquet(held)
        return bytes_download(held.getvalue(), name=f"{name}.parquet")
    return text_download(as_csv(wide.columns, wide.rows()), name=f"{name}.csv")


@require_http_methods(["GET", "POST"])
def review_survey_use(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the answers into the data folder, so that the analyses of consultation read them."""
    person, survey = person_behind(request), _seen(request, pk)
    survey.check_read_by(person)
    fault = None
    if request.method == "POST":
        try:
            rows = changes.use_answers(survey, by=person, at=timezone.now())
        except BestValueError as broken:
            fault = broken
        else:
            messages.success(request, "The analyses now read " + ", ".join(f"{count:,} rows of {name}" for name, count in rows.items()))
            return redirect("data")
    return render(request, "consultation/use.html", {"breadcrumbs": _below(survey), "survey": survey, "fault": fault})


_WARNINGS = {
    SurveyStep.PILOT_ENDED: "Answers that are not sent yet are deleted.",
    SurveyStep.OPENED: "Once the survey is open its form cannot be changed: everybody is asked the same.",
    SurveyStep.CLOSED: "Answers that are not sent yet are deleted, and the survey cannot be opened again.",
}


def _counts(survey: Survey) -> dict[str, int]:
    counted = Survey.objects.filter(pk=survey.pk).aggregate(
        answered=Count("responses", filter=Q(responses__is_pilot=False), distinct=True),
        pilot=Count("responses", filter=Q(responses__is_pilot=True), distinct=True),
        drafts=Count("drafts", distinct=True),
        invited=Count("invitations", distinct=True),
    )
    return {name: int(count) for name, count in counted.items()}


def _pilot(survey: Survey) -> list[Any]:
    rows = survey.responses.filter(is_pilot=True).values_list("answers", "left_out", "seconds")
    times = [HandedInTimes(answered=frozenset(answers), left_out=frozenset(left), seconds=seconds) for answers, left, seconds in rows]
    return pilot_lines(survey.form.asked, times)


def _told(form: forms.Form, broken: BestValueError) -> tuple[str, ...]:
    """The fault on the form's field, and every place of a form that cannot be asked."""
    if isinstance(broken, TableFaults):
        count = broken.total
        form.add_error("upload", f"The form has {count} place{'' if count == 1 else 's'} that the site cannot ask: nothing was kept")
        return tuple(str(fault) for fault in broken.faults)
    if isinstance(broken, RuleError) and broken.where in form.fields:
        add_broken(form, broken)
    else:
        said = broken.what if broken.where == FIELD else str(broken)
        form.add_error("upload", f"{said}. {broken.next_step}")
    return ()


@contextmanager
def _set_aside(file: "UploadedFile[Any]") -> Iterator[Path]:
    """The uploaded file on disk, under the name it came with, by which its faults are told, without what could lead elsewhere."""
    name = Path((file.name or "").replace("\\", "/")).name
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / (re.sub(r"[^\w .()-]+", "-", name)[-100:].lstrip(".") or "form.xlsx")
        with path.open("wb") as kept:
            for chunk in file.chunks():
                kept.write(chunk)
        yield path


def _seen(request: HttpRequest, pk: int) -> Survey:
    seen = Survey.objects.visible_to(request.user).select_related("review", "strand", "readers", "prepared_by")
    return get_object_or_404(seen.prefetch_related("events__by", "forms", "review__stages", "review__parts"), pk=pk)


def _step_address(survey: Survey, step: SurveyStep) -> str:
    return reverse("review_survey_step", args=[survey.pk, next(name for name, one in ADDRESSES.items() if one is step)])


def _crumbs(review: Review) -> list[tuple[str, str]]:
    return [("Reviews", reverse("reviews")), (review.title, reverse("review", args=[review.pk]))]


def _below(survey: Survey) -> list[tuple[str, str]]:
    return [*_crumbs(survey.review), (f"Survey {survey.reference}", reverse("review_survey", args=[survey.pk]))]
