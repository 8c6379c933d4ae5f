"""Bringing in a tracker that somebody else keeps: the file, its columns, its words, and what it would change, one question a page."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from bestvalue.errors import BestValueError
from bestvalue.record.bodies.models import Body, Person, User
from bestvalue.record.confined import confined
from bestvalue.record.delivery.models import FileKind, ImportedFile, Recommendation, RecommendationQuerySet, WaitingFile, set_waiting
from bestvalue.record.delivery.tracker.fields import FIELD, Answers
from bestvalue.record.delivery.tracker.grid import Grid, read_grid
from bestvalue.record.delivery.tracker.guess import guess_columns, guess_days, guess_values
from bestvalue.record.delivery.tracker.taking_in import (
    MOST_BY_ONE,
    TrackerDifference,
    answers_of,
    check_may_take,
    propose_tracker,
    refuse_tracker,
    rehearse_tracker,
    remembered,
    take_tracker,
)
from bestvalue.record.reading_bounds import document_bounds
from bestvalue.site.forms.rules import add_broken
from bestvalue.site.forms.tracker import AnswerTrackerForm, ColumnsForm, TakeTrackerForm, TrackerForm, ValuesForm
from bestvalue.site.pages.access import person_behind

NEWEST, MOST_SHOWN = 10, 500
STEPS = [("Recommendations", "register"), ("Import a tracker", "tracker")]


@require_http_methods(["GET", "POST"])
def tracker(request: HttpRequest) -> HttpResponse:
    """A liaison officer with an inspectorate's spreadsheet asks: how do I get it in here? They say whose it is and select the file."""
    person = _who_may(request)
    form = TrackerForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        file, source = form.cleaned_data["file"], form.cleaned_data["source"].strip()
        name, content = Path(file.name or "").name, file.read()
        try:
            # In a process of its own at the door; what came through it is read again without.
            grid = confined(read_grid, document_bounds(), content, name=name)
        except BestValueError as broken:
            form.add_error("file", f"{broken.what}. {broken.next_step}")
        else:
            said = _proposed(grid, source)
            set_waiting(person, kind=FileKind.TRACKER, name=name, content=content, answers=said.as_json())
            return redirect("tracker_columns")
    taken = ImportedFile.objects.filter(kind=FileKind.TRACKER).select_related("by")[:NEWEST]
    waiting = WaitingFile.objects.filter(person=person, kind=FileKind.TRACKER).only("name", "at").first()
    return render(request, "delivery/tracker.html", {**_crumbs(1), "form": form, "taken": taken, "waiting": waiting})


@require_http_methods(["GET", "POST"])
def tracker_columns(request: HttpRequest) -> HttpResponse:
    """Whoever brought a tracker asks: was it understood? They see what was guessed beside what is in each column, and put it right."""
    waiting, answers, grid = _waiting(request)
    if waiting is None or grid is None:
        return redirect("tracker")
    form = ColumnsForm(request.POST or None, grid=grid, answers=answers)
    if form.is_valid():
        sheet = form.cleaned_data.get("sheet", "")
        if sheet and sheet != grid.sheet:
            other = read_grid(waiting.bytes, name=waiting.name, sheet=sheet)
            _keep(waiting, replace(_proposed(other, answers.source), sheet=sheet))
            return redirect("tracker_columns")
        said = form.cleaned_data
        issuer, owner = (_key_of(said[name]) for name in ("issuer_of_all", "owner_of_all"))
        _keep(
            waiting,
            replace(
                answers,
                sheet=grid.sheet,
                columns=form.columns,
                days=said["days"],
                issuer=issuer,
                owner=owner,
                report=said["report_of_all"].strip(),
            ),
        )
        return redirect("tracker_words")
    page = {"heading": "Which column is what?", "button": "Continue", "file": waiting.name, "rows": len(grid.rows), "form": form}
    return render(request, "delivery/tracker_step.html", {**_crumbs(2), **page})


@require_http_methods(["GET", "POST"])
def tracker_words(request: HttpRequest) -> HttpResponse:
    """The same person asks: does its “Closed” mean what ours means? They see each word with its meaning, and put it right."""
    waiting, answers, grid = _waiting(request)
    if waiting is None or grid is None:
        return redirect("tracker")
    bodies, people = list(Body.objects.order_by("name", "pk")), list(Person.objects.order_by("name", "pk"))
    known = {
        key: guess_values(key, grid.words(heading), bodies=bodies, people=people) | dict(answers.values.get(key, {}))
        for key, heading in answers.columns.items()
        if FIELD[key].means and heading in grid.headings
    }
    columns = {key: heading for key, heading in answers.columns.items() if key in known}
    form = ValuesForm(
        request.POST if request.method == "POST" else None, grid=grid, columns=columns, known=known, bodies=bodies, people=people
    )
    if form.is_valid():
        # What was remembered of words that this file does not hold stays remembered.
        values = {key: {**answers.values.get(key, {}), **words} for key, words in form.values.items()}
        _keep(waiting, replace(answers, values={**answers.values, **values}))
        return redirect("tracker_check")
    page = {"heading": "What do its words mean?", "button": "Look at what it would change", "file": waiting.name, "rows": len(grid.rows)}
    return render(request, "delivery/tracker_step.html", {**_crumbs(2), **page, "form": form})


@require_http_methods(["GET", "POST"])
def tracker_check(request: HttpRequest) -> HttpResponse:
    """The same person asks: what would it write, and what is wrong in it? They confirm, go back to its columns, or forget it."""
    person = _who_may(request)
    waiting, answers, _ = _waiting(request)
    if waiting is None:
        return redirect("tracker")
    if "forget" in request.POST:
        waiting.delete()
        messages.success(request, "The tracker is forgotten; nothing was written")
        return redirect("tracker")
    form = TakeTrackerForm(request.POST if request.method == "POST" else None)
    asked: Mapping[str, Any] = {
        "name": waiting.name,
        "answers": answers,
        "listed": _seen(request),
        "on": timezone.localdate(),
        "by": person,
    }
    difference = rehearse_tracker(waiting.bytes, **asked)
    if form.is_valid():
        leave_out = form.cleaned_data["leave_out"]
        try:
            if difference.needs_two:
                propose_tracker(waiting, difference=difference, leave_out=leave_out, by=person)
                messages.success(request, "It is proposed. Another person confirms or refuses it")
                return redirect("tracker_check")
            return _written(request, waiting, take_tracker(waiting.bytes, leave_out=leave_out, **asked))
        except BestValueError as broken:
            add_broken(form, broken)
    context = {"file": waiting.name, "waiting": waiting, "most": MOST_BY_ONE, "source": answers.source, "form": form}
    return render(request, "delivery/tracker_check.html", {**_crumbs(2), **context, **_shown(difference)})


@require_http_methods(["GET", "POST"])
def tracker_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """A second person asks: may these many rows of a colleague enter the register? They look at each, and confirm or refuse."""
    person = _who_may(request)
    theirs = WaitingFile.objects.filter(kind=FileKind.TRACKER, proposed_at__isnull=False).exclude(person=person).select_related("person")
    waiting = get_object_or_404(theirs, pk=pk)
    answers = answers_of(waiting.answers)
    asked: Mapping[str, Any] = {
        "name": waiting.name,
        "answers": answers,
        "listed": _seen(request),
        "on": timezone.localdate(),
        "by": person,
    }
    form = AnswerTrackerForm(request.POST or None)
    if form.is_valid():
        try:
            if form.cleaned_data["answer"] == AnswerTrackerForm.CONFIRM:
                return _written(request, waiting, take_tracker(waiting.bytes, leave_out=waiting.leave_out, proposed=waiting, **asked))
            refuse_tracker(waiting, reason=form.cleaned_data["reason"], by=person)
            messages.success(request, f"It went back to {waiting.person} with your reason")
            return redirect("register")
        except BestValueError as broken:
            add_broken(form, broken)
    difference = rehearse_tracker(waiting.bytes, **asked)
    context = {"file": waiting.name, "waiting": waiting, "source": answers.source, "form": form}
    changed = difference.sha256 != waiting.proposal_sha256
    return render(request, "delivery/tracker_confirm.html", {**_crumbs(1), **context, **_shown(difference), "changed": changed})


def _written(request: HttpRequest, waiting: WaitingFile, taken: ImportedFile) -> HttpResponse:
    waiting.delete()
    messages.success(request, f"{taken.changes} row{'' if taken.changes == 1 else 's'} written from {taken.name}")
    return redirect("register")


def _shown(difference: TrackerDifference) -> dict[str, Any]:
    return {"difference": difference, "told": difference.told[:MOST_SHOWN], "faults": difference.faults[:MOST_SHOWN]}


def _who_may(request: HttpRequest) -> Person:
    person = person_behind(request)
    check_may_take(person)
    return person


def _waiting(request: HttpRequest) -> tuple[WaitingFile | None, Answers, Grid | None]:
    waiting = WaitingFile.objects.filter(person=_who_may(request), kind=FileKind.TRACKER).first()
    if waiting is None:
        return None, Answers(), None
    answers = answers_of(waiting.answers)
    return waiting, answers, read_grid(waiting.bytes, name=waiting.name, sheet=answers.sheet)


def _key_of(body: Body | None) -> int | None:
    return None if body is None else body.pk


def _keep(waiting: WaitingFile, answers: Answers) -> None:
    # Whoever answers anew proposes anew.
    waiting.answers, waiting.proposed_at = answers.as_json(), None
    waiting.save(update_fields=["answers", "proposed_at"])


def _proposed(grid: Grid, source: str) -> Answers:
    """What was answered the last time, as far as this file has those columns; what is not known from then is guessed."""
    before = remembered(source) or Answers()
    columns = guess_columns(grid) if not before.columns else {}
    columns |= {key: heading for key, heading in before.columns.items() if heading in grid.headings}
    days = before.days if before.columns else guess_days(grid, columns).value
    return replace(before, source=source, sheet=grid.sheet, columns=columns, days=days)


def _seen(request: HttpRequest) -> RecommendationQuerySet:
    return Recommendation.objects.visible_to(cast(User, request.user))


def _crumbs(above: int) -> dict[str, Any]:
    return {"breadcrumbs": [(words, reverse(name)) for words, name in STEPS[:above]]}
