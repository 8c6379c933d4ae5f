"""How do forces swap figures beyond what is published? A package of values with their definitions, sealed, and read as tables again.

A package is a zip archive of `manifest.json` (who made it and when, what each indicator means, a SHA-256 of every file) and of tables as
Parquet. With the club's shared key the manifest is signed (HMAC-SHA256): then a reader knows that a member made it and nobody has touched
it. Without a key only damage shows, not who made it; reading says which of the two was found.
"""

import hashlib
import hmac
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

import polars as pl
from pydantic import BaseModel, ConfigDict, ValidationError

from bestvalue.dataset.contracts import Table
from bestvalue.dataset.tables import TABLES
from bestvalue.errors import TableError

FORMAT, VERSION = "bestvalue benchmark club", 1
CARRIED = ("indicators", "forces", "indicator_values")
"""The tables that a package carries, those that others point to first."""

MANIFEST = "manifest.json"
MOST_BYTES = 64 << 20
"""A force's own values are some thousand rows: a larger file is none of ours."""

FEWEST_KEY_BYTES = 16
Seal = Literal["signed", "unsigned", "not checked"]


class Manifest(BaseModel):
    """What stands in manifest.json."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: str
    version: int
    made_by: str
    made_on: date
    files: dict[str, str]
    rows: dict[str, int]
    definitions: list[dict[str, Any]]
    signature: str = ""


@dataclass(frozen=True, kw_only=True)
class Package:
    """A package that was read.

    Args:
        made_by: who made it.
        made_on: when.
        tables: each carried table by name, in the contract's schema.
        seal: "signed": the key of the club fits; "not checked": it is signed, but no key was given; "unsigned": nobody signed it.
    """

    made_by: str
    made_on: date
    tables: Mapping[str, pl.DataFrame]
    seal: Seal


def write_package(
    target: Path, *, values: pl.DataFrame, indicators: pl.DataFrame, forces: pl.DataFrame, made_by: str, made_on: date, key: bytes | None
) -> Manifest:
    """Write a package; the same tables, maker and day give the same bytes.

    Args:
        target: the file to write.
        values: rows of indicator_values.
        indicators: rows of indicators; those that the values name, and every value must name one.
        forces: rows of forces; likewise. `own_force` is not carried: it is the reader's to say.
        made_by: who makes it.
        made_on: the day.
        key: the club's shared key, at least 16 bytes; None for a package that nobody signs.

    Raises:
        TableError: a value has no definition or no force, or the key is too short.
    """
    _check_key(key)
    tables = {
        "indicators": _in_contract(TABLES["indicators"], indicators.filter(pl.col("indicator_id").is_in(values["indicator_id"].implode()))),
        "forces": _in_contract(TABLES["forces"], forces.filter(pl.col("force_id").is_in(values["force_id"].implode()))).with_columns(
            pl.lit(value=False).alias("own_force")
        ),
        "indicator_values": _in_contract(TABLES["indicator_values"], values),
    }
    for name, column in (("indicators", "indicator_id"), ("forces", "force_id")):
        lost = values.filter(~pl.col(column).is_in(tables[name][column].implode()))[column].unique().sort()
        if len(lost):
            raise TableError(
                f"The value's {column} {lost[0]!r} is not in the table {name}", where="indicator_values", next_step=f"Add it to {name}."
            )
    contents = {f"{name}.parquet": _parquet(TABLES[name], rows) for name, rows in tables.items()}
    manifest = Manifest(
        format=FORMAT,
        version=VERSION,
        made_by=made_by,
        made_on=made_on,
        files={name: hashlib.sha256(content).hexdigest() for name, content in contents.items()},
        rows={name: rows.height for name, rows in tables.items()},
        definitions=tables["indicators"].sort("indicator_id").to_dicts(),
    )
    if key is not None:
        manifest = manifest.model_copy(update={"signature": _signature(manifest, key)})
    _write_zip(target, {MANIFEST: manifest.model_dump_json(indent=2).encode(), **contents})
    return manifest


def read_package(source: Path, *, key: bytes | None) -> Package:
    """Read a package, and check that it is whole and, with a key, that a member of the club made it.

    Raises:
        TableError: it is no package, of a later version, damaged, changed since it was signed, not signed although a key is given, or a
            table in it breaks its contract.
    """
    _check_key(key)
    contents = _read_zip(source)
    manifest = _manifest(source, contents)
    for name, digest in manifest.files.items():
        if name not in contents or hashlib.sha256(contents[name]).hexdigest() != digest:
            raise TableError(
                f"{name} is not as it was when the package was made", where=source.name, next_step="Ask for the package again."
            )
    seal = _check_seal(source, manifest, key)
    tables = {name: _table(source, name, contents.get(f"{name}.parquet")) for name in CARRIED}
    _check_definitions(source, manifest, tables["indicators"])
    return Package(made_by=manifest.made_by, made_on=manifest.made_on, tables=tables, seal=seal)


def merge_new(package: Package, existing: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """The rows of a package that the existing tables do not have, by key.

    Args:
        package: as read.
        existing: the tables that are there, by name; those that are not are taken to be empty.

    Raises:
        TableError: the package and the tables mean different things by one indicator, or give one value differently.
    """
    fresh = {}
    for name in CARRIED:
        rows, table = package.tables[name], TABLES[name]
        there = existing.get(name, rows.clear())
        if name != "forces":  # a population may be of another year; a definition or a value may not differ
            _check_same(package, name, rows, there, table)
        fresh[name] = rows.join(there, on=table.key, how="anti")
    return fresh


def _check_same(package: Package, name: str, rows: pl.DataFrame, there: pl.DataFrame, table: Table) -> None:
    # what is divided by what must agree; wording, theme and the rule for outliers are each force's own
    compared = {"indicators": ("numerator", "denominator", "sort"), "indicator_values": ("numerator", "denominator")}[name]
    both = rows.join(there.select(*table.key, *compared), on=table.key, suffix="_here")
    differ = both.filter(~pl.all_horizontal(pl.col(column).eq_missing(pl.col(f"{column}_here")) for column in compared))
    if differ.height:
        first = differ.row(0, named=True)
        column = next(column for column in compared if first[column] != first[f"{column}_here"])
        named = ", ".join(str(first[part]) for part in table.key)
        raise TableError(
            f"{named}: {column} is {first[column]!r} in the package of {package.made_by} and {first[f'{column}_here']!r} here",
            where=name,
            next_step="Agree on one definition or figure with the maker before taking the package.",
        )


def _check_key(key: bytes | None) -> None:
    if key is not None and len(key) < FEWEST_KEY_BYTES:
        raise TableError(
            f"The club's key has {len(key)} bytes", where="key", next_step=f"Agree on a random key of at least {FEWEST_KEY_BYTES} bytes."
        )


def _in_contract(table: Table, rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select(
        pl.col(name).cast(kind) if name in rows.columns else pl.lit(None, kind).alias(name) for name, kind in table.schema.items()
    ).sort(table.key)


def _parquet(table: Table, rows: pl.DataFrame) -> bytes:
    written = io.BytesIO()
    rows.sort(table.key).write_parquet(written, compression="zstd")
    return written.getvalue()


def _signature(manifest: Manifest, key: bytes) -> str:
    """HMAC-SHA256 over the manifest without its signature, in one spelling."""
    content = manifest.model_dump(mode="json", exclude={"signature"})
    return hmac.new(key, json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode(), "sha256").hexdigest()


def _write_zip(target: Path, contents: Mapping[str, bytes]) -> None:
    unfinished = target.with_suffix(f"{target.suffix}.unfinished")
    try:
        with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in contents.items():
                archive.writestr(zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0)), content)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


def _read_zip(source: Path) -> dict[str, bytes]:
    known = {MANIFEST, *(f"{name}.parquet" for name in CARRIED)}
    contents: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(source) as archive:
            for entry in archive.infolist():
                if entry.filename in known:
                    with archive.open(entry) as member:
                        contents[entry.filename] = member.read(MOST_BYTES + 1)
                    if len(contents[entry.filename]) > MOST_BYTES:
                        raise TableError(
                            f"{entry.filename} is larger than {MOST_BYTES >> 20} MB",
                            where=source.name,
                            next_step="Ask for the package again.",
                        )
    except (zipfile.BadZipFile, OSError, EOFError) as cause:
        raise TableError(
            "The file is no benchmark package, or is damaged", where=source.name, next_step="Ask for the package again."
        ) from cause
    return contents


def _manifest(source: Path, contents: Mapping[str, bytes]) -> Manifest:
    try:
        manifest = Manifest.model_validate_json(contents[MANIFEST])
    except (KeyError, ValidationError) as cause:
        raise TableError(
            "The file has no manifest of a benchmark package", where=source.name, next_step="Ask for the package again."
        ) from cause
    if manifest.format != FORMAT or manifest.version > VERSION:
        raise TableError(
            f"The package is {manifest.format!r} version {manifest.version}; version {VERSION} is read here",
            where=source.name,
            next_step="Install a newer bestvalue, or ask for a package of this version.",
        )
    return manifest


def _check_seal(source: Path, manifest: Manifest, key: bytes | None) -> Seal:
    if not manifest.signature:
        if key is not None:
            raise TableError("The package is not signed", where=source.name, next_step="Ask its maker to sign it with the club's key.")
        return "unsigned"
    if key is None:
        return "not checked"
    if not hmac.compare_digest(_signature(manifest, key), manifest.signature):
        raise TableError(
            "The signature does not fit: it was made with another key, or the package was changed",
            where=source.name,
            next_step="Check the club's key, and ask its maker for the package again.",
        )
    return "signed"


def _table(source: Path, name: str, content: bytes | None) -> pl.DataFrame:
    if content is None:
        raise TableError(f"The package has no {name}", where=source.name, next_step="Ask for the package again.")
    try:
        rows = pl.read_parquet(io.BytesIO(content))
        return _in_contract(TABLES[name], rows)
    except pl.exceptions.PolarsError as cause:
        raise TableError(f"{name} in the package breaks its contract: {cause}", where=source.name, next_step="Ask for it again.") from cause


def _check_definitions(source: Path, manifest: Manifest, indicators: pl.DataFrame) -> None:
    """The definitions that a person reads in the manifest must be those of the table."""
    if json.dumps(manifest.definitions, sort_keys=True) != json.dumps(indicators.sort("indicator_id").to_dicts(), sort_keys=True):
        raise TableError(
            "The definitions are not those of the table of indicators", where=source.name, next_step="Ask for the package again."
        )
