"""What was just done, said on the page of the subscription that it was done to: by the key `news` in the address."""

from __future__ import annotations

from types import MappingProxyType

from starlette.requests import Request

from prorata.web.forms import query_form
from prorata.wording import Wording, mark

NEWS = MappingProxyType({
    "bought": mark("Bought. The licences can be assigned now."),
    "licences": mark("The change of licences is saved."),
    "assigned": mark("Who holds a licence is saved."),
    "resolved": mark("The conflict is resolved: everybody with a licence has one that is bought."),
    "undone": mark("What was planned is undone."),
    "plan": mark("The plan is changed."),
    "frequency": mark("The billing frequency is changed."),
    "planned": mark("The change is planned. Until its day it can be replaced or undone."),
    "renewal_on": mark("The renewal is on. The subscription goes on after this period."),
    "renewal_off": mark("The renewal is off. Until the end it can be switched on again."),
    "trial_extended": mark("The trial is longer now."),
    "conversion_stopped": mark("The trial ends by itself. Until then that can be undone."),
    "conversion_on": mark("The trial goes on after its end, and is paid for then."),
    "paused": mark("Paused. Nothing is charged until it is resumed."),
    "resumed": mark("Resumed. Members have access again."),
    "reactivated": mark("Reactivated. Members who hold a licence have access."),
})  # fmt: skip


def news(w: Wording, request: Request) -> str | None:
    """What was just done, in words; None where the address tells nothing."""
    key = query_form(request).text("news")
    return w.t(NEWS[key]) if key in NEWS else None
