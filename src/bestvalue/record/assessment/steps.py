"""How far is an inspection? Its steps as one table, which the rules and the pages read."""

from collections.abc import Mapping

from django.db.models import TextChoices


class Step(TextChoices):
    """What an inspection has reached."""

    PLANNED = "planned", "Planned"
    FIELDWORK = "fieldwork", "Fieldwork and grading"
    SHARED = "shared", "Grades shared among the inspectors"
    ACCURACY = "accuracy", "With the bodies, for factual accuracy"
    PUBLISHED = "published", "Published"
    WITHDRAWN = "withdrawn", "Withdrawn"


NEXT: Mapping[Step, tuple[Step, ...]] = {
    Step.PLANNED: (Step.FIELDWORK, Step.WITHDRAWN),
    Step.FIELDWORK: (Step.SHARED, Step.WITHDRAWN),
    Step.SHARED: (Step.ACCURACY, Step.WITHDRAWN),
    # A second draft may follow a first whose comments changed much.
    Step.ACCURACY: (Step.ACCURACY, Step.PUBLISHED, Step.WITHDRAWN),
    Step.PUBLISHED: (),
    Step.WITHDRAWN: (),
}
"""What may follow each step."""

GRADING = (Step.FIELDWORK, Step.SHARED)
"""While an inspector may grade; the grades of others show from `SHARED` on."""

WRITING = (Step.SHARED, Step.ACCURACY)
"""While the report is written. Its paragraphs are locked before and after."""

ENDED = (Step.PUBLISHED, Step.WITHDRAWN)
"""Nothing is added any more."""
