"""The text of an inspection's report: writing it, commenting on its facts, and what changed since the draft."""

from typing import Any

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from bestvalue.record.assessment import changes
from bestvalue.record.assessment.models import AccuracyComment, DraftParagraph, DraftSection, Inspection
from bestvalue.record.assessment.steps import WRITING, Step
from bestvalue.record.assessment.wording import changed_since
from bestvalue.record.bodies.models import Person
from bestvalue.site.forms.assessment import CommentForm, DisposeForm, ParagraphForm, RewordForm
from bestvalue.site.pages.access import person_behind
from bestvalue.site.pages.form_page import FormPage, answer_form
from bestvalue.site.pages.inspections import crumbs_of, seen
from bestvalue.site.presenters.assessment import OUTCOME
from bestvalue.site.presenters.wording import compare_words


@require_safe
def inspection_text(request: HttpRequest, pk: int) -> HttpResponse:
    """The report as it stands, with comments beside the paragraphs that they are about."""
    person = person_behind(request)
    found = seen(request, pk)
    rows = list(
        DraftParagraph.objects.visible_to(request.user)
        .filter(section__inspection=found)
        .select_related("section", "addressed_to")
        .prefetch_related("texts", Prefetch("comments", AccuracyComment.objects.select_related("body", "disposition")))
    )
    if found.place_of(person) is None and not found.has_reached(Step.ACCURACY):
        raise Http404("no report yet")
    by_section = {
        section: [(row, [(OUTCOME[_outcome(each)], each) for each in row.comments.all()]) for row in rows if row.section_id == section.pk]
        for section in found.sections.all()
    }
    with_sections = {section.number.partition(".")[0] for section in by_section if "." in section.number}
    writes = found.place_of(person) is not None and found.step in WRITING
    return render(
        request,
        "inspections/text.html",
        {
            "breadcrumbs": crumbs_of(found),
            "inspection": found,
            "sections": by_section.items(),
            "writes": writes,
            "closed_chapters": with_sections,
            "answers": writes and found.step is Step.ACCURACY,
            "comments": found.step is Step.ACCURACY and found.place_of(person) is None and found.speaks_for_inspected(person) is not None,
            "draft": max(found.drafts.all(), key=lambda draft: draft.pk, default=None),
        },
    )


@require_safe
def inspection_comparison(request: HttpRequest, pk: int) -> HttpResponse:
    """What changed between the newest draft and the text as it stands, word by word, and why."""
    person = person_behind(request)
    found = seen(request, pk)
    draft = found.drafts.order_by("pk").first()
    if draft is None or (found.place_of(person) is None and not found.has_reached(Step.PUBLISHED)):
        raise Http404("no draft to compare with")
    pieces = [(each, compare_words(each.before, each.after)) for each in changed_since(draft)]
    return render(
        request, "inspections/comparison.html", {"breadcrumbs": crumbs_of(found), "inspection": found, "draft": draft, "changed": pieces}
    )


@require_http_methods(["GET", "POST"])
def inspection_paragraph_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a paragraph to a section."""
    person = person_behind(request)
    section = get_object_or_404(DraftSection, pk=pk)
    found = _written(request, section.inspection_id, person)

    def save(**said: Any) -> tuple[str, str]:
        added = changes.add_paragraph(section, by=person, **said)
        return f"Paragraph {added.number} is added", _address(found, added)

    page = FormPage(heading="Add a paragraph", button="Add the paragraph", breadcrumbs=_crumbs(found), caption=str(section))
    return answer_form(request, ParagraphForm(request.POST or None, inspection=found), page=page, save=save)


@require_http_methods(["GET", "POST"])
def inspection_paragraph(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what a paragraph says, or withdraw it."""
    person = person_behind(request)
    paragraph = get_object_or_404(DraftParagraph.objects.visible_to(request.user).select_related("section"), pk=pk)
    found = _written(request, paragraph.section.inspection_id, person)

    def save(**said: Any) -> tuple[str, str]:
        changes.reword(paragraph, by=person, **said)
        return f"Paragraph {paragraph.number} is changed", _address(found, paragraph)

    page = FormPage(
        heading=f"Change paragraph {paragraph.number}", button="Change it", breadcrumbs=_crumbs(found), caption=str(paragraph.section)
    )
    form = RewordForm(request.POST if request.method == "POST" else None, initial={"text": paragraph.text, "read": paragraph.newest.pk})
    return answer_form(request, form, page=page, save=save)


@require_http_methods(["GET", "POST"])
def inspection_comment(request: HttpRequest, pk: int) -> HttpResponse:
    """An inspected body says what is not right in a paragraph."""
    person = person_behind(request)
    paragraph = get_object_or_404(DraftParagraph.objects.visible_to(request.user).select_related("section"), pk=pk)
    found = seen(request, paragraph.section.inspection_id)
    draft = found.drafts.order_by("-pk").first()
    if draft is None:
        raise Http404("no draft")

    def save(**said: Any) -> tuple[str, str]:
        changes.comment(draft, paragraph=paragraph, by=person, **said)
        return f"Your comment on {paragraph.number} is on record", _address(found, paragraph)

    page = FormPage(
        heading=f"Comment on paragraph {paragraph.number}",
        button="Put the comment on record",
        breadcrumbs=_crumbs(found),
        caption=str(paragraph.section),
        lead=(paragraph.text, "Say what is not right in its facts. Whether the judgement is fair is not asked here."),
    )
    return answer_form(request, CommentForm(request.POST or None), page=page, save=save)


@require_http_methods(["GET", "POST"])
def inspection_comment_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """An inspector says what became of a comment."""
    person = person_behind(request)
    rows = AccuracyComment.objects.visible_to(request.user).select_related("draft", "paragraph__section", "body")
    made = get_object_or_404(rows, pk=pk)
    found = _written(request, made.draft.inspection_id, person)

    def save(**said: Any) -> tuple[str, str]:
        changes.dispose(made, by=person, **said)
        return "The comment is answered", _address(found, made.paragraph)

    wording = (f"It should say: {made.wording}",) if made.wording else ()
    page = FormPage(
        heading="Answer a comment",
        button="Keep the answer",
        breadcrumbs=_crumbs(found),
        caption=f"{made.body} on paragraph {made.paragraph.number}",
        lead=(made.text, *wording),
    )
    return answer_form(request, DisposeForm(request.POST or None), page=page, save=save)


def _written(request: HttpRequest, pk: int, person: Person) -> Inspection:
    """The inspection, for its inspectors alone."""
    found = seen(request, pk)
    if found.place_of(person) is None:
        raise Http404("no such inspection")
    return found


def _address(found: Inspection, paragraph: DraftParagraph) -> str:
    return f"{reverse('inspection_text', args=[found.pk])}#paragraph-{paragraph.number}"


def _crumbs(found: Inspection) -> list[tuple[str, str]]:
    return [*crumbs_of(found), ("Report", reverse("inspection_text", args=[found.pk]))]


def _outcome(comment: AccuracyComment) -> str:
    return comment.disposition.outcome if hasattr(comment, "disposition") else ""
