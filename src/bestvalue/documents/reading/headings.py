"""What reads as a heading: short words without a sentence in them."""

import re

LONGEST_HEADING_WORDS = 16
LONGEST_HEADING = 120
OPEN_END = re.compile(r"(?i)\b(?:the|of|a|an|and|or|to|in|for|on|at|by|with|from|that|as|is|are|was|their|its|this|per)$")
"""Words after which a line is not finished."""
_STOPPED = re.compile(r"[.;,:!][”’\"')]*$|[a-z”’][.?!][”’\"')]*\d{1,3}$|[a-z]{3}\. [A-Z]|[a-z]\.\s*[(\[][^)\]]*[)\]]$|^[(\[].*[)\]]$")
"""A stop at the end, a note's number after a stop, a stop in the middle, or brackets round it all: no heading."""


def looks_like_heading(text: str) -> bool:
    """Whether words read as a heading: short, a capital or figure first, and no sentence.

    Example:
        >>> looks_like_heading("How does the service compare?"), looks_like_heading("The force should act.")
        (True, False)
    """
    plain = text.strip("*#_ ")
    if not plain or len(plain) > LONGEST_HEADING or len(plain.split()) > LONGEST_HEADING_WORDS:
        return False
    if not (plain[0].isupper() or plain[0].isdigit() or plain[0] in "“‘\"'("):
        return False
    return not _STOPPED.search(plain) and not OPEN_END.search(plain) and any(map(str.isalpha, plain))
