"""`bestvalue demo`: a synthetic force, a worked review of it, its report and its site."""

from pathlib import Path
from typing import Annotated

import typer

from bestvalue.cli.analyses import say_result
from bestvalue.cli.console import progress_bar, say, say_next
from bestvalue.cli.record import open_record
from bestvalue.cli.serve import serve_workspace
from bestvalue.dataset.synthetic import make_force
from bestvalue.errors import WorkspaceError
from bestvalue.workspace import SETTINGS_FILE, MadeWith, Workspace

ASKED = (
    "challenge.demand",
    "challenge.resources",
    "challenge.overtime",
    "compare.profile",
    "compare.funnel",
    "consult.estimates",
    "consult.reliability",
    "consult.who_was_not_heard",
    "compete.costing",
    "compete.appraisal",
    "compete.competition",
    "compete.savings",
    "delivery.completion",
)
"""What the worked review asks: each of the 4Cs, and whether earlier plans were delivered."""

SPECS = {
    "challenge.resources": {
        "together": [
            f"local x{local} + support x{support}"
            for local in ("0.5", "0.75", "1.25", "1.5", "2")
            for support in ("0.5", "0.75", "1.25", "1.5", "2")
            if local != support
        ],
        "moves": ["2 from Territorial support to Hackney response"],
    }
}
"""More than the defaults: both sliders of the what-if page at once, from half to double, and a move."""


def add_to(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command(epilog="Example: `bestvalue demo demo --scale 0.1`")(demo)


def demo(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of the demo; made when it is missing.")] = Path("demo"),
    *,
    scale: Annotated[float, typer.Option(help="Size of the force; 1 is 2.5 million incidents a year.", min=0.005, max=2.0)] = 0.1,
    seed: Annotated[int, typer.Option(help="Starts the random numbers: the same seed makes the same force.", min=0)] = 1,
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Open the site when all is made.")] = True,
    port: Annotated[int, typer.Option(help="Port of the site.", min=1, max=65535)] = 8000,
) -> None:
    """Make a synthetic force and a worked review, write its report, and open the site. What is there already is reused."""
    workspace = _workspace(folder, scale=scale, seed=seed)
    with progress_bar("Checking tables") as progress:
        report = workspace.check(progress=progress)
    dataset = workspace.dataset(report)
    for analysis, spec in workspace.analyses():
        with progress_bar(analysis.name) as progress:
            kept = workspace.run(analysis, spec, dataset=dataset, progress=progress)
        say_result(kept.result, kept.digest)
    dataset.engine.close()

    open_record(workspace)
    from bestvalue.record.demo import build_worked_review

    with progress_bar("Worked review") as progress:
        built = build_worked_review(workspace, progress=progress)
    say("\nThe review's report")
    for file in built.report_files:
        say(f"  {file}")
    say("\nSign in as (every password is in demo-sign-ins.txt too)")
    widest = max(len(sign_in.email) for sign_in in built.sign_ins)
    for sign_in in built.sign_ins:
        say(f"  {sign_in.email:<{widest}}  {sign_in.password}")
    if serve:
        serve_workspace(workspace, port=port)
    else:
        say_next(f"bestvalue serve --workspace {folder}")


def _workspace(folder: Path, *, scale: float, seed: int) -> Workspace:
    """The demo's workspace with its force in it; made when missing, refused when it is of another size."""
    wanted = MadeWith(scale=scale, seed=seed)
    if not (folder / SETTINGS_FILE).exists():
        Workspace.create(folder, name="Synthetic Metropolitan Force", synthetic=True, made_with=wanted, analyses=ASKED, specs=SPECS)
    workspace = Workspace.open(folder)
    made = workspace.settings.made_with
    if made != wanted:
        found = f"scale {made.scale:g} and seed {made.seed}" if made else "data that are not synthetic"
        raise WorkspaceError(
            f"The workspace here was made with {found}, not scale {scale:g} and seed {seed}",
            where=str(folder),
            next_step="Name another folder, or remove this one first.",
        )
    if not any(workspace.data_folder.iterdir()):
        with progress_bar("Synthetic force") as progress:
            make_force(workspace.data_folder, scale=scale, seed=seed, progress=progress)
    return workspace
