"""How often somebody may ask: searches, files to take away and the API each have a limit of requests a minute.

Counted for the user and for the address, in the memory of each server process: a count in the database would cost every request a
write. With two processes somebody gets at most twice the limit, which still keeps one client from holding up the others.
"""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

WINDOW_SECONDS = 60


@dataclass(frozen=True, kw_only=True)
class Limit:
    """How often one kind of request may be made.

    Args:
        what: its name, also that of its setting.
        path: how the addresses of such requests look.
    """

    what: str
    path: re.Pattern[str]

    @property
    def a_minute(self) -> int:
        """As the settings say."""
        return int(settings.REQUESTS_A_MINUTE[self.what])


LIMITS = (
    Limit(what="api", path=re.compile(r"^/api/")),
    Limit(what="search", path=re.compile(r"^/search/")),
    Limit(what="export", path=re.compile(r"\.(csv|xlsx|docx|pdf|zip|json|ics)$|/file/$|/files/\d+/$|/pack/$")),
)
"""The first that fits counts."""


class RateLimits:
    """Answers 429 with Retry-After to whoever asks more often than they may."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on, unless there were too many."""
        limit = next((limit for limit in LIMITS if limit.path.search(request.path)), None)
        if limit is None:
            return self.get_response(request)
        now = time.time()
        counts = [_counted(limit, who, now) for who in _who(request)]  # every one counts, also after the first that is too many
        if max(counts) > limit.a_minute:
            return _too_many(request, limit, wait=WINDOW_SECONDS - int(now) % WINDOW_SECONDS)
        return self.get_response(request)


def _who(request: HttpRequest) -> Iterator[str]:
    if request.user.is_authenticated:
        yield f"user-{request.user.pk}"
    yield f"address-{request.META.get('REMOTE_ADDR', '')}"


def _counted(limit: Limit, who: str, now: float) -> int:
    """How many such requests there were in this minute, this one included."""
    counts, key = caches["limits"], f"{limit.what}:{who}:{int(now) // WINDOW_SECONDS}"
    counts.add(key, 0, timeout=2 * WINDOW_SECONDS)
    try:
        return counts.incr(key)
    except ValueError:  # dropped between the two, because the memory was full
        return 1


def _too_many(request: HttpRequest, limit: Limit, *, wait: int) -> HttpResponse:
    what = f"More than {limit.a_minute} requests in a minute"
    next_step = f"Wait {wait} seconds, then go on."
    response: HttpResponse
    if limit.what == "api":
        response = JsonResponse({"what": what, "where": request.path, "next_step": next_step}, status=429)
    else:
        response = render(request, "429.html", {"what": what, "next_step": next_step}, status=429)
    response.headers["Retry-After"] = str(wait)
    return response
