"""What does the workbook hold? Its sheets, their columns, and which of these may be changed: data, which everything else here reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bestvalue.record.delivery.kinds import Kind
from bestvalue.record.delivery.life_cycle import Cause, State, Status

ID, VERSION = "Row id", "Row version"
"""Headings of the two hidden columns: which row of the register it is, and which version of it was taken out."""

BASE_SHEET, LISTS_SHEET = "_as taken out", "_lists"
MOST_ROWS = 20_000
"""Of one sheet. Excel takes fifty times as many; nobody reads them."""
MOST_COLUMNS, MOST_LINES = 100, 100_000
"""Of any sheet that comes back, as far as it is read: the hidden one has more lines than a sheet has rows."""
MOST_CHARACTERS = 32_767
"""Of one cell, as Excel has it."""


class Holds(StrEnum):
    """What the cells of a column hold."""

    TEXT = "text"
    DATE = "date"
    NUMBER = "number"
    CHOICE = "choice"
    LINKS = "links"


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column.

    Args:
        key: its name in code.
        heading: its name in the sheet.
        holds: what its cells hold.
        choices: name of the list that its cells are chosen from.
        changes: a cell of a row that is there may be changed.
        fills: a cell of a new row is filled in.
        group: columns of one group are one statement: they are changed together.
        width: in characters.
    """

    key: str
    heading: str
    holds: Holds = Holds.TEXT
    choices: str = ""
    changes: bool = False
    fills: bool = False
    group: str = ""
    width: int = 18

    @property
    def unit(self) -> str:
        """What is changed as one: its group, or the column alone."""
        return self.group or self.key


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One sheet.

    Args:
        name: as its tab says.
        columns: in their order, without the two hidden ones.
        adds: new rows may be written below those that are there.
        says: what to know about it, for the first sheet.
    """

    name: str
    columns: tuple[Column, ...]
    adds: bool
    says: str

    def column(self, key: str) -> Column:
        """The column of this key."""
        return next(column for column in self.columns if column.key == key)

    @property
    def units(self) -> Mapping[str, tuple[Column, ...]]:
        """What is changed as one, with its columns; locked columns are left out."""
        found: dict[str, list[Column]] = {}
        for column in self.columns:
            if column.changes:
                found.setdefault(column.unit, []).append(column)
        return {unit: tuple(columns) for unit, columns in found.items()}


RECOMMENDATIONS = Sheet(
    name="Recommendations",
    adds=False,
    says="How a recommendation stands, who owns and leads it, what it costs and brings, how success is seen. Select another status with "
    "its day and, where one is owed, its reason. New recommendations are entered on the site.",
    columns=(
        Column(key="key", heading="Recommendation", width=44),
        Column(key="kind", heading="Kind"),
        Column(key="text", heading="What is asked", width=60),
        Column(key="asked_of", heading="Asked of"),
        Column(key="status", heading="Status", holds=Holds.CHOICE, choices="statuses", changes=True, group="status", width=22),
        Column(key="status_on", heading="Status since", holds=Holds.DATE, changes=True, group="status", width=13),
        Column(key="status_note", heading="Reason for the status", changes=True, group="status", width=30),
        Column(key="owner", heading="Owning body", holds=Holds.CHOICE, choices="bodies", changes=True, group="owned", width=26),
        Column(key="lead", heading="Lead", holds=Holds.CHOICE, choices="people", changes=True, group="owned", width=24),
        Column(key="sponsor", heading="Sponsor", holds=Holds.CHOICE, choices="people", changes=True, group="owned", width=24),
        Column(key="owned_on", heading="Owned and led since", holds=Holds.DATE, changes=True, group="owned", width=13),
        Column(key="owned_reason", heading="Reason for the change of lead", changes=True, group="owned", width=30),
        Column(key="cost_text", heading="What it costs", changes=True, width=30),
        Column(key="saving_text", heading="What it saves", changes=True, width=30),
        Column(key="one_off_cost_pence", heading="Cost once, in pounds", holds=Holds.NUMBER, changes=True, width=14),
        Column(key="cost_a_year_pence", heading="Cost a year, in pounds", holds=Holds.NUMBER, changes=True, width=14),
        Column(key="staffing_fte", heading="Full-time posts more (below 0: fewer)", holds=Holds.NUMBER, changes=True, width=14),
        Column(key="cashable_a_year_pence", heading="Cashable saving a year, in pounds", holds=Holds.NUMBER, changes=True, width=14),
        Column(key="non_cashable_text", heading="What it brings that is no money", changes=True, width=30),
        Column(key="measure", heading="Measure of success", changes=True, group="success", width=24),
        Column(key="measure_unit", heading="Unit of the measure of success", changes=True, group="success", width=12),
        Column(key="baseline", heading="Its value today", holds=Holds.NUMBER, changes=True, group="success", width=12),
        Column(key="target_value", heading="Its value when it has worked", holds=Holds.NUMBER, changes=True, group="success", width=12),
    ),
)
ACTIONS = Sheet(
    name="Actions",
    adds=True,
    says="The improvement plan: what, why, how, who, when. Below the last row add actions. The original date is set once; the agreed date "
    "moves by a decision of the owning body, which is a new row of the sheet Dates.",
    columns=(
        Column(key="recommendation", heading="Recommendation", holds=Holds.CHOICE, choices="recommendations", fills=True, width=44),
        Column(key="name", heading="Action", width=44),
        Column(key="what", heading="What is done", changes=True, fills=True, width=44),
        Column(key="why", heading="Why", changes=True, fills=True, width=30),
        Column(key="how", heading="How", changes=True, fills=True, width=30),
        Column(key="target", heading="Target", changes=True, fills=True, width=30),
        Column(key="measure", heading="Measure", changes=True, fills=True, width=20),
        Column(key="measure_unit", heading="Unit of the measure", changes=True, fills=True, width=12),
        Column(key="baseline", heading="Value today", holds=Holds.NUMBER, changes=True, fills=True, width=12),
        Column(key="target_value", heading="Value when done", holds=Holds.NUMBER, changes=True, fills=True, width=12),
        Column(key="lead", heading="Lead", holds=Holds.CHOICE, choices="people", changes=True, fills=True, width=24),
        Column(key="starts", heading="Starts", holds=Holds.DATE, changes=True, fills=True, width=13),
        Column(key="original_date", heading="Original date", holds=Holds.DATE, fills=True, width=13),
        Column(key="agreed_date", heading="Agreed date", holds=Holds.DATE, width=13),
        Column(key="forecast_date", heading="Forecast", holds=Holds.DATE, width=13),
        Column(key="state", heading="State", holds=Holds.CHOICE, choices="states", changes=True, group="state", width=22),
        Column(key="state_on", heading="State since", holds=Holds.DATE, changes=True, group="state", width=13),
        Column(key="state_note", heading="Note on the state", changes=True, group="state", width=30),
        Column(key="waits_for", heading="Waits for (a line each)", holds=Holds.LINKS, choices="actions", changes=True, width=44),
    ),
)
UPDATES = Sheet(
    name="Updates",
    adds=True,
    says="What leads said on which day. What is there stays as it was said; add yours below the last row. Only a lead gives updates.",
    columns=(
        Column(key="recommendation", heading="Recommendation", holds=Holds.CHOICE, choices="recommendations", fills=True, width=44),
        Column(key="action", heading="Action (empty: of the whole)", holds=Holds.CHOICE, choices="actions", fills=True, width=44),
        Column(key="on", heading="Day", holds=Holds.DATE, fills=True, width=13),
        Column(key="text", heading="What has moved", fills=True, width=70),
        Column(key="by", heading="Said by", width=24),
    ),
)
DATES = Sheet(
    name="Dates",
    adds=True,
    says="Every date that was agreed or forecast. Add below the last row: “agreed” with the day of the decision, its minute, cause and "
    "reason, by a member of the owning body; “forecast” by the lead, with the day of the forecast.",
    columns=(
        Column(key="action", heading="Action", holds=Holds.CHOICE, choices="actions", fills=True, width=44),
        Column(key="kind", heading="Agreed or forecast", holds=Holds.CHOICE, choices="kinds_of_date", fills=True, width=13),
        Column(key="date", heading="Date", holds=Holds.DATE, fills=True, width=13),
        Column(key="on", heading="Decided or forecast on", holds=Holds.DATE, fills=True, width=13),
        Column(key="minute", heading="Minute", fills=True, width=24),
        Column(key="cause", heading="Cause", holds=Holds.CHOICE, choices="causes", fills=True, width=30),
        Column(key="reason", heading="Reason or note", fills=True, width=50),
        Column(key="by", heading="Entered by", width=24),
    ),
)
SHEETS: Mapping[str, Sheet] = {sheet.name: sheet for sheet in (RECOMMENDATIONS, ACTIONS, UPDATES, DATES)}

AGREED, FORECAST = "agreed", "forecast"
FIXED_LISTS: Mapping[str, tuple[str, ...]] = {
    "statuses": tuple(status.label for status in Status),
    "states": tuple(state.label for state in State),
    "causes": tuple(cause.label for cause in Cause),
    "kinds_of_date": (AGREED, FORECAST),
}
"""Lists that are the same for every register; those of bodies, people, recommendations and actions come from the record."""

STATUS_OF: Mapping[str, Status] = {status.label: status for status in Status}
STATE_OF: Mapping[str, State] = {state.label: state for state in State}
CAUSE_OF: Mapping[str, Cause] = {cause.label: cause for cause in Cause}
KIND_WORDS: Mapping[str, str] = {kind.value: kind.label for kind in Kind}
