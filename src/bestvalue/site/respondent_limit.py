"""How often may surveys be begun from one address? Counted in memory for some minutes, under a keyed digest, and then forgotten."""

from django.core.cache import caches
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from bestvalue.site.addresses import address_of


def too_often(request: HttpRequest, *, what: str, most: int, seconds: int) -> bool:
    """Count one more time, and say whether that was more than `most` within `seconds`.

    The digest changes every day and is kept in the memory of this process alone, beside nothing else: it is no record of who came.
    """
    key = f"often-{salted_hmac(f'{what} {timezone.localdate()}', address_of(request), algorithm='sha256').hexdigest()[:32]}"
    counts = caches["limits"]
    if counts.add(key, 1, seconds):
        return False
    try:
        return int(counts.incr(key)) > most
    except ValueError:  # it ran out between the two
        counts.set(key, 1, seconds)
        return False
