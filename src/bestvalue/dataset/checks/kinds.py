"""Which sorts of fault can a single row have?"""

from enum import StrEnum


class FaultKind(StrEnum):
    """Sort of fault of a single row, as people say it."""

    EMPTY = "a value that every row must have is empty"
    RANGE = "a value is out of its bounds or not allowed"
    RULE = "two values of the row contradict each other"
    REFERENCE = "a value points to a row that is not there"
    TWICE = "an earlier row has the same key"
