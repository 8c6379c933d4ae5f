"""What the worked review says of itself: its aims and strands, and the chapters that are no findings."""

from collections.abc import Mapping

TITLE = "Operational support policing"
STRANDS: Mapping[str, str] = {
    "Roles and responsibilities": "How should the roles and responsibilities of the support units be defined?",
    "Accountability": "How are the support units accountable to the communities in which they work?",
    "Resources": "How is the level of resources of the support units determined?",
    "Level 2": "How is demand that crosses borough borders best met?",
}
"""The four strands of the review that the demo is modelled on, Metropolitan Police Service 2003."""

AIMS = (
    "Boroughs have the right level of support at the right time and at the right cost.",
    "Support units answer for what they do to the communities in which they do it.",
    "Every recommendation is costed before it is made, and followed until it is delivered.",
)
SECOND_TITLE = "Vehicle fleet"
SECOND_STRANDS: Mapping[str, str] = {
    "Use": "How far are vehicles used, and by whom?",
    "Replacement": "When is a vehicle best replaced?",
}
SECOND_AIMS = ("No response waits because a vehicle is off the road.",)
"""A second review, selected and then left with the management board: what a review looks like that a body does not take up."""
SUMMARY = (
    "This is the worked example of a review, on a force that does not exist. It shows how a review goes from data to evidence, from "
    "evidence to findings, and from findings to recommendations that can be followed up."
)
CONTEXT = (
    "Boroughs answer most calls with their own officers. From time to time they need units that serve the whole force: public order, "
    "dogs, search, firearms, the air. The review asks whether boroughs have the right level of that support, at the right time and "
    "at the right cost."
)
METHOD = (
    "The review applies the 4Cs: it challenges why and how the service is provided, compares it, consults, and looks for competition. "
    "Every figure comes from an analysis that anyone can run again on the same data; the annex says with which data and settings."
)
STRAND_OF = {"challenge": "Resources", "compete": "Resources", "compare": "Roles and responsibilities", "consult": "Accountability"}
STRAND_OF |= {
    "crossborder": "Level 2",
    "tasking": "Roles and responsibilities",
    "deconfliction": "Accountability",
    "delivery": "Accountability",
}
"""The strand that an analysis bears on, by the first part of its name."""
