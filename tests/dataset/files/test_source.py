from pathlib import Path

import pytest

from bestvalue.dataset.files.source import find_sources
from bestvalue.errors import TableError


def test_a_folder_stands_for_every_readable_file_below_it(tmp_path: Path) -> None:
    for name in ("2024-02/b.csv", "2024-01/a.csv.gz", "README.md", ".hidden/x.csv", "_truth/t.csv", "~$open.xlsx"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert [source.shown for source in find_sources([tmp_path], sheet="incidents")] == ["a.csv.gz", "b.csv"]


def test_files_that_share_a_name_are_told_apart_by_their_folders(tmp_path: Path) -> None:
    for folder in ("2024-01", "2024-02"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "street.csv").touch()
    (tmp_path / "other.csv").touch()
    assert [source.shown for source in find_sources([tmp_path], sheet="")] == ["2024-01/street.csv", "2024-02/street.csv", "other.csv"]


@pytest.mark.parametrize(
    ("name", "step"),
    [("t.xlsm", "macros"), ("t.xls", ".xlsx"), ("t.zip", "folder"), ("t.pdf", "Supply CSV"), ("t", "Supply CSV")],
)
def test_a_file_of_another_kind_is_refused_with_what_to_do(tmp_path: Path, name: str, step: str) -> None:
    (tmp_path / name).touch()
    with pytest.raises(TableError) as refused:
        find_sources([tmp_path / name], sheet="")
    assert refused.value.where == name
    assert step in refused.value.next_step


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="no such file") as missing:
        find_sources([tmp_path / "nowhere.csv"], sheet="")
    assert "nowhere.csv" in missing.value.where


def test_a_folder_without_tables_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="holds no table"):
        find_sources([tmp_path], sheet="")
