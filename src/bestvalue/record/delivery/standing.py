"""Keeping what is worked out from the series in step with them: every change to a series ends with `keep_standing`."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.apps import apps
from django.db import models, transaction

from bestvalue.record.delivery.models import Recommendation
from bestvalue.record.delivery.standing_periods import ActionSeries, Entry, Missed, Owner, Period, Series, periods

TABLES = Callable[[str], Any]
"""Finds a table by its name: those of today, or in a migration those of that day."""
AT_ONCE = 500
"""Recommendations whose series are read together; more would only fill the memory."""

_waiting: ContextVar[set[int] | None] = ContextVar("recommendations whose standing is to be kept", default=None)


def keep_standing(*changed: Recommendation) -> None:
    """Write how these stand, after a series of theirs was added to. Call it in the change, before the ledger is written.

    Raises:
        TransactionManagementError: it is called outside a transaction.
    """
    keys = {one.pk for one in changed}
    waiting = _waiting.get()
    if waiting is not None:
        waiting |= keys
        return
    # Two who change actions of one recommendation at once queue here; the second then reads what the first has added.
    list(Recommendation.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))
    write_standings(keys)


@contextmanager
def kept_together() -> Iterator[None]:
    """Within this the standing of what is changed is written once, at its end: for thousands of changes in one transaction."""
    if _waiting.get() is not None:
        yield
        return
    with transaction.atomic():
        token = _waiting.set(set())
        try:
            yield
            waiting = _waiting.get() or set()
        finally:
            _waiting.reset(token)
        keep_standing(*(Recommendation(pk=key) for key in sorted(waiting)))


def write_standings(keys: Collection[int], *, tables: TABLES | None = None) -> None:
    """Write the standings of these recommendations anew from their series.

    Args:
        keys: of the recommendations.
        tables: where to find tables; those of today where not said.
    """
    found = tables or _table_of_today
    in_order = sorted(keys)
    for first in range(0, len(in_order), AT_ONCE):
        part = in_order[first : first + AT_ONCE]
        table: Any = found("Standing")
        rows = [row for key, series in _series_of(part, found).items() for row in _rows(table, key, periods(series))]
        table.objects.filter(recommendation__in=part).delete()
        table.objects.bulk_create(rows)


def _table_of_today(name: str) -> type[models.Model]:
    return apps.get_model("delivery", name)


def _rows(table: Any, key: int, found: Collection[Period]) -> Iterator[Any]:
    made = min((period.starts for period in found), default=None)
    for period in found:
        stood = dict(vars(period.stood))
        owner = stood.pop("owner")
        owned = {"owner_id": owner.body, "lead_id": owner.lead} if owner else {}
        yield table(recommendation_id=key, starts=period.starts, until=period.until, made=made, **owned, **stood)


def _series_of(keys: Collection[int], tables: TABLES) -> dict[int, Series]:
    """What is dated about these recommendations: seven questions, however many they are."""
    owners = _entries(tables("Ownership"), ("body", "lead"), keys, about="recommendation")
    actions, missed = _actions_of(keys, tables), _missed_of(keys, tables)
    return {
        key: Series(
            statuses=statuses,
            owners=[Entry(on=one.on, number=one.number, value=Owner(body=one.value[0], lead=one.value[1])) for one in owners.get(key, ())],
            actions=actions.get(key, ()),
            missed=missed.get(key, ()),
        )
        for key, statuses in _entries(tables("RecommendationStatus"), ("status",), keys, about="recommendation").items()
    }


def _entries(table: Any, value: tuple[str, ...], keys: Any, *, about: str, on: str = "on") -> Mapping[int, list[Entry[Any]]]:
    found: dict[int, list[Entry[Any]]] = defaultdict(list)
    read = table.objects.filter(**{f"{about}__in": keys}).order_by().values_list(about, on, "pk", *value)
    for key, day, number, *values in read:
        found[key].append(Entry(on=day, number=number, value=values[0] if len(value) == 1 else tuple(values)))
    return found


def _actions_of(keys: Collection[int], tables: TABLES) -> Mapping[int, list[ActionSeries]]:
    actions = tables("Action").objects.filter(recommendation__in=keys)
    planned = list(actions.order_by().values_list("pk", "recommendation", "original_date"))
    if not planned:
        return {}
    of_these = actions.order_by().values("pk")
    states = _entries(tables("ActionState"), ("state",), of_these, about="action")
    agreed = _entries(tables("AgreedDate"), ("date",), of_these, about="action", on="decided_on")
    forecasts = _entries(tables("ForecastDate"), ("date",), of_these, about="action")
    found: dict[int, list[ActionSeries]] = defaultdict(list)
    for action, key, original in planned:
        found[key].append(
            ActionSeries(
                original=original, states=states.get(action, ()), agreed=agreed.get(action, ()), forecasts=forecasts.get(action, ())
            )
        )
    return found


def _missed_of(keys: Collection[int], tables: TABLES) -> Mapping[int, list[Missed]]:
    found: dict[int, list[Missed]] = defaultdict(list)
    events = tables("MissedUpdate").objects.filter(request__recommendation__in=keys)
    for key, on, answered, level in events.order_by().values_list("request__recommendation", "on", "request__update__on", "level"):
        found[key].append(Missed(on=on, answered=answered, level=level))
    return found
