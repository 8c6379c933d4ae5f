"""Changing a record that is there already: one page for each kind, all built alike, and one way when two people meet."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from bestvalue.errors import RuleError
from bestvalue.record.bodies import changes as bodies
from bestvalue.record.bodies.models import Body, Person, check_keeps_people
from bestvalue.record.delivery import changes as delivery
from bestvalue.record.delivery.models import Action, Recommendation, check_answers
from bestvalue.record.programme import changes as programme
from bestvalue.record.programme.models import CandidateService, check_scores
from bestvalue.record.reviews import changes as reviews
from bestvalue.record.reviews.models import Aim, Evidence, Finding, Marked, Review, Strand, highest
from bestvalue.record.row_versions import EditedMeanwhileError
from bestvalue.site.forms import edits as forms
from bestvalue.site.forms.aims import EditAimForm
from bestvalue.site.forms.rules import add_broken
from bestvalue.site.pages.access import person_behind
from bestvalue.site.pages.form_page import FormPage
from bestvalue.site.pages.things import note_reading
from bestvalue.site.presenters.edits import difference_rows


@dataclass(frozen=True, kw_only=True)
class EditPage:
    """A kind of record that can be changed.

    Args:
        heading: of the page.
        find: the rows of this kind that a user sees.
        form: its questions.
        check: refuses whoever may not change such a row, before the form is shown.
        change: makes the change.
        back: the address of the row's own page.
        among: the other records that a user sees among which the row names some, for a form with such a question.
    """

    heading: str
    find: Callable[[Any], Any]
    form: type[forms.EditForm]
    check: Callable[[Any, Person], None]
    change: Callable[..., Model]
    back: Callable[[Any], str]
    among: Callable[[Any, Any], QuerySet[Any]] | None = None


def _check_work_on(row: Evidence | Finding, by: Person) -> None:
    row.review.check_editable(by=by)
    row.check_standing()


EDITS: Mapping[str, EditPage] = {
    "review": EditPage(
        heading="Change what the review says of itself",
        find=lambda user: Review.objects.visible_to(user),
        form=forms.EditReviewForm,
        check=lambda row, by: row.check_editable(by=by),
        change=reviews.edit_review,
        back=lambda row: reverse("review", args=[row.pk]),
    ),
    "aim": EditPage(
        heading="Word or measure the aim anew",
        find=lambda user: Aim.objects.visible_to(user),
        form=EditAimForm,
        check=lambda row, by: row.review.check_editable(by=by),
        change=reviews.edit_aim,
        back=lambda row: reverse("review_aims", args=[row.review_id]),
    ),
    "strand": EditPage(
        heading="Change the strand",
        find=lambda user: Strand.objects.filter(review__in=Review.objects.visible_to(user)),
        form=forms.EditStrandForm,
        check=lambda row, by: row.review.check_editable(by=by),
        change=reviews.edit_strand,
        back=lambda row: reverse("review", args=[row.review_id]),
    ),
    "evidence": EditPage(
        heading="Change what the evidence says of itself",
        find=lambda user: Evidence.objects.visible_to(user),
        form=forms.EditEvidenceForm,
        check=_check_work_on,
        change=lambda row, *, among, **said: reviews.edit_evidence(row, **said),  # noqa: ARG005 - every strand of a review is seen
        back=lambda row: reverse("evidence", args=[row.pk]),
        among=lambda row, user: row.review.strands.all(),  # noqa: ARG005 - whoever sees a review sees its strands
    ),
    "finding": EditPage(
        heading="Word the finding anew",
        find=lambda user: Finding.objects.visible_to(user),
        form=forms.EditFindingForm,
        check=_check_work_on,
        change=reviews.edit_finding,
        back=lambda row: reverse("finding", args=[row.pk]),
    ),
    "citations": EditPage(
        heading="Change the evidence that the finding rests on",
        find=lambda user: Finding.objects.visible_to(user).select_related("strand"),
        form=forms.CitationsForm,
        check=_check_work_on,
        change=reviews.change_citations,
        back=lambda row: reverse("finding", args=[row.pk]),
        among=lambda row, user: Evidence.objects.visible_to(user).standing().filter(review=row.review_id),
    ),
    "grounds": EditPage(
        heading="Change the findings that the recommendation rests on",
        find=lambda user: Recommendation.objects.visible_to(user).filter(review__isnull=False),
        form=forms.GroundsForm,
        check=lambda row, by: check_answers(row, by=by),
        change=delivery.change_grounds,
        back=lambda row: reverse("recommendation", args=[row.pk]),
        among=lambda row, user: Finding.objects.visible_to(user).standing().filter(review=row.review_id).select_related("strand"),
    ),
    "recommendation": EditPage(
        heading="Word the recommendation anew",
        find=lambda user: Recommendation.objects.visible_to(user),
        form=forms.EditRecommendationForm,
        check=lambda row, by: check_answers(row, by=by),
        change=delivery.edit_recommendation,
        back=lambda row: reverse("recommendation", args=[row.pk]),
    ),
    "action": EditPage(
        heading="Change the action",
        find=lambda user: Action.objects.visible_to(user),
        form=forms.EditActionForm,
        check=lambda row, by: check_answers(row.recommendation, by=by),
        change=delivery.edit_action,
        back=lambda row: reverse("action", args=[row.pk]),
    ),
    "lead": EditPage(
        heading="Change who leads the action, and when it starts",
        find=lambda user: Action.objects.visible_to(user).select_related("lead", "recommendation"),
        form=forms.EditLeadForm,
        check=lambda row, by: check_answers(row.recommendation, by=by),
        change=delivery.change_lead,
        back=lambda row: reverse("action", args=[row.pk]),
    ),
    "body": EditPage(
        heading="Change the body",
        find=lambda user: Body.objects.all(),  # noqa: ARG005 - who is who, everyone with a place sees
        form=forms.EditBodyForm,
        check=lambda row, by: check_keeps_people(by),  # noqa: ARG005 - the rule is about the person alone
        change=bodies.edit_body,
        back=lambda row: reverse("body", args=[row.pk]),
    ),
    "person": EditPage(
        heading="Change the person",
        find=lambda user: Person.objects.visible_to(user),
        form=forms.EditPersonForm,
        check=lambda row, by: check_keeps_people(by),  # noqa: ARG005 - the rule is about the person alone
        change=bodies.edit_person,
        back=lambda row: reverse("bodies"),  # noqa: ARG005 - a person has no page of their own
    ),
    "service": EditPage(
        heading="Change the candidate service",
        find=lambda user: CandidateService.objects.visible_to(user),
        form=forms.EditCandidateForm,
        check=lambda row, by: check_scores(row.programme, by=by),
        change=programme.edit_candidate,
        back=lambda row: reverse("programme_service", args=[row.pk]),
    ),
}


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, name: str, pk: int) -> HttpResponse:
    """Whoever writes asks "what does it say, and what should it?", and saves; when two meet, the second sees both and chooses."""
    kind = EDITS.get(name)
    if kind is None:
        raise Http404("nothing of that kind can be changed")
    person = person_behind(request)
    row = get_object_or_404(kind.find(request.user), pk=pk)
    kind.check(row, person)
    note_reading(row, by=person)
    more = {"among": kind.among(row, request.user)} if kind.among else {}
    form, met = kind.form(request.POST or None, row=row, **more), None
    if form.is_valid():
        try:
            kind.change(row, version=form.cleaned_data["version"], mine=form.mine(), by=person, **more)
        except EditedMeanwhileError as both:
            met, form = both, form.after(both)
        except RuleError as broken:
            add_broken(form, broken)
        else:
            messages.success(request, "The change is kept; what it said before stays in its history")
            return redirect(kind.back(row))
    page = FormPage(heading=kind.heading, button="Save", breadcrumbs=[("Back", kind.back(row))], caption=str(row)[:200])
    context: dict[str, Any] = {"page": page, "form": form, "breadcrumbs": page.breadcrumbs, "back": kind.back(row)}
    shown = [row, *more.get("among", ())]
    marking = highest(one for one in shown if isinstance(one, Marked)).value
    both_wrote = difference_rows(met, form) if met else ()
    return render(request, "forms/edit.html", {**context, "marking": marking, "differences": both_wrote}, status=409 if met else 200)
