"""Is it still the person who signed in? Asked before what cannot be taken back: the password or the second step, once every five minutes.

A screen that was left open must not publish, let somebody in, or carry away what is sensitive. The question is the sign-in library's: it
leads to its page "Confirm it is you", keeps what a form sent meanwhile, and goes on with it afterwards.
"""

from allauth.account.decorators import reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django.http import HttpRequest

from bestvalue.errors import RuleError
from bestvalue.record.reviews.models import Marking


def check_confirmed(request: HttpRequest) -> None:
    """Go on if the person confirmed within the last minutes that it is they; else lead them to do so, and come back.

    Call it before anything is written, and in a form once its answers are good: the form is sent again as it was.

    Raises:
        ReauthenticationRequired: the sign-in library turns it into its question.
    """
    _confirmed(request)


def check_may_take(request: HttpRequest, marking: str) -> None:
    """The same before a file leaves the site that carries the highest marking; any other goes without a question.

    Args:
        request: who takes it.
        marking: the highest of anything in the file.
    """
    if marking == Marking.SENSITIVE:
        _confirmed(request)


def check_may_take_by_api(request: HttpRequest, marking: str) -> None:
    """The same before the API gives a list that holds something sensitive.

    Raises:
        RuleError: the session behind the request was not confirmed lately.
    """
    if marking == Marking.SENSITIVE:
        check_confirmed_by_api(request)


def check_confirmed_by_api(request: HttpRequest) -> None:
    """Go on if the session behind a program's request was confirmed lately; else refuse, because a program is not led to a page.

    Raises:
        RuleError: it was not.
    """
    if not _is_confirmed(request):
        raise RuleError(
            "This is done within five minutes of confirming who you are",
            where="session",
            next_step="Open /account/reauthenticate/ in the browser of this session, confirm, and ask again.",
        )


def _is_confirmed(request: HttpRequest) -> bool:
    try:
        _confirmed(request)
    except ReauthenticationRequired:
        return False
    return True


@reauthentication_required  # type: ignore[untyped-decorator]  # allauth ships no types
def _confirmed(request: HttpRequest) -> None:
    """Nothing more than the question."""
