"""What the reading of a file that somebody brought may use, as the settings of the workspace say."""

from django.conf import settings

from bestvalue.record.confined import Bounds


def document_bounds() -> Bounds:
    """Of one document, spreadsheet or questionnaire."""
    allowed = settings.WORKSPACE.settings.uploads
    return Bounds(seconds=allowed.reading_seconds, memory_mb=allowed.reading_memory_mb)


def table_bounds() -> Bounds:
    """Of one table of the force's data, which may hold millions of rows."""
    allowed = settings.WORKSPACE.settings.uploads
    return Bounds(seconds=allowed.table_seconds, memory_mb=allowed.table_memory_mb)
