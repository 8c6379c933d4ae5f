"""Published surveys read by name: scales and codes as their documentation has them, against what their publishers print."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from bestvalue.dataset.questionnaires.published import CRIME_SURVEY, MASCULINITY, PUBLISHED, read_published
from bestvalue.errors import TableError


@pytest.fixture(scope="module")
def files(shared: Path) -> dict[str, Path]:
    data = shared / "data"
    return {
        CRIME_SURVEY: data / "bcs_2007_8_teaching" / "bcs_2007_8_teaching_data_part_a.tab.gz",
        MASCULINITY: data / "fivethirtyeight_surveys" / "masculinity-survey" / "raw-responses.csv.gz",
    }


def test_worry_and_safety_of_the_crime_survey_are_scales_from_one_to_four(files: dict[str, Path]) -> None:
    tables = read_published(files[CRIME_SURVEY], survey=CRIME_SURVEY)
    items = {row["item_id"]: row for row in tables["survey_items"]}
    assert Counter(row["scale_name"] for row in items.values()) == {"worry": 8, "safety": 3}
    assert items["wburgl"]["reversed"]
    assert not items["walkdark"]["reversed"]
    assert len(tables["survey_answers"]) == 5838 * 11
    assert {row["answer"] for row in tables["survey_answers"]} == {None, 1, 2, 3, 4}


def test_weighted_shares_of_habits_are_those_that_were_printed(files: dict[str, Path]) -> None:
    import gzip

    tables = read_published(files[MASCULINITY], survey=MASCULINITY)
    with gzip.open(files[MASCULINITY], "rt", encoding="utf-8") as stream:
        weights = {row[""]: float(row["weight"]) for row in csv.DictReader(stream)}
    printed = list(csv.reader((files[MASCULINITY].parent / "masculinity-survey.csv").read_text(encoding="utf-8").splitlines()))
    at = next(number for number, line in enumerate(printed) if line[0] == "Ask a friend for professional advice")
    labels = {"Often": 5, "Sometimes": 4, "Rarely": 3, "Never, but open to it": 2, "Never, and not open to it": 1}
    given = {row["respondent_id"]: row["answer"] for row in tables["survey_answers"] if row["item_id"] == "q0007_0001"}
    checked = 0
    for line in printed[at + 1 : at + 7]:
        if line[1] in labels:
            share = sum(weights[person] for person, answer in given.items() if answer == labels[line[1]]) / sum(weights.values())
            assert share == pytest.approx(float(line[2].rstrip("%")) / 100, abs=0.0051), line[1]
            checked += 1
    assert checked == 5


@pytest.mark.parametrize("survey", [CRIME_SURVEY, MASCULINITY])
def test_published_rows_keep_the_contracts_of_their_tables(files: dict[str, Path], survey: str) -> None:
    from bestvalue.dataset.tables import TABLES

    for name, rows in read_published(files[survey], survey=survey).items():
        required = [column.name for column in TABLES[name].columns if column.required]
        assert all(row[column] not in (None, "") for row in rows for column in required)


def test_an_unknown_survey_or_another_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    with pytest.raises(TableError, match="No published survey is called 'census'") as refused:
        read_published(tmp_path / "other.csv", survey="census")
    assert all(name in refused.value.next_step for name in PUBLISHED)
    for survey in PUBLISHED:
        with pytest.raises(TableError, match="is not there"):
            read_published(tmp_path / "other.csv", survey=survey)
