"""Answers from elsewhere: SPSS with its codes for no answer, CSV of survey tools, and what is no scale."""

from pathlib import Path

import pandas as pd
import pytest

from bestvalue.dataset.questionnaires.responses import read_responses, survey_rows
from bestvalue.errors import TableError


def test_an_spss_file_brings_words_labels_and_codes_for_no_answer(tmp_path: Path) -> None:
    pyreadstat = pytest.importorskip("pyreadstat")
    frame = pd.DataFrame({"id": ["a", "b", "c", "d"], "safe": [1.0, 4.0, 9.0, None], "age": [34.0, 51.0, 27.0, 19.5]})
    file = tmp_path / "s.sav"
    pyreadstat.write_sav(
        frame,
        str(file),
        column_labels={"safe": "How safe do you feel?"},
        variable_value_labels={"safe": {1: "very safe", 5: "very unsafe", 9: "refused"}},
        missing_ranges={"safe": [{"lo": 8, "hi": 9}]},
    )
    read = read_responses(file)
    assert read.user_missing["safe"] == {9.0}
    made = survey_rows(read, respondent="id")
    assert made["survey_items"] == [
        {"item_id": "safe", "wording": "How safe do you feel?", "scale_name": None, "lowest": 1, "highest": 5, "reversed": False}
    ]
    assert [(row["respondent_id"], row["answer"]) for row in made["survey_answers"]] == [("a", 1), ("b", 4), ("c", None), ("d", None)]


def test_columns_of_survey_tools_and_their_groups_are_taken_off(tmp_path: Path) -> None:
    file = tmp_path / "odk.csv"
    file.write_text(
        "SubmissionDate,trust-t1,trust-t2,meta-instanceID,KEY,why\n2025-09-01,1,2,uuid:1,uuid:1,words\n2025-09-02,3,,uuid:2,uuid:2,more\n"
    )
    read = read_responses(file)
    assert read.rows.columns == ["t1", "t2", "why"]
    made = survey_rows(read)
    assert [item["item_id"] for item in made["survey_items"]] == ["t1"]  # t2 has one answer, why has words


def test_a_named_column_that_is_no_scale_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("name,words\na,hello\nb,you\n")
    with pytest.raises(TableError, match="words is no scale"):
        survey_rows(read_responses(file), questions=["words"])


def test_two_people_with_one_id_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("who,q\n1,1\n1,2\n")
    with pytest.raises(TableError, match="Two people have one who"):
        survey_rows(read_responses(file), respondent="who")


def test_other_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_text("x")
    with pytest.raises(TableError, match=r"not read from \.pdf"):
        read_responses(tmp_path / "a.pdf")


def test_a_broken_spss_file_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("pyreadstat")
    (tmp_path / "a.sav").write_text("no")
    with pytest.raises(TableError, match="SPSS file cannot be read"):
        read_responses(tmp_path / "a.sav")


def test_the_published_survey_of_men_is_read_whole(shared: Path, tmp_path: Path) -> None:
    import gzip

    folder = shared / "data" / "fivethirtyeight_surveys" / "masculinity-survey"
    (tmp_path / "men.csv").write_bytes(gzip.decompress((folder / "raw-responses.csv.gz").read_bytes()))
    assert read_responses(tmp_path / "men.csv").rows.height == 1615
