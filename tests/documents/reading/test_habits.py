"""Small invented reports, each in the manner of one kind of issuer. What is expected was written by hand from the text."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bestvalue.documents.reading import PublishedReport, read_report

FOLDER = Path(__file__).parent / "habits"
INSPECTORATE = "His Majesty's Inspectorate of Constabulary and Fire & Rescue Services"


@dataclass(frozen=True, kw_only=True)
class Habit:
    """A sample: its recommendations in order, with the paragraph that argues each ("" where nothing in it does)."""

    file: str
    title: str
    issuer: str
    published: str
    recommendations: dict[str, str] = field(default_factory=dict)
    numbered: str = ""


HABITS = (
    Habit(
        file="arena-style.txt",
        title="Harbour Arena Inquiry",
        issuer="Harbour Arena Inquiry",
        published="2022-11",
        recommendations={"1": "21.2", "2": "21.2", "3": "21.3"},
        numbered="21.1 21.2 21.3",
    ),
    Habit(
        file="audit-table.html",
        title="Vehicle fleet",
        issuer="Unknown issuer",
        published="2020-05",
        recommendations={"1": "1.2", "2": "1.3"},
        numbered="1.1 1.2 1.3",
    ),
    Habit(
        file="child-abuse-inquiry.txt",
        title="The Report of the Independent Inquiry into Harbour Schools",
        issuer="Independent Inquiry into Harbour Schools",
        published="2022-10",
        recommendations={"1": "4", "2": "", "3": ""},
        numbered="1 2 3 4 5",
    ),
    Habit(
        file="command-paper.txt",
        title="Independent Review of Deaths in Police Custody",
        issuer="Unknown issuer",
        published="2017-01",
        recommendations={"1": "2.3", "2": "2.4", "3": "3.2", "4": ""},
        numbered="1.1 1.2 2.1 2.2 2.3 2.4 3.1 3.2",
    ),
    Habit(
        file="coroner.txt",
        title="REGULATION 28: REPORT TO PREVENT FUTURE DEATHS",
        issuer="Unknown issuer",
        published="2022-03-15",
    ),
    Habit(
        file="force-inspection.txt",
        title="Police effectiveness, efficiency and legitimacy",
        issuer=INSPECTORATE,
        published="2024-03",
        recommendations={"u1": "¶6", "1": "¶8", "2": "¶9"},
    ),
    Habit(
        file="gao.txt",
        title="LAW ENFORCEMENT",
        issuer="US Government Accountability Office",
        published="2021-02",
        recommendations={"1": "¶6", "2": "¶7", "3": "¶8"},
    ),
    Habit(
        file="grenfell-style.txt",
        title="REPORT OF THE HARBOUR FIRE INQUIRY",
        issuer="Harbour Fire Inquiry",
        published="2019-10",
        recommendations={"33.10": "33.10", "33.12": "33.12", "33.14": "33.14"},
        numbered="33.1 33.2 33.10 33.12 33.13 33.14",
    ),
    Habit(
        file="inquiry-list.txt",
        title="Report of an inquiry into the policing of the Harbour district",
        issuer="Stevenson Inquiry",
        published="1999-02",
        recommendations={"1": "", "2": "", "3": "", "4": "", "5": ""},
        numbered="1.1 1.2",
    ),
    Habit(
        file="internal-audit.txt",
        title="Review of seized property",
        issuer="Unknown issuer",
        published="2021-07-14",
        recommendations={"1": "2.1", "2": "¶1", "3": "¶2"},
        numbered="1.1 1.2 2.1",
    ),
    Habit(
        file="key-concerns.txt",
        title="Report on an inspection of Eastmoor Immigration Centre",
        issuer="HM Inspectorate of Prisons",
        published="2019-11-08",
        recommendations={"S3": "S3", "S4": "S4"},
        numbered="S1 S2 S3 S4 1.1 1.2 1.3 2.1 2.2",
    ),
    Habit(
        file="leading-references.txt",
        title="The Bishop Inquiry Report",
        issuer="Bishop Inquiry",
        published="2004-06-22",
        recommendations={"1": "2.3", "2": "3.2", "3": "3.3"},
        numbered="1.1 1.2 2.1 2.2 2.3 3.1 3.2 3.3 3.4",
    ),
    Habit(
        file="lettered.txt",
        title="Reducing reoffending by young people",
        issuer="National Audit Office",
        published="2022-05-17",
        recommendations={"6a": "6", "6b": "6", "6c": "6"},
        numbered="1 2 3 4 5 6 1.1 1.2 2.1 2.2",
    ),
    Habit(
        file="no-recommendations.txt",
        title="Annual statement of accounts",
        issuer="Unknown issuer",
        published="2022",
        numbered="1.1 1.2 2.1",
    ),
    Habit(
        file="northern-ireland.txt",
        title="POLICE DETENTION",
        issuer="Criminal Justice Inspection Northern Ireland",
        published="2020-03",
        recommendations={"1": "2.4", "2": "3.2", "1-2": "2.6", "2-2": "3.5"},
        numbered="1.1 1.2 2.1 2.2 2.3 2.4 2.5 2.6 3.1 3.2 3.3 3.4 3.5",
    ),
    Habit(
        file="oig.txt",
        title="OFFICE OF THE INSPECTOR GENERAL",
        issuer="Unknown issuer",
        published="2021-06",
        recommendations={"1": "", "2": "", "3": ""},
    ),
    Habit(
        file="old-committee.txt",
        title="POLICE REFORM BILL",
        issuer="House of Commons Select Committee on Home Affairs",
        published="2002-05-07",
        recommendations={"2": "4", "4": "6"},
        numbered="1 2 3 4 5 6",
    ),
    Habit(
        file="pdf-like.txt",
        title="Forensic Science",
        issuer="House of Lords Justice Committee",
        published="2019-05-01",
        recommendations={"1": "5", "2": "6", "3": "7"},
        numbered="1 2 3 4 5 6 7 8",
    ),
    Habit(
        file="police-conduct.txt",
        title="Operation Example",
        issuer="Independent Office for Police Conduct",
        published="2022-02-08",
        recommendations={"1": "3", "2": "4", "3": "4"},
        numbered="1 2 3 4 5",
    ),
    Habit(
        file="prisons-style.txt",
        title="Report on an unannounced inspection of police custody suites in Northmoor",
        issuer="HM Inspectorate of Prisons",
        published="2014-05-23",
        recommendations={"5.1": "2.3", "5.2": "2.4", "5.3": "3.3", "5.4": "4.3", "5.5": "4.4", "5.6": "4.5"},
        numbered="2.1 2.2 2.3 2.4 3.1 3.2 3.3 4.1 4.2 4.3 4.4 4.5 4.6 5.1 5.2 5.3 5.4 5.5 5.6",
    ),
    Habit(
        file="public-accounts.txt",
        title="Police equipment",
        issuer="House of Commons Committee of Public Accounts",
        published="2023-03-10",
        recommendations={"1": "", "2": "", "3a": "", "3b": ""},
        numbered="1 2 3 4 5",
    ),
    Habit(
        file="scotland.txt",
        title="Thematic Review of Crime Recording",
        issuer="HM Inspectorate of Constabulary in Scotland",
        published="2019-11",
        recommendations={"1": "4", "2": "5"},
        numbered="1 2 3 4 5 6 7",
    ),
    Habit(
        file="select-committee.txt",
        title="Policing of rural areas",
        issuer="House of Commons Home Affairs Committee",
        published="2022-03-04",
        recommendations={"1": "4", "2": "5"},
        numbered="1 2 3 4 5 6",
    ),
    Habit(
        file="short-labels.txt",
        title="Review of custody",
        issuer="Audit Scotland",
        published="2018-05",
        recommendations={"1": "3", "2": "4"},
        numbered="1 2 3 4 5",
    ),
    Habit(
        file="strategic-review.txt",
        title="Independent Review of Policing",
        issuer="Unknown issuer",
        published="2008-02",
        recommendations={"1": "1.2", "2": "1.3", "3": "2.1", "4": "2.1"},
        numbered="1.1 1.2 1.3 2.1 2.2",
    ),
    Habit(
        file="thematic-inspection.txt",
        title="An inspection of how well the police manage digital evidence",
        issuer=INSPECTORATE,
        published="2023-10",
        recommendations={"1": "¶5", "2": "¶6", "3": "¶7"},
    ),
    Habit(
        file="unnumbered.txt",
        title="Serious Case Review",
        issuer="Unknown issuer",
        published="2016-06-03",
        recommendations={"u1": "¶4", "u2": "¶5", "u3": "¶7"},
    ),
    Habit(
        file="value-for-money.txt",
        title="Managing the police estate",
        issuer="National Audit Office",
        published="2015-06-12",
        recommendations={"4": "4", "5": "5"},
        numbered="1 2 3 4 5",
    ),
    Habit(
        file="victoria.txt",
        title="Managing Emergency Calls",
        issuer="Unknown issuer",
        published="2015-06",
        recommendations={"1": "2.3", "2": "2.4", "3": "3.2"},
    ),
    Habit(
        file="audit-commission.txt",
        title="Value for money in police forces",
        issuer="Audit Commission",
        published="2010-07",
        recommendations={"u1": "¶2", "u2": "¶3", "u3": "¶4"},
        numbered="1 2",
    ),
    Habit(
        file="bullets.txt",
        title="Taking time for crime",
        issuer="Her Majesty's Inspectorate of Constabulary",
        published="2012-09",
        recommendations={"u1": "¶2", "u2": "¶2", "u3": "¶3"},
    ),
    Habit(
        file="learning.txt",
        title="Domestic Homicide Review",
        issuer="Unknown issuer",
        published="2018-07-14",
        recommendations={"4.1": "4.1", "4.2": "4.2", "4.3": "4.3"},
        numbered="1.1 2.1 2.2 3.1 4.1 4.2 4.3",
    ),
    Habit(
        file="police-foundation.txt",
        title="The power of information",
        issuer="Unknown issuer",
        published="2019-10",
        recommendations={"1": "¶2", "2": "¶3", "3": "¶3"},
    ),
    Habit(
        file="royal-commission.txt",
        title="Royal Commission into Police Custody",
        issuer="Royal Commission into Police Custody",
        published="2023-05",
        recommendations={"1.1": "1.2", "1.2": "1.2", "2.1": "2.1"},
        numbered="1.1 1.2 2.1",
    ),
    Habit(
        file="glued-headings.txt",
        title="Noise from sirens",
        issuer="House of Commons Environmental Audit Committee",
        published="2016-08-24",
        recommendations={"1": "5"},
        numbered="1 2 3 4 5",
    ),
    Habit(
        file="web.html",
        title="PEEL 2023–2025: An inspection of Westshire Police",
        issuer=INSPECTORATE,
        published="2024-03-08",
        recommendations={"1": "¶7", "2": "¶7"},
    ),
)
each_habit = pytest.mark.parametrize("habit", HABITS, ids=lambda habit: habit.file)


def read(file: str) -> PublishedReport:
    return read_report(FOLDER / file)


def test_every_sample_is_expected_to_say_something() -> None:
    assert {habit.file for habit in HABITS} == {path.name for path in FOLDER.iterdir()}


@each_habit
def test_every_recommendation_is_found_once_and_linked_to_the_paragraph_that_argues_it(habit: Habit) -> None:
    found = [(each.number, each.paragraph) for each in read(habit.file).recommendations]
    assert found == list(habit.recommendations.items())


@each_habit
def test_paragraphs_keep_the_numbers_that_the_report_gives(habit: Habit) -> None:
    assert [each.number for each in read(habit.file).paragraphs if each.numbered] == habit.numbered.split()


@each_habit
def test_title_issuer_and_date_are_those_of_the_cover(habit: Habit) -> None:
    report = read(habit.file)
    assert (report.title, report.issuer, report.published) == (habit.title, habit.issuer, habit.published)


@each_habit
def test_keys_are_unique_and_every_item_says_where_it_stands_and_how_sure_it_is(habit: Habit) -> None:
    report = read(habit.file)
    keys = [each.key for each in report.recommendations]
    items = [*report.paragraphs, *report.recommendations, *report.judgements, *report.strengths, *report.areas_for_development]
    assert len(set(keys)) == len(keys)
    for item in items:
        assert 1 <= item.span.first_line <= item.span.last_line
        assert 0 < item.confidence.share <= 1
        assert item.confidence.reasons


def test_a_labelled_recommendation_counts_once_although_it_stands_in_the_summary_and_in_its_chapter() -> None:
    first = read("thematic-inspection.txt").recommendations[0]
    assert [each.place for each in first.statements] == ["list", "box"]


def test_the_bullets_of_a_recommendation_are_part_of_it() -> None:
    second = read("thematic-inspection.txt").recommendations[1]
    assert second.text.split("\n")[1:] == ["• the use of kiosks;", "• the quality of examinations; and", "• how long devices are kept."]


def test_what_another_body_recommended_before_is_not_this_reports() -> None:
    assert all("kiosks should" not in each.text and "2019" not in each.text for each in read("thematic-inspection.txt").recommendations)


def test_a_witness_who_asks_for_something_makes_no_recommendation() -> None:
    report = read("grenfell-style.txt")
    assert "33.13" not in {each.paragraph for each in report.recommendations}


def test_numbered_conclusions_argue_and_the_label_after_them_recommends() -> None:
    report = read("public-accounts.txt")
    assert report.recommendations[0].text.startswith("The Department should, within six months")
    assert [each.text.split(".")[0] for each in report.conclusions] == [
        "The Department does not know what forces pay for the same goods",
        "Savings reported by forces cannot be relied on",
        "Body armour is still bought without a test of fit for women",
    ]


def test_footnotes_are_no_paragraphs() -> None:
    texts = " ".join(each.text for each in read("public-accounts.txt").paragraphs)
    assert "Qq 60" not in texts
    assert "C&AG’s Report" not in texts


def test_what_an_audit_prints_beside_a_recommendation_is_kept_with_it() -> None:
    first = read("internal-audit.txt").recommendations[0]
    assert first.text == "Cash should be counted by two people on receipt and the count recorded."
    assert [(each.name, each.text) for each in first.details] == [
        ("Priority", "High"),
        ("Management response", "Agreed. The property manager will issue guidance."),
        ("Responsible officer", "Head of Property"),
        ("Implementation date", "30 September 2021"),
    ]


def test_a_table_of_recommendations_gives_number_paragraph_and_response() -> None:
    second = read("audit-table.html").recommendations[1]
    assert (second.number, second.paragraph, second.text) == ("2", "1.3", "Each driver should have a fuel card.")
    assert ("management response", "Agreed in part") in [(each.name, each.text) for each in second.details]


def test_a_recommendation_with_a_title_keeps_the_words_below_it() -> None:
    third = read("child-abuse-inquiry.txt").recommendations[2]
    assert third.text.split("\n")[0] == "Access to records"
    assert third.text.endswith("The code should set 75 years as the time for which records are kept.")


def test_a_coroners_concerns_come_in_as_concerns_although_nothing_is_recommended() -> None:
    report = read("coroner.txt")
    assert [each.text.split()[0] for each in report.causes_of_concern] == ["Officers", "There"]


def test_grades_come_with_their_questions() -> None:
    judgements = read("force-inspection.txt").judgements
    assert [(each.question, each.grade) for each in judgements] == [
        ("Preventing crime", "good"),
        ("Investigating crime", "requires improvement"),
        ("Leadership and force management", "adequate"),
    ]


def test_areas_for_improvement_and_causes_of_concern_are_told_from_recommendations() -> None:
    report = read("force-inspection.txt")
    assert [each.text.split()[:3] for each in report.areas_for_development] == [["The", "force", "should"]]
    assert [each.text for each in report.causes_of_concern] == ["The force does not supervise investigations well enough."]
    assert report.good_practice[0].text == "The force uses a shared calendar with schools to plan visits."


def test_a_web_page_gives_the_inspected_body_and_its_grades_and_nothing_of_its_menu() -> None:
    report = read("web.html")
    assert report.about == "Westshire Police"
    assert [each.grade for each in report.judgements] == ["adequate", "requires improvement"]
    assert not any("Home" in each.text for each in report.paragraphs)
