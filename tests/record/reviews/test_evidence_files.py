from pathlib import Path

import pytest

from bestvalue.errors import RuleError
from bestvalue.record.reviews.evidence_files import LARGEST_BYTES, keep_file


def file_with(folder: Path, content: bytes) -> Path:
    path = folder / "upload"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("page.html", b"<script>", "Files of the kind '.html' are not taken"),
        ("drawing.svg", b"<svg/>", "Files of the kind '.svg' are not taken"),
        ("macro.xlsm", b"PK\x03\x04", "Files of the kind '.xlsm' are not taken"),
        ("minutes", b"text", "without an ending"),
        ("minutes.pdf", b"MZ\x90", "not what its ending .pdf says"),
        ("table.csv", b"MZ\x00\x90", "not text"),
        ("empty.txt", b"", "0 bytes"),
    ],
)
def test_a_file_that_may_not_come_in_is_refused_with_the_reason_and_leaves_nothing(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    with pytest.raises(RuleError, match=reason):
        keep_file(file_with(tmp_path, content), name=name, folder=kept)
    assert list(kept.iterdir()) == []


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    large = tmp_path / "upload"
    with large.open("wb") as file:
        file.truncate(LARGEST_BYTES + 1)
    with pytest.raises(RuleError, match="104,857,601 bytes"):
        keep_file(large, name="large.txt", folder=tmp_path)


def test_the_same_content_is_kept_once_and_no_part_of_a_copy_is_left(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    for name in ("a.txt", "b.txt"):
        keep_file(file_with(tmp_path, b"abc"), name=name, folder=kept)
    # SHA-256 of "abc": FIPS 180-2, appendix B.1
    assert [file.name for file in kept.iterdir()] == ["ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"]
