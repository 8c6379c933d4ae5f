"""How do a force's files become checked tables? Found, recognised, read, checked, kept; read again only when something changed."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from bestvalue.dataset.cache import Cache
from bestvalue.dataset.checks.header import did_you_mean
from bestvalue.dataset.contracts import Kind, Table
from bestvalue.dataset.convert.facts import facts_of
from bestvalue.dataset.convert.in_place import check_in_place, naming_damage, usable_in_place
from bestvalue.dataset.convert.own_layout import write_own_layout
from bestvalue.dataset.convert.parquet_writer import written_whole
from bestvalue.dataset.convert.published_layout import write_published_layout
from bestvalue.dataset.convert.tally import Tally
from bestvalue.dataset.dataset import CheckedTable, Dataset
from bestvalue.dataset.engines.engine import Engine
from bestvalue.dataset.files.open import open_file
from bestvalue.dataset.files.source import Source, find_sources
from bestvalue.dataset.folder import find_tables
from bestvalue.dataset.readers.choose import OWN_LAYOUT, Layout, choose_layout
from bestvalue.dataset.references import check_references
from bestvalue.dataset.report import CheckReport, Loaded, TableReport
from bestvalue.dataset.row_checks import only_rows_at_fault
from bestvalue.dataset.tables import TABLES
from bestvalue.errors import Fault, TableError, TableFaults

Progress = Callable[[float, str], None]
"""Told how far the work is (0 to 1) and what is under way, as words; may raise to stop it."""

Chosen = tuple[Sequence[Path], str | None]
"""Files or folders for a table, and the reader that they need; None to recognise it."""


def _no_progress(share: float, doing: str) -> None:
    """Report to nobody."""


def load_table(
    name: str,
    files: Sequence[Path],
    *,
    cache: Path,
    reader: str | None = None,
    time_zone: str = "Europe/London",
    progress: Progress = _no_progress,
) -> Loaded:
    """Read the files of one table, check them against its contract and make them ready for the engines.

    Args:
        name: the table.
        files: its files and folders; a folder stands for every readable file below it.
        cache: folder for what is made ready; a second call with the same files reads it from there.
        reader: name of the layout ("contract" or one of `READERS`); None to recognise it by the header.
        time_zone: IANA name of the force's clock: times with an offset are turned into it.
        progress: told how far it is.

    Returns:
        Loaded: the report, and the table unless the report has faults; where only single rows are at fault, the table with them.

    Raises:
        TableError: a file cannot be read at all, or is of no known layout; the message says which and what to do.
    """
    table = _contract(name)
    sources = find_sources(files, sheet=name)
    opened = [open_file(source, exact=_numeric(table)) for source in sources]
    layout = choose_layout(table, opened, named=reader)
    used = [file.source for file in layout.files]
    kept = Cache(cache)
    _check_not_twice(used, kept)
    digest = kept.digest(table, used, reader=layout.name, reader_version=layout.version, time_zone=time_zone)
    in_place = layout.reader is None and usable_in_place(table, used)
    parquet = used[0].path if in_place else kept.parquet(digest)
    report = kept.report(digest)
    if report is None or (_is_stored(report) and not parquet.exists()):
        report = _read(table, layout, parquet, in_place=in_place, time_zone=time_zone, progress=progress)
        kept.keep(digest, report)
    progress(1.0, f"{name}: {report.rows:,} rows")
    stored = _checked(report, parquet, digest) if _is_stored(report) else None
    return Loaded(report=report, table=stored if report.passed else None, at_fault=None if report.passed else stored)


def check_folder(
    folder: Path,
    *,
    cache: Path,
    time_zone: str = "Europe/London",
    chosen: Mapping[str, Chosen] | None = None,
    progress: Progress = _no_progress,
) -> CheckReport:
    """Read and check every table of a data folder, and what tables say about each other.

    A table's files are named after it: `incidents.csv`, `.csv.gz`, `.parquet`, a folder `incidents/`, or a workbook with a
    sheet `incidents`. Faults are gathered, not raised: a table that cannot be read at all has one.

    Args:
        folder: the data folder.
        cache: folder for what is made ready.
        time_zone: IANA name of the force's clock.
        chosen: files to use for a table in place of those in the folder, by table.
        progress: told how far it is, over all tables.

    Raises:
        TableError: `chosen` names a table that no contract knows.
    """
    found = find_tables(folder)
    work: dict[str, Chosen] = {name: (paths, None) for name, paths in found.tables.items()}
    work.update({_contract(name).name: choice for name, choice in (chosen or {}).items()})
    loaded: dict[str, Loaded] = {}
    for at, name in enumerate(sorted(work, key=list(TABLES).index)):
        paths, reader = work[name]
        try:
            loaded[name] = load_table(
                name, paths, cache=cache, reader=reader, time_zone=time_zone, progress=_part_of(progress, at, len(work))
            )
        except TableError as error:
            loaded[name] = Loaded(report=_unreadable(name, paths, reader, error), table=None)
    return check_references(CheckReport(tables=loaded, warnings=found.warnings))


def load_dataset(
    folder: Path,
    *,
    cache: Path,
    engine: Engine,
    synthetic: bool = False,
    time_zone: str = "Europe/London",
    progress: Progress = _no_progress,
) -> Dataset:
    """Every table of a data folder, checked and behind an engine.

    Raises:
        TableFaults: a table breaks its contract.
    """
    report = check_folder(folder, cache=cache, time_zone=time_zone, progress=progress)
    report.require_passed()
    return Dataset(report.checked, engine=engine, synthetic=synthetic, time_zone=time_zone)


def _contract(name: str) -> Table:
    if name not in TABLES:
        raise TableError(
            f'There is no table "{name}"{did_you_mean(name, list(TABLES))}',
            where="table",
            next_step=f"The tables are: {', '.join(TABLES)}.",
        )
    return TABLES[name]


def _check_not_twice(sources: Sequence[Source], cache: Cache) -> None:
    """Check that no file is there twice: rows without a number of their own would count twice, and nothing would show it."""
    seen: dict[str, str] = {}
    for source in sources:
        first = seen.setdefault(cache.file_digest(source.path), source.shown)
        if first != source.shown:
            raise TableError(f"The file is the same as {first}, byte for byte", where=source.shown, next_step="Remove one of the two.")


def _numeric(table: Table) -> set[str]:
    return {column.name for column in table.columns if column.kind in (Kind.NUMBER, Kind.WHOLE_NUMBER, Kind.PENCE)}


def _read(table: Table, layout: Layout, parquet: Path, *, in_place: bool, time_zone: str, progress: Progress) -> TableReport:
    tally = Tally([file.source.shown for file in layout.files])
    tally.warnings.extend(layout.warnings)
    if in_place:
        progress(0.0, f"Checking {table.name}")
        with naming_damage(layout.files[0].source):
            check_in_place(table, layout.files[0].source, tally=tally)
            return _report(table, layout, parquet, tally)
    with written_whole(parquet) as unfinished:
        if layout.reader is None:
            steps = write_own_layout(table, layout.files, unfinished, time_zone=time_zone, tally=tally)
        else:
            steps = write_published_layout(table, layout.reader, layout.files, unfinished, time_zone=time_zone, tally=tally)
        for share, doing in steps:
            progress(share, doing)
        report = _report(table, layout, unfinished, tally)
        if not _is_stored(report):
            unfinished.unlink()
    return report


def _is_stored(report: TableReport) -> bool:
    """Whether there is a table to ask: sound, or with single rows at fault."""
    return report.passed or only_rows_at_fault(report.table, report.broken, report.faults_total)


def _report(table: Table, layout: Layout, parquet: Path, tally: Tally) -> TableReport:
    facts = facts_of(table, parquet)
    return TableReport(
        table=table.name,
        files=tuple(file.source.shown for file in layout.files),
        reader=layout.name,
        rows_read=tally.rows_read,
        rows_used=tally.rows_read - tally.rows_left_out,
        rows=facts.rows,
        left_out=tally.left_out,
        warnings=tally.all_warnings,
        checks=tally.checks,
        faults=tally.faults,
        faults_total=tally.faults_total,
        filled=facts.filled,
        first_day=facts.first_day,
        last_day=facts.last_day,
        runs=tally.runs,
    )


def _checked(report: TableReport, parquet: Path, digest: str) -> CheckedTable:
    by = "" if report.reader == OWN_LAYOUT else f", read as {report.reader}"
    files = report.files[0] if len(report.files) == 1 else f"{len(report.files)} files, {report.files[0]} to {report.files[-1]}"
    return CheckedTable(name=report.table, parquet=parquet, digest=digest, rows=report.rows, source=f"{files}{by}")


def _unreadable(name: str, paths: Sequence[Path], reader: str | None, error: TableError) -> TableReport:
    if isinstance(error, TableFaults):
        faults, total = error.faults, error.total
    else:
        faults, total = (Fault(what=error.what, file=error.where or name, next_step=error.next_step),), 1
    return TableReport(table=name, files=tuple(path.name for path in paths), reader=reader or "", faults=faults, faults_total=total)


def _part_of(progress: Progress, at: int, parts: int) -> Progress:
    return lambda share, doing: progress((at + share) / parts, doing)
