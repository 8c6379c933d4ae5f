"""`bestvalue backup` and `bestvalue restore`: the whole workspace as one file, and from one."""

import os
import secrets
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import tomlkit
import typer

from bestvalue.cli.console import HERE, WorkspaceOption, open_workspace, progress_bar, say, say_next
from bestvalue.cli.record import bring_up_to_date, open_record, set_up
from bestvalue.errors import WorkspaceError
from bestvalue.record.backup.contents import DATABASE, FOLDERS, SQLITE_FILE, WORKSPACE
from bestvalue.workspace import KEYS_FILE, SETTINGS_FILE, Workspace

if TYPE_CHECKING:
    from bestvalue.record.backup.contents import Manifest

KEYS_WARNING = (
    "The file holds the ledger's key: whoever has it can write a ledger that verifies. Keep it where the record's keepers cannot change it."
)


def add_to(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command(epilog="Example: `bestvalue backup /backups/review-2026-11-26.tar.gz --workspace review`")(backup)
    app.command(epilog="Example: `bestvalue restore review-2026-11-26.tar.gz restored --keys /safe/keys.toml`")(restore)


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The backup to write, a .tar.gz that is not there yet.")],
    *,
    workspace: WorkspaceOption = HERE,
    with_keys: Annotated[bool, typer.Option("--with-keys", help=f"Also {KEYS_FILE}: a backup with its key proves nothing.")] = False,
    without_data: Annotated[bool, typer.Option("--without-data", help="Leave out the force's tables, when they can be had again.")] = False,
) -> None:
    """Back up the whole workspace, while the site runs: record, evidence, results, reports, data and settings, whatever their marking."""
    opened = open_workspace(workspace)
    open_record(opened)
    from bestvalue.record.backup.making import make_backup, spoilt_evidence

    with progress_bar("Backing up") as progress:
        manifest = make_backup(file, workspace=opened, with_keys=with_keys, with_data=not without_data, progress=progress)
    rows = sum(table.rows for table in manifest.record.tables)
    say(f"Wrote {file}: {rows:,} rows in {len(manifest.record.tables):,} tables, {len(manifest.parts):,} files")
    say(f"Ledger checkpoint {manifest.record.checkpoint}. Keep it apart from the backup.")
    say(f"Warning: {KEYS_WARNING}" if with_keys else f"Without {KEYS_FILE}: keep that, or the keys of the environment, apart.")
    for name in spoilt_evidence(manifest):
        say(f"Warning: evidence file {name} is no longer what its name says; take it from an earlier backup.")
    say_next(f"bestvalue restore {file.name} DIR (on another machine, to see that it can be)")


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The backup.", exists=True, dir_okay=False)],
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of the workspace to make; it must not be there yet.")],
    *,
    keys: Annotated[
        Path | None, typer.Option(metavar="FILE", help=f"The {KEYS_FILE} of the workspace, kept apart.", exists=True, dir_okay=False)
    ] = None,
    checkpoint: Annotated[
        str, typer.Option(help="Number and hash that others hold: of a published report, or a backup.", metavar="NUMBER:HASH")
    ] = "",
) -> None:
    """Make a workspace from a backup, all of it or nothing; then verify its ledger. PostgreSQL: DATABASE_URL names an empty database."""
    folder = folder.absolute()
    from bestvalue.record.backup.opening import check_backup, unpacked

    if folder.exists() or not folder.parent.is_dir():
        raise WorkspaceError("The folder is there already, or cannot be made", where=str(folder), next_step="Name a new folder.")
    with progress_bar("Testing") as progress:
        manifest = check_backup(file, progress=progress)
    _check_database(manifest)
    with progress_bar("Unpacking") as progress, unpacked(file, manifest, beside=folder, progress=progress) as passing:
        set_free = _prepare(passing, manifest, keys)
        (passing / WORKSPACE).rename(folder)
        try:
            with_key = _placeholders(folder)
            _fill(folder, manifest, passing / DATABASE, file)
        except BaseException:
            shutil.rmtree(folder)
            raise
    say(f"Restored {folder}: “{manifest.name}” as it was at {manifest.made_at_utc}")
    if set_free:
        say(f"{SETTINGS_FILE} named a database of its own, which is not the restored one: that line was taken out.")
    _say_ledger(manifest, checkpoint, with_key=with_key)
    say_next(f"bestvalue serve --workspace {folder}")


def _check_database(manifest: "Manifest") -> None:
    named = os.environ.get("DATABASE_URL", "")
    if manifest.record.vendor == "sqlite" and named:
        raise WorkspaceError(
            "The backup is of SQLite, and DATABASE_URL names another database", next_step="Unset DATABASE_URL; then restore."
        )
    if manifest.record.vendor == "postgresql" and not named.startswith(("postgres://", "postgresql://")):
        raise WorkspaceError("The backup is of PostgreSQL", next_step="Make an empty database (createdb), and name it in DATABASE_URL.")


def _prepare(passing: Path, manifest: "Manifest", keys: Path | None) -> bool:
    """Make the unpacked folder a workspace; returns whether its settings named a database, which could be the one still in use."""
    root = passing / WORKSPACE
    for name in FOLDERS:
        (root / name).mkdir(exist_ok=True)
    if keys is not None:
        shutil.copyfile(keys, root / KEYS_FILE)
    if manifest.record.vendor == "sqlite":
        (passing / DATABASE / SQLITE_FILE).rename(root / SQLITE_FILE)
    for secret in (root / KEYS_FILE, root / SQLITE_FILE):
        if secret.exists():
            secret.chmod(0o600)
    settings = tomlkit.parse((root / SETTINGS_FILE).read_text(encoding="utf-8"))
    if settings.pop("database_url", None) is None:
        return False
    (root / SETTINGS_FILE).write_text(tomlkit.dumps(settings), encoding="utf-8")
    return True


def _placeholders(folder: Path) -> bool:
    """Is the ledger's key at hand? For this command alone, a secret that is missing has a value that nobody knows."""
    if (folder / KEYS_FILE).exists():
        return True
    with_key = "BESTVALUE_LEDGER_KEY" in os.environ
    for variable in ("BESTVALUE_SITE_KEY", "BESTVALUE_LEDGER_KEY"):
        os.environ.setdefault(variable, secrets.token_urlsafe(48))
    return with_key


def _fill(folder: Path, manifest: "Manifest", database: Path, file: Path) -> None:
    workspace = Workspace.open(folder)
    set_up(workspace)
    from bestvalue.record.backup.loading import check_known, load_postgresql

    check_known(manifest, where=file.name)
    if manifest.record.vendor == "postgresql":
        load_postgresql(manifest.record, database)
    bring_up_to_date(workspace)


def _say_ledger(manifest: "Manifest", checkpoint: str, *, with_key: bool) -> None:
    from bestvalue.record.backup.loading import verify_restored

    verification = verify_restored(manifest, held=checkpoint, with_key=with_key)
    if with_key:
        say(f"The ledger is whole: {verification.entries:,} entries, head {verification.head}")
        return
    say(f"The ledger has {verification.entries:,} entries in order, each with its own payload, and ends at {verification.head}.")
    say("Without its key the hashes could not be verified: that nobody wrote entries anew before the backup is not shown.")
    say(f"Put {KEYS_FILE} into the folder, or set BESTVALUE_SITE_KEY and BESTVALUE_LEDGER_KEY; then: bestvalue audit verify")
