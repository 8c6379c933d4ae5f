"""Expressions of XLSForm: the values that XPath 1.0 and ODK's form reference give, and what is refused."""

import contextlib
import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bestvalue.dataset.questionnaires.evaluation import Scope, as_number, evaluate, holds
from bestvalue.dataset.questionnaires.expressions import DEEPEST, ExpressionFault, check_pattern, names_in, parse

ANSWERS = {"age": "20", "few": "3", "things": "car bus", "empty": "", "born": "1990-06-01", "name": "Ash Lane", "1": "x"}


def scope(**rest: object) -> Scope:
    every = {"few": ["3", "", "5"], "person": ["", ""]}
    return Scope(answer=lambda name: ANSWERS[name], every=lambda name: every[name], today=date(2026, 1, 5), **rest)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3", 7.0),
        ("(1 + 2) * 3", 9.0),
        ("7 mod 4", 3.0),
        ("-7 mod 4", -3.0),
        ("1 div 4", 0.25),
        ("8 - 2 - 1", 5.0),
        ("- -3", 3.0),
        ("1 = 1 and 2 = 3 or 4 = 4", True),
        ("1 < 2 = true()", True),
        ("${age} >= 18", True),
        ("${age} = '20'", True),
        ("${age} = 20.0", True),
        ("'01' = '1'", False),
        ("'01' = 1", True),
        ("${empty} = ''", True),
        ("${empty} < 5", False),
        ("${empty} >= 5", False),
        ("${empty} != 5", True),
        ("'no' = true()", True),
        ("not(${empty})", True),
        ("selected(${things}, 'bus')", True),
        ("selected(${things}, 'us')", False),
        ("selected-at(${things}, 1)", "bus"),
        ("selected-at(${things}, 7)", ""),
        ("count-selected(${things})", 2.0),
        ("count(${person})", 2.0),
        ("sum(${few})", 8.0),
        ("max(${few})", 5.0),
        ("min(4, 2, 'x')", 2.0),
        ("if(${age} > 18, 'adult', 'child')", "adult"),
        ("coalesce(${empty}, 'x')", "x"),
        ("concat('a', 3, true())", "a3true"),
        ("string-length(${name})", 8.0),
        ("substr('hello', 1, 3)", "el"),
        ("contains(${name}, 'Lane') and starts-with(${name}, 'Ash') and ends-with(${name}, 'e')", True),
        ("regex('AB12', '[A-Z]{2}[0-9]+')", True),
        ("regex('xAB12', '[A-Z]{2}[0-9]+')", False),
        ("round(2.5)", 3.0),
        ("round(-2.5)", -2.0),
        ("round(3.14159, 2)", 3.14),
        ("int(-3.9)", -3.0),
        ("abs(-4)", 4.0),
        ("${born} < today()", True),
        ("today() - ${born} > 365 * 35", True),
        ("date('2026-01-05') = today()", True),
        ("number('x') = number('x')", False),
        ("boolean('false')", True),
    ],
)
def test_an_expression_has_the_value_that_the_standard_gives(text: str, value: object) -> None:
    assert evaluate(text, scope()) == value


def test_an_answer_being_checked_is_a_dot_and_the_time_of_a_repeat_its_position() -> None:
    assert holds(". >= 16 and . <= 120", scope(own="40"))
    assert not holds(". >= 16 and . <= 120", scope(own="140"))
    assert evaluate("position(..)", scope(position=3)) == 3


def test_a_bare_name_is_a_column_of_the_choice() -> None:
    assert holds("area = ${things}", scope(columns={"area": "car bus"}))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("__import__('os')", "the function __import__() is not understood here"),
        ("pulldata('a', 'b')", "the function pulldata() is not understood here"),
        ("${age} >", "it ends in the middle"),
        ("${age} 5", "'5' stands where nothing more is expected"),
        ("(1 + 2", "')' is missing at the end"),
        ("selected(${age})", "selected() takes 2 arguments, not 1"),
        ("/data/age = 1", "'/data/age = 1' is not understood"),
        ("${age} == 1", "'=' stands where a value is expected"),
        ("regex(., ${name})", "the pattern of regex() has to stand in quotes"),
        ("(" * (DEEPEST + 1) + "1" + ")" * (DEEPEST + 1), "its brackets go deeper than 20"),
        ("1+" * 1000 + "11", "it has 2,002 characters; at most 2,000 are read"),
    ],
)
def test_what_is_beyond_the_subset_is_refused_by_name(text: str, says: str) -> None:
    with pytest.raises(ExpressionFault) as refused:
        parse(text)
    assert says in str(refused.value)


@pytest.mark.parametrize(
    "pattern",
    ["(a+)+", "(a|aa)*b", r"(\d+){3,}", "(?=a)b", r"(a)\1", "a*b*c*d*", "(a{1,30}){20}", "[", "a?" * 30 + "a" * 30, "(a|b|c|d|e|f|g|h)"],
)
def test_a_pattern_that_could_take_minutes_is_refused(pattern: str) -> None:
    with pytest.raises(ExpressionFault):
        check_pattern(pattern)


@pytest.mark.parametrize("pattern", [r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}", r"(\+44|0)\d{9,10}", r"[^@]+@[^@]+\.[a-z]+", r"[(*+]+"])
def test_patterns_that_forms_use_are_understood(pattern: str) -> None:
    check_pattern(pattern)


def test_the_worst_pattern_that_is_let_through_ends_soon() -> None:
    worst = "a?a?a?a?a?a?a*a*a*b"
    check_pattern(worst)
    started = time.process_time()
    evaluate(f"regex('{'a' * 100}', '{worst}')", scope())
    assert time.process_time() - started < 20


@given(st.text(alphabet="${}()'\"<>=!+-*., abd19/:_\\", max_size=40))
def test_no_text_does_anything_but_be_read_or_refused(text: str) -> None:
    with contextlib.suppress(ExpressionFault):
        assert parse(text).kind


@given(st.text(max_size=30))
def test_no_answer_makes_arithmetic_fail(typed: str) -> None:
    given_ = Scope(answer=lambda _: typed, every=lambda _: [typed], today=date(2026, 1, 5), own=typed)
    for text in (
        "round(. * 2, 3)",
        "int(.) mod 7",
        "substr(., ., 3)",
        "selected-at(., .)",
        "date(. + 1)",
        "sum(${x})",
        ". div 0",
        "not(.)",
    ):
        evaluate(text, given_)


def test_only_plain_numbers_are_numbers() -> None:
    assert [as_number(text) == as_number(text) for text in ("12", "-1.5", "1e5", "inf", "nan", "1_000", "0x1")] == [
        True,
        True,
        False,
        False,
        False,
        False,
        False,
    ]


def test_the_questions_that_an_expression_names_are_found() -> None:
    assert names_in("${a} > 1 or selected(../b, 'c') and count(${d}) > 0") == {"a", "b", "d"}
    assert names_in("") == frozenset()
