"""Changes to what was said about a review: challenges, and options. One function a change, one entry of the ledger each."""

from bestvalue.record.scrutiny.changes.challenges import raise_challenge, take_step
from bestvalue.record.scrutiny.changes.scope import add_option, add_scope_question, decide_option

__all__ = ["add_option", "add_scope_question", "decide_option", "raise_challenge", "take_step"]
