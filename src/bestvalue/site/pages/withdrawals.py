"""Withdrawing evidence or a finding: what rests on it and so bars that, what else names it, and the reason."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from bestvalue.errors import RuleError
from bestvalue.record.assessment.models import Assessment, DocumentRequest, Inspection
from bestvalue.record.bodies.models import Person
from bestvalue.record.delivery.models import Recommendation
from bestvalue.record.practice.models import Practice
from bestvalue.record.reviews import changes
from bestvalue.record.reviews.models import Evidence, Finding, Marked, highest
from bestvalue.record.row_versions import EditedMeanwhileError
from bestvalue.record.scrutiny.models import Challenge
from bestvalue.site.forms.reviews import WithdrawForm
from bestvalue.site.pages.access import person_behind
from bestvalue.site.pages.form_page import FormPage, answer_form
from bestvalue.site.pages.things import note_reading

Named = tuple[str, str, Model]
"""Words, the address that they lead to, and the record that they tell of."""
WARNING = "It stays where it is, marked as withdrawn, with its reason and its history. It cannot be taken up again."


@require_http_methods(["GET", "POST"])
def evidence_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """The team asks "what rests on this?"; they change what those findings rest on, or withdraw the evidence with the reason."""
    person = person_behind(request)
    row = get_object_or_404(Evidence.objects.visible_to(request.user).select_related("review"), pk=pk)
    citing = list(Finding.objects.visible_to(request.user).standing().filter(evidence=row).select_related("strand"))
    return _answer(
        request,
        row,
        person=person,
        change=changes.withdraw_evidence,
        words=f"Evidence {row.reference}",
        bars=[(f"Finding {finding}", reverse("finding", args=[finding.pk]), finding) for finding in citing],
        mend="Change the evidence that each of these findings rests on, or withdraw the finding.",
        listed=_naming_evidence(row, request),
    )


@require_http_methods(["GET", "POST"])
def finding_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """The team asks "what rests on this?"; they change what those recommendations rest on, or withdraw the finding with the reason."""
    person = person_behind(request)
    row = get_object_or_404(Finding.objects.visible_to(request.user).select_related("review", "strand"), pk=pk)
    resting = Recommendation.objects.visible_to(request.user).not_withdrawn().filter(findings=row)
    return _answer(
        request,
        row,
        person=person,
        change=changes.withdraw_finding,
        words=f"Finding {row.reference}",
        bars=[(f"Recommendation {each.number}: {each.text}", reverse("recommendation", args=[each.pk]), each) for each in resting],
        mend="Change the findings that each of these recommendations rests on, or withdraw the recommendation.",
        listed=_naming_finding(row, request),
    )


def _answer(
    request: HttpRequest,
    row: Evidence | Finding,
    *,
    person: Person,
    change: Callable[..., Any],
    words: str,
    bars: list[Named],
    mend: str,
    listed: Iterable[Named],
) -> HttpResponse:
    kind = "evidence" if isinstance(row, Evidence) else "finding"
    row.review.check_editable(by=person)
    row.check_standing()
    note_reading(row, by=person)
    listed = list(listed)
    shown = [row, *(told for *_, told in (*bars, *listed) if isinstance(told, Marked))]
    address = reverse(kind, args=[row.pk])
    page = FormPage(
        heading=f"Withdraw the {kind}",
        button=f"Withdraw the {kind}",
        caption=str(row)[:200],
        breadcrumbs=[("Reviews", reverse("reviews")), (row.review.title, reverse("review", args=[row.review_id])), (words, address)],
        marking=highest(shown).value,
        warning=WARNING,
    )

    def save(*, version: int, reason: str) -> tuple[str, str]:
        try:
            change(row, version=version, reason=reason, by=person)
        except EditedMeanwhileError as met:
            raise RuleError(met.what, where=kind, next_step="Open this page again, and read what it says now.") from met
        return f"{words} is withdrawn", address

    form = WithdrawForm(request.POST or None, initial={"version": row.row_version})
    beside = {"bars": bars, "is_barred": bool(bars) or _is_barred(row), "mend": mend, "listed": listed}
    return answer_form(request, form, page=page, save=save, template="reviews/withdraw.html", beside=beside)


def _is_barred(row: Evidence | Finding) -> bool:
    """Whether something rests on it that the reader may not see."""
    try:
        row.check_withdrawable()
    except RuleError:
        return True
    return False


def _naming_evidence(row: Evidence, request: HttpRequest) -> Iterator[Named]:
    """What names evidence without resting on it as a finding does, as far as whoever withdraws it sees it."""
    # Whoever writes in the review is of the inspected body: they see its own grades, and those of the inspectors with the draft.
    seen = Assessment.objects.shown_to_inspected().filter(inspection__in=Inspection.objects.visible_to(request.user))
    for grade in seen.filter(sources__evidence=row).select_related("inspection").distinct():
        yield f"A grade of {grade.inspection}: {grade}", reverse("inspection", args=[grade.inspection_id]), grade
    for asked in DocumentRequest.objects.visible_to(request.user).filter(evidence=row):
        yield f"{asked.reference} of an inspection, which it answers", reverse("inspection", args=[asked.inspection_id]), asked
    for practice in Practice.objects.visible_to(request.user).filter(finding__evidence=row):
        yield f"Good practice that a finding from it holds up: {practice}", reverse("practice_one", args=[practice.pk]), practice


def _naming_finding(row: Finding, request: HttpRequest) -> Iterator[Named]:
    """What asks about a finding or holds it up, as far as whoever withdraws it sees it."""
    for challenge in Challenge.objects.visible_to(request.user).filter(finding=row):
        yield f"Challenge {challenge.reference}, which asks about it", reverse("challenge", args=[challenge.pk]), challenge
    for practice in Practice.objects.visible_to(request.user).filter(finding=row):
        yield f"Good practice that it holds up: {practice}", reverse("practice_one", args=[practice.pk]), practice
