from datetime import date
from typing import Any

from bestvalue.record.scrutiny.challenge_steps import Effect, Step
from bestvalue.site.presenters.scrutiny import STANDING, VERDICT, ChallengeLine, challenge_line, challenge_log, waiting_words

DAY = date(2026, 1, 5)


def line(reference: str = "C1", **rest: Any) -> ChallengeLine:
    least = {"text": "?", "challenger": "The panel", "raised_on": DAY, "about": "", "standing": None, "waiting_since": DAY}
    return challenge_line(reference=reference, **{**least, "effect": None, "is_mine": False, "today": DAY, "address": "/", **rest})


def test_every_standing_and_verdict_has_its_words() -> None:
    assert set(STANDING) == {None, *Step}
    assert set(VERDICT) == {"", "chosen", "written off"}


def test_own_challenges_come_first_and_in_them_those_that_wait() -> None:
    lines = [
        line("C1", waiting_since=None),
        line("C2"),
        line("C3", is_mine=True, waiting_since=None),
        line("C4", is_mine=True),
    ]
    log = challenge_log(lines)
    assert [[row.name[:2] for row in part] for part in (log.mine, log.unanswered, log.answered)] == [["C4", "C3"], ["C2"], ["C1"]]


def test_a_line_says_how_long_it_waits_or_what_the_answer_changed() -> None:
    assert line(today=date(2026, 1, 6)).hint.endswith("Waiting for 1 day.")
    assert line().hint.endswith("Waiting since today.")
    answered = line(waiting_since=None, standing=Step.ANSWERED, effect=Effect.WORDING)
    assert answered.hint.endswith("Effect on the review: the wording was changed.")


def test_nothing_is_said_of_no_waiting_challenge() -> None:
    assert (waiting_words(0), waiting_words(3)) == ("", "3 challenges are not answered")
