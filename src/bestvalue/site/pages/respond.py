"""Pages on which the public answers a survey: outside the sign-in, one thing on each, without script.

Nothing of whoever answers is kept but the answers: no account, no session, no address. The secret address of the draft is the key.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_http_methods, require_safe

from bestvalue.analysis.consult.questionnaire_form import check_form
from bestvalue.dataset.questionnaires.asked import for_design_checks
from bestvalue.dataset.questionnaires.filling import Filling, Stop
from bestvalue.errors import RuleError
from bestvalue.record.consultation import drafts
from bestvalue.record.consultation.changes import hand_in
from bestvalue.record.consultation.models import Access, Draft, Response, Survey
from bestvalue.record.consultation.secrets_of_links import digest_of_key
from bestvalue.site.pages.page_stamp import seconds_since, stamp
from bestvalue.site.presenters.question import FIELD, PARTS, answer_lines, language_code, question_view
from bestvalue.site.respondent_limit import too_often

TRAP = "website"
"""A field that people do not see; programs that fill in every field of a form fill it in."""

STARTS, WITHIN_SECONDS = 60, 600
"""Surveys begun from one address within ten minutes: a library's computers share one, and a program would need thousands."""

P = ParamSpec("P")


def for_the_public(page: Callable[Concatenate[HttpRequest, P], HttpResponse]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A page that needs no sign-in, is in no cache and in no search engine."""

    @wraps(page)
    def answered(request: HttpRequest, /, *args: P.args, **options: P.kwargs) -> HttpResponse:
        response = page(request, *args, **options)
        add_never_cache_headers(response)
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return login_not_required(answered)


@for_the_public
@require_http_methods(["GET", "POST"])
def survey_start(request: HttpRequest, slug: str, key: str = "") -> HttpResponse:
    """Whoever was given the address learns what it is about, what becomes of the answers, and starts."""
    survey = get_object_or_404(Survey.objects.select_related("review").prefetch_related("events", "forms"), key=slug)
    if not survey.is_asked(on=timezone.localdate()):
        return _closed(request, survey)
    if (survey.access == Access.INVITED) != bool(key):
        return _refused(request, survey, "This survey is answered by invitation. Open the link that you were sent.", status=404)
    if key:
        try:
            drafts.invitation_behind(survey, key)
        except RuleError as broken:
            return _refused(request, survey, f"{broken.what}. {broken.next_step}", status=404)
    if request.method == "POST":
        return _start(request, survey, key)
    return _start_page(request, survey, fault="")


@for_the_public
@require_safe
def answer_resume(request: HttpRequest, key: str) -> HttpResponse:
    """Whoever comes back goes on where they stopped."""
    draft = drafts.draft_behind(key)
    if draft is None:
        return _gone(request, key)
    stop = _filling(draft).first_open()
    return redirect(_address(key, stop.place) if stop else reverse("answer_check", args=[key]))


@for_the_public
@require_http_methods(["GET", "POST"])
def answer_question(request: HttpRequest, key: str, place: str) -> HttpResponse:
    """One question: it is answered, checked, and leads to the next."""
    draft = drafts.draft_behind(key)
    if draft is None:
        return _gone(request, key)
    if not draft.survey.is_asked(on=timezone.localdate()):
        return _closed(request, draft.survey)
    filling = _filling(draft)
    stop = filling.stop_at(place)
    if stop is None:  # the answer before it changed: it is not asked any more
        return redirect("answer_resume", key=key)
    if request.method == "POST":
        return _answered(request, draft, filling, stop, key)
    return _question_page(request, draft, filling, stop, key, given=None, fault="")


@for_the_public
@require_http_methods(["GET", "POST"])
def answer_check(request: HttpRequest, key: str) -> HttpResponse:
    """All answers in one view, to change or to hand in."""
    draft = drafts.draft_behind(key)
    if draft is None:
        return _gone(request, key)
    if not draft.survey.is_asked(on=timezone.localdate()):
        return _closed(request, draft.survey)
    filling = _filling(draft)
    stop = filling.first_open()
    if stop is not None:
        return redirect(_address(key, stop.place))
    fault = ""
    if request.method == "POST":
        if request.POST.get(TRAP):
            return _refused(request, draft.survey, "The hidden field was filled in, which people do not see.", status=400)
        try:
            hand_in(draft)
            return redirect("answer_done", key=key)
        except RuleError as broken:
            fault = f"{broken.what}. {broken.next_step}"
    language = draft.language
    context = {"survey": draft.survey, "key": key, "lines": answer_lines(filling, language=language), "trap": TRAP, "fault": fault}
    return render(request, "respond/check.html", context | {"lang": language_code(language)}, status=400 if fault else 200)


@for_the_public
@require_safe
def answer_later(request: HttpRequest, key: str) -> HttpResponse:
    """The secret address to come back to, and until when."""
    draft = drafts.draft_behind(key)
    if draft is None:
        return _gone(request, key)
    address = request.build_absolute_uri(reverse("answer_resume", args=[key]))
    return render(request, "respond/later.html", {"survey": draft.survey, "key": key, "address": address, "days": drafts.KEPT_DAYS})


@for_the_public
@require_safe
def answer_done(request: HttpRequest, key: str) -> HttpResponse:
    """The answers have arrived."""
    response = Response.objects.filter(digest=digest_of_key(key)).select_related("survey").first()
    if response is None:
        raise Http404("no such answers")
    return render(request, "respond/done.html", {"survey": response.survey, "pilot": response.is_pilot})


def _start(request: HttpRequest, survey: Survey, token: str) -> HttpResponse:
    if request.POST.get(TRAP):
        return _refused(request, survey, "The hidden field was filled in, which people do not see.", status=400)
    if too_often(request, what="survey", most=STARTS, seconds=WITHIN_SECONDS):
        refused = _refused(
            request, survey, "Many people began from here in the last minutes. Wait ten minutes, then try again.", status=429
        )
        refused.headers["Retry-After"] = str(WITHIN_SECONDS)
        return refused
    languages = survey.form.asked.languages
    language = request.POST.get("language", "")
    try:
        key = drafts.start_draft(survey, language=language if language in languages else languages[0], token=token)
    except RuleError as broken:
        return _refused(request, survey, f"{broken.what}. {broken.next_step}", status=409)
    return redirect("answer_resume", key=key)


def _start_page(request: HttpRequest, survey: Survey, *, fault: str) -> HttpResponse:
    asked = survey.form.asked
    newest = survey.newest
    context = {
        "survey": survey,
        "languages": [(name, _codeless(name), language_code(name)) for name in asked.languages] if len(asked.languages) > 1 else [],
        "minutes": max(round(check_form(for_design_checks(asked)).minutes), 1),
        "closes": newest.closes if newest else None,
        "invited": survey.access == Access.INVITED,
        "pilot": survey.is_pilot,
        "trap": TRAP,
        "fault": fault,
        "days": drafts.KEPT_DAYS,
    }
    return render(request, "respond/start.html", context)


def _answered(request: HttpRequest, draft: Draft, filling: Filling, stop: Stop, key: str) -> HttpResponse:
    given = _given(request, stop)
    seconds = seconds_since(request.POST.get("stamp", ""), place=stop.place)
    language = request.POST.get("language", draft.language)
    language = language if language in draft.form.asked.languages else draft.language
    if seconds is None:
        fault = "This page was open for too long. Answer again"
    else:
        checked = filling.check(stop, given, language=language)
        fault = checked.fault
    if fault or seconds is None:
        return _question_page(request, draft, filling, stop, key, given=given, fault=fault)
    draft.answers = drafts.keep_answer(draft, place=stop.place, value=checked.value, language=language, seconds=seconds).answers
    after = _filling(draft)
    if request.GET.get("back") == "check":
        open_stop = after.first_open()
        return redirect(_address(key, open_stop.place) if open_stop else reverse("answer_check", args=[key]))
    following = _neighbour(after, stop.place, step=1)
    return redirect(_address(key, following.place) if following else reverse("answer_resume", args=[key]))


def _question_page(
    request: HttpRequest, draft: Draft, filling: Filling, stop: Stop, key: str, *, given: list[str] | None, fault: str
) -> HttpResponse:
    languages = draft.form.asked.languages
    asked_for = request.GET.get("language", "") or request.POST.get("language", "")
    language = asked_for if asked_for in languages else draft.language or languages[0]
    before = _neighbour(filling, stop.place, step=-1)
    back = reverse("answer_check", args=[key]) if request.GET.get("back") == "check" else before and _address(key, before.place)
    context = {
        "survey": draft.survey,
        "key": key,
        "question": question_view(filling, stop, language=language, given=given, fault=fault),
        "field": FIELD,
        "stamp": stamp(stop.place),
        "language": language,
        "languages": [(name, _codeless(name), language_code(name)) for name in languages if name != language],
        "back": back,
        "pilot": draft.is_pilot,
    }
    return render(request, "respond/question.html", context, status=400 if fault else 200)


def _given(request: HttpRequest, stop: Stop) -> list[str]:
    """What the fields of a page hold."""
    if stop.entry is not None and stop.entry.kind == "date":
        return [request.POST.get(f"{FIELD}_{part}", "") for part, _, _ in PARTS]
    return request.POST.getlist(FIELD)


def _neighbour(filling: Filling, place: str, *, step: int) -> Stop | None:
    """The page before or after one; None at either end."""
    stops = filling.stops()
    at = next((number for number, stop in enumerate(stops) if stop.place == place), None)
    if at is None or not 0 <= at + step < len(stops):
        return None
    return stops[at + step]


def _filling(draft: Draft) -> Filling:
    return Filling(draft.form.asked, draft.answers, today=timezone.localdate())


def _address(key: str, place: str) -> str:
    return reverse("answer_question", args=[key, place])


def _codeless(language: str) -> str:
    """A language without its code, for people to read."""
    return language.rpartition(" (")[0] or language


def _gone(request: HttpRequest, key: str) -> HttpResponse:
    """The draft is not there: its answers were handed in, or it was deleted."""
    if Response.objects.filter(digest=digest_of_key(key)).exists():
        return redirect("answer_done", key=key)
    return render(request, "respond/refused.html", {"why": "These answers are not here: nobody came back to them in time."}, status=404)


def _closed(request: HttpRequest, survey: Survey) -> HttpResponse:
    newest = survey.newest
    opens = newest.opens if newest and newest.opens and newest.opens > timezone.localdate() else None
    why = f"It opens on {opens.day} {opens:%B %Y}." if opens else "It takes no answers any more. Thank you for coming."
    return _refused(request, survey, why, status=404)


def _refused(request: HttpRequest, survey: Survey, why: str, *, status: int) -> HttpResponse:
    return render(request, "respond/refused.html", {"survey": survey, "why": why}, status=status)
