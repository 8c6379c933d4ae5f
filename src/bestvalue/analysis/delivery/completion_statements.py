"""What the forecast of completion says, in sentences that a board can read."""

import numpy as np
import polars as pl

from bestvalue.analysis.contract import Figure, Statement
from bestvalue.analysis.delivery.completion_model import FEWEST_COMPLETED, Delay, History
from bestvalue.analysis.delivery.completion_past import FEWEST_JUDGED, Past
from bestvalue.analysis.delivery.completion_plan import Plans, date_of
from bestvalue.analysis.rounding import percent, plain

CAVEATS = (
    "The forecast knows how long actions took, not why. A lead who knows of a delay to come knows more than it does.",
    "Complete means accepted by the owning body, so the time that its meetings take is in the figures.",
    "An action that has not begun by its planned start is taken to be late from that day on.",
)
NAMED_AT_MOST = 3
LIKELY = 0.5


def plans(known: Plans, whole: pl.DataFrame, on: float) -> tuple[Statement, ...]:
    """When each plan will be complete; the rest are in the table."""
    return tuple(_plan(known, row, on) for row in whole.sort("probability").head(NAMED_AT_MOST).iter_rows(named=True))


def _plan(known: Plans, row: dict[str, object], on: float) -> Statement:
    ended = sum(1 for place in np.flatnonzero(~known.open) if known.plan[place] == row["plan"])
    count = int(str(row["open"]))
    base = f"{_actions(count)} of {row['plan']}, {ended} ended, as of {date_of(on):%-d %B %Y}"
    chance = _share("probability that the plan is complete by its last agreed date", row["probability"], base, count)
    each = _share("probability that every open action keeps its own date", row["all_in_time"], base, count)
    text = (
        f"{row['plan']} has {_actions(count)}. Complete by its last agreed date, {row['last_agreed']:%-d %B %Y}: {_odds(chance.value)}. "
        f"Even odds by {row['even_odds']:%-d %B %Y}, nine in ten by {row['nine_in_ten']:%-d %B %Y}. "
        f"That every action keeps its own date: {_odds(each.value)}."
    )
    return Statement(text=text, figures=(chance, each))


def late(actions: pl.DataFrame) -> tuple[Statement, ...]:
    """Which open actions are more likely late than not."""
    doubtful = actions.filter(pl.col("probability") < LIKELY)
    count = Figure(
        name="open actions more likely late than not",
        value=doubtful.height,
        unit="actions",
        base=f"{actions.height} open actions",
        base_count=actions.height,
    )
    if doubtful.height == 0:
        return (Statement(text=f"Each of the {actions.height} open actions is more likely in time than late.", figures=(count,)),)
    named = "; ".join(
        f"{row['action']} ({_odds(row['probability'])} by {row['agreed']:%-d %B %Y}, even odds by {row['even_odds']:%-d %B %Y})"
        for row in doubtful.head(NAMED_AT_MOST).iter_rows(named=True)
    )
    return (
        Statement(
            text=f"{doubtful.height} of {actions.height} open actions are more likely late than in time. Least likely: {named}.",
            figures=(count,),
        ),
    )


def deciding(actions: pl.DataFrame) -> tuple[Statement, ...]:
    """Which actions decide when a plan ends: the critical path, as a probability."""
    top = actions.sort(["decides", "action"], descending=[True, False]).row(0, named=True)
    share = _share(
        f"how often {top['action']} decides the end of {top['plan']}", top["decides"], f"{actions.height} open actions", actions.height
    )
    return (
        Statement(
            text=f"{top['action']} decides most often when {top['plan']} ends: {percent(share.value)} of the time it is on the chain that ends last.",
            figures=(share,),
        ),
    )


def factor(delay: Delay, history: History) -> Statement:
    """How much longer than planned actions take."""
    base = f"{history.completed} completed actions of {len(history.plans)} plans, and {len(history.seen) - history.completed} that took at least so long"
    typical = Figure(
        name="days taken over days planned",
        value=delay.factor,
        unit="times",
        base=base,
        base_count=len(history.seen),
        low=delay.low,
        high=delay.high,
        confidence=delay.confidence,
    )
    return Statement(
        text=f"A typical action takes {plain(delay.factor)} ({plain(delay.low)} to {plain(delay.high)}) times as long as planned ({base}).",
        figures=(typical,),
    )


def dates_kept(known: Plans, on: float) -> tuple[Statement, ...]:
    """How many of the dates set at approval were kept."""
    due = known.original_end < on
    if not due.any():
        return ()
    kept = int((known.complete[due] & (known.ended[due] <= known.original_end[due])).sum())
    count = int(due.sum())
    share = _share("share of the dates set at approval that were kept", kept / count, f"{count} dates that have passed", count)
    return (
        Statement(
            text=f"Of {count} dates set at approval that have passed, {kept} were kept ({percent(share.value)}). Moving a date does not keep it.",
            figures=(share,),
        ),
    )


def calibration(past: Past) -> Statement:
    """How good such forecasts were on the past."""
    if not past.enough:
        return Statement(
            kind="limit",
            text=f"How good such forecasts are cannot be shown: {len(past.said)} could be judged on the past, and it takes {FEWEST_JUDGED}.",
        )
    base = f"{len(past.said):,} forecasts from {past.days} earlier days"
    own, usual = (
        Figure(name=name, value=value, unit="Brier score", base=base, base_count=len(past.said))
        for name, value in (
            ("Brier score of the forecasts", past.brier),
            ("Brier score of always saying the share that came true", past.brier_usual),
        )
    )
    said, came = float(past.said.mean()), float(past.came.mean())
    mean = _share("share of forecasts that came true", came, base, len(past.said))
    verdict = "better than" if past.brier < past.brier_usual else "no better than"
    return Statement(
        text=f"Made on the past ({base}), such forecasts said {percent(said)} on average and {percent(came)} came true. Their Brier score is "
        f"{own.value:.3f}, {verdict} the {usual.value:.3f} of always saying {percent(came)} (0 is perfect).",
        figures=(own, usual, mean),
    )


def too_little(history: History) -> Statement:
    """There is too little history to forecast."""
    return Statement(
        kind="limit",
        text=f"There is no forecast: {history.completed} actions have been completed, and it takes {FEWEST_COMPLETED} to know how long they take. "
        "Earlier plans in the register would help.",
    )


def _share(name: str, value: object, base: str, count: int) -> Figure:
    return Figure(name=name, value=float(str(value)), unit="share", base=base, base_count=count)


def _actions(count: int) -> str:
    return f"{count} open action{'' if count == 1 else 's'}"


def _odds(share: float) -> str:
    """A probability in words where a figure would say more than is known."""
    if share < 0.01:
        return "less than 1%"
    return "more than 99%" if share > 0.99 else f"{share:.0%}"
