"""In which layout are these files? Named by a person, or recognised by their headers."""

from collections.abc import Sequence
from dataclasses import dataclass

from bestvalue.dataset.checks.header import did_you_mean
from bestvalue.dataset.contracts import Table
from bestvalue.dataset.files.rows import OpenFile, TextRows
from bestvalue.dataset.readers import READERS
from bestvalue.dataset.readers.reader import Reader, Reading
from bestvalue.errors import TableError

SIDE_BY_SIDE = ("indicator_values", "force_characteristics", "peer_lists")
"""Tables into which files of several published layouts may be read together: figures of many publications stand side by side there.

Elsewhere two layouts are two tellings of the same events, which would be counted twice.
"""

OWN_LAYOUT = "contract"
"""Name of the contract's own layout, where a reader is named."""


@dataclass(frozen=True, kw_only=True)
class Layout:
    """The layout of a table's files.

    Args:
        reader: what reads them; None for the contract's own layout.
        files: the files to read, opened.
        warnings: files of a folder that are not of this layout and are not read.
    """

    reader: Reader | None
    files: tuple[OpenFile, ...]
    warnings: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name of the reader, or "contract"."""
        return OWN_LAYOUT if self.reader is None else self.reader.name

    @property
    def version(self) -> int:
        """The version of the reader; the contract's own layout has none of its own."""
        return 0 if self.reader is None else self.reader.version


def choose_layout(table: Table, files: Sequence[OpenFile], *, named: str | None) -> Layout:
    """The layout of a table's files.

    Args:
        table: the contract.
        files: the files, opened.
        named: the reader that a person named; None to recognise it.

    Raises:
        TableError: no layout is recognised, the files are of several, or a named reader does not fit.
    """
    if named == OWN_LAYOUT:
        return Layout(reader=None, files=tuple(files))
    if named is not None:
        return _fit(_find_reader(named, table), files)
    found = [_recognise(table, file) for file in files]
    if len({reader.name if reader else OWN_LAYOUT for reader in found}) > 1:
        readers = [reader for reader in found if reader is not None]
        if table.name not in SIDE_BY_SIDE or len(readers) < len(found):
            raise _several(files, found)
        return Layout(reader=_side_by_side(files, readers), files=tuple(files))
    return Layout(reader=found[0], files=tuple(files))


def _find_reader(name: str, table: Table) -> Reader:
    fitting = [reader.name for reader in READERS.values() if reader.table == table.name]
    if name not in fitting:
        raise TableError(
            f'There is no reader "{name}" for the table {table.name}{did_you_mean(name, fitting)}',
            where="reader",
            next_step=f"The readers are: {', '.join((OWN_LAYOUT, *fitting))}.",
        )
    return READERS[name]


def _fit(reader: Reader, files: Sequence[OpenFile]) -> Layout:
    fitting = tuple(file for file in files if reader.recognises(file.header))
    others = [file for file in files if not reader.recognises(file.header)]
    wrong = next((file for file in others if file.source.named or not fitting), None)
    if wrong is not None:
        raise TableError(
            f"The file is not {reader.title}: its header lacks {', '.join(reader.lacks(wrong.header))}",
            where=wrong.source.shown,
            next_step=f"Choose another reader: {', '.join((OWN_LAYOUT, *READERS))}.",
        )
    return Layout(
        reader=reader, files=fitting, warnings=tuple(f"{file.source.shown} is not {reader.title} and is not read" for file in others)
    )


def _recognise(table: Table, file: OpenFile) -> Reader | None:
    required = [column.name for column in table.columns if column.required]
    if all(name in file.header for name in required):
        return None
    readers = [reader for reader in READERS.values() if reader.table == table.name]
    for reader in readers:
        if reader.recognises(file.header):
            return reader
    if any(name in table.schema for name in file.header):
        return None  # the contract's own layout with columns missing, which the check will name
    raise TableError(
        f"The layout of the file is not known: its header begins {', '.join(file.header[:6])}",
        where=file.source.shown,
        next_step=_known_layouts(table, readers, file.header),
    )


def _known_layouts(table: Table, readers: Sequence[Reader], header: Sequence[str]) -> str:
    required = [column.name for column in table.columns if column.required and column.name not in header]
    lines = [f"the contract's own layout (the header lacks {', '.join(required)})"]
    lines.extend(f"{reader.title} (lacks {', '.join(reader.lacks(header))})" for reader in readers)
    return f"The layouts known for {table.name} are: {'; '.join(lines)}."


def _side_by_side(files: Sequence[OpenFile], readers: Sequence[Reader]) -> Reader:
    """One reader for files of several layouts: each file is read by its own."""
    of_file = {file.source.path: reader for file, reader in zip(files, readers, strict=True)}
    distinct = sorted({reader.name: reader for reader in readers}.values(), key=lambda reader: reader.name)

    def read(batch: TextRows, time_zone: str) -> Reading:
        return of_file[batch.source.path].read(batch, time_zone)

    return Reader(
        name=" and ".join(reader.name for reader in distinct),
        version=max(reader.version for reader in distinct),
        title=" and ".join(reader.title for reader in distinct),
        publisher="; ".join(dict.fromkeys(reader.publisher for reader in distinct)),
        table=distinct[0].table,
        needs=(),
        read=read,
        repeats="its measure, place and period stand in an earlier row or file",
        rules=(),
    )


def _several(files: Sequence[OpenFile], found: Sequence[Reader | None]) -> TableError:
    firsts: dict[str, str] = {}
    for file, reader in zip(files, found, strict=True):
        firsts.setdefault(reader.name if reader else OWN_LAYOUT, file.source.shown)
    listed = "; ".join(f"{file} is {name}" for name, file in firsts.items())
    return TableError(
        f"The files are of different layouts: {listed}",
        where=files[0].source.shown,
        next_step=f"Put each layout into a folder of its own, or name the one to read: {' or '.join(firsts)}.",
    )
