"""Addresses that only their holder knows: long enough never to be guessed, and kept as a digest."""

import hashlib
import secrets

KEY_BYTES, PUBLIC_BYTES = 24, 6
"""Of a person's own address, 192 bits; and of a survey's, which is printed on posters and has only to be unlike others."""


def new_key() -> str:
    """A secret address for one person."""
    return secrets.token_urlsafe(KEY_BYTES)


def new_public_key() -> str:
    """The address of a survey, of letters and digits that can be typed from a poster.

    Example:
        >>> len(new_public_key())
        12
    """
    return secrets.token_hex(PUBLIC_BYTES)


def digest_of_key(key: str) -> str:
    """What is kept of a secret address.

    Example:
        >>> digest_of_key("a")[:8]
        'ca978112'
    """
    return hashlib.sha256(key.encode()).hexdigest()


def key_of_draft(token: str, *, asking: int) -> str:
    """The address at which whoever is invited fills in: made from the link of the invitation, so that the link leads back to it.

    Args:
        token: from the link.
        asking: which asking this is: who tried the pilot out answers the survey itself anew.
    """
    return hashlib.sha256(f"draft {token} {asking}".encode()).hexdigest()[:40]
