"""How often did somebody ask in this minute? Counted in the record's database, so that every process of the site sees one count.

Django's cache would read and then write, and two processes that do so at once count one request. Here the database adds: one statement,
and one question more, for the requests that have a limit; other pages ask nothing.
"""

from collections.abc import Sequence

from django.db import connection

from bestvalue.site.models import RequestCount

_TABLE = RequestCount._meta.db_table
_COUNT = f"""
    INSERT INTO {_TABLE} (who, times, ends_at) VALUES {{rows}}
    ON CONFLICT (who) DO UPDATE SET
        times = CASE WHEN {_TABLE}.ends_at = excluded.ends_at THEN {_TABLE}.times + 1 ELSE 1 END,
        ends_at = excluded.ends_at
    RETURNING times
"""


def count(who: Sequence[str], *, window_seconds: int, now: float) -> int:
    """Count one more request for each of these, and return the most that any of them made within this window.

    Args:
        who: a user, an address: each with the name of the limit before it.
        window_seconds: the length of a window; all windows begin at whole multiples of it.
        now: seconds since 1970.
    """
    ends_at = (int(now) // window_seconds + 1) * window_seconds
    values = [part for name in who for part in (name[:200], 1, ends_at)]
    with connection.cursor() as cursor:
        cursor.execute(_COUNT.format(rows=", ".join(["(%s, %s, %s)"] * len(who))), values)
        times = max(int(row[0]) for row in cursor.fetchall())
    if times == 1:
        # A window begins: what was counted in the windows before is of no use, and it names addresses.
        RequestCount.objects.filter(ends_at__lt=ends_at).delete()
    return times
