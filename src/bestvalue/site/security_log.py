"""The log of who came in and who was refused: lines of the logger `bestvalue.security`, for the deployment to ship off the host.

Changes and readings of what is sensitive stand in the ledger; here stands what changes nothing. No line holds a password or a session.
"""

import json
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest, HttpResponse

from bestvalue.site.addresses import address_of

logger = logging.getLogger("bestvalue.security")

REFUSED = {401, 403, 429}


def watch() -> None:
    """Write a line for every sign-in, failed sign-in and sign-out from now on."""
    user_logged_in.connect(_signed_in, dispatch_uid="security-signed-in")
    user_logged_out.connect(_signed_out, dispatch_uid="security-signed-out")
    user_login_failed.connect(_failed, dispatch_uid="security-sign-in-failed")


class RefusalLog:
    """Writes a line for every request that was refused."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then note a refusal."""
        response = self.get_response(request)
        if response.status_code in REFUSED:
            _write("refused", request, user=getattr(request, "user", None), status=response.status_code)
        return response


def _signed_in(*, request: HttpRequest, user: Any, **_rest: Any) -> None:
    _write("signed in", request, user=user)


def _signed_out(*, request: HttpRequest, user: Any, **_rest: Any) -> None:
    _write("signed out", request, user=user)


def _failed(*, credentials: dict[str, Any], request: HttpRequest | None = None, **_rest: Any) -> None:  # noqa: ARG001 - Django calls it so
    # Not what was typed: people type passwords into the wrong box.
    _write("sign-in failed", request, user=None)


def _write(what: str, request: HttpRequest | None, *, user: Any, **more: Any) -> None:
    line = {
        "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "what": what,
        "user": getattr(user, "pk", None),
        "address": address_of(request) if request is not None else "",
        "method": request.method if request is not None else "",
        # An address may hold what somebody looked for, and a calendar's holds a secret: the path of a page alone is kept.
        "path": _harmless(request.path) if request is not None else "",
        **more,
    }
    logger.info(json.dumps(line, sort_keys=True))


def _harmless(path: str) -> str:
    return "/calendar/" if path.startswith("/calendar/") else path
