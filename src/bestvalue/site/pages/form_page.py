"""A page that is one form: it shows the form, makes the change, and says on the next page that it was made."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from bestvalue.errors import RuleError
from bestvalue.record.row_versions import EditedMeanwhileError
from bestvalue.site.forms.edits import read_anew
from bestvalue.site.forms.rules import add_broken
from bestvalue.site.presenters.edits import difference_rows


@dataclass(frozen=True, kw_only=True)
class FormPage:
    """The words around a form.

    Args:
        heading: what somebody does here.
        button: the same as an order.
        breadcrumbs: words and addresses of the pages above.
        caption: what it is about.
        lead: what to know first, a paragraph each.
        marking: security marking of what the page shows.
        warning: what cannot be undone.
        takes_files: the form brings files.
    """

    heading: str
    button: str
    breadcrumbs: list[tuple[str, str]]
    caption: str = ""
    lead: tuple[str, ...] = ()
    marking: str = "OFFICIAL"
    warning: str = ""
    takes_files: bool = False


def answer_form(
    request: HttpRequest,
    form: forms.Form,
    *,
    page: FormPage,
    save: Callable[..., tuple[str, str]],
    template: str = "forms/page.html",
    beside: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Show the form, or make its change and go on.

    Args:
        request: whose answers the form holds.
        form: bound to the request where it was sent.
        page: the words around it.
        save: makes the change from the cleaned answers; returns what to say, and the address to go on to.
        template: of the page, where more than the form stands on it.
        beside: what that template shows beside the form.
    """
    if form.is_valid():
        try:
            said, address = save(**form.cleaned_data)
        except EditedMeanwhileError as met:
            return _show_both(request, form, page=page, met=met)
        except RuleError as broken:
            add_broken(form, broken)
        else:
            messages.success(request, said)
            return redirect(address)
    context: dict[str, Any] = {"page": page, "form": form, "breadcrumbs": page.breadcrumbs, "marking": page.marking}
    return render(request, template, context | dict(beside or {}))


def _show_both(request: HttpRequest, form: forms.Form, *, page: FormPage, met: EditedMeanwhileError) -> HttpResponse:
    """Somebody else wrote meanwhile: what both wrote, side by side, and the form as it was typed; to send it again is to choose."""
    back = page.breadcrumbs[-1][1] if page.breadcrumbs else ""
    context = {"page": page, "form": read_anew(form, met), "breadcrumbs": page.breadcrumbs, "marking": page.marking}
    return render(
        request, "forms/edit.html", {**context, "back": back, "differences": difference_rows(met, form)}, status=HTTPStatus.CONFLICT
    )
