"""How long does a long report take to write? One of 150 pages with tables and charts, as HTML, PDF and Word.

    python benchmarks/reports_out.py [--charts 20]

Prints for each format the seconds of wall clock and of processor, and the pages of the PDF; the goal is 150 pages in under 5 s. Charts are
drawn once and kept for the other formats of the same process.
"""

import argparse
import io
import time
from datetime import date

from pypdf import PdfReader

from bestvalue.documents.model import Block, Box, Bullets, Column, Figure, Paragraph, Report, Section, Table
from bestvalue.documents.numbering import numbered
from bestvalue.documents.writing import WRITERS

WORDS = (
    "Units on duty do not follow demand by hour of the week, and the difference is largest on the nights of the weekend, when most calls "
    "of the highest grade come in and fewest units are free to answer them within the time that the force has promised to its public. "
)
PARAGRAPHS_A_SECTION, SECTIONS_A_CHAPTER, CHAPTERS = 9, 6, 16


def main() -> None:
    """Write the report in each format and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--charts", type=int, default=20)
    report = numbered(long_report(charts=parser.parse_args().charts))
    for name in ("pdf", "html", "docx"):
        began, worked = time.perf_counter(), time.process_time()
        written = WRITERS[name](report)
        took, processor = time.perf_counter() - began, time.process_time() - worked
        pages = f", {len(PdfReader(io.BytesIO(written)).pages)} pages" if name == "pdf" else ""
        print(f"{name}: {took:.2f} s of wall clock, {processor:.2f} s of processor, {len(written):,} bytes{pages}")


def long_report(*, charts: int) -> Report:
    """A report of about 150 pages."""
    left = iter(range(charts))
    chapters = tuple(
        Section(
            heading=f"Chapter {chapter}",
            sections=tuple(
                Section(heading=f"Question {place}", blocks=tuple(_blocks(chapter, place, draws=next(left, None) is not None)))
                for place in range(1, SECTIONS_A_CHAPTER + 1)
            ),
        )
        for chapter in range(1, CHAPTERS + 1)
    )
    return Report(title="A long report", issuer="Police Authority", on=date(2026, 11, 25), sections=chapters)


def _blocks(chapter: int, place: int, *, draws: bool) -> list[Block]:
    blocks: list[Block] = [Paragraph(text=WORDS * 2) for _ in range(PARAGRAPHS_A_SECTION)]
    blocks.append(Bullets(items=tuple(f"{WORDS[:90]} {item}" for item in range(4))))
    blocks.append(Box(kind="recommendation", title=f"Recommendation {chapter}.{place}", paragraphs=(WORDS,)))
    blocks.append(_table())
    if draws:
        blocks.append(_figure(chapter * 10 + place))
    return blocks


def _table() -> Table:
    rows = tuple((f"Area {row}", f"{row * 37:,}", f"{row % 7}.{row % 10}") for row in range(12))
    columns = (Column(heading="Area"), Column(heading="Incidents", numeric=True), Column(heading="Minutes", numeric=True))
    return Table(caption="Incidents and response by area", columns=columns, rows=rows)


def _figure(seed: int) -> Figure:
    rows = [{"hour": hour, "incidents": (hour * seed) % 50} for hour in range(24)]
    chart = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "data": {"values": rows},
        "mark": "bar",
        "encoding": {"x": {"field": "hour", "type": "ordinal"}, "y": {"field": "incidents", "type": "quantitative"}},
    }
    table = Table(
        caption="The same numbers",
        columns=(Column(heading="Hour"), Column(heading="Incidents", numeric=True)),
        rows=tuple((str(row["hour"]), str(row["incidents"])) for row in rows),
    )
    return Figure(caption="Incidents by hour", chart=chart, alt="Bars by hour of the day.", table=table)


if __name__ == "__main__":
    main()
