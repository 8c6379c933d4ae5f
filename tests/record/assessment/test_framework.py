from pathlib import Path

import pytest

from bestvalue.errors import WorkspaceError
from bestvalue.record.assessment.framework import frameworks, read_framework

NOWHERE = Path("no-such-folder")


def test_the_package_brings_the_four_frameworks() -> None:
    assert set(frameworks(NOWHERE)) == {"best-value", "peel", "seven-themes", "blank"}


def test_best_value_has_two_judgements_six_questions_and_the_scales_of_the_2004_inspection() -> None:
    found = frameworks(NOWHERE)["best-value"]
    assert [judgement.grades for judgement in found.judgements] == [
        ("excellent", "good", "fair", "poor"),
        ("excellent", "promising", "uncertain", "poor"),
    ]
    assert [len(judgement.questions) for judgement in found.judgements] == [3, 3]
    assert "house matrix" in found.notice


def test_peel_has_the_five_grades_since_2021() -> None:
    assert frameworks(NOWHERE)["peel"].judgements[0].grades == ("outstanding", "good", "adequate", "requires improvement", "inadequate")


def test_a_workspace_adds_its_own_from_a_copy_of_the_blank_one(tmp_path: Path) -> None:
    import bestvalue.record.assessment as app

    blank = (Path(app.__path__[0]) / "frameworks/blank.toml").read_text(encoding="utf-8")
    (tmp_path / "ours.toml").write_text(blank.replace('key = "blank"', 'key = "ours"'), encoding="utf-8")
    assert "ours" in frameworks(tmp_path)


@pytest.mark.parametrize(
    ("text", "message", "where"),
    [
        ("key = ", "no TOML", "x.toml"),
        ('key = "x"', "not complete: Field required", "x.toml, title"),
        ('key = "X Y"\ntitle = "t"\nedition = "1"\nsource = "s"\njudgements = []', "not complete", "x.toml, key"),
    ],
)
def test_a_file_that_is_no_framework_is_refused_with_its_place(text: str, message: str, where: str) -> None:
    with pytest.raises(WorkspaceError, match=message) as refused:
        read_framework(text, where="x.toml")
    assert refused.value.where == where


def test_a_key_of_the_package_is_not_taken_twice(tmp_path: Path) -> None:
    import bestvalue.record.assessment as app

    (tmp_path / "mine.toml").write_bytes((Path(app.__path__[0]) / "frameworks/peel.toml").read_bytes())
    with pytest.raises(WorkspaceError, match="Two frameworks have the key 'peel'"):
        frameworks(tmp_path)
