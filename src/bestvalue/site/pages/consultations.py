"""The consultation of a review: its surveys, and the log of who was heard and what changed because of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from bestvalue.record.bodies.models import User
from bestvalue.record.consultation import changes
from bestvalue.record.consultation.models import Changed, Consultation, ConsultationOutcome, How, Survey
from bestvalue.record.delivery.models import Recommendation
from bestvalue.record.reviews.life_cycle import ENDED
from bestvalue.record.reviews.models import Finding, Review
from bestvalue.record.scrutiny.models import Challenge
from bestvalue.site.forms.consultation import HeardForm, OutcomeForm
from bestvalue.site.pages.access import person_behind
from bestvalue.site.pages.downloads import text_download
from bestvalue.site.pages.form_page import FormPage, answer_form
from bestvalue.site.presenters.consultation import CHANGED, STANDING, HeardLine, waiting_words, who_words
from bestvalue.site.presenters.spreadsheet import as_csv

WARNING = "What is recorded stays in the log, and cannot be changed afterwards."


@dataclass(frozen=True, kw_only=True)
class Seen:
    """Keys of what somebody may read, so that the log leads nowhere else."""

    findings: frozenset[int]
    recommendations: frozenset[int]
    challenges: frozenset[int]


@require_safe
def review_consultation(request: HttpRequest, pk: int) -> HttpResponse:
    """Whoever reads the review asks: who was asked, what did they say, and what changed because of it?"""
    person, review = person_behind(request), _review(request, pk)
    surveys = Survey.objects.visible_to(request.user).filter(review=review).prefetch_related("events")
    rows = _rows(request, review)
    seen = seen_by(request.user, review)
    how, changed = request.GET.get("how", ""), request.GET.get("changed", "")
    may_add = review.stage not in ENDED and review.is_editable_by(person)
    return render(
        request,
        "consultation/consultation.html",
        {
            "breadcrumbs": _crumbs(review),
            "marking": "OFFICIAL",
            "review": review,
            "surveys": [(STANDING[survey.standing], survey, survey.newest) for survey in surveys],
            "lines": [heard_line(row, seen) for row in _filtered(rows, how=how, changed=changed)],
            "all": len(rows),
            "waiting": waiting_words(sum(row.newest is None for row in rows)),
            "ways": [("", "Every way"), *How.choices],
            "outcomes": [("", "Whatever came of it"), ("open", "Not answered"), *Changed.choices],
            "how": how,
            "changed": changed,
            "query": request.GET.urlencode(),
            "may_add": may_add,
        },
    )


@require_safe
def review_consultation_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """The log as a file."""
    person_behind(request)
    review = _review(request, pk)
    seen = seen_by(request.user, review)
    rows = _filtered(_rows(request, review), how=request.GET.get("how", ""), changed=request.GET.get("changed", ""))
    lines = [heard_line(row, seen) for row in rows]
    header = ("reference", "who", "day", "how", "what they said", "what came of it", "what we did", "about")
    text = as_csv(
        header,
        (
            (
                line.reference,
                line.who,
                line.when.isoformat(),
                line.how,
                line.said,
                line.tag.words,
                line.did,
                "; ".join(w for w, _ in line.about),
            )
            for line in lines
        ),
    )
    return text_download(text, name=f"consultation-review-{review.pk}-OFFICIAL.csv")


@require_http_methods(["GET", "POST"])
def review_consultation_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Whoever leads the consultation puts on record who was heard and what they said."""
    person, review = person_behind(request), _review(request, pk)
    review.check_editable(by=person)
    page = FormPage(
        heading="Record who was heard",
        button="Put it on record",
        caption=review.title,
        breadcrumbs=[*_crumbs(review), ("Consultation", reverse("review_consultation", args=[review.pk]))],
        lead=("What changed because of it is recorded next, when it is known.",),
        warning=WARNING,
    )

    def save(**said: Any) -> tuple[str, str]:
        heard = changes.record_consultation(review, by=person, **said)
        return f"{heard.reference} is on record", reverse("review_heard", args=[heard.pk])

    first = {"on": timezone.localdate(), "survey": request.GET.get("survey")}
    form = HeardForm(request.POST or None, review=review, user=_user(request), initial=first)
    return answer_form(request, form, page=page, save=save)


@require_safe
def review_heard(request: HttpRequest, pk: int) -> HttpResponse:
    """One row of the log: what was said, and everything that came of it."""
    person, heard = person_behind(request), _heard(request, pk)
    seen = seen_by(request.user, heard.review)
    return render(
        request,
        "consultation/heard.html",
        {
            "breadcrumbs": [*_crumbs(heard.review), ("Consultation", reverse("review_consultation", args=[heard.review_id]))],
            "marking": "OFFICIAL",
            "heard": heard,
            "line": heard_line(heard, seen),
            "outcomes": [(outcome, links_of(outcome, seen)) for outcome in heard.outcomes.all()],
            "may_answer": heard.review.stage not in ENDED and heard.review.is_editable_by(person),
        },
    )


@require_http_methods(["GET", "POST"])
def review_heard_outcome(request: HttpRequest, pk: int) -> HttpResponse:
    """Whoever leads the consultation says what changed because of it."""
    person, heard = person_behind(request), _heard(request, pk)
    heard.review.check_editable(by=person)
    page = FormPage(
        heading="What changed because of it?",
        button="Put it on record",
        caption=f"{heard.reference} {heard.who}: {heard.said}",
        breadcrumbs=[*_crumbs(heard.review), (heard.reference, reverse("review_heard", args=[heard.pk]))],
        warning=WARNING,
    )

    def save(**said: Any) -> tuple[str, str]:
        changes.record_outcome(heard, by=person, **said)
        return f"{heard.reference} is answered", reverse("review_heard", args=[heard.pk])

    form = OutcomeForm(request.POST or None, review=heard.review, user=_user(request), initial={"on": timezone.localdate()})
    return answer_form(request, form, page=page, save=save)


def seen_by(user: Any, review: Review) -> Seen:
    """What of a review somebody may read, in one query however much there is."""
    kinds = (("finding", Finding), ("recommendation", Recommendation), ("challenge", Challenge))
    parts = [
        model.objects.visible_to(user).filter(review=review).order_by().annotate(of=Value(name)).values_list("of", "pk")
        for name, model in kinds
    ]
    keys: dict[str, set[int]] = {name: set() for name, _ in kinds}
    for kind, key in parts[0].union(*parts[1:], all=True):
        keys[kind].add(key)
    return Seen(
        findings=frozenset(keys["finding"]), recommendations=frozenset(keys["recommendation"]), challenges=frozenset(keys["challenge"])
    )


def heard_line(row: Consultation, seen: Seen) -> HeardLine:
    """A row of the log in words."""
    newest = row.newest
    about = links_of(row, seen)
    if row.strand is not None:
        about = ((f"Strand {row.strand.number}: {row.strand.name}", ""), *about)
    if row.survey is not None:
        about = (*about, (f"Survey {row.survey.reference}", reverse("review_survey", args=[row.survey.pk])))
    if row.challenge is not None and row.challenge.pk in seen.challenges:
        about = (*about, (f"Challenge {row.challenge.reference}", reverse("challenge", args=[row.challenge.pk])))
    if newest is not None:
        about = (*about, *(link for link in links_of(newest, seen) if link not in about))
    return HeardLine(
        reference=row.reference,
        who=who_words(row.who, row.people),
        when=row.on,
        how=row.get_how_display(),
        said=row.said,
        did=newest.text if newest else "",
        tag=CHANGED[newest.changed if newest else ""],
        about=about,
        address=reverse("review_heard", args=[row.pk]),
    )


def links_of(row: Consultation | ConsultationOutcome, seen: Seen) -> tuple[tuple[str, str], ...]:
    """The finding and the recommendation that a row names, where the reader may see them."""
    links = []
    if row.finding is not None and row.finding.pk in seen.findings:
        links.append((f"Finding {row.finding.reference}", reverse("finding", args=[row.finding.pk])))
    if row.recommendation is not None and row.recommendation.pk in seen.recommendations:
        links.append((f"Recommendation {row.recommendation.number}", reverse("recommendation", args=[row.recommendation.pk])))
    return tuple(links)


def _rows(request: HttpRequest, review: Review) -> list[Consultation]:
    return list(Consultation.objects.visible_to(request.user).filter(review=review).for_the_log())


def _filtered(rows: Iterable[Consultation], *, how: str, changed: str) -> list[Consultation]:
    found = [row for row in rows if how in ("", row.how)]
    if changed == "open":
        return [row for row in found if row.newest is None]
    return [row for row in found if not changed or (row.newest is not None and row.newest.changed == changed)]


def _review(request: HttpRequest, pk: int) -> Review:
    return get_object_or_404(Review.objects.visible_to(request.user).prefetch_related("stages"), pk=pk)


def _heard(request: HttpRequest, pk: int) -> Consultation:
    seen = Consultation.objects.visible_to(request.user).for_the_log()
    return get_object_or_404(seen.select_related("review", "strand", "finding__strand", "recommendation", "survey", "challenge"), pk=pk)


def _user(request: HttpRequest) -> User:
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - `person_behind` let nobody else in
    return user


def _crumbs(review: Review) -> list[tuple[str, str]]:
    return [("Reviews", reverse("reviews")), (review.title, reverse("review", args=[review.pk]))]
