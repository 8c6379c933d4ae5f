import pytest
from tests.documents.samples import small_report, small_result, small_review

from bestvalue.analysis.store import StoredResult
from bestvalue.documents.model import Report
from bestvalue.documents.numbering import numbered
from bestvalue.documents.review_content import ReviewContent


@pytest.fixture
def report() -> Report:
    """A report with every kind of block, not yet numbered."""
    return small_report()


@pytest.fixture(scope="session")
def ready() -> Report:
    """The same, numbered."""
    return numbered(small_report())


@pytest.fixture
def stored() -> StoredResult:
    """An answer with one chart, a short table, and one too long to print."""
    return small_result()


@pytest.fixture
def content(stored: StoredResult) -> ReviewContent:
    """A review with two strands, one of them without findings, and three recommendations, one of which rests on none."""
    return small_review(stored)
