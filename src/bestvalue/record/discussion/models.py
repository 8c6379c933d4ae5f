"""Comments, which stay as they were said, and tags, which are set and taken off again."""

import re
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Person, User, person_of
from bestvalue.record.discussion.things import KINDS, kind_of, seen_among
from bestvalue.record.reviews.models import PUBLISHERS

LONGEST_TAG = 40


class AboutQuerySet(models.QuerySet["Comment"]):
    """Questions about comments."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The comments on what somebody sees."""
        return self.filter(seen_among(user)) if person_of(user) is not None else self.none()

    def on(self, thing: models.Model) -> Self:
        """Those on one thing, the oldest first."""
        return self.filter(kind=kind_of(thing).word, thing=thing.pk).order_by("pk")


class Comment(models.Model):
    """What somebody said about a thing, or in reply to another comment. Comments are added, never changed."""

    kind = models.CharField(max_length=20, choices=[(word, kind.label) for word, kind in KINDS.items()])
    thing = models.PositiveBigIntegerField()
    reply_to = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replies")
    text = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="comments")

    objects = AboutQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["kind", "thing"], name="comment_thing")]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=list(KINDS)), name="comment_kind_known"),
            models.CheckConstraint(condition=~models.Q(text=""), name="comment_says_something"),
        ]

    def __str__(self) -> str:
        return self.text


class TagQuerySet(models.QuerySet["Tag"]):
    """Questions about tags."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The tags on what somebody sees."""
        return self.filter(seen_among(user)) if person_of(user) is not None else self.none()

    def set_now(self) -> Self:
        """Those that were not taken off."""
        return self.filter(taken_off_at=None)

    def on(self, thing: models.Model) -> Self:
        """Those that a thing has now, by their words."""
        return self.set_now().filter(kind=kind_of(thing).word, thing=thing.pk).order_by("word")

    def counted(self) -> "models.QuerySet[Tag, tuple[str, int]]":
        """How many things have each word now, by the word."""
        return self.set_now().order_by("word").values_list("word").annotate(models.Count("pk"))


class Tag(models.Model):
    """A word that somebody set on a thing, to find it by. It is taken off, not deleted: who set it and who took it off stays."""

    kind = models.CharField(max_length=20, choices=[(word, kind.label) for word, kind in KINDS.items()])
    thing = models.PositiveBigIntegerField()
    word = models.CharField(max_length=LONGEST_TAG)
    at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    taken_off_at = models.DateTimeField(null=True, blank=True)
    taken_off_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = TagQuerySet.as_manager()

    class Meta:
        ordering = ["word", "id"]
        indexes = [models.Index(fields=["word"], name="tag_word")]
        constraints = [
            models.UniqueConstraint(fields=["kind", "thing", "word"], condition=models.Q(taken_off_at=None), name="tag_set_once"),
            models.CheckConstraint(condition=models.Q(kind__in=list(KINDS)), name="tag_kind_known"),
            models.CheckConstraint(
                condition=models.Q(taken_off_at=None, taken_off_by=None) | models.Q(taken_off_at__isnull=False, taken_off_by__isnull=False),
                name="tag_taken_off_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.word

    def may_be_taken_off_by(self, person: Person | None) -> bool:
        """Whether a person may take it off: who set it, or a programme or project manager."""
        return person is not None and (person.pk == self.by_id or person.holds(*PUBLISHERS))


def sees(person: Person, thing: models.Model) -> bool:
    """Whether a person sees a thing; who has no sign-in sees nothing."""
    return person.user is not None and kind_of(thing).seen_by(person.user).filter(pk=thing.pk).exists()


def check_discusses(thing: models.Model, *, by: Person) -> None:
    """Refuse whoever does not see the thing.

    Raises:
        RuleError: the message does not say more than they know.
    """
    if not sees(by, thing):
        raise RuleError(f"{by} may not comment on this", where=kind_of(thing).label, next_step="Ask somebody who takes part in it.")


def check_comment(thing: models.Model, *, text: str, reply_to: Comment | None, by: Person) -> None:
    """Refuse a comment by whoever does not see the thing, without words, or in reply to a comment on another thing.

    Raises:
        RuleError: the message says which.
    """
    check_discusses(thing, by=by)
    if not text.strip():
        raise RuleError("A comment says something", where="text", next_step="Enter the comment.")
    if reply_to is not None and (reply_to.kind, reply_to.thing) != (kind_of(thing).word, thing.pk):
        raise RuleError("The comment that it replies to is on something else", where="reply_to", next_step="Reply on that page.")


def tag_word(typed: str) -> str:
    """A tag as it is kept: in small letters, with single spaces, without a leading hash.

    Raises:
        RuleError: nothing is left, or it is too long.

    Example:
        >>> tag_word("  #Night   shifts ")
        'night shifts'
    """
    word = re.sub(r"\s+", " ", typed.strip().lstrip("#").strip()).lower()
    if not word:
        raise RuleError("A tag is a word", where="word", next_step="Enter a word or two to find it by.")
    if len(word) > LONGEST_TAG or "/" in word:
        raise RuleError(f"A tag has at most {LONGEST_TAG} letters, and no stroke", where="word", next_step="Enter a shorter word.")
    return word
