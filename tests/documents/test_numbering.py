import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.documents.samples import BARS, DAY, table

from bestvalue.documents.model import Figure, Paragraph, Ref, Report, Section, walk, words_of
from bestvalue.documents.numbering import numbered, plain_words, section_words
from bestvalue.errors import ReportError


def _report(*sections: Section, **options: Any) -> Report:
    return Report(title="Support", issuer="Authority", on=DAY, sections=sections, **options)


def _numbers(report: Report) -> list[str]:
    """Of sections and paragraphs, in the order of reading."""
    found = []
    for section in walk(report):
        found.append(section_words(section))
        found += [block.number for block in section.blocks if isinstance(block, Paragraph) and block.numbered]
    return found


def test_one_counter_runs_through_paragraphs_and_then_sections() -> None:
    inner = Section(heading="Resources", blocks=(Paragraph(text="a"), Paragraph(text="lead", numbered=False), Paragraph(text="b")))
    made = numbered(
        _report(
            Section(heading="Summary", blocks=(Paragraph(text="x"),)),
            Section(heading="Findings", blocks=(Paragraph(text="y"),), sections=(inner,)),
            annexes=(Section(heading="Evidence", blocks=(Paragraph(text="z"),)),),
        )
    )
    assert _numbers(made) == ["1", "1.1", "2", "2.1", "2.2", "2.2.1", "2.2.2", "Annex A", "A.1"]


def test_tables_and_figures_count_on_through_the_report_and_data_tables_do_not() -> None:
    blocks = (table(), Figure(caption="Calls", chart=BARS, alt="Bars.", table=table()), table())
    made = numbered(_report(Section(heading="A", blocks=blocks), Section(heading="B", blocks=blocks)))
    assert [block.number for section in made.sections for block in section.blocks] == ["1", "1", "2", "3", "2", "4"]


def test_a_reference_says_the_number_of_what_it_means() -> None:
    text = (Ref(target="s"), "; ", Ref(target="p"), "; ", Ref(target="t"), "; ", Ref(target="f"), "; ", Ref(target="a"))
    blocks = (
        Paragraph(text=text, id="p"),
        table(id="t"),
        Figure(caption="Calls", chart=BARS, alt="Bars.", table=table(), id="f"),
    )
    made = numbered(_report(Section(heading="A", id="s", blocks=blocks), annexes=(Section(heading="E", id="a"),)))
    assert words_of(made.sections[0].blocks[0].text) == "section 1; paragraph 1.1; Table 1; Figure 1; Annex A"


def test_a_reference_to_a_line_without_number_needs_words() -> None:
    line = Paragraph(text="lead", numbered=False, id="lead")
    with pytest.raises(ReportError, match="has no words"):
        numbered(_report(Section(heading="A", blocks=(line, Paragraph(text=(Ref(target="lead"),))))))


def test_there_are_no_more_annexes_than_letters() -> None:
    annexes = tuple(Section(heading=letter) for letter in string.ascii_uppercase)
    assert numbered(_report(annexes=annexes)).annexes[-1].number == "Z"
    with pytest.raises(ReportError, match="at most 26 annexes"):
        numbered(_report(annexes=(*annexes, Section(heading="One more"))))


def test_numbering_a_second_time_changes_nothing(report: Report) -> None:
    once = numbered(report)
    assert numbered(once) == once


_SECTIONS = st.recursive(
    st.integers(0, 3).map(lambda count: Section(heading="H", blocks=tuple(Paragraph(text="x") for _ in range(count)))),
    lambda inner: st.lists(inner, max_size=3).map(lambda sections: Section(heading="H", sections=tuple(sections))),
    max_leaves=8,
)


def _depth(section: Section) -> int:
    return 1 + max((_depth(inner) for inner in section.sections), default=0)


@given(st.lists(_SECTIONS.filter(lambda section: _depth(section) <= 3), max_size=4))
def test_no_two_parts_share_a_number_and_every_part_has_an_id_of_its_own(sections: list[Section]) -> None:
    made = numbered(_report(*sections))
    numbers = _numbers(made)
    ids = [part.id for section in walk(made) for part in (section, *section.blocks)]
    assert len(set(numbers)) == len(numbers)
    assert all(ids)
    assert len(set(ids)) == len(ids)


@given(st.text())
def test_plain_words_hold_nothing_that_xml_forbids_and_stay_as_they_are(words: str) -> None:
    once = plain_words(words)
    assert plain_words(once) == once
    assert all(ord(character) >= 0x20 and not 0xD800 <= ord(character) <= 0xDFFF for character in once)
