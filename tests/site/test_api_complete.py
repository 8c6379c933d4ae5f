"""The rest of a review over the API: gates, programme, bodies, citations, markings, practice, consultation, the register, jobs."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.world import DAY, World

JSON = "application/json"


def post(browser: Client, path: str, **body: Any) -> Any:
    return browser.post(f"/api/{path}", body, content_type=JSON)


@pytest.fixture
def keeper(world: World, browser_of: Callable[[Any], Client]) -> Client:
    """The browser of a programme manager, who keeps bodies, people and the programme."""
    from bestvalue.record.bodies.models import Membership

    body = world.manager.memberships.get().body
    Membership.objects.create(person=world.manager, body=body, role="programme manager", starts=DAY)
    return browser_of(world.manager)


def test_the_gates_say_who_decides_what_is_missing_and_what_one_may_do(
    world: World, manager: Client, browser_of: Callable[[Any], Client]
) -> None:
    told = manager.get(f"/api/reviews/{world.review.pk}/gates").json()
    gates = {one["gate"]: one for one in told["gates"]}
    assert told["stage"] == "in review"
    report = gates["report"]
    assert (report["body"], report["is_open"], report["decision"]) == ("Project board", True, world.question.pk)
    assert (report["may_ask"], report["may_decide"]) == (False, False)
    assert len(report["missing"]) == 2, "a strand without a finding, and no published version"
    assert gates["rescope"]["may_ask"]
    assert "“In delivery”" in gates["close"]["missing"][0]
    of_member = browser_of(world.board_member).get(f"/api/reviews/{world.review.pk}/gates").json()
    theirs = {one["gate"]: one for one in of_member["gates"]}
    assert theirs["report"]["may_decide"]
    assert not theirs["rescope"]["may_ask"]


def test_a_wrong_transition_is_a_problem_that_says_who_may_and_what_is_missing(world: World, browser_of: Callable[[Any], Client]) -> None:
    said = {"outcome": "agreed", "taken_on": "2026-01-05", "minute": "1", "attended": [world.board_member.pk]}
    refused = post(browser_of(world.board_member), f"decisions/{world.question.pk}", **said)
    assert (refused.status_code, refused.headers["Content-Type"]) == (409, "application/problem+json")
    told = refused.json()
    assert told["status"] == 409
    assert "Cannot put the report forward yet, because" in told["title"]
    assert "At this stage" in told["next_step"]


def test_citations_are_written_as_a_set_at_the_version_that_was_read(world: World, manager: Client, outsider: Client) -> None:
    path = f"/api/findings/{world.finding.pk}/evidence"
    read = manager.get(path)
    assert read.json()["rests_on"] == [world.note.pk]
    both = {"rests_on": [world.note.pk, world.answer.pk]}
    assert manager.put(path, both, content_type=JSON).status_code == 428
    version = {"If-Match": read.headers["ETag"]}
    assert manager.put(path, both, content_type=JSON, headers=version).json()["version"] == 2
    again = manager.put(path, both, content_type=JSON, headers={"If-Match": "2"})
    assert again.json()["version"] == 2, "the same set again changes nothing"
    met = manager.put(path, {"rests_on": [world.answer.pk]}, content_type=JSON, headers=version)
    assert met.status_code == 412
    assert met.json()["differences"][0]["theirs"] == sorted([world.note.pk, world.answer.pk])
    none = manager.put(path, {"rests_on": []}, content_type=JSON, headers={"If-Match": "2"})
    assert (none.status_code, none.json()["what"]) == (409, "A finding rests on evidence")
    assert outsider.put(path, both, content_type=JSON, headers=version).status_code == 404


def test_hidden_evidence_is_neither_told_nor_cited_by_its_key(world: World, manager: Client, browser_of: Callable[[Any], Client]) -> None:
    from bestvalue.record.bodies.models import Membership, Person, User
    from bestvalue.record.reviews.changes import change_citations

    among = world.review.evidence.all()
    change_citations(world.finding, version=1, mine={"evidence": [world.note, world.secret]}, among=among, by=world.manager)
    person = Person.objects.create(name="Analyst", user=User.objects.create_user("analyst@example.org", "correct horse battery staple"))
    Membership.objects.create(person=person, body=world.manager.memberships.get().body, role="analyst", starts=DAY)
    analyst, path = browser_of(person), f"/api/findings/{world.finding.pk}/evidence"
    assert analyst.get(path).json()["rests_on"] == [world.note.pk]
    hidden = analyst.put(path, {"rests_on": [world.secret.pk]}, content_type=JSON, headers={"If-Match": "2"})
    assert hidden.status_code == 404
    assert analyst.put(path, {"rests_on": [world.answer.pk]}, content_type=JSON, headers={"If-Match": "2"}).status_code == 200
    assert manager.get(path).json()["rests_on"] == [world.secret.pk, world.answer.pk]


def test_every_kind_that_can_be_edited_is_read_with_its_version_and_written_back(world: World, keeper: Client) -> None:
    from bestvalue.record.delivery.changes import add_action
    from bestvalue.record.reviews.changes import add_aim
    from bestvalue.site.api_edits import EDITABLE

    plan = {"what": "Do", "why": "So", "how": "By", "target": "Done"}
    action = add_action(world.ours, lead=world.manager, original_date="2027-03-31", by=world.manager, **plan)
    aim = add_aim(world.review, text="Answer faster.", by=world.manager)
    rows = {"reviews": world.review, "aims": aim, "strands": world.finding.strand, "findings": world.finding, "evidence": world.note}
    rows |= {"recommendations": world.ours, "actions": action, "bodies": world.question.body, "people": world.outsider}
    rows |= {"candidates": world.service}
    for kind in EDITABLE:
        path = f"/api/{kind.path}".replace("{row_id}", str(rows[kind.path.partition("/")[0]].pk))
        read = keeper.get(path)
        assert read.status_code == 200, path
        same = {name: value for name, value in read.json().items() if name not in ("id", "version")}
        written = keeper.patch(path, same, content_type=JSON, headers={"If-Match": read.headers["ETag"]})
        assert written.status_code == 200, (path, written.content)
        assert written.json()["version"] == read.json()["version"], f"{path}: what is written back as it was changes nothing"


def test_strands_of_evidence_are_changed_by_their_numbers(world: World, manager: Client) -> None:
    path = f"/api/evidence/{world.note.pk}"
    changed = manager.patch(path, {"strands": [2], "four_cs": ["compare"]}, content_type=JSON, headers={"If-Match": "1"})
    assert changed.json()["version"] == 2
    told = manager.get(path).json()
    assert (told["strands"], told["four_cs"]) == ([2], ["compare"])
    assert manager.patch(path, {"strands": [9]}, content_type=JSON, headers={"If-Match": "2"}).status_code == 404


def test_a_programme_is_started_scored_weighted_and_a_review_proposed_from_it(world: World, keeper: Client, outsider: Client) -> None:
    authority, force = world.review.authority_id, world.review.force_id
    started = post(keeper, "programmes", title="Programme 2027", year=2027, authority=authority)
    assert started.status_code == 201
    path = f"programmes/{started.json()['id']}"
    assert post(outsider, f"{path}/candidates", service="Dogs", force=force, case="Costly.").status_code == 409
    candidate = post(keeper, f"{path}/candidates", service="Dogs", force=force, case="Costly.").json()["id"]
    for criterion in ("risk", "cost", "public concern", "performance"):
        scored = post(keeper, f"candidates/{candidate}/scores", criterion=criterion, score=3, reason="Middling.")
        assert scored.status_code == 201
    assert post(keeper, f"candidates/{candidate}/scores", criterion="risk", score=9, reason="High.").status_code == 409
    weighted = post(keeper, f"{path}/weights", risk=4, cost=1, public_concern=1, performance=1, reason="Risk first.")
    assert weighted.json()["weights"]["risk"] == 4
    (row,) = outsider.get(f"/api/{path}/candidates").json()
    assert (row["rank"], row["mean"]) == (1, 3.0)
    assert len(keeper.get(f"/api/candidates/{candidate}/scores").json()) == 4
    proposed = post(keeper, f"candidates/{candidate}/reviews", title="Dogs", aims=["Fewer kennels"], bodies={"committee": authority})
    assert proposed.status_code == 201, proposed.content


def test_bodies_people_and_places_are_kept_by_those_who_may(world: World, keeper: Client, outsider: Client) -> None:
    said = {"name": "Challenge panel", "kind": "panel"}
    assert post(outsider, "bodies", **said).status_code == 409
    body = post(keeper, "bodies", **said).json()["id"]
    person = post(keeper, "people", name="Critical friend", email="friend@example.org").json()["id"]
    assert post(keeper, "people", name="Friend", email="not an address").status_code == 422
    place = post(keeper, f"bodies/{body}/memberships", person=person, role="panel member", starts="2026-01-05")
    assert place.status_code == 201, place.content
    assert [one["name"] for one in outsider.get(f"/api/bodies/{body}/memberships").json()] == ["Critical friend"]
    assert post(keeper, f"memberships/{place.json()['id']}/end", on="2026-01-06").json()["ends"] == "2026-01-06"
    part = post(keeper, f"reviews/{world.review.pk}/parts", part="panel", body=body)
    assert part.status_code == 201


def test_strands_grades_and_recommendations_are_added(world: World, manager: Client) -> None:
    strand = post(manager, f"reviews/{world.review.pk}/strands", name="Cost", question="What does it cost?")
    assert (strand.status_code, strand.json()["number"]) == (201, 3)
    assert len(manager.get(f"/api/reviews/{world.review.pk}/strands").json()) == 3
    from bestvalue.record.reviews.models import Credibility, Reliability

    grade = {"reliability": Reliability.values[0], "credibility": Credibility.values[0], "reason": "We were there."}
    assert post(manager, f"evidence/{world.note.pk}/grades", **grade).status_code == 201
    drafted = post(manager, f"reviews/{world.review.pk}/recommendations", text="Buy a van.", findings=[world.finding.pk])
    assert drafted.status_code == 201
    assert post(manager, f"reviews/{world.review.pk}/recommendations", text="Buy.", findings=[]).status_code == 409


def test_what_is_sensitive_is_marked_for_a_group_that_one_is_in(world: World, manager: Client, browser_of: Callable[[Any], Client]) -> None:
    made = post(manager, f"reviews/{world.review.pk}/groups", name="Operations", need="Live operations", people=[])
    assert made.status_code == 201, made.content
    group = made.json()["id"]
    path = f"/api/markings/finding/{world.finding.pk}"
    marked = manager.put(path, {"marking": "OFFICIAL-SENSITIVE", "group": group}, content_type=JSON)
    assert marked.json()["reference"] == "OFFICIAL-SENSITIVE"
    theirs = browser_of(world.board_member)
    assert theirs.put(path, {"marking": "OFFICIAL", "reason": "Mine."}, content_type=JSON).status_code == 404
    assert theirs.get(f"/api/reviews/{world.review.pk}/groups").json() == []
    joined = post(manager, f"groups/{group}/places", person=world.board_member.pk, reason="She plans them.")
    assert joined.status_code == 201
    assert [one["name"] for one in theirs.get(f"/api/reviews/{world.review.pk}/groups").json()] == ["Operations"]
    assert post(manager, f"group-places/{joined.json()['id']}/end", reason="Done.").status_code == 200
    assert theirs.get(f"/api/reviews/{world.review.pk}/groups").json() == []


def test_practice_is_described_taken_up_and_its_result_recorded(world: World, manager: Client, outsider: Client) -> None:
    said = {"title": "Night desk", "service": "Support", "where_seen": "North", "conditions": "Two posts", "evidence": "Faster"}
    made = post(manager, "practice", **said)
    assert made.status_code == 201
    today = timezone.localdate().isoformat()
    taken = post(manager, f"practice/{made.json()['id']}/uptakes", body=world.review.force_id, on=today, how="With one post")
    assert taken.status_code == 201
    assert post(manager, f"uptakes/{taken.json()['id']}/results", worked="partly", text="Some nights.", on=today).status_code == 201
    (row,) = outsider.get("/api/practice").json()
    assert row["uptakes"][0]["results"][0]["worked"] == "partly"
    assert post(manager, "practice", **said, finding=world.finding.pk).status_code == 409, "the finding is no strength"


def test_who_was_heard_and_what_changed_is_logged(world: World, manager: Client, outsider: Client) -> None:
    path = f"reviews/{world.review.pk}/consultations"
    said = {"who": "Neighbourhood panel", "on": "2026-01-05", "how": "meeting", "said": "Too slow.", "finding": world.finding.pk}
    made = post(manager, path, **said)
    assert made.status_code == 201
    came = {"changed": "in part", "text": "A night desk.", "on": "2026-01-06"}
    assert post(manager, f"consultations/{made.json()['id']}/outcomes", **came).status_code == 201
    (row,) = manager.get(f"/api/{path}").json()
    assert (row["reference"], row["finding"], row["outcomes"][0]["changed"]) == ("H1", world.finding.pk, "in part")
    assert outsider.get(f"/api/{path}").status_code == 404
    assert post(manager, path, **{**said, "finding": world.finding.pk + 99}).status_code == 404


def test_what_was_read_is_checked_and_a_finding_taken_up(world: World, manager: Client) -> None:
    (row,) = manager.get(f"/api/reports/{world.report.slug}/extracted").json()
    assert (row["number"], row["outcome"]) == ("2", None)
    accepted = post(manager, f"extracted/{row['id']}/acceptance", text="Boards must meet monthly.")
    assert accepted.status_code == 201, accepted.content
    assert post(manager, f"extracted/{row['id']}/dismissal", reason="It is none.").status_code == 409
    taken = post(manager, f"report-candidates/{world.candidate.pk}/decision", taken_up=True, reason="It asks for something.")
    assert taken.status_code == 201, taken.content


def test_recommendations_of_another_issuer_are_entered_all_or_none(world: World, manager: Client) -> None:
    rows = [{"number": "1", "text": "Do this."}, {"number": "1", "text": "And that."}]
    entered = {"issuer": world.report.issuer_id, "report_title": "Coroner's report", "made_on": "2026-01-05"}
    assert post(manager, "register-entries", **entered, rows=rows).status_code == 409
    rows[1]["number"] = "2"
    made = post(manager, "register-entries", **entered, rows=rows)
    assert len(made.json()) == 2


def test_a_meeting_is_called_off_with_its_reason(world: World, browser_of: Callable[[Any], Client]) -> None:
    member = browser_of(world.board_member)
    called = post(member, f"bodies/{world.question.body_id}/meetings", on="2199-01-05").json()["id"]
    off = post(member, f"meetings/{called}/call-off", reason="Nothing is due.")
    assert (off.status_code, off.json()["called_off"]) == (200, "Nothing is due.")


def test_an_analysis_is_asked_for_with_its_parameters_checked(world: World, manager: Client) -> None:
    refused = post(manager, "analyses/challenge.demand/jobs", settings={"horizon_years": -1})
    assert (refused.status_code, refused.headers["Content-Type"]) == (400, "application/problem+json")
    assert post(manager, "analyses/no.such/jobs").status_code == 404


def test_the_schema_says_that_a_refusal_is_a_problem(manager: Client) -> None:
    schema = manager.get("/api/openapi.json").json()
    answers = schema["paths"]["/api/reviews/{review_id}/findings"]["post"]["responses"]
    assert list(answers["409"]["content"]) == ["application/problem+json"]
    assert list(answers["201"]["content"]) == ["application/json"]
