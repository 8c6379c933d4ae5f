"""What was read before need not be read again: digests of files, and the reports and tables kept under them."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from bestvalue.dataset.contracts import Table
from bestvalue.dataset.convert.parquet_writer import written_whole
from bestvalue.dataset.files.source import Source
from bestvalue.dataset.report import TableReport

_READING_VERSION = 1
"""Raised when the same files would be read into another table or another report than before."""

_CHUNK_BYTES = 1 << 22
_REPORT = TypeAdapter(TableReport)


class Cache:
    """A folder of tables made ready, which may be deleted at any time.

    Args:
        folder: made when something is first kept in it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._index_file = folder / "digests.json"

    def digest(self, table: Table, sources: Sequence[Source], *, reader: str, reader_version: int, time_zone: str) -> str:
        """SHA-256 of all that a table is made from: the files and their names, the reader, the contract and the clock.

        The names count because they stand in the report, and in the numbers given to rows that have none.
        """
        made_from = [
            f"reading {_READING_VERSION}",
            f"reader {reader} {reader_version}",
            f"contract {table!r}",
            f"clock {time_zone}",
            *(f"file {source.shown} {source.sheet} {self.file_digest(source.path)}" for source in sources),
        ]
        return hashlib.sha256("\n".join(made_from).encode()).hexdigest()

    def file_digest(self, path: Path) -> str:
        """SHA-256 of a file's bytes; remembered by name, size and time of change, so that gigabytes are not read again."""
        state = path.stat()
        known = self._index()
        name, seen = str(path.resolve()), [state.st_size, state.st_mtime_ns]
        if (entry := known.get(name)) is not None and entry[:2] == seen:
            return str(entry[2])
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        with written_whole(self._index_file) as target:
            target.write_text(json.dumps({**self._index(), name: [*seen, digest]}), encoding="utf-8")
        return digest

    def parquet(self, digest: str) -> Path:
        """Where the table of that digest is kept."""
        return self.folder / f"{digest}.parquet"

    def report(self, digest: str) -> TableReport | None:
        """The report kept under that digest, if there is one."""
        path = self._report_file(digest)
        try:
            return _REPORT.validate_json(path.read_bytes())
        except FileNotFoundError:
            return None
        except ValidationError:
            path.unlink()  # written by another version of bestvalue: read the files again
            return None

    def keep(self, digest: str, report: TableReport) -> None:
        """Keep a report."""
        with written_whole(self._report_file(digest)) as target:
            target.write_bytes(_REPORT.dump_json(report))

    def _report_file(self, digest: str) -> Path:
        return self.folder / f"{digest}.json"

    def _index(self) -> dict[str, list[int | str]]:
        try:
            found = json.loads(self._index_file.read_text(encoding="utf-8"))
        except (FileNotFoundError, json.JSONDecodeError):
            return {}
        return dict(found)
