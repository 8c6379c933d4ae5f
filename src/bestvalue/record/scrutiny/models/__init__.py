"""Scrutiny of a review: its challenges, and its questions with their options."""

from bestvalue.record.scrutiny.challenge_steps import Effect, Side, Step
from bestvalue.record.scrutiny.models.challenge import (
    CHALLENGERS,
    Challenge,
    ChallengeQuerySet,
    ChallengerKind,
    ChallengeStep,
    boards_of,
    bodies_to_challenge_for,
    check_challenge,
    check_may_challenge,
)
from bestvalue.record.scrutiny.models.scope import (
    Option,
    OptionDecision,
    OptionQuerySet,
    QuestionKind,
    ScopeQuestion,
    ScopeQuestionQuerySet,
    Verdict,
    bodies_to_record_for,
    check_option,
    check_question,
)

__all__ = [
    "CHALLENGERS",
    "Challenge",
    "ChallengeQuerySet",
    "ChallengeStep",
    "ChallengerKind",
    "Effect",
    "Option",
    "OptionDecision",
    "OptionQuerySet",
    "QuestionKind",
    "ScopeQuestion",
    "ScopeQuestionQuerySet",
    "Side",
    "Step",
    "Verdict",
    "boards_of",
    "bodies_to_challenge_for",
    "bodies_to_record_for",
    "check_challenge",
    "check_may_challenge",
    "check_option",
    "check_question",
]
