from hypothesis import given
from hypothesis import strategies as st

from bestvalue.site.presenters.register import Wordings, stronger_places
from bestvalue.site.presenters.wording import compare_words, differ

WORDS = st.lists(st.sampled_from(["units", "must", "should", "publish", "all", "costs"]), max_size=12).map(" ".join)


@given(first=WORDS, second=WORDS)
def test_both_wordings_can_be_read_back_from_their_comparison(first: str, second: str) -> None:
    pieces = compare_words(first, second)
    assert " ".join(piece.words for piece in pieces if piece.kind != "only second") == first
    assert " ".join(piece.words for piece in pieces if piece.kind != "only first") == second


def test_line_breaks_are_no_difference() -> None:
    assert not differ("publish\n their  costs", "publish their costs")


def test_a_recommendation_without_a_sentence_in_the_body_has_nothing_to_compare() -> None:
    assert not Wordings(box="Publish costs.", body="", listed="").body_differs
    assert Wordings(box="Publish costs.", body="All publish costs.", listed="").body_differs


def test_the_stronger_place_is_named_with_what_shows_it() -> None:
    noted = {"first": "box", "second": "body", "changes": [], "stronger": "body", "reasons": ["all"]}
    (found,) = stronger_places([noted, {**noted, "stronger": None}])
    assert (found.place, found.than, found.reasons) == ("paragraph", "box", ("all",))
