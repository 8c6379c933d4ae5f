"""The page of one action: what, why, how, who, its dates with their slippage, what shows that it is done."""

from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from bestvalue.record.delivery.life_cycle import ENDED, State
from bestvalue.record.delivery.models import Action, ActionDependency, AgreedDate, Ownership
from bestvalue.record.delivery.slip_series import slips_of
from bestvalue.record.reviews.changes import note_read
from bestvalue.site.pages.access import person_behind
from bestvalue.site.pages.as_at import day_asked
from bestvalue.site.pages.delivery_history import history_of_action
from bestvalue.site.pages.delivery_offers import of_action, place_of
from bestvalue.site.pages.register import may_answer
from bestvalue.site.presenters.delivery import MONEY_COLUMNS, money_rows, slip_rows
from bestvalue.site.presenters.tags import ACTION


@require_safe
def action(request: HttpRequest, pk: int) -> HttpResponse:
    """One action."""
    on, person = day_asked(request), person_behind(request)
    visible = Action.objects.visible_to(request.user).standing(on=on).select_related("recommendation__review", "lead")
    owners = Prefetch("recommendation__ownerships", Ownership.objects.newest_first())
    decided = Prefetch("agreed_dates", AgreedDate.objects.select_related("body"))
    found = get_object_or_404(visible.prefetch_related(owners, decided, "forecasts"), pk=pk)
    above = found.recommendation
    if above.is_sensitive:
        note_read(above, by=person)
    ownership = above.ownership
    is_today = on == timezone.localdate()
    may_plan = may_answer(above, person)
    place = place_of(person, found, may_plan=may_plan)
    seen = Action.objects.visible_to(request.user)
    either = ActionDependency.objects.filter(Q(action=found) | Q(needs=found), action__in=seen, needs__in=seen)
    beside = list(either.select_related("needs__recommendation", "action__recommendation").order_by("pk"))
    waits = [row for row in beside if row.action_id == found.pk]
    awaited = [row for row in beside if row.needs_id == found.pk]
    money = found.money.filter(on__lte=on).order_by("id").values_list("action", "year", "kind", "basis", "pence")
    return render(
        request,
        "delivery/action.html",
        {
            "breadcrumbs": [("Recommendations", reverse("register")), (above.reference, reverse("recommendation", args=[above.pk]))],
            "marking": above.marking,
            "action": found,
            "on": on,
            "is_today": is_today,
            "may_change": may_plan and is_today and State(found.state_then) not in ENDED,
            "tag": ACTION[found.state_then],
            "owner": ownership.body if ownership else None,
            "happened": history_of_action(found, on=on),
            "slips": slip_rows(slips_of(found, on=on, cycle_days=ownership.cycle_days if ownership else 91)),
            "cycle_days": ownership.cycle_days if ownership else 91,
            "money": money_rows(money),
            "money_headings": [heading for _, _, heading in MONEY_COLUMNS],
            "waits_for": [(row.needs.name, row.needs.what, reverse("action", args=[row.needs_id])) for row in waits],
            "awaited_by": [(row.action.name, row.action.what, reverse("action", args=[row.action_id])) for row in awaited],
            "offers": of_action(found, state=State(found.state_then), place=place) if is_today else [],
        },
    )
