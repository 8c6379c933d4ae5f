"""What does `bestvalue run challenge.resources` take on a whole force, part by part?

    python benchmarks/simulation/command.py                  # the synthetic force at full size: 2.5 million incidents a year, four years
    python benchmarks/simulation/command.py --scale 0.1 --weeks 4 --replications 20

Prints seconds by the clock and of CPU: read (tables checked and converted), calibrate, validate, simulate, mix (its search), report
(statements, tables, charts drawn), and the most memory. Making the force is not counted.
"""

import argparse
import os
import resource
import tempfile
import time
from pathlib import Path

from bestvalue.analysis.registry import find_analysis
from bestvalue.dataset.synthetic import make_force
from bestvalue.documents.charts import chart_svg
from bestvalue.workspace import Workspace

PARTS = (
    ("Reading incidents", "calibrate"),
    ("Calibrating", "calibrate"),
    ("Predicting", "validate"),
    ("Validating", "validate"),
    ("Searching", "mix"),
    ("Writing", "report"),
)


class Watch:
    """Adds up the time between two messages of progress under the part that the first belongs to."""

    def __init__(self) -> None:
        self.wall: dict[str, float] = {}
        self.cpu: dict[str, float] = {}
        self.part, self.since = "", (time.perf_counter(), time.process_time())

    def begins(self, part: str) -> None:
        """What was under way is over, and this begins."""
        now = time.perf_counter(), time.process_time()
        if self.part:
            self.wall[self.part] = self.wall.get(self.part, 0.0) + now[0] - self.since[0]
            self.cpu[self.part] = self.cpu.get(self.part, 0.0) + now[1] - self.since[1]
        self.part, self.since = part, now

    def progress(self, _share: float, doing: str) -> None:
        """Progress as an analysis tells it."""
        self.begins(next((part for start, part in PARTS if doing.startswith(start)), "simulate"))


def main() -> None:
    """Make a force, run the question on it, print the parts."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--scale", type=float, default=1.0)
    asked.add_argument("--weeks", type=int, default=4)
    asked.add_argument("--replications", type=int, default=20)
    asked.add_argument("--workers", type=int, default=2)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace.create(Path(folder) / "workspace", name="Benchmark", synthetic=True)
        made = make_force(workspace.data_folder, scale=given.scale)
        print(f"{made.rows['incidents']:,} incidents, {made.rows['deployments']:,} deployments, {made.rows['units']:,} units", flush=True)
        ask(workspace, given)


def ask(workspace: Workspace, given: argparse.Namespace) -> None:
    """Run the question and print what each part took."""
    analysis, watch = find_analysis("challenge.resources"), Watch()
    watch.begins("read")
    report = workspace.check()
    dataset = workspace.dataset(report, workers=given.workers)
    watch.begins("calibrate")
    spec = analysis.Spec(weeks=given.weeks, most_replications=given.replications)
    stored = workspace.run(analysis, spec, dataset=dataset, progress=watch.progress)
    dataset.engine.close()
    watch.begins("report")
    for name, chart in stored.result.charts.items():
        chart_svg(chart.spec, prefix=name)
    watch.begins("")
    for part in watch.wall:
        print(f"{part:<10} {watch.wall[part]:7.1f} s by the clock {watch.cpu[part]:7.1f} s of CPU")
    print(f"{'all':<10} {sum(watch.wall.values()):7.1f} s by the clock {sum(watch.cpu.values()):7.1f} s of CPU", end="")
    print(f", {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB at most; load {os.getloadavg()[0]:.1f}", flush=True)
    print(stored.result.statements[0].text)


if __name__ == "__main__":
    main()
