"""A survey from its form to the analyses, the pages on which the public answers it, and the log of who was heard."""

import re
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.dataset.questionnaires.forms import write_form
from tests.world import DAY, World

if TYPE_CHECKING:
    from django.http import HttpResponse

    from bestvalue.record.consultation.models import Survey

AT_MOST = 12
ROWS = (
    ("select_one agree", "safe", "Do you feel safe?", "Ydych chi'n ddiogel?", None, None, None, "yes"),
    ("text", "why", "Why not?", "Pam?", "${safe} = 2"),
    ("begin repeat", "visit", "Visit", "Ymweliad"),
    ("date", "day", "On which day?", "Pryd?", None, ". <= today()", "The day must be past"),
    ("end repeat",),
    ("integer", "age", "Your age?", "Oed?", None, ". >= 16", "You must be 16 or older"),
)
WHAT = {"title": "Safety", "purpose": "To hear you.", "contact": "the office", "access": "anonymous", "readers": "", "strand": ""}


@pytest.fixture
def upload(tmp_path: Path) -> Callable[..., SimpleUploadedFile]:
    def make(*rows: tuple[object, ...]) -> SimpleUploadedFile:
        return SimpleUploadedFile("asked.xlsx", write_form(tmp_path / "asked.xlsx", rows or ROWS).read_bytes())

    return make


@pytest.fixture
def survey(world: World, manager: Client, upload: Callable[..., SimpleUploadedFile]) -> "Survey":
    from bestvalue.record.consultation.models import Survey

    manager.post(reverse("review_survey_add", args=[world.review.pk]), WHAT | {"upload": upload()})
    return Survey.objects.get()


@pytest.fixture
def opened(survey: "Survey", world: World) -> "Survey":
    from bestvalue.record.consultation import changes
    from bestvalue.record.consultation.models import SurveyStep

    today = timezone.localdate()
    changes.take_survey_step(survey, step=SurveyStep.OPENED, opens=today, closes=today + timedelta(days=7), by=world.manager)
    return survey


class Respondent:
    """Somebody at the public pages: reads what a page holds, fills in its field, and goes where it leads."""

    def __init__(self, address: str) -> None:
        self.browser = Client()
        self.page: HttpResponse = self.browser.get(address)
        self.address = address

    @property
    def text(self) -> str:
        return self.page.content.decode()

    def heading(self) -> str:
        found = re.search(r"<h1.*?>(.*?)</h1>", self.text, re.DOTALL)
        assert found is not None
        return re.sub(r"<.*?>", "", found.group(1)).strip()

    def send(self, **fields: Any) -> "Respondent":
        hidden = dict(re.findall(r'<input type="hidden" name="(stamp|language)" value="(.*?)"', self.text))
        self.page = self.browser.post(self.address, hidden | fields)
        if self.page.status_code == 302:
            self.go(self.page.url)
        return self

    def go(self, address: str) -> "Respondent":
        self.page = self.browser.get(address, follow=True)
        self.address = self.page.redirect_chain[-1][0] if self.page.redirect_chain else address
        return self


def slowly() -> None:
    """As if it had been begun a while ago."""
    from bestvalue.record.consultation.models import Draft

    for draft in Draft.objects.all():
        draft.started_at = timezone.now() - timedelta(minutes=2)
        draft.save()


def test_the_form_is_checked_when_it_is_brought_in_and_every_place_is_named(
    world: World, manager: Client, upload: Callable[..., SimpleUploadedFile]
) -> None:
    from bestvalue.record.consultation.models import Survey

    bad = upload(("geopoint", "where", "Where?", "Ble?"), ("text", "why", "Why?", "Pam?", "pulldata('a') = 1"))
    page = manager.post(reverse("review_survey_add", args=[world.review.pk]), WHAT | {"upload": bad}).content.decode()
    assert "The form has 2 places that the site cannot ask: nothing was kept" in page
    assert "asked.xlsx, sheet survey, row 2, column type: where: the site does not ask for &#x27;geopoint&#x27;" in page
    assert "row 3, column relevant" in page
    assert Survey.objects.count() == 0


@pytest.mark.parametrize(("name", "content"), [("form.docx", b"PK\x03\x04"), ("form.xlsx", b"no workbook"), ("form.csv", b"a,b\n1,2\n")])
def test_what_is_no_form_is_refused(world: World, manager: Client, name: str, content: bytes) -> None:
    from bestvalue.record.consultation.models import Survey

    page = manager.post(reverse("review_survey_add", args=[world.review.pk]), WHAT | {"upload": SimpleUploadedFile(name, content)})
    assert page.status_code == 200
    assert "There is a problem" in page.content.decode()
    assert Survey.objects.count() == 0


def test_the_lead_sees_the_checks_opens_the_survey_and_closes_it(manager: Client, survey: "Survey") -> None:
    page = manager.get(reverse("review_survey", args=[survey.pk])).content.decode()
    assert "asked if ${safe} = 2" in page
    assert "has to keep . &gt;= 16" in page
    assert reverse("survey_start", args=[survey.key]) in page
    today, last = timezone.localdate(), timezone.localdate() + timedelta(days=3)
    days = {f"{name}_{part}": getattr(day, part) for name, day in (("opens", today), ("closes", last)) for part in ("day", "month", "year")}
    assert "From" in manager.post(reverse("review_survey_step", args=[survey.pk, "open"]), days, follow=True).content.decode()
    again = manager.get(reverse("review_survey_form", args=[survey.pk]))
    assert again.status_code == 409
    manager.post(reverse("review_survey_step", args=[survey.pk, "close"]))
    assert Respondent(reverse("survey_start", args=[survey.key])).page.status_code == 404
    assert survey.events.count() == 2


def test_somebody_answers_one_thing_on_each_page_and_sends_it_once(opened: "Survey") -> None:
    from bestvalue.record.consultation.models import Draft, Response

    person = Respondent(reverse("survey_start", args=[opened.key]))
    assert "We do not know who you are" in person.text
    person.send(language="English (en)")
    assert person.heading() == "Do you feel safe?"
    person.send()
    assert person.page.status_code == 400
    assert 'href="#answer-0">Select an answer' in person.text
    person.send(answer="2")
    assert person.heading() == "Why not? (optional)"
    person.send(answer="It is <b>dark</b>.")
    assert person.heading() == "Visit: is there one to add?"
    person.send(answer="yes").send(answer_day="1", answer_month="1", answer_year="2999")
    assert "The day must be past" in person.text
    person.send(answer_day="1", answer_month="1", answer_year="2026").send(answer="no")
    person.send(answer="12")
    assert "You must be 16 or older" in person.text
    person.send(answer="40")
    assert person.heading() == "Check your answers"
    assert "1 January 2026" in person.text
    assert "It is &lt;b&gt;dark&lt;/b&gt;." in person.text
    check = person.address
    person.send()
    assert "faster than anybody can read" in person.text
    slowly()
    person.send()
    assert person.heading() == "Answers sent"
    person.browser.post(check)
    assert Draft.objects.count() == 0
    assert Response.objects.get().answers == {"safe": "2", "why": "It is <b>dark</b>.", "visit/1/day": "2026-01-01", "age": "40"}
    assert "Answers sent" in person.go(person.address.replace("/sent/", "/")).text


def test_an_answer_is_changed_from_the_check_page_and_opens_what_it_now_asks(opened: "Survey") -> None:
    from bestvalue.record.consultation.models import Response

    person = Respondent(reverse("survey_start", args=[opened.key])).send()
    person.send(answer="1").send(answer="no").send(answer="")
    check = person.address
    assert person.heading() == "Check your answers"
    person.go(check.replace("/check/", "/question/safe/") + "?back=check")
    assert f'href="{check}" class="govuk-back-link"' in person.text
    person.send(answer="2")
    assert person.heading() == "Why not? (optional)"
    person.send(answer="")
    person.go(check)
    slowly()
    person.send()
    assert Response.objects.get().answers == {"safe": "2"}
    assert Response.objects.get().left_out == ["why", "age"]


def test_it_is_answered_in_the_language_that_is_chosen_and_can_be_changed_on_the_way(opened: "Survey") -> None:
    person = Respondent(reverse("survey_start", args=[opened.key])).send(language="Cymraeg (cy)")
    assert "Ydych chi&#x27;n ddiogel?" in person.text
    assert 'lang="cy"' in person.text
    person.go(person.address + "?language=English+%28en%29")
    assert person.heading() == "Do you feel safe?"
    person.send(answer="2")
    assert person.heading().startswith("Why not?")


def test_who_keeps_the_secret_address_goes_on_where_they_stopped(opened: "Survey") -> None:
    person = Respondent(reverse("survey_start", args=[opened.key])).send().send(answer="2")
    later = person.browser.get(person.address.replace("question/why/", "later/")).content.decode()
    address = re.search(r'href="http://testserver(/a/[^"]+)"', later)
    assert address is not None
    elsewhere = Respondent("/").go(address.group(1))
    assert elsewhere.heading() == "Why not? (optional)"
    assert Respondent("/").go("/a/guessed/").page.status_code == 404


def test_nothing_of_who_answers_is_kept_or_cached(opened: "Survey") -> None:
    from django.contrib.sessions.models import Session

    person = Respondent(reverse("survey_start", args=[opened.key])).send()
    assert set(person.browser.cookies) <= {"csrftoken"}
    assert Session.objects.count() == 1  # of the manager who prepared it
    assert "no-store" in person.page.headers["Cache-Control"]
    assert person.page.headers["X-Robots-Tag"] == "noindex"


def test_programs_that_fill_in_forms_are_turned_away(opened: "Survey") -> None:
    from bestvalue.record.consultation.models import Draft

    start = reverse("survey_start", args=[opened.key])
    trapped = Client().post(start, {"website": "http://example.org"})
    assert trapped.status_code == 400
    assert Draft.objects.count() == 0
    person = Respondent(start).send()
    forged = person.browser.post(person.address, {"answer": "2", "stamp": "1 safe:forged", "language": "English (en)"})
    assert "Answer again" in forged.content.decode()
    assert Draft.objects.get().answers == {}


def test_nobody_begins_more_often_than_people_do(opened: "Survey", monkeypatch: pytest.MonkeyPatch) -> None:
    from bestvalue.site.pages import respond

    caches["limits"].clear()
    monkeypatch.setattr(respond, "STARTS", 3)
    start = reverse("survey_start", args=[opened.key])
    answers = [Client().post(start) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [302, 302, 302, 429]
    assert answers[-1].headers["Retry-After"] == "600"


def test_a_form_without_its_token_is_refused_at_the_public_pages_too(opened: "Survey") -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(reverse("survey_start", args=[opened.key])).status_code == 403


def test_people_who_are_invited_get_a_link_that_works_once(
    world: World, manager: Client, upload: Callable[..., SimpleUploadedFile]
) -> None:
    from bestvalue.record.consultation.models import Survey

    manager.post(reverse("review_survey_add", args=[world.review.pk]), WHAT | {"access": "invited", "upload": upload(ROWS[0])})
    survey = Survey.objects.get()
    file = manager.post(reverse("review_survey_invite", args=[survey.pk]), {"respondents": "R-1\nR-2\n"})
    assert 'filename="links-S1-OFFICIAL-SENSITIVE.csv"' in file.headers["Content-Disposition"]
    links = dict(line.split(",") for line in file.content.decode("utf-8-sig").splitlines()[1:])
    today = timezone.localdate()
    manager.post(
        reverse("review_survey_step", args=[survey.pk, "open"]),
        {f"{name}_{part}": getattr(today, part) for name in ("opens", "closes") for part in ("day", "month", "year")},
    )
    assert Respondent(reverse("survey_start", args=[survey.key])).page.status_code == 404
    link = links["R-2"].removeprefix("http://testserver")
    person = Respondent(link)
    assert "The link works once" in person.text
    person.send().send(answer="2")
    slowly()
    person.send()
    assert survey.responses.get().respondent == "R-2"
    assert "was used already" in Respondent(link).text


def test_the_answers_are_taken_away_by_the_team_alone_and_each_reading_is_in_the_ledger(
    opened: "Survey", manager: Client, world: World, browser_of: Callable[[Any], Client]
) -> None:
    import polars as pl

    from bestvalue.record.ledger.models import AuditEvent

    person = Respondent(reverse("survey_start", args=[opened.key])).send().send(answer="2").send(answer="=1+1").send(answer="no").send()
    slowly()
    person.send()
    address = reverse("review_survey_answers", args=[opened.pk])
    assert browser_of(world.board_member).get(address).status_code == 409
    assert browser_of(world.outsider).get(address).status_code == 404
    unconfirmed = Client()
    unconfirmed.force_login(world.manager.user)
    assert unconfirmed.get(address).url.startswith("/account/reauthenticate/")
    rows = manager.get(address).content.decode("utf-8-sig").splitlines()
    assert rows == ["respondent_id,safe,why,age", f"S{opened.pk}-R00001,2,'=1+1,"]
    table = pl.read_parquet(BytesIO(manager.get(address + "?format=parquet").content))
    assert table["safe"].to_list() == ["2"]
    assert AuditEvent.objects.filter(action="survey.answers_read").count() == 2
    manager.post(reverse("review_survey_use", args=[opened.pk]))
    assert "survey_answers" in manager.get(reverse("data")).content.decode()


def test_a_pilot_shows_what_was_left_out_and_how_long_it_took(manager: Client, survey: "Survey") -> None:
    from bestvalue.record.consultation.models import Response

    today = timezone.localdate()
    manager.post(
        reverse("review_survey_step", args=[survey.pk, "pilot"]),
        {f"{name}_{part}": getattr(today, part) for name in ("opens", "closes") for part in ("day", "month", "year")},
    )
    for number in range(3):
        Response.objects.create(
            survey=survey,
            form=survey.form,
            respondent=f"P{number}",
            digest=f"{number}",
            is_pilot=True,
            answers={"safe": "1"} if number else {"safe": "2", "why": "So."},
            left_out=["age"],
            seconds={"safe": 4.0 + number, "age": 2.0},
            handed_in_on=today,
        )
    page = manager.get(reverse("review_survey", args=[survey.pk])).content.decode()
    assert "How did the pilot go?" in page
    rows = re.findall(r"<tr.*?</tr>", page[page.index("How did the pilot go?") :], re.DOTALL)
    assert [re.sub(r"<.*?>", " ", row).split() for row in rows[1:3]] == [
        ["Your", "age?", "age", "3", "3", "100%", "(44", "to", "100)", "2"],
        ["Do", "you", "feel", "safe?", "safe", "3", "0", "0%", "(0", "to", "56)", "5"],
    ]


def test_the_log_says_what_was_said_and_what_changed(world: World, manager: Client, browser_of: Callable[[Any], Client]) -> None:
    page = reverse("review_consultation", args=[world.review.pk])
    said = {
        "who": "Residents",
        "people": "40",
        "on_day": DAY.day,
        "on_month": DAY.month,
        "on_year": DAY.year,
        "how": "meeting",
        "said": "=Nights are dark.",
        "finding": world.finding.pk,
    }
    manager.post(reverse("review_consultation_add", args=[world.review.pk]), said)
    assert "1 of them has no answer yet" in manager.get(page).content.decode()
    heard = world.review.consultations.get()
    day = {"on_day": DAY.day, "on_month": DAY.month, "on_year": DAY.year}
    manager.post(reverse("review_heard_outcome", args=[heard.pk]), day | {"changed": "changed", "text": "Two units moved to nights."})
    text = browser_of(world.board_member).get(page).content.decode()
    assert "Residents (40 people)" in text
    assert "Two units moved to nights." in text
    assert "Finding 1.1" in text
    assert "Nobody was heard as chosen." in manager.get(page + "?changed=open").content.decode()
    rows = manager.get(reverse("review_consultation_csv", args=[world.review.pk])).content.decode("utf-8-sig").splitlines()
    assert rows[1] == "H1,Residents (40 people),2026-01-05,Public meeting,'=Nights are dark.,Changed,Two units moved to nights.,Finding 1.1"


def test_who_only_reads_is_offered_nothing_to_write(opened: "Survey", world: World, browser_of: Callable[[Any], Client]) -> None:
    browser = browser_of(world.observer)
    page = browser.get(reverse("review_survey", args=[opened.pk])).content.decode()
    assert "Close the survey" not in page
    assert "Download as CSV" not in page
    for name in ("review_survey_add", "review_consultation_add"):
        assert browser.get(reverse(name, args=[world.review.pk])).status_code == 409
    assert browser.post(reverse("review_survey_step", args=[opened.pk, "close"])).status_code == 409
    assert browser.post(reverse("review_survey_use", args=[opened.pk])).status_code == 409


def test_no_page_asks_more_than_a_dozen_questions_of_the_database(opened: "Survey", world: World, manager: Client) -> None:
    from bestvalue.record.consultation import changes
    from bestvalue.record.consultation.models import Changed, How

    manager.get("/")

    def counted() -> dict[str, int]:
        found = {}
        review, one = [world.review.pk], [opened.pk]
        pages = dict.fromkeys(("review_consultation", "review_consultation_csv", "review_consultation_add", "review_survey_add"), review)
        pages |= dict.fromkeys(("review_survey", "review_survey_use"), one) | {"review_survey_step": [opened.pk, "close"]}
        if world.review.consultations.exists():
            heard = [world.review.consultations.latest("pk").pk]
            pages |= {"review_heard": heard, "review_heard_outcome": heard}
        for name, arguments in pages.items():
            with CaptureQueriesContext(connection) as asked:
                assert manager.get(reverse(name, args=arguments)).status_code == 200
            # The counts of earlier minutes are swept out by whichever request comes first in a minute.
            found[name] = len([query for query in asked if not query["sql"].startswith('DELETE FROM "site_requestcount"')])
        for name, address in {
            "start": start,
            "question": person.address,
            "later": person.address.replace("question/why/", "later/"),
        }.items():
            with CaptureQueriesContext(connection) as asked:
                assert person.browser.get(address).status_code == 200
            found[name] = len(asked)
        return found

    start = reverse("survey_start", args=[opened.key])
    person = Respondent(start).send().send(answer="2")
    for number in range(4):
        heard = changes.record_consultation(
            world.review, who=f"Group {number}", on=DAY, how=How.GROUP, said="So.", finding=world.finding, by=world.manager
        )
        changes.record_outcome(heard, changed=Changed.YES, text="Done.", on=DAY, finding=world.finding, by=world.manager)
        if number == 0:
            before = counted()
    assert {name: count for name, count in before.items() if count > AT_MOST} == {}
    assert counted() == before
