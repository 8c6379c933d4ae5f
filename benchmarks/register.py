"""How fast do the pages of a large register answer? Goal: 10,000 recommendations with 200,000 updates, 150 ms and 12 queries a page.

The rows are written straight to the database of a workspace in a temporary folder; then each page is asked for as a manager who
signed in sees it, once to warm up and then several times.

Usage: python benchmarks/register.py [recommendations]
"""

import os
import statistics
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

RECOMMENDATIONS = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
ACTIONS_EACH, UPDATES_EACH, REPORTS, REPEATS = 2, 20, 100, 5
FIRST = date(2024, 1, 1)
OK = 200


# Models can be imported only after the record is open, so what uses them imports inside.
# ruff: noqa: PLC0415


def main() -> None:
    """Fill the record, then print for each page its time and its queries."""
    from bestvalue.cli.record import open_record
    from bestvalue.workspace import Workspace

    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace.create(Path(folder) / "workspace", name="Register", synthetic=True)
        os.environ.pop("DATABASE_URL", None)
        open_record(workspace)
        pages = fill()
        measure(pages)


def fill() -> dict[str, str]:
    """Write the rows; return the pages to ask for."""
    from django.urls import reverse

    from bestvalue.record.bodies.models import Body, Membership, Person, Role, User
    from bestvalue.record.delivery.models import Action, ActionState, AgreedDate, Ownership, Recommendation, RecommendationStatus, Update

    authority = Body.objects.create(name="Authority", kind="authority")
    committees = [Body.objects.create(name=f"Committee {number}", kind="committee", parent=authority) for number in range(10)]
    user = User.objects.create_user("manager@example.org", "correct horse battery staple")
    manager = Person.objects.create(name="Manager", user=user)
    Membership.objects.create(person=manager, body=committees[0], role=Role.PROJECT_MANAGER, starts=FIRST)
    leads = [Person.objects.create(name=f"Lead {number}") for number in range(200)]
    rows = Recommendation.objects.bulk_create(
        Recommendation(
            issuer=authority,
            report_slug=f"report-{number % REPORTS}",
            report_title=f"Report {number % REPORTS}",
            number=str(number // REPORTS + 1),
            order=number // REPORTS + 1,
            source="entered",
            text=f"Do thing {number} and show that it was done.",
        )
        for number in range(RECOMMENDATIONS)
    )

    def day(number: int) -> date:
        return FIRST + timedelta(days=number % 600)

    statuses = ("made", "accepted", "in progress")
    RecommendationStatus.objects.bulk_create(
        RecommendationStatus(recommendation=row, status=status, on=day(number) + timedelta(days=step))
        for number, row in enumerate(rows)
        for step, status in enumerate(statuses)
    )
    Ownership.objects.bulk_create(
        Ownership(recommendation=row, body=committees[number % 10], lead=leads[number % 200], on=day(number))
        for number, row in enumerate(rows)
    )
    actions = Action.objects.bulk_create(
        Action(
            recommendation=row,
            number=place + 1,
            what=f"Action {place + 1} about {number}",
            why="Because.",
            how="So.",
            target="Seen.",
            lead=leads[number % 200],
            starts=day(number),
            original_date=day(number) + timedelta(days=300 + 97 * place),
        )
        for number, row in enumerate(rows)
        for place in range(ACTIONS_EACH)
    )
    ActionState.objects.bulk_create(
        ActionState(action=action, state="in progress" if place % 3 else "complete", on=action.starts)
        for place, action in enumerate(actions)
    )
    AgreedDate.objects.bulk_create(
        AgreedDate(
            action=action,
            date=action.original_date + timedelta(days=90),
            decided_on=action.original_date,
            body=committees[0],
            minute="1",
            cause="people",
            reason="So.",
            by=manager,
        )
        for action in actions[::4]
    )
    from bestvalue.record.delivery.standing import write_standings

    write_standings([row.pk for row in rows])
    Update.objects.bulk_create(
        (
            Update(recommendation=row, on=day(number) + timedelta(days=30 * step), text="It goes on.", by=leads[number % 200])
            for number, row in enumerate(rows)
            for step in range(UPDATES_EACH)
        ),
        batch_size=5_000,
    )
    return {
        "home": reverse("home"),
        "register": reverse("register"),
        "register, red": reverse("register") + "?rating=red",
        "register, as at": reverse("register") + "?as_at=2024-09-01",
        "colours": reverse("register_colours"),
        "recommendation": reverse("recommendation", args=[rows[0].pk]),
        "action": reverse("action", args=[actions[0].pk]),
        "plan": reverse("plan", args=[authority.pk, "report-0"]),
    }


def measure(pages: dict[str, str]) -> None:
    """Ask for each page as the manager."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from bestvalue.record.bodies.models import User

    settings.ALLOWED_HOSTS = ["testserver"]
    browser = Client()
    browser.force_login(User.objects.get())
    print(f"{RECOMMENDATIONS:,} recommendations, {RECOMMENDATIONS * ACTIONS_EACH:,} actions, {RECOMMENDATIONS * UPDATES_EACH:,} updates")
    for name, address in pages.items():
        browser.get(address)
        times, busy = [], []
        for _ in range(REPEATS):
            began, began_busy = time.perf_counter(), time.process_time()
            with CaptureQueriesContext(connection) as asked:
                answer = browser.get(address)
            times.append(time.perf_counter() - began)
            busy.append(time.process_time() - began_busy)
        if answer.status_code != OK:
            sys.exit(f"{name} answered {answer.status_code}")
        wall, own = (statistics.median(each) * 1000 for each in (times, busy))
        print(f"{name:16} {wall:7.0f} ms, {own:5.0f} ms of the processor, {len(asked):3} queries")


if __name__ == "__main__":
    main()
