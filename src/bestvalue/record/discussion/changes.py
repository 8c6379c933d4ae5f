"""Changes to what is said about things: comments, and tags set and taken off."""

from django.db import models, transaction
from django.utils import timezone

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Person
from bestvalue.record.discussion.models import Comment, Tag, check_comment, check_discusses, tag_word
from bestvalue.record.discussion.things import kind_of
from bestvalue.record.ledger import ledger


@transaction.atomic
def comment(thing: models.Model, *, text: str, by: Person, reply_to: Comment | None = None) -> Comment:
    """Say something about a thing, or in reply to another comment on it. It stays as it was said.

    Raises:
        RuleError: `by` does not see the thing, it says nothing, or it replies to a comment on another thing.
    """
    check_comment(thing, text=text, reply_to=reply_to, by=by)
    # A reply to a reply joins the same thread: two levels can be read, five cannot.
    root = reply_to.reply_to or reply_to if reply_to else None
    said = Comment.objects.create(kind=kind_of(thing).word, thing=thing.pk, reply_to=root, text=text.strip(), at=timezone.now(), by=by)
    ledger.write("comment.added", target=thing, by=by, payload={"comment": said.pk, "text": said.text, "reply_to": root and root.pk})
    return said


@transaction.atomic
def set_tag(thing: models.Model, *, word: str, by: Person) -> Tag:
    """Set a word on a thing. A word that it has already stays as it is.

    Raises:
        RuleError: `by` does not see the thing, the word is none, or the thing has it.
    """
    check_discusses(thing, by=by)
    kept = tag_word(word)
    if Tag.objects.on(thing).filter(word=kept).exists():
        raise RuleError(f"It has the tag “{kept}” already", where="word", next_step="Enter another word.")
    tag = Tag.objects.create(kind=kind_of(thing).word, thing=thing.pk, word=kept, at=timezone.now(), by=by)
    ledger.write("tag.set", target=thing, by=by, payload={"word": kept})
    return tag


@transaction.atomic
def take_tag_off(thing: models.Model, *, word: str, by: Person) -> Tag:
    """Take a word off a thing. Who set it, and who took it off, stays in the record.

    Raises:
        RuleError: `by` does not see the thing, it has no such tag, or somebody else set it and `by` is no manager.
    """
    check_discusses(thing, by=by)
    tag = Tag.objects.on(thing).select_for_update().filter(word=word).first()
    if tag is None:
        raise RuleError(f"It has no tag “{word}”", where="word", next_step="Nothing is left to take off.")
    if not tag.may_be_taken_off_by(by):
        raise RuleError(f"{by} did not set this tag", where="word", next_step=f"Ask {tag.by}, or the project manager.")
    tag.taken_off_at, tag.taken_off_by = timezone.now(), by
    tag.save()
    ledger.write("tag.taken_off", target=thing, by=by, payload={"word": word})
    return tag
