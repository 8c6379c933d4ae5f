"""The rows of a bundle, written into this record under keys of its own; bodies and people that are known here are found, not doubled."""

from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.db import models

from bestvalue.errors import RuleError, WorkspaceError
from bestvalue.record.bodies.models import Body, Membership, Person
from bestvalue.record.bundle.belonging import APPS, keys_of
from bestvalue.record.bundle.opening import Opened
from bestvalue.record.discussion.models import Comment, Tag
from bestvalue.record.discussion.things import KINDS
from bestvalue.record.programme.models import CandidateService, Programme
from bestvalue.record.reviews.models import Review

Keys = dict[tuple[str, Any], int]
"""The key here of each row, by its model and its key there."""

ALLOWED = (*APPS, "bodies")


def restore(opened: Opened) -> tuple[Review, dict[str, int]]:
    """Write the rows of a bundle.

    Returns:
        The review, and how many rows of each kind were written; those that were found here are not counted.

    Raises:
        RuleError: the review is in the record already.
        WorkspaceError: a row is of a kind, or has a field, that this version does not know.
    """
    keys: Keys = {}
    new_people: set[int] = set()
    counts: dict[str, int] = {}
    waiting = list(opened.rows)
    while waiting:
        only_history = all(_is_history(row) for row in waiting)
        later = []
        for row in waiting:
            if not _is_ready(row, keys, only_history=only_history):
                later.append(row)
            elif _write(row, keys, new_people, where=opened.source.name):
                counts[row["model"]] = counts.get(row["model"], 0) + 1
        if len(later) == len(waiting):
            raise WorkspaceError(
                "Rows of the bundle point to rows that are not in it", where=opened.source.name, next_step="Make it again."
            )
        waiting = later
    review = next(row for row in opened.rows if row["model"] == "reviews.review")
    return Review.objects.get(pk=keys["reviews.review", review["pk"]]), counts


def _model(label: str, *, where: str) -> type[models.Model]:
    app, _, _ = label.partition(".")
    try:
        model = apps.get_model(label)
    except LookupError:
        model = None
    if model is None or app not in ALLOWED or label == "bodies.user":
        raise WorkspaceError(f"The bundle has rows of the kind {label!r}", where=where, next_step="Make it with the same version.")
    return model


def _is_history(row: Mapping[str, Any]) -> bool:
    return str(row["model"]).partition(".")[2].startswith("historical")


def _is_ready(row: Mapping[str, Any], keys: Keys, *, only_history: bool) -> bool:
    """Whether everything that a row points to is written; what is not in the bundle at all, such as a sign-in, is not waited for."""
    model = apps.get_model(row["model"])
    if _is_history(row):
        return only_history  # what it tells of has its key here then
    for key in keys_of(model):
        target = key.remote_field.model._meta.label_lower
        value = row["fields"].get(key.name)
        if value is not None and not target.startswith("bodies.user") and (target, value) not in keys:
            return False
    return model not in (Comment, Tag) or _said_about(row) in keys


def _said_about(row: Mapping[str, Any]) -> tuple[str, int]:
    return KINDS[row["fields"]["kind"]].model._meta.label_lower, row["fields"]["thing"]


def _write(row: Mapping[str, Any], keys: Keys, new_people: set[int], *, where: str) -> bool:
    model = _model(row["model"], where=where)
    values = _values(model, row, keys, where=where)
    known = _known(model, values)
    if known is not None:
        keys[row["model"], row["pk"]] = known.pk
        return False
    if model is Membership and values["person_id"] not in new_people:
        return False  # a bundle gives nobody who is here already a place, and so no right
    if model is Review:
        _check_new(values)
    made = model(**values)
    # Neither the model's own save nor its history is asked: the history is in the bundle too, row by row.
    models.Model.save_base(made, force_insert=True, raw=True)
    if model is Person:
        new_people.add(made.pk)
    keys[row["model"], row["pk"]] = made.pk
    return True


def _values(model: type[models.Model], row: Mapping[str, Any], keys: Keys, *, where: str) -> dict[str, Any]:
    fields = {field.name: field for field in model._meta.concrete_fields}
    values: dict[str, Any] = {}
    for name, value in row["fields"].items():
        field = fields.get(name)
        if field is None:
            if any(each.name == name for each in model._meta.many_to_many):
                continue  # the rows between are in the bundle themselves
            raise WorkspaceError(f"{row['model']} has no field {name!r}", where=where, next_step="Make it with the same version.")
        if isinstance(field, models.ForeignKey):
            values[field.attname] = None if value is None else keys.get((field.remote_field.model._meta.label_lower, value))
        else:
            values[name] = field.to_python(value)
    if model in (Comment, Tag):
        values["thing"] = keys[_said_about(row)]
    if _is_history(row):
        told_of = model.instance_type  # type: ignore[attr-defined]  # simple-history's: the model that the history is of
        values["id"] = keys[told_of._meta.label_lower, row["fields"]["id"]]
    return values


def _known(model: type[models.Model], values: Mapping[str, Any]) -> models.Model | None:
    """The row here that is the same body, person or programme."""
    if model is Body:
        return Body.objects.filter(name__iexact=values["name"], parent=values["parent_id"]).first()
    if model is Person and values["email"]:
        return Person.objects.filter(name=values["name"], email__iexact=values["email"]).first()
    if model is CandidateService:
        return CandidateService.objects.filter(programme=values["programme_id"], service__iexact=values["service"]).first()
    if model is Programme:
        same = {name: values[name] for name in ("title", "year", "authority_id")}
        return Programme.objects.filter(**same).first()
    return None


def _check_new(values: Mapping[str, Any]) -> None:
    if Review.objects.filter(programme=values["programme_id"], title__iexact=values["title"]).exists():
        raise RuleError(
            f"The review “{values['title']}” is in the record already",
            where=str(values["title"]),
            next_step="Open it; nothing was taken in.",
        )
