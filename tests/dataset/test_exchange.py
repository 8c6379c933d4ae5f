import io
import json
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from bestvalue.dataset.exchange import MANIFEST, merge_new, read_package, write_package
from bestvalue.dataset.tables import TABLES
from bestvalue.errors import TableError

KEY = b"a key that only the club knows"


def table(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    given = pl.DataFrame(rows)
    return given.select(
        pl.col(column).cast(kind) if column in given.columns else pl.lit(None, kind).alias(column)
        for column, kind in TABLES[name].schema.items()
    )


INDICATORS = table(
    "indicators",
    [
        {
            "indicator_id": code,
            "indicator_name": f"Name of {code}",
            "numerator": "cats",
            "denominator": "trees",
            "sort": "rate",
            "multiplier": 1000.0,
            "better": "lower",
            "definition": "All cats.",
            "source": "a test",
        }
        for code in ("I1", "I2")
    ],
)
FORCES = table(
    "forces", [{"force_id": code, "force_name": f"Force {code}", "own_force": code == "A", "resident_population": 10} for code in "AB"]
)
VALUES = table(
    "indicator_values",
    [
        {
            "indicator_id": "I1",
            "force_id": "A",
            "period_starts": date(2024, 4, 1),
            "period_ends": date(2025, 3, 31),
            "numerator": numerator,
            "denominator": 10.0,
            "suppressed_as": None if numerator else "<5",
            "definition_changed": False,
        }
        for numerator in (4.0,)
    ],
)


def make(path: Path, *, key: bytes | None = KEY, values: pl.DataFrame = VALUES) -> Path:
    write_package(path, values=values, indicators=INDICATORS, forces=FORCES, made_by="Force A", made_on=date(2026, 1, 2), key=key)
    return path


def rewrite(path: Path, name: str, content: bytes) -> None:
    with zipfile.ZipFile(path) as archive:
        held = {entry: archive.read(entry) for entry in archive.namelist()}
    held[name] = content
    with zipfile.ZipFile(path, "w") as archive:
        for entry, data in held.items():
            archive.writestr(entry, data)


def test_what_goes_in_comes_out_with_its_definitions(tmp_path: Path) -> None:
    package = read_package(make(tmp_path / "a.zip"), key=KEY)
    assert package.seal == "signed"
    assert (package.made_by, package.made_on) == ("Force A", date(2026, 1, 2))
    assert package.tables["indicator_values"].equals(VALUES)
    assert package.tables["indicators"].equals(INDICATORS.filter(pl.col("indicator_id") == "I1"))
    assert package.tables["forces"]["own_force"].to_list() == [False]


def test_the_same_tables_give_the_same_bytes(tmp_path: Path) -> None:
    assert make(tmp_path / "a.zip").read_bytes() == make(tmp_path / "b.zip").read_bytes()


def test_the_manifest_can_be_read_by_a_person(tmp_path: Path) -> None:
    with zipfile.ZipFile(make(tmp_path / "a.zip")) as archive:
        manifest = json.loads(archive.read(MANIFEST))
    assert manifest["definitions"][0]["definition"] == "All cats."
    assert manifest["version"] == 1


def test_another_key_does_not_fit(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="signature does not fit"):
        read_package(make(tmp_path / "a.zip"), key=b"another key of enough bytes")


def test_a_changed_figure_is_noticed(tmp_path: Path) -> None:
    path = make(tmp_path / "a.zip")
    changed = io.BytesIO()
    VALUES.with_columns(numerator=pl.lit(3.0)).write_parquet(changed)
    rewrite(path, "indicator_values.parquet", changed.getvalue())
    with pytest.raises(TableError, match="not as it was"):
        read_package(path, key=KEY)


def test_a_changed_figure_with_its_digest_changed_too_breaks_the_signature(tmp_path: Path) -> None:
    path, forged = make(tmp_path / "a.zip"), make(tmp_path / "b.zip", values=VALUES.with_columns(numerator=pl.lit(3.0)))
    with zipfile.ZipFile(path) as archive:
        signature = json.loads(archive.read(MANIFEST))["signature"]
    with zipfile.ZipFile(forged) as archive:
        manifest = json.loads(archive.read(MANIFEST)) | {"signature": signature}
    rewrite(forged, MANIFEST, json.dumps(manifest).encode())
    with pytest.raises(TableError, match="signature does not fit"):
        read_package(forged, key=KEY)


def test_without_a_key_damage_shows_but_the_maker_is_not_known(tmp_path: Path) -> None:
    assert read_package(make(tmp_path / "a.zip"), key=None).seal == "not checked"
    assert read_package(make(tmp_path / "b.zip", key=None), key=None).seal == "unsigned"
    with pytest.raises(TableError, match="is not signed"):
        read_package(make(tmp_path / "c.zip", key=None), key=KEY)


def test_a_later_version_and_other_files_are_refused(tmp_path: Path) -> None:
    path = make(tmp_path / "a.zip", key=None)
    with zipfile.ZipFile(path) as archive:
        manifest = json.loads(archive.read(MANIFEST)) | {"version": 2}
    rewrite(path, MANIFEST, json.dumps(manifest).encode())
    with pytest.raises(TableError, match="version 2"):
        read_package(path, key=None)
    other = tmp_path / "other.zip"
    other.write_bytes(b"none")
    with pytest.raises(TableError, match="no benchmark package"):
        read_package(other, key=None)


def test_a_short_key_and_a_value_without_definition_are_refused(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="9 bytes"):
        make(tmp_path / "a.zip", key=b"too short")
    with pytest.raises(TableError, match="'I9' is not in the table indicators"):
        make(tmp_path / "a.zip", values=VALUES.with_columns(indicator_id=pl.lit("I9")))


def test_only_new_rows_are_taken_and_a_different_meaning_is_refused(tmp_path: Path) -> None:
    package = read_package(make(tmp_path / "a.zip"), key=KEY)
    fresh = merge_new(package, {"indicators": INDICATORS, "forces": FORCES})
    assert {name: rows.height for name, rows in fresh.items()} == {"indicators": 0, "forces": 0, "indicator_values": 1}
    with pytest.raises(TableError, match="denominator is 'trees' in the package of Force A and 'houses' here"):
        merge_new(package, {"indicators": INDICATORS.with_columns(denominator=pl.lit("houses"))})
    with pytest.raises(TableError, match=r"numerator is 4.0 in the package of Force A and 5.0 here"):
        merge_new(package, {"indicator_values": VALUES.with_columns(numerator=pl.lit(5.0))})
