import gzip
from pathlib import Path

import pytest

from bestvalue.dataset.files.delimited import open_delimited
from bestvalue.dataset.files.rows import TextRows
from bestvalue.dataset.files.source import find_sources
from bestvalue.errors import TableError


def read(path: Path) -> list[TextRows]:
    (source,) = find_sources([path], sheet="")
    return list(open_delimited(source).batches())


def rows(path: Path) -> list[tuple[int, tuple[str | None, ...]]]:
    return [
        (int(number), tuple(row)) for batch in read(path) for number, row in zip(batch.row_numbers, batch.frame.iter_rows(), strict=True)
    ]


def written(tmp_path: Path, content: bytes, name: str = "t.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    "content",
    [
        b"a,b\n1,2\n3,\n",
        b"a;b\r\n1;2\r\n3;\r\n",
        b"a\tb\n1\t2\n3\t\n",
        b"a|b\n1|2\n3|",
        b"\xef\xbb\xbfa,b\n1,2\n3,\n",
        b'"a","b"\n" 1 ","2"\n3," "\n',
        b"a,b\r1,2\r3,\r",
    ],
    ids=["commas", "semicolons", "tabs", "bars", "with a mark", "quoted with blanks", "old line ends"],
)
def test_the_same_table_is_read_however_it_is_written(tmp_path: Path, content: bytes) -> None:
    path = written(tmp_path, content)
    (source,) = find_sources([path], sheet="")
    assert list(open_delimited(source).header) == ["a", "b"]
    assert rows(path) == [(2, ("1", "2")), (3, ("3", None))]


def test_a_file_packed_with_gzip_is_read(tmp_path: Path) -> None:
    assert rows(written(tmp_path, gzip.compress(b"a,b\n1,2\n", mtime=0), "t.csv.gz")) == [(2, ("1", "2"))]


def test_rows_are_counted_as_a_spreadsheet_does(tmp_path: Path) -> None:
    # A record over two lines is one row, and a blank line is a row.
    content = b'a,b\n1,"two\nlines"\n\n4,5\n'
    assert rows(written(tmp_path, content)) == [(2, ("1", "two\nlines")), (3, (None, None)), (4, ("4", "5"))]


def test_a_row_of_the_wrong_length_is_named_and_the_others_keep_their_numbers(tmp_path: Path) -> None:
    path = written(tmp_path, b"a,b\n1,2\n3\n4,5,6\n7,8\n")
    assert rows(path) == [(2, ("1", "2")), (5, ("7", "8"))]
    says = [(row.row_number, row.says) for batch in read(path) for row in batch.ragged]
    assert says == [(3, "the row has 1 fields and the header 2"), (4, "the row has 3 fields and the header 2")]


def test_rows_of_the_wrong_length_keep_their_numbers_over_many_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bestvalue.dataset.files.delimited._BLOCK_BYTES", 64)
    lines = [f"{at},x" if at % 9 else f"{at},x,y" for at in range(2, 200)]
    path = written(tmp_path, "\n".join(("a,b", *lines)).encode())
    assert [(number, row[0]) for number, row in rows(path)] == [(at, str(at)) for at in range(2, 200) if at % 9]
    assert [row.row_number for batch in read(path) for row in batch.ragged] == [at for at in range(2, 200) if at % 9 == 0]


def test_a_quotation_mark_that_is_not_closed_is_said_of_the_row(tmp_path: Path) -> None:
    (batch,) = [batch for batch in read(written(tmp_path, b'a,b\n1,2\n"3,4\n5,6\n')) if batch.ragged]
    assert "a quotation mark is opened and not closed" in batch.ragged[0].says


def test_a_quotation_mark_that_swallows_the_rest_into_the_last_field_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="opened and not closed") as open_quote:
        read(written(tmp_path, b'a,b\n1,2\n3,"4\n5,6\n7,8\n'))
    assert "'4\\n5,6" in str(open_quote.value)


@pytest.mark.parametrize(
    ("content", "name", "says", "step"),
    [
        (b"", "t.csv", "The file is empty", "header"),
        (b"  \n \n", "t.csv", "The file is empty", "header"),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "t.csv", "web page", "browser"),
        (b"\n <HTML><body>404</body></HTML>", "t.csv", "web page", "browser"),
        (b"PK\x03\x04rest", "t.csv", "Excel workbook", ".xlsx"),
        (b"PAR1rest", "t.csv", "Parquet", ".parquet"),
        (gzip.compress(b"a,b\n1,2\n", mtime=0), "t.csv", "packed with gzip", ".gz"),
        ("a,b\n1,ü\n".encode("utf-16"), "t.csv", "UTF-16", "CSV UTF-8"),
        (b"a,b\n1,\x002\n", "t.csv", "NUL", "CSV UTF-8"),
        (b"a,b\n1,2\n", "t.csv.gz", "cannot be unpacked", "fetch or copy it again"),
        (gzip.compress(b"a,b\n" + b"1,2\n" * 9_000, mtime=0)[:-20], "t.csv.gz", "cannot be unpacked", "fetch or copy it again"),
        (b"a,b,a\n1,2,3\n", "t.csv", 'names the column "a" 2 times', "its own name"),
    ],
)
def test_what_is_no_table_of_text_is_refused_by_name(tmp_path: Path, content: bytes, name: str, says: str, step: str) -> None:
    with pytest.raises(TableError, match=says) as refused:
        read(written(tmp_path, content, name))
    assert refused.value.where.startswith(name)
    assert step in refused.value.next_step


def test_a_file_in_another_encoding_is_refused_with_byte_row_and_cure(tmp_path: Path) -> None:
    text = "area,note\n" + "Hackney,all quiet\n" * 3 + "Neukölln,Überfall gemeldet, später geprüft\n".replace(", ", " ")
    with pytest.raises(TableError, match="not UTF-8") as refused:
        read(written(tmp_path, text.encode("cp1252")))
    assert refused.value.where == "t.csv, row 5"
    assert f"byte 0xF6 at position {text.index('ö') + 1}" in refused.value.what
    assert "CSV UTF-8" in refused.value.next_step


def test_a_wrong_byte_far_down_is_found(tmp_path: Path) -> None:
    content = b"a,b\n" + b"1,2\n" * 200_000 + b"1,\xe9t\xe9\n"
    with pytest.raises(TableError, match="byte 0xE9") as refused:
        read(written(tmp_path, content))
    assert refused.value.where == "t.csv, row 200,002"
