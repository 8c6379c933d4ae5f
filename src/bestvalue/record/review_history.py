"""Everything that happened in a review, the newest first: to itself, its strands, evidence, findings, options, decisions and the rest.

The ledger tells it. Only entries about what its reader sees are read at all, so that nothing hidden is told, counted or named by
its writer; what is sensitive is named by its number alone, because each reading of it is recorded on its own page.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import CharField, Count, F, IntegerField, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast
from django.utils import timezone

from bestvalue.record.consultation.models import Consultation, Survey
from bestvalue.record.delivery.models import Action, Recommendation
from bestvalue.record.ledger.models import AuditEvent, AuditEventQuerySet
from bestvalue.record.meetings.models import ActionArising, AgendaItem, Meeting
from bestvalue.record.reviews.life_cycle import Gate
from bestvalue.record.reviews.models import Aim, Decision, Evidence, Finding, Marking, PublishedVersion, Review, Strand
from bestvalue.record.scrutiny.models import Challenge, Option, ScopeQuestion
from bestvalue.record.timeline import changes_of

MOST_PARTS = 4
"""Of a name: every kind gives as many columns, so that the names of all kinds are asked for at once."""
READING = Q(action__endswith=".read") | Q(action="survey.answers_read")
"""Entries that say who read something: no change of it."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """A kind of thing that a review is made of.

    Args:
        label: what it is called.
        model: its rows.
        seen: those of a review that a user sees.
        numbers: the fields that its number is made of.
        number: how it is cited, from these as text.
        words: the fields that say what it is.
        say: what it is, from these as text.
        marking: the field of its marking; empty where it has none.
    """

    label: str
    model: Any
    seen: Callable[[Review, Any], QuerySet[Any]]
    numbers: tuple[str, ...]
    number: Callable[..., str]
    words: tuple[str, ...]
    say: Callable[..., str] = str
    marking: str = ""

    @property
    def kind(self) -> str:
        """Its name in the ledger."""
        return str(self.model._meta.label_lower)

    def told(self, review: Review, user: Any) -> Q:
        """The condition that an entry of the ledger is about one of those that a user sees."""
        keys = self.seen(review, user).order_by().annotate(told_key=Cast("pk", output_field=CharField())).values("told_key")
        return Q(object_kind=self.kind, object_id__in=keys)

    def names(self, review: Review, user: Any, keys: Iterable[int]) -> QuerySet[Any, Any]:
        """Kind, key, marking and the parts of the name of some of those that a user sees, as every kind gives them."""
        marking = F(self.marking) if self.marking else Value(Marking.OFFICIAL.value)
        columns: dict[str, Any] = {"told_kind": Value(self.kind), "told_pk": F("pk"), "told_marking": marking}
        parts = (*self.numbers, *self.words)
        columns |= {f"told_part_{at}": F(parts[at]) if at < len(parts) else Value("") for at in range(MOST_PARTS)}
        kept: dict[str, Any] = {
            name: Cast(part, output_field=IntegerField() if name == "told_pk" else TextField()) for name, part in columns.items()
        }
        rows: QuerySet[Any, Any] = self.seen(review, user).filter(pk__in=list(keys)).order_by()
        named: QuerySet[Any, Any] = rows.annotate(**kept).values_list(*kept)
        return named


@dataclass(frozen=True, kw_only=True)
class Thing:
    """What an entry is about, for a reader who sees it; what is sensitive goes by its number."""

    word: str
    pk: int
    name: str
    is_sensitive: bool


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Which entries are wanted.

    Args:
        word: of one kind of thing alone; empty for all.
        person: the key of whoever made the change; None for all.
        since: the first day.
        until: the last day.
    """

    word: str = ""
    person: int | None = None
    since: date | None = None
    until: date | None = None


def _of_review(model: type[Any]) -> Callable[[Review, Any], QuerySet[Any]]:
    return lambda review, user: model.objects.visible_to(user).filter(review=review)


def _meetings(review: Review, user: Any) -> QuerySet[Any]:
    return Meeting.objects.visible_to(user).filter(pk__in=_items(review).values("meeting"))


def _arising(review: Review, user: Any) -> QuerySet[Any]:
    return ActionArising.objects.visible_to(user).filter(item__in=_items(review))


def _items(review: Review) -> QuerySet[AgendaItem]:
    return AgendaItem.objects.filter(Q(review=review) | Q(decision__review=review) | Q(recommendation__review=review)).order_by()


def _day(body: str, on: str) -> str:
    day = date.fromisoformat(on)
    return f"{body}, {day.day} {day:%B %Y}"


PARTS: Mapping[str, Part] = {
    "review": Part(
        label="The review itself",
        model=Review,
        seen=lambda review, user: Review.objects.visible_to(user).filter(pk=review.pk),
        numbers=(),
        number=lambda: "",
        words=("title",),
    ),
    "aim": Part(label="Aims", model=Aim, seen=_of_review(Aim), numbers=("number",), number="Aim {}".format, words=("text",)),
    "strand": Part(
        label="Strands",
        model=Strand,
        seen=lambda review, user: Strand.objects.filter(review=review),  # noqa: ARG005 - whoever sees a review sees its strands
        numbers=("number",),
        number="Strand {}".format,
        words=("name",),
    ),
    "evidence": Part(
        label="Evidence",
        model=Evidence,
        seen=_of_review(Evidence),
        numbers=("number",),
        number="E{}".format,
        words=("title",),
        marking="marking",
    ),
    "finding": Part(
        label="Findings",
        model=Finding,
        seen=_of_review(Finding),
        numbers=("strand__number", "number"),
        number="Finding {}.{}".format,
        words=("text",),
        marking="marking",
    ),
    "question": Part(
        label="Questions of scope and problems",
        model=ScopeQuestion,
        seen=_of_review(ScopeQuestion),
        numbers=("number",),
        number="Question {}".format,
        words=("text",),
    ),
    "option": Part(
        label="Options",
        model=Option,
        seen=lambda review, user: Option.objects.visible_to(user).filter(question__review=review),
        numbers=("question__number", "number"),
        number="Option {}.{}".format,
        words=("text",),
        marking="marking",
    ),
    "challenge": Part(
        label="Challenges",
        model=Challenge,
        seen=_of_review(Challenge),
        numbers=("number",),
        number="C{}".format,
        words=("text",),
        marking="marking",
    ),
    "heard": Part(
        label="Consultation", model=Consultation, seen=_of_review(Consultation), numbers=("number",), number="H{}".format, words=("who",)
    ),
    "survey": Part(label="Surveys", model=Survey, seen=_of_review(Survey), numbers=("number",), number="S{}".format, words=("title",)),
    "decision": Part(
        label="Decisions",
        model=Decision,
        seen=_of_review(Decision),
        numbers=(),
        number=lambda: "",
        words=("body__name", "gate"),
        say=lambda body, gate: f"{body} to {Gate(gate).label}",
    ),
    "meeting": Part(
        label="Meetings",
        model=Meeting,
        seen=_meetings,
        numbers=("number",),
        number="Meeting {}".format,
        words=("body__name", "on"),
        say=_day,
        marking="marking",
    ),
    "arising": Part(
        label="Actions arising from meetings",
        model=ActionArising,
        seen=_arising,
        numbers=("meeting__number", "number"),
        number="A{}.{}".format,
        words=("what",),
        marking="meeting__marking",
    ),
    "recommendation": Part(
        label="Recommendations",
        model=Recommendation,
        seen=_of_review(Recommendation),
        numbers=("number",),
        number="Recommendation {}".format,
        words=("text",),
        marking="marking",
    ),
    "action": Part(
        label="Actions of the plan",
        model=Action,
        seen=lambda review, user: Action.objects.visible_to(user).filter(recommendation__review=review),
        numbers=("recommendation__number", "number"),
        number="Action {}.{}".format,
        words=("what",),
        marking="recommendation__marking",
    ),
    "published": Part(
        label="Published versions",
        model=PublishedVersion,
        seen=_of_review(PublishedVersion),
        numbers=("number",),
        number="Version {}".format,
        words=("review__title",),
        marking="marking",
    ),
}
"""Every kind of thing that the history of a review tells of, by its word in an address."""
WORDS: Mapping[str, str] = {part.kind: word for word, part in PARTS.items()}


def events_in(review: Review, *, user: Any, asked: Asked) -> AuditEventQuerySet:
    """The entries about a review and all that is in it, as far as somebody sees it, the newest first; that somebody read is left out."""
    about = Q(pk__in=[])
    for word, part in PARTS.items():
        if asked.word in ("", word):
            about |= part.told(review, user)
    found = AuditEvent.objects.newest_first().filter(about).exclude(READING)
    if asked.since is not None:
        found = found.filter(at_utc__gte=_moment(asked.since, time.min))
    if asked.until is not None:
        found = found.filter(at_utc__lte=_moment(asked.until, time.max))
    return found if asked.person is None else found.filter(actor=f"person {asked.person}")


def counts_by_actor(review: Review, *, user: Any, asked: Asked) -> dict[str, int]:
    """How many of the entries that are wanted each writer made, whoever is asked for."""
    everyone = Asked(word=asked.word, since=asked.since, until=asked.until)
    found = events_in(review, user=user, asked=everyone).select_related(None).order_by()
    return dict(found.values_list("actor").annotate(Count("pk")))


def things_of(review: Review, keys: Mapping[str, Iterable[int]], *, user: Any) -> dict[tuple[str, int], Thing]:
    """What some rows are called, as far as somebody sees them; in one question, however many kinds there are.

    Args:
        review: whose rows.
        keys: of each kind, by its word.
        user: who reads.

    Returns:
        By word and key; what the user does not see is not there.
    """
    asks = [PARTS[word].names(review, user, wanted) for word, wanted in keys.items()]
    if not asks:
        return {}
    rows = asks[0].union(*asks[1:], all=True) if asks[1:] else asks[0]
    found = {}
    for kind, pk, marking, *parts in rows:
        word, is_sensitive = WORDS[kind], marking == Marking.SENSITIVE
        part = PARTS[word]
        number = part.number(*parts[: len(part.numbers)])
        said = part.say(*parts[len(part.numbers) : len(part.numbers) + len(part.words)])
        name = number if is_sensitive else f"{number} {said}".strip()
        found[word, pk] = Thing(word=word, pk=pk, name=name, is_sensitive=is_sensitive)
    return found


def keys_of(events: Iterable[AuditEvent]) -> dict[str, set[int]]:
    """The rows that entries are about, and those that a change added to them or took away, by the word of their kind."""
    keys: dict[str, set[int]] = defaultdict(set)
    for event in events:
        word = WORDS[event.object_kind]
        keys[word].add(int(event.object_id))
        for field, change in changes_of(event).items():
            named = NAMED.get((word, field))
            if named is not None and "added" in change:
                keys[named] |= {*change["added"], *change["dropped"]}
    return dict(keys)


NAMED: Mapping[tuple[str, str], str] = {
    ("finding", "evidence"): "evidence",
    ("evidence", "strands"): "strand",
    ("recommendation", "findings"): "finding",
}
"""What the sets hold that a record names."""


def _moment(day: date, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, at))
