"""Changes to the register and to plans, by subject."""

from bestvalue.record.delivery.changes.completion import (
    add_delivery_evidence,
    close_not_implemented,
    decide_completion,
    request_completion,
    verify_delivery,
)
from bestvalue.record.delivery.changes.dates import forecast, move_agreed_date
from bestvalue.record.delivery.changes.edits import change_grounds, edit_action, edit_recommendation
from bestvalue.record.delivery.changes.leads import change_lead
from bestvalue.record.delivery.changes.notices import ask_for_updates, mark_sent, raise_notices, record_missed
from bestvalue.record.delivery.changes.plan import add_action, add_dependency, drop_dependency, record_money, set_state
from bestvalue.record.delivery.changes.register import (
    Entered,
    draft_recommendation,
    enter_recommendations,
    own,
    set_status,
    take_up,
)
from bestvalue.record.delivery.changes.response import issue_response, keep_forecast
from bestvalue.record.delivery.changes.trackers import begin_at, pass_on_comment
from bestvalue.record.delivery.changes.transfers import answer_transfer, offer_transfer
from bestvalue.record.delivery.changes.updates import give_calendar_key, give_update

__all__ = [
    "Entered",
    "add_action",
    "add_delivery_evidence",
    "add_dependency",
    "answer_transfer",
    "ask_for_updates",
    "begin_at",
    "change_grounds",
    "change_lead",
    "close_not_implemented",
    "decide_completion",
    "draft_recommendation",
    "drop_dependency",
    "edit_action",
    "edit_recommendation",
    "enter_recommendations",
    "forecast",
    "give_calendar_key",
    "give_update",
    "issue_response",
    "keep_forecast",
    "mark_sent",
    "move_agreed_date",
    "offer_transfer",
    "own",
    "pass_on_comment",
    "raise_notices",
    "record_missed",
    "record_money",
    "request_completion",
    "set_state",
    "set_status",
    "take_up",
    "verify_delivery",
]
