"""Opening a file, whatever its format."""

from collections.abc import Collection

from bestvalue.dataset.files.boundaries import open_boundaries
from bestvalue.dataset.files.delimited import open_delimited
from bestvalue.dataset.files.open_document import open_document
from bestvalue.dataset.files.parquet import open_parquet
from bestvalue.dataset.files.rows import OpenFile
from bestvalue.dataset.files.source import Format, Source
from bestvalue.dataset.files.workbook import open_workbook


def open_file(source: Source, *, exact: Collection[str] = ()) -> OpenFile:
    """Read the header of a file and make its rows ready to be read.

    Args:
        source: the file.
        exact: columns of a workbook whose numbers matter to the last digit.

    Raises:
        TableError: the file cannot be read; the message says what it is and what to do.
    """
    match source.format:
        case Format.DELIMITED:
            return open_delimited(source)
        case Format.PARQUET:
            return open_parquet(source)
        case Format.WORKBOOK:
            return open_workbook(source, exact=exact)
        case Format.OPEN_DOCUMENT:
            return open_document(source)
        case Format.BOUNDARIES:
            return open_boundaries(source)
