"""Which forms the site asks, and what it says of the others: sheet, row and column of each place."""

from pathlib import Path

import pytest
from tests.dataset.questionnaires.forms import write_form

from bestvalue.dataset.questionnaires.asked import as_json, from_json
from bestvalue.dataset.questionnaires.asked_reading import read_asked
from bestvalue.errors import TableError, TableFaults

ASKED = {"tutorial.xls", "or_other.xlsx", "yes_or_no_question.xlsx", "choice_filter_test.xlsx", "repeat_date_test.xls", "table-list.xls"}
ASKED |= {"group.xlsx", "specify_other.csv", "cascading_select_test_equivalent.xls", "field-list.xlsx", "blank_second_row.xls"}


def faults_of(tmp_path: Path, *rows: tuple[object, ...]) -> list[str]:
    with pytest.raises(TableFaults) as refused:
        read_asked(write_form(tmp_path / "form.xlsx", rows))
    return [str(fault) for fault in refused.value.faults]


def test_every_published_form_is_asked_or_each_place_that_cannot_be_is_named(shared: Path) -> None:
    asked = set()
    for folder in ("example_xls", "bug_example_xls"):
        for file in sorted((shared / "data" / "xlsforms" / folder).iterdir()):
            try:
                form = read_asked(file)
            except TableError:
                continue
            asked.add(file.name)
            assert from_json(as_json(form)) == form
    assert asked >= ASKED
    assert not asked & {"widgets.xls", "pull_data.xlsx", "bad_calc.xlsx", "gps.xls", "hidden.xls"}


def test_a_published_form_that_asks_for_a_photograph_is_told_so_by_sheet_row_and_column(shared: Path) -> None:
    with pytest.raises(TableFaults) as refused:
        read_asked(shared / "data" / "xlsforms" / "example_xls" / "sms_info.xls")
    assert [str(fault) for fault in refused.value.faults] == [
        "sms_info.xls, sheet survey, row 9, column type: picture: the site does not ask for 'photo'",
        "sms_info.xls, sheet survey, row 10, column type: gps: the site does not ask for 'geopoint'",
    ]


def test_a_question_that_is_not_there_is_named_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="Could not find the name 'missing'") as refused:
        read_asked(write_form(tmp_path / "form.xlsx", [(), ("text", "why", "Why?", "Pam?", "${missing} = 1")]))
    assert refused.value.where == "form.xlsx, sheet survey, row 3, column relevant"


def test_languages_come_in_the_order_of_the_columns_and_the_default_first(tmp_path: Path) -> None:
    form = read_asked(write_form(tmp_path / "form.xlsx", [("select_one agree", "t1", "Safe?", "Diogel?")]))
    assert form.languages == ("English (en)", "Cymraeg (cy)")


@pytest.mark.parametrize(
    ("column", "cell", "says"),
    [
        ("relevant", "pulldata('a') = 1", "the function pulldata() is not understood here"),
        ("relevant", "age > 3", "'age' is neither text in quotes nor a question in ${}"),
        ("relevant", "${in_repeat} = 1", "'in_repeat' is asked in a repeat"),
        ("relevant", "${why} = 1", "Questions wait for each other: why needs why"),
        ("constraint", "regex(., '(a+)+')", "repeats something in brackets"),
        ("required", "${person} = 1", "'person' is a group or repeat"),
    ],
)
def test_a_condition_that_the_site_cannot_ask_is_refused_at_its_place(tmp_path: Path, column: str, cell: str, says: str) -> None:
    at = {"relevant": 4, "constraint": 5, "required": 7}[column]
    row: list[object] = ["text", "why", "Why?", "Pam?", *[None] * 4]
    row[at] = cell
    found = faults_of(
        tmp_path,
        ("begin repeat", "person", "Person", "Person"),
        ("text", "in_repeat", "Who?", "Pwy?"),
        ("end repeat",),
        tuple(row),
    )
    assert len(found) == 1
    assert found[0].startswith(f"form.xlsx, sheet survey, row 5, column {column}: ")
    assert says in found[0]


def test_every_fault_of_a_form_is_told_at_once(tmp_path: Path) -> None:
    found = faults_of(
        tmp_path, ("geopoint", "where", "Where?", "Ble?"), (), ("text", "why", "Why?", "Pam?", "no = 1"), ("image", "photo", "P", "P")
    )
    assert [fault.partition(": ")[0] for fault in found] == [
        "form.xlsx, sheet survey, row 2, column type",
        "form.xlsx, sheet survey, row 5, column type",
        "form.xlsx, sheet survey, row 4, column relevant",
    ]


def test_what_a_device_would_tell_of_itself_is_left_out_and_said(tmp_path: Path) -> None:
    form = read_asked(write_form(tmp_path / "form.xlsx", [("start", "start"), ("deviceid", "id"), ("text", "why", "Why?", "Pam?")]))
    assert [entry.name for entry in form.every_entry()] == ["why"]
    assert len(form.notes) == 2


def test_a_repeat_inside_a_repeat_is_refused(tmp_path: Path) -> None:
    inner = [("begin repeat", "inner", "I", "I"), ("text", "a", "A", "A"), ("end repeat",)]
    found = faults_of(tmp_path, ("begin repeat", "outer", "O", "O"), *inner, ("end repeat",))
    assert "row 3" in found[0]
    assert "a repeat inside a repeat" in found[0]


def test_a_chain_that_nobody_could_follow_is_refused(tmp_path: Path) -> None:
    chain = [("calculate", f"c{at}", None, None, None, None, None, None, f"${{c{at - 1}}} + 1") for at in range(1, 60)]
    found = faults_of(tmp_path, ("integer", "c0", "N", "N"), *chain)
    assert "depends on a chain of more than 40 questions" in found[0]
