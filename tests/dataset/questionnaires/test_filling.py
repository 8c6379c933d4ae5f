"""One person's way through a form: what is asked, in which order, what is refused, and what is handed in."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from tests.dataset.questionnaires.forms import write_form

from bestvalue.dataset.questionnaires.asked import AskedForm
from bestvalue.dataset.questionnaires.asked_reading import read_asked
from bestvalue.dataset.questionnaires.filling import MOST_TIMES, Filling

TODAY = date(2026, 1, 5)
ROWS = (
    ("integer", "age", "Your age?", "Oed?", None, ". >= 16", "You must be 16 or older", "yes"),
    ("select_one agree", "safe", "Do you feel safe?", "Diogel?"),
    ("text", "why", "You said ${age}. Why?", "Pam?", "${safe} = '2'", None, None, "yes"),
    ("begin repeat", "visit", "Visit to a station", "Ymweliad"),
    ("date", "day", "On which day?", "Pryd?", None, ". <= today()", "The day must be past"),
    ("select_multiple agree", "how", "How was it?", "Sut?", "${day} != ''"),
    ("calculate", "number", None, None, None, None, None, None, "position(..)"),
    ("end repeat",),
    ("note", "thanks", "Almost done: ${visits} visits.", "Bron", "${visits} > 0"),
    ("calculate", "visits", None, None, None, None, None, None, "count(${visit})"),
    ("select_one town", "town", "Which town?", "Pa dref?", None, None, None, None, None, None, "area = ${safe}"),
    ("acknowledge", "ok", "May we quote you?", "Dyfynnu?"),
)
CHOICES = (
    ("agree", 1, "Yes", "Ie"),
    ("agree", 2, "No", "Na"),
    ("town", "ash", "Ash", "Ash", "1"),
    ("town", "elm", "Elm", "Elm", "2"),
)


@pytest.fixture(scope="module")
def form(tmp_path_factory: pytest.TempPathFactory) -> AskedForm:
    return read_asked(write_form(tmp_path_factory.mktemp("form") / "form.xlsx", ROWS, choices=CHOICES))


def places(form: AskedForm, answers: Mapping[str, str]) -> list[str]:
    return [stop.place for stop in Filling(form, answers, today=TODAY).stops()]


def check(form: AskedForm, place: str, given: list[str], answers: Mapping[str, str] | None = None) -> tuple[str, str]:
    filling = Filling(form, answers or {}, today=TODAY)
    stop = filling.stop_at(place)
    assert stop is not None, place
    checked = filling.check(stop, given)
    return checked.value, checked.fault


def test_a_question_is_asked_only_where_its_condition_holds(form: AskedForm) -> None:
    assert "why" not in places(form, {"safe": "1"})
    assert places(form, {"safe": "2"}) == ["age", "safe", "why", "visit/0/+", "town", "ok"]


def test_a_repeat_goes_on_for_as_long_as_there_is_another(form: AskedForm) -> None:
    assert places(form, {"visit/0/+": "yes"}) == ["age", "safe", "visit/0/+", "visit/1/day", "visit/1/+", "thanks", "town", "ok"]
    two = {"visit/0/+": "yes", "visit/1/day": "2026-01-01", "visit/1/+": "yes"}
    assert places(form, two)[3:7] == ["visit/1/day", "visit/1/how", "visit/1/+", "visit/2/day"]


def test_who_goes_back_and_says_no_takes_the_later_ones_out_and_can_bring_them_back(form: AskedForm) -> None:
    both = {"visit/0/+": "yes", "visit/1/+": "yes", "visit/2/+": "no", "visit/1/day": "2026-01-01", "visit/2/day": "2026-01-02"}
    assert Filling(form, both, today=TODAY).final()["visit/2/day"] == "2026-01-02"
    one = both | {"visit/1/+": "no"}
    assert "visit/2/day" not in Filling(form, one, today=TODAY).final()
    assert Filling(form, one, today=TODAY).final()["visits"] == "1"
    assert Filling(form, one | {"visit/1/+": "yes"}, today=TODAY).final()["visit/2/day"] == "2026-01-02"


def test_a_repeat_ends_somewhere_whatever_is_answered(form: AskedForm) -> None:
    always = {f"visit/{time}/+": "yes" for time in range(200)}
    assert sum(place.endswith("/day") for place in places(form, always)) == MOST_TIMES


def test_a_repeat_with_a_count_asks_so_often(tmp_path: Path) -> None:
    rows = [
        ("integer", "n", "How many?", "Sawl?"),
        ("begin repeat", "one", "One", "Un", None, None, None, None, None, "${n}"),
        ("text", "who", "Who?", "Pwy?"),
        ("end repeat",),
    ]
    counted = read_asked(write_form(tmp_path / "form.xlsx", rows))
    assert places(counted, {"n": "2"}) == ["n", "one/1/who", "one/2/who"]
    assert places(counted, {"n": "-3"}) == places(counted, {}) == ["n"]
    assert len(places(counted, {"n": "999999999"})) == MOST_TIMES + 1


@pytest.mark.parametrize(
    ("place", "given", "value", "fault"),
    [
        ("age", ["20"], "20", ""),
        ("age", [" 1,020 "], "1020", ""),
        ("age", ["0020"], "20", ""),
        ("age", ["20.5"], "20.5", "Enter a whole number, such as 12"),
        ("age", ["9" * 400], "9" * 40, "Enter a whole number, such as 12"),
        ("age", [""], "", "Enter a number"),
        ("age", ["12"], "12", "You must be 16 or older"),
        ("safe", ["2"], "2", ""),
        ("safe", ["3"], "", "Select from the answers that are listed"),
        ("safe", [], "", ""),
        ("ok", ["on"], "OK", ""),
        ("visit/0/+", ["maybe"], "", "Select yes if there is another, or no"),
    ],
)
def test_an_answer_is_kept_in_its_plain_form_or_refused_with_what_to_do(
    form: AskedForm, place: str, given: list[str], value: str, fault: str
) -> None:
    assert check(form, place, given) == (value, fault)


def test_days_are_checked_and_compared(form: AskedForm) -> None:
    there = {"visit/0/+": "yes"}
    assert check(form, "visit/1/day", ["5", "1", "2026"], there) == ("2026-01-05", "")
    assert check(form, "visit/1/day", ["6", "1", "2026"], there) == ("2026-01-06", "The day must be past")
    assert check(form, "visit/1/day", ["31", "2", "2026"], there)[1] == "The date must be a real date, such as 27 3 2026"
    assert check(form, "visit/1/day", ["5", "", "2026"], there)[1] == "The date must include a month"


def test_several_answers_are_kept_in_the_order_of_the_form(form: AskedForm) -> None:
    there = {"visit/0/+": "yes", "visit/1/day": "2026-01-01"}
    assert check(form, "visit/1/how", ["2", "1"], there) == ("1 2", "")


def test_only_the_choices_of_the_filter_are_offered_and_taken(form: AskedForm) -> None:
    filling = Filling(form, {"safe": "2"}, today=TODAY)
    stop = filling.stop_at("town")
    assert stop is not None
    assert [option.name for option in filling.options(stop)] == ["elm"]
    assert filling.check(stop, ["ash"]).fault == "Select from the answers that are listed"


def test_an_answer_that_was_right_and_is_no_more_is_asked_again(form: AskedForm) -> None:
    done = {"age": "20", "safe": "1", "visit/0/+": "no", "town": "ash", "ok": ""}
    assert Filling(form, done, today=TODAY).first_open() is None
    changed = Filling(form, done | {"safe": "2"}, today=TODAY)
    assert changed.first_open() == changed.stop_at("why")
    assert Filling(form, done | {"safe": "2", "why": "x"}, today=TODAY).first_open() == changed.stop_at("town")


def test_words_carry_the_answers_that_they_name(form: AskedForm) -> None:
    filling = Filling(form, {"age": "20", "safe": "2"}, today=TODAY)
    stop = filling.stop_at("why")
    assert stop is not None
    assert stop.entry is not None
    assert filling.words(stop.entry.words, "English (en)") == "You said 20. Why?"
    assert filling.words(stop.entry.words, "Cymraeg (cy)") == "Pam?"


def test_what_is_handed_in_is_what_was_asked_and_answered(form: AskedForm) -> None:
    answers = {"age": "20", "safe": "1", "why": "left over", "visit/0/+": "yes", "visit/1/day": "2026-01-01", "visit/1/+": "no"}
    assert Filling(form, answers, today=TODAY).final() == {
        "age": "20",
        "safe": "1",
        "visit/1/day": "2026-01-01",
        "visit/1/number": "1",
        "visits": "1",
    }


def test_a_group_that_is_not_asked_hides_what_is_in_it(tmp_path: Path) -> None:
    rows = [
        ("select_one agree", "a", "A?", "A?"),
        ("begin group", "more", "More", "Mwy", "${a} = 1"),
        ("integer", "b", "B?", "B?"),
        ("end group",),
        ("text", "c", "C?", "C?", "${b} > 5"),
    ]
    grouped = read_asked(write_form(tmp_path / "form.xlsx", rows))
    assert places(grouped, {"a": "1", "b": "6"}) == ["a", "b", "c"]
    assert places(grouped, {"a": "2", "b": "6"}) == ["a"]
