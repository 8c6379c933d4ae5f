"""Comments and tags: who sees them, and that nothing said is lost."""

from collections.abc import Callable
from typing import Any

import pytest

from bestvalue.errors import RuleError
from bestvalue.record.bodies.models import Body, Person
from bestvalue.record.discussion.changes import comment, set_tag, take_tag_off
from bestvalue.record.discussion.models import Comment, Tag, tag_word
from bestvalue.record.discussion.things import KINDS, kind_of
from bestvalue.record.ledger.models import AuditEvent
from bestvalue.record.reviews.models import Evidence, Finding, Marking, Review

MakePerson = Callable[..., Person]


@pytest.fixture
def writer(manager: Person, sign_in: Any) -> Person:
    sign_in(manager)
    return manager


@pytest.fixture
def reader(person: MakePerson, review: Review, sign_in: Any) -> Person:
    """Sees the review, and writes nothing in it."""
    someone = person("Observer", role="observer", body=review.force)
    sign_in(someone)
    return someone


@pytest.fixture
def stranger(person: MakePerson, body: Callable[..., Body], sign_in: Any) -> Person:
    someone = person("Stranger", role="panel member", body=body("Elsewhere", "panel"))
    sign_in(someone)
    return someone


def test_whoever_sees_a_thing_comments_and_whoever_does_not_learns_nothing(
    finding: Finding, writer: Person, reader: Person, stranger: Person
) -> None:
    said = comment(finding, text="Which nights?", by=reader)
    assert list(Comment.objects.visible_to(writer.user)) == [said]  # type: ignore[arg-type]  # the fixture gives a sign-in
    assert not Comment.objects.visible_to(stranger.user).exists()  # type: ignore[arg-type]
    with pytest.raises(RuleError, match="Stranger may not comment on this"):
        comment(finding, text="Guessed", by=stranger)


def test_who_has_no_sign_in_cannot_comment(finding: Finding, person: MakePerson, team: Body) -> None:
    with pytest.raises(RuleError, match="may not comment"):
        comment(finding, text="Hello", by=person("No sign-in", role="analyst", body=team))


def test_a_comment_on_sensitive_evidence_is_seen_by_those_who_see_the_evidence(
    review: Review, add_evidence: Callable[..., Evidence], writer: Person, reader: Person
) -> None:
    secret = add_evidence(review, marking=Marking.SENSITIVE)
    comment(secret, text="From whom?", by=writer)
    set_tag(secret, word="source", by=writer)
    assert not Comment.objects.visible_to(reader.user).exists()  # type: ignore[arg-type]
    assert list(Tag.objects.visible_to(reader.user).counted()) == []  # type: ignore[arg-type]


def test_a_reply_to_a_reply_joins_the_thread_and_a_reply_elsewhere_is_refused(
    finding: Finding, review: Review, writer: Person, reader: Person
) -> None:
    first = comment(finding, text="Which nights?", by=reader)
    reply = comment(finding, text="Fridays.", by=writer, reply_to=first)
    assert comment(finding, text="All?", by=reader, reply_to=reply).reply_to == first
    with pytest.raises(RuleError, match="is on something else"):
        comment(review, text="?", by=reader, reply_to=first)


def test_a_comment_is_in_the_ledger_of_the_thing_that_it_is_about(finding: Finding, reader: Person) -> None:
    comment(finding, text="Which nights?", by=reader)
    newest = AuditEvent.objects.about(finding).latest("seq")
    assert (newest.action, newest.actor_name) == ("comment.added", "Observer")


@pytest.mark.parametrize(("typed", "kept"), [("Nights", "nights"), ("#Night   shifts ", "night shifts")])
def test_a_tag_is_kept_as_plain_small_words(typed: str, kept: str) -> None:
    assert tag_word(typed) == kept


@pytest.mark.parametrize("typed", ["", " # ", "a/b", "x" * 41])
def test_what_is_no_word_is_no_tag(typed: str) -> None:
    with pytest.raises(RuleError):
        tag_word(typed)


def test_a_tag_is_set_once_taken_off_by_who_set_it_or_a_manager_and_may_be_set_again(
    finding: Finding, writer: Person, reader: Person
) -> None:
    set_tag(finding, word="Nights", by=writer)
    with pytest.raises(RuleError, match="has the tag “nights” already"):
        set_tag(finding, word="nights", by=reader)
    with pytest.raises(RuleError, match="Observer did not set this tag"):
        take_tag_off(finding, word="nights", by=reader)
    take_tag_off(finding, word="nights", by=writer)
    assert not Tag.objects.on(finding).exists()
    set_tag(finding, word="nights", by=reader)
    take_tag_off(finding, word="nights", by=writer)  # the project manager
    assert Tag.objects.count() == 2


def test_every_kind_of_thing_knows_who_sees_it(finding: Finding, stranger: Person) -> None:
    assert kind_of(finding).word == "finding"
    for kind in KINDS.values():
        assert not kind.seen_by(stranger.user).exists(), kind.word  # type: ignore[arg-type]
