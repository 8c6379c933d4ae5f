"""How long does a round trip of a plan take? Goal: 2,000 actions out as a workbook and back in under 10 s, every one of them changed.

The rows are written straight to the database of a workspace in a temporary folder. Then the workbook is taken out, one cell of every
action is changed as a person would, and it is compared and taken in; last it is taken out and compared unchanged.

Usage: python benchmarks/round_trip.py [actions]
"""

import io
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

ACTIONS = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
ACTIONS_EACH, GOAL_SECONDS = 4, 10
FIRST, TODAY = date(2026, 1, 5), date(2026, 3, 1)


# Models can be imported only after the record is open, so what uses them imports inside.
# ruff: noqa: PLC0415


def main() -> None:
    """Fill the record, make the round trip, print each step."""
    from bestvalue.cli.record import open_record
    from bestvalue.workspace import Workspace

    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace.create(Path(folder) / "workspace", name="Round trip", synthetic=True)
        os.environ.pop("DATABASE_URL", None)
        open_record(workspace)
        fill()
        measure()


def fill() -> None:
    """A plan of so many actions, a third of which wait for the one before, each with an update and a forecast."""
    from bestvalue.record.bodies.models import Body, Membership, Person, Role
    from bestvalue.record.delivery.models import Action, ActionDependency, ForecastDate, Recommendation, RecommendationStatus, Update

    authority = Body.objects.create(name="Authority", kind="authority")
    manager = Person.objects.create(name="Manager")
    Membership.objects.create(person=manager, body=authority, role=Role.PROJECT_MANAGER, starts=FIRST)
    rows = Recommendation.objects.bulk_create(
        Recommendation(
            issuer=authority, report_slug="report", report_title="Report", number=str(number), order=number, source="entered", text="Do it."
        )
        for number in range(1, ACTIONS // ACTIONS_EACH + 1)
    )
    statuses = ("made", "accepted", "in progress")
    RecommendationStatus.objects.bulk_create(
        RecommendationStatus(recommendation=row, status=one, on=FIRST) for row in rows for one in statuses
    )
    made = Action.objects.bulk_create(
        Action(
            recommendation=row,
            number=place + 1,
            what=f"Action {place + 1} of {row.number}",
            why="Because.",
            how="So.",
            target="Seen.",
            lead=manager,
            starts=FIRST,
            original_date=FIRST + timedelta(days=200 + place),
        )
        for row in rows
        for place in range(ACTIONS_EACH)
    )
    pairs = zip(made[::3], made[1::3], strict=False)
    ActionDependency.objects.bulk_create(ActionDependency(action=one, needs=before) for before, one in pairs)
    said = {"on": FIRST, "by": manager}
    Update.objects.bulk_create(Update(recommendation=one.recommendation, action=one, text="It goes on.", **said) for one in made)
    ForecastDate.objects.bulk_create(ForecastDate(action=one, date=one.original_date, **said) for one in made)


def measure() -> None:
    """Out, changed, back; and out again, unchanged."""
    from bestvalue.record.bodies.models import Person
    from bestvalue.record.delivery.models import Action, Recommendation
    from bestvalue.record.delivery.workbook.bringing_back import difference_of, take_workbook
    from bestvalue.record.delivery.workbook.rows import book_of
    from bestvalue.record.delivery.workbook.write import write_book

    listed, manager = Recommendation.objects.all(), Person.objects.get()
    print(f"{Action.objects.count():,} actions, goal {GOAL_SECONDS} s")
    with step("taken out") as whole:
        content = write_book(book_of(listed, on=TODAY), title="Plan")
    changed = change(content)
    with step("compared, every action changed") as compared:
        difference = difference_of(changed, name="plan.xlsx", listed=listed, on=TODAY)
    with step("taken in, with its comparison") as taken:
        take_workbook(changed, name="plan.xlsx", listed=listed, choices={}, on=TODAY, by=manager)
    again = write_book(book_of(listed, on=TODAY), title="Plan")
    with step("compared, unchanged") as unchanged:
        nothing = difference_of(again, name="plan.xlsx", listed=listed, on=TODAY)
    if len(difference.changes) != Action.objects.count() or nothing.changes or nothing.faults:
        sys.exit("the round trip lost or invented something")
    busy = whole[1] + taken[1]
    print(f"round trip: {whole[0] + taken[0]:.1f} s, {busy:.1f} s of the processor, {busy / GOAL_SECONDS:.2f} of the goal")
    print(f"looking before writing: {compared[1]:.1f} s of the processor; unchanged {unchanged[1]:.1f} s")


def change(content: bytes) -> bytes:
    """The workbook as somebody saves it who wrote another “how” into every action."""
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(content))
    sheet = book["Actions"]
    column = [cell.value for cell in sheet[1]].index("How") + 1
    for row in range(2, ACTIONS + 2):
        sheet.cell(row=row, column=column).value = f"As agreed {row}."
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@contextmanager
def step(name: str) -> Iterator[list[float]]:
    """Time a step; what it yields holds the seconds, and those of the processor, when it ends."""
    spent: list[float] = []
    began, busy = time.perf_counter(), time.process_time()
    yield spent
    spent += [time.perf_counter() - began, time.process_time() - busy]
    print(f"{name:32}{spent[0]:6.1f} s, {spent[1]:5.1f} s of the processor")


if __name__ == "__main__":
    main()
