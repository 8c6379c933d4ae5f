"""How often somebody may ask: searches, files to take away and the API each have a limit of requests a minute.

Counted for the user and for the address, in the record's database: all processes of the site share one count. That costs one statement, and
only the requests that have a limit. Sign-in has limits of its own, which allauth counts in the cache, a table of the same database.
"""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from bestvalue.site.addresses import address_of
from bestvalue.site.request_counts import count

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
    Limit(what="export", path=re.compile(r"\.(csv|xlsx|docx|pdf|zip|json|ics)$|/file/$|/files/\d+/(copy/)?$|/pack/$")),
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
        who = [f"{limit.what}:{each}" for each in _who(request)]
        if count(who, window_seconds=WINDOW_SECONDS, now=now) > limit.a_minute:
            return _too_many(request, limit, wait=WINDOW_SECONDS - int(now) % WINDOW_SECONDS)
        return self.get_response(request)


def _who(request: HttpRequest) -> Iterator[str]:
    if request.user.is_authenticated:
        yield f"user-{request.user.pk}"
    yield f"address-{address_of(request)}"


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
