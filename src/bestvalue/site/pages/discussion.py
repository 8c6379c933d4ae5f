"""Comments on anything and tags to find it by: for whoever sees the thing, and for nobody else."""

from typing import Any

from django.contrib import messages
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Person
from bestvalue.record.discussion import changes
from bestvalue.record.discussion.models import Comment, Tag
from bestvalue.record.discussion.things import KINDS, Kind
from bestvalue.record.reviews.models import Marking
from bestvalue.site.forms.discussion import CommentForm, TagForm
from bestvalue.site.pages.access import person_behind
from bestvalue.site.pages.form_page import FormPage, answer_form
from bestvalue.site.pages.things import address_of, marking_of, note_reading
from bestvalue.site.presenters.discussion import TagLine, ThingLine, thread

STAYS = "A comment stays as it is said: it cannot be changed or taken back."


@require_http_methods(["GET", "POST"])
def discussion(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Anyone who sees a thing asks "what do others say of it?", and says something or sets a tag; ?reply_to names a comment."""
    person = person_behind(request)
    found, thing = _thing(request, kind, pk)
    said = list(Comment.objects.on(thing).select_related("by"))
    asked = request.GET.get("reply_to", "")
    reply_to = next((comment for comment in said if str(comment.pk) == asked), None) if asked else None
    if asked and reply_to is None:
        raise Http404("no such comment")
    if request.method == "POST" or reply_to is not None:
        return _say(request, found, thing, reply_to, person)
    note_reading(thing, by=person)
    tags = [TagLine(word=tag.word, may_take_off=tag.by_id == person.pk) for tag in Tag.objects.on(thing)]
    context = {
        "breadcrumbs": _crumbs(found, thing),
        "marking": marking_of(thing),
        "thing": thing,
        "kind": found,
        "threads": thread(said),
        "tags": tags,
        "form": CommentForm(),
    }
    return render(request, "discussion/discussion.html", context)


def _say(request: HttpRequest, kind: Kind, thing: Model, reply_to: Comment | None, person: Person) -> HttpResponse:
    here = reverse("discussion", args=[kind.word, thing.pk])
    page = FormPage(
        heading="Reply to a comment" if reply_to else "Comment on it",
        button="Say it",
        caption=kind.name(thing)[:200],
        breadcrumbs=[*_crumbs(kind, thing), ("Comments and tags", here)],
        marking=marking_of(thing),
        lead=(f"{reply_to.by}: {reply_to.text}",) if reply_to else (),
        warning=STAYS,
    )

    def save(**said: Any) -> tuple[str, str]:
        changes.comment(thing, by=person, reply_to=reply_to, **said)
        return "Your comment is recorded", here

    return answer_form(request, CommentForm(request.POST or None), page=page, save=save)


@require_http_methods(["GET", "POST"])
def tag_set(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Anyone who sees a thing sets a word on it, by which everybody finds it later."""
    person = person_behind(request)
    found, thing = _thing(request, kind, pk)
    here = reverse("discussion", args=[kind, pk])
    page = FormPage(
        heading="Set a tag",
        button="Set the tag",
        caption=found.name(thing)[:200],
        breadcrumbs=[*_crumbs(found, thing), ("Comments and tags", here)],
        marking=marking_of(thing),
    )

    def save(*, word: str) -> tuple[str, str]:
        tag = changes.set_tag(thing, word=word, by=person)
        return f"It has the tag “{tag.word}”", here

    return answer_form(request, TagForm(request.POST or None), page=page, save=save)


@require_POST
def tag_off(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Whoever set a tag takes it off again."""
    person = person_behind(request)
    _, thing = _thing(request, kind, pk)
    try:
        taken = changes.take_tag_off(thing, word=request.POST.get("word", ""), by=person)
    except RuleError as broken:
        messages.warning(request, f"{broken.what}. {broken.next_step}")
    else:
        messages.success(request, f"The tag “{taken.word}” is taken off")
    return redirect("discussion", kind=kind, pk=pk)


@require_safe
def tags(request: HttpRequest) -> HttpResponse:
    """Anyone asks "which tags are there?", each with how many of the things that they see have it."""
    person_behind(request)
    return render(request, "discussion/tags.html", {"counted": list(Tag.objects.visible_to(request.user).counted())})


@require_safe
def tag(request: HttpRequest, word: str) -> HttpResponse:
    """Anyone asks "what has this tag?", and opens it."""
    person_behind(request)
    held = list(Tag.objects.visible_to(request.user).set_now().filter(word=word).values_list("kind", "thing"))
    if not held:
        raise Http404("nothing that you see has this tag")
    lines, marking = [], Marking.OFFICIAL
    for kind in KINDS.values():
        wanted = [pk for word_of_kind, pk in held if word_of_kind == kind.word]
        rows = list(kind.seen_by(request.user).filter(pk__in=wanted)) if wanted else []
        marking = max([marking, *(marking_of(row) for row in rows)], key=[*Marking].index)
        lines += [ThingLine(kind=kind.label, name=kind.name(row), address=address_of(kind.word, row)) for row in rows]
    context = {"breadcrumbs": [("Tags", reverse("tags"))], "word": word, "lines": lines, "marking": marking}
    return render(request, "discussion/tag.html", context)


def _thing(request: HttpRequest, word: str, pk: int) -> tuple[Kind, Model]:
    if word not in KINDS:
        raise Http404("nothing of that kind can be commented on")
    kind = KINDS[word]
    thing: Model = get_object_or_404(kind.seen_by(request.user), pk=pk)
    return kind, thing


def _crumbs(kind: Kind, thing: Model) -> list[tuple[str, str]]:
    return [(kind.label, address_of(kind.word, thing))]
