"""REFI-QDA in and out: round trips, the published schema, and files that mean harm."""

import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bestvalue.dataset.refi_qda.project import Code, Project, Selection, Text, project_of, tables_of
from bestvalue.dataset.refi_qda.reading import read_codebook, read_project
from bestvalue.dataset.refi_qda.writing import write_codebook, write_project
from bestvalue.errors import TableError

WORDS = "More officers 👮 on foot,\r\nplease. Größe zählt."
CODES = (
    Code(guid="wishes", name="wishes", codable=False),
    Code(guid="visibility", name="visibility", definition="Wants to see <officers> & more.", path=("wishes",)),
    Code(guid="nothing", name="nothing"),
)


def project() -> Project:
    place = WORDS.index("👮")
    selections = (
        Selection(code="visibility", coder="Ann", start=5, end=place + 1),
        Selection(code="nothing", coder="Bob", start=0, end=len(WORDS)),
    )
    return Project(name="Safer", codes=CODES, texts=(Text(guid="W-1", name="W-1", words=WORDS, selections=selections),))


def packed(folder: Path, qde: str, **others: bytes) -> Path:
    file = folder / "p.qdpx"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("project.qde", qde)
        for name, content in others.items():
            made.writestr(name.replace("__", "/"), content)
    return file


def test_a_project_comes_back_as_it_was_written(tmp_path: Path) -> None:
    write_project(project(), tmp_path / "p.qdpx")
    back = read_project(tmp_path / "p.qdpx")
    assert back.notes == ()
    assert back.texts[0].words == WORDS
    assert [(code.name, code.definition, code.path, code.codable) for code in back.codes] == [
        (code.name, code.definition, code.path, code.codable) for code in CODES
    ]
    names = {code.guid: code.name for code in back.codes}
    found = [(names[one.code], one.coder, back.texts[0].words[one.start : one.end]) for one in back.texts[0].selections]
    assert found == [("visibility", "Ann", "officers 👮"), ("nothing", "Bob", WORDS)]


@settings(max_examples=30, deadline=None)
@given(words=st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=60), data=st.data())
def test_offsets_are_code_points_whatever_the_letters(words: str, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    start = data.draw(st.integers(0, len(words)))
    end = data.draw(st.integers(start, len(words)))
    text = Text(guid="a", name="a", words=words, selections=(Selection(code="x", coder="A", start=start, end=end),))
    file = tmp_path_factory.mktemp("q") / "p.qdpx"
    write_project(Project(name="P", codes=(Code(guid="x", name="x"),), texts=(text,)), file)
    back = read_project(file).texts[0]
    assert back.words[back.selections[0].start : back.selections[0].end] == words[start:end]


def test_what_we_write_is_valid_by_the_published_schema(tmp_path: Path, shared: Path) -> None:
    from lxml import etree

    write_project(project(), tmp_path / "p.qdpx")
    schema = etree.XMLSchema(etree.parse(str(shared / "data" / "refi_qda" / "Project-mrt2019.xsd")))
    with zipfile.ZipFile(tmp_path / "p.qdpx") as made:
        schema.assertValid(etree.fromstring(made.read("project.qde")))


def test_the_same_project_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.qdpx", "b.qdpx"):
        write_project(project(), tmp_path / name)
    assert (tmp_path / "a.qdpx").read_bytes() == (tmp_path / "b.qdpx").read_bytes()


def test_a_code_book_comes_back(tmp_path: Path) -> None:
    write_codebook(CODES, tmp_path / "c.qdc")
    assert [(code.name, code.path) for code in read_codebook(tmp_path / "c.qdc")] == [(code.name, code.path) for code in CODES]


def test_tables_of_a_project_are_those_it_was_made_of(tmp_path: Path) -> None:
    segments = [("W-1", "Ann", "x"), ("W-1", "Bob", "y"), ("W-2", "Ann", "y")]
    made = project_of(name="P", codebook=[("x", "Is x."), ("y", "Is y.")], answers=[("W-1", "One."), ("W-2", "Two.")], segments=segments)
    write_project(made, tmp_path / "p.qdpx")
    tables = tables_of(read_project(tmp_path / "p.qdpx"))
    assert [tuple(row.values()) for row in tables["coded_segments"]] == segments
    assert tables["codebook"] == [{"code": "x", "definition": "Is x."}, {"code": "y", "definition": "Is y."}]


def test_a_selection_beyond_the_text_is_cut_and_said_so(tmp_path: Path) -> None:
    zero = "00000000-0000-0000-0000-00000000000"
    qde = (
        f'<Project xmlns="urn:QDA-XML:project:1.0" name="P"><CodeBook><Codes><Code guid="{zero}1" name="x" isCodable="true"/></Codes>'
        f'</CodeBook><Sources><TextSource guid="{zero}2" name="t"><PlainTextContent>short</PlainTextContent>'
        f'<PlainTextSelection guid="{zero}3" startPosition="2" endPosition="99"><Coding guid="{zero}4">'
        f'<CodeRef targetGUID="{{{zero}1}}"/></Coding></PlainTextSelection></TextSource></Sources></Project>'
    )
    read = read_project(packed(tmp_path, qde))
    assert (read.texts[0].selections[0].start, read.texts[0].selections[0].end) == (2, 5)
    assert "1 selections reach beyond the end" in read.notes[0]


def test_a_path_out_of_the_zip_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="leads out of the file"):
        read_project(packed(tmp_path, "<Project name='P'/>", **{"..__evil.txt": b"x"}))


def test_a_source_that_leads_out_is_refused(tmp_path: Path) -> None:
    qde = "<Project name='P'><Sources><TextSource guid='1' plainTextPath='internal://../../etc/passwd'/></Sources></Project>"
    with pytest.raises(TableError, match="leads out of the file"):
        read_project(packed(tmp_path, qde))


def test_a_document_type_is_refused(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE a [<!ENTITY b "c">]><Project name="&b;"/>'
    with pytest.raises(TableError, match="document type"):
        read_project(packed(tmp_path, bomb))


def test_a_zip_bomb_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="far more than a project"):
        read_project(packed(tmp_path, "<Project name='P'/>", sources__a=b"0" * 5_000_000))


def test_what_is_no_zip_is_refused(tmp_path: Path) -> None:
    (tmp_path / "p.qdpx").write_text("hello")
    with pytest.raises(TableError, match="no zip"):
        read_project(tmp_path / "p.qdpx")
