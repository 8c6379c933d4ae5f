"""How is it known? The list of all evidence, the results in full, and from what data, settings and programs each was made."""

from collections.abc import Iterator, Mapping

from bestvalue.analysis.contract import Provenance
from bestvalue.analysis.store import StoredResult
from bestvalue.documents.model import Block, Column, Paragraph, Ref, Section, Table
from bestvalue.documents.numbers import column_words
from bestvalue.documents.result_section import result_section
from bestvalue.documents.review_content import EvidenceItem, ReviewContent
from bestvalue.documents.review_four_cs import result_id


def evidence_list(content: ReviewContent) -> Section:
    """Everything that findings rest on, in one table."""
    return Section(heading="Evidence", id="evidence", blocks=tuple(_evidence(content.evidence)))


def _evidence(evidence: tuple[EvidenceItem, ...]) -> Iterator[Block]:
    if not evidence:
        yield Paragraph(text="The review holds no evidence yet.")
        return
    dates = column_words([item.effective_date for item in evidence])
    headings = ("Reference", "What it is", "Kind", "4Cs", "Holds for", "Marking")
    yield Table(
        caption="The evidence of the review",
        columns=tuple(Column(heading=heading) for heading in headings),
        rows=tuple(
            (
                (Ref(target=f"evidence-{item.reference}", words=item.reference),),
                item.title,
                item.kind,
                ", ".join(item.four_cs) or "none",
                when,
                item.marking,
            )
            for item, when in zip(evidence, dates, strict=True)
        ),
    )
    files = [item for item in evidence if item.file_name]
    if files:
        yield Table(
            caption="The files of the evidence, by which a copy can be recognised",
            columns=(Column(heading="Reference"), Column(heading="File"), Column(heading="SHA-256 digest")),
            rows=tuple((item.reference, item.file_name, item.file_sha256) for item in files),
        )


def results_annex(content: ReviewContent) -> tuple[Section, ...]:
    """Each analysis result once, in full; no annex where the review cites none."""
    results = _results(content)
    if not results:
        return ()
    lead = Paragraph(text="Each result answers one question from the data that its provenance names. All numbers are the result's own.")
    return (
        Section(
            heading="Results of the analyses",
            id="results",
            blocks=(lead,),
            sections=tuple(result_section(stored, id=name) for name, stored in results.items()),
        ),
    )


def provenance(content: ReviewContent) -> Section:
    """What anyone needs to make the same results again, and to see that the record was not changed."""
    checkpoint = Paragraph(
        text=f"When this version was made, the newest entry of the audit ledger was {content.checkpoint}. Given this checkpoint, "
        'the command "bestvalue audit verify" shows whether the record still holds all that it held then, unchanged.'
    )
    lead = Paragraph(text="The same data, settings and seed give the same numbers again, on any engine and any day.")
    return Section(
        heading="Provenance",
        id="provenance",
        blocks=(checkpoint, lead) if _results(content) else (checkpoint,),
        sections=tuple(_made(name, stored) for name, stored in _results(content).items()),
    )


def _made(name: str, stored: StoredResult) -> Section:
    made = stored.result.provenance
    return Section(
        heading=stored.result.title,
        blocks=(
            Paragraph(text=("This is the origin of the result in ", Ref(target=name), "."), numbered=False),
            Table(
                caption=f"How the result of {made.analysis} was made",
                columns=(Column(heading="What"), Column(heading="Value")),
                rows=(("Digest of the result", stored.digest), *_facts(made)),
            ),
            Table(
                caption=f"The data that {made.analysis} read",
                columns=(Column(heading="Table"), Column(heading="Source"), Column(heading="Rows", numeric=True), Column(heading="Digest")),
                rows=tuple((table, made.sources[table], f"{made.rows[table]:,}", digest) for table, digest in made.tables.items()),
            ),
        ),
    )


def _facts(made: Provenance) -> Iterator[tuple[str, str]]:
    yield "Analysis", f"{made.analysis}, version {made.analysis_version}"
    yield "Data", "made up: they describe no real force" if made.synthetic else "as the force supplied them"
    yield "Digest of the dataset", made.dataset
    yield "Seed", str(made.spec.get("seed", "none"))
    yield (
        "Settings",
        "; ".join(f"{name.replace('_', ' ')}: {_setting(value)}" for name, value in made.spec.items() if name != "seed") or "none",
    )
    yield "Engine", made.engine
    yield "Versions", ", ".join(f"{name} {version}" for name, version in made.versions.items())
    yield "Made at", f"{made.started_at.day} {made.started_at:%B %Y, %H:%M} UTC"


def _setting(value: object) -> str:
    match value:
        case None:
            return "not set"
        case bool():
            return "yes" if value else "no"
        case list() | tuple():
            return ", ".join(map(str, value)) or "all"
        case _:
            return str(value)


def _results(content: ReviewContent) -> Mapping[str, StoredResult]:
    """The results by the id of their annex section; two pieces of evidence may be the same result."""
    return {result_id(item): item.result for item in content.evidence if item.result}
