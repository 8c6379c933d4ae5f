"""What takes two people: one proposes it, another confirms or refuses it. Nobody confirms their own proposal, whatever their role.

Publishing, overriding a grade and letting many rows into the register ask here, so that the rule is one and is worded once.
"""

from typing import TYPE_CHECKING

from bestvalue.errors import RuleError

if TYPE_CHECKING:
    from bestvalue.record.bodies.models import Person


def check_second_person(by: "Person", *, proposed_by: int | None, act: str, where: str) -> None:
    """Refuse whoever proposed something to confirm it too.

    Args:
        by: who confirms.
        proposed_by: the key of whoever proposed it; None for the operator at the command line, whom nobody of the record is.
        act: what takes two, as the subject of a sentence: "Publication".
        where: what it is about.

    Raises:
        RuleError: they are one person.
    """
    if proposed_by is not None and by.pk == proposed_by:
        raise RuleError(f"{act} needs two people", where=where, next_step="You proposed it; ask somebody else to confirm or refuse it.")
