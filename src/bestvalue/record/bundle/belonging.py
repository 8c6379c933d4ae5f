"""Which rows belong to a review? Found from the models themselves, so that what an app adds to a review later is not forgotten."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.apps import apps
from django.db import models

from bestvalue.record.bodies.models import Body, Membership, Person
from bestvalue.record.delivery.models import CalendarKey, ImportedFile, Notice, Standing, TrackerMapping, WaitingFile
from bestvalue.record.discussion.models import Comment, Tag
from bestvalue.record.discussion.things import KINDS
from bestvalue.record.meetings.models import AgendaItem, Meeting, Presence
from bestvalue.record.programme.models import CandidateScore, CandidateService
from bestvalue.record.reviews.models import Review

Model = type[models.Model]
Rows = dict[Model, set[int]]

APPS = ("programme", "reviews", "scrutiny", "delivery", "consultation", "practice", "meetings", "discussion")
"""Whose rows may belong to a review. An inspection of a review is its inspectors', and the ledger is each record's own."""

WORKED_OUT: tuple[Model, ...] = (Standing, Notice, CalendarKey, WaitingFile, ImportedFile, TrackerMapping)
"""Made anew by whoever takes the bundle in, or of one person's work and no part of a review."""

SHARED: tuple[Model, ...] = (Meeting,)
"""Belong to no review, though they may name the group of one: a meeting is its body's, and its items are about several reviews."""

BESIDE: Mapping[Model, tuple[tuple[Model, str], ...]] = {
    Meeting: ((Presence, "meeting"),),
    CandidateService: ((CandidateScore, "candidate"),),
}
"""Rows that come with one that is shared: who was at a meeting, how the service was scored."""


def owned_models() -> tuple[Model, ...]:
    """The models whose rows belong to one review: those that point to it, or to something that does."""
    candidates = [
        model
        for label in APPS
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
        if model not in (*WORKED_OUT, *SHARED) and not _is_history(model)
    ]
    owned: list[Model] = [Review]
    while True:
        more = [model for model in candidates if model not in owned and any(_target(key) in owned for key in keys_of(model))]
        if not more:
            return tuple(owned)
        owned += more


def keys_of(model: Model) -> Iterator["models.ForeignKey[Any, Any]"]:
    """The fields of a model that point to another row."""
    return (field for field in model._meta.get_fields() if isinstance(field, models.ForeignKey))


def rows_of(review: Review) -> Rows:
    """The keys of every row that belongs to a review or that one of them needs, by model."""
    owned = owned_models()
    found: Rows = {}
    waiting: list[tuple[Model, set[int]]] = [(Review, {review.pk})]
    while waiting:
        model, keys = waiting.pop()
        new = keys - found.setdefault(model, set())
        if not new:
            continue
        found[model] |= new
        waiting += _needed(model, new)
        if model in owned:
            waiting += [(other, keys - _of_others(review, other, keys)) for other, keys in _pointing(model, new, owned)]
        for beside, field in BESIDE.get(model, ()):
            waiting.append((beside, _keys(beside, {f"{field}__in": new})))
    _add_discussion(found)
    _add_history(found)
    _add_places(found)
    return {model: keys for model, keys in found.items() if keys}


def _needed(model: Model, keys: set[int]) -> Iterator[tuple[Model, set[int]]]:
    for key in keys_of(model):
        if _is_user(_target(key)):
            continue  # a sign-in is the other record's own
        values = model._base_manager.filter(pk__in=keys).values_list(key.attname, flat=True)
        yield _target(key), {value for value in values if value is not None}


def _pointing(model: Model, keys: set[int], owned: Iterable[Model]) -> Iterator[tuple[Model, set[int]]]:
    for other in owned:
        for key in keys_of(other):
            if _target(key) is model:
                yield other, _keys(other, {f"{key.name}__in": keys})


def _of_others(review: Review, model: Model, keys: set[int]) -> set[int]:
    """Items of meetings that another review's group alone may read: their minutes do not leave with this review."""
    if model is not AgendaItem:
        return set()
    others = AgendaItem.objects.filter(pk__in=keys, meeting__group__isnull=False).exclude(meeting__group__review=review)
    return set(others.values_list("pk", flat=True))


def _add_discussion(found: Rows) -> None:
    """Comments and tags name what they are about by a word and a key."""
    for model in (Comment, Tag):
        said: set[int] = set()
        for word, kind in KINDS.items():
            about = found.get(kind.model, set())
            if kind.model is not Meeting:
                said |= _keys(model, {"kind": word, "thing__in": about})
        _add(found, model, said)
        for target, keys in _needed(model, said):
            _add(found, target, keys)


def _add_history(found: Rows) -> None:
    """What a row said before; whoever reads "as at" a day needs it."""
    for model in list(found):
        history = getattr(model, "history", None)
        if history is not None and model in owned_models():
            old = history.model
            found[old] = _keys(old, {"id__in": found[model]})
            for target, keys in _needed(old, found[old]):
                if not _is_history(target):
                    _add(found, target, keys & _keys(target, {"pk__in": keys}))


def _add_places(found: Rows) -> None:
    """Who held which place: of the people and bodies that are in the bundle anyway."""
    _add(found, Membership, _keys(Membership, {"person__in": found.get(Person, set()), "body__in": found.get(Body, set())}))


def _add(found: Rows, model: Model, keys: set[int]) -> None:
    found[model] = found.get(model, set()) | keys


def _keys(model: Model, asked: Mapping[str, Any]) -> set[int]:
    return set(model._base_manager.filter(**asked).values_list("pk", flat=True))


def _target(key: "models.ForeignKey[Any, Any]") -> Model:
    target: Model = key.remote_field.model
    return target


def _is_history(model: Model) -> bool:
    return any(field.name == "history_id" for field in model._meta.get_fields())


def _is_user(model: Model) -> bool:
    return model._meta.label == "bodies.User"
