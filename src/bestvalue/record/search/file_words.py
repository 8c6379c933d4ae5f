"""The words of the files of evidence: read once, in a process of its own, and kept beside the index."""

from django.conf import settings
from django.utils import timezone

from bestvalue.errors import BestValueError
from bestvalue.record.confined import confined
from bestvalue.record.reading_bounds import document_bounds
from bestvalue.record.reviews.models import Evidence, EvidenceFile
from bestvalue.record.search.models import FileText
from bestvalue.record.search.texts import text_of

READING_SHARE = 0.7
"""Of the time that the reading of a file may take: then it stops by itself, and what it has read so far is kept."""


def words_of_newest(evidence: Evidence) -> str:
    """The words of the newest version of its file; empty while that is closed, or was not read yet."""
    # In memory where they were read for many pieces at once.
    newest = next(iter(evidence.files.all()), None)
    if newest is None or not newest.is_open:
        return ""
    kept: FileText | None = getattr(newest, "file_text", None)
    return kept.words if kept else ""


def read_words(file: EvidenceFile) -> FileText:
    """Read a file, and keep its words. One that cannot be read within its bounds has none, and is found by its title and notes alone."""
    bounds = document_bounds()
    path = settings.WORKSPACE.files_folder / file.sha256
    try:
        words = confined(text_of, bounds, path, name=file.name, seconds=READING_SHARE * bounds.seconds)
        fault = ""
    except BestValueError as unread:
        words, fault = "", unread.what
    said = {"words": words.replace("\x00", ""), "fault": fault[:300], "read_at": timezone.now()}
    return FileText.objects.update_or_create(file=file, defaults=said)[0]
