from collections.abc import Callable
from typing import Any

import pytest
from tests.documents.samples import BARS, DAY, table

from bestvalue.documents.model import Box, Column, Figure, Link, Paragraph, Ref, Report, Section, words_of
from bestvalue.errors import ReportError


def _report(*sections: Section, **options: Any) -> Report:
    return Report(title="Support", issuer="Authority", on=DAY, sections=sections, **options)


@pytest.mark.parametrize(
    "block",
    [
        Paragraph(text=("See ", Ref(target="gone"), ".")),
        Box(kind="notice", title="Notice", paragraphs=("Read.",), facts=(("See", (Ref(target="gone"),)),)),
        table(notes=((Ref(target="gone", words="there"),),)),
        Figure(caption="Calls", chart=BARS, alt="Bars.", table=table(rows=(((Ref(target="gone"),), "1"),))),
    ],
)
def test_a_reference_that_leads_nowhere_is_refused_with_its_section(block: Any) -> None:
    with pytest.raises(ReportError, match="leads nowhere: 'gone'") as refused:
        _report(Section(heading="Findings", blocks=(block,)))
    assert "Findings" in str(refused.value.where)


def test_a_reference_may_lead_to_any_part_of_the_report() -> None:
    targets = ("chapter", "words", "box", "rows", "picture", "data", "annex")
    blocks = (
        Paragraph(text="Calls wait.", id="words"),
        Box(kind="notice", title="Notice", paragraphs=("Read.",), id="box"),
        table(id="rows"),
        Figure(caption="Calls", chart=BARS, alt="Bars.", table=table(id="data"), id="picture"),
        Paragraph(text=tuple(Ref(target=target, words=target) for target in targets)),
    )
    made = _report(Section(heading="Findings", id="chapter", blocks=blocks), annexes=(Section(heading="Evidence", id="annex"),))
    assert len(made.sections[0].blocks) == 5


def test_two_parts_with_one_id_are_refused() -> None:
    with pytest.raises(ReportError, match="Two parts have the id 'same'"):
        _report(Section(heading="A", id="same"), Section(heading="B", blocks=(Paragraph(text="x", id="same"),)))


def test_a_fourth_level_of_headings_is_refused() -> None:
    section = Section(heading="4")
    for level in ("3", "2"):
        section = Section(heading=level, sections=(section,))
    assert _report(section)
    with pytest.raises(ReportError, match="3 levels deep"):
        _report(Section(heading="1", sections=(section,)))


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: table(rows=(("Ash", "12"), ("Birch",))), "Row 2 has 1 cells for 2 columns"),
        (lambda: table(columns=(), rows=()), "at least one column"),
        (lambda: table(caption=" "), "says what it shows"),
        (lambda: Figure(caption="Calls", chart=BARS, alt=" ", table=table()), "no alternative text"),
        (lambda: Link(words="here", address="javascript:alert(1)"), "is none for a report"),
        (lambda: _report(Section(heading=" ")), "no heading"),
        (lambda: _report(marking="secret-ish"), "is no marking"),
    ],
)
def test_what_no_format_could_show_is_refused(make: Callable[[], object], says: str) -> None:
    with pytest.raises(ReportError, match=says):
        make()


def test_the_words_of_a_text_are_those_of_its_parts() -> None:
    assert words_of(("See ", Link(words="gov.uk", address="https://www.gov.uk/"), ".")) == "See gov.uk."
    assert Column(heading="Area").numeric is False
