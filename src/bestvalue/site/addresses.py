"""From which address does a request come? Behind a web server, from the one that it names, as far as it is trusted."""

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The address of whoever asks, as the sign-in pages take it; empty where none is known.

    The setting `BESTVALUE_PROXIES` says how many web servers stand before the site: without it their own address would count for everybody.
    """
    try:
        return str(get_adapter().get_client_ip(request))
    except PermissionDenied:
        return ""
