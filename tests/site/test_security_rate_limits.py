"""The row "Rate limits" of the security baseline: several processes of the site share one count."""

import os
import runpy
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.world import PASSWORD, World

import bestvalue.site

NOW = 1_000_000_000.0
ANOTHER_PROCESS = """
import sys, django
django.setup()
from bestvalue.site.request_counts import count
print([count(["api:user-1", "api:address-a"], window_seconds=60, now=float(sys.argv[1])) for _ in range(5)])
"""


def address_of_the_database() -> str:
    said = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{said['NAME']}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{said['NAME']}").geturl()


def in_another_process() -> list[int]:
    surroundings = {**os.environ, "DATABASE_URL": address_of_the_database()}
    words = [sys.executable, "-c", ANOTHER_PROCESS, str(NOW)]
    ran = subprocess.run(words, env=surroundings, capture_output=True, text=True, check=True, timeout=120)  # noqa: S603 - ourselves
    return [int(word) for word in ran.stdout.strip(" []\n").split(",")]


@pytest.mark.django_db(transaction=True)
def test_rate_limits_are_one_count_for_two_processes() -> None:
    from bestvalue.site.request_counts import count

    here = [count(["api:user-1", "api:address-b"], window_seconds=60, now=NOW) for _ in range(3)]
    assert (here, in_another_process()) == ([1, 2, 3], [4, 5, 6, 7, 8])
    assert count(["api:user-1"], window_seconds=60, now=NOW) == 9


@pytest.mark.django_db(transaction=True)
def test_rate_limits_lose_no_request_that_comes_at_the_same_time() -> None:
    from bestvalue.site.request_counts import count

    def ask(_turn: int) -> int:
        try:
            return count(["api:user-1", "api:address-a"], window_seconds=60, now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(ask, range(40))) == list(range(1, 41))


@pytest.mark.django_db
def test_rate_limits_begin_anew_with_each_minute_and_forget_who_asked_before() -> None:
    from bestvalue.site.models import RequestCount
    from bestvalue.site.request_counts import count

    assert [count([name], window_seconds=60, now=NOW) for name in ("a", "a", "b")] == [1, 2, 1]
    assert count(["a"], window_seconds=60, now=NOW + 60) == 1
    assert list(RequestCount.objects.values_list("who", flat=True)) == ["a"]


def test_rate_limits_cost_pages_without_one_nothing_and_the_others_one_question(world: World, manager: Client) -> None:
    def counting(address: str) -> int:
        manager.get(address)
        with CaptureQueriesContext(connection) as asked:
            manager.get(address)
        return sum("site_requestcount" in one["sql"] for one in asked)

    assert counting(reverse("home")) == 0
    assert counting("/api/reviews") in (1, 1 + 1)  # the minute may have turned in between, which clears the one before


@override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=1, REQUESTS_A_MINUTE={"api": 2, "search": 2, "export": 2})
def test_rate_limits_behind_a_web_server_count_the_address_that_it_names(world: World, browser_of: Any) -> None:
    one, other = browser_of(world.manager), browser_of(world.board_member)
    for _ in range(6):
        one.get("/api/reviews", headers={"X-Forwarded-For": "203.0.113.7"})
    assert other.get("/api/reviews", headers={"X-Forwarded-For": "203.0.113.8"}).status_code == 200


def test_rate_limits_of_sign_in_are_counted_in_a_table_that_every_process_shares(client: Client, world: World) -> None:
    from django.core.cache import caches

    said = {"login": world.manager.email, "password": PASSWORD + " no"}
    with CaptureQueriesContext(connection) as asked:
        client.post(reverse("account_login"), said)
    assert type(caches["default"]).__name__ == "DatabaseCache"
    assert any("site_cache" in one["sql"] and one["sql"].startswith(("INSERT", "UPDATE")) for one in asked)


@pytest.mark.parametrize(("proxies", "believed"), [("", None), ("1", ("HTTP_X_FORWARDED_PROTO", "https"))])
def test_rate_limits_believe_a_web_server_only_where_the_operator_says_that_there_is_one(
    monkeypatch: pytest.MonkeyPatch, proxies: str, believed: tuple[str, str] | None
) -> None:
    monkeypatch.setenv("BESTVALUE_PROXIES", proxies or "0")
    read = runpy.run_path(str(Path(bestvalue.site.__path__[0]) / "settings.py"))
    assert (read["ALLAUTH_TRUSTED_PROXY_COUNT"], read["SECURE_PROXY_SSL_HEADER"]) == (int(proxies or 0), believed)
