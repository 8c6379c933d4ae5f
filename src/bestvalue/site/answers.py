"""What every answer of the site carries, and what is answered when something goes wrong."""

import logging
import secrets
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from bestvalue.errors import BestValueError, RuleError

logger = logging.getLogger("bestvalue.site")

PERMISSIONS_POLICY = (
    "camera=(), geolocation=(), microphone=(), payment=(), usb=(), publickey-credentials-get=(self), publickey-credentials-create=(self)"
)


class AnswerHeaders:
    """Headers that Django has no setting for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then add the headers."""
        was_signed_in = request.user.is_authenticated
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        if was_signed_in or request.user.is_authenticated:
            # The next person at a shared computer must not find these pages with the Back button.
            add_never_cache_headers(response)
        if was_signed_in and not request.user.is_authenticated:
            # Not the cache: signed-in pages are never in it, and browsers take seconds to clear the rest.
            response.headers["Clear-Site-Data"] = '"cookies", "storage"'
        return response


class FaultPages:
    """Shows an error of ours as a page: what, where, what to do next."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Turn a BestValueError into a page; anything else is a bug and goes on to `server_error`."""
        if not isinstance(exception, BestValueError):
            return None
        status = 409 if isinstance(exception, RuleError) else 400
        return render(request, "fault.html", {"fault": exception}, status=status)


def server_error(request: HttpRequest) -> HttpResponse:
    """A bug: a page with a reference that stands in the log beside the traceback, and nothing of its inside."""
    reference = secrets.token_hex(4)
    logger.error("Reference %s: %s %s failed; the traceback stands above", reference, request.method, request.path)
    return render(request, "500.html", {"reference": reference}, status=500)
