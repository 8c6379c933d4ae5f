"""What stands in the sheets? The rows of the register that somebody sees, every cell as the text that is compared later."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from bestvalue.analysis.pence import PENCE_A_POUND
from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Body, Person
from bestvalue.record.delivery.life_cycle import Cause, State, Status
from bestvalue.record.delivery.models import (
    COSTING,
    MONEY,
    Action,
    ActionDependency,
    Ownership,
    Recommendation,
    RecommendationQuerySet,
)
from bestvalue.record.delivery.workbook import layout
from bestvalue.record.delivery.workbook.cells import as_cell, date_words, number_words
from bestvalue.record.delivery.workbook.series import Said, Stands, said_of, standing_of
from bestvalue.record.reviews.models import highest


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row of a sheet.

    Args:
        version: of the row in the register; 0 for a row that is only ever added.
        cells: by the key of the column, each as text: a date as 2026-03-01, a number in plain digits, nothing as "".
    """

    version: int
    cells: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Names:
    """What a choice means: rows of the register by the words that a sheet has for them.

    Args:
        bodies, people, recommendations, actions: the rows by their words.
        words: the words of each row, by its kind and key.
    """

    bodies: Mapping[str, Body]
    people: Mapping[str, Person]
    recommendations: Mapping[str, Recommendation]
    actions: Mapping[str, Action]
    words: Mapping[tuple[str, int], str] = field(repr=False)

    def of(self, kind: str, pk: int | None) -> str:
        """The words of a row; nothing for none, and for one that whoever asks does not see."""
        return "" if pk is None else self.words.get((kind, pk), "")

    def lists(self) -> Mapping[str, Sequence[str]]:
        """Every list that a cell is chosen from."""
        own = {"bodies": self.bodies, "people": self.people, "recommendations": self.recommendations, "actions": self.actions}
        return {**layout.FIXED_LISTS, **{name: tuple(rows) for name, rows in own.items()}}


@dataclass(frozen=True, kw_only=True)
class Book:
    """The register as sheets.

    Args:
        sheets: rows by the name of the sheet and their id.
        names: what the choices mean.
        marking: the highest of what is in it.
    """

    sheets: Mapping[str, Mapping[str, Row]]
    names: Names
    marking: str


def book_of(listed: RecommendationQuerySet, *, on: date) -> Book:
    """The sheets of these recommendations as they stand on a day.

    Args:
        listed: those that go into the workbook, of those that whoever asks may see.
        on: today.

    Raises:
        RuleError: there are more rows than a sheet takes.
    """
    found = listed.order_by("issuer__name", "report_slug", "order", "pk").select_related("issuer", "addressed_body")
    recommendations = list(found)
    actions = list(Action.objects.filter(recommendation__in=listed.order_by().values("pk")).in_plan_order(on=on))
    names, standing, said = _names(recommendations, actions), standing_of(listed), said_of(listed)
    sheets = {
        layout.RECOMMENDATIONS.name: _recommendations(recommendations, names, listed, standing),
        layout.ACTIONS.name: _actions(actions, names, standing),
        layout.UPDATES.name: _updates(said, names),
        layout.DATES.name: _dates(said, names),
    }
    for name, rows in sheets.items():
        if len(rows) > layout.MOST_ROWS:
            raise RuleError(
                f"The sheet {name} would have {len(rows):,} rows, and a sheet takes {layout.MOST_ROWS:,}",
                next_step="Take out the plan of one report instead of the whole register.",
            )
    return Book(sheets=sheets, names=names, marking=highest(recommendations).value)


T = TypeVar("T", Body, Person, Recommendation, Action)


def _names(recommendations: Sequence[Recommendation], actions: Sequence[Action]) -> Names:
    by_key = {one.pk: one for one in recommendations}
    bodies = _distinct(Body.objects.select_related("parent").order_by("name", "pk"), lambda body: body.name)
    people = _distinct(Person.objects.order_by("name", "pk"), lambda person: person.name)
    recommended = _distinct(recommendations, lambda one: one.key)
    planned = _distinct(actions, lambda action: f"{by_key[action.recommendation_id].key}.{action.number}")
    kinds: Mapping[str, Mapping[str, Any]] = {"body": bodies, "person": people, "recommendation": recommended, "action": planned}
    words = {(kind, row.pk): said for kind, rows in kinds.items() for said, row in rows.items()}
    return Names(bodies=bodies, people=people, recommendations=recommended, actions=planned, words=words)


def _distinct(rows: Iterable[T], words: Callable[[T], str]) -> dict[str, T]:
    """Rows by their words; where two have the same, their keys tell them apart."""
    listed = [(as_cell(words(row)).strip(), row) for row in rows]
    times = Counter(said for said, _ in listed)
    return {said if times[said] == 1 else f"{said} (no. {row.pk})": row for said, row in listed}


def _recommendations(
    listed: Sequence[Recommendation], names: Names, chosen: RecommendationQuerySet, standing: Mapping[tuple[str, int], Stands]
) -> dict[str, Row]:
    keys = chosen.order_by().values("pk")
    # In the order of their days, so that the newest of each is the one that stays.
    owned = {row.recommendation_id: row for row in Ownership.objects.filter(recommendation__in=keys).order_by("on", "pk")}
    rows = {}
    for one in listed:
        status, ownership = standing.get(("recommendation", one.pk)), owned.get(one.pk)
        rows[str(one.pk)] = Row(
            version=one.row_version,
            cells={
                "key": names.of("recommendation", one.pk),
                "kind": layout.KIND_WORDS[one.kind],
                "text": as_cell(one.text),
                "asked_of": names.of("body", one.addressed_body_id),
                "status": Status(status.word).label if status else "",
                "status_on": date_words(status.on) if status else "",
                "status_note": as_cell(status.note) if status else "",
                "owner": names.of("body", ownership.body_id) if ownership else "",
                "lead": names.of("person", ownership.lead_id) if ownership else "",
                "sponsor": names.of("person", ownership.sponsor_id) if ownership else "",
                "owned_on": date_words(ownership.on) if ownership else "",
                "owned_reason": as_cell(ownership.reason) if ownership else "",
                **{part: as_cell(getattr(one, part)) for part in COSTING if isinstance(getattr(one, part), str)},
                **{part: number_words(in_pounds(getattr(one, part))) for part in MONEY},
                **{part: number_words(getattr(one, part)) for part in ("staffing_fte", "baseline", "target_value")},
            },
        )
    return rows


def _actions(listed: Sequence[Action], names: Names, standing: Mapping[tuple[str, int], Stands]) -> dict[str, Row]:
    keys = [action.pk for action in listed]
    needs: dict[int, list[str]] = defaultdict(list)
    for action, needed in ActionDependency.objects.filter(action__in=keys).order_by("pk").values_list("action", "needs"):
        needs[action].append(names.of("action", needed))
    return {str(action.pk): _action(action, standing.get(("action", action.pk)), needs[action.pk], names) for action in listed}


def _action(action: Action, state: Stands | None, needs: Iterable[str], names: Names) -> Row:
    return Row(
        version=action.row_version,
        cells={
            "recommendation": names.of("recommendation", action.recommendation_id),
            "name": names.of("action", action.pk),
            **{part: as_cell(getattr(action, part)) for part in ("what", "why", "how", "target", "measure", "measure_unit")},
            "baseline": number_words(action.baseline),
            "target_value": number_words(action.target_value),
            "lead": names.of("person", action.lead_id),
            "starts": date_words(action.starts),
            "original_date": date_words(action.original_date),
            "agreed_date": date_words(action.agreed_then),
            "forecast_date": date_words(action.forecast_then),
            "state": State(state.word).label if state else State.NOT_STARTED.label,
            "state_on": date_words(state.on) if state else "",
            "state_note": as_cell(state.note) if state else "",
            # What whoever asks does not see is left out here, and so cannot be taken away either.
            "waits_for": "\n".join(sorted(filter(None, needs))),
        },
    )


def _updates(said: Iterable[Said], names: Names) -> dict[str, Row]:
    return {
        str(one.key): Row(
            version=0,
            cells={
                "recommendation": names.of("recommendation", one.recommendation),
                "action": names.of("action", one.action),
                "on": date_words(one.on),
                "text": as_cell(one.text),
                "by": names.of("person", one.by),
            },
        )
        for one in said
        if one.kind == layout.UPDATES.name
    }


def _dates(said: Iterable[Said], names: Names) -> dict[str, Row]:
    return {f"{one.kind} {one.key}": _date(one, names) for one in said if one.kind != layout.UPDATES.name}


def _date(one: Said, names: Names) -> Row:
    known = {"action": names.of("action", one.action), "kind": one.kind, "date": date_words(one.to), "on": date_words(one.on)}
    said = {"minute": as_cell(one.minute), "cause": Cause(one.cause).label if one.cause else "", "reason": as_cell(one.text)}
    return Row(version=0, cells={**known, **said, "by": names.of("person", one.by)})


def in_pounds(pence: int | None) -> Decimal | None:
    """An amount as a sheet has it.

    Example:
        >>> in_pounds(340_050), pence_of("3400.5")
        (Decimal('3400.5'), 340050)
    """
    return None if pence is None else Decimal(pence) / PENCE_A_POUND


def pence_of(text: str) -> int | None:
    """The amount of a cell; None of an empty one.

    Raises:
        RuleError: it is no whole number of pence.
    """
    pounds = number_of(text)
    if pounds is None:
        return None
    pence = pounds * PENCE_A_POUND
    if pence != pence.to_integral_value():
        raise RuleError(f"£{text} is no amount in pounds and pence", next_step="Enter at most two decimals.")
    return int(pence)


def number_of(text: str) -> Decimal | None:
    """The number of a cell; None of an empty one."""
    return Decimal(text) if text else None


def day_of(text: str) -> date | None:
    """The date of a cell; None of an empty one."""
    return date.fromisoformat(text) if text else None
