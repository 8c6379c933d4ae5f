"""Those who change one inspection queue for it: numbers are given once, and a step is reached once."""

from bestvalue.record.assessment.models import Inspection


def locked(inspection: Inspection) -> Inspection:
    """The inspection as it is now, held until the change commits."""
    return Inspection.objects.select_for_update().prefetch_related("steps", "inspectors").get(pk=inspection.pk)
