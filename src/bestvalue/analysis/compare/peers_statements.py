"""What the choice of peers says, in sentences that a board can read."""

from collections.abc import Sequence

import polars as pl

from bestvalue.analysis.compare.asked import long_day
from bestvalue.analysis.compare.likeness import Likeness
from bestvalue.analysis.contract import Figure, Statement
from bestvalue.analysis.rounding import percent, plain

CAVEATS = (
    "These forces are similar on the characteristics named, and on nothing else; they are not the official most similar group.",
    "Groups are each force's own: a force may be your peer without you being among its peers.",
)
SURE = 0.8
"""A peer chosen in at least this share of resamples is called sure."""


def nearest(names: Sequence[str], at: int, found: Likeness, characteristics: Sequence[str]) -> tuple[Statement, ...]:
    """The peers, nearest first, with how often each is chosen."""
    order = found.nearest[at]
    base = f"{len(names)} forces, {len(characteristics)} characteristics"
    figures = tuple(
        Figure(name=f"share of resamples with {names[j]} among the nearest", value=float(found.stability[at, j]), unit="share", base=base)
        for j in order
    )
    listed = ", ".join(f"{names[j]} ({percent(float(found.stability[at, j]))})" for j in order)
    text = (
        f"On {', '.join(characteristics)}, the {len(order)} forces most like {names[at]} of {len(names) - 1} are: {listed}. In brackets: how "
        "often each is chosen when forces and weights are drawn again."
    )
    return (Statement(text=text, figures=figures),)


def stability(names: Sequence[str], at: int, found: Likeness) -> tuple[Statement, ...]:
    """How sure the group is, and who is left just outside."""
    order = set(found.nearest[at].tolist())
    sure = sum(found.stability[at, j] >= SURE for j in order)
    outside = sorted((j for j in range(len(names)) if j != at and j not in order), key=lambda j: (-found.stability[at, j], names[j]))[:3]
    close = [j for j in outside if found.stability[at, j] >= 0.2]
    base = f"{len(order)} peers"
    figures = (
        Figure(name="peers chosen in at least 80% of resamples", value=int(sure), unit="forces", base=base, base_count=len(order)),
        *(
            Figure(
                name=f"share of resamples with {names[j]} among the nearest", value=float(found.stability[at, j]), unit="share", base=base
            )
            for j in close
        ),
    )
    text = f"{sure} of the {len(order)} peers are sure: chosen in at least 80% of resamples."
    if close:
        text += f" Nearly as like: {', '.join(f'{names[j]} ({percent(float(found.stability[at, j]))})' for j in close)}."
    return (Statement(text=text, figures=figures),)


def one_sided(names: Sequence[str], at: int, found: Likeness) -> tuple[Statement, ...]:
    """Whose peer the force is, and which of its peers do not see it as theirs."""
    order = found.nearest[at].tolist()
    sees = [i for i in range(len(names)) if i != at and at in found.nearest[i]]
    back = [j for j in order if j in sees]
    figures = (
        Figure(name="forces that have it among their peers", value=len(sees), unit="forces", base=f"{len(names) - 1} forces"),
        Figure(name="of its own peers", value=len(back), unit="forces", base=f"{len(order)} peers"),
    )
    if not sees:
        distance = Figure(
            name="distance to the nearest peer", value=float(found.distance[at, order[0]]), unit="no unit", base=f"{len(names)} forces"
        )
        middle = float(pl.Series([found.distance[i, found.nearest[i][0]] for i in range(len(names))]).median() or 0.0)  # type: ignore[arg-type]
        text = (
            f"{names[at]} is nobody's peer: no other force has it among its {len(order)} nearest. Its nearest peer is {plain(distance.value)} "
            f"away; the middle force's is {plain(middle)}. Comparison with any group must be read with that in mind."
        )
        return (Statement(text=text, figures=(*figures, distance)),)
    text = f"{len(sees)} of {len(names) - 1} forces have {names[at]} among their own peers; {len(back)} of its {len(order)} peers do."
    return (Statement(text=text, figures=figures),)


def nobodys_peer(names: Sequence[str], nobodys: Sequence[str], found: Likeness) -> tuple[Statement, ...]:
    """Forces that are in nobody's group."""
    figure = Figure(
        name="forces that are nobody's peer", value=len(nobodys), unit="forces", base=f"{len(names)} forces", base_count=len(names)
    )
    if not nobodys:
        return (Statement(text=f"Every one of {len(names)} forces is a peer of at least one other.", figures=(figure,)),)
    del found
    listed = ", ".join(nobodys[:8])
    return (
        Statement(
            text=f"Nobody's peer, of {len(names)} forces: {len(nobodys)} ({listed}{', ...' if len(nobodys) > 8 else ''}).",
            figures=(figure,),
        ),
    )


def against_list(ids: Sequence[str], names: Sequence[str], at: int, found: Likeness, listed: pl.DataFrame | None) -> tuple[Statement, ...]:
    """How the choice agrees with a published list."""
    if listed is None:
        return (
            Statement(
                kind="limit",
                text="No published list to hold this against. Load the official most similar group into peer_lists, with its date and source.",
            ),
        )
    own = listed.filter(pl.col("force_id") == ids[at])
    if own.is_empty():
        return (Statement(kind="limit", text=f"The list {listed['list_name'][0]} has no group for {names[at]}."),)
    first = own.row(0, named=True)
    place = {code: j for j, code in enumerate(ids)}
    theirs = [place[code] for code in own["peer_force_id"] if code in place]
    shared = [j for j in theirs if j in found.nearest[at]]
    apart = [names[j] for j in theirs if j not in found.nearest[at]]
    base = f"{first['list_name']}, {first['source']}, {long_day(first['listed_on'])}"
    figure = Figure(
        name="peers of the list that are among the nearest here", value=len(shared), unit="forces", base=base, base_count=len(theirs)
    )
    text = f"Of the {len(theirs)} forces of the list {base}, {len(shared)} are among the nearest here"
    text += f"; not among them: {', '.join(apart)}." if apart else "."
    return (Statement(text=text, figures=(figure,)),)


def left_out(names: Sequence[str]) -> tuple[Statement, ...]:
    """Forces without a complete set of characteristics."""
    if not names:
        return ()
    return (Statement(kind="limit", text=f"Left out, since a characteristic is missing: {', '.join(names)}."),)
