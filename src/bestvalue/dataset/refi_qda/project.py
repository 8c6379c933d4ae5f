"""What is in a project of coded words: codes, coders, texts and the places in them that were coded."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Code:
    """One code; `path` holds the names of the codes above it."""

    guid: str
    name: str
    definition: str = ""
    path: tuple[str, ...] = ()
    codable: bool = True


@dataclass(frozen=True, kw_only=True)
class Selection:
    """One code that one coder gave to characters `start` to `end` of a text (code points; `end` not included).

    The whole text has `start` 0 and `end` its length. `coder` is a name, or empty where the file does not say.
    """

    code: str
    coder: str
    start: int
    end: int


@dataclass(frozen=True, kw_only=True)
class Text:
    """One source of text with its selections; `code` in a selection is the code's guid."""

    guid: str
    name: str
    words: str
    selections: tuple[Selection, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Project:
    """A project, and readings a person should know of.

    Args:
        name: of the project.
        origin: the tool that wrote it.
        codes: in the order of the file.
        texts: in the order of the file.
        notes: what was left out or mended, as sentences with counts.
    """

    name: str
    origin: str = ""
    codes: tuple[Code, ...] = ()
    texts: tuple[Text, ...] = ()
    notes: tuple[str, ...] = field(default=())


def tables_of(project: Project, *, question: str = "") -> dict[str, list[dict[str, object]]]:
    """Rows of open_answers, codebook and coded_segments: each text an answer; a code counts once a coder and text.

    Codes are named by their path, so that two codes of one name below different ones stay apart where names repeat.
    """
    label = _labels(project.codes)
    segments = {
        (text.name or text.guid, selection.coder or "not said", label[selection.code])
        for text in project.texts
        for selection in text.selections
        if selection.code in label
    }
    return {
        "open_answers": [
            {
                "open_answer_id": text.name or text.guid,
                "respondent_id": text.name or text.guid,
                "question": question or project.name,
                "words": text.words,
            }
            for text in project.texts
        ],
        "codebook": [{"code": label[code.guid], "definition": code.definition or code.name} for code in project.codes if code.codable],
        "coded_segments": [{"open_answer_id": answer, "coder": coder, "code": code} for answer, coder, code in sorted(segments)],
    }


def _labels(codes: Sequence[Code]) -> Mapping[str, str]:
    names = [code.name for code in codes]
    return {code.guid: " / ".join((*code.path, code.name)) if names.count(code.name) > 1 else code.name for code in codes}


def project_of(
    *, name: str, codebook: Iterable[tuple[str, str]], answers: Iterable[tuple[str, str]], segments: Iterable[tuple[str, str, str]]
) -> Project:
    """A project of whole answers, each coded as a whole; the guids are made from the names, so that writing again gives the same file.

    Args:
        name: of the project.
        codebook: code, definition.
        answers: id, words.
        segments: id, coder, code.
    """
    given: dict[str, list[tuple[str, str]]] = {}
    for answer, coder, code in segments:
        given.setdefault(answer, []).append((coder, code))
    codes = tuple(Code(guid=code, name=code, definition=definition) for code, definition in codebook)
    texts = tuple(
        Text(
            guid=answer,
            name=answer,
            words=words,
            selections=tuple(Selection(code=code, coder=coder, start=0, end=len(words)) for coder, code in given.get(answer, ())),
        )
        for answer, words in answers
    )
    return Project(name=name, codes=codes, texts=texts)
