"""Who may have an account, and for how long a sign-in lasts."""

import time
from collections.abc import Callable

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect

FRAGMENT_HEADER = "X-Fragment"
"""Sent by a page that follows work in progress: such a request is the page's own and shows nobody's presence."""

_NOTED_EVERY_SECONDS = 60


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Accounts are made by the programme office: nobody registers on the site."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth calls it with the request
        """Registration is closed."""
        return False


class SessionLimits:
    """Signs out whoever has opened nothing for a while, and everybody some hours after signing in.

    The session's cookie alone cannot say so: it knows the last change of the session, not the last use of the site.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on, unless the sign-in has run out."""
        if request.user.is_authenticated and self._has_run_out(request):
            logout(request)
            messages.info(request, "You have been signed out for security. Sign in to go on.")
            return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")
        return self.get_response(request)

    def _has_run_out(self, request: HttpRequest) -> bool:
        now = time.time()
        started = request.session.setdefault("signed_in_at", now)
        seen = request.session.setdefault("seen_at", now)
        if now - started > settings.SESSION_COOKIE_AGE or now - seen > settings.SESSION_IDLE_SECONDS:
            return True
        # Noted once a minute: every page would otherwise write to the database.
        if now - seen > _NOTED_EVERY_SECONDS and FRAGMENT_HEADER not in request.headers:
            request.session["seen_at"] = now
        return False


class SecondStep:
    """Leads whoever has no second step of signing in to set one up, where the settings require it."""

    SETTING_UP = ("/account/", "/static/", "/health/", "/accessibility/")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on, if there is nothing to set up first."""
        if not settings.SECOND_STEP_REQUIRED or not request.user.is_authenticated or request.path.startswith(self.SETTING_UP):
            return self.get_response(request)
        if is_mfa_enabled(request.user):
            return self.get_response(request)
        if request.path.startswith("/api/"):
            fault = {"what": "Set up a second step of signing in first", "where": "", "next_step": "Open the site in a browser."}
            return JsonResponse(fault, status=403)
        messages.info(request, "Set up a second step of signing in, with a security key or codes from an app. Then everything else opens.")
        return redirect("mfa_index")
