"""A workspace is backed up while it is in use, and made anew from the backup alone."""

import gzip
import hashlib
import io
import os
import sqlite3
import subprocess
import tarfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from tests.cli.conftest import as_process, surroundings
from tests.world import World, make_world

from bestvalue.errors import WorkspaceError
from bestvalue.record.backup.contents import MANIFEST, Manifest
from bestvalue.record.backup.making import make_backup, spoilt_evidence
from bestvalue.record.backup.opening import check_backup, unpacked
from bestvalue.record.bodies.models import Person
from bestvalue.record.ledger import guards, ledger
from bestvalue.record.ledger.verify import parse_checkpoint
from bestvalue.workspace import KEYS_FILE, Workspace

MINUTES = b"The board met."
KEPT = hashlib.sha256(MINUTES).hexdigest()
DRILL = "drill"


@dataclass(frozen=True, kw_only=True)
class Restored:
    """How `bestvalue restore` ended, and the folder that it was to make."""

    code: int
    out: str
    err: str
    folder: Path


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    made = Workspace.create(tmp_path / "workspace", name="Tests", synthetic=True)
    (made.data_folder / "incidents.csv").write_text("incident_id\n1\n")
    monkeypatch.setattr(settings, "WORKSPACE", made)
    return made


@pytest.fixture
def world(transactional_db: None, workspace: Workspace) -> World:
    """The small world, with one piece of evidence that has a file."""
    from bestvalue.record.reviews.changes import add_evidence
    from bestvalue.record.reviews.models import EvidenceKind, FourC

    made = make_world()
    path = workspace.root / "minutes.txt"
    path.write_bytes(MINUTES)
    add_evidence(
        made.review,
        title="Minutes",
        kind=EvidenceKind.DOCUMENT,
        four_cs=[FourC.CONSULT],
        strands=[made.finding.strand],
        effective_date=made.note.effective_date,
        by=made.manager,
        file=path,
        file_name="minutes.txt",
    )
    return made


@pytest.fixture
def empty_database() -> Iterator[str]:
    """The address of an empty database beside that of the tests; "" where the record is SQLite."""
    if connection.vendor == "sqlite":
        yield ""
        return
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {DRILL}")
    yield urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{DRILL}"))
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {DRILL}")


@pytest.fixture
def restore(tmp_path: Path, empty_database: str) -> Callable[..., Restored]:
    """Run `bestvalue restore` in a process of its own, as on another machine."""

    def restore(file: Path, *options: str | Path, folder: str = "restored") -> Restored:
        words = as_process(["restore", file, tmp_path / folder, *options])
        named = {"DATABASE_URL": empty_database} if empty_database else {}
        ended = subprocess.run(words, env={**surroundings(), **named}, capture_output=True, text=True, timeout=300, check=False)  # noqa: S603 - ours
        return Restored(code=ended.returncode, out=ended.stdout, err=ended.stderr, folder=tmp_path / folder)

    return restore


def rows_of(address: str, sqlite: Path, manifest: Manifest) -> dict[str, list[str]]:
    """Every row of every table, as words and in order; of the database at the address, or else of the SQLite file."""
    if not address:
        with closing(sqlite3.connect(sqlite)) as file:
            return {table.name: _rows(file, table.name, table.columns) for table in manifest.record.tables}
    import psycopg

    with psycopg.connect(address) as session:
        return {table.name: _rows(session, table.name, table.columns) for table in manifest.record.tables}


def _rows(session: Any, name: str, columns: tuple[str, ...]) -> list[str]:
    named = ", ".join(f'"{column}"' for column in columns)
    return sorted(map(repr, session.execute(f'SELECT {named} FROM "{name}"').fetchall()))


def rows_here(manifest: Manifest) -> dict[str, list[str]]:
    """Every row of the record that the backup was made of."""
    name = str(connection.settings_dict["NAME"])
    address = "" if connection.vendor == "sqlite" else urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))
    return rows_of(address, Path(name), manifest)


def test_what_is_restored_is_what_was_backed_up(
    world: World, workspace: Workspace, tmp_path: Path, restore: Callable[..., Restored], empty_database: str
) -> None:
    manifest = make_backup(tmp_path / "b.tar.gz", workspace=workspace)
    assert {table.name: table.rows for table in manifest.record.tables} == {name: len(rows) for name, rows in rows_here(manifest).items()}
    restored = restore(tmp_path / "b.tar.gz", "--keys", workspace.root / KEYS_FILE)
    assert (restored.code, restored.err.count("Error")) == (0, 0), restored.err
    assert f"The ledger is whole: {ledger.head().seq:,} entries, head {ledger.head()}" in restored.out
    assert rows_of(empty_database, restored.folder / "record.sqlite3", manifest) == rows_here(manifest)
    assert (restored.folder / "files" / KEPT).read_bytes() == MINUTES
    assert (restored.folder / "data/incidents.csv").read_text() == "incident_id\n1\n"
    assert (restored.folder / KEYS_FILE).stat().st_mode & 0o777 == 0o600
    assert not list(tmp_path.glob(".*"))


@pytest.mark.slow
def test_a_number_that_was_given_is_not_given_again_after_a_restore(
    world: World, workspace: Workspace, tmp_path: Path, restore: Callable[..., Restored], empty_database: str
) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite keeps these numbers in its file")
    import psycopg

    passing = Person.objects.create(name="Here for a moment")
    given = passing.pk
    passing.delete()
    make_backup(tmp_path / "b.tar.gz", workspace=workspace)
    assert restore(tmp_path / "b.tar.gz", "--keys", workspace.root / KEYS_FILE).code == 0
    with psycopg.connect(empty_database) as session:
        (next_one,) = session.execute("SELECT nextval(pg_get_serial_sequence('bodies_person', 'id'))").fetchone() or (0,)
    assert next_one == given + 1


@pytest.mark.slow
def test_without_the_key_the_restore_says_what_it_could_not_verify(
    world: World, workspace: Workspace, tmp_path: Path, restore: Callable[..., Restored]
) -> None:
    make_backup(tmp_path / "b.tar.gz", workspace=workspace, with_data=False)
    restored = restore(tmp_path / "b.tar.gz")
    assert restored.code == 0, restored.err
    assert "Without its key the hashes could not be verified" in restored.out
    assert "whole" not in restored.out
    assert not (restored.folder / KEYS_FILE).exists()
    assert not list((restored.folder / "data").iterdir())


@pytest.mark.slow
def test_an_entry_that_was_changed_before_the_backup_is_named(
    world: World, workspace: Workspace, tmp_path: Path, restore: Callable[..., Restored]
) -> None:
    with connection.cursor() as cursor:
        for statement in guards.drop_statements(connection.vendor):
            cursor.execute(statement)
        cursor.execute("UPDATE ledger_auditevent SET actor = 'person 99' WHERE seq = 2")
        for statement in guards.create_statements(connection.vendor):
            cursor.execute(statement)
    make_backup(tmp_path / "b.tar.gz", workspace=workspace, with_keys=True)
    restored = restore(tmp_path / "b.tar.gz")
    assert restored.code == 6
    assert "ledger entry 2: Entry 2 was changed after it was written" in restored.err


@pytest.mark.slow
def test_a_checkpoint_that_others_hold_shows_a_backup_that_is_cut(
    world: World, workspace: Workspace, tmp_path: Path, restore: Callable[..., Restored]
) -> None:
    make_backup(tmp_path / "b.tar.gz", workspace=workspace, with_keys=True)
    later = ledger.write("person.changed", target=world.manager, by=world.manager)
    restored = restore(tmp_path / "b.tar.gz", "--checkpoint", f"{later.seq}:{later.hash}")
    assert restored.code == 6
    assert f"Entry {later.seq:,} is missing" in restored.err


@pytest.mark.slow
def test_a_backup_by_a_newer_version_is_refused_and_nothing_is_left(
    world: World, workspace: Workspace, tmp_path: Path, restore: Callable[..., Restored]
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('ledger', '0999_of_tomorrow', '2026-11-26')")
    try:
        make_backup(tmp_path / "b.tar.gz", workspace=workspace, with_keys=True)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_migrations WHERE name = '0999_of_tomorrow'")
    restored = restore(tmp_path / "b.tar.gz")
    assert restored.code == 3
    assert "newer than what is installed here" in restored.err
    assert "Install the version of the backup" in restored.err
    assert not restored.folder.exists()
    assert not list(tmp_path.glob(".*"))


@pytest.mark.slow
def test_a_backup_by_an_earlier_version_is_brought_up_to_date(
    world: World, workspace: Workspace, tmp_path: Path, restore: Callable[..., Restored], empty_database: str
) -> None:
    call_command("migrate", "search", "0003", verbosity=0)
    try:
        manifest = make_backup(tmp_path / "b.tar.gz", workspace=workspace, with_keys=True)
        people = rows_here(manifest)["bodies_person"]
    finally:
        call_command("migrate", "search", verbosity=0)
    restored = restore(tmp_path / "b.tar.gz")
    assert (restored.code, "The ledger is whole" in restored.out) == (0, True), restored.err
    rows = rows_of(empty_database, restored.folder / "record.sqlite3", manifest)
    assert "search.0004_more_kinds" not in manifest.record.migrations
    assert any("0004_more_kinds" in row for row in rows["django_migrations"])
    assert rows["bodies_person"] == people


def test_a_backup_taken_while_others_write_is_of_one_moment(world: World, workspace: Workspace, tmp_path: Path) -> None:
    stop, started = threading.Event(), threading.Event()

    def write() -> None:
        try:
            while not stop.is_set():
                ledger.write("person.changed", target=world.manager, by=world.manager)
                started.set()
        finally:
            connection.close()

    before, writer = ledger.head().seq, threading.Thread(target=write)
    writer.start()
    try:
        assert started.wait(30)
        backups = [make_backup(tmp_path / f"{number}.tar.gz", workspace=workspace) for number in range(3)]
    finally:
        stop.set()
        writer.join()
    for manifest in backups:
        entries = parse_checkpoint(manifest.record.checkpoint).seq
        rows = {table.name: table.rows for table in manifest.record.tables}
        assert rows["ledger_auditevent"] == rows["ledger_payload"] == entries > before
    assert ledger.head().seq > entries


def test_a_spoilt_byte_is_found_wherever_it_is_and_nothing_is_left(world: World, workspace: Workspace, tmp_path: Path) -> None:
    make_backup(tmp_path / "b.tar.gz", workspace=workspace)
    whole = (tmp_path / "b.tar.gz").read_bytes()
    refused = 0
    for place in (*range(20, len(whole), max(len(whole) // 25, 1)), len(whole) - 60, len(whole) - 6):
        spoilt = whole[:place] + bytes([whole[place] ^ 0x10]) + whole[place + 1 :]
        (tmp_path / "b.tar.gz").write_bytes(spoilt)
        try:
            check_backup(tmp_path / "b.tar.gz")
        except WorkspaceError:
            refused += 1
        else:  # a run of zeros can be packed in several ways, and the bits that fill the last byte mean nothing
            assert gzip.decompress(spoilt) == gzip.decompress(whole)
    assert refused > 20
    (tmp_path / "b.tar.gz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(WorkspaceError, match="not whole"):
        check_backup(tmp_path / "b.tar.gz")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.tar.gz", "workspace"]


def test_a_backup_is_for_its_owner_alone_holds_no_keys_unless_asked_and_replaces_nothing(
    world: World, workspace: Workspace, tmp_path: Path
) -> None:
    manifest = make_backup(tmp_path / "b.tar.gz", workspace=workspace)
    assert (tmp_path / "b.tar.gz").stat().st_mode & 0o777 == 0o600
    assert not any(part.path.endswith(KEYS_FILE) for part in manifest.parts)
    with pytest.raises(WorkspaceError, match="a file of this name already"):
        make_backup(tmp_path / "b.tar.gz", workspace=workspace)
    with pytest.raises(WorkspaceError, match="part of the next one"):
        make_backup(workspace.data_folder / "b.tar.gz", workspace=workspace)


def test_evidence_that_was_spoilt_on_the_disk_is_named(world: World, workspace: Workspace, tmp_path: Path) -> None:
    (workspace.files_folder / KEPT).write_bytes(b"The board did not meet.")
    assert spoilt_evidence(make_backup(tmp_path / "b.tar.gz", workspace=workspace)) == [KEPT]


def member(name: str, content: bytes = b"", *, kind: bytes = tarfile.REGTYPE, to: str = "") -> tuple[tarfile.TarInfo, bytes]:
    made = tarfile.TarInfo(name)
    made.size, made.type, made.linkname = len(content), kind, to
    return made, content


@pytest.mark.parametrize(
    "hostile",
    [
        member("../outside", b"x"),
        member("/etc/outside", b"x"),
        member("workspace/data/../../outside", b"x"),
        member("workspace/other/place", b"x"),
        member("workspace/data/link", kind=tarfile.SYMTYPE, to="/etc/passwd"),
        member("workspace/data/link", kind=tarfile.LNKTYPE, to="workspace/bestvalue.toml"),
        member("workspace/data/device", kind=tarfile.CHRTYPE),
        member("workspace/data/holes", b"\0" * 512, kind=tarfile.GNUTYPE_SPARSE),
        member("@LongLink", b"a" * 100_000, kind=tarfile.GNUTYPE_LONGNAME),
        member("x", b"9" * 100_000, kind=tarfile.XHDTYPE),
    ],
    ids=lambda each: f"{each[0].name} {each[0].type!r}",
)
def test_what_no_backup_holds_is_refused(hostile: tuple[tarfile.TarInfo, bytes], tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "b.tar.gz", "w:gz") as archive:
        archive.addfile(hostile[0], io.BytesIO(hostile[1]))
    with pytest.raises(WorkspaceError, match=r"which no backup holds|no plain file"):
        check_backup(tmp_path / "b.tar.gz")


def test_a_format_of_tomorrow_is_refused_before_anything_else_of_it_is_read(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "b.tar.gz", "w:gz") as archive:
        text = b'{"format": 99, "version": "9.0", "unheard": "of"}'
        archive.addfile(member(MANIFEST, text)[0], io.BytesIO(text))
    with pytest.raises(WorkspaceError, match=r"bestvalue 9\.0 made this backup"):
        check_backup(tmp_path / "b.tar.gz")


def test_a_backup_without_room_for_it_is_refused(
    world: World, workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = make_backup(tmp_path / "b.tar.gz", workspace=workspace)
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 10}))
    with (
        pytest.raises(WorkspaceError, match="there is no room"),
        unpacked(tmp_path / "b.tar.gz", manifest, beside=tmp_path / "restored"),
    ):
        pass
