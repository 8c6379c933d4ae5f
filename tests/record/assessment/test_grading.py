from collections.abc import Callable

import pytest
from tests.record.assessment.conftest import FRAME

from bestvalue.errors import RuleError
from bestvalue.record.assessment import changes
from bestvalue.record.assessment.judging import judged
from bestvalue.record.assessment.models import Assessment, Inspection, Place, Side
from bestvalue.record.assessment.moderation import moderate
from bestvalue.record.bodies.models import Body, Person, User

GradeAll = Callable[..., None]
SignIn = Callable[[Person], User]


def seen(inspection: Inspection, user: User) -> set[str]:
    return set(Assessment.objects.visible_to(user).filter(inspection=inspection).values_list("side", flat=True))


def test_grades_are_blind_until_they_are_shared(
    inspection: Inspection, lead: Person, second: Person, officer: Person, grade_all: GradeAll, sign_in: SignIn
) -> None:
    grade_all(inspection, lead, "good", "fair", "good")
    grade_all(inspection, second, "good", "good", "fair")
    grade_all(inspection, officer, "good", "good", "good")
    users = [sign_in(each) for each in (lead, second, officer)]
    assert [seen(inspection, user) for user in users] == [{"inspectors", "self"}, {"second", "self"}, {"self"}]
    changes.share_grades(inspection, by=lead)
    again = [User.objects.get(pk=user.pk) for user in users]
    assert [seen(inspection, user) for user in again] == [{"inspectors", "second", "self"}] * 2 + [{"self"}]


def test_grades_are_not_shared_before_the_second_inspector_graded_all(inspection: Inspection, lead: Person, grade_all: GradeAll) -> None:
    grade_all(inspection, lead, "good", "fair", "good")
    with pytest.raises(RuleError, match="second inspector has graded 0 of 3"):
        changes.share_grades(inspection, by=lead)


def test_the_second_inspector_does_not_regrade_what_was_shared(shared_grades: Inspection, second: Person) -> None:
    with pytest.raises(RuleError, match="blind grades are shared"):
        changes.grade(shared_grades, criterion="a1", grade="poor", reason="Now I see.", by=second)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"grade": "excellent"}, "'excellent' is not on the scale"),
        ({"criterion": "zz"}, "no criterion 'zz'"),
        ({"reason": " "}, "A grade has its reason"),
    ],
)
def test_a_grade_that_does_not_fit_is_refused(inspection: Inspection, lead: Person, wrong: dict[str, str], message: str) -> None:
    with pytest.raises(RuleError, match=message):
        changes.grade(inspection, **{"criterion": "a1", "grade": "good", "reason": "Seen.", "by": lead, **wrong})
    assert not Assessment.objects.exists()


def test_whoever_neither_inspects_nor_is_inspected_does_not_grade(
    inspection: Inspection, person: Callable[..., Person], body: Callable[..., Body]
) -> None:
    stranger = person("Stranger", role="inspector", body=body("Another inspectorate", "inspectorate"))
    with pytest.raises(RuleError, match="Stranger may not grade"):
        changes.grade(inspection, criterion="a1", grade="good", reason="Seen.", by=stranger)


def test_a_new_grade_follows_and_the_old_one_stays(inspection: Inspection, lead: Person) -> None:
    for grade in ("fair", "good"):
        changes.grade(inspection, criterion="a1", grade=grade, reason="Seen.", by=lead)
    assert [each.grade for each in Assessment.objects.all()] == ["fair", "good"]
    assert [each.grade for each in Assessment.objects.newest()] == ["good"]


def test_an_override_counts_once_another_inspector_confirms_it(shared_grades: Inspection, lead: Person, second: Person) -> None:
    def grade_of_aims() -> str:
        grades = shared_grades.assessments.filter(side=Side.INSPECTORS)
        return judged(FRAME, assessments=grades, overrides=shared_grades.overrides.all())[0].questions[0].grade

    proposed = changes.override(shared_grades, key="aims", grade="poor", reason="Users never heard of them.", by=lead)
    assert grade_of_aims() == "good"
    with pytest.raises(RuleError, match="needs two people"):
        changes.confirm_override(proposed, by=lead)
    changes.confirm_override(proposed, by=second)
    assert grade_of_aims() == "poor"


@pytest.mark.parametrize("key", ["a1", "nothing"])
def test_only_questions_and_judgements_are_overridden(shared_grades: Inspection, lead: Person, key: str) -> None:
    with pytest.raises(RuleError, match="no question or judgement"):
        changes.override(shared_grades, key=key, grade="poor", reason="So.", by=lead)


def test_agreement_of_two_inspectors_is_weighted_kappa() -> None:
    # By hand, scale of three: grades differ by one step at one of three; observed disagreement (1/2)/3 = 1/6, expected by
    # the margins (2/3, 1/3) and (1/3, 2/3): (4/9 + 1/9) / 2 = 5/18, so kappa is 1 - (1/6) / (5/18) = 0.4.
    found = moderate(FRAME, first={"a1": "good", "a2": "good", "m1": "fair"}, second={"a1": "good", "a2": "fair", "m1": "fair"})
    assert found.agreement is not None
    assert found.agreement.value == pytest.approx(0.4)
    assert (found.both, found.apart) == (3, ("a2",))


def test_no_data_and_a_single_grade_make_no_kappa() -> None:
    found = moderate(FRAME, first={"a1": "good", "a2": ""}, second={"a1": "good", "a2": "fair"})
    assert (found.both, found.agreement) == (1, None)
    assert "two grades that are used" in found.why_none


def test_nobody_of_an_inspected_body_is_appointed(inspection: Inspection, lead: Person, person: Callable[..., Person]) -> None:
    insider = person("Insider", role="inspector", body=inspection.force)
    changes.grade(inspection, criterion="a1", grade="good", reason="Seen.", by=lead)
    from bestvalue.record.bodies.models import Membership

    Membership.objects.create(person=insider, body=inspection.force, role="analyst", starts=inspection.fieldwork_starts)
    with pytest.raises(RuleError, match="belongs to an inspected body"):
        changes.appoint(inspection, person=insider, place=Place.INSPECTOR, by=lead)
