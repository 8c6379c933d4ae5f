"""What does a row of the workbook say? Each statement is one call of the same change as on the site."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Person
from bestvalue.record.delivery import changes
from bestvalue.record.delivery.models import MONEY, Action, Recommendation
from bestvalue.record.delivery.workbook import layout
from bestvalue.record.delivery.workbook.compare import Change
from bestvalue.record.delivery.workbook.rows import Names, day_of, number_of, pence_of

Named = TypeVar("Named")


@dataclass(frozen=True, kw_only=True)
class Sayings:
    """Says what rows say.

    Args:
        names: what the words of choices mean.
        recommendations, actions: the rows by their ids; read once, because each change reads what it holds itself.
        on: the day on which it is said, where the row gives none.
        by: who says it.
    """

    names: Names
    recommendations: Mapping[str, Recommendation]
    actions: Mapping[str, Action]
    on: date
    by: Person

    def own(self, change: Change) -> None:
        """Who owns, leads and sponsors a recommendation from a day on."""
        said = change.after
        changes.own(
            self.recommendations[change.key],
            body=_needed(self.names.bodies, said["owner"], "Owning body"),
            lead=_needed(self.names.people, said["lead"], "Lead"),
            sponsor=self.names.people.get(said["sponsor"]),
            on=day_of(said["owned_on"]) or self.on,
            reason=_fresh(change, "owned_reason"),
            cycle_days=_cycle_of(self.recommendations[change.key]),
            by=self.by,
        )

    def word_recommendation(self, change: Change) -> None:
        """What it costs and brings, and by what its success is seen."""
        found = self.recommendations[change.key]
        mine = {part: _of_costing(part, text) for part, text in change.after.items()}
        changes.edit_recommendation(found, version=found.row_version, mine=mine, by=self.by)

    def stand(self, change: Change) -> None:
        """How a recommendation stands from a day on."""
        said = change.after
        status = layout.STATUS_OF.get(said["status"])
        if status is None:
            raise RuleError("A recommendation has a status", next_step="Select one of the list.")
        found, day = self.recommendations[change.key], day_of(said["status_on"]) or self.on
        changes.set_status(found, status=status, on=day, note=_fresh(change, "status_note"), by=self.by)

    def add_action(self, change: Change) -> None:
        """A new row of the plan."""
        said = change.after
        words = {part: said[part] for part in ("what", "why", "how", "target", "measure", "measure_unit")}
        changes.add_action(
            _needed(self.names.recommendations, said["recommendation"], "Recommendation"),
            **words,
            baseline=number_of(said["baseline"]),
            target_value=number_of(said["target_value"]),
            lead=_needed(self.names.people, said["lead"], "Lead"),
            starts=day_of(said["starts"]),
            original_date=_day(said["original_date"], "Original date"),
            by=self.by,
        )

    def word_action(self, change: Change) -> None:
        """What an action says is done, why, how, and by what it will be seen."""
        found = self.actions[change.key]
        mine: Mapping[str, Any] = {
            part: number_of(text) if part in ("baseline", "target_value") else text for part, text in change.after.items()
        }
        changes.edit_action(found, version=found.row_version, mine=mine, by=self.by)

    def lead(self, change: Change) -> None:
        """Who leads an action, and when it begins."""
        found = self.actions[change.key]
        mine: Mapping[str, Any] = {
            part: day_of(text) if part == "starts" else self.names.people.get(text) for part, text in change.after.items()
        }
        changes.change_lead(found, version=found.row_version, mine=mine, by=self.by)

    def wait_no_longer(self, change: Change) -> None:
        """What an action waits for no longer."""
        for words in sorted(_lines(change.before) - _lines(change.after)):
            changes.drop_dependency(self.actions[change.key], needs=self.names.actions[words], by=self.by)

    def wait(self, change: Change) -> None:
        """What an action waits for anew."""
        for words in sorted(_lines(change.after) - _lines(change.before)):
            changes.add_dependency(self.actions[change.key], needs=self.names.actions[words], by=self.by)

    def progress(self, change: Change) -> None:
        """How an action stands from a day on."""
        said = change.after
        state = layout.STATE_OF.get(said["state"])
        if state is None:
            raise RuleError("An action has a state", next_step="Select one of the list.")
        day = day_of(said["state_on"]) or self.on
        changes.set_state(self.actions[change.key], state=state, on=day, note=_fresh(change, "state_note"), by=self.by)

    def update(self, change: Change) -> None:
        """An update by the lead."""
        said = change.after
        about = _needed(self.names.recommendations, said["recommendation"], "Recommendation")
        action = self.names.actions.get(said["action"])
        if action is not None and action.recommendation_id != about.pk:
            raise RuleError("The action is one of another recommendation", next_step="Select an action of this one, or leave it empty.")
        changes.give_update(action or about, text=said["text"], on=_day(said["on"], "Day"), by=self.by)

    def move_date(self, change: Change) -> None:
        """A decision that moves the agreed date, or a forecast by the lead."""
        said = change.after
        action = _needed(self.names.actions, said["action"], "Action")
        to, day = _day(said["date"], "Date"), _day(said["on"], "Decided or forecast on")
        if said["kind"] == layout.AGREED:
            cause = layout.CAUSE_OF.get(said["cause"])
            if cause is None:
                raise RuleError("An agreed date moves with its cause", next_step="Select the cause.")
            changes.move_agreed_date(action, to=to, decided_on=day, minute=said["minute"], cause=cause, reason=said["reason"], by=self.by)
        elif said["kind"] == layout.FORECAST:
            changes.forecast(action, to=to, on=day, note=said["reason"], by=self.by)
        else:
            raise RuleError("The date is neither agreed nor forecast", next_step="Select which of the two it is.")


def _of_costing(part: str, text: str) -> Any:
    if part in MONEY:
        return pence_of(text)
    return number_of(text) if part in ("staffing_fte", "baseline", "target_value") else text


def _cycle_of(found: Recommendation) -> int:
    ownership = found.ownership
    return ownership.cycle_days if ownership else 91


def _fresh(change: Change, note: str) -> str:
    """A note that came with the statement; the one that stood there belongs to the statement before it."""
    return "" if change.after[note] == change.before.get(note) else change.after[note]


def _lines(cells: Mapping[str, str]) -> set[str]:
    return set(filter(None, cells["waits_for"].split("\n")))


def _needed(rows: Mapping[str, Named], words: str, heading: str) -> Named:
    found = rows.get(words)
    if found is None:
        raise RuleError(f"{heading} is empty", next_step="Select one of the list.")
    return found


def _day(text: str, heading: str) -> date:
    day = day_of(text)
    if day is None:
        raise RuleError(f"{heading} is empty", next_step="Enter the date.")
    return day
