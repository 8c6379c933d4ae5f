"""How well the importer reads published reports: recall, precision and paragraph accuracy against answer keys written by hand.

    python benchmarks/import_quality.py                      the reports and keys that the tests use
    python benchmarks/import_quality.py --keys DIR --reports DIR      your own

A key is JSON: `report` (path below the folder of reports), `made_by`, `recommendations` [number, paragraph],
`last_paragraph_of_section` (the last number in each section, from which all paragraph numbers follow), `paragraph_lines` (first
and last line of some), `candidates` (`must` be offered, `may` be offered). The last line measures time on the longest report,
made longer by repeating it.
"""

import argparse
import json
import os
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bestvalue.documents.reading import PublishedReport, read_report

REPOSITORY = Path(__file__).resolve().parent.parent
KEYS = REPOSITORY / "tests" / "documents" / "reading" / "keys"
GOAL_BYTES = 600_000


@dataclass(frozen=True, kw_only=True)
class Quality:
    """Shares from 0 to 1; None where the key does not say."""

    report: str
    recall: float
    precision: float
    paragraph_of_recommendation: float
    paragraph_numbers: float
    paragraph_lines: float
    candidate_recall: float | None
    candidate_precision: float | None


def measure(report: PublishedReport, key: Mapping[str, Any]) -> Quality:
    """Compare a read report with its key."""
    wanted = {each["number"]: each["paragraph"] for each in key["recommendations"]}
    found = {each.number: each.paragraph for each in report.recommendations}
    right = wanted.keys() & found.keys()
    numbers = [f"{section}.{at}" for section, last in key["last_paragraph_of_section"].items() for at in range(1, last + 1)]
    lines = key["paragraph_lines"]
    spans = {each.number: [each.span.first_line, each.span.last_line] for each in report.paragraphs}
    numbered = {each.number for each in report.paragraphs if each.numbered}
    recall, precision = _candidates(report, key.get("candidates"))
    return Quality(
        report=key["report"],
        recall=_share(len(right), len(wanted)),
        precision=_share(len(right), len(found)),
        paragraph_of_recommendation=_share(sum(wanted[number] == found[number] for number in right), len(right)),
        paragraph_numbers=_share(sum(number in spans for number in numbers), len(numbered | set(numbers))),
        paragraph_lines=_share(sum(spans.get(number) == span for number, span in lines.items()), len(lines)),
        candidate_recall=recall,
        candidate_precision=precision,
    )


def _candidates(report: PublishedReport, key: Mapping[str, Sequence[str]] | None) -> tuple[float | None, float | None]:
    if key is None:
        return None, None
    offered = {each.paragraph for each in report.candidates}
    must, either = set(key["must"]), {*key["must"], *key["may"]}
    return _share(len(must & offered), len(must)), _share(len(either & offered), len(offered))


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def main() -> None:
    """Print one line a report, then the time for 600 KB."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    shared = Path(os.environ.get("BESTVALUE_SHARED", REPOSITORY.parent / "shared"))
    parser.add_argument("--keys", type=Path, default=KEYS)
    parser.add_argument("--reports", type=Path, default=shared / "data")
    options = parser.parse_args()
    sources: list[Path] = []
    for path in sorted(options.keys.glob("*.json")):
        key = json.loads(path.read_text(encoding="utf-8"))
        source = options.reports / key["report"]
        if not source.is_file():
            print(f"{key['report']}: absent, left out")
            continue
        sources.append(source)
        quality = measure(read_report(source), key)
        print(quality.report)
        for name, value in vars(quality).items():
            if isinstance(value, float):
                print(f"    {name.replace('_', ' ')}: {value:.3f}")
    if sources:
        _print_time(max(sources, key=lambda source: source.stat().st_size))


def _print_time(source: Path) -> None:
    text = source.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        long = Path(folder) / "long.txt"
        long.write_text(text * (GOAL_BYTES // len(text.encode()) + 1), encoding="utf-8")
        start, worked = time.perf_counter(), time.process_time()
        read_report(long)
        taken, worked = time.perf_counter() - start, time.process_time() - worked
        print(f"{long.stat().st_size / 1000:,.0f} KB read in {taken:.2f} s ({worked:.2f} s of one processor)")


if __name__ == "__main__":
    main()
