"""Decisions as lines of a page: what may be decided now, or why not yet; what is due; how a body engages."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bestvalue.record.reviews.engagement import Engagement
from bestvalue.site.presenters.reviews import CANNOT_START, Task
from bestvalue.site.presenters.tags import Tag

READY = Tag(words="Can be asked", colour="blue")
DUE = Tag(words="Due", colour="yellow")
OVERDUE = Tag(words="Overdue", colour="red")
LAPSED = Tag(words="Lapsed", colour="grey")


def gate_task(*, what: str, who: str, reasons: Iterable[str], due: date | None, is_overdue: bool, address: str) -> Task:
    """One gate of the present stage: whose decision it is, how it stands, and why the body cannot agree yet.

    Args:
        what: what is decided, "approve the report".
        who: the body, or what kind of body takes part to decide it.
        reasons: why the body cannot agree yet; empty when it can.
        due: the day by which it is asked to decide; None while it is not asked.
        is_overdue: whether that day has passed.
        address: the page of the decision; empty while it is not asked.

    Example:
        >>> task = gate_task(what="close the review", who="Committee", reasons=["a recommendation is still open"], due=None,
        ...                  is_overdue=False, address="")
        >>> task.tag.words, task.hint
        ('Cannot start yet', 'Committee decides. Cannot be agreed yet, because a recommendation is still open.')
    """
    because = " and ".join(reasons)
    asked = f" Due {due:%-d %B %Y}." if due else ""
    hint = f"{who} decides.{asked}" + (f" Cannot be agreed yet, because {because}." if because else "")
    tag = (OVERDUE if is_overdue else DUE) if due else (CANNOT_START if because else READY)
    return Task(words=what[:1].upper() + what[1:], tag=tag, hint=hint, address=address)


@dataclass(frozen=True, kw_only=True)
class DecisionLine:
    """A decision in a list, of one review or of several."""

    what: str
    body: str
    review: str
    due: date
    tag: Tag
    address: str
    taken_on: date | None = None
    days: int | None = None
    attended: str = ""


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One thing that keeps a body from agreeing, and the page where it is mended."""

    words: str
    address: str


@dataclass(frozen=True, kw_only=True)
class OverdueLine:
    """A body with decisions overdue: about which reviews, since when, and whether it took any decision yet."""

    body: str
    decisions: tuple[DecisionLine, ...]
    is_silent: bool


def engagement_words(line: Engagement) -> tuple[str, str, str, str]:
    """Decisions taken, days, attendance at decisions and at other meetings about the review, each with its base.

    Example:
        >>> engagement_words(Engagement(body="Board", asked=3, taken=2, overdue=1, late=0, days=9.5, attended=3, places=4, interests=0))
        ('2 of 3', '9.5 days (median of 2)', '75% (3 of 4 places)', 'none recorded')
    """
    days = "none taken" if line.days is None else f"{line.days:g} day{'' if line.days == 1 else 's'} (median of {line.taken})"
    share = line.attended_share
    attendance = "none recorded" if share is None else f"{share:.0%} ({line.attended} of {line.places} places)"
    met = f"{line.met / line.met_places:.0%} ({line.met} of {line.met_places} places)" if line.met_places else "none recorded"
    return f"{line.taken} of {line.asked}", days, attendance, met
