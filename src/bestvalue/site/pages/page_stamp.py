"""When was a page shown? A signed time in its form: how long an answer took, and that the form came from here."""

import time

from django.core.signing import BadSignature, Signer

LONGEST_SECONDS = 7 * 24 * 3600
"""Older pages are shown again; what was typed stays on them."""

_SIGNER = Signer(salt="page of a survey")


def stamp(place: str) -> str:
    """The time at which the page of a place is shown, signed."""
    return _SIGNER.sign(f"{time.time():.3f} {place}")


def seconds_since(signed: str, *, place: str) -> float | None:
    """Seconds since the page of a place was shown; None where the stamp is of another page, too old, or not ours."""
    try:
        shown_at, _, shown = _SIGNER.unsign(signed).partition(" ")
    except BadSignature:
        return None
    seconds = time.time() - float(shown_at)
    # A little below zero where the clock was set back meanwhile, or another machine's clock is behind.
    return max(seconds, 0.0) if shown == place and -5 <= seconds <= LONGEST_SECONDS else None
